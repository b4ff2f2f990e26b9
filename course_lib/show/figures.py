"""The course's figures. Each returns a ``Picture``; none draws on a global canvas."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.textpath import TextPath
from torch import Tensor

from course_lib.data.pixels import check_images
from course_lib.errors import CourseError
from course_lib.show.picture import (
    COLOURS,
    FOR_AND_AGAINST,
    INK,
    LINES,
    MARKERS,
    Picture,
    finish,
    grid,
    new_figure,
    png_bytes,
)

Source = Tensor | Callable[[int], Tensor]


def samples(source: Source, n: int = 40, columns: int = 10, scale: int = 2, alt: str = "") -> Picture:
    """A sheet of images ``(N, C, H, W)`` in [−1, 1], or of ``n`` that a sampler draws; shown pixel for pixel."""
    images = _drawn(source, n)
    if len(images) == 0:
        raise CourseError("there is no image to show: expected at least 1.")
    alt = alt or f"A sheet of {len(images)} images, {images.shape[-2]}×{images.shape[-1]} pixels each."
    return Picture(png_bytes(grid(images, columns, scale)), alt)


def compare(rows: Mapping[str, Source], n: int = 12, alt: str = "") -> Picture:
    """One row of ``n`` images for each label: real digits above generated ones, say."""
    sheets = [grid(_drawn(source, n), n) for source in rows.values()]
    figure, axes = new_figure(7.2, 0.62 * len(sheets) + 0.08, rows=len(sheets))
    for ax, label, sheet in zip(axes[:, 0], rows, sheets, strict=True):
        ax.imshow(sheet, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.set_axis_off()
        ax.text(-0.02, 0.5, label, transform=ax.transAxes, ha="right", va="center", fontsize=10, color=INK)
        ax.set_anchor("W")  # a sheet less wide than its place stays beside its label, for which room was made
    return finish(figure, alt or f"Rows of {n} images each: {', '.join(rows)}.")


def attributions(images: Tensor, maps: Mapping[str, Tensor], *, columns: Sequence[str] = (), alt: str = "") -> Picture:
    """Images ``(N, C, H, W)`` in [−1, 1] above a row of attributions ``(N, 1 or C, H, W)`` for each label, channels
    summed: red speaks for the target, blue against it, white is 0. ``columns``: a word above each image.

    Each map has its own symmetric scale, up to its 99.5th percentile, so that colours compare places within a map and
    not one method with another, whose units differ. A thin line is the image's outline.

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
    figure, axes, place = _squares(labels, columns, n)
    grey = images.mean(1).numpy()  # (N, H, W)
    for i in range(n):
        axes[0, i].imshow(grey[i], cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
        if columns:
            axes[0, i].set_title(columns[i], fontsize=9, color=INK, pad=3)
        for ax, each in zip(axes[1:, i], maps.values(), strict=True):
            drawn = ax.imshow(_scaled(each[i]), cmap=FOR_AND_AGAINST, vmin=-1, vmax=1, interpolation="nearest")
            if grey[i].min() < 0 < grey[i].max():
                ax.contour(grey[i], [0.0], colors=INK, linewidths=0.4, alpha=0.6)
    for ax, label in zip(axes[:, 0], labels, strict=True):
        ax.text(-0.08, 0.5, label, transform=ax.transAxes, ha="right", va="center", fontsize=10, color=INK)
    for ax in axes.flat:
        ax.set_axis_off()
    bar = figure.colorbar(drawn, cax=place, ticks=[-1, 0, 1])
    bar.ax.set_yticklabels(["against", "0", "for"], fontsize=9)
    bar.outline.set_visible(False)
    return finish(figure, alt or f"{n} images, and under them as many maps each of: {', '.join(maps)}.")


def _squares(labels: Sequence[str], columns: Sequence[str], n: int):
    """A figure with a row of ``n`` squares for each of ``labels``, room for these and for words above the ``columns``,
    and an axis for a colour scale at the right. (matplotlib's own layout leaves uneven gaps between squares.)"""
    gap, scale = 0.06, 0.85  # inches: between two squares, for the scale
    names, widest = 0.2 + _inches(labels, 10), _inches(columns, 9) + 0.1
    side = min(max(0.62, min(widest, 1)), max(0.25, (7.4 - names - scale) / n - gap))
    rows, above = len(labels), 0.25 if columns else 0.06
    apart = max(gap, widest - side)  # between two columns
    width, height = names + n * (side + apart) + scale, above + rows * (side + gap)
    figure, axes = new_figure(width, height, rows=rows, columns=n, layout=None)
    figure.subplots_adjust(names / width, gap / height, 1 - scale / width, 1 - above / height, apart / side, gap / side)
    place = figure.add_axes([1 - (scale - 0.1) / width, 0.1 / height, 0.09 / width, 1 - 0.2 / height])
    return figure, axes, place


def _inches(words: Sequence[str], size: int) -> float:
    """The width of the longest word in print, 0 without words."""
    return max((TextPath((0, 0), word, size=size).get_extents().width for word in words), default=0) / 72


def lines(
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    x: str,
    y: str,
    *,
    alt: str,
    log_x: bool = False,
    log_y: bool = False,
    level: tuple[float, str] | None = None,
) -> Picture:
    """One line a label, from ``(xs, ys)``; ``level`` adds a named horizontal line to compare with."""
    figure, axes = new_figure(7.2, 3.4)
    _draw_lines(axes[0, 0], series, x, y)
    ax = axes[0, 0]
    if level:
        ax.axhline(level[0], color=INK, linewidth=1, linestyle=(0, (1, 2)))
        ax.annotate(level[1], (0.99, level[0]), xycoords=("axes fraction", "data"), ha="right", va="bottom", fontsize=9)
    if all(float(at).is_integer() for xs, _ in series.values() for at in xs):
        ax.xaxis.get_major_locator().set_params(integer=True)  # there is no layer 1.5
    for logarithmic, scale, axis in ((log_x, ax.set_xscale, ax.xaxis), (log_y, ax.set_yscale, ax.yaxis)):
        if logarithmic:
            scale("log")
            if min(axis.get_view_interval()) > 1e-4:
                axis.set_major_formatter("{x:g}")  # 10 and 100 are easier to read than powers
    return finish(figure, alt)


def bars(
    groups: Mapping[str, Sequence[float]],
    names: Sequence[str],
    y: str,
    *,
    alt: str,
    x: str = "",
    level: tuple[float, str] | None = None,
) -> Picture:
    """Grouped bars: for each label one bar a name, told apart by colour and hatching."""
    figure, axes = new_figure(7.2, 3.0)
    ax = axes[0, 0]
    width = 0.8 / len(groups)
    at = np.arange(len(names))
    for i, (label, heights) in enumerate(groups.items()):
        ax.bar(
            at + (i - (len(groups) - 1) / 2) * width,
            heights,
            width,
            label=label,
            color=COLOURS[i % 6],
            hatch=("", "//", "..", "xx", "\\\\", "++")[i % 6],
            edgecolor="white",
            linewidth=0.5,
        )
    if level:
        ax.axhline(level[0], color=INK, linewidth=1, linestyle=(0, (1, 2)), label=level[1])
    ax.set_xticks(at, names)
    ax.set(xlabel=x, ylabel=y)
    if len(groups) > 1 or level:
        legend_above(ax)
    return finish(figure, alt)


def curves(history, alt: str = "") -> Picture:
    """The two curves every GAN tutorial shows: both losses, and what D answers on real and on fake images: mean D, or
    the mean score where the loss's score is no log-odds."""
    figure, axes = new_figure(7.2, 2.7, columns=2)
    draw_curves(axes[0], history)
    last, (real, fake, what) = history.last(), answers(history)
    alt = alt or (
        f"Training curves over {len(history)} steps. Left, losses, at the end {last['d_loss']:.2f} for the "
        f"discriminator and {last['g_loss']:.2f} for the generator. Right, {what}, at the end {last[real]:.2f} on "
        f"real and {last[fake]:.2f} on fake images."
    )
    return finish(figure, alt)


def answers(history) -> tuple[str, str, str]:
    """Under which names ``history`` has D's answers on real and on fake images, and what they are called."""
    return ("d_real", "d_fake", "mean D") if "d_real" in history else ("score_real", "score_fake", "mean score")


def draw_curves(axes, history) -> None:
    """Draw losses on ``axes[0]`` and D's answers on ``axes[1]``, smoothed over about a fiftieth of the run."""
    step, (real, fake, what) = history["step"], answers(history)
    left = {"discriminator": (step, smooth(history["d_loss"])), "generator": (step, smooth(history["g_loss"]))}
    right = {"on real images": (step, smooth(history[real])), "on fake images": (step, smooth(history[fake]))}
    _draw_lines(axes[0], left, "step", "loss", markers=False)
    _draw_lines(axes[1], right, "step", f"{what}, {'1' if what == 'mean D' else 'higher'} = “real”", markers=False)
    if what == "mean D":  # a score has neither ends nor, for every loss, a border
        axes[1].set_ylim(-0.02, 1.02)
        axes[1].axhline(0.5, color=INK, linewidth=1, linestyle=(0, (1, 2)))


def smooth(values: Sequence[float], share: float = 0.02) -> np.ndarray:
    """A moving average over ``share`` of the values, shorter at the ends, so that nothing is invented there."""
    values = np.asarray(values, dtype=float)
    reach = int(len(values) * share / 2)
    total = np.concatenate([[0.0], np.cumsum(values)])
    low = np.maximum(np.arange(len(values)) - reach, 0)
    high = np.minimum(np.arange(len(values)) + reach + 1, len(values))
    return (total[high] - total[low]) / (high - low)


def legend_above(ax) -> None:
    """The legend in one line above the axes, where it hides nothing."""
    ax.legend(
        fontsize=9,
        edgecolor="none",
        loc="lower left",
        bbox_to_anchor=(0, 1),
        borderaxespad=0.2,
        ncols=len(ax.get_legend_handles_labels()[1]),
        handlelength=1.6,
        columnspacing=1.2,
    )


def _drawn(source: Source, n: int) -> Tensor:
    """The first ``n`` of given images, or ``n`` that a sampler draws."""
    return check_images(source[:n] if isinstance(source, Tensor) else source(n))


def _scaled(attribution: Tensor) -> np.ndarray:
    """One attribution ``(C, H, W)`` as ``(H, W)`` in units of its 99.5th percentile, or of its largest value."""
    a = attribution.detach().float().cpu().sum(0)
    largest = a.abs().flatten().quantile(0.995)
    return (a / (largest if largest > 0 else a.abs().max().clamp(min=1e-12))).numpy()


def _draw_lines(ax, series: Mapping[str, tuple], x: str, y: str, markers: bool = True) -> None:
    for i, (label, (xs, ys)) in enumerate(series.items()):
        mark = MARKERS[i % 6] if markers and len(xs) <= 30 else None
        ax.plot(xs, ys, color=COLOURS[i % 6], linestyle=LINES[i % 6], marker=mark, markersize=5, label=label)
    ax.set(xlabel=x, ylabel=y)
    if len(series) > 1 and markers:
        ax.legend(fontsize=9, framealpha=0.7, edgecolor="none")
    elif len(series) > 1:
        legend_above(ax)  # the curves of a run fill their axes: within them the legend would lie on one
