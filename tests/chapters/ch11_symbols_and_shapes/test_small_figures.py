"""The figures of a test's alarms, of paper that comes in, and of depths under noise draw, and say what they show."""

import numpy as np
import pytest

from course_lib.chapters.ch11_symbols_and_shapes import hole_pictures
from course_lib.chapters.ch11_symbols_and_shapes.inside_pictures import p_row
from course_lib.chapters.ch11_symbols_and_shapes.inside_tests import signed


def ring():
    picture = np.full((5, 5), -1.0)
    picture[1:4, 1:4], picture[2, 2] = 0.9, -0.5
    return picture


@pytest.mark.parametrize(
    "drawn",
    [
        lambda: p_row([1e-40, 0.04, 0.05, 1.0], 0.05, title="t", alt="said"),
        lambda: p_row([0.4, 0.6], 0.05, title="t", alt="said"),
        lambda: hole_pictures.rising(ring(), {-1: "outside", -0.5: "inside"}, title="t", alt="said"),
        lambda: hole_pictures.before_and_after([0.0, 1.9], [0.1, 1.8], 0.2, title="t", alt="said"),
    ],
)
def test_each_figure_is_drawn_with_its_words(drawn):
    picture = drawn()
    assert picture.alt == "said" and picture.png.startswith(b"\x89PNG")


@pytest.mark.parametrize(("value", "digits", "said"), [(7.04, 2, "+7.04"), (-0.25, 2, "−0.25"), (-0.018, 3, "−0.018")])
def test_a_sign_is_a_true_minus(value, digits, said):
    assert signed(value, digits) == said
