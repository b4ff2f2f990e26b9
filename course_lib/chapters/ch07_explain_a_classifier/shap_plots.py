"""shap's own plots as pictures with alternative text: the force plot, the image plot and the waterfall."""

import io
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import PIL.Image
import PIL.ImageChops
import PIL.ImageOps
from matplotlib.axes import Axes
from torch import Tensor

from course_lib.errors import CourseError
from course_lib.show.picture import Picture, png_bytes


def force(base: float, values: Sequence[float], names: Sequence[str], *, alt: str) -> Picture:
    """The force plot: from the mean output to the output, each value pushing it up (red) or down (blue).

    Args:
        base: the mean output.
        values: what each feature adds.
        names: of the features, one for each value.
        alt: what the picture says, for who does not see it.

    Raises:
        CourseError: when there are not as many names as values.
    """
    import shap

    _agree(values, names)
    return _picture(
        lambda: shap.force_plot(
            base,
            np.asarray(values, dtype=float),
            feature_names=list(names),
            matplotlib=True,
            show=False,
            figsize=(14, 3),
        ),
        alt,
    )


def waterfall(base: float, values: Sequence[float], names: Sequence[str], *, most: int = 10, alt: str) -> Picture:
    """The same as steps, the largest on top.

    Args:
        base: the mean output.
        values: what each feature adds.
        names: of the features, one for each value.
        most: how many steps there are; the smallest values are added up in the last.
        alt: what the picture says, for who does not see it.

    Raises:
        CourseError: when there are not as many names as values.
    """
    import shap

    _agree(values, names)
    explained = shap.Explanation(np.asarray(values, dtype=float), base, feature_names=list(names))
    return _picture(lambda: _with_room(shap.plots.waterfall(explained, max_display=most, show=False)), alt)


def image(
    images: Tensor, maps: Mapping[str, Tensor], *, titles: Sequence[Sequence[str]] | None = None, alt: str
) -> Picture:
    """The image plot: images, then a column for each label, maps over the faint image.

    One scale a row, so a row's maps may be compared if they have the same units, such as logits; the bar below is the
    last row's.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1].
        maps: label → maps ``(N, 1, H, W)``.
        titles: what stands over each map of each row, instead of the column's label.
        alt: what the picture says, for who does not see it.

    Raises:
        CourseError: for titles that are not one list an image, with one title a map.
    """
    import shap

    last = [m.detach().permute(0, 2, 3, 1).cpu().numpy() for m in maps.values()]  # each (N, H, W, 1)
    pixels = images.detach().permute(0, 2, 3, 1).cpu().numpy()
    if titles is not None and [len(row) for row in titles] != [len(maps)] * len(images):
        raise CourseError(
            f"titles for {[len(row) for row in titles]} maps: give {len(images)} lists, one an image, of "
            f"{len(maps)} titles, one a map."
        )
    labels = np.array([list(maps)] * len(images) if titles is None else [list(row) for row in titles])

    def draw() -> None:
        from matplotlib import pyplot

        shap.image_plot(last, (pixels + 1) / 2, labels, show=False, width=8)
        pyplot.gcf().axes[-1].set_xlabel("SHAP value (scale of the last row)")

    return _picture(draw, alt)


def _with_room(ax: Axes) -> None:
    """Room on the left, where shap would write a falling step's number across its name."""
    low, high = ax.get_xlim()
    for each in ax.figure.axes:  # shap lays several over one another
        each.set_xlim(low - 0.08 * (high - low), high)


def _picture(draw: Callable[[], object], alt: str) -> Picture:
    """Draw on pyplot's current figure, as shap insists, and take it away again before a notebook shows it twice."""
    from matplotlib import pyplot

    before, buffer = set(pyplot.get_fignums()), io.BytesIO()
    pyplot.figure()
    try:
        draw()
        figure = pyplot.gcf()
        figure.savefig(buffer, format="png", dpi=110, facecolor="white", bbox_inches="tight")
    finally:
        for number in set(pyplot.get_fignums()) - before:
            pyplot.close(number)
    drawn = PIL.Image.open(buffer).convert("RGB")
    drawn = drawn.crop(PIL.ImageChops.invert(drawn).getbbox())  # without shap's wide margins
    drawn = PIL.ImageOps.expand(drawn, 8, "white")
    return Picture(png_bytes(np.asarray(drawn)), alt, width=min(720, drawn.width))


def _agree(values: Sequence[float], names: Sequence[str]) -> None:
    if len(values) != len(names):
        raise CourseError(f"{len(values)} values and {len(names)} names: give one name to each value.")
