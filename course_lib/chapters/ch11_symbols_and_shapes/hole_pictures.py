"""The figures of lesson 11.6: thresholds that sink or rise, diagrams, holes counted by class, depths under noise."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from scipy.ndimage import label
from torch import Tensor

from course_lib.show.charts import say
from course_lib.show.picture import COLOURS, INK, MARKERS, Picture, finish, new_figure


def sinking(image: Tensor, words: Mapping[float, str], *, title: str, alt: str) -> Picture:
    """A picture, and beside it its ink at thresholds that sink; what is counted there stands under each.

    A ring marks each place where pixels of ink touch at a corner only, and so are not joined.

    Args:
        image: ``(1, H, W)`` in [−1, 1].
        words: threshold → what is said of the ink that is at least so bright.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(1.45 * (len(words) + 1), 2.2, columns=len(words) + 1)
    shown = {"the digit": image[0]} | {
        f"from {level:+.1f} on".replace("-", "−").replace("+0.0", "0.0"): image[0] >= level for level in words
    }
    for ax, (head, picture), said in zip(axes[0], shown.items(), ("", *words.values()), strict=True):
        ax.imshow(picture, cmap="gray", interpolation="nearest")
        if said:
            ax.plot(
                *_corners(picture).T, "o", markersize=8, markerfacecolor="none", color=COLOURS[1], markeredgewidth=1.6
            )
        _words_around(ax, head, said)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def rising(picture: np.ndarray, words: Mapping[float, str], *, title: str, alt: str) -> Picture:
    """A small picture with its brightnesses, and beside it the paper that is at most so bright, each piece in a colour.

    Paper is joined at sides and corners; the piece of the pixel at the top left is the first.

    Args:
        picture: ``(H, W)`` in [−1, 1].
        words: threshold, rising → what is said below.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(2.3 * (len(words) + 1), 2.9, columns=len(words) + 1)
    panels = [("the picture", "brightness of each pixel")] + [
        (f"paper up to {level:g}".replace("-", "−"), said) for level, said in words.items()
    ]
    axes[0, 0].imshow(picture, cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
    for (row, column), value in np.ndenumerate(picture):
        axes[0, 0].text(
            column,
            row,
            f"{value:g}".replace("-", "−"),
            ha="center",
            va="center",
            fontsize=10,
            color="white" if value < 0 else "black",
        )
    kinds = ListedColormap(["#DDDDDD", *COLOURS[:2]])
    for ax, level in zip(axes[0, 1:], words, strict=True):
        number, _ = label(picture <= level, np.ones((3, 3)))
        ax.imshow(number, cmap=kinds, vmin=0, vmax=2, interpolation="nearest")
    for ax, (head, said) in zip(axes[0], panels, strict=True):
        _words_around(ax, head, said)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def before_and_after(
    before: Sequence[float], after: Sequence[float], epsilon: float, *, title: str, alt: str
) -> Picture:
    """A dot for each digit: how deep its deepest hole was and is, and the strip that the guarantee allows.

    Args:
        before, after: the depths, one a digit.
        epsilon: the largest change of a pixel.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(5.4, 4.2)
    ax, ends = axes[0, 0], np.array([0.0, 2.0])
    ax.fill_between(ends, ends - 2 * epsilon, ends + 2 * epsilon, color="#DDDDDD", label="moved by at most 2ε")
    ax.plot(ends, ends, color=INK, linewidth=1, linestyle=(0, (1, 2)), label="not moved")
    ax.plot(before, after, MARKERS[0], color=COLOURS[0], markersize=5, alpha=0.6, label="a digit")
    ax.set(xlabel="depth of the deepest hole before", ylabel="… and after", xlim=(-0.05, 2.05), ylim=(-0.05, 2.45))
    ax.legend(fontsize=10, loc="upper left", edgecolor="none")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def _words_around(ax: Axes, head: str, said: str) -> None:
    """A picture's panel: its name above, what is said of it below, no ticks."""
    ax.set(xticks=[], yticks=[])
    ax.set_xlabel(said, fontsize=10)
    ax.set_title(head, fontsize=10)
    ax.grid(False)


