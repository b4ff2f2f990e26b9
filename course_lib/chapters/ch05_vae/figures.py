"""The figures of chapter 05: each says its message in its title, and its legend stands clear of the data."""

import base64
import io
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from course_lib.show import History
from course_lib.show.charts import Line
from course_lib.show.figures import Source
from course_lib.show.picture import COLOURS, INK, LINES, MARKERS, Picture, finish, grid, new_figure

WIDTH, TITLE, TEXT = 7.2, 11, 10  # inches, points


def chart(
    message: str,
    series: Mapping[str, Line],
    x: str,
    y: str,
    *,
    alt: str,
    log_x: bool = False,
    level: tuple[float, str] | None = None,
) -> Picture:
    """One line a label, the message above it and the legend below.

    Args:
        message: what is to be seen, as the title.
        series: label → ``(xs, ys)``, equally many; at most 30 points are marked.
        x, y: what the axes say.
        alt: the alternative text.
        log_x: whether the horizontal axis is logarithmic.
        level: height and name of a horizontal line to compare with.
    """
    figure, axes = new_figure(WIDTH, 3.7)
    ax = axes[0, 0]
    for i, (label, (xs, ys)) in enumerate(series.items()):
        mark = MARKERS[i % 6] if len(xs) <= 30 else None
        ax.plot(xs, ys, color=COLOURS[i % 6], linestyle=LINES[i % 6], marker=mark, markersize=5, label=label)
    if level:
        ax.axhline(level[0], color=INK, linewidth=1, linestyle=(0, (1, 2)))
        ax.annotate(
            level[1], (0.99, level[0]), xycoords=("axes fraction", "data"), ha="right", va="bottom", fontsize=TEXT
        )
    if log_x:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter("{x:g}")
        if len(at := sorted({float(value) for xs, _ in series.values() for value in xs})) <= 8:
            ax.set_xticks(at)
            ax.minorticks_off()
    ax.set(xlabel=x, ylabel=y)
    ax.set_title(message, fontsize=TITLE, loc="left")
    if len(series) > 1:
        columns = min(4, len(series)) if sum(map(len, series)) < 60 else 2
        figure.legend(loc="outside lower center", ncols=columns, fontsize=TEXT, frameon=False)
    return finish(figure, alt)


def sheet(
    message: str, rows: Mapping[str, Source], n: int = 12, *, alt: str, above: Sequence[str] | None = None
) -> Picture:
    """One row of images for each label, the message above them.

    Args:
        message: what is to be seen, as the title.
        rows: label → images ``(N, C, H, W)`` in [−1, 1], or a sampler, which is asked for ``n``.
        n: images a row.
        alt: the alternative text.
        above: a word over each column, instead of none.
    """
    side = (WIDTH - 1.3) / 12  # inches of an image and its gap, whatever the number in a row
    figure, axes = new_figure(WIDTH, len(rows) * (side + 0.08) + 0.4 + 0.2 * bool(above), rows=len(rows))
    for ax, (label, source) in zip(axes[:, 0], rows.items(), strict=True):
        pixels = grid(source[:n] if isinstance(source, Tensor) else source(n), n)
        ax.imshow(pixels, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        ax.set_ylabel(label, rotation=0, ha="right", va="center", fontsize=TEXT)
        ax.set_anchor("W")
    if above:
        width = pixels.shape[1] / n
        axes[0, 0].set_xticks([(i + 0.5) * width for i in range(n)], above, fontsize=TEXT)
        axes[0, 0].tick_params(top=False, bottom=False, labeltop=True, labelbottom=False, pad=1)
    figure.suptitle(message, fontsize=TITLE, x=0.01, ha="left", color=INK)
    return finish(figure, alt)


def training_figure(history: History, held_out: Mapping[int, float], pixels_alone: float) -> Picture:
    """The terms of a VAE's training over its steps, and minus the bound on held-out digits.

    Args:
        history: records of the steps.
        held_out: step → minus the bound there.
        pixels_alone: −log p(x) of *each pixel for itself*, to compare with.
    """
    width = min(50, len(history))
    ends = np.arange(width, len(history) + 1, width)
    terms = {"−bound, training": "loss", "reconstruction, training": "reconstruction", "KL, training": "kl"}
    series: dict[str, Line] = {
        label: (ends, np.reshape(history[name][: ends[-1]], (-1, width)).mean(1)) for label, name in terms.items()
    }
    series["−bound, held out"] = (list(held_out), list(held_out.values()))
    return chart(
        "Minus the bound falls; the code costs more as it says more",
        series,
        "step",
        "nats a digit",
        level=(pixels_alone, "each pixel for itself"),
        alt="Four lines over the steps. Minus the bound and the reconstruction fall steeply, then slowly; the KL rises "
        "to about 16 and stays; minus the bound of held-out digits ends above that of training digits.",
    )


def row_of(png: str, count: int) -> Tensor:
    """Recorded images: ``(count, 1, H, W)`` in [−1, 1].

    Args:
        png: of the images side by side without gaps, in base64.
        count: how many.
    """
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("L"), np.float32) / 127.5 - 1
    return torch.from_numpy(np.stack(np.split(pixels, count, axis=1)))[:, None]
