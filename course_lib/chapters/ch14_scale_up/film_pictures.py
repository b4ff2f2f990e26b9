"""The figures of lesson 14.6: clips as strips of frames, and what covering a frame does."""

from collections.abc import Mapping

import numpy as np
from torch import Tensor

from course_lib.show.picture import COLOURS, INK, Picture, finish, grid, new_figure


def strips(rows: Mapping[str, Tensor], *, title: str, alt: str, clips: int = 2) -> Picture:
    """A row of clips for each label, each clip's frames from left to right.

    Args:
        rows: label → clips ``(N, T, H, W)`` in [−1, 1]; the first are shown.
        title: what the figure says.
        alt: the alternative text.
        clips: a row.
    """
    figure, axes = new_figure(7.6, 0.62 * len(rows) + 0.4, rows=len(rows))
    for ax, (label, films) in zip(axes[:, 0], rows.items(), strict=True):
        sheets = [grid(film[:, None], columns=len(film)) for film in films[:clips]]
        gap = np.full((sheets[0].shape[0], 14), 255, np.uint8)
        parts = [part for sheet in sheets for part in (sheet, gap)][:-1]
        ax.imshow(np.concatenate(parts, 1), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.set_axis_off()
        ax.set_anchor("W")
        ax.text(-0.02, 0.5, label, transform=ax.transAxes, ha="right", va="center", fontsize=10, color=INK)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def covered(panels: Mapping[str, Mapping[str, Tensor]], *, title: str, alt: str) -> Picture:
    """How far a logit falls when a frame is covered: one panel a way to cover, bars for each frame.

    Args:
        panels: way → label → falls ``(N, T)`` in spreads of the logit; bars are means, with twice their standard error.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.6, 2.9, columns=len(panels))
    for ax, (way, rows) in zip(axes[0], panels.items(), strict=True):
        width = 0.8 / len(rows)
        for i, (label, falls) in enumerate(rows.items()):
            at = np.arange(falls.shape[1]) + 1 + (i - (len(rows) - 1) / 2) * width
            error = 2 * (falls.std(0) / len(falls) ** 0.5).numpy()
            look = {"color": COLOURS[i % 6], "hatch": ("", "//", "..")[i % 3], "edgecolor": "white"}
            ax.bar(at, falls.mean(0).numpy(), width, yerr=error, ecolor=INK, label=label, linewidth=0.5, **look)
        ax.axhline(0, color=INK, linewidth=0.8)
        ax.set_title(way, fontsize=10, loc="left")
        ax.set(xlabel="frame that is covered")
    axes[0, 0].set_ylabel("fall of the logit (in spreads)")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=9, frameon=False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