def _corners(ink: Tensor) -> np.ndarray:
    """Where two pixels of ink touch at a corner, and the two beside them are paper: ``(K, 2)``, across and down."""
    one, right, below, across = ink[:-1, :-1], ink[:-1, 1:], ink[1:, :-1], ink[1:, 1:]
    touch = (one & across & ~right & ~below) | (right & below & ~one & ~across)
    return touch.nonzero().flip(1).numpy() + 0.5


def diagram(pieces: Tensor, holes: Tensor, image: Tensor, *, title: str, alt: str) -> Picture:
    """A picture, and its diagram: a mark for each piece and hole, the lower below the diagonal, the deeper.

    Args:
        pieces, holes: rows ``(birth, death)``, ``(features, 2)``, as of ``metrics.topology.picture_diagram``.
        image: ``(1, H, W)`` in [−1, 1].
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.4, 3.5, columns=2)
    axes[0, 0].imshow(image[0], cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
    axes[0, 0].set_axis_off()
    ax = axes[0, 1]
    ax.plot([-1, 1], [-1, 1], color=INK, linewidth=1, linestyle=(0, (1, 2)))
    for i, (name, rows) in enumerate({"piece of ink": pieces, "hole": holes}.items()):
        ax.plot(*rows.T.tolist(), MARKERS[i], color=COLOURS[i], markersize=8, alpha=0.75, label=name, clip_on=False)
    ax.set(xlabel="birth: brightness where it appears", ylabel="death: brightness where it ends", aspect="equal")
    ax.set(xlim=(-1.05, 1.05), ylim=(-1.05, 1.05))
    ax.legend(fontsize=10, loc="upper left", edgecolor="none")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def by_class(found: Tensor, labels: Tensor, known: Sequence[int], *, title: str, alt: str) -> Picture:
    """One bar a class: the shares of its digits with 0, 1, 2 and more holes; a ring marks the share that print has.

    Args:
        found: holes of each digit, int64 ``(N,)``.
        labels: the digits' classes, int64 ``(N,)``.
        known: the holes of each class as it is printed.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.4, 3.6)
    ax, names = axes[0, 0], ("none", "one", "two", "more")
    left = np.zeros(len(known))
    for holes, name in enumerate(names):
        hit = found == holes if holes < 3 else found >= holes
        share = np.array([hit[labels == k].double().mean().item() for k in range(len(known))])
        ax.barh(
            range(len(known)),
            share,
            0.8,
            left,
            color=COLOURS[holes],
            label=name,
            edgecolor="white",
            hatch=("", "//", "..", "xx")[holes],
        )
        for k in np.flatnonzero(np.array(known) == holes):
            ax.text(1.02, k, f"print: {name}, {share[k]:.0%}", va="center", fontsize=10)
        left += share
    ax.set_yticks(range(len(known)), [str(k) for k in range(len(known))])
    ax.set(
        xlabel="share of the handwritten digits of a class", ylabel="class", xlim=(0, 1), ylim=(len(known) - 0.4, -0.6)
    )
    ax.legend(fontsize=10, edgecolor="none", ncols=4, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2)
    say(ax, title, above=True)
    return finish(figure, alt)


def rows_of(rows: Mapping[str, Tensor], *, title: str, alt: str) -> Picture:
    """Rows of pictures, each with its name at the left.

    Args:
        rows: name → images ``(N, 1, H, W)``; a shorter row leaves room.
        title: what the figure says.
        alt: the alternative text.
    """
    most = max(len(images) for images in rows.values())
    figure, axes = new_figure(0.72 * most + 1.9, 0.78 * len(rows) + 0.4, columns=most, rows=len(rows))
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for ax in line:
            ax.set_axis_off()
        for ax, image in zip(line, images, strict=False):
            ax.imshow(image[0], cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
        line[0].text(-0.15, 0.5, name, transform=line[0].transAxes, ha="right", va="center", fontsize=10)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
