"""Pictures whose causes are known: drawn shapes with five factors, and planted marks with the mask of where they are.

The ground truth for explanations: what a method should find is known before it is asked.
"""

import hashlib
import math
from dataclasses import dataclass, replace

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
    """Drawn shapes; labels are those of ``SHAPES``. factors: float32 ``(N, 6)`` in the order of ``FACTORS``: the
    shape's number, then each factor in its own units (see ``RANGES``)."""

    factors: Tensor = None


def shapes(runtime: Runtime | None = None, n: int = 4000, split: str = "train") -> ShapeData:
    """``n`` pictures ``(n, 1, 28, 28)`` with factors drawn evenly and independently; the splits do not overlap.

    Raises:
        CourseError: for an unknown split or ``n`` below 1.
    """
    one_of("split", split, ("train", "test"))
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise CourseError(f"cannot draw {n!r} shapes: use a whole number of at least 1.")
    seed = runtime.derived_seed("shapes", split) if runtime else SHAPES.index("disc") + (split == "test")
    g = torch.Generator().manual_seed(seed)
    low, high = (torch.tensor(v) for v in zip(*RANGES.values(), strict=True))
    factors = torch.cat([torch.randint(len(SHAPES), (n, 1), generator=g).float(),
                         low + (high - low) * torch.rand(n, len(RANGES), generator=g)], 1)  # fmt: skip
    images = render(factors)
    digest = hashlib.sha256(images.numpy().tobytes()).hexdigest()
    device = runtime.device if runtime else torch.device("cpu")
    return ShapeData(images.to(device), factors[:, 0].long().to(device), SHAPES, "shapes", split,
                     "drawn by this course", "MIT", digest, factors.to(device))  # fmt: skip


def render(factors: Tensor) -> Tensor:
    """Draw factors ``(N, 6)`` (see ``ShapeData``): float32 ``(N, 1, 28, 28)`` in [−1, 1]. The edges are one pixel soft,
    so a small change of a factor is a small change of the picture.

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


def plant(data: ImageData, which: Tensor, top: int = 22, left: int = 22, side: int = 4, strength: float = 0.3) -> tuple[
        ImageData, Tensor]:  # fmt: skip
    """The same data with a mark on the images in ``which`` (bool ``(N,)``): a checkerboard of ``side`` × ``side``
    pixels whose mean is 0, so that a map of brightness does not find it; and the mask of where it is, bool ``(H, W)``.

    strength: how far a pixel is moved up or down, in the units of [−1, 1]; the marked square is first set to −0.5.

    Raises:
        CourseError: for a mark outside of the image.
    """
    height, width = data.shape[1:]
    if not (0 <= top <= height - side and 0 <= left <= width - side and side >= 1):
        raise CourseError(f"a mark of {side} pixels at ({top}, {left}) does not fit {height}×{width}.")
    images = data.images.clone()
    pattern = 2.0 * ((torch.arange(side)[:, None] + torch.arange(side)) % 2) - 1  # (side, side) of ±1
    square = (-0.5 + strength * pattern).to(images)
    chosen = which.to(images.device)
    part = images[:, :, top : top + side, left : left + side]
    part.copy_(torch.where(chosen.view(-1, 1, 1, 1), square, part))
    mask = torch.zeros(height, width, dtype=torch.bool)
    mask[top : top + side, left : left + side] = True
    return replace(data, images=images, sha256=data._derived(f"planted {top} {left} {side} {strength}")), mask
