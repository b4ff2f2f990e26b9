"""The explorer of a generator's mean: right numbers, pictures that follow the sliders, a still where nobody watches."""

import io
import math

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.chapters.ch01_what_a_gan_optimises import densities
from course_lib.chapters.ch01_what_a_gan_optimises.densities import Comparison, mean_explorer, mean_strip
from course_lib.data.toy import line, ring
from course_lib.errors import CourseError
from course_lib.show.picture import Picture

BUMP, BUMPS = line(2.0), line(-2.0, 2.0, sigma=0.6)


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)))


def test_the_curves_are_lowest_at_the_real_mean():
    comparison = Comparison(BUMP)
    assert all(comparison.thetas[curve.argmin()].item() == pytest.approx(2) for curve in comparison.curves.values())
    at_best = {name: number.item() for name, number in comparison.measure(2.0).items()}
    assert at_best == pytest.approx({"V": -math.log(4), "JSD": 0, "W1": 0}, abs=1e-6)


def test_one_mean_gives_the_value_of_the_curve():
    comparison = Comparison(BUMPS, sigma=0.5)
    for name, number in comparison.measure(comparison.thetas[40].item()).items():
        assert number.item() == pytest.approx(comparison.curves[name][40].item())


@pytest.mark.parametrize("sigma", [0.3, 2.0])
def test_every_position_of_the_sliders_fits_the_line(sigma):
    comparison = Comparison(line(8.0), sigma)  # the area under a density that is cut off would be refused
    assert all(torch.isfinite(curve).all() for curve in comparison.curves.values())


def test_the_words_carry_the_numbers():
    assert Comparison(BUMP).words(0.0) == "θ = 0.0:  V = −0.713  ·  JSD = 0.337  ·  W₁ = 2.00"
    assert Comparison(BUMPS, 0.3).words(-8.0) == "θ = −8.0:  V = 0.000  ·  JSD = 0.693  ·  W₁ = 8.00"


def test_without_a_kernel_there_is_a_still_with_words(monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    still = mean_explorer({"one": BUMP, "two": BUMPS})
    assert isinstance(still, Picture) and pixels(still.png).std() > 10
    assert "θ = −4.0: V = −0.008 · JSD = 0.689 · W₁ = 6.00" in still.alt
    assert mean_strip(BUMPS).png != still.png


@pytest.fixture
def widgets(monkeypatch):
    monkeypatch.setattr(densities, "headless", lambda: False)
    box = mean_explorer({"one": BUMP, "two": BUMPS}, theta=-4.0)
    return dict(zip(("mean", "spread", "data", "words", "image"), box.children, strict=True))


def test_the_picture_follows_each_control(widgets):
    seen = [widgets["image"].value]
    for control, value in (("mean", 1.0), ("spread", 0.5), ("data", "two"), ("mean", -4.0)):
        widgets[control].value = value
        assert widgets["image"].value not in seen, control
        seen.append(widgets["image"].value)
    assert widgets["words"].value == Comparison(BUMPS, 0.5).words(-4.0)


def test_the_same_mean_gives_the_same_picture(widgets):
    first = widgets["image"].value
    widgets["mean"].value = 3.0
    widgets["mean"].value = -4.0
    assert (pixels(widgets["image"].value) == pixels(first)).all()  # nothing of the old curve is left behind


def test_only_one_generator_is_drawn(widgets):
    widgets["mean"].value = 6.0
    left = pixels(widgets["image"].value)[150:240, 40:310].astype(int)  # between the axis and D*, below the legend
    orange = (left - (0xD5, 0x5E, 0x00)).__abs__().sum(2) < 60
    columns = orange.any(0).nonzero()[0]
    assert len(columns) > 5 and columns.max() - columns.min() < 90  # one bump; a second one would lie far to the left


def test_moving_the_mean_does_not_draw_the_scene_anew(widgets, monkeypatch):
    monkeypatch.setattr(densities, "_Stage", lambda *_: pytest.fail("the whole figure was made again"))
    widgets["mean"].value = 0.0


@pytest.mark.parametrize(("mixture", "words"), [(ring(), "2 dimensions"), (line(9.0), "beyond ±8")])
def test_mixtures_that_do_not_fit_are_refused(mixture, words):
    with pytest.raises(CourseError, match=words):
        Comparison(mixture)
