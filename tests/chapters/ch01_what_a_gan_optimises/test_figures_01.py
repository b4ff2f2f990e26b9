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
