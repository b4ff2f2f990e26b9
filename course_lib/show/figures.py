"""Figures of images, of maps and of a game's training. Each is a ``Picture``; none draws on a global canvas."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath
from torch import Tensor

from course_lib.data.pixels import check_images
from course_lib.errors import CourseError
from course_lib.show.charts import draw_lines
from course_lib.show.history import History
from course_lib.show.picture import (
    FOR_AND_AGAINST,
    INK,
    Picture,
    finish,
    grid,
    new_figure,
    normalised_attribution,
    png_bytes,
)

if TYPE_CHECKING:  # whoever has curves has imported the training
    from course_lib.training.records import Curves

Source = Tensor | Callable[[int], Tensor]


def samples(source: Source, n: int = 40, columns: int = 10, scale: int = 2, alt: str = "") -> Picture:
    """A sheet of images, shown pixel for pixel.

    Args:
        source: images ``(N, C, H, W)`` in [−1, 1], or a sampler, which is asked for ``n``.
        n: how many; of images the first ones.
        columns: images a row.
        scale: the width of one of their pixels.
        alt: the alternative text; without one it says how many images there are.

    Raises:
        CourseError: when there is no image.
    """
    images = _drawn(source, n)
    if len(images) == 0:
        raise CourseError("there is no image to show: expected at least 1.")
    alt = alt or f"A sheet of {len(images)} images, {images.shape[-2]}×{images.shape[-1]} pixels each."
    return Picture(png_bytes(grid(images, columns, scale)), alt)


def compare(rows: Mapping[str, Source], n: int = 12, alt: str = "", *, title: str = "") -> Picture:
    """One row of images for each label: real digits above generated ones, say.

    Args:
        rows: label → images ``(N, C, H, W)`` in [−1, 1], or a sampler, which is asked for ``n``.
        n: images a row.
        alt: the alternative text; without one it names the rows.
        title: what the figure says, above the rows, or nothing.
    """
    sheets = [grid(_drawn(source, n), n) for source in rows.values()]
    figure, axes = new_figure(7.2, 0.62 * len(sheets) + 0.08 + 0.3 * bool(title), rows=len(sheets))
    if title:
        figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    for ax, label, sheet in zip(axes[:, 0], rows, sheets, strict=True):
        ax.imshow(sheet, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.set_axis_off()
        ax.text(-0.02, 0.5, label, transform=ax.transAxes, ha="right", va="center", fontsize=10, color=INK)
        ax.set_anchor("W")  # a sheet less wide than its place stays beside its label, for which room was made
    return finish(figure, alt or f"Rows of {n} images each: {', '.join(rows)}.")


def attributions(
    images: Tensor, maps: Mapping[str, Tensor], *, columns: Sequence[str] = (), title: str = "", alt: str = ""
) -> Picture:
    """Images above a row of attributions for each label: red speaks for the target, blue against it, white is 0.

    Each map has its own symmetric scale, up to its 99.5th percentile, so that colours compare places within a map and
    not one method with another, whose units differ. A thin line is the image's outline.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        maps: label → attributions ``(N, 1 or C, H, W)``, whose channels are summed.
        columns: a word above each image, or none.
        title: what the figure says, above it.
        alt: the alternative text; without one it names the maps.

    Raises:
        CourseError: for maps of another number, height or width than the images.
    """
    images, n = check_images(images).detach().cpu(), len(images)
    for label, each in maps.items():
        if each.ndim != 4 or each.shape[0] != n or each.shape[2:] != images.shape[2:]:
            raise CourseError(
                f"{label}: maps of shape {tuple(each.shape)} for images {tuple(images.shape)}: they must "
                "agree in number, height and width."
            )
    labels = ("image", *maps)
    figure, axes, place = _squares(labels, columns, n, title)
    grey = images.mean(1).numpy()  # (N, H, W)
    for i in range(n):
        axes[0, i].imshow(grey[i], cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
        if columns:
            axes[0, i].set_title(columns[i], fontsize=9, color=INK, pad=3)
        for ax, each in zip(axes[1:, i], maps.values(), strict=True):
            drawn = ax.imshow(
                normalised_attribution(each[i]), cmap=FOR_AND_AGAINST, vmin=-1, vmax=1, interpolation="nearest"
            )
            if grey[i].min() < 0 < grey[i].max():
                ax.contour(grey[i], [0.0], colors=INK, linewidths=0.4, alpha=0.6)
    for ax, label in zip(axes[:, 0], labels, strict=True):
        ax.text(-0.08, 0.5, label, transform=ax.transAxes, ha="right", va="center", fontsize=10, color=INK)
    for ax in axes.flat:
        ax.set_axis_off()
    bar = figure.colorbar(drawn, cax=place, ticks=[-1, 0, 1])
    bar.ax.set_yticklabels(["against", "0", "for"], fontsize=9)
    bar.set_label("each map has\nits own scale", fontsize=9)
    bar.outline.set_visible(False)
    return finish(figure, alt or f"{n} images, and under them as many maps each of: {', '.join(maps)}.")


def _squares(labels: Sequence[str], columns: Sequence[str], n: int, title: str = "") -> tuple[Figure, np.ndarray, Axes]:
    """A figure with a row of ``n`` squares for each of ``labels``, and an axis for a colour scale at the right.

    There is room for the labels, for words above the ``columns``, and for a ``title`` above these. (matplotlib's own
    layout leaves uneven gaps between squares.)
    """
    gap, scale = 0.06, 1.2  # inches: between two squares, for the scale
    names, widest = 0.2 + _inches(labels, 10), _inches(columns, 9) + 0.1
    side = min(max(0.62 if n > 4 else 1, min(widest, 1)), max(0.25, (7.4 - names - scale) / n - gap))
    rows, above = len(labels), (0.25 if columns else 0.06) + 0.28 * bool(title)
    apart = max(gap, widest - side)  # between two columns
    squares = names + n * (side + apart)
    width, height = max(squares + scale, _inches([title] * bool(title), 11) + 0.2), above + rows * (side + gap)
    figure, axes = new_figure(width, height, rows=rows, columns=n, layout=None)
    figure.subplots_adjust(names / width, gap / height, squares / width, 1 - above / height, apart / side, gap / side)
    place = figure.add_axes(((squares + 0.1) / width, 0.1 / height, 0.09 / width, 1 - (above + 0.1) / height))
    if title:
        figure.text(0.1 / width, 1 - 0.08 / height, title, fontsize=11, color=INK, va="top")
    return figure, axes, place


def _inches(words: Sequence[str], size: int) -> float:
    """The width of the longest word in print, 0 without words."""
    return max((TextPath((0, 0), word, size=size).get_extents().width for word in words), default=0) / 72


def curves(history: History, alt: str = "") -> Picture:
    """The two curves every GAN tutorial shows: both losses, and what D answers on real and on fake images.

    D's answers are mean D, or the mean score where the loss's score is no log-odds.

    Args:
        history: of a game, with at least one step.
        alt: the alternative text; without one it says how the curves end.
    """
    figure, axes = new_figure(7.2, 2.7, columns=2)
    draw_curves(axes[0], history)
    last, (real, fake, what) = history.last(), score_names(history)
    alt = alt or (
        f"Training curves over {len(history)} steps. Left, losses, at the end {last['d_loss']:.2f} for the "
        f"discriminator and {last['g_loss']:.2f} for the generator. Right, {what}, at the end {last[real]:.2f} on "
        f"real and {last[fake]:.2f} on fake images."
    )
    return finish(figure, alt)


def score_names(history: "Curves") -> tuple[str, str, str]:
    """Under which names a history has D's answers.

    Args:
        history: of a game.

    Returns:
        The name on real images, that on fake images, and what the answers are called.
    """
    return ("d_real", "d_fake", "mean D") if "d_real" in history else ("score_real", "score_fake", "mean score")


def draw_curves(axes: Sequence[Axes] | np.ndarray, history: "Curves") -> None:
    """Draw losses and D's answers, smoothed over about a fiftieth of the run.

    Args:
        axes: two; the first gets the losses.
        history: of a game.
    """
    step, (real, fake, what) = history["step"], score_names(history)
    left = {"discriminator": (step, smooth(history["d_loss"])), "generator": (step, smooth(history["g_loss"]))}
    right = {"on real images": (step, smooth(history[real])), "on fake images": (step, smooth(history[fake]))}
    draw_lines(axes[0], left, "step", "loss", markers=False)
    draw_lines(axes[1], right, "step", f"{what}, {'1' if what == 'mean D' else 'higher'} = “real”", markers=False)
    if what == "mean D":  # a score has neither ends nor, for every loss, a border
        axes[1].set_ylim(-0.02, 1.02)
        axes[1].axhline(0.5, color=INK, linewidth=1, linestyle=(0, (1, 2)))


def smooth(values: Sequence[float], share: float = 0.02) -> np.ndarray:
    """A moving average, shorter at the ends, so that nothing is invented there.

    Args:
        values: in order.
        share: over how much of them, from 0 to 1.
    """
    reach = int(len(values) * share / 2)
    total = np.concatenate([[0.0], np.cumsum(np.asarray(values, dtype=float))])
    low = np.maximum(np.arange(len(values)) - reach, 0)
    high = np.minimum(np.arange(len(values)) + reach + 1, len(values))
    return (total[high] - total[low]) / (high - low)


def _drawn(source: Source, n: int) -> Tensor:
    """The first ``n`` of given images, or ``n`` that a sampler draws."""
    return check_images(source[:n] if isinstance(source, Tensor) else source(n))
