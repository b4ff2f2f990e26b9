"""The prices are the library's, the pushes are what a straight critic must give, and each figure says what it shows."""

import io
import math

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn.functional import softplus

from course_lib import losses
from course_lib.chapters.ch02_losses import pictures
from course_lib.chapters.ch02_losses.fields import fields, pushes
from course_lib.chapters.ch02_losses.prices import PRICES, random_logits, slopes
from course_lib.chapters.ch02_losses.score_checks import PANELS
from course_lib.data import toy
from course_lib.runtime import Runtime

PLACES = torch.linspace(-4, 4, 9)


@pytest.fixture(scope="module")
def pair():
    return random_logits(Runtime.auto(device="cpu", seed=0, profile="smoke"))


def colours(picture):
    pixels = np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB")).reshape(-1, 3)
    return len(np.unique(pixels, axis=0))


@pytest.mark.parametrize("name", losses.LOSSES)
def test_a_price_is_the_librarys_loss_of_a_pair(name, pair):
    r, f = pair
    (d, g), library = PRICES[name], losses.LOSSES[name]()
    torch.testing.assert_close(d(r, f).mean(), library.d(r, f))
    torch.testing.assert_close(g(r, f).mean(), library.g(r, f))


def test_a_price_has_no_slope_by_a_logit_that_it_ignores(pair):
    r, f = pair
    by_r, by_f = slopes(PRICES["minimax"][1], r, f)
    assert by_r.abs().max() == 0
    torch.testing.assert_close(by_f, -torch.sigmoid(f))
    by_r, by_f = slopes(lambda r, f: 2 * r, r, f)
    assert (by_r == 2).all() and by_f.abs().max() == 0


def test_before_a_straight_critic_a_push_is_its_weights_times_the_slope_by_the_logit():
    w = torch.tensor([[2.0], [-1.0]])
    points, real = torch.tensor([[0.1, 0.2], [-1.0, 0.5]]), torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])
    f, r = points @ w, real @ w
    for name, by_f in (
        ("hinge", -torch.ones(2, 1)),
        ("minimax", -f.sigmoid()),
        ("non-saturating", -(-f).sigmoid()),
        ("relativistic", -(r - f.T).sigmoid().mean(0)[:, None]),  # on average over all real ones
    ):
        torch.testing.assert_close(pushes(PRICES[name][1], lambda x: x @ w, points, real), -by_f * w.T)


def test_the_field_names_each_loss_with_its_median_push():
    panels = {name: (PRICES[name][1], lambda x: x[:, :1] * 3) for name in ("hinge", "least squares", "Wasserstein")}
    picture = fields(
        panels, toy.ring(sigma=0.15), toy.Mixture("drawn", torch.tensor([[0.3, 0.0]]), 0.4), "three losses"
    )
    assert "hinge 3.00" in picture.alt and "Wasserstein 3.00" in picture.alt and colours(picture) > 100


def test_the_nameless_scores_are_those_that_the_check_knows():
    assert set(PANELS.values()) == {"wasserstein", "standard", "least squares", "hinge"}
    assert not any(name in pictures.nameless_scores().alt.lower() for name in PANELS.values())


def test_the_reports_of_lesson_two_are_what_their_names_cost():
    s, at = torch.sigmoid, torch.tensor(5.0)
    assert f"{2 * softplus(torch.tensor(0.0)):.3f}" == "1.386" and f"{2 * softplus(-at):.3f}" == "0.013"
    assert f"{softplus(-s(at + 1)) + softplus(s(-at - 1)):.3f}" == "1.008"


def test_each_figure_says_what_it_shows():
    ends = {"0.1": {"WGAN-GP": 1.1, "R1": 0.2}, "−0.1": {"WGAN-GP": -0.9, "R1": 0.2}}
    scores = dict.fromkeys(("standard", "relativistic", "least squares", "hinge", "Wasserstein"), PLACES)
    found = {
        "valleys": pictures.valleys({"WGAN-GP": PLACES**2, "R1": PLACES**2}, PLACES, ends),
        "pulls": pictures.pulls([0, 10], {"a": [1.0, 2.0], "b": [1.0, 1.9]}, "title", alt="two lines"),
        "steepness": pictures.steepness({"no limit": {0: 0.1, 20: 9.0}, "clip": {0: 0.1, 20: 0.01}}),
        "weights": pictures.weights({"clipped": (PLACES, 4.0), "WGAN-GP": (PLACES, 4.0)}),
        "distances": pictures.distances({"honest": torch.ones(5, 2), "A1": 50 * torch.ones(5, 2)}),
        "best scores": pictures.best_scores_on_a_line(
            PLACES, {"real": PLACES.abs() / 99, "drawn": PLACES.abs() / 99}, scores, {"hinge": PLACES}
        ),
    }
    assert all(colours(picture) > 20 for picture in found.values())
    assert "WGAN-GP comes to rest at 1.10 and −0.90" in found["valleys"].alt
    assert f"A1 {50 * math.sqrt(2):.0f}" in found["distances"].alt
