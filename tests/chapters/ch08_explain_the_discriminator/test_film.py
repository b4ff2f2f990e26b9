"""A film is a still with alternative text, and a small GIF that plays only where it is asked for."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.chapters.ch08_explain_the_discriminator.film import Film, show_film
from course_lib.errors import CourseError

IMAGES = torch.rand(6, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1


def maps(n: int) -> list[torch.Tensor]:
    """A bright spot that moves from left to right, and a dark one that moves with it."""
    made = []
    for i in range(n):
        one = torch.zeros(6, 1, 28, 28)
        one[..., 4:8, 2 * i : 2 * i + 3], one[..., 20:24, 2 * i : 2 * i + 3] = 1, -1
        made.append(one)
    return made


def test_every_frame_shows_its_own_map_in_red_and_blue():
    film = show_film(IMAGES, maps(5), [f"step {i}" for i in range(5)], alt="A spot moves.", scale=2, ms=250)
    gif = Image.open(io.BytesIO(film.gif))
    assert gif.n_frames == 5 and gif.info["loop"] == 0 and gif.info["duration"] == 250
    for i in range(5):
        gif.seek(i)
        pixels = np.asarray(gif.convert("RGB")).astype(int)
        below = pixels[14 + 29 * 2 :]  # under the title and the row of images
        row, column = 5 * 2, (2 * i + 1) * 2
        red, blue, none = below[row, column], below[21 * 2, column], below[14 * 2, column]
        assert red[0] > red[2] + 80 and blue[2] > blue[0] + 30 and none.min() > 245, i


def test_it_moves_only_on_request_and_needs_nothing_from_outside():
    film = show_film(IMAGES, maps(4), list("abcd"), alt='A "spot" moves.')
    page = film._repr_html_()
    assert page.startswith("<details>") and "script" not in page and "http" not in page
    assert "&quot;spot&quot;" in page and page.count("data:image/gif;base64,") == 1
    assert repr(film) == film.still.alt == 'A "spot" moves.'
    assert Image.open(io.BytesIO(film.still.png)).height > Image.open(io.BytesIO(film.gif)).height


def test_twenty_frames_stay_small(tmp_path):
    noise = [torch.randn(8, 1, 28, 28, generator=torch.Generator().manual_seed(i)) for i in range(20)]
    film = show_film(torch.cat([IMAGES, IMAGES[:2]]), noise, [str(i) for i in range(20)], alt="Noise, the worst case.")
    film.save(tmp_path / "film.gif")
    assert (tmp_path / "film.gif").stat().st_size == len(film.gif) < 400_000


def test_images_may_change_with_the_frames():
    moving = [IMAGES, -IMAGES]
    film = show_film(moving, maps(2), ["one", "two"], alt="The images are inverted.")
    gif = Image.open(io.BytesIO(film.gif))
    first = np.asarray(gif.convert("RGB")).astype(int)
    gif.seek(1)
    assert np.abs(np.asarray(gif.convert("RGB")) - first)[14:98].max() > 100


def test_bad_requests_are_refused_in_a_sentence():
    with pytest.raises(CourseError, match="at least two frames"):
        show_film(IMAGES, maps(1), ["one"], alt="x")
    with pytest.raises(CourseError, match="a title for each"):
        show_film(IMAGES, maps(3), ["one", "two"], alt="x")
    with pytest.raises(CourseError, match="one map"):
        show_film(IMAGES[:2], maps(3), list("abc"), alt="x")
    with pytest.raises(CourseError, match="sets of images"):
        show_film([IMAGES, IMAGES], maps(3), list("abc"), alt="x")
    with pytest.raises(CourseError, match="alternative text"):
        Film([np.zeros((5, 5, 3), np.uint8)] * 2, ["a", "b"], " ")
