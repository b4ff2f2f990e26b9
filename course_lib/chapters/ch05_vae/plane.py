"""The plane of a VAE's two latents: click or drag on it, and see what is decoded there; a still where nobody watches.

The kernel decodes one point in one message. The page asks for the latest point only, with few questions on their way.
"""

import copy
import functools
from pathlib import Path
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from torch import Tensor

from course_lib.data.pixels import check_images
from course_lib.errors import CourseError
from course_lib.machine import headless
from course_lib.models import VAE
from course_lib.show.picture import INK, Picture, finish, grid, new_figure
from course_lib.training import Sampler

SHOWN = 500  # points: more would hide each other
SIDE = 15  # decoded pictures along each side of the still's grid
# Each class is written as its number, so colours only help; all of them are dark enough for thin digits on white.
# They lie far enough apart that the 64 colours of a page's picture keep all ten.
TEN = ("#0050C8", "#D04A00", "#007A3D", "#D0208C", "#7A5200", "#00809A", "#6A20B0", "#C00020", "#4D4D4D", "#5F7A00")


def latent_plane(vae: VAE, images: Tensor | None = None, labels: Tensor | None = None, *, title: str = "") -> object:
    """The plane of a VAE with two latents; it shows the VAE as it is now, whatever is trained later.

    Args:
        vae: with two latents, and no classes given.
        images: ``(N, C, H, W)`` in [−1, 1]; they lie on the plane as points, at the means of q(z|x): the first 500.
        labels: int64 ``(N,)`` from 0 on; with them, each point is the number of its class.
        title: what the still says, above it, or nothing.

    Returns:
        A widget in JupyterLab; where nobody watches, a ``Picture`` of the points and of 15 × 15 decoded pictures, whose
        latents are quantiles of the standard normal.

    Raises:
        CourseError: for a VAE with another number of latents or with classes given, or labels that do not fit.
    """
    plane = Plane(vae, images, labels)
    return still(plane, title=title) if headless() else _widget_class()(plane)


class Plane:
    """What is to be seen: points ``(n, 2)`` float32, their ``labels`` ``(n,)`` (or None), and pictures by ``decode``.

    reach: half the side of the part that is shown; all points are inside. of: how many images there were.

    Args:
        vae: with two latents, and no classes given.
        images: ``(N, C, H, W)`` in [−1, 1].
        labels: int64 ``(N,)`` from 0 on.

    Raises:
        CourseError: for a VAE with another number of latents or with classes given, or labels that do not fit.
    """

    def __init__(self, vae: VAE, images: Tensor | None = None, labels: Tensor | None = None):
        if not isinstance(vae, VAE):
            raise CourseError(f"{type(vae).__name__} is no VAE: use for example ConvVAE(latent=2).")
        if vae.latent != 2:
            raise CourseError(f"this VAE has {vae.latent} latents, and a plane shows 2: use latent=2.")
        if vae.classes:
            raise CourseError("this VAE decodes a class besides the point: use one with classes=0.")
        if labels is not None and images is None:
            raise CourseError("there are labels but no images: pass the images that they belong to.")
        self.vae = copy.deepcopy(vae).eval().requires_grad_(False)
        self.points, self.labels, self.of = torch.zeros(0, 2), None, 0
        if images is not None:
            self.of = len(check_images(images))
            part = images[:SHOWN].to(next(self.vae.parameters()).device)
            self.points = self.vae.encode(part)[0].float().cpu()  # (n, 2)
        if labels is not None:
            if labels.shape != (self.of,) or labels.dtype != torch.int64 or (labels < 0).any():
                raise CourseError(
                    f"labels of shape {tuple(labels.shape)}, {labels.dtype}, do not fit {self.of} images: use one "
                    "int64 from 0 on for each image."
                )
            self.labels = labels[:SHOWN].cpu()
        furthest = self.points.abs().max().item() if len(self.points) else 0.0
        self.reach = max(3.0, np.ceil(2.1 * furthest) / 2)  # 3: nearly all of N(0, I)

    def decode(self, z: Tensor) -> Tensor:
        """Mean images ``(n, C, H, W)`` in [−1, 1] at latents ``(n, 2)``.

        Args:
            z: latents ``(n, 2)``.
        """
        return Sampler(self.vae).decode(z)

    def answer(self, question: dict) -> tuple[dict, bytes]:
        """What the page asks for: the picture at a point.

        Args:
            question: ``{"number", "z"}``.

        Returns:
            The picture's header, and its uint8 pixels ``(H, W, C)``.
        """
        image = self.decode(torch.tensor([question["z"]]))  # (1, C, H, W)
        pixels = grid(image, 1, scale=1, gap=0)
        header = {"number": question["number"], "z": question["z"], "shape": [*pixels.shape[:2], image.shape[1]]}
        return header, pixels.tobytes()

    def told(self) -> str:
        """What lies on the plane, in words."""
        if not self.of:
            return "No image was encoded"
        some = f"{len(self.points):,} of {self.of:,}" if len(self.points) < self.of else f"{self.of:,}"
        return f"{some} encoded images" + (", each the number of its class" if self.labels is not None else "")


