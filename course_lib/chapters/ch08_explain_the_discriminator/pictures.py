"""The figures of this chapter: scores beside their controls, and squares that matter."""

import math
from collections.abc import Mapping, Sequence
from statistics import median

import torch
from matplotlib.patheffects import withStroke

from course_lib.show.charts import draw_lines, say
from course_lib.show.picture import COLOURS, FOR_AND_AGAINST, INK, Picture, finish, new_figure

CONTROL = "#777777"


def scores_as_dots(
    panels: Mapping[str, Mapping[str, float]],
    controls: Sequence[str],
    x: str,
    *,
    spread: Mapping[str, Mapping[str, Sequence[float]]] | None = None,
    spread_of: str = "",
    level: tuple[float, str] | None = None,
    most: float = math.inf,
    title: str,
    alt: str,
) -> Picture:
    """A dot with its number for each name, in one panel a kind; controls are grey squares, below.

    Args:
        panels: what stands above a panel → name → number; the same names in each.
        controls: those of the names that asked no trained model.
        x: what the axes say.
        spread: panel → name → further numbers, drawn as small rings.
        spread_of: what the rings are.
        level: place and name of a vertical line to compare with.
        most: what the numbers cannot exceed: the axes name nothing beyond it.
        title: what the figure says.
        alt: the alternative text.
    """
    rings = spread or {}
    first = next(iter(panels.values()))
    names = [name for name in first if name not in controls] + [name for name in first if name in controls]
    figure, axes = new_figure(8.0 if len(panels) > 1 else 6.6, 1.0 + 0.29 * len(names), columns=len(panels))
    every = [v for row in panels.values() for v in row.values()]
    every += [v for rows in rings.values() for row in rows.values() for v in row]
    low, high = min(every), max(every)
    room = (high - low) or 1.0
    for k, (ax, (kind, scores)) in enumerate(zip(axes[0], panels.items(), strict=True)):
        if level:
            ax.axvline(level[0], color=INK, linewidth=1, linestyle=(0, (4, 2)))
        for row, name in enumerate(names):
            of_control = name in controls
            others = rings.get(kind, {}).get(name, ())
            # A ring is wider than a dot, so that one at the same place is seen around it.
            ax.plot(others, [row] * len(others), "o", mfc="none", mec=CONTROL, markersize=9.5, mew=0.8)
            marker, colour = ("s", CONTROL) if of_control else ("o", COLOURS[0])
            ax.plot(scores[name], row, marker, color=colour, markersize=5.5)
            at = max([scores[name], *others]) + 0.04 * room
            white = [withStroke(linewidth=3, foreground="white")]
            ax.text(at, row, _number(scores[name], room), va="center", fontsize=10, color=INK, path_effects=white)
        ax.set_yticks(range(len(names)), names if k == 0 else [""] * len(names), fontsize=10)
        ax.set(ylim=(len(names) - 0.4, -0.6), xlim=(low - 0.06 * room, high + 0.24 * room), xlabel=x)
        ax.set_xticks([at for at in ax.get_xticks() if low - 0.06 * room <= at <= min(most, high + 0.24 * room)])
        ax.set_title(kind, fontsize=10)
        ax.grid(False, axis="y")
    notes = [f"rings: {spread_of}"] if spread_of else []
    if level:
        notes.append(f"dashed: {level[1]}")
    if controls:
        notes.append("grey squares: controls")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    figure.supxlabel(" · ".join(notes), fontsize=10)
    return finish(figure, alt)


def retrained_as_dots(ways: Mapping[str, Mapping[str, Mapping[str, float]]], *, title: str, alt: str) -> Picture:
    """The picture of remove and retrain over several trainings: the median as a dot, each training as a ring.

    Args:
        ways: what stands above a panel → seed → map → share of right answers of a new D.
        title: what the figure says.
        alt: the alternative text.
    """
    rings = {
        way: {name: [row[name] for row in rows.values()] for name in next(iter(rows.values()))}
        for way, rows in ways.items()
    }
    return scores_as_dots(
        {way: {name: median(row) for name, row in rows.items()} for way, rows in rings.items()},
        ["random", "intensity", "Sobel"],
        "right answers of a new D (median)",
        spread=rings,
        spread_of=f"{len(next(iter(ways.values())))} trainings",
        level=(0.5, "a coin"),
        most=1,
        title=title,
        alt=alt,
    )


def importance_of_squares(
    rows: Mapping[str, Mapping[str, Sequence[float]]], headings: Sequence[str], *, title: str, alt: str
) -> Picture:
    """How much each of 4 × 4 squares matters: a row for each planting, a column for each way of asking.

    Args:
        rows: planting → way → sixteen numbers, row by row from the upper left.
        headings: what stands above the columns.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(6.8, 2.9 * len(rows), columns=2, rows=len(rows))
    for i, (planting, ways) in enumerate(rows.items()):
        for k, numbers in enumerate(ways.values()):
            ax, values = axes[i, k], torch.tensor(list(numbers)).view(4, 4)
            drawn = ax.imshow(values, cmap=FOR_AND_AGAINST, vmin=-1, vmax=1)
            for y in range(4):
                for x in range(4):
                    value = values[y, x].item()
                    colour = "white" if abs(value) > 0.6 else INK
                    ax.text(x, y, _number(value, 1.0), ha="center", va="center", fontsize=10, color=colour)
            for at in (-0.5, 0.5, 1.5, 2.5, 3.5):
                ax.axhline(at, color="#BBBBBB", linewidth=0.7)
                ax.axvline(at, color="#BBBBBB", linewidth=0.7)
            ax.set(xticks=[], yticks=[])
            ax.grid(False)
            ax.spines[:].set_visible(False)
            if i == 0:
                ax.set_title(headings[k], fontsize=10)
            if k == 0:
                ax.set_ylabel(planting, fontsize=10)
    bar = figure.colorbar(drawn, ax=axes, fraction=0.03, aspect=30)
    bar.ax.set_ylim(0, 1)
    bar.set_label("lost without this square (share)", fontsize=10)
    bar.outline.set_visible(False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def correlations_as_lines(rows: Mapping[str, Sequence[float]], apart: int, *, title: str, alt: str) -> Picture:
    """How like each map is to the one before it: a line for each way of training.

    Args:
        rows: way → rank correlations of neighbouring maps; the first belongs to step ``2 * apart``.
        apart: steps from one map to the next.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.2, 3.6)
    ax = axes[0, 0]
    lines = {name: ([apart * (i + 2) for i in range(len(row))], row) for name, row in rows.items()}
    draw_lines(ax, lines, "step", f"correlation with {apart} steps ago", markers=False)
    ax.axhline(0, color=INK, linewidth=1, linestyle=(0, (1, 2)))
    ax.annotate("no relation", (0.99, 0), xycoords=("axes fraction", "data"), ha="right", va="bottom", fontsize=10)
    say(ax, title, above=True)
    return finish(figure, alt)


def _number(value: float, room: float) -> str:
    """With the digits that a range of this size needs; no −0."""
    text = f"{value:.2f}" if room > 0.3 else f"{value:.3f}"
    text = text.lstrip("-") if float(text) == 0 else text
    return text.replace("-", "−")
