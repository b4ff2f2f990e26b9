"""Clouds of points over the modes, a panel each, under a title that says what they show."""

from collections.abc import Collection, Mapping

from matplotlib.axes import Axes
from torch import Tensor

from course_lib.data.toy import Mixture
from course_lib.show.picture import COLOURS, INK, Picture, finish, new_figure

FRAME = "#BBBBBB"
CURE, NO_CURE = COLOURS[0], COLOURS[1]


def clouds(
    panels: Mapping[str, Tensor],
    mixture: Mixture | Mapping[str, Mixture],
    *,
    title: str,
    alt: str,
    columns: int = 4,
    n: int = 600,
    notes: Mapping[str, str] | None = None,
    blue: Collection[str] = (),
) -> Picture:
    """One panel for each label: its points over the modes, which are drawn as circles, larger than they are.

    Args:
        panels: label → points ``(N, 2)``.
        mixture: where the modes are, of all panels or of each label.
        title: what the figure says.
        alt: the alternative text.
        columns: panels a row, where there are so many.
        n: how many points of each are drawn, the first ones.
        notes: label → a second line under it.
        blue: labels whose points are blue; those of the others are orange.
    """
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    figure, axes = new_figure(2.25 * columns, 2.5 * rows + 0.35, columns=columns, rows=rows)
    for ax in axes.flat[len(panels) :]:
        ax.set_visible(False)
    for ax, (label, points) in zip(axes.flat, panels.items(), strict=False):
        target = mixture if isinstance(mixture, Mixture) else mixture[label]
        _draw(ax, points[:n], target, CURE if label in blue else NO_CURE)
        note = (notes or {}).get(label, "")
        ax.set_title(f"{label}\n{note}" if note else label, fontsize=10)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def _draw(ax: Axes, points: Tensor, mixture: Mixture, colour: str) -> None:
    reach = 1.8 * mixture.centres.abs().max().item()
    ax.plot(*mixture.centres.T.tolist(), "o", color=INK, markersize=9, fillstyle="none", markeredgewidth=0.8)
    ax.plot(*points.T.tolist(), ".", color=colour, markersize=3, alpha=0.5)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xticks=[], yticks=[])
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color(FRAME)
