"""The figures of chapter 01: each says its message in its title, and its legend stands clear of the data."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from torch import Tensor

from course_lib.show.picture import COLOURS, INK, LINES, Picture, finish, new_figure

Numbers = Sequence[float] | np.ndarray | Tensor
Series = Mapping[str, tuple[Numbers, Numbers]]  # label → xs, ys
LineStyle = str | tuple[int, tuple[int, ...]]
Dots = Mapping[str, tuple[float, ...]]  # what to write → a dot's x, y; and how far from it, in points, if not below
WIDTH, HEIGHT, TITLE = 7.2, 3.8, 11
# What looks the same in every figure of the chapter; p is the first colour and q the second where they are drawn.
STYLES = {
    "V": (COLOURS[2], LINES[0]),
    "JSD": (COLOURS[3], LINES[1]),
    "W₁": (COLOURS[4], LINES[2]),
    "KL": (COLOURS[0], LINES[3]),
    "one step each": (COLOURS[0], LINES[0]),
    "ten steps of D": (COLOURS[1], LINES[1]),
    "the best D before each step": (COLOURS[2], LINES[2]),
    "both at once": (COLOURS[2], LINES[2]),
    "in turn": (COLOURS[3], LINES[0]),
}


def chart(
    panels: Mapping[str, Series],
    x: str,
    y: str,
    *,
    alt: str,
    dots: Mapping[str, Dots] | None = None,
    level: tuple[float, str] | None = None,
    log_y: bool = False,
    low: float | None = None,
    high: float | None = None,
    equal: bool = False,
) -> Picture:
    """Lines in one panel or in several side by side, each with its message above it.

    Args:
        panels: message → its lines; a label has one colour in all panels, and those of ``STYLES`` in all figures.
        x, y: what the axes say.
        alt: the alternative text.
        dots: message → points to mark in that panel.
        level: height and name of a horizontal line to compare with.
        log_y: whether the vertical axis is logarithmic.
        low, high: the ends of the vertical axis, where lines that run away would hide the others.
        equal: whether 1 is as long on the horizontal axis as on the vertical one, wherever that makes them end.
    """
    labels = list(dict.fromkeys(label for series in panels.values() for label in series))
    figure, axes = new_figure(WIDTH if len(panels) == 1 else 9.6, HEIGHT, columns=len(panels))
    for ax, (message, series) in zip(axes[0], panels.items(), strict=True):
        for label, (xs, ys) in series.items():
            colour, line = style(label, labels.index(label))
            ax.plot(xs, ys, color=colour, linestyle=line, label=label)
        _name(ax, message, x, y)
        ax.margins(y=0.16)  # room for what is written beside a dot
        for words, at in (dots or {}).get(message, {}).items():
            place, shift = (at[0], at[1]), (at[2], at[3]) if at[2:] else (0.0, -19.0)
            ax.plot(*place, "o", color=INK, markersize=6)
            behind = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 0.5}
            ax.annotate(words, place, textcoords="offset points", xytext=shift, ha="center", fontsize=10, bbox=behind)
        if level:
            ax.axhline(level[0], color=INK, linewidth=1, linestyle=(0, (1, 2)))
            ax.annotate(level[1], (0.99, level[0]), xycoords=("axes fraction", "data"), ha="right", va="bottom")
        if log_y:
            ax.set_yscale("log")
        if equal:  # one of the axes becomes longer, so neither may be fixed
            ax.set_aspect("equal", adjustable="datalim")
        else:
            ax.set_ylim(low, high)
    if len(labels) > 1:
        known = {words: line for ax in axes[0] for line, words in zip(*ax.get_legend_handles_labels(), strict=True)}
        figure.legend(
            known.values(), known, loc="outside lower center", ncols=min(4, len(known)), fontsize=10, frameon=False
        )
    return finish(figure, alt)


def style(label: str, place: int = 0) -> tuple[str, LineStyle]:
    """The colour and the kind of line of a curve.

    Args:
        label: what ``STYLES`` knows, perhaps with arguments, such as ``V(G, D*)``; or another.
        place: of another label among those of its figure.

    Returns:
        The two, as matplotlib takes them.
    """
    return STYLES.get(label.split("(")[0], (COLOURS[place % 6], LINES[place % 6]))


def columns(
    groups: Mapping[str, Sequence[float]],
    names: Sequence[str],
    y: str,
    message: str,
    *,
    alt: str,
    level: tuple[float, str] | None = None,
) -> Picture:
    """Columns side by side, told apart by colour and hatching, with their heights written on them.

    Args:
        groups: label → a height for each of ``names``.
        names: below the columns.
        y: what the vertical axis says.
        message: the title.
        alt: the alternative text.
        level: height and name of a horizontal line to compare with.
    """
    figure, axes = new_figure(WIDTH, HEIGHT)
    ax, width = axes[0, 0], 0.8 / len(groups)
    for i, (label, exact) in enumerate(groups.items()):
        heights = [round(height, 3) + 0.0 for height in exact]  # as written: a −0 would be written below the axis
        at = np.arange(len(names)) + (i - (len(groups) - 1) / 2) * width
        made = ax.bar(at, heights, width, label=label, color=COLOURS[i], hatch=("", "//")[i % 2], edgecolor="white")
        ax.bar_label(made, [f"{height:.3f}".replace("-", "−") for height in heights], padding=2, fontsize=10)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.margins(y=0.15)
    _name(ax, message, "", y)
    ax.set_xticks(range(len(names)), names)
    if level:
        ax.axhline(level[0], color=INK, linewidth=1, linestyle=(0, (1, 2)))
        ax.annotate(level[1], (0.01, level[0]), xycoords=("axes fraction", "data"), ha="left", va="bottom")
    if len(groups) > 1:
        figure.legend(loc="outside lower center", ncols=len(groups), fontsize=10, frameon=False)
    return finish(figure, alt)


def draws_and_density(x: Tensor, p: Tensor, q: Tensor, real: Tensor, low: float, high: float, *, alt: str) -> Picture:
    """The densities p and q, the share of drawn real numbers in each strip, and the area under p in one interval.

    Args:
        x: cells ``(n,)``.
        p, q: densities there.
        real: drawn from p.
        low, high: the ends of the interval.
        alt: the alternative text.
    """
    figure, axes = new_figure(WIDTH, HEIGHT)
    ax, seen = axes[0, 0], (x > -5) & (x < 7)
    ax.hist(real, bins=48, range=(-5, 7), density=True, color=COLOURS[0], alpha=0.2, label="real draws, share ÷ width")
    ax.plot(x[seen], p[seen], color=COLOURS[0], label="p, real")
    ax.plot(x[seen], q[seen], color=COLOURS[1], linestyle=LINES[1], label="q, generated (θ = 0)")
    inside = (x > low) & (x < high)
    ax.fill_between(x[inside], p[inside], color=COLOURS[0], alpha=0.45, linewidth=0)
    ax.annotate(f"area from {low:g} to {high:g}", (high - 0.2, 0.2), xytext=(4.1, 0.3), arrowprops={"arrowstyle": "-"})
    _name(ax, "A density says where the draws fall", "x", "density")
    figure.legend(loc="outside lower center", ncols=3, fontsize=10, frameon=False)
    return finish(figure, alt)


def heap_of_scores(scores: Tensor, best: float, low: float, message: str, *, alt: str) -> Picture:
    """How many of many scores fall where, beside the best one.

    Args:
        scores: of many discriminators.
        best: D*'s.
        low: scores below are left out, and counted in the picture.
        message: the title.
        alt: the alternative text.
    """
    figure, axes = new_figure(WIDTH, HEIGHT)
    ax, left_out = axes[0, 0], int((scores < low).sum())
    ax.hist(scores[scores >= low], bins=40, range=(low, max(best, scores.max().item())), color=COLOURS[0])
    ax.axvline(best, color=COLOURS[1], linestyle="--")
    words = f"D*: {best:.4f}".replace("-", "−")
    ax.annotate(words, (best + 0.02, 0.96), xycoords=("data", "axes fraction"), ha="left", va="top")
    ax.set_xlim(low, best + 0.25)
    _name(ax, message, f"score V (further left: {left_out} more)", "how many of them")
    return finish(figure, alt)


def plans(real: Tensor, fake: Tensor, *, alt: str) -> Picture:
    """Two plans that carry each generated number to a real one: in the order of the draws, and by size.

    Args:
        real, fake: the same few of each.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.6, 2.9, columns=2)
    for ax, a, b, plan in (
        (axes[0, 0], real, fake, "as drawn"),
        (axes[0, 1], real.sort().values, fake.sort().values, "smallest to smallest"),
    ):
        for end, start in zip(a.tolist(), b.tolist(), strict=True):
            ax.annotate("", (end, 1), (start, 0), arrowprops={"arrowstyle": "->", "color": "#777777"})
        ax.plot(a, torch.ones_like(a), "o", color=COLOURS[0])
        ax.plot(b, torch.zeros_like(b), "s", color=COLOURS[1])
        _name(ax, f"{plan}: {(a - b).abs().mean():.2f} on average", "x", "")
        ax.set_yticks([0, 1], ["generated", "real"])
        ax.set_ylim(-0.15, 1.15)
        ax.grid(visible=False)
    return finish(figure, alt)


def _name(ax: Axes, message: str, x: str, y: str) -> None:
    ax.set_title(message, fontsize=TITLE, loc="left")
    ax.set(xlabel=x, ylabel=y)
