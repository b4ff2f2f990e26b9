"""The script behind lesson 11.5's statements over seeds, in a run of seconds; and the probe itself."""

import pytest
import torch
from sklearn.linear_model import RidgeClassifier

from course_lib.chapters.ch11_symbols_and_shapes.probes import for_fitting, in_greys, shares_right, without_faint


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("probes", steps=2, reader=2, pictures=20)


def test_a_tiny_recording_has_what_the_lesson_reads(tiny):
    _, told, content = tiny
    assert len(told) == 1 and content["settings"]["steps"] == 2
    assert set(content["runs"]["AUC of D's logit"]["1"]) == {"as drawn", "faint greys cut"}
    for what in ("D", "D, faint greys cut", "digits in D", "reader"):
        others = ("trained, strength 0.1", "untrained, strength 0.001") if "cut" in what else ()
        for kind in ("trained", "untrained", "permuted labels", *others):
            row = content["runs"][f"{what}, {kind}"]["1"]
            assert list(row) == ["pixels", "maps 1", "maps 2", "logits" if what == "reader" else "logit"]
            assert all(0 <= share <= 1 for share in row.values())


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("probes", content)
    assert shipped["runs"].keys() == content["runs"].keys()
    assert all(list(seeds) == [str(seed) for seed in script.SEEDS] for seeds in shipped["runs"].values())


@pytest.mark.parametrize(("numbers", "classes"), [(300, 2), (30, 3)])
def test_the_probe_is_scikit_learns_ridge(numbers, classes):
    g = torch.Generator().manual_seed(3)
    labels = torch.randint(classes, (120,), generator=g)
    outputs = torch.randn(120, numbers, generator=g) + labels[:, None] / 2
    fitted = for_fitting(120, 0)
    assert fitted.sum() == 72
    spread = outputs[fitted].std(0)
    h = (outputs - outputs[fitted].mean(0)) / (spread + 1e-3 * spread.max()) / numbers**0.5
    theirs = RidgeClassifier(alpha=0.01).fit(h[fitted].numpy(), labels[fitted].numpy())
    right = theirs.score(h[~fitted].numpy(), labels[~fitted].numpy())
    assert shares_right(outputs, labels, splits=(0,))[0] == [pytest.approx(right)]


def test_permuted_labels_are_read_no_better_than_by_luck():
    g = torch.Generator().manual_seed(0)
    labels = torch.arange(400) % 2
    right, luck = shares_right(torch.randn(400, 50, generator=g) + labels[:, None], labels)
    assert min(right) > 0.95 and 0.35 < sum(luck) / 3 < 0.65


def test_pictures_in_greys_are_on_the_digits_grid():
    x = torch.tensor([-1.0, -0.999, 0.0003, 0.9991, 1.0]).view(1, 1, 1, 5)
    assert torch.equal(in_greys(x).flatten()[[0, 1, 3, 4]], torch.tensor([-1.0, -1.0, 1.0, 1.0]))
    assert torch.equal(in_greys(in_greys(x)), in_greys(x))
    assert without_faint(torch.tensor([-0.9, -0.7, 0.3])).tolist() == pytest.approx([-1.0, -0.7, 0.3])
