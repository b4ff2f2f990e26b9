"""The figures of lesson 13.6: scores of members and outsiders, attacks against steps, and pairs of near-duplicates."""

from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from course_lib.audit.membership import FALSE_ALARMS
from course_lib.show.picture import COLOURS, INK, LINES, MARKERS, Picture, finish, new_figure

_LINES = (LINES[0], LINES[1], LINES[2], LINES[0])  # none is dotted: that is guessing


def scores(panels: Mapping[str, tuple[Tensor, Tensor]], *, x: Sequence[str], title: str, alt: str) -> Picture:
    """Histograms of members' and outsiders' scores, with the threshold that 1 % of the outsiders exceed.

    Args:
        panels: name → scores of members and of outsiders.
        x: what each panel's axis says.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.4, 3.0, columns=len(panels))
    for ax, (name, (members, outsiders)), said in zip(axes[0], panels.items(), x, strict=True):
        both = np.concatenate([members.numpy(), outsiders.numpy()])
        bins = np.linspace(np.quantile(both, 0.002), np.quantile(both, 0.998), 36)
        kinds = (("outsiders", outsiders, COLOURS[1], "//"), ("members", members, COLOURS[0], ""))
        for label, values, colour, hatch in kinds:
            share = np.full(len(values), 100 / len(values))
            ax.hist(values.numpy(), bins, weights=share, color=colour, alpha=0.55, hatch=hatch, label=label, ec="white")
        at = outsiders.quantile(1 - FALSE_ALARMS).item()
        ax.axvline(at, color=INK, linewidth=1.4, linestyle=(0, (3, 2)), label="1 % of outsiders beyond")
        ax.set(xlabel=said, ylabel="percent of the images" if ax is axes[0, 0] else "")
        ax.set_title(name, fontsize=10, loc="left")
    axes[0, 0].legend(fontsize=9, framealpha=0.8, edgecolor="none")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def against_steps(
    panels: Mapping[str, Mapping[str, Mapping[int, Sequence[float]]]],
    *,
    chance: Sequence[float],
    y: Sequence[str],
    title: str,
    alt: str,
) -> Picture:
    """Medians over seeds against steps, with each seed as a faint mark; one line a row, one panel a measure.

    Args:
        panels: measure → row → step → a number for each seed.
        chance: of each panel, drawn as a dotted line.
        y: what each panel's axis says.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.6, 3.6, columns=len(panels))
    for ax, rows, level, said in zip(axes[0], panels.values(), chance, y, strict=True):
        for i, (name, steps) in enumerate(rows.items()):
            colour, line, mark = COLOURS[i % 6], _LINES[i % 4], MARKERS[i % 6]
            ax.plot(
                list(steps), [median(v) for v in steps.values()], color=colour, linestyle=line, marker=mark, label=name
            )
            for step, values in steps.items():
                ax.plot([step] * len(values), values, mark, color=colour, markersize=3, alpha=0.35)
        ax.axhline(level, color=INK, linewidth=1, linestyle=(0, (1, 2)))
        ax.set_xscale("log")
        ax.set_xticks(list(steps), [f"{s:,}" for s in steps])
        ax.minorticks_off()
        ax.margins(x=0.09)
        ax.set(xlabel="steps of the training", ylabel=said)
    _legend_below(figure, axes[0, 0])
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def _legend_below(figure: Figure, ax: Axes) -> None:
    handles, labels = ax.get_legend_handles_labels()
    room = {"handlelength": 3.0, "handletextpad": 0.5, "columnspacing": 1.0}
    figure.legend(
        handles, labels, loc="outside lower center", ncols=min(len(labels), 4), fontsize=9, frameon=False, **room
    )
