"""The figures of lesson 11.2: concepts among random ones, and what a slope foretells beside what a change does."""

from collections.abc import Mapping, Sequence

import numpy as np

from course_lib.show.picture import COLOURS, INK, Picture, finish, new_figure

GREY = "#9A9A9A"


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


def slope_and_deed(
    foretold: Mapping[str, Sequence[float]], done: Mapping[str, Sequence[float]], *, title: str, alt: str
) -> Picture:
    """For each concept the classes as digits: the slope along its direction, and what the change itself did.

    Args:
        foretold: concept → slope for each class.
        done: concept → the logit's change for each class.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.2, 3.4, columns=len(foretold))
    for i, (ax, (name, slopes)) in enumerate(zip(axes[0], foretold.items(), strict=True)):
        reach_x, reach_y = (1.25 * float(np.abs(v).max()) for v in (slopes, done[name]))
        for sign in (-1, 1):
            ax.axvspan(0, sign * reach_x, 0.5 if sign > 0 else 0, 1 if sign > 0 else 0.5, color="#E8F1F8", zorder=0)
        ax.axhline(0, color=INK, linewidth=1)
        ax.axvline(0, color=INK, linewidth=1)
        for k, (x, y) in enumerate(zip(slopes, done[name], strict=True)):
            ax.plot([x], [y], marker=f"${k}$", color=COLOURS[i], markersize=9)
        ax.set(xlabel=f"slope along “{name}”", ylabel="change of the logit when done", xlim=(-reach_x, reach_x))
        ax.set(ylim=(-reach_y, reach_y))
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
