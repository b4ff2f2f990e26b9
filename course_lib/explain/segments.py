"""Players of a game instead of pixels: segments of an image, switched on and off together."""

import torch
from torch import Tensor

from course_lib.errors import CourseError


def grid_segments(height: int, width: int, side: int = 4) -> Tensor:
    """Squares of ``side`` × ``side`` pixels, numbered row by row: int64 ``(height, width)``, 0 to players − 1."""
    if isinstance(side, bool) or not isinstance(side, int) or not 1 <= side <= min(height, width):
        raise CourseError(f"side={side!r}: use a whole number from 1 to {min(height, width)}.")
    rows, columns = torch.arange(height) // side, torch.arange(width) // side
    return rows[:, None] * (int(columns.max()) + 1) + columns[None]


def compose(image: Tensor, fill: Tensor, segments: Tensor, coalitions: Tensor) -> Tensor:
    """Pictures ``(M, C, H, W)``: ``image`` ``(C, H, W)`` where a coalition's ``(M, players)`` segments are on (1),
    ``fill`` ``(C, H, W)`` where they are off (0)."""
    on = coalitions[:, segments.to(coalitions.device)][:, None].to(image)  # (M, 1, H, W)
    return on * image + (1 - on) * fill


def filling(image: Tensor, fill: Tensor | float) -> Tensor:
    """``fill`` in the shape of ``image``, one or a batch: a brightness in [−1, 1], or what broadcasts to it."""
    return torch.as_tensor(fill, dtype=image.dtype, device=image.device).expand_as(image)
