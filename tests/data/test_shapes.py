"""Drawn shapes are what their factors say; the planted mark is seen by a model that uses it, and by no control."""

import pytest
import torch
from torch.nn.functional import softplus

from course_lib.data import load
from course_lib.data.shapes import FACTORS, RANGES, marked, plant, render, shapes
from course_lib.errors import CourseError
from course_lib.explain import explain_copy, occlusion, realness
from course_lib.explain.controls import control_maps
from course_lib.metrics.faithfulness import localisation
from course_lib.models import DCDiscriminator
from course_lib.runtime import Runtime

RUNTIME = Runtime.auto(device="cpu", seed=0, profile="smoke")


def one(**factors) -> torch.Tensor:
    usual = {"shape": 0, "size": 5.0, "x": 14.0, "y": 14.0, "angle": 0.0, "brightness": 1.0} | factors
    return render(torch.tensor([[usual[name] for name in FACTORS]]))[0, 0]


def test_a_square_lies_where_and_as_large_and_as_bright_as_its_factors_say():
    lit = (one(x=12, y=17, size=4, brightness=0.7) + 1) / 2
    assert lit.max().item() == pytest.approx(0.7)
    rows, columns = lit.sum(1), lit.sum(0)
    at = torch.arange(28.0)
    assert (columns @ at / lit.sum()).item() == pytest.approx(12, abs=1e-4)
    assert (rows @ at / lit.sum()).item() == pytest.approx(17, abs=1e-4)
    assert (lit.sum() / 0.7).item() == pytest.approx(64, rel=0.1)  # a side of 8


def test_each_shape_is_drawn_and_turns_about_its_middle():
    square, disc, triangle = (one(shape=k, angle=45.0) for k in range(3))
    assert torch.allclose(disc, one(shape=1, angle=0.0), atol=1e-5)
    assert not torch.allclose(square, one(shape=0), atol=0.1)
    assert torch.allclose(one(shape=0, angle=90.0), one(shape=0), atol=1e-4)
    assert not torch.allclose(square, disc, atol=0.1) and not torch.allclose(disc, triangle, atol=0.1)


def test_factors_fill_their_ranges_and_the_splits_differ():
    data, again, test = shapes(RUNTIME, 2000), shapes(RUNTIME, 2000), shapes(RUNTIME, 2000, split="test")
    assert torch.equal(data.images, again.images) and data.sha256 == again.sha256 != test.sha256
    assert torch.equal(data.labels, data.factors[:, 0].long()) and data.labels.unique().numel() == 3
    for i, (low, high) in enumerate(RANGES.values(), 1):
        values = data.factors[:, i]
        span = (high - low) * 0.02
        assert low <= values.min() < low + span and high - span < values.max() <= high
    assert torch.equal(render(data.factors), data.images)


def test_a_part_has_the_factors_of_its_own_images():
    data = shapes(RUNTIME, 60)
    parts = (data.take(7), data.of_class(2), *data.train_test_split(0.25))
    for part in parts:
        assert torch.equal(render(part.factors), part.images)
        assert torch.equal(part.factors[:, 0].long(), part.labels)
    assert len(parts[0].factors) == 7 and len(parts[2].factors) + len(parts[3].factors) == 60


def test_only_the_chosen_images_are_marked_and_only_inside_the_mask():
    data, which = load("digits", RUNTIME).take(40), torch.arange(40) % 2 == 0
    planted, mask = plant(data, which, top=2, left=3, side=5)
    changed = planted.images != data.images
    assert not changed[~which].any() and changed[which].flatten(1).any(1).all()
    assert not changed[..., ~mask].any() and mask.sum() == 25
    assert planted.sha256 not in (data.sha256, plant(data, ~which, top=2, left=3, side=5)[0].sha256)
    assert torch.equal(planted.images[which], marked(data.images[which], 2, 3, 5))


def test_the_controls_do_not_find_the_mark():
    data = load("digits", RUNTIME, split="test")
    planted, mask = plant(data, torch.ones(len(data), dtype=torch.bool))
    for name, map_ in control_maps(planted.images).items():
        assert localisation(map_, mask)["auc"].mean() <= 0.6, name


def test_a_discriminator_that_uses_the_mark_is_found_out_and_a_random_one_is_not():
    data, test = load("digits", RUNTIME), load("digits", RUNTIME, split="test").images[:50]
    with RUNTIME.seeded("mark"):
        networks = [DCDiscriminator(16, norm="spectral", head="pool") for _ in range(2)]
    model, random = networks
    optimiser, batches = torch.optim.Adam(model.parameters(), 1e-3, (0.5, 0.9)), data.stream(64, RUNTIME)
    for _ in range(200):
        real, other = next(batches)[0].chunk(2)
        loss = softplus(-model(real)).mean() + softplus(model(marked(other))).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    mask = plant(data.take(1), torch.ones(1, dtype=torch.bool))[1]
    found = []
    for network in (explain_copy(model), explain_copy(random)):
        fake_evidence = occlusion(network, lambda logits: -realness(logits), marked(test), window=4, stride=2)
        found.append(localisation(fake_evidence, mask)["auc"].mean())
    assert found[0] >= 0.9 > 0.8 > found[1]


def test_bad_requests_are_refused_in_a_sentence():
    data = load("digits", RUNTIME).take(3)
    every = torch.ones(3, dtype=torch.bool)
    for settings, words in (({"top": 24}, "does not fit"), ({"side": 4}, "odd number"), ({"side": 1}, "odd number")):
        with pytest.raises(CourseError, match=words):
            plant(data, every, **settings)
    with pytest.raises(CourseError, match="one for each image"):
        plant(data, every[:2])
    with pytest.raises(CourseError, match="expected \\(N, 6\\)"):
        render(torch.zeros(2, 5))
    with pytest.raises(CourseError, match="unknown shape number"):
        render(torch.full((1, 6), 5.0))
    with pytest.raises(CourseError, match="whole number"):
        shapes(RUNTIME, 0)
    with pytest.raises(CourseError, match="split"):
        shapes(RUNTIME, 5, split="valid")


def test_on_a_border_the_places_move_with_the_pixels():
    data = shapes(n=20)
    wide = data.padded(33)  # an odd border: two pixels before, three behind
    assert wide.shape == (1, 33, 33) and wide.padded(33).factors.equal(wide.factors)
    columns = torch.arange(33.0)
    ink = (wide.images[:, 0] + 1).sum(1)  # of each column
    discs = data.labels == 1  # symmetric: the middle of the ink is the place
    middle = (ink * columns).sum(1) / ink.sum(1)
    torch.testing.assert_close(middle[discs], wide.factors[discs, FACTORS.index("x")], atol=0.05, rtol=0)
    assert data.padded(28).factors.equal(data.factors)
