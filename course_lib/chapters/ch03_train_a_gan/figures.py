"""Chapter 03's figures and tables. A figure's title says what it shows; its legend lies above the data."""

import base64
import io
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from course_lib.files import recorded
from course_lib.learn.wording import show_table
from course_lib.metrics.judge_scores import JudgeReport
from course_lib.show.charts import Line
from course_lib.show.figures import draw_curves
from course_lib.show.picture import COLOURS, INK, LINES, MARKERS, Picture, finish, grid, new_figure

FRAME = 190  # grey
HEADER = ("pictures", "confidence", "surer than 0.9", "digits", "class entropy", "Fréchet distance")


def show_reports(caption: str, reports: Mapping[str, JudgeReport]) -> None:
    """A table of what the judge says of heaps of pictures.

    Args:
        caption: of the table.
        reports: name of a heap → its report.
    """
    rows = [
        (
            name,
            f"{one.confidence:.2f}",
            f"{one.sure:.0%}",
            f"{one.classes} of 10",
            f"{one.entropy:.2f}",
            f"{one.frechet:.{0 if one.frechet >= 10 else 1}f}",
        )
        for name, one in reports.items()
    ]
    show_table(caption, HEADER, rows)


def show_slopes(caption: str, slopes: Mapping[str, Sequence[float]]) -> None:
    """A table of what is lost on the way through a generator.

    Args:
        caption: of the table.
        slopes: generator → the slope at each hidden layer's output, first to last.
    """
    rows = [
        (name, *(f"{x:.2g}" for x in (found[0], found[-1], found[0] / found[-1]))) for name, found in slopes.items()
    ]
    show_table(caption, ("generator", "first layer", "last layer", "first : last"), rows)


def show_source(minimax: Mapping[str, Sequence[float]], other: Mapping[str, Sequence[float]]) -> None:
    """A table of what the minimax loss leaves of the slope with which the way begins.

    Args:
        minimax, other: generator → the slope at each hidden layer's output, first to last, with either loss.
    """
    rows = [(name, f"{minimax[name][-1] / found[-1]:.2g}") for name, found in other.items()]
    show_table("At the last hidden layer, against a confident D", ("generator", "minimax : non-saturating"), rows)


def chart(
    series: Mapping[str, Line],
    x: str,
    y: str,
    title: str,
    *,
    alt: str,
    log_x: bool = False,
    log_y: bool = False,
    level: tuple[float, str] | None = None,
    ranges: Mapping[str, tuple[Sequence[float], Sequence[float]]] | None = None,
) -> Picture:
    """One line a label, under a title.

    Args:
        series: label → ``(xs, ys)``, equally many.
        x, y: what the axes say.
        title: what the figure shows, in a sentence.
        alt: the alternative text.
        log_x, log_y: whether an axis is logarithmic.
        level: height and name of a horizontal line to compare with.
        ranges: label → lower and upper ends of a bar through each of its points.
    """
    figure, axes = new_figure(7.6, 3.9)
    ax = axes[0, 0]
    for i, (label, (xs, ys)) in enumerate(series.items()):
        colour = COLOURS[i % 6]
        mark = MARKERS[i % 6] if len(xs) <= 30 else None
        ax.plot(xs, ys, color=colour, linestyle=LINES[i % 6], marker=mark, markersize=5, label=label)
        if ranges:
            ax.vlines(xs, *ranges[label], color=colour, linewidth=1.5, alpha=0.7)
    ax.set(xlabel=x, ylabel=y)
    if log_x:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter("{x:g}")
    if log_y:
        ax.set_yscale("log")
    if level:
        ax.axhline(level[0], color=INK, linewidth=1, linestyle=(0, (1, 2)), label=level[1])
    if len(series) > 1 or level:
        columns = 3 if len(series) > 4 or max(map(len, series)) > 18 else 4
        ax.legend(fontsize=10, edgecolor="none", loc="lower left", bbox_to_anchor=(0, 1), ncols=columns)
    figure.suptitle(title, fontsize=12, x=0.01, ha="left")
    return finish(figure, f"{title}. {alt}")


def strips(rows: Mapping[str, Tensor], title: str, alt: str, y: str = "") -> Picture:
    """A row of images for each label, under a title.

    Args:
        rows: label → images ``(n, 1, H, W)`` in [−1, 1], as many in each row.
        title: what the figure shows, in a sentence.
        alt: the alternative text.
        y: what the labels are.
    """
    n, gap = len(next(iter(rows.values()))), 2
    sheets = [grid(images, n, scale=1, gap=gap) for images in rows.values()]
    high, wide = sheets[0].shape[0], (sheets[0].shape[1] + gap) // n
    stack = np.full((len(rows) * (high + gap) + gap, n * wide + gap), FRAME, np.uint8)
    for i, sheet in enumerate(sheets):
        for j in range(n):  # each image gets a frame: a white one would be lost on a white page
            one = sheet[:, j * wide : (j + 1) * wide - gap]
            stack[gap + i * (high + gap) :, gap + j * wide :][:high, : wide - gap] = one
    side = min(0.72, 6.6 / n)  # inches of one image
    figure, axes = new_figure(8.2, side * stack.shape[0] / high + 0.5)
    ax = axes[0, 0]
    ax.imshow(stack, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    ax.set_xticks([])
    ax.set_yticks([gap + i * (high + gap) + high / 2 for i in range(len(sheets))], list(rows), fontsize=11)
    ax.set_ylabel(y)
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    figure.suptitle(title, fontsize=12, x=0.01, ha="left")
    return finish(figure, f"{title}. {alt}")


def two_curves(curves: Mapping[str, Sequence[float]], title: str, alt: str) -> Picture:
    """Both losses, and beside them D's answers on real and on drawn pictures.

    Args:
        curves: of a training.
        title: what the figure shows, in a sentence.
        alt: what else is to be seen.
    """
    figure, axes = new_figure(8.6, 3.3, columns=2)
    draw_curves(axes[0], curves)
    for ax in axes[0]:
        ax.legend(fontsize=10, edgecolor="none", loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    figure.suptitle(title, fontsize=12, x=0.01, ha="left")
    return finish(figure, f"{title}. {alt}")


def unpacked(png: str) -> Tensor:
    """The images of a recorded sheet, ``(n, 1, 28, 28)`` in [−1, 1].

    Args:
        png: base64 PNG, as the recordings' ``thumbnails`` make it: rows of eight, two pixels apart.
    """
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("L"), dtype=np.float32)
    rows, columns = (side // 30 + 1 for side in sheet.shape)
    parts = [sheet[30 * r : 30 * r + 28, 30 * c : 30 * c + 28] for r in range(rows) for c in range(columns)]
    return torch.from_numpy(np.stack(parts))[:, None] / 127.5 - 1


def recorded_reports(article: str) -> dict[str, JudgeReport]:
    """What the judge said of an article's GAN in its recorded runs.

    Args:
        article: "A1" or "A2".

    Returns:
        Seed → report on 4,000 pictures.
    """
    found = recorded("articles-gans")["runs"][article]["reports"]
    return {seed: JudgeReport(**{k: v for k, v in one.items() if k != "counts"}, n=4000) for seed, one in found.items()}