def quantiles(n: int) -> Tensor:
    """``n`` points that cut the standard normal into parts of equal probability, at their middles: ``(n,)``.

    Args:
        n: how many, at least 1.
    """
    return torch.distributions.Normal(0.0, 1.0).icdf((torch.arange(n) + 0.5) / n)


def still(plane: Plane, side: int = SIDE, title: str = "") -> Picture:
    """Left, the points; right, decoded pictures at quantiles of the standard normal, z₁ to the right, z₂ upwards.

    Args:
        plane: what is to be seen.
        side: how many decoded pictures there are along each side.
        title: what the figure says, above it, or nothing.
    """
    figure, axes = new_figure(9.6 if plane.of else 5.0, 4.8 + 0.3 * bool(title), columns=2 if plane.of else 1)
    if title:
        figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    steps = quantiles(side)
    z = torch.stack(torch.meshgrid(steps, steps.flip(0), indexing="xy"), -1).view(-1, 2)  # row by row from above
    ax = axes[0, -1]
    sheet = grid(plane.decode(z), side, scale=1, gap=0)
    ax.imshow(sheet, cmap="gray", vmin=0, vmax=255, interpolation="nearest", extent=(0, side, 0, side))
    marked = [0, side // 4, side // 2, side - 1 - side // 4, side - 1]
    names = [f"{steps[i].item() + 0.0:.1f}".replace("-", "−") for i in marked]
    ax.set_xticks([i + 0.5 for i in marked], names)
    ax.set_yticks([i + 0.5 for i in marked], names)
    ax.set(xlabel="z₁ (quantiles of N(0, 1))", ylabel="z₂")
    ax.set_title("decoded", fontsize=10)
    ax.grid(False)
    if plane.of:
        _draw_points(axes[0, 0], plane)
    return finish(
        figure,
        (
            f"{plane.told()}{', left, on the plane of the two latents' if plane.of else ''}. "
            f"{'Right: ' * bool(plane.of)}"
            f"{side} by {side} pictures decoded at quantiles of the standard normal, one turning into the next."
        ),
    )


def _draw_points(ax: Axes, plane: Plane) -> None:
    from matplotlib.patches import Circle

    for radius in (1, 2, 3):
        ax.add_patch(Circle((0, 0), radius, fill=False, edgecolor=INK, linewidth=0.8, linestyle=(0, (1, 3))))
    classes = [None] if plane.labels is None else plane.labels.unique().tolist()
    for k in classes:
        points = plane.points if k is None else plane.points[plane.labels == k]
        marker, colour = ("o", TEN[0]) if k is None else (f"${k}$", TEN[k % len(TEN)])
        ax.scatter(
            points[:, 0],
            points[:, 1],
            s=10 if k is None else 26 * len(str(k)),
            marker=marker,
            color=colour,
            linewidth=0.1,
        )
    ax.set(xlim=(-plane.reach, plane.reach), ylim=(-plane.reach, plane.reach), aspect="equal", xlabel="z₁", ylabel="z₂")
    ax.set_title(f"{len(plane.points):,} encoded images; dotted: 1, 2, 3 σ of p(z)", fontsize=10)


@functools.cache
def _widget_class() -> type:
    import anywidget
    import traitlets

    class LatentPlane(anywidget.AnyWidget):
        """The window; what it shows when no kernel runs is the still."""

        _esm = Path(__file__).with_name("plane.js")
        points = traitlets.Bytes().tag(sync=True)  # float32 (n, 2)
        labels: "traitlets.List[int]" = traitlets.List().tag(sync=True)
        colours: "traitlets.List[str]" = traitlets.List().tag(sync=True)
        reach = traitlets.Float().tag(sync=True)
        told = traitlets.Unicode().tag(sync=True)

        def __init__(self, plane: Plane) -> None:
            labels = [] if plane.labels is None else plane.labels.tolist()
            super().__init__(
                points=plane.points.numpy().tobytes(),
                labels=labels,
                colours=list(TEN),
                reach=plane.reach,
                told=plane.told(),
            )
            self.plane = plane
            self.on_msg(self._hear)

        def _hear(self, _: object, question: dict, buffers: object) -> None:
            header, raw = self.plane.answer(question)
            self.send(header, [raw])

        def _repr_mimebundle_(self, **options: Any) -> tuple[dict, dict]:
            shown = super()._repr_mimebundle_(**options)
            assert shown is not None  # a widget with a view always shows something
            data, metadata = shown
            picture, about = still(self.plane)._repr_mimebundle_()
            return {**picture, **data, "text/plain": picture["text/plain"]}, {**about, **metadata}

    return LatentPlane
