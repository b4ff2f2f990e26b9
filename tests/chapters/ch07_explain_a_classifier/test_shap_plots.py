"""shap's plots come as pictures with words, and leave no figure of pyplot behind."""

import io

import numpy as np
import pytest
import torch
from matplotlib import pyplot
from PIL import Image

from course_lib.chapters.ch07_explain_a_classifier import shap_plots
from course_lib.errors import CourseError

VALUES, NAMES = [1.5, -0.5, 0.25], ["a", "b", "c"]
PLOTS = {
    "force": lambda: shap_plots.force(-1.0, VALUES, NAMES, alt="some words"),
    "waterfall": lambda: shap_plots.waterfall(-1.0, VALUES, NAMES, alt="some words"),
    "image": lambda: shap_plots.image(
        torch.zeros(2, 1, 8, 8), {k: torch.randn(2, 1, 8, 8) for k in "01"}, alt="some words"
    ),
}


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_has_words_and_colours_and_leaves_nothing_behind(plot):
    kept = pyplot.figure()
    picture = PLOTS[plot]()
    assert pyplot.get_fignums() == [kept.number]
    pyplot.close(kept)
    pixels = np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB")).reshape(-1, 3).astype(int)
    red, green, blue = pixels.T
    assert picture.alt == "some words"
    assert (red - green > 60).any() and (blue - red > 60).any(), "both signs are drawn"


def test_names_and_values_must_agree():
    for plot in (shap_plots.force, shap_plots.waterfall):
        with pytest.raises(CourseError, match="3 values and 2 names"):
            plot(0.0, VALUES, NAMES[:2], alt="x")
    assert pyplot.get_fignums() == []


def test_titles_of_an_image_plot_are_one_list_an_image():
    maps = {k: torch.randn(2, 1, 8, 8) for k in "01"}
    pictures = [
        shap_plots.image(torch.zeros(2, 1, 8, 8), maps, titles=titles, alt="x").png
        for titles in (None, [["0", "1"], ["0", "1"]], [["0", "1"], ["for 7", "for 9"]])
    ]
    assert pictures[0] == pictures[1] != pictures[2], "the second row's own titles are drawn"
    for titles in ([["0", "1"]], [["0"], ["1"]]):
        with pytest.raises(CourseError, match="give 2 lists"):
            shap_plots.image(torch.zeros(2, 1, 8, 8), maps, titles=titles, alt="x")
