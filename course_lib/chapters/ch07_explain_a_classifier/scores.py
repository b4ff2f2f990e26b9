"""The figures of lesson 07.5: scores beside those of the controls, and what each method costs."""

from collections.abc import Mapping, Sequence

from matplotlib.patheffects import withStroke

from course_lib.show.charts import say
from course_lib.show.picture import COLOURS, INK, Picture, finish, new_figure

CONTROL = "#777777"


def scores_as_dots(
    scores: Mapping[str, Sequence[float]], controls: Sequence[str], kinds: Sequence[str], *, title: str, alt: str
) -> Picture:
    """One panel for each kind of score: a dot with its number for each name, and a line at the best control.

    Args:
        scores: name → one number a kind, from 0 to 1.
        controls: those of the names that asked no model; drawn in grey, below.
        kinds: what stands above the panels.
        title: what the figure says.
        alt: the alternative text.
    """
    names = [name for name in scores if name not in controls] + list(controls)
    figure, axes = new_figure(8.0, 0.6 + 0.29 * len(names), columns=len(kinds))
    for k, (ax, kind) in enumerate(zip(axes[0], kinds, strict=True)):
        best = max(scores[name][k] for name in controls)
        ax.axvline(best, color=CONTROL, linewidth=1.2, linestyle=(0, (4, 2)))
        for row, name in enumerate(names):
            of_control, value = name in controls, scores[name][k]
            ax.plot(value, row, "s" if of_control else "o", color=CONTROL if of_control else COLOURS[0], markersize=6)
            white = [withStroke(linewidth=3, foreground="white")]
            ax.text(value + 0.03, row, f"{value:.2f}", va="center", fontsize=10, color=INK, path_effects=white)
        ax.set_yticks(range(len(names)), names if k == 0 else [""] * len(names), fontsize=10)
        ax.set(ylim=(len(names) - 0.4, -0.6), xlim=(0.25, 1.05), xlabel="insertion (higher is better)")
        ax.set_title(f"{kind} (dashed: best control)", fontsize=10)
        ax.grid(False, axis="y")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def costs_as_bars(costs: Mapping[str, float], *, title: str, alt: str) -> Picture:
    """Bars on a logarithmic axis, cheapest first, each with its number.

    Args:
        costs: method → gradients that one explanation costs.
        title: what the figure says.
        alt: the alternative text.
    """
    rows = sorted(costs.items(), key=lambda row: row[1])
    figure, axes = new_figure(7.6, 0.9 + 0.28 * len(rows))
    ax = axes[0, 0]
    ax.barh([name for name, _ in rows], [cost for _, cost in rows], color=COLOURS[0], height=0.65)
    for at, (_, cost) in enumerate(rows):
        ax.text(max(cost, 1) * 1.15, at, f"{cost:,.1f}" if cost < 10 else f"{cost:,.0f}", va="center", fontsize=10)
    ax.set(xscale="log", xlim=(0.5, 8000), xlabel="cost of one explanation, in gradients (logarithmic)")
    ax.xaxis.set_major_formatter("{x:,g}")
    ax.grid(False, axis="y")
    ax.tick_params(axis="y", labelsize=10)
    ax.invert_yaxis()
    say(ax, title)
    return finish(figure, alt)
