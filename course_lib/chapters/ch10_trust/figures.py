"""The figures of this chapter: maps ranked beside maps without a model, ten seeds a row, numbers in colours."""

from collections.abc import Collection, Mapping, Sequence
from statistics import median

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from torch import Tensor

from course_lib.chapters.ch10_trust.trials import BETTER, JUDGED, Trials, asked
from course_lib.show.charts import say
from course_lib.show.picture import COLOURS, FOR_AND_AGAINST, INK, MARKERS, Picture, finish, new_figure

GREY = "#8A8A8A"


def forgetting(stages: Mapping[str, Sequence[float]], loud: str, *, title: str, alt: str) -> Picture:
    """How alike a map stays as layer after layer is given fresh weights; one line a method, one of them in colour.

    Args:
        stages: method → correlation with the map before, with 0, 1, 2, … fresh layers.
        loud: the method whose line has a colour and its name beside it.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.2, 3.4)
    ax = axes[0, 0]
    for name, values in stages.items():
        if name != loud:
            ax.plot(range(len(values)), values, color=GREY, linewidth=1.3, marker="o", markersize=3)
    ax.plot(range(len(stages[loud])), stages[loud], color=COLOURS[1], linewidth=2.4, marker="s", markersize=6)
    last = len(stages[loud]) - 1
    ax.annotate(loud, (last - 0.05, stages[loud][-1] + 0.05), ha="right", color=COLOURS[1], fontsize=11)
    others = max(values[-1] for name, values in stages.items() if name != loud)
    ax.annotate(f"the other {len(stages) - 1}", (last - 0.05, others + 0.05), ha="right", color="#555555", fontsize=11)
    ax.set(xlabel="layers with fresh weights, from the top", ylabel="Spearman with the map before")
    ax.set_xticks(range(last + 1))
    say(ax, title)
    return finish(figure, alt)


def ranked(
    panels: Mapping[str, Mapping[str, float]], without_a_model: Collection[str], *, title: str, alt: str, best: str
) -> Picture:
    """One panel a score, the best map on top; maps that saw no model are squares of another colour.

    Args:
        panels: what the score is → map → its score.
        without_a_model: names of the maps that saw none.
        title: what the figure says.
        alt: the alternative text.
        best: ``"high"`` or ``"low"``: which scores stand on top.
    """
    most = max(map(len, panels.values()))
    figure, axes = new_figure(4.6 * len(panels) if len(panels) > 1 else 7.2, 0.27 * most + 1.2, columns=len(panels))
    for ax, (words, scores) in zip(axes[0], panels.items(), strict=True):
        order = sorted(scores, key=lambda name: scores[name], reverse=best == "high")
        for y, name in enumerate(order):
            blind = name in without_a_model
            colour, marker = (COLOURS[1], "s") if blind else (COLOURS[0], "o")
            ax.plot([scores[name]], [y], marker, color=colour, markersize=7)
        ax.set_yticks(range(len(order)), order, fontsize=10)
        for text, name in zip(ax.get_yticklabels(), order, strict=True):
            text.set_color(COLOURS[1] if name in without_a_model else INK)
        ax.set(xlabel=words, ylim=(len(order) - 0.4, -0.6))
    _key(axes[0, -1], {"asked the model": 0, "saw no model": 1}, "lower left" if best == "high" else "lower right")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def two_clouds(
    rows: Mapping[str, Mapping[str, Collection[float]]], x: str, *, title: str, alt: str, where: str = "upper right"
) -> Picture:
    """One row a map, with a dot a seed for each of two conditions; a bar is a median.

    Args:
        rows: map → condition → a value for each seed.
        x: what the axis says.
        title: what the figure says.
        alt: the alternative text.
        where: the legend stands.
    """
    figure, axes = new_figure(7.2, 0.36 * len(rows) + 1.1)
    ax = axes[0, 0]
    for y, conditions in enumerate(rows.values()):
        for i, values in enumerate(conditions.values()):
            at = y + (i - 0.5) * 0.3
            ax.plot(list(values), [at] * len(values), MARKERS[i], color=COLOURS[i], markersize=5, alpha=0.5)
            ax.plot([median(values)] * 2, [at - 0.14, at + 0.14], color=COLOURS[i], linewidth=2.4)
    ax.set_yticks(range(len(rows)), list(rows), fontsize=10)
    ax.set(xlabel=x, ylim=(len(rows) - 0.4, -0.6))
    _key(ax, {name: i for i, name in enumerate(next(iter(rows.values())))}, where)
    say(ax, title)
    return finish(figure, alt)


def coming_in(
    rows: Mapping[str, tuple[Tensor, Sequence[float]]], shares: Sequence[float], *, title: str, alt: str
) -> Picture:
    """Pictures while their pixels come in, with the model's probability under each.

    Args:
        rows: label → pictures ``(K, 1, H, W)`` in [−1, 1], and a probability for each.
        shares: of the pixels that have come in, one for each picture.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(1.2 * len(shares) + 1.3, 1.45 * len(rows) + 0.5, columns=len(shares), rows=len(rows))
    for row, (label, (pictures, heights)) in zip(axes, rows.items(), strict=True):
        for ax, picture, height in zip(row, pictures, heights, strict=True):
            ax.imshow(picture[0], cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
            ax.set(xticks=[], yticks=[], xlabel=f"{height:.2f}")
            ax.grid(False)
        row[0].set_ylabel(label, rotation=0, ha="right", va="center", fontsize=10, labelpad=8)
    for ax, share in zip(axes[0], shares, strict=True):
        ax.set_title(f"{share:.0%}", fontsize=10)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def matrix(values: Mapping[str, Mapping[str, float]], scale: str, *, title: str, alt: str) -> Picture:
    """A square table of correlations in colours, with the numbers in it.

    Args:
        values: row → column → a number from −1 to 1.
        scale: what the colours mean.
        title: what the figure says.
        alt: the alternative text.
    """
    names = list(values)
    table = np.array([[values[a][b] for b in names] for a in names])
    figure, axes = new_figure(8.6, 6.2)
    ax = axes[0, 0]
    drawn = _cells(ax, table, [[f"{v:.2f}".replace("-", "−") for v in row] for row in table], FOR_AND_AGAINST, 1)
    ax.set_xticks(range(len(names)), names, rotation=40, ha="right", fontsize=10)
    ax.set_yticks(range(len(names)), names, fontsize=10)
    bar = figure.colorbar(drawn, ax=ax, fraction=0.04, pad=0.02)
    bar.set_label(scale, fontsize=10)
    bar.outline.set_visible(False)
    say(ax, title)
    return finish(figure, alt)


def verdicts(trials: Trials, names: Sequence[str], *, title: str, alt: str) -> Picture:
    """Map × test: the median margin over the best control in each cell, in colours the number of seeds that were won.

    Args:
        trials: the recorded ones.
        names: of the maps, one a row.
        title: what the figure says.
        alt: the alternative text.
    """
    won = np.array([[trials.won(name, test) if asked(name, test) else np.nan for test in JUDGED] for name in names])
    words = [[_verdict(trials, name, test) for test in JUDGED] for name in names]
    figure, axes = new_figure(8.6, 0.36 * len(names) + 1.5)
    ax = axes[0, 0]
    half = len(trials.seeds) / 2
    drawn = _cells(ax, won - half, words, FOR_AND_AGAINST, half)
    heads = [f"{test}\n({BETTER[test]} is good)" for test in JUDGED]
    ax.set_xticks(range(len(JUDGED)), heads, fontsize=10)
    ax.xaxis.tick_top()
    ax.set_yticks(range(len(names)), names, fontsize=10)
    bar = figure.colorbar(drawn, ax=ax, fraction=0.04, pad=0.02, ticks=[-half, 0, half])
    bar.ax.set_yticklabels(["0", f"{half:g}", f"{2 * half:g}"])
    bar.set_label(f"seeds won, of {len(trials.seeds)}", fontsize=10)
    bar.outline.set_visible(False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def _verdict(trials: Trials, name: str, test: str) -> str:
    if not asked(name, test):
        return "not asked"
    margin = f"{median(trials.margins(name, test).values()):+.2f}".replace("-", "−")
    return f"✓ {margin}" if trials.passes(name, test) else margin


def _cells(ax: Axes, table: np.ndarray, words: Sequence[Sequence[str]], colours: Colormap, largest: float):
    drawn = ax.imshow(table, cmap=colours, vmin=-largest, vmax=largest, aspect="auto")
    for y, row in enumerate(words):
        for x, text in enumerate(row):
            dark = abs(np.nan_to_num(table[y, x])) > 0.6 * largest
            ax.text(x, y, text, ha="center", va="center", fontsize=10, color="white" if dark else INK)
    ax.grid(False)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return drawn


def _key(ax: Axes, names: Mapping[str, int], where: str) -> None:
    handles = [
        ax.plot([], [], MARKERS[i], color=COLOURS[i], markersize=7, linestyle="none", label=name)[0]
        for name, i in names.items()
    ]
    ax.legend(handles=handles, fontsize=10, framealpha=0.9, edgecolor="none", loc=where)
