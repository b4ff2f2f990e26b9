"""Stacked digits: three digits a stack, named right, put together only when asked for, the same for the same seed."""

from itertools import islice

import pytest
import torch

from course_lib.data import load
from course_lib.data.stacked import stacked
from course_lib.errors import CourseError
from course_lib.models.stacked import StackedDiscriminator, StackedGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game, Pack, checkpointed, resume


@pytest.fixture(scope="module")
def runtime():
    return Runtime.auto(device="cpu", seed=3)


@pytest.fixture(scope="module")
def data(runtime):
    return stacked(runtime, n=3000)


def test_each_channel_is_a_digit_of_the_source_and_the_label_names_all_three(data, runtime):
    singles = load("digits", runtime)
    images = data.examples[:40]
    assert images.shape == (40, 3, 28, 28) and images.dtype == torch.float32
    for image, label in zip(images, data.labels.tolist(), strict=False):
        digits = []
        for channel in image:
            (same,) = (singles.images[:, 0] == channel).all(2).all(1).nonzero(as_tuple=True)
            assert len(same)
            digits.append(int(singles.labels[same[0]]))
        assert label == 100 * digits[0] + 10 * digits[1] + digits[2]
        assert data.names[label] == "".join(map(str, digits))


def test_it_knows_its_size_without_being_put_together(data):
    assert len(data) == 3000 and data.shape == (3, 28, 28) and tuple(data.examples.shape) == (3000, 3, 28, 28)
    assert data.examples.rows.shape == (3000, 3) and data.examples.digits.shape == (4000, 28, 28)
    assert data.examples.device == torch.device("cpu")
    assert data.examples[7].shape == (3, 28, 28) and data.examples[torch.tensor([5, 7])][1].equal(data.examples[7])


def test_all_modes_occur_about_equally_often_and_channels_are_independent(runtime):
    n = 200_000
    digits = torch.stack([stacked(runtime, n).labels // k % 10 for k in (100, 10, 1)])
    pairs = [10 * digits[a] + digits[b] for a, b in ((0, 1), (1, 2), (0, 2))]
    pairs = torch.stack([torch.bincount(pair, minlength=100) for pair in pairs])
    share = torch.bincount(load("digits").labels).double()
    expected = n * torch.outer(share, share).flatten() / share.sum() ** 2
    assert ((pairs - expected).abs() < 6 * expected.sqrt()).all()
    assert stacked(runtime, n).labels.unique().numel() == 1000


def test_the_seed_the_split_and_nothing_else_decide(data, runtime):
    torch.randn(5)
    again, other = stacked(runtime, n=3000), stacked(runtime.with_seed(4), n=3000)
    assert data.sha256 == again.sha256 and data.labels.equal(again.labels)
    assert data.examples[:9].equal(again.examples[:9])
    held_out = stacked(runtime, n=3000, split="test")
    assert len({data.sha256, other.sha256, held_out.sha256, stacked(runtime, n=2999).sha256}) == 4
    assert len(held_out.examples.digits) == 1000
    pixels = {row.numpy().tobytes() for row in data.examples.digits}
    assert not any(row.numpy().tobytes() in pixels for row in held_out.examples.digits)


def test_batches_are_stacks_with_their_labels_and_a_stream_can_be_entered_anywhere(data, runtime):
    straight = list(islice(data.stream(700, runtime), 9))  # four to an epoch
    for images, _ in straight:
        assert images.shape == (700, 3, 28, 28)
    rows = {image.numpy().tobytes(): label for image, label in zip(data.examples[:], data.labels.tolist(), strict=True)}
    for image, label in zip(*straight[5], strict=True):
        assert rows[image.numpy().tobytes()] == label
    images, labels = next(data.stream(700, runtime, start=6))
    assert images.equal(straight[6][0]) and labels.equal(straight[6][1])
    assert not images.equal(straight[2][0]), "the second epoch has an order of its own"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"source": "fashion"}, "'fashion'.*'digits'.*'mnist'"),
        ({"split": "val"}, "'val'"),
        ({"n": 0}, "0 stacks"),
        ({"n": 2.5}, "2.5 stacks"),
        ({"n": True}, "True stacks"),
    ],
)
def test_what_cannot_be_had_is_refused(runtime, asked, said):
    with pytest.raises(CourseError, match=said) as refusal:
        stacked(runtime, **asked)
    assert "\n" not in str(refusal.value)


# ---- the networks, and a game of both ----


@pytest.mark.parametrize(("width", "pack"), [(2, 1), (4, 1), (4, 2), (4, 4)])
def test_networks_have_the_papers_layers(width, pack):
    g, d = StackedGenerator(), StackedDiscriminator(width, pack)
    z, x = torch.randn(5, 256), torch.rand(5, 3 * pack, 28, 28) * 2 - 1
    assert g.first(z).shape == (5, 64, 4, 4)
    sizes, h = [], g.first(z)
    for layer in g.ups:
        h = layer(h)
        sizes.append(tuple(h.shape[1:]))
    assert sizes[::3] == [(32, 7, 7), (16, 14, 14), (8, 28, 28)]
    assert g(z).shape == (5, 3, 28, 28) and g(z).abs().max() < 1
    maps, h = [], x
    for layer in d.body:
        h = layer(h)
        maps.append(tuple(h.shape[1:]))
    assert maps[::3][:3] == [(width, 14, 14), (2 * width, 7, 7), (4 * width, 4, 4)]
    assert d(x).shape == (5, 1) and d.features(x).shape == (5, 64 * width)


@pytest.mark.parametrize("bad", [{"width": 0}, {"width": 2.0}, {"pack": 0}, {"pack": True}])
def test_networks_that_cannot_be_are_refused(bad):
    with pytest.raises(CourseError, match=f"{next(iter(bad))}="):
        StackedDiscriminator(**bad)


def new_game(runtime, pack):
    with runtime.seeded("weights"):
        return Game(StackedGenerator(), StackedDiscriminator(4, pack), views=[Pack(pack)] if pack > 1 else [], batch=8)


@pytest.mark.parametrize("pack", [1, 2])
def test_a_game_trains_on_stacks_and_resumes_to_the_last_bit(tmp_path, data, runtime, pack):
    whole, half, rest = (new_game(runtime, pack) for _ in range(3))
    records = list(whole.steps(data, 6, runtime))
    assert [r.step for r in records] == [1, 2, 3, 4, 5, 6] and all(r.finite() for r in records)
    list(checkpointed(half.steps(data, 4, runtime), tmp_path / "c"))
    assert resume(rest, tmp_path / "c") == 4
    list(rest.steps(data, 2, runtime))
    assert rest.sampler()(3).equal(whole.sampler()(3))
    with pytest.raises(CourseError, match="go on with"):
        rest.steps(stacked(runtime, n=2999), 1, runtime)


def test_a_packs_discriminator_without_packs_is_refused(data, runtime):
    g = Game(StackedGenerator(), StackedDiscriminator(4, pack=2), batch=8)
    with pytest.raises(CourseError, match="discriminator does not take"):
        g.steps(data, 1, runtime)
