"""The chapter's figures: numbers where they belong, both colours, one scale where one is promised."""

import io

import numpy as np
import pytest
import torch
from matplotlib.colorbar import Colorbar
from PIL import Image

from course_lib.chapters.ch07_explain_a_classifier import pictures
from course_lib.chapters.ch07_explain_a_classifier import scores as scores_07
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.explain import grid_segments


@pytest.fixture(scope="module")
def digit():
    return load("digits", split="test").images[3:4]


def pixels(picture):
    return np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB")).astype(int)


def coloured(picture):
    """How many pixels are clearly orange, and clearly blue."""
    red, _, blue = np.moveaxis(pixels(picture), 2, 0)
    return (red - blue > 90).sum(), (blue - red > 60).sum()


def test_squares_are_named_as_on_a_chessboard_read_from_above():
    assert pictures.names_of(grid_segments(28, 28, 7)) == [
        f"{row}{column}" for row in "ABCD" for column in (1, 2, 3, 4)
    ]
    assert pictures.names_of(grid_segments(4, 8, 4)) == ["A1", "A2"]


def test_shares_have_the_colour_of_their_sign(digit):
    nine = grid_segments(28, 28, 10)
    drawn = [
        pictures.shares_on_squares(digit, sign * torch.arange(9.0), nine, title="Shares", alt="some words")
        for sign in (1, -1)
    ]
    assert drawn[0].alt == "some words"
    (orange, blue), (less_orange, more_blue) = map(coloured, drawn)
    assert orange > less_orange and more_blue > blue


def test_a_sum_in_steps_shows_each_large_share_and_the_rest_together(digit):
    four, shares = grid_segments(28, 28, 14), [3.0, -2.0, 0.5, 0.25]
    picture = pictures.sum_in_steps(digit, four, shares, -1.0, most=3, title="A sum", alt="words")
    orange, blue = coloured(picture)
    assert orange > 1000 and pixels(picture)[..., 2].size and picture.alt == "words"
    red, green, blue = np.moveaxis(pixels(picture), 2, 0)
    assert ((abs(red - 8) < 6) & (abs(green - 48) < 6) & (abs(blue - 107) < 6)).any(), "the negative step is dark blue"
    with pytest.raises(CourseError, match="3 shares for 4 squares"):
        pictures.sum_in_steps(digit, four, shares[:3], 0.0, title="A sum", alt="words")


def test_maps_on_one_scale_may_be_compared(digit):
    weak, strong = torch.full((1, 1, 28, 28), 0.1), torch.full((1, 1, 28, 28), 1.0)
    alone = pictures.on_one_scale(digit, {"weak": weak}, ["a 3"], title="Maps", alt="words")
    beside = pictures.on_one_scale(digit, {"weak": weak, "strong": strong}, ["a 3"], title="Maps", alt="words")
    deep = np.array([0xC4, 0x39, 0x0A])
    share = [(np.abs(pixels(p) - deep).sum(2) < 40).mean() for p in (alone, beside)]
    assert share[0] > 0.05, "alone, the weak map is deep orange"
    assert share[1] < share[0] * 1.2, "beside a strong one it is pale, and only that one is deep"


def test_a_scale_that_is_cut_says_so(digit, monkeypatch):
    bars = []
    label = Colorbar.set_label
    monkeypatch.setattr(Colorbar, "set_label", lambda bar, text: bars.append((bar, text)) or label(bar, text))
    spike = torch.full((1, 1, 28, 28), 0.1)
    pictures.on_one_scale(digit, {"even": spike.clone()}, ["a 3"], title="Maps", alt="words")
    spike[0, 0, 0, 0] = -2.0
    pictures.on_one_scale(digit, {"spike": spike}, ["a 3"], title="Maps", alt="words")
    (even, plain), (cut, told) = [each for each in bars if each[1]]
    assert even.extend == "neither" and "cut" not in plain
    assert cut.extend == "both" and "99.7 % quantile" in told and "2.00" in told


def test_dots_are_drawn_for_each_name():
    g = torch.Generator().manual_seed(0)
    scores = {name: [torch.rand(12, generator=g) for _ in range(2)] for name in ("A", "noise", "B", "C")}
    three = {name: scores[name] for name in ("A", "noise", "B")}
    dots, more = (
        scores_07.scores_as_dots(each, ["noise"], ["on black", "on a digit"], title="Scores", alt="dots")
        for each in (three, scores)
    )
    assert pixels(more).shape[0] > pixels(dots).shape[0] and dots.alt == "dots"
    costs = scores_07.costs_as_dots({"dear": 1200.0, "cheap": 0.7}, title="Costs", alt="costs")
    rows, columns = np.nonzero(np.abs(pixels(costs) - (0x00, 0x72, 0xB2)).sum(2) < 30)
    assert columns[rows == rows.min()].mean() < columns[rows == rows.max()].mean(), "the cheapest stands on top"


def test_a_mean_comes_with_its_standard_error():
    mean, error = scores_07.mean_and_error(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    assert mean == 2.5 and error == pytest.approx((5 / 3) ** 0.5 / 2)


def test_a_difference_says_how_many_standard_errors_it_is_away_from_zero():
    assert scores_07.difference_text(torch.tensor([1.0, 2.0, 3.0, 4.0])) == "+2.50 ± 0.65 (3.9)"
    assert scores_07.difference_text(torch.tensor([-0.3, -0.1])) == "−0.20 ± 0.10 (2.0)"
    assert scores_07.difference_text(torch.tensor([-0.003, 0.001])) == "+0.00 ± 0.00 (0.5)"
    assert scores_07.difference_text(torch.zeros(3)) == "+0.00 ± 0.00 (0.0)"


def test_the_strip_goes_from_the_other_picture_to_the_first(digit):
    seen, other = [], torch.zeros_like(digit)

    def probability(shown):
        seen.append(shown)
        return torch.tensor([0.5])

    order = torch.arange(784.0).view_as(digit)  # the last row comes first
    drawn = scores_07.insertion_strip(
        probability, digit, other, {"A": order, "B": -order}, (0, 1, 28), title="A strip", alt="words"
    )
    assert drawn.alt == "words"
    start, one, end, _, reversed_one, _ = seen
    assert torch.equal(start, other) and torch.equal(end, digit)
    assert torch.equal(one[..., 27, :], digit[..., 27, :]) and not one[..., :27, :].any()
    assert torch.equal(reversed_one[..., 0, :], digit[..., 0, :]) and not reversed_one[..., 1:, :].any()


def test_each_background_has_a_colour_of_its_own():
    ones = torch.linspace(0.4, 0.8, 12)
    drawn = scores_07.backgrounds_as_dots(
        {"A": {"black": ones, "digits": ones + 0.1}, "B": {"black": ones}},
        ("black", "digits"),
        {"blur": ones},
        title="Backgrounds",
        alt="words",
    )
    alone = scores_07.backgrounds_as_dots({"A": {"black": ones}}, ("black",), {}, title="Backgrounds", alt="words")
    assert drawn.alt == "words" and coloured(drawn)[0] > coloured(alone)[0]


def test_errors_start_both_axes_at_zero():
    one = {"once": {4: 0.4, 16: 0.2}}
    alone = pictures.errors_by_root(one, title="Errors", alt="lines")
    both = pictures.errors_by_root(one | {"twice": {4: 0.1, 16: 0.05}}, title="Errors", alt="lines")
    assert alone.alt == "lines"
    assert coloured(both)[0] > coloured(alone)[0], "the second way has a colour of its own"
