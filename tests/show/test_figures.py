"""Figures say in words what is to be seen, and show pixels as they are."""

import base64
import io
from itertools import pairwise

import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup
from PIL import Image

from course_lib import show
from course_lib.errors import CourseError
from course_lib.show.figures import smooth
from course_lib.show.picture import COLOURS, grid, normalised_attribution


def pixels(picture) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture.png)))


def test_a_picture_needs_words():
    with pytest.raises(CourseError, match="without alternative text"):
        show.Picture(b"", "  ")


def test_a_page_with_somebody_before_it_gets_an_image_with_its_words(monkeypatch):
    monkeypatch.setattr("course_lib.show.picture.headless", lambda: False)
    picture = show.Picture(show.samples(torch.zeros(4, 1, 28, 28), alt="x").png, alt='four "grey" squares & a < b')
    data, metadata = picture._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"} and metadata == {}
    page = BeautifulSoup(data["text/html"], "html.parser").img
    assert page["alt"] == picture.alt and page["width"] == str(picture.width)
    assert base64.b64decode(page["src"].removeprefix("data:image/png;base64,")) == picture.png


def test_a_builder_gets_png_words_and_width():
    picture = show.samples(torch.zeros(4, 1, 28, 28), alt="four grey squares")
    data, metadata = picture._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == picture.png
    assert data["text/plain"] == metadata["image/png"]["alt"] == "four grey squares"
    assert metadata["image/png"]["width"] == pixels(picture).shape[1]


@pytest.mark.parametrize("channels", [1, 3])
def test_samples_shows_every_pixel(channels):
    images = torch.rand(6, channels, 5, 7) * 2 - 1
    sheet = pixels(show.samples(images, columns=3, scale=2))
    assert sheet.shape[:2] == (2 * 10 + 2, 3 * 14 + 2 * 2)
    fifth = sheet[12:22:2, 16:30:2]  # second row, second column, every other pixel
    expected = ((images[4] + 1) * 127.5).round().byte().permute(1, 2, 0).squeeze(-1).numpy()
    np.testing.assert_array_equal(fifth, expected)


def test_a_sampler_is_asked_for_as_many_as_are_shown():
    asked = []

    def sampler(n):
        asked.append(n)
        return torch.zeros(n, 1, 8, 8)

    show.samples(sampler, 12)
    show.compare({"a": sampler, "b": sampler}, n=5)
    assert asked == [12, 5, 5]


@pytest.mark.parametrize("n", [3, 10, 12, 16])
def test_no_label_of_a_row_is_cut_off(n):
    row = torch.zeros(n, 1, 28, 28)
    assert (pixels(show.compare({"generated": row, "the nearest real": row}, n))[:, :3] == 255).all()


def test_a_title_stands_above_the_rows_and_covers_none():
    row = {"a": torch.ones(5, 1, 28, 28)}
    plain, titled = (pixels(show.compare(row, 5, title=title)) for title in ("", "five white squares"))
    assert titled.shape[0] > plain.shape[0] and titled.shape[1] == plain.shape[1]
    added = titled.shape[0] - plain.shape[0]
    assert (titled[:added] < 128).any() and titled[added:].shape == plain.shape


@pytest.mark.parametrize("bad", [torch.zeros(4, 28, 28), torch.full((2, 1, 8, 8), 9.0), torch.zeros(0, 1, 8, 8)])
def test_bad_images_are_refused(bad):
    with pytest.raises(CourseError):
        show.samples(bad)


def test_grid_of_fewer_images_than_columns():
    assert grid(torch.zeros(2, 1, 4, 4), columns=10, scale=1, gap=1).shape == (4, 9)


def test_charts_have_their_words_and_something_drawn():
    chart = show.lines({"a": ([1, 2], [1, 4]), "b": ([1, 2], [2, 1])}, "x", "y", alt="two lines", level=(3, "level"))
    assert chart.alt == "two lines"
    assert len(np.unique(pixels(chart).reshape(-1, pixels(chart).shape[-1]), axis=0)) > 20
    columns = show.bars({"a": [1, 2], "b": [2, 1]}, ["u", "v"], "y", alt="four bars")
    assert pixels(columns).shape[1] > 500


def test_the_first_colours_differ_in_grey():
    """Readable when printed in grey: the luminances of the first three are well apart."""
    grey = sorted(np.dot([int(c[i : i + 2], 16) for i in (1, 3, 5)], [0.299, 0.587, 0.114]) for c in COLOURS[:2])
    assert grey[1] - grey[0] > 20


def test_smoothing_keeps_constants_and_invents_nothing_at_the_ends():
    np.testing.assert_allclose(smooth([3.0] * 200), 3.0)
    line = np.arange(500.0)
    np.testing.assert_allclose(smooth(line)[100:400], line[100:400])
    assert smooth([5.0]).tolist() == [5.0]


