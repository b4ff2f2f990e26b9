"""Figures of clouds and of many runs: what is drawn where, on which axis."""

import sys

import pytest
import torch

from course_lib import show
from course_lib.data import mixture
from course_lib.errors import CourseError
from course_lib.show.picture import COLOURS

KL = {"none": [2.0, 1.0, 0.5, 0.001], "noise": [0.01, 0.02]}


@pytest.fixture
def drawn(monkeypatch):
    """The figures as they are finished: their axes can be asked."""
    clouds = sys.modules["course_lib.show.clouds"]  # the function of that name hides it
    figures, finish = [], clouds.finish
    monkeypatch.setattr(clouds, "finish", lambda figure, alt: figures.append(figure) or finish(figure, alt))
    return figures


def test_a_measure_that_spans_orders_gets_a_logarithmic_axis_and_the_others_none(drawn):
    show.dots({"modes": {"none": [0, 1], "noise": [5, 6]}, "KL": KL}, alt="dots", log=("KL",))
    assert [ax.get_xscale() for ax in drawn[0].axes] == ["linear", "log"]
    low, high = drawn[0].axes[1].get_xlim()
    assert 0 < low <= 0.001 and high >= 2.0


def test_the_bar_is_the_median_also_of_an_even_number(drawn):
    show.dots({"KL": KL}, alt="dots", control="none")
    vertical = [line.get_xdata()[0] for line in drawn[0].axes[0].lines if line.get_marker() == "None"]
    assert vertical == pytest.approx([0.75, 0.75, 0.015])  # none's bar, none's dotted line, noise's bar


def test_a_title_stands_above_where_one_is_given(drawn):
    show.dots({"KL": KL}, alt="dots", title="What it says")
    show.dots({"KL": KL}, alt="dots")
    assert [figure.get_suptitle() for figure in drawn] == ["What it says", ""]


def test_other_rows_are_squares_of_another_colour(drawn):
    show.dots({"KL": KL}, alt="dots", others=("noise",))
    marks = {line.get_marker(): line.get_color() for line in drawn[0].axes[0].lines}
    assert marks["o"] == COLOURS[0] and marks["s"] == COLOURS[1]


def test_what_a_logarithm_cannot_show_is_refused():
    with pytest.raises(CourseError, match=r"'KL' of 'none' is 0\.0: a logarithmic axis needs values above 0"):
        show.dots({"KL": {"none": [0.0, 1.0]}}, alt="dots", log=("KL",))
    with pytest.raises(CourseError, match="unknown measure with a logarithmic axis 'modes'"):
        show.dots({"KL": KL}, alt="dots", log=("modes",))


def test_shares_have_one_common_axis(drawn):
    show.dots({"recall": {"a": [0.4, 0.6]}, "modes": {"a": [4.0, 6.0]}}, alt="dots", shares=("recall",))
    (low, high), (first, _) = (ax.get_xlim() for ax in drawn[0].axes)
    assert -0.1 < low < 0 and 1 < high < 1.1 and first > 3
    with pytest.raises(CourseError, match="unknown measure with an axis from 0 to 1 'precision'"):
        show.dots({"recall": {"a": [0.4]}}, alt="dots", shares=("precision",))


def test_twenty_clouds_stand_in_five_columns(drawn):
    panels = {f"cure {i}": torch.zeros(9, 2) for i in range(19)}
    show.clouds(panels, mixture("ring"), columns=5, n=3, alt="clouds")
    shown = [ax for ax in drawn[0].axes if ax.get_visible()]
    assert len(drawn[0].axes) == 20 and len(shown) == 19 and shown[0].get_gridspec().ncols == 5
    assert len(shown[0].lines[1].get_xdata()) == 3
