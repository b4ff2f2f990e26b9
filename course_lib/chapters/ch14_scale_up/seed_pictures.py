"""The figure of lesson 14.3: every seed of every setting, with its mean."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from course_lib.show.picture import COLOURS, INK, Picture, finish, new_figure


def seeds_as_dots(rows: Mapping[str, Sequence[float]], *, x: str, title: str, alt: str) -> Picture:
    """One row a setting, a dot a seed, a bar at the mean.

    Args:
        rows: setting → a number for each seed.
        x: what the axis says.
        title: what the figure says.
        alt: the alternative text.

    Returns:
        The figure.
    """
    figure, axes = new_figure(7.2, 0.55 * len(rows) + 1.3)
    ax = axes[0, 0]
    for y, values in enumerate(rows.values()):
        ax.plot(list(values), [y] * len(values), "o", color=COLOURS[0], markersize=6, alpha=0.35)
        ax.plot([fmean(values)] * 2, [y - 0.32, y + 0.32], color=INK, linewidth=2.2)
    ax.set_yticks(range(len(rows)), list(rows), fontsize=10)
    ax.set(xlabel=x, ylim=(len(rows) - 0.45, -0.55))
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
