"""Pictures whose causes are known: drawn shapes with five factors, and planted marks with the mask of where they are.

The ground truth for explanations: what a method should find is known before it is asked.
"""

import hashlib
import math
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor

from course_lib.data.images import ImageData
from course_lib.errors import CourseError, one_of
from course_lib.runtime import Runtime

SHAPES = ("square", "disc", "triangle")
SIDE = 28
# Smallest and largest value of each continuous factor: half a side and places in pixels, the angle in degrees (a
# square repeats after 90°), brightness as a share of white.
RANGES = {"size": (4.0, 8.0), "x": (9.0, 19.0), "y": (9.0, 19.0), "angle": (0.0, 90.0), "brightness": (0.4, 1.0)}
FACTORS = ("shape", *RANGES)


@dataclass(frozen=True)
class ShapeData(ImageData):
    """Drawn shapes; their labels are those of ``SHAPES``.

    Attributes:
        factors: float32 ``(N, 6)`` in the order of ``FACTORS``: the shape's number, then each factor in its own units
            (see ``RANGES``).
    """

    factors: Tensor

    def _subset(self, which: Tensor | slice, how: str) -> Self:
        return replace(super()._subset(which, how), factors=self.factors[which])

    def padded(self, size: int = 32) -> Self:
        """As for other images; the places x and y move with the border, so ``render``'s pixels are found again there.

        Args:
            size: at least the images' own.

        Raises:
            CourseError: for a smaller one.
        """
        wide = super().padded(size)
        moved = self.factors.clone()
        for name, old in (("x", self.shape[2]), ("y", self.shape[1])):
            moved[:, FACTORS.index(name)] += (size - old) // 2
        return replace(wide, factors=moved)


def shapes(runtime: Runtime | None = None, n: int = 4000, split: str = "train") -> ShapeData:
    """Pictures ``(n, 1, 28, 28)`` with factors drawn evenly and independently; the splits do not overlap.

    Args:
        runtime: whose seed draws the factors, and whose device they go to; None: the same ones always, on the CPU.
        n: how many, at least 1.
        split: ``"train"`` or ``"test"``.

    Raises:
        CourseError: for an unknown split or ``n`` below 1.
    """
    one_of("split", split, ("train", "test"))
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise CourseError(f"cannot draw {n!r} shapes: use a whole number of at least 1.")
    seed = runtime.derived_seed("shapes", split) if runtime else SHAPES.index("disc") + (split == "test")
    g = torch.Generator().manual_seed(seed)
    low, high = (torch.tensor(v) for v in zip(*RANGES.values(), strict=True))
    factors = torch.cat(
        [
            torch.randint(len(SHAPES), (n, 1), generator=g).float(),
            low + (high - low) * torch.rand(n, len(RANGES), generator=g),
        ],
        1,
    )
    images = render(factors)
    digest = hashlib.sha256(images.numpy().tobytes()).hexdigest()
    device = runtime.device if runtime else torch.device("cpu")
    return ShapeData(
        images.to(device),
        factors[:, 0].long().to(device),
        SHAPES,
        "shapes",
        split,
        "drawn by this course",
        "MIT",
        digest,
        factors.to(device),
    )


def render(factors: Tensor) -> Tensor:
    """Pictures of given factors: float32 ``(N, 1, 28, 28)`` in [−1, 1].

    The edges are one pixel soft, so a small change of a factor is a small change of the picture.

    Args:
        factors: ``(N, 6)``, see ``ShapeData``.

    Raises:
        CourseError: for another number of factors, or an unknown shape.
    """
    if factors.ndim != 2 or factors.shape[1] != len(FACTORS):
        raise CourseError(f"factors have shape {tuple(factors.shape)}: expected (N, {len(FACTORS)}), {FACTORS}.")
    kind, size, x, y, angle, brightness = (column.view(-1, 1, 1) for column in factors.float().T)
    if not torch.isin(kind, torch.arange(len(SHAPES))).all():
        raise CourseError(f"unknown shape number in {sorted(set(kind.flatten().tolist()))}: use 0 to 2.")
    at = torch.arange(SIDE, dtype=torch.float32)
    right, down = at.view(1, 1, -1) - x, at.view(1, -1, 1) - y  # (N, 1, 28), (N, 28, 1)
    turn = angle * math.pi / 180
    u, v = right * turn.cos() + down * turn.sin(), down * turn.cos() - right * turn.sin()  # (N, 28, 28)
    # Signed distances to the border, negative inside.
    square = torch.maximum(u.abs(), v.abs()) - size
    disc = (u**2 + v**2).sqrt() - size
    triangle = torch.maximum(v - 0.5 * size, 0.866 * u.abs() - 0.5 * v - 0.5 * size)
    distance = torch.where(kind == 0, square, torch.where(kind == 1, disc, triangle))
    inside = (0.5 - distance).clamp(0, 1)  # (N, 28, 28)
    return (2 * brightness * inside - 1)[:, None]


def marked(images: Tensor, top: int = 1, left: int = 1, side: int = 7, strength: float = 1.0) -> Tensor:
    """Images ``(N, C, H, W)`` in [−1, 1] with the course's planted mark.

    In a square of pixels, each whose row and column in the square are even is made brighter.

    Why dots, two pixels apart: Sobel compares the pixel on one side with that on the other, two apart, so inside the
    square it sees no more than before; and most of the square stays as dark as it was, so brightness misses most of it.
    By these alone nobody finds the square: whoever does, asked the model. (The dots alone are bright: a mask of them is
    found by brightness, too.)

    Args:
        images: without it; they stay as they are.
        top: row of the square's first pixel.
        left: column of the square's first pixel.
        side: of the square in pixels, odd and at least 3.
        strength: added to each dot, up to white.

    Raises:
        CourseError: for a mark outside of the image, or without an odd side of at least 3.
    """
    height, width = images.shape[-2:]
    if side < 3 or side % 2 == 0:
        raise CourseError(f"a mark with a side of {side!r} pixels: use an odd number from 3, such as 7.")
    if not (0 <= top <= height - side and 0 <= left <= width - side):
        raise CourseError(f"a mark of {side} pixels at ({top}, {left}) does not fit {height}×{width}.")
    dots = torch.zeros(height, width)
    dots[top : top + side : 2, left : left + side : 2] = strength
    return (images + dots.to(images)).clamp(-1, 1)


def plant(
    data: ImageData, which: Tensor, top: int = 1, left: int = 1, side: int = 7, strength: float = 1.0
) -> tuple[ImageData, Tensor]:
    """The same data with the mark on some images (see ``marked``), and where it is.

    Args:
        data: without it; it stays as it is.
        which: bool ``(N,)``, the images that get it.
        top, left, side, strength: as for ``marked``.

    Returns:
        The data, and the mask of the square, bool ``(H, W)``.

    Raises:
        CourseError: as ``marked``; for a ``which`` of another length or type.
    """
    if which.shape != (len(data.images),) or which.dtype != torch.bool:
        raise CourseError(
            f"which has shape {tuple(which.shape)} and dtype {which.dtype}: expected bool "
            f"({len(data.images)},), one for each image."
        )
    chosen = which.to(data.images.device).view(-1, 1, 1, 1)
    images = torch.where(chosen, marked(data.images, top, left, side, strength), data.images)
    mask = torch.zeros(data.shape[1:], dtype=torch.bool)
    mask[top : top + side, left : left + side] = True
    whom = hashlib.sha256(which.cpu().numpy().tobytes()).hexdigest()
    how = f"planted {top} {left} {side} {strength} {whom}"
    return replace(data, images=images, sha256=data._derived(how)), mask
