"""The figures of this chapter: maps ranked beside maps without a model, ten seeds a row, numbers in colours."""

from collections.abc import Collection, Mapping, Sequence
from statistics import median

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.image import AxesImage
from torch import Tensor

from course_lib.chapters.ch10_trust.trials import BETTER, JUDGED, Trials, asked
from course_lib.show.charts import say
from course_lib.show.picture import COLOURS, FOR_AND_AGAINST, INK, MARKERS, Picture, finish, new_figure

GREY = "#8A8A8A"
WON = LinearSegmentedColormap.from_list("seeds won", ["#F1F1F1", "#8CC4EA"])


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
    ax.annotate(loud, (last - 0.05, stages[loud][-1] + 0.13), ha="right", color=COLOURS[1], fontsize=11)
    others = max(max(values[-2:]) for name, values in stages.items() if name != loud)
    ax.annotate(f"the other {len(stages) - 1}", (last - 0.05, others + 0.06), ha="right", color="#555555", fontsize=11)
    ax.set(xlabel="layers with fresh weights, from the top", ylabel="Spearman with the map before")
    ax.set_xticks(range(last + 1))
    say(ax, title)
    return finish(figure, alt)


def ranked(
    panels: Mapping[str, Mapping[str, float]],
    model_free_explainers: Collection[str],
    *,
    title: str,
    alt: str,
    best: str,
) -> Picture:
    """One panel a score, the best map on top; maps that saw no model are squares of another colour.

    Args:
        panels: what the score is → map → its score.
        model_free_explainers: names of the maps that saw none.
        title: what the figure says.
        alt: the alternative text.
        best: ``"high"`` or ``"low"``: which scores stand on top.
    """
    most = max(map(len, panels.values()))
    figure, axes = new_figure(4.6 * len(panels) if len(panels) > 1 else 7.2, 0.27 * most + 1.2, columns=len(panels))
    for ax, (words, scores) in zip(axes[0], panels.items(), strict=True):
        order = sorted(scores, key=lambda name: scores[name], reverse=best == "high")
        for y, name in enumerate(order):
            blind = name in model_free_explainers
            colour, marker = (COLOURS[1], "s") if blind else (COLOURS[0], "o")
            ax.plot([scores[name]], [y], marker, color=colour, markersize=7)
        ax.set_yticks(range(len(order)), order, fontsize=10)
        for text, name in zip(ax.get_yticklabels(), order, strict=True):
            text.set_color(COLOURS[1] if name in model_free_explainers else INK)
        ax.set(xlabel=words, ylim=(len(order) - 0.4, -0.6))
    _key(axes[0, 0], {"asked the model": 0, "saw no model": 1})
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def two_clouds(rows: Mapping[str, Mapping[str, Collection[float]]], x: str, *, title: str, alt: str) -> Picture:
    """One row a map, with a dot a seed for each of two conditions; a bar is a median.

    Args:
        rows: map → condition → a value for each seed.
        x: what the axis says.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.6, 0.36 * len(rows) + 1.4)
    ax = axes[0, 0]
    for y, conditions in enumerate(rows.values()):
        for i, values in enumerate(conditions.values()):
            at = y + (i - 0.5) * 0.3
            ax.plot(list(values), [at] * len(values), MARKERS[i], color=COLOURS[i], markersize=5, alpha=0.5)
            ax.plot([median(values)] * 2, [at - 0.14, at + 0.14], color=COLOURS[i], linewidth=2.4)
    ax.set_yticks(range(len(rows)), list(rows), fontsize=10)
    ax.set(xlabel=x, ylim=(len(rows) - 0.4, -0.6))
    _key(ax, {name: i for i, name in enumerate(next(iter(rows.values())))})
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
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
    drawn = _cells(ax, table, [[f"{v:.2f}".replace("-", "−") for v in row] for row in table], FOR_AND_AGAINST, (-1, 1))
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
    figure, axes = new_figure(9.2, 0.36 * len(names) + 1.6)
    ax, most = axes[0, 0], len(trials.seeds)
    drawn = _cells(ax, won, words, WON, (0, most))
    heads = ["\n".join([*test.split(", "), f"({BETTER[test]} is good)"]) for test in JUDGED]
    ax.set_xticks(range(len(JUDGED)), heads, fontsize=10)
    ax.xaxis.tick_top()
    ax.set_yticks(range(len(names)), names, fontsize=10)
    bar = figure.colorbar(drawn, ax=ax, fraction=0.03, pad=0.02, ticks=[0, most / 2, most])
    bar.set_label(f"seeds won, of {most}", fontsize=10)
    bar.outline.set_visible(False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def seed_by_seed(
    trials: Trials, names: Sequence[str], tests: Sequence[str], others: Collection[str], *, title: str, alt: str
) -> Picture:
    """One panel a test: a row a map, a dot a seed for its margin over the best control, which is the line at 0.

    Args:
        trials: the recorded ones.
        names: of the maps.
        tests: some of ``JUDGED``.
        others: names of maps that saw no model: squares of another colour.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.2, 0.29 * len(names) + 1.3, columns=len(tests))
    for i, (ax, test) in enumerate(zip(axes[0], tests, strict=True)):
        for y, name in enumerate(names):
            kind = int(name in others)
            values = list(trials.margins(name, test).values())
            ax.plot(values, [y] * len(values), MARKERS[kind], color=COLOURS[kind], markersize=5, alpha=0.5)
            ax.plot([median(values)] * 2, [y - 0.36, y + 0.36], color=INK, linewidth=2.2)
        ax.axvline(0, color=INK, linewidth=1, linestyle=(0, (1, 2)))
        ax.set(xlabel=f"margin in\n{test}", ylim=(len(names) - 0.4, -0.6))
        ax.set_yticks(range(len(names)), names if i == 0 else [""] * len(names), fontsize=10)
    _key(axes[0, 0], {"asked the model": 0, "saw no model": 1})
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def _verdict(trials: Trials, name: str, test: str) -> str:
    if not asked(name, test):
        return "not asked"
    margin = _signed(median(trials.margins(name, test).values()))
    won = trials.won(name, test)
    return f"✓ {margin}" if won >= trials.needed else f"{won} of {len(trials.seeds)}: {margin}"


