"""The figures of chapter 01 are pictures with their alternative text, and show what they are given."""

import io

import numpy as np
import torch
from PIL import Image

from course_lib.chapters.ch01_what_a_gan_optimises import figures
from course_lib.metrics.divergence import gaussian, midpoints

BLUE = np.array([0x00, 0x72, 0xB2])


def blue(picture):
    pixels = np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB")).astype(int)
    return int((np.abs(pixels - BLUE).sum(2) < 30).sum())


def test_a_chart_draws_each_panel_with_its_dots_and_one_colour_a_label():
    series = {"a": ([0, 1], [0, 1]), "b": ([0, 1], [1, 0])}
    one = figures.chart({"left": series}, "x", "y", alt="two lines", level=(0.5, "half"))
    two = figures.chart(
        {"left": series, "right": {"a": ([0, 1], [1, 1])}},
        "x",
        "y",
        alt="three lines",
        dots={"right": {"here": (0.5, 1)}},
    )
    assert (one.alt, two.alt) == ("two lines", "three lines")
    assert two.width > one.width and blue(two) > 0 < blue(one)


def test_a_line_that_runs_away_is_cut_off():
    near, far = ({"a": ([0, 1], [0, 1]), "b": ([0, 1], [0, end])} for end in (1, 1e6))
    assert blue(figures.chart({"": far}, "x", "y", alt="-", low=-1, high=2)) > 0.8 * blue(
        figures.chart({"": near}, "x", "y", alt="-", low=-1, high=2)
    )


def test_a_quantity_has_one_style_in_every_figure():
    assert figures.style("V(G, D*)", 0) == figures.style("V", 3) == figures.STYLES["V"]
    assert figures.style("JSD(p ‖ q)") == figures.STYLES["JSD"] and figures.style("W₁(p, q)") == figures.STYLES["W₁"]
    quantities = [figures.STYLES[name] for name in ("V", "JSD", "W₁", "KL")]
    assert len(set(quantities)) == 4
    assert figures.style("another", 7) == figures.style("another", 1) != figures.style("another", 0)


def test_equal_axes_give_a_circle_its_shape():
    turn = np.linspace(0, 2 * np.pi, 200)
    circle = {"a": (np.cos(turn), np.sin(turn))}
    pixels = np.asarray(
        Image.open(io.BytesIO(figures.chart({"": circle}, "x", "y", alt="-", equal=True).png)).convert("RGB")
    )
    seen = np.abs(pixels.astype(int) - BLUE).sum(2) < 30
    high, wide = (np.ptp(seen.any(axis).nonzero()[0]) for axis in (1, 0))
    assert abs(high - wide) < 6


def test_a_column_without_height_is_labelled_above_the_axis(monkeypatch):
    drawn = {}
    monkeypatch.setattr(figures, "finish", lambda figure, alt: drawn.update(figure=figure))
    figures.columns({"a": [-1e-16, 0.2]}, ["none", "some"], "y", "title", alt="-")
    labels = [text for text in drawn["figure"].axes[0].texts if text.get_text() == "0.000"]
    assert [text.get_verticalalignment() for text in labels] == ["bottom"]


def test_columns_heaps_densities_and_plans_are_drawn():
    x = midpoints(-30, 30, 600)
    drawn = torch.randn(500, generator=torch.Generator().manual_seed(0))
    for picture in (
        figures.columns({"a": [1, -0.0001], "b": [2, 3]}, ["one", "two"], "y", "title", alt="-", level=(2, "two")),
        figures.heap_of_scores(drawn - 3, 0.5, -5, "title", alt="-"),
        figures.draws_and_density(x, gaussian(x, 2.0), gaussian(x, 0.0), drawn + 2, 2, 3, alt="-"),
        figures.plans(drawn[:4], drawn[4:8], alt="-"),
    ):
        assert picture.alt == "-" and blue(picture) > 100
