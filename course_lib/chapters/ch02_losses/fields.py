"""Discriminators of the plane as pictures: the score of every place, and where a loss pushes drawn points."""

from collections.abc import Mapping

import torch
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from torch import Tensor

from course_lib.chapters.ch02_losses.prices import Price
from course_lib.data.toy import Mixture
from course_lib.losses import Critic
from course_lib.show.picture import COLOURS, INK, Picture, finish, new_figure

REACH = 1.6  # of the picture, to all four sides
_FINE = 81  # places along each side
_LONG = 0.13  # an arrow's length for a pull of 1; drawn lengths grow with the square root
_FIELD = LinearSegmentedColormap.from_list("score", ["#F0B27A", "#F7F7F4", "#5B9BD0"])


def pushes(price: Price, critic: Critic, points: Tensor, real: Tensor) -> Tensor:
    """Where each drawn point is pushed: minus the slope of its own price by its place, ``(N, dim)``.

    Args:
        price: the generator's, of a pair of logits.
        critic: points ``(N, dim)`` → scores ``(N, 1)``.
        points: drawn ones, ``(N, dim)``.
        real: real ones ``(M, dim)``; a price that needs a partner is averaged over all of them.
    """
    points = points.detach().clone().requires_grad_()
    with torch.no_grad():
        r = critic(real)  # (M, 1)
    f = critic(points)  # (N, 1)
    of_pairs = price(r.expand(-1, len(f)), f.T.expand(len(r), -1))  # (M, N)
    (slope,) = torch.autograd.grad(of_pairs.mean(0).sum(), points)
    return -slope


def fields(
    panels: Mapping[str, tuple[Price, Critic]], real: Mixture, drawn: Mixture, title: str, n: int = 40
) -> Picture:
    """One panel a loss: D's score as colour, the same drawn points in each, and the push that each point gets.

    The colours of a panel have its own scale, from the border between "real" and "drawn"; arrows have one scale in all
    of them, on which a push four times as strong is drawn twice as long.

    Args:
        panels: loss → the generator's price, and the discriminator that has learned.
        real, drawn: mixtures in the plane.
        title: of the whole figure.
        n: how many points of each are shown.
    """
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    figure, axes = new_figure(3.2 * columns, 3.45 * rows + 0.6, columns=columns, rows=rows)
    figure.suptitle(title, fontsize=13)
    chance = torch.Generator().manual_seed(2)
    many, points, some = (heap.sample(k, chance)[0] for heap, k in ((real, 1000), (drawn, n), (real, n)))
    others = drawn.sample(1000, chance)[0]
    side = torch.linspace(-REACH, REACH, _FINE)
    places = torch.stack(torch.meshgrid(side, side, indexing="xy"), -1).reshape(-1, 2)
    medians = {}
    for ax, (name, (price, critic)) in zip(axes.flat, panels.items(), strict=False):
        push = pushes(price, critic, points, many)
        with torch.no_grad():
            border = _border(name, critic(many), critic(others))
            score = critic(places).reshape(_FINE, _FINE) - border
        _field(ax, side, score)
        _points(ax, points, some, push)
        medians[name] = push.norm(dim=1).median().item()
        ax.set_title(f"{name}\nmedian push {medians[name]:.2f}", fontsize=11)
    for ax in axes.flat[len(panels) :]:
        ax.set_visible(False)
    axes[-1, 0].plot([], [], color=INK, linewidth=1.5, label="D's border")
    axes[-1, 0].legend(loc="upper left", bbox_to_anchor=(0, -0.01), ncols=3, fontsize=10, frameon=False,
                       handletextpad=0.4, handlelength=1.2, columnspacing=1)  # fmt: skip
    said = ", ".join(f"{name} {value:.2f}" for name, value in medians.items())
    return finish(
        figure,
        f"{len(panels)} panels of the plane: eight heaps of real points on a ring, one heap of drawn points within it, "
        f"D's score as colour with a line at its border, and an arrow at each drawn point where the loss pushes it. "
        f"Median push: {said}.",
    )


def _border(name: str, real: Tensor, drawn: Tensor) -> float:
    """The score between "real" and "drawn": 0 or ½ where the loss says it, else half-way between the two means."""
    if name.startswith("least squares"):
        return 0.5
    if name.startswith(("Wasserstein", "relativistic")):  # any constant may be added to their scores
        return (real.mean() + drawn.mean()).item() / 2
    return 0.0


def _field(ax: Axes, side: Tensor, score: Tensor) -> None:
    far = score.abs().flatten().quantile(0.95)
    ax.imshow(
        (score / far).numpy(),
        cmap=_FIELD,
        vmin=-1,
        vmax=1,
        extent=(-REACH, REACH, -REACH, REACH),
        origin="lower",
        interpolation="bilinear",
    )
    if score.min() < 0 < score.max():
        ax.contour(side.numpy(), side.numpy(), score.numpy(), [0.0], colors=INK, linewidths=1.5)


def _points(ax: Axes, points: Tensor, real: Tensor, push: Tensor) -> None:
    size = push.norm(dim=1, keepdim=True)
    arrows = _LONG * push / size.clamp_min(1e-12).sqrt()
    ax.quiver(*points.T, *arrows.T, color=INK, width=0.006, angles="xy", scale_units="xy", scale=1, zorder=2)
    ax.plot(*real.T, "o", color="white", markeredgecolor="#003A5D", markersize=4, markeredgewidth=0.7, label="real",
            zorder=3)  # fmt: skip
    ax.plot(*points.T, "^", color=COLOURS[1], markeredgecolor=INK, markersize=4, markeredgewidth=0.5, label="drawn",
            zorder=3)  # fmt: skip
    ax.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", xticks=[], yticks=[])
    ax.grid(False)
