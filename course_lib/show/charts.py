"""Charts of numbers: lines and bars."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from course_lib.show.picture import COLOURS, INK, LINES, MARKERS, Picture, finish, new_figure

Line = tuple[Sequence[float] | np.ndarray, Sequence[float] | np.ndarray]  # xs, ys


def lines(
    series: Mapping[str, Line],
    x: str,
    y: str,
    *,
    alt: str,
    title: str = "",
    log_x: bool = False,
    log_y: bool = False,
    level: tuple[float, str] | None = None,
    from_zero: bool = False,
) -> Picture:
    """One line a label.

    Args:
        series: label → ``(xs, ys)``, equally many.
        x, y: what the axes say.
        alt: the alternative text.
        title: what the figure says, above it.
        log_x, log_y: whether an axis is logarithmic.
        level: height and name of a horizontal line to compare with.
        from_zero: whether both axes begin at 0.
    """
    figure, axes = new_figure(7.2, 3.4)
    draw_lines(axes[0, 0], series, x, y)
    ax = axes[0, 0]
    say(ax, title)
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
    if from_zero:
        ax.set_xlim(left=0)
        ax.set_ylim(bottom=0)
    return finish(figure, alt)


def bars(
    groups: Mapping[str, Sequence[float]],
    names: Sequence[str],
    y: str,
    *,
    alt: str,
    title: str = "",
    x: str = "",
    level: tuple[float, str] | None = None,
) -> Picture:
    """Grouped bars: for each label one bar a name, told apart by colour and hatching.

    Args:
        groups: label → a height for each of ``names``.
        names: of the groups, from left to right.
        y, x: what the axes say.
        alt: the alternative text.
        title: what the figure says, above it.
        level: height and name of a horizontal line to compare with.
    """
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
    say(ax, title, above=len(groups) > 1 or level is not None)
    if len(groups) > 1 or level:
        legend_above(ax)
    return finish(figure, alt)


def draw_lines(ax: Axes, series: Mapping[str, Line], x: str, y: str, markers: bool = True) -> None:
    """Draw one line a label, with a legend where there are several.

    Args:
        ax: drawn on.
        series, x, y: as in :func:`lines`.
        markers: whether a line of at most 30 points has markers; without, the legend lies above the axes.
    """
    for i, (label, (xs, ys)) in enumerate(series.items()):
        mark = MARKERS[i % 6] if markers and len(xs) <= 30 else None
        ax.plot(xs, ys, color=COLOURS[i % 6], linestyle=LINES[i % 6], marker=mark, markersize=5, label=label)
    ax.set(xlabel=x, ylabel=y)
    if len(series) > 1 and markers:
        ax.legend(fontsize=9, framealpha=0.7, edgecolor="none")
    elif len(series) > 1:
        legend_above(ax)  # the curves of a run fill their axes: within them the legend would lie on one


def say(ax: Axes, title: str, above: bool = False) -> None:
    """Write what a figure says over its axes, at the left; nothing for an empty title.

    Args:
        ax: whose figure it is.
        title: a sentence.
        above: whether a legend lies there too, which it must clear.
    """
    if title:
        ax.set_title(title, fontsize=11, loc="left", pad=22 if above else 8)


def legend_above(ax: Axes) -> None:
    """The legend in one line above the axes, where it hides nothing.

    Args:
        ax: with labels on what is drawn.
    """
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
