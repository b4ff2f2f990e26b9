"""The race in pictures: the last clouds of all rows, four measures side by side, and who beats all five controls."""

import math
from collections.abc import Sequence
from statistics import median

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from course_lib.chapters.ch04_mode_collapse.pictures import CURE, NO_CURE, clouds
from course_lib.chapters.ch04_mode_collapse.race import (
    beside_best,
    cloud_seed,
    controls,
    last_cloud,
    most,
    ordered,
    race,
    scores,
    won,
)
from course_lib.data.toy import mixture
from course_lib.learn.wording import show_table
from course_lib.show.picture import INK, Picture, finish, new_figure

MEASURES = {"modes of 8": "modes", "high quality": "high_quality", "KL (log)": "kl", "energy distance (log)": "energy"}


def last_clouds(start: str, true_points: Tensor, *, title: str, alt: str) -> Picture:
    """The last points of every row of a start, at equal steps and of one seed, beside true ones; cures in blue.

    Args:
        start: "unbalanced" or "strong".
        true_points: ``(N, 2)``.
        title: what the figure says.
        alt: the alternative text.
    """
    rows, energy = ordered(start), scores(start, "equal steps", "energy")
    panels = {"true points": true_points.cpu()} | {row: last_cloud(start, row) for row in rows}
    notes = {row: f"energy distance {energy[row][cloud_seed()]:.2g}" for row in rows}
    notes["true points"] = "the aim"
    return clouds(
        panels,
        mixture("ring"),
        title=title,
        alt=alt,
        columns=5,
        n=300,
        notes=notes,
        blue=[row for row in rows if row not in controls(start)],
    )


def measures(start: str, *, title: str, alt: str) -> Picture:
    """All seeds of all rows by four measures, at equal steps; bars are medians, the dotted line that of data + noise.

    Args:
        start: "unbalanced" or "strong".
        title: what the figure says.
        alt: the alternative text.
    """
    rows = ordered(start)
    figure, axes = new_figure(9.6, 0.3 * len(rows) + 1.1, columns=len(MEASURES))
    for ax, (label, measure) in zip(axes[0], MEASURES.items(), strict=True):
        found = scores(start, "equal steps", measure)
        if label.endswith("(log)"):
            ax.set_xscale("log")
        elif measure == "modes":
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))  # there are no 2.5 modes
        for y, row in enumerate(rows):
            _runs(ax, y, list(found[row].values()), row in controls(start))
        ax.axvline(median(found["data + noise"].values()), color=INK, linewidth=1, linestyle=(0, (1, 2)), zorder=0)
        ax.set_xlabel(label)
        _name_rows(ax, rows, named=ax is axes[0, 0])
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def ratios(start: str, *, title: str, alt: str) -> Picture:
    """Each row's energy distance in units of the best control's, seed by seed: left of 1 it beats all five.

    At the right stands on how many seeds, and in brackets how many steps equal cost allows.

    Args:
        start: "unbalanced" or "strong".
        title: what the figure says.
        alt: the alternative text.
    """
    rows, stops = ordered(start), ("equal steps", "equal cost")
    figure, axes = new_figure(9.6, 0.3 * len(rows) + 1.3, columns=2)
    for ax, at in zip(axes[0], stops, strict=True):
        ax.set_xscale("log")
        ax.axvline(1, color=INK, linewidth=1.2, zorder=0)
        for y, row in enumerate(rows):
            beside = beside_best(start, at, row)
            _runs(ax, y, list(beside.values()), row in controls(start))
            if row not in controls(start):
                passed = won(start, at, row)
                steps = f" ({race()['runs'][start][row]['stops'][at]:,})" if at == "equal cost" else ""
                ax.annotate(
                    f"{passed} of {len(beside)}{steps}",
                    (1.02, y),
                    xycoords=("axes fraction", "data"),
                    va="center",
                    fontsize=10,
                    fontweight="bold" if passed >= most(beside) else "normal",
                )
        ax.set_xlabel("energy distance / that of the best control")
        ax.xaxis.set_major_formatter("{x:g}")
        counted = f"at {at}, and seeds that beat all five"
        ax.set_title(f"{counted} (steps)" if at == "equal cost" else counted, fontsize=10, loc="left")
        _name_rows(ax, rows, named=ax is axes[0, 0])
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def show_settings() -> None:
    """A table of what the two starts of the race have in common, and where they differ."""
    settings = race()["settings"]
    starts = settings["starts"]
    rows = [
        ("step size of G", *(f"{settings['lr']:g}" for _ in starts)),
        ("step size of D", *(f"{start['lr_d']:g}" for start in starts.values())),
        ("numbers in a latent", *(start["latent"] for start in starts.values())),
        ("hidden layers", *(" + ".join(map(str, start["hidden"])) for start in starts.values())),
        ("steps, batch", *(f"{settings['steps']:,}, {settings['batch']}" for _ in starts)),
        ("points measured", *(f"{settings['samples']:,}" for _ in starts)),
    ]
    show_table("The two starts of the race, on the ring", ("", *starts), rows)


def _runs(ax: Axes, y: int, values: Sequence[float], control: bool) -> None:
    """One row: a mark for each seed, and a bar at their median."""
    finite = [value for value in values if math.isfinite(value)]
    ax.plot([median(values)] * 2, [y - 0.36, y + 0.36], color=INK, linewidth=2.2)
    ax.plot(
        finite, [y] * len(finite), "s" if control else "o", color=NO_CURE if control else CURE, markersize=5, alpha=0.55
    )


def _name_rows(ax: Axes, rows: Sequence[str], named: bool) -> None:
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), rows if named else [""] * len(rows), fontsize=10)
