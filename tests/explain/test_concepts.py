"""Concepts of pictures whose values are known, because they were drawn with them."""

import math

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.explain.concepts import CONCEPTS, cleaned, measure_concepts
from course_lib.runtime import Runtime

SCALE = 8  # drawn large and made small, as digits are


def drawn(*strokes, width=2.5):
    """Strokes in pixels of the 28 × 28 picture: ``("line", x0, y0, x1, y1)`` or ``("ring", x0, y0, x1, y1)``."""
    picture = Image.new("L", (28 * SCALE, 28 * SCALE))
    pen = ImageDraw.Draw(picture)
    for kind, *at in strokes:
        box = [v * SCALE for v in at]
        if kind == "ring":
            pen.ellipse(box, outline=255, width=round(width * SCALE))
        else:
            pen.line(box, fill=255, width=round(width * SCALE))
    small = np.asarray(picture.resize((28, 28), Image.Resampling.BOX), dtype=np.float32)
    return torch.from_numpy(small)[None, None] / 127.5 - 1


def of(image, name):
    return measure_concepts(image)[0, list(CONCEPTS).index(name)].item()


RING = ("ring", 8, 8, 20, 20)
EIGHT = (("ring", 8, 2, 20, 14), ("ring", 8, 12, 20, 24))
SIX = (("ring", 8, 12, 20, 24), ("line", 9, 16, 14, 4))
CROSS = (("line", 14, 4, 14, 24), ("line", 4, 14, 24, 14))
BAR = ("line", 14, 4, 14, 24)


@pytest.mark.parametrize(
    ("strokes", "loops", "ends", "branches", "pieces"),
    [
        ([RING], 1, 0, 0, 1),
        (EIGHT, 2, 0, None, 1),  # the loops share a piece of stroke: one or two places to branch
        (SIX, 1, 1, 1, 1),
        (CROSS, 0, 4, 1, 1),
        ([BAR], 0, 2, 0, 1),
        ([("line", 6, 4, 6, 24), ("line", 20, 4, 20, 24)], 0, 4, 0, 2),
    ],
    ids=["ring", "eight", "six", "cross", "bar", "two bars"],
)
def test_counts_of_drawn_shapes(strokes, loops, ends, branches, pieces):
    image = drawn(*strokes)
    assert (of(image, "loops"), of(image, "ends"), of(image, "pieces")) == (loops, ends, pieces)
    if branches is None:
        assert of(image, "branches") in (1, 2)
    else:
        assert of(image, "branches") == branches


@pytest.mark.parametrize("lean", [-0.5, -0.2, 0.0, 0.2, 0.5])
def test_slant_is_that_of_the_stroke(lean):
    image = drawn(("line", 14 - 10 * lean, 24, 14 + 10 * lean, 4))  # 20 pixels up, 20·lean to the right
    assert of(image, "slant") == pytest.approx(lean, abs=0.05)


@pytest.mark.parametrize("width", [2, 3, 4, 5])
def test_thickness_is_that_of_the_pen(width):
    assert of(drawn(BAR, width=width), "thickness") == pytest.approx(width, abs=0.5)


def test_thickness_rises_with_the_pen():
    found = [of(drawn(RING, width=width), "thickness") for width in (1.5, 2.5, 3.5, 4.5)]
    assert found == sorted(found) and found[-1] > found[0] + 2


def test_symmetries_of_drawn_shapes():
    assert of(drawn(*CROSS), "mirror") > 0.95 and of(drawn(*CROSS), "half turn") > 0.95
    slash = drawn(("line", 6, 24, 22, 4))  # the same after half a turn, and crossed by its mirror image
    assert of(slash, "half turn") > 0.7 and of(slash, "mirror") < 0.3
    six = drawn(*SIX)
    assert of(six, "half turn") < 0.5


def test_ink_height_and_width():
    half = -torch.ones(1, 1, 8, 8)
    half[..., :4, :] = 1
    assert of(half, "ink") == 0.5 and of(half, "width") == 2.0 and of(half, "height of the middle") == 0.5
    heavy_below = drawn(("ring", 8, 14, 20, 26), ("line", 14, 2, 14, 16))
    assert of(heavy_below, "height of the middle") < 0.45 < of(heavy_below.flip(2), "height of the middle")


def test_nothing_drawn_gives_numbers():
    for empty in (-torch.ones(1, 1, 28, 28), torch.ones(1, 1, 28, 28)):
        assert measure_concepts(empty).isfinite().all()


def test_a_shift_changes_no_concept():
    image = drawn(*SIX)
    assert torch.allclose(measure_concepts(image), measure_concepts(image.roll((1, -1), (2, 3))), atol=1e-9)


def test_specks_and_pinholes_are_neither_pieces_nor_loops():
    ink = np.zeros((12, 12), bool)
    ink[2:9, 2:9] = True
    ink[5, 5] = False  # a pinhole
    ink[11, 11] = True  # a speck
    out = cleaned(ink)
    assert out[5, 5] and not out[11, 11] and out.sum() == 49


def test_digits_have_the_loops_that_their_shapes_have():
    """Most handwritten 0, 6, 8, 9 are closed, and 1, 3, 7 open; a third of the 2s has a loop of its own."""
    digits = load("digits", Runtime.auto(seed=0, device="cpu"), split="test")
    found = measure_concepts(digits.images)[:, list(CONCEPTS).index("loops")]
    share = {
        k: (found[digits.labels == k] == n).double().mean().item() for k, n in {0: 1, 1: 0, 3: 0, 7: 0, 9: 1}.items()
    }
    assert min(share.values()) > 0.75
    assert (found[digits.labels == 8] == 2).double().mean() > 0.5


def test_what_is_no_picture_is_refused():
    with pytest.raises(CourseError):
        measure_concepts(torch.zeros(28, 28))


def test_the_slope_of_the_whole_turns_with_the_picture():
    lean = of(drawn(("line", 8, 24, 18, 4)), "slant")
    mirrored = of(drawn(("line", 8, 24, 18, 4)).flip(3), "slant")
    assert lean == pytest.approx(-mirrored, abs=0.02) and math.copysign(1, lean) == 1
