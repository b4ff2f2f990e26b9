"""The figures of lesson 11.2: pairs of pictures, concepts among random ones, and slopes beside what a change does."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from torch import Tensor

from course_lib.show.picture import COLOURS, INK, MARKERS, Picture, finish, grid, new_figure

GREY = "#9A9A9A"
OFFSETS = ((0, 8), (0, -8), (8, 0), (-8, 0), (7, 7), (-7, -7), (7, -7), (-7, 7))  # of a digit from its dot, in points


def pairs_strip(groups: Mapping[str, tuple[Tensor, Tensor]], n: int = 4, *, title: str, alt: str) -> Picture:
    """The first pairs of each group: above the pictures with a concept, below the same without it.

    Args:
        groups: words above a group → its pictures with the concept and without it, ``(N, 1, H, W)`` in [−1, 1].
        n: pairs of each that are shown.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.2, 2 * 8.8 / (len(groups) * n) + 0.6, columns=len(groups))
    for ax, (words, (there, away)) in zip(axes[0], groups.items(), strict=True):
        sheet = grid(torch.cat([there[:n], away[:n]]).cpu(), n)
        ax.imshow(sheet, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.set_title(words, fontsize=10)
        ax.set_axis_off()
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def among_random(panels: Mapping[str, tuple[Sequence[float], Mapping[str, float]]], *, title: str, alt: str) -> Picture:
    """A histogram of random concepts for each panel, and a line with a name for each concept of interest.

    Args:
        panels: what is measured → its values for random concepts, and concept → its value.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.2, 3.1, columns=len(panels))
    for ax, (words, (randoms, named)) in zip(axes[0], panels.items(), strict=True):
        ax.hist(randoms, bins=20, color=GREY, edgecolor="white", label="random concepts")
        for i, (name, value) in enumerate(named.items()):
            ax.axvline(value, color=COLOURS[i], linewidth=2.4, linestyle=("-", "--", ":")[i], label=name)
        ax.set(xlabel=words, ylabel="random concepts")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=10, frameon=False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def p_row(ps: Sequence[float], level: float, *, title: str, alt: str) -> Picture:
    """A dot for each test at its p, the smallest first, and a line at the level below which a test raises an alarm.

    Args:
        ps: of the tests; each above 0.
        level: of the tests.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.2, 2.6)
    ax = axes[0, 0]
    at = np.arange(1, len(ps) + 1)
    values = np.sort(np.asarray(ps))
    for alarm, words in ((True, "an alarm"), (False, "no alarm")):
        hit = (values < level) == alarm
        ax.plot(values[hit], at[hit], MARKERS[not alarm], color=COLOURS[int(alarm)], markersize=6, label=words)
    ax.axvline(level, color=INK, linewidth=1, linestyle=(0, (1, 2)), label=f"{level:g}")
    ax.set(xscale="log", xlabel="p of the t-test", ylabel="random concepts, sorted")
    ax.legend(fontsize=10, loc="upper left", edgecolor="none")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def slope_and_deed(
    foretold: Mapping[str, Mapping[str, Sequence[float]]],
    done: Mapping[str, Sequence[float]],
    *,
    title: str,
    alt: str,
) -> Picture:
    """A row for each way to foretell, a column for each concept, in it the classes: the slope, and what the change did.

    Args:
        foretold: along what → concept → slope for each class.
        done: concept → the logit's change for each class.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.2, 0.3 + 2.5 * len(foretold), columns=len(done), rows=len(foretold))
    for row, (way, slopes) in zip(axes, foretold.items(), strict=True):
        for i, (ax, name) in enumerate(zip(row, done, strict=True)):
            reach_x, reach_y = (1.25 * float(np.abs(v).max()) for v in (slopes[name], done[name]))
            for sign in (-1, 1):
                low, high = (0.5, 1) if sign > 0 else (0, 0.5)
                ax.axvspan(0, sign * reach_x, low, high, color="#E8F1F8", zorder=0)
            ax.axhline(0, color=INK, linewidth=1)
            ax.axvline(0, color=INK, linewidth=1)
            ax.set(
                xlabel=f"“{name}”: slope along {way}", ylabel="own class’s logit changes by", xlim=(-reach_x, reach_x)
            )
            ax.set(ylim=(-reach_y, reach_y))
            _digits(ax, slopes[name], done[name], COLOURS[i])
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def _digits(ax: Axes, xs: Sequence[float], ys: Sequence[float], colour: str) -> None:
    """A dot for each class and its digit beside it, where it lies on no other dot or digit, and on no axis."""
    points = np.array([xs, ys]).T / [ax.get_xlim()[1], ax.get_ylim()[1]] * [140, 65]  # half a panel, in points
    taken = list(points)
    for k, (x, y) in enumerate(zip(xs, ys, strict=True)):
        free = [
            min(*(np.hypot(*(place - one)) for one in taken), *(1.5 * np.abs(place)))
            for place in points[k] + np.array(OFFSETS)
        ]
        best = next((i for i, gap in enumerate(free) if gap >= 7.5), int(np.argmax(free)))
        taken.append(points[k] + OFFSETS[best])
        ax.plot([x], [y], marker="o", color=colour, markersize=3.5)
        ax.annotate(
            str(k), (x, y), OFFSETS[best], textcoords="offset points", ha="center", va="center", fontsize=9, color=INK
        )