def _signed(number: float) -> str:
    return f"{number:+.2f}".replace("-", "−") if abs(number) >= 0.005 else "0.00"


def _cells(
    ax: Axes, table: np.ndarray, words: Sequence[Sequence[str]], colours: Colormap, ends: tuple[float, float]
) -> AxesImage:
    drawn = ax.imshow(table, cmap=colours, vmin=ends[0], vmax=ends[1], aspect="auto")
    for y, row in enumerate(words):
        for x, text in enumerate(row):
            red, green, blue, _ = drawn.to_rgba(np.nan_to_num(table[y, x]))
            dark = 0.3 * red + 0.6 * green + 0.1 * blue < 0.5
            weight = "bold" if text.startswith("✓") else "normal"
            ax.text(x, y, text, ha="center", va="center", fontsize=10, weight=weight, color="white" if dark else INK)
    ax.set_xticks(np.arange(table.shape[1] - 1) + 0.5, minor=True)
    ax.set_yticks(np.arange(table.shape[0] - 1) + 0.5, minor=True)
    ax.grid(False)
    ax.grid(which="minor", color="white", linewidth=1.5)
    ax.tick_params(which="both", length=0)
    ax.spines[:].set_visible(False)
    return drawn


def _key(ax: Axes, names: Mapping[str, int]) -> None:
    """What the markers mean, above the axes, where they hide nothing, and as wide as it must be."""
    for name, i in names.items():
        ax.plot([], [], MARKERS[i], color=COLOURS[i], markersize=7, label=name)
    legend = ax.legend(
        fontsize=10, edgecolor="none", ncols=len(names), loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2
    )
    legend.set_in_layout(False)
    ax.set_title(" ", fontsize=15)  # the layout keeps this line free
