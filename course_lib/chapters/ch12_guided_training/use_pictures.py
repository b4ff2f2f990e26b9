"""The figures of lesson 12.3: mean maps with their best windows, a training's checkpoints, and rules over seeds."""

from collections.abc import Mapping, Sequence
from statistics import median

from matplotlib.patches import Rectangle
from torch import Tensor

from course_lib.chapters.ch12_guided_training.drift import Checkpoint
from course_lib.chapters.ch12_guided_training.other_uses import MARK, SIDE, best_window
from course_lib.show.charts import draw_lines
from course_lib.show.picture import COLOURS, FOR_AND_AGAINST, INK, Picture, finish, new_figure, normalised_attribution


def maps_with_windows(maps: Mapping[str, Tensor], *, title: str, alt: str) -> Picture:
    """Maps on their own symmetric scales, each with the mark's square (dashed) and its best window (solid).

    Args:
        maps: name → ``(28, 28)``.
        title: what the figure says.
        alt: the alternative text.
    """
    columns = 3
    rows = -(-len(maps) // columns)
    figure, axes = new_figure(7.4, 2.45 * rows + 0.8, columns=columns, rows=rows)
    for ax, (name, picture) in zip(axes.flat, maps.items(), strict=False):
        ax.imshow(normalised_attribution(picture[None]), cmap=FOR_AND_AGAINST, vmin=-1, vmax=1, interpolation="nearest")
        for (top, left), style, wide in ((MARK, (0, (2, 2)), 1.4), (best_window(picture), "-", 2.2)):
            at = (left - 0.5, top - 0.5)
            ax.add_patch(Rectangle(at, SIDE, SIDE, fill=False, edgecolor=INK, linewidth=wide, linestyle=style))
        ax.set_title(name, fontsize=10)
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        ax.spines[:].set(visible=True, color="#BBBBBB", linewidth=0.5)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    figure.supxlabel(
        "solid: the window with the highest mean · dashed: the mark · each map has its own scale", fontsize=10
    )
    return finish(figure, alt)


def training(rows: Sequence[Checkpoint], *, title: str, alt: str) -> Picture:
    """A training's Fréchet distance, and under it how far D's maps drifted since the checkpoint before.

    Args:
        rows: in the order of the training.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.2, 4.4, rows=2)
    steps = [row.step for row in rows]
    draw_lines(axes[0, 0], {"distance": (steps, [row.kept for row in rows])}, "", "Fréchet distance")
    draw_lines(axes[1, 0], {"drift": (steps, [row.drift for row in rows])}, "step", "drift of D's maps")
    for ax, name in ((axes[0, 0], "kept"), (axes[1, 0], "drift")):
        best = min(rows, key=lambda row: getattr(row, name))
        ax.plot([best.step], [getattr(best, name)], "o", mfc="none", mec=COLOURS[1], markersize=13, mew=2)
        ax.margins(y=0.15)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def rules_as_dots(rules: Mapping[str, Sequence[float]], x: str, *, title: str, alt: str) -> Picture:
    """One row a rule, a dot a seed, a bar for the median.

    Args:
        rules: name → a number for each seed.
        x: what the axis says.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.2, 0.42 * len(rules) + 1.2)
    ax = axes[0, 0]
    for y, values in enumerate(rules.values()):
        ax.plot(list(values), [y] * len(values), "o", color=COLOURS[0], markersize=7, alpha=0.5)
        ax.plot([median(values)] * 2, [y - 0.3, y + 0.3], color=INK, linewidth=2.2)
    ax.set_yticks(range(len(rules)), list(rules), fontsize=10)
    ax.set(xlabel=x, ylim=(len(rules) - 0.4, -0.6))
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
