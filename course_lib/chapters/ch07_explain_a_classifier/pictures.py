"""The figures of this chapter: shares written on their squares, sums step by step, maps on one scale, errors."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patheffects import withStroke
from torch import Tensor

from course_lib.errors import CourseError
from course_lib.show.charts import draw_lines, say
from course_lib.show.picture import FOR_AND_AGAINST, INK, Picture, blank_figure, finish, new_figure, plain

FOR, AGAINST = "#C4390A", "#08306B"


def shares_on_squares(picture: Tensor, shares: Tensor, segments: Tensor, *, title: str, alt: str) -> Picture:
    """A picture cut into squares, and beside it each square's share as a colour and a number.

    Args:
        picture: ``(1, 1, H, W)`` in [−1, 1].
        shares: of the squares, ``(players,)``.
        segments: the square of each pixel, int64 ``(H, W)``.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(6.6, 3.4, columns=2)
    left, right = axes[0]
    draw_picture(left, picture, segments)
    largest = shares.abs().max().item() or 1.0
    drawn = right.imshow(shares.cpu()[segments.cpu()], cmap=FOR_AND_AGAINST, vmin=-largest, vmax=largest)
    _lines_between(right, segments, "#BBBBBB")
    for square, (x, y) in enumerate(_middles(segments)):
        light = abs(shares[square]) > 0.6 * largest
        right.text(x, y, _signed(shares[square].item()), ha="center", va="center", color="white" if light else INK)
    left.set_title("the picture", fontsize=10)
    right.set_title("shares", fontsize=10)
    bar = figure.colorbar(drawn, ax=right, fraction=0.046)
    bar.set_label("share of the logit")
    bar.outline.set_visible(False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def sum_in_steps(
    picture: Tensor, segments: Tensor, shares: Sequence[float], base: float, *, most: int = 8, title: str, alt: str
) -> Picture:
    """A waterfall: from ``base`` to the logit, one square a step, beside the picture with its squares' names.

    Args:
        picture: ``(1, 1, H, W)`` in [−1, 1].
        segments: the square of each pixel, int64 ``(H, W)``.
        shares: of the squares, in their order; their names are those of :func:`names_of`.
        base: where the sum starts.
        most: how many steps; the smallest shares are added up in the first.
        title: what the figure says.
        alt: the alternative text.

    Raises:
        CourseError: when there are not as many shares as squares.
    """
    names = names_of(segments)
    if len(names) != len(shares):
        raise CourseError(f"{len(shares)} shares for {len(names)} squares: give one share to each square.")
    order = sorted(range(len(shares)), key=lambda i: abs(shares[i]))
    few, large = order[: len(order) - most + 1], order[len(order) - most + 1 :]
    steps = [(f"{len(few)} others", sum(shares[i] for i in few)), *((names[i], shares[i]) for i in large)]
    figure = blank_figure(8.6, 3.9)
    grid = figure.add_gridspec(1, 2, width_ratios=(1, 1.9))
    left, right = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    plain(right)
    right.grid(False, axis="y")
    draw_picture(left, picture, segments)
    for name, (x, y) in zip(names, _middles(segments), strict=True):
        left.text(
            x,
            y,
            name,
            ha="center",
            va="center",
            color="#FFB000",
            fontsize=10,
            fontweight="bold",
            path_effects=[withStroke(linewidth=2.5, foreground="black")],
        )
    at = base
    for row, (_, share) in enumerate(steps):
        right.barh(row, share, left=at, color=FOR if share >= 0 else AGAINST, height=0.7)
        right.text(max(at, at + share), row, f" {_signed(share)}", va="center", fontsize=10)
        right.plot([at + share] * 2, [row - 0.35, row + 1.35], color=INK, linewidth=0.7)
        at += share
    right.axvline(base, color=INK, linewidth=1, linestyle=(0, (1, 2)))
    right.set_yticks(
        [-1, *range(len(steps)), len(steps)], ["start", *(name for name, _ in steps), "logit"], fontsize=10
    )
    right.text(base, -1, f" {_plain(base)}", va="center", fontsize=10)
    right.text(at, len(steps), f" {_plain(at)}", va="center", fontsize=10, fontweight="bold")
    low, high = right.get_xlim()
    right.set(
        xlabel="logit", xlim=(low - 0.03 * (high - low), high + 0.14 * (high - low)), ylim=(-1.6, len(steps) + 0.6)
    )
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def names_of(segments: Tensor) -> list[str]:
    """A name for each square of a grid, as on a chessboard read from above: A1 top left, A2 to its right.

    Args:
        segments: the square of each pixel, int64 ``(H, W)``, as ``explain.grid_segments`` makes them.
    """
    across = int(segments[0].max()) + 1
    return [f"{chr(ord('A') + s // across)}{s % across + 1}" for s in range(int(segments.max()) + 1)]


def on_one_scale(
    pictures: Tensor, maps: Mapping[str, Tensor], rows: Sequence[str], *, of: str = "a pixel", title: str, alt: str
) -> Picture:
    """A row for each picture: the picture, then its maps, all of them on one scale that the colour bar names.

    The scale ends where 0.3 % of the pixels lie beyond, or few strong ones would make all others pale. Where it leaves
    some out, the bar ends in points, and its label says so and how far they reach.

    Args:
        pictures: ``(N, 1, H, W)`` in [−1, 1].
        maps: what stands above a column → maps ``(N, 1, H, W)``.
        rows: a name for each picture.
        of: what has a share.
        title: what the figure says.
        alt: the alternative text.
    """
    n, sizes = len(pictures), torch.cat([m.abs().flatten() for m in maps.values()])
    largest = sizes.quantile(0.997).item() or 1.0
    cut = sizes.max().item() > 1.001 * largest
    figure, axes = new_figure(7.6, 0.6 + 1.5 * n, rows=n, columns=1 + len(maps))
    for i, row in enumerate(axes):
        draw_picture(row[0], pictures[i : i + 1])
        row[0].set_title(rows[i], fontsize=10)
        for ax, (label, each) in zip(row[1:], maps.items(), strict=True):
            drawn = draw_map(ax, pictures[i : i + 1], each[i : i + 1], largest)
            if i == 0:
                ax.set_title(label, fontsize=10)
    bar = figure.colorbar(drawn, ax=axes, fraction=0.03, aspect=30, extend="both" if cut else "neither")
    note = f"\ncut at the 99.7 % quantile; the largest size is {sizes.max():.2f}" if cut else ""
    bar.set_label(f"share of {of}, logits" + ("\n" if n < 2 else " ") + f"(one scale for all){note}")
    bar.outline.set_visible(False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def errors_by_root(errors: Mapping[str, Mapping[int, float]], *, title: str, alt: str) -> Picture:
    """Errors against one over the root of the number of orders, both axes from 0: a line through 0 is the root's law.

    Args:
        errors: way of sampling → number of orders → error.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.2, 3.4)
    ax, counts = axes[0, 0], sorted({n for row in errors.values() for n in row})
    series = {way: ([n**-0.5 for n in row], list(row.values())) for way, row in errors.items()}
    draw_lines(ax, series, "1 / √orders", "largest error, logits")
    ax.set_xticks([0, *(n**-0.5 for n in counts)], ["0", *(f"1/√{n}" for n in counts)])
    ax.set(xlim=(0, None), ylim=(0, None))
    say(ax, title)
    return finish(figure, alt)


def draw_picture(ax: Axes, picture: Tensor, segments: Tensor | None = None) -> None:
    """Draw a picture in grey.

    Args:
        ax: drawn on.
        picture: ``(1, C, H, W)`` in [−1, 1].
        segments: the square of each pixel, int64 ``(H, W)``, where lines between squares are wanted.
    """
    ax.imshow(picture[0].mean(0).detach().cpu(), cmap="gray", vmin=-1, vmax=1)
    without_axes(ax)
    if segments is not None:
        _lines_between(ax, segments, "#888888")


def draw_map(ax: Axes, picture: Tensor, attribution: Tensor, largest: float | None = None) -> AxesImage:
    """Draw a map in the colours for and against, with the picture's outline.

    Args:
        ax: drawn on.
        picture: ``(1, C, H, W)`` in [−1, 1].
        attribution: ``(1, 1, H, W)``.
        largest: the value of the deepest colour; without it, the map's own largest size.

    Returns:
        What a colour bar is made of.
    """
    values, grey = attribution[0, 0].detach().float().cpu(), picture[0].mean(0).detach().cpu()
    largest = largest or values.abs().max().item() or 1.0
    drawn = ax.imshow(values, cmap=FOR_AND_AGAINST, vmin=-largest, vmax=largest)
    if grey.min() < 0 < grey.max():
        ax.contour(grey, [0.0], colors=INK, linewidths=0.5, alpha=0.6)
    without_axes(ax)
    return drawn


def without_axes(ax: Axes) -> None:
    """Take ticks, grid and frame away.

    Args:
        ax: changed in place.
    """
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    ax.spines[:].set_visible(False)


def _lines_between(ax: Axes, segments: Tensor, colour: str) -> None:
    """Lines where one square ends and the next begins."""
    of = segments.cpu()
    for x in (of[0, 1:] != of[0, :-1]).nonzero()[:, 0].tolist():
        ax.axvline(x + 0.5, color=colour, linewidth=0.7)
    for y in (of[1:, 0] != of[:-1, 0]).nonzero()[:, 0].tolist():
        ax.axhline(y + 0.5, color=colour, linewidth=0.7)
    without_axes(ax)


def _middles(segments: Tensor) -> list[tuple[float, float]]:
    """The middle of each square, (x, y)."""
    of, found = segments.cpu().numpy(), []
    for square in range(int(of.max()) + 1):
        rows, columns = np.nonzero(of == square)
        found.append((float(columns.mean()), float(rows.mean())))
    return found


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−") if abs(value) >= 0.005 else "0"


def _plain(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
