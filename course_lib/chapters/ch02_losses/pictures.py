"""The figures of chapter 02: pulls on a generator, best scores on the line, one weight's price, steepness, weights."""

from collections.abc import Mapping, Sequence

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from course_lib.chapters.ch02_losses.score_checks import PANELS
from course_lib.data.toy import line
from course_lib.losses import Hinge, LeastSquares, Minimax
from course_lib.show.picture import COLOURS, INK, LINES, MARKERS, Picture, finish, new_figure

_SMALL = 10  # points, of what is not a title


def pulls(steps: Sequence[int], lengths: Mapping[str, Sequence[float]], title: str, alt: str) -> Picture:
    """How long the generator's gradient is while the discriminator learns alone: one line a loss, named at its end.

    Args:
        steps: of the discriminator.
        lengths: loss → a length for each of the steps, above 0.
        title: what is to be seen.
        alt: the alternative text.
    """
    figure, ax = _one_panel(title, 8.6, 3.6)
    for i, values in enumerate(lengths.values()):
        ax.plot(steps, values, color=COLOURS[i], linestyle=LINES[i], linewidth=2)
    ax.set_yscale("log")
    _name_the_ends(ax, steps[-1], {name: values[-1] for name, values in lengths.items()})
    ax.set(xlabel="steps of the discriminator alone", ylabel="length of G's gradient")
    return finish(figure, alt)


def best_scores_on_a_line(
    places: Tensor, shares: Mapping[str, Tensor], found: Mapping[str, Tensor], formulas: Mapping
) -> Picture:
    """Six panels over the line: the shares of real and drawn data, and the best score of each of five losses.

    Args:
        places: on the line, ``(n,)``.
        shares: "real" and "drawn" → the share of the data at each place.
        found: loss → the scores that a table found.
        formulas: loss → the scores that a formula gives; a loss may lack one.
    """
    figure, axes = new_figure(9.6, 5.4, columns=3, rows=2)
    figure.suptitle("The same heaps under five losses: two scores are alike, the others are not", fontsize=13)
    for (name, share), colour, style in zip(shares.items(), COLOURS, LINES, strict=False):
        axes[0, 0].plot(places, share, style, color=colour, label=name, linewidth=2)
    axes[0, 0].set(ylim=(0, 0.05))
    axes[0, 0].set_title("share of the data", fontsize=11)
    axes[0, 0].legend(frameon=False, fontsize=_SMALL, loc="upper left", ncols=2, handlelength=1.4, columnspacing=1)
    titles = {
        "standard": "standard: log(p/q)",
        "relativistic": "relativistic: log(p/q) + constant",
        "least squares": "least squares: p/(p + q)",
        "hinge": "hinge: which is larger?",
        "Wasserstein": "Wasserstein, slopes at most 1",
    }
    for ax, (name, title) in zip(axes.flat[1:], titles.items(), strict=True):
        ax.plot(places, found[name], "o", color=COLOURS[2], markersize=3.5, label="found by the table")
        if name in formulas:
            ax.plot(places, formulas[name], color=INK, linewidth=1.2, label="formula")
        ax.set_title(title, fontsize=11)
    axes[0, 1].legend(frameon=False, fontsize=_SMALL, loc="lower left", handlelength=1.2)
    for ax in axes[0, 1:]:
        ax.set_ylim(-4.2, 2.3)  # one scale for the two that are alike
    for ax in axes[1]:
        ax.set_xlabel("place")
    for ax in axes.flat:
        ax.set_ylabel("share" if ax is axes[0, 0] else "best score")
    return finish(
        figure,
        "Six panels over a line. Real data in two heaps, drawn data in one. Best scores: two equal hilly curves for "
        "standard and relativistic, a flatter one for least squares, steps between −1 and 1 for hinge, and straight "
        "lines up and down for Wasserstein.",
    )


def nameless_scores() -> Picture:
    """Best scores without their losses' names, one panel a letter of ``score_checks.PANELS``."""
    places = torch.linspace(-3.5, 3.5, 141, dtype=torch.float64)
    p, q = (line(at, sigma=sigma).density(places[:, None]) for at, sigma in ((1.0, 0.7), (-0.5, 1.0)))
    p, q = p / p.sum(), q / q.sum()
    uphill = (q.cumsum(0) - p.cumsum(0)).sign()[:-1] * (places[1] - places[0])  # the slope 1 towards where p is lacking
    scores = {
        "wasserstein": torch.cat([torch.zeros(1), uphill.cumsum(0)]),
        "standard": Minimax().best_score(p, q),
        "least squares": LeastSquares().best_score(p, q),
        "hinge": Hinge().best_score(p, q),
    }
    figure, axes = new_figure(9.6, 2.7, columns=4)
    for ax, (letter, name) in zip(axes[0], PANELS.items(), strict=True):
        ax.plot(places, scores[name], color=COLOURS[0], linewidth=2)
        ax.set(title=letter, xlabel="place")
    axes[0, 0].set_ylabel("best score")
    return finish(
        figure,
        "Four curves of best scores over one line from −3.5 to 3.5. A is a straight line of slope 1. B rises from "
        "−16 to 2.6 in a bend and falls again. C stays between 0 and 1, flat on the left. D jumps from −1 to 1.",
    )