def test_an_attribution_is_normalised_to_its_largest_values():
    values = torch.zeros(2, 10, 10)
    values[0, 0, 0], values[1, 0, 0], values[:, 5] = -300.0, -100.0, 1.0  # channels are summed: −400 once, 2 ten times
    scaled = normalised_attribution(values)
    assert scaled.shape == (10, 10) and scaled[0, 0] < -1.9 and 0 < scaled[5, 5] < 1
    lone = torch.zeros(1, 28, 28)
    lone[0, 3, 4] = -5.0  # a 99.5th percentile of 0
    assert normalised_attribution(lone)[3, 4] == -1 and not normalised_attribution(lone * 0).any()


def test_attributions_show_red_for_blue_against_and_white_for_nothing():
    """Each map on its own scale, however small its numbers."""
    maps = torch.zeros(1, 1, 8, 8)
    maps[0, 0, :, :3], maps[0, 0, :, 5:] = 1e-6, -1e-6
    picture = show.attributions(torch.full((1, 1, 8, 8), -1.0), {"some": maps, "nothing": 0 * maps}, columns=["a"])
    colours = {tuple(c) for c in pixels(picture)[..., :3].reshape(-1, 3).tolist()}
    assert {(196, 57, 10), (8, 48, 107), (255, 255, 255)} <= colours
    assert picture.alt == "1 images, and under them as many maps each of: some, nothing."


@pytest.mark.parametrize("bad", [torch.zeros(2, 1, 8, 8), torch.zeros(1, 1, 8, 4), torch.zeros(1, 8, 8)])
def test_maps_of_another_place_are_refused(bad):
    with pytest.raises(CourseError, match="must agree"):
        show.attributions(torch.zeros(1, 1, 8, 8), {"bad": bad})


@pytest.fixture
def drawn(monkeypatch):
    """The figures, in the order in which they were drawn, laid out; the tests look at their parts."""
    from course_lib.show import charts, figures

    kept = []
    for drawing in (charts, figures):
        monkeypatch.setattr(
            drawing, "finish", lambda figure, alt: (figure.draw_without_rendering(), kept.append(figure))
        )
    return kept


def test_words_above_the_columns_do_not_touch(drawn):
    zero, words = torch.zeros(3, 1, 8, 8), ("integrated gradients", "Shapley values", "occlusion")
    show.attributions(zero, {"map": zero}, columns=words)
    titles = [ax.title.get_window_extent() for ax in drawn[0].axes if ax.get_title()]
    assert len(titles) == 3 and all(a.x1 + 3 < b.x0 for a, b in pairwise(titles))
    assert titles[0].x0 >= 0 and titles[-1].x1 <= drawn[0].bbox.x1


@pytest.mark.parametrize("n", [1, 3, 12])
def test_a_maps_name_is_not_cut_off(n, drawn):
    zero = torch.zeros(n, 1, 8, 8)
    show.attributions(zero, {"gradient": zero, "integrated gradients, smoothed": zero})
    left = [text.get_window_extent().x0 for ax in drawn[0].axes for text in ax.texts]
    assert len(left) == 3 and min(left) >= 0


def test_the_legend_of_bars_lies_above_them(drawn):
    """All bars as high as the axes: inside, it would lie on one of them."""
    show.bars({name: [5.0, 5, 5] for name in "abcd"}, ["x", "y", "z"], "height", alt="bars", level=(2, "level"))
    (ax,) = drawn[0].axes
    legend, whole = ax.get_legend().get_window_extent(), drawn[0].bbox
    assert legend.y0 >= ax.get_window_extent().y1 and legend.y1 <= whole.y1 and legend.x1 <= whole.x1


@pytest.mark.parametrize(("ys", "powers"), [((0.01, 5.0), False), ((1e-7, 5.0), True)])
def test_a_logarithmic_axis_writes_numbers_or_powers_and_not_both(ys, powers, drawn):
    show.lines({"a": ([1, 2], ys)}, "x", "y", log_y=True, alt="a line")
    words = [tick.get_text() for tick in drawn[0].axes[0].get_yticklabels() if tick.get_text()]
    assert words and all(("10^" in word) == powers for word in words)


def test_axes_begin_at_0_where_they_should(drawn):
    show.lines({"a": ([1, 2.5], [3, 4])}, "x", "y", alt="a line", from_zero=True, level=(3.5, "level"))
    (ax,) = drawn[0].axes
    assert ax.get_xlim()[0] == ax.get_ylim()[0] == 0 and ax.get_xlim()[1] >= 2.5 and ax.get_ylim()[1] >= 4


def test_whole_numbers_have_whole_ticks(drawn):
    show.lines({"a": ([0, 1, 2, 3], [1, 2, 3, 4])}, "layer", "y", alt="a line")
    show.lines({"a": ([0, 0.5, 1], [1, 2, 3])}, "t", "y", alt="a line")
    ticks = [figure.axes[0].get_xticks() for figure in drawn]
    assert all(float(tick).is_integer() for tick in ticks[0]) and not all(float(tick).is_integer() for tick in ticks[1])
