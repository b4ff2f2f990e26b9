"""Small PNGs: exact where they can be, never with visible bands."""

import io

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.figure import Figure
from PIL import Image, PngImagePlugin
from scipy.ndimage import uniform_filter

from course_lib.tools.png import shrink


def png(pixels, **options):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", **options)
    return buffer.getvalue()


def shrunk(pixels):
    """The picture before and after as int arrays (h, w, 3), the number of colours, and both sizes."""
    before = png(pixels)
    after = shrink(before)
    a = np.asarray(Image.open(io.BytesIO(before)).convert("RGB")).astype(int)
    b = np.asarray(Image.open(io.BytesIO(after)).convert("RGB")).astype(int)
    return a, b, len(np.unique(b.reshape(-1, 3), axis=0)), len(before), len(after)


def noisy_digits():
    return np.clip(np.random.default_rng(0).normal(60, 70, (280, 280)), 0, 255).astype(np.uint8)


def test_many_greys_become_64_with_a_small_error():
    a, b, colours, before, after = shrunk(noisy_digits())
    assert colours == 64
    assert abs(a - b).max() <= 2
    assert after < before
    assert b.min() == 0
    assert b.max() == 255


def test_few_greys_stay_exact():
    a, b, colours, _, _ = shrunk((noisy_digits() // 5 * 5).astype(np.uint8))
    assert (a == b).all()
    assert colours <= 64


def test_a_grey_gradient_has_no_bands():
    a, b, *_ = shrunk(np.tile(np.linspace(0, 255, 700).round().astype(np.uint8), (90, 1)))
    assert abs(a - b).max() <= 2


@pytest.mark.parametrize("name", ["viridis", "magma", "two axes"])
def test_a_colour_gradient_has_no_bands(name):
    ramp = np.linspace(0, 1, 400)
    if name == "two axes":
        x, y = np.meshgrid(ramp, ramp)
        pixels = (np.stack([x, y, 1 - x], -1) * 255).astype(np.uint8)
    else:
        pixels = (colormaps[name](np.tile(ramp, (120, 1)))[..., :3] * 255).astype(np.uint8)
    noise = np.random.default_rng(0).integers(0, 2, (*pixels.shape[:2], 1))
    pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)  # without it the original packs too well
    a, b, _, before, after = shrunk(pixels)
    assert after <= before
    assert abs(uniform_filter((a - b).astype(float), size=(7, 7, 0))).max() <= 3


def test_a_plot_becomes_64_colours_on_a_white_ground():
    figure = Figure(figsize=(7, 3))
    ax = figure.subplots()
    for k in range(4):
        ax.plot(np.cumsum(np.random.default_rng(k).normal(size=200)), label=f"run {k}")
    ax.legend()
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=160)
    after = shrink(buffer.getvalue())
    picture = Image.open(io.BytesIO(after))
    assert picture.mode == "P"
    assert len(picture.getcolors()) <= 64
    assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert len(after) < len(buffer.getvalue()) / 2
    assert shrink(buffer.getvalue()) == after


def test_the_writers_name_goes_and_transparency_stays():
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", "Matplotlib version 9.9.9")
    assert b"Matplotlib" not in shrink(png(noisy_digits(), pnginfo=info))
    pixels = np.random.default_rng(0).integers(0, 255, (20, 20, 4), dtype=np.uint8)
    assert (np.asarray(Image.open(io.BytesIO(shrink(png(pixels)))).convert("RGBA")) == pixels).all()