def valleys(prices: Mapping[str, Tensor], weights: Tensor, starts: Mapping[str, Mapping[str, float]]) -> Picture:
    """What a discriminator with one weight pays, penalty and all, and where descents came to rest.

    Args:
        prices: penalty → the price at each of the weights.
        weights: ``(n,)``.
        starts: where a descent began, in words → penalty → where it settled.
    """
    figure, axes = new_figure(9.6, 3.4, columns=len(prices))
    for ax, (name, price) in zip(axes[0], prices.items(), strict=True):
        ax.plot(weights, price, color=COLOURS[0], linewidth=2)
        for i, (start, ends) in enumerate(starts.items()):
            at = (weights - ends[name]).abs().argmin()
            label = f"from {start} to {ends[name]:.2f}".replace("-", "−")
            size = 13 - 5 * i  # where two lie on one spot, both are seen
            ax.plot(weights[at], price[at], MARKERS[i], color=COLOURS[1 + i], markersize=size, label=label)
        valleys_found = {round(ends[name], 2) for ends in starts.values()}
        ax.set(title=f"{name}: {'two valleys' if len(valleys_found) > 1 else 'one valley'}", xlabel="weight w")
        ax.set_ylim(-4, 22)
        ax.legend(frameon=False, fontsize=_SMALL, loc="upper center", ncols=2, handletextpad=0.1)
    axes[0, 0].set_ylabel("price with the penalty")
    said = "; ".join(
        f"{name} comes to rest at {' and '.join(f'{ends[name]:.2f}' for ends in starts.values())}" for name in prices
    ).replace("-0", "−0")
    return finish(figure, f"The price over the weight, one panel a penalty. {said}.")


def steepness(runs: Mapping[str, Mapping[int, float]]) -> Picture:
    """How steep discriminators become that learn alone: one line each, named at its end, and a line at the slope 1.

    Args:
        runs: name → step → mean slope at the data.
    """
    figure, ax = _one_panel("Without a limit the Wasserstein discriminator grows steeper and steeper", 9.6, 3.8)
    for colour, style, steep in zip(COLOURS, LINES, runs.values(), strict=False):
        ax.plot(list(steep), list(steep.values()), color=colour, linestyle=style, linewidth=2)
    last = max(max(steep) for steep in runs.values())
    ax.plot([0, last], [1, 1], color=INK, linewidth=0.8)
    ax.annotate("slope 1", (last, 1), (0, -3), textcoords="offset points", ha="right", va="top", fontsize=_SMALL)
    ax.set_yscale("log")
    _name_the_ends(ax, last, {name: steep[last] for name, steep in runs.items()})
    ax.yaxis.set_major_formatter("{x:g}")
    ax.set(xlabel="steps of the discriminator alone", ylabel="mean slope at the data")
    return finish(
        figure,
        "Five lines: no limit rises past 100, clip falls below a thousandth and rises again to a few thousandths, "
        "WGAN-GP comes to 1, relativistic rises to about 7, and with R1 and R2 it stays below 1.",
    )


def weights(panels: Mapping[str, tuple[Tensor, float]]) -> Picture:
    """How a network's weights are spread, one histogram a network.

    Args:
        panels: name → all its weights ``(n,)``, and how far the axis reaches.
    """
    figure, axes = new_figure(8.6, 3.0, columns=len(panels))
    for ax, (name, (values, reach)), colour in zip(axes[0], panels.items(), COLOURS, strict=False):
        share = [100 / len(values)] * len(values)  # each weight counts for so many per cent
        ax.hist(values.numpy(), bins=41, range=(-reach, reach), color=colour, weights=share)
        ax.set(title=name, xlabel="weight", ylabel="% of the weights")
    return finish(
        figure,
        "Two histograms of weights. Clipped: two tall bars, at −0.01 and at 0.01, and almost nothing between. "
        "WGAN-GP: one heap around 0.",
    )


def distances(ends: Mapping[str, Tensor]) -> Picture:
    """How far from the middle generated points lie, on a logarithmic axis, with the real ring at 1.

    Args:
        ends: name of the game → points ``(N, 2)``.
    """
    figure, ax = _one_panel("Without a game the points run away from the ring", 8.6, 2.8)
    for i, points in enumerate(ends.values()):
        far = points[:300].norm(dim=1)
        height = i + 0.5 * (torch.arange(len(far)) / len(far) - 0.5)  # side by side, so that each is seen
        ax.plot(far, height, MARKERS[i], color=COLOURS[i], markersize=3, alpha=0.5)
    ax.axvline(1, color=INK, linewidth=1.5)
    ax.annotate("real points", (1, -0.5), (5, 0), textcoords="offset points", va="bottom", fontsize=_SMALL)
    ax.set_xscale("log")
    ax.set(xlabel="distance from the middle", ylim=(len(ends) - 0.4, -0.8))  # from above, as in the table
    ax.set_yticks(range(len(ends)), list(ends), fontsize=11)
    ax.xaxis.set_major_formatter("{x:g}")
    means = {name: points.norm(dim=1).mean().item() for name, points in ends.items()}
    said = ", ".join(f"{name} {mean:.{1 if mean < 10 else 0}f}" for name, mean in means.items())
    return finish(
        figure,
        f"Distances of drawn points from the middle, on a logarithmic axis; real ones are at about 1. Means: {said}.",
    )


def _one_panel(title: str, width: float, height: float) -> tuple[Figure, Axes]:
    figure, axes = new_figure(width, height)
    axes[0, 0].set_title(title, fontsize=13, loc="left")
    return figure, axes[0, 0]


def _name_the_ends(ax: Axes, x: float, ends: Mapping[str, float]) -> None:
    """The names of lines beside their ends, at least a line of print apart, where nothing is drawn."""
    ax.figure.canvas.draw()  # places the axes, so that heights on the page are known
    lowest = -float("inf")
    for name, y in sorted(ends.items(), key=lambda end: end[1]):
        height = ax.transData.transform((x, y))[1] * 72 / ax.figure.dpi  # points
        lift = max(0.0, lowest + 14 - height)
        lowest = height + lift
        colour = COLOURS[list(ends).index(name)]
        ax.annotate(name, (x, y), (8, lift), textcoords="offset points", va="center", color=colour, fontsize=11)
