"""The figures of lesson 11.4: one digit's nine counterfactuals, shapes that changed side, and which factors changed."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from torch import Tensor

from course_lib.chapters.ch11_symbols_and_shapes.counter_shapes import MEASURED, measured
from course_lib.data.shapes import RANGES
from course_lib.show.picture import COLOURS, INK, Picture, finish, new_figure


def row_of(pictures: Tensor, heads: Sequence[str], feet: Sequence[str], *, title: str, alt: str) -> Picture:
    """Pictures side by side, words above and below each.

    Args:
        pictures: ``(N, 1, H, W)`` in [−1, 1].
        heads, feet: of each.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.6, 1.75, columns=len(pictures))
    for ax, picture, head, foot in zip(axes[0], pictures, heads, feet, strict=True):
        _grey(ax, picture, head, foot)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def shapes_in_columns(columns: Mapping[str, Tensor], rows: int, *, title: str, alt: str) -> Picture:
    """A row for each shape; below each picture its place across in pixels, and its brightness as a share of white.

    Args:
        columns: head → pictures ``(N, 1, H, W)`` in [−1, 1].
        rows: how many shapes are shown, the first ones.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(8.0, 0.4 + 1.6 * rows, rows=rows, columns=len(columns))
    for i, (head, pictures) in enumerate(columns.items()):
        across, bright = (
            measured(pictures)[factor] * (RANGES[factor][1] - RANGES[factor][0]) for factor in ("x", "brightness")
        )
        for k, row in enumerate(axes):
            _grey(row[i], pictures[k], head if k == 0 else "", f"{across[k]:.0f} across, {bright[k]:.0%} bright")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def changed_factors(found: Mapping[str, Mapping[str, Mapping[str, float]]], *, title: str, alt: str) -> Picture:
    """A panel for each pair of classifier and generator: how far each factor changes, beside a random move.

    Args:
        found: pair → move → what ``counter_shapes.changes`` gave.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.6, 3.3, columns=len(found))
    top = max(value for pair in found.values() for change in pair.values() for value in change.values())
    for ax, (name, pair) in zip(axes[0], found.items(), strict=True):
        at = np.arange(len(MEASURED))
        for i, (move, change) in enumerate(pair.items()):
            heights = [change[factor] for factor in MEASURED]
            ax.bar(
                at + 0.4 * (i - 0.5), heights, 0.4, label=move, color=COLOURS[i], hatch=("", "//")[i], edgecolor="white"
            )
            for x, height in zip(at + 0.4 * (i - 0.5), heights, strict=True):
                ax.text(x, height + 0.01 * top, f"{height:.0%}", ha="center", fontsize=10, color=INK)
        ax.set_xticks(at, [words.replace(", ", ",\n") for words in MEASURED.values()], fontsize=10)
        ax.set_ylim(0, 1.15 * top)
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.set_title(name, fontsize=10, loc="left")
    axes[0, 0].set_ylabel("mean change,\nshare of the factor's range", fontsize=10)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=10, frameon=False
    )
    return finish(figure, alt)


def _grey(ax: Axes, picture: Tensor, head: str, foot: str) -> None:
    ax.imshow(picture[0].numpy(), cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
    ax.set_xticks([]), ax.set_yticks([])
    ax.grid(False)
    ax.spines[:].set_visible(False)
    ax.set_title(head, fontsize=10)
    ax.set_xlabel(foot, fontsize=10)
