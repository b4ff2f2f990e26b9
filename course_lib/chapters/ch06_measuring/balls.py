"""Balls around points in the plane: what precision, recall, density and coverage count."""

from collections.abc import Mapping
from typing import Literal

import torch
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from torch import Tensor

from course_lib.runtime import Runtime
from course_lib.show.picture import COLOURS, Picture, finish, new_figure

Around = Literal["real", "generated"]


def heap(runtime: Runtime, count: int, name: str, scale: float = 1.0, at: tuple[float, float] = (0.0, 0.0)) -> Tensor:
    """Points ``(count, 2)`` of a round Gaussian in the plane.

    Args:
        runtime: whose random numbers are drawn.
        count: how many.
        name: of the stream of random numbers.
        scale: its width, the standard deviation.
        at: its centre.
    """
    return torch.randn(count, 2, generator=runtime.stream(name)) * scale + torch.tensor(at)


def show_balls(
    panels: Mapping[str, tuple[Tensor, Tensor, Around]], title: str, alt: str, k: int = 3, reach: float | None = None
) -> Picture:
    """One panel for each label: real points as dots, generated ones as crosses, and the balls around one of the two.

    Args:
        panels: label → (real points, generated points, around which of them the balls are drawn).
        title: what the figure says.
        alt: its alternative text.
        k: a ball reaches to the k-th nearest neighbour.
        reach: how far the axes go on either side of 0; each panel by itself without one.
    """
    figure, axes = new_figure(7.2, 4.3 if len(panels) < 3 else 3.5, columns=len(panels))
    for ax, (label, (real, generated, around)) in zip(axes[0], panels.items(), strict=True):
        _balls(ax, real, generated, around, k)
        ax.set_title(label, fontsize=11)
        if reach:
            ax.set(xlim=(-reach, reach), ylim=(-reach, reach))
        else:
            ax.set_adjustable("datalim")  # panels of one size, whatever lies in them
    figure.suptitle(title, fontsize=12, x=0.01, ha="left")
    handles = [
        Line2D([], [], color=COLOURS[0], marker="o", linestyle="", label="real point"),
        Line2D([], [], color=COLOURS[1], marker="x", linestyle="", label="generated point"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=10, edgecolor="none")
    return finish(figure, alt)


def _balls(ax: Axes, real: Tensor, generated: Tensor, around: Around, k: int) -> None:
    colour, centres = (COLOURS[0], real) if around == "real" else (COLOURS[1], generated)
    radius = torch.cdist(centres, centres).kthvalue(k + 1, dim=1).values  # + 1: the nearest is the point itself
    for centre, r in zip(centres.tolist(), radius.tolist(), strict=True):
        ax.add_patch(Circle(centre, r, color=colour, alpha=0.1))
    ax.scatter(real[:, 0], real[:, 1], s=14, color=COLOURS[0], marker="o", zorder=3)
    ax.scatter(generated[:, 0], generated[:, 1], s=22, color=COLOURS[1], marker="x", zorder=3)
    ax.set(aspect="equal", xticks=[], yticks=[])
