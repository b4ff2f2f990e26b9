"""Latent knobs: pictures move along the named directions, a still where nobody watches."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.chapters.ch09_steer_the_generator import knobs as module
from course_lib.chapters.ch09_steer_the_generator.knobs import latent_knobs
from course_lib.errors import CourseError
from course_lib.show.picture import Picture
from course_lib.training import Sampler


class Bright(torch.nn.Module):
    """The larger z₁, the brighter; the other latents do nothing."""

    latent = 3

    def forward(self, z):
        return torch.tanh(z[:, 0]).view(-1, 1, 1, 1).expand(-1, 1, 28, 28)


@pytest.fixture
def sampler():
    return Sampler(Bright())


AXES = {"brighter": torch.tensor([5.0, 0, 0]), "idle": torch.tensor([0.0, 1, 1])}


def pixels(png) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


def test_without_a_kernel_there_is_a_still_with_a_row_a_direction(sampler):
    picture = latent_knobs(sampler, AXES, seed=1)
    assert isinstance(picture, Picture)
    assert picture.alt.startswith("One picture moved along 2 directions, a row each (brighter, idle), in 7 steps")
    seen = pixels(picture.png)
    above, below = (seen[int(share * len(seen))] for share in (0.25, 0.68))
    middle = slice(seen.shape[1] // 3, -10)
    grey = [row[middle][row[middle] < 250] for row in (above, below)]
    assert np.ptp(grey[0]) > 100 > 40 > np.ptp(np.median(grey[1].reshape(1, -1), axis=1))
    alone = latent_knobs(sampler, {"brighter": AXES["brighter"]}, seed=1)
    assert alone.width == picture.width and pixels(alone.png).shape[0] < seen.shape[0]


def test_directions_are_walked_at_length_one():
    units = module.unit_directions(AXES, 3)
    assert units["brighter"].tolist() == [1, 0, 0]
    assert units["idle"].norm().item() == pytest.approx(1)


@pytest.fixture
def widget(sampler, monkeypatch):
    monkeypatch.setattr(module, "headless", lambda: False)
    return latent_knobs(sampler, AXES, seed=1)


def parts(widget):
    knobs, shown = widget.children
    return knobs.children, shown.children[0], shown.children[1]


def test_a_knob_moves_the_picture_along_its_direction_and_back(widget, sampler):
    (seed, brighter, idle, back), image, words = parts(widget)
    assert [k.description for k in (brighter, idle)] == ["brighter", "idle"]
    at_rest = pixels(image.value)
    assert words.value == "seed 1, unchanged"
    brighter.value = -2.0
    want = sampler.decode(sampler.z(1, 1) - torch.tensor([[2.0, 0, 0]]))
    assert abs(int(pixels(image.value)[0, 0]) - (want[0, 0, 0, 0].item() + 1) * 127.5) <= 1
    assert words.value == "seed 1, brighter -2.00"
    idle.value = 3.0
    assert words.value == "seed 1, brighter -2.00, idle +3.00"
    back.click()
    assert (brighter.value, idle.value) == (0, 0) and np.array_equal(pixels(image.value), at_rest)
    seed.value = 2
    assert not np.array_equal(pixels(image.value), at_rest)


def test_a_long_name_gets_the_room_it_needs(sampler, monkeypatch):
    monkeypatch.setattr(module, "headless", lambda: False)
    name = "the stroke leans to the right"
    (_, knob, _), _, _ = parts(latent_knobs(sampler, {name: torch.ones(3)}))
    assert float(knob.style.description_width.removesuffix("px")) >= 7 * len(name)
    assert float(knob.layout.width.removesuffix("px")) - float(knob.style.description_width.removesuffix("px")) >= 300


@pytest.mark.parametrize(
    ("directions", "words"),
    [
        ({}, "there is no direction to move along"),
        ({"a": torch.zeros(3)}, "direction 'a' of shape \\(3,\\): use 3 finite numbers"),
        ({"a": torch.ones(4)}, "of shape \\(4,\\): use 3"),
        ({"a": torch.tensor([1.0, float("nan"), 0.0])}, "use 3 finite numbers"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(sampler, directions, words):
    with pytest.raises(CourseError, match=words) as refusal:
        latent_knobs(sampler, directions)
    assert "\n" not in str(refusal.value)
