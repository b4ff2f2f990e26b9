"""The explorer of losses: its curves are the losses of the library, and a still picture stands in for the slider."""

import io
import re

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib import losses
from course_lib.chapters.ch02_losses import logits
from course_lib.chapters.ch02_losses.logits import SIDES, Chart, logit_explorer, loss_and_slope
from course_lib.errors import CourseError
from course_lib.show.picture import Picture

LOSSES = {name: kind() for name, kind in losses.LOSSES.items()}
X = torch.tensor([-4.0, -0.5, 3.0])


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


@pytest.fixture
def watched(monkeypatch):
    monkeypatch.setattr(logits, "headless", lambda: False)


def test_each_loss_and_slope_is_the_librarys():
    d = X.double().sigmoid()
    loss, slope = loss_and_slope(LOSSES["minimax"], "generator, fake logit", X)
    torch.testing.assert_close(loss, (1 - d).log())
    torch.testing.assert_close(slope, -d)
    loss, slope = loss_and_slope(LOSSES["non-saturating"], "discriminator, real logit", X)
    torch.testing.assert_close(loss, -d.log() + np.log(2))  # the fake logit of the pair is 0
    torch.testing.assert_close(slope, d - 1)
    _, slope = loss_and_slope(LOSSES["hinge"], "discriminator, fake logit", X)
    torch.testing.assert_close(slope, torch.tensor([0.0, 1, 1]).double())


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("side", SIDES)
def test_the_slope_is_that_of_the_loss(side, name):
    h = 1e-6
    up, down = (loss_and_slope(LOSSES[name], side, X.double() + step)[0] for step in (h, -h))
    torch.testing.assert_close((up - down) / (2 * h), loss_and_slope(LOSSES[name], side, X)[1], rtol=0, atol=1e-6)


def test_without_a_watcher_it_is_a_picture_that_says_its_numbers(monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    still = logit_explorer(-4)
    assert isinstance(still, Picture)
    assert "minimax −0.018" in still.alt and "non-saturating −0.98" in still.alt and "logit −4" in still.alt
    assert len(np.unique(pixels(still.png).reshape(-1, 3), axis=0)) > 50


def test_the_slider_and_the_menu_redraw_one_image(watched):
    box = logit_explorer(0.0)
    (whose, slider), image = box.children[0].children, box.children[1]
    first = image.value
    slider.value = 2.0
    second = image.value
    whose.value = "discriminator, real logit"
    assert len({first, second, image.value}) == 3
    whose.value, slider.value = "generator, fake logit", 0.0
    assert image.value == first  # nothing of the other frames is left


@pytest.mark.parametrize("side", SIDES)
def test_a_fast_frame_is_what_a_complete_drawing_shows(side):
    chart = Chart(side)
    chart.frame(-3.0)
    fast = pixels(chart.frame(5.0))
    for artist in (chart._legend, *chart._marks):
        artist.set_animated(False)
    chart._canvas.draw()
    complete = np.asarray(chart._canvas.buffer_rgba())[..., :3].astype(int)
    assert (fast != complete).mean() < 0.002  # where a line crosses the frame of the axes


def test_numbers_are_short_and_never_minus_zero():
    numbers = [logits._number(v) for v in (-0.0, -4.0, 12.5, 0.000335, -0.9820)]
    assert numbers == ["0", "−4", "12.50", "0.00034", "−0.98"]
    numbers = [t.get_text() for t in _moved(8.0)]
    assert all(re.fullmatch(r".+\n  loss −?[\d.]+, slope −?[\d.]+", text) for text in numbers)


def _moved(logit):
    chart = Chart("discriminator, real logit")
    chart.frame(logit)
    return chart._legend.get_texts()


def test_unknown_sides_and_logits_are_refused():
    with pytest.raises(CourseError, match="generator, fake logit"):
        logit_explorer(side="judge")
    for logit in (9, float("nan"), "0"):
        with pytest.raises(CourseError, match="−8 to 8"):
            logit_explorer(logit)
