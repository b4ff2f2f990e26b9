"""The figures of lesson 11.5: what one place sees, what maps look like, what probes read at each stage."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from matplotlib.ticker import PercentFormatter
from torch import Tensor

from course_lib.show.charts import say
from course_lib.show.picture import (
    COLOURS,
    FOR_AND_AGAINST,
    INK,
    LINES,
    MARKERS,
    Picture,
    finish,
    new_figure,
    normalised_attribution,
)

Shares = Mapping[str, Sequence[float]]  # stage → a share for each split


def places(amounts: Mapping[str, Tensor], *, title: str, alt: str, one_scale: bool = False) -> Picture:
    """An amount at each pixel: black is nothing, white the most.

    Args:
        amounts: what is shown → ``(H, W)``, at least 0.
        title: what the figure says.
        alt: the alternative text.
        one_scale: whether white is the most of all squares, else of each; the scale stands at the right, in per cent.
    """
    figure, axes = new_figure(max(2.1 * len(amounts), 5.2), 2.7, columns=len(amounts), layout="compressed")
    most = max(each.max() for each in amounts.values())
    for ax, (name, each) in zip(axes[0], amounts.items(), strict=True):
        top = most if one_scale else each.max()
        shown = ax.imshow(each, cmap="gray", vmin=0, vmax=top, interpolation="nearest")
        ax.set_xlabel(name, fontsize=10)
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
    if one_scale:
        bar = figure.colorbar(shown, ax=list(axes[0]), fraction=0.04, pad=0.03, format=PercentFormatter(1, decimals=0))
        bar.outline.set_visible(False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def activations(rows: Mapping[str, tuple[Tensor, Tensor]], *, title: str, alt: str) -> Picture:
    """A row for each label: a picture, and beside it maps that a layer makes of it, each on its own scale.

    Args:
        rows: label → the picture ``(1, H, W)`` in [−1, 1], and maps ``(K, h, w)``; orange is positive, blue negative.
        title: what the figure says.
        alt: the alternative text.
    """
    columns = 1 + len(next(iter(rows.values()))[1])
    figure, axes = new_figure(8.4, 0.98 * len(rows) + 0.4, rows=len(rows), columns=columns)
    for row, (label, (picture, maps)) in zip(axes, rows.items(), strict=True):
        row[0].imshow(picture[0], cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
        row[0].set_ylabel(label, rotation=0, ha="right", va="center", fontsize=10, labelpad=6)
        for ax, each in zip(row[1:], maps, strict=True):
            ax.imshow(
                normalised_attribution(each[None]), cmap=FOR_AND_AGAINST, vmin=-1, vmax=1, interpolation="nearest"
            )
        for ax in row:
            ax.set(xticks=[], yticks=[])
            ax.grid(False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def by_stage(
    panels: Mapping[str, tuple[float, Mapping[str, Shares]]], *, title: str, alt: str, y: str = "share right, held out"
) -> Picture:
    """One panel a question: lines over the stages of a network, a dot for each split.

    Args:
        panels: question → the share that guessing gets, and line → stage → shares.
        title: what the figure says.
        alt: the alternative text.
        y: what the axis says.
    """
    figure, axes = new_figure(9.0, 3.5, columns=len(panels))
    for ax, (question, (chance, rows)) in zip(axes[0], panels.items(), strict=True):
        for i, (label, shares) in enumerate(rows.items()):
            ax.plot([fmean(each) for each in shares.values()], color=COLOURS[i], linestyle=LINES[i], label=label)
            for at, each in enumerate(shares.values()):
                ax.plot([at] * len(each), each, MARKERS[i], color=COLOURS[i], markersize=5, alpha=0.6)
        ax.axhline(chance, color=INK, linewidth=1, linestyle=(0, (1, 2)))
        ax.annotate(
            "guessing", (0.5, chance), xytext=(0, -5), textcoords="offset points", ha="center", va="top", fontsize=10
        )
        names = list(next(iter(rows.values())))
        ax.set_xticks(range(len(names)), names, fontsize=10)
        ax.set(ylim=(0, 1.02), xlim=(-0.3, len(names) - 0.7))
        say(ax, question)
    axes[0, 0].set_ylabel(y)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=10, frameon=False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
