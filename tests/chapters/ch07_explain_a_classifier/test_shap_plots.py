"""shap's force plot comes as a picture with words, and leaves no figure of pyplot behind."""

import io

import numpy as np
import pytest
from matplotlib import pyplot
from PIL import Image

from course_lib.chapters.ch07_explain_a_classifier import shap_plots
from course_lib.errors import CourseError

VALUES, NAMES = [1.5, -0.5, 0.25], ["a", "b", "c"]


def test_a_plot_has_words_and_colours_and_leaves_nothing_behind():
    kept = pyplot.figure()
    picture = shap_plots.force(-1.0, VALUES, NAMES, alt="some words")
    assert pyplot.get_fignums() == [kept.number]
    pyplot.close(kept)
    pixels = np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB")).reshape(-1, 3).astype(int)
    red, green, blue = pixels.T
    assert picture.alt == "some words"
    assert (red - green > 60).any() and (blue - red > 60).any(), "both signs are drawn"


def test_names_and_values_must_agree():
    with pytest.raises(CourseError, match="3 values and 2 names"):
        shap_plots.force(0.0, VALUES, NAMES[:2], alt="x")
    assert pyplot.get_fignums() == []
