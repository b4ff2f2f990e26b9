"""Figures of points in the plane, and of many runs side by side."""

from collections.abc import Mapping, Sequence
from statistics import median

from matplotlib.ticker import MaxNLocator
from torch import Tensor

from course_lib.data.toy import Mixture
from course_lib.errors import CourseError, one_of
from course_lib.show.picture import COLOURS, INK, Picture, finish, new_figure


def clouds(panels: Mapping[str, Tensor], mixture: Mixture, *, alt: str, columns: int = 4, n: int = 600) -> Picture:
    """One panel for each label: its points over the modes, which are drawn as rings.

    Args:
        panels: label → points ``(N, 2)``.
        mixture: where the modes are.
        alt: the alternative text.
        columns: panels a row, where there are so many.
        n: how many points of each are drawn, the first ones.

    Raises:
        CourseError: for a mixture that does not lie in the plane.
    """
    if mixture.dim != 2:
        raise CourseError(f"{mixture.name!r} has {mixture.dim} dimensions: this figure shows points in the plane, 2.")
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    figure, axes = new_figure(2.3 * columns, 2.5 * rows, columns=columns, rows=rows)
    reach = 1.8 * mixture.centres.abs().max().item()
    for ax in axes.flat[len(panels) :]:
        ax.set_visible(False)
    for ax, (label, points) in zip(axes.flat, panels.items(), strict=False):
        ax.plot(*mixture.centres.T.tolist(), "o", color=INK, markersize=9, fillstyle="none", markeredgewidth=0.8)
        ax.plot(*points[:n].T.tolist(), ".", color=COLOURS[1], markersize=3, alpha=0.5)
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xticks=[], yticks=[])
        ax.set_title(label, fontsize=10)
        ax.grid(False)
    return finish(figure, alt)


def dots(
    measures: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    alt: str,
    title: str = "",
    control: str | None = None,
    others: Sequence[str] = (),
    log: Sequence[str] = (),
    shares: Sequence[str] = (),
) -> Picture:
    """One panel for each measure, one line for each row, one dot for each run; the bar is the median.

    Args:
        measures: measure → row → a value for each run; each measure has the same rows.
        alt: the alternative text.
        title: what the figure says, above the panels, or nothing.
        control: the row whose median is drawn down the whole panel, to compare with.
        others: rows drawn as squares of another colour, because they are no candidates.
        log: measures with a logarithmic axis.
        shares: measures whose axis runs from 0 to 1, so that their panels can be compared.

    Raises:
        CourseError: for a value of 0 or less on a logarithmic axis; for an unknown measure in ``log`` or ``shares``.
    """
    names = list(next(iter(measures.values())))
    for measure in log:
        one_of("measure with a logarithmic axis", measure, measures)
    for measure in shares:
        one_of("measure with an axis from 0 to 1", measure, measures)
    figure, axes = new_figure(9.0, 0.27 * len(names) + 0.7 + 0.3 * bool(title), columns=len(measures))
    for i, (ax, (measure, rows)) in enumerate(zip(axes[0], measures.items(), strict=True)):
        if measure in log:
            ax.set_xscale("log")
        for y, name in enumerate(names):
            values = sorted(rows[name])
            if not values:
                continue
            if measure in log and values[0] <= 0:
                raise CourseError(f"{measure!r} of {name!r} is {values[0]}: a logarithmic axis needs values above 0.")
            middle, (colour, marker) = median(values), (COLOURS[1], "s") if name in others else (COLOURS[0], "o")
            ax.plot([middle] * 2, [y - 0.36, y + 0.36], color=INK, linewidth=2.2)
            ax.plot(values, [y] * len(values), marker, color=colour, markersize=5, alpha=0.55)
            if name == control:
                ax.axvline(middle, color=INK, linewidth=1, linestyle=(0, (1, 2)), zorder=0)
        if measure not in log and all(isinstance(value, int) for values in rows.values() for value in values):
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))  # there are no 2.5 modes
        if measure in shares:
            ax.set(xlim=(-0.03, 1.03), xticks=(0, 0.5, 1))
        ax.set(xlabel=measure, ylim=(len(names) - 0.4, -0.6))
        ax.set_yticks(range(len(names)), names if i == 0 else [""] * len(names), fontsize=10)
    if title:
        figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
