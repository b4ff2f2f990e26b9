"""Players of a game instead of pixels: segments of an image, switched on and off together."""

import torch
from torch import Tensor

from course_lib.errors import CourseError
from course_lib.explain.validation import WHOLE


def grid_segments(height: int, width: int, side: int = 4) -> Tensor:
    """Squares of ``side`` × ``side`` pixels, numbered row by row: int64 ``(height, width)``, 0 to players − 1.

    Args:
        height: of the image in pixels.
        width: of the image in pixels.
        side: of a square; those at the right and lower border may be smaller.

    Raises:
        CourseError: for a side below 1 or beyond the image.

    Example:
        >>> from course_lib.explain import grid_segments
        >>> grid_segments(2, 4, side=2)
        tensor([[0, 0, 1, 1],
                [0, 0, 1, 1]])
    """
    if isinstance(side, bool) or not isinstance(side, int) or not 1 <= side <= min(height, width):
        raise CourseError(f"side={side!r}: use a whole number from 1 to {min(height, width)}.")
    rows, columns = torch.arange(height) // side, torch.arange(width) // side
    return rows[:, None] * (int(columns.max()) + 1) + columns[None]


def compose(image: Tensor, fill: Tensor, segments: Tensor, coalitions: Tensor) -> Tensor:
    """Pictures ``(M, C, H, W)``: the image where a coalition's segments are on (1), ``fill`` where they are off (0).

    Args:
        image: ``(C, H, W)``.
        fill: ``(C, H, W)``.
        segments: int64 ``(H, W)``.
        coalitions: 0/1 rows ``(M, players)``.
    """
    on = coalitions[:, segments.to(coalitions.device)][:, None].to(image)  # (M, 1, H, W)
    return on * image + (1 - on) * fill


def fill_like(image: Tensor, fill: Tensor | float) -> Tensor:
    """``fill`` in the shape of ``image``.

    Args:
        image: one picture or a batch.
        fill: a brightness in [−1, 1], or what broadcasts to ``image``.

    Raises:
        CourseError: for what does not fit, or is no finite number.
    """
    try:
        found = torch.as_tensor(fill, dtype=image.dtype).to(image.device).expand_as(image)
    except (RuntimeError, TypeError, ValueError):
        what = f"shape {tuple(fill.shape)}" if isinstance(fill, Tensor) else f"type {type(fill).__name__}"
        raise CourseError(
            f"a fill or baseline of {what} for images {tuple(image.shape)}: use a number, or what broadcasts to them."
        ) from None
    if not torch.isfinite(found).all():
        raise CourseError("the fill or baseline is NaN or infinite: use a brightness in [−1, 1], or such pictures.")
    return found


def count_segments(segments: Tensor, image: Tensor) -> int:
    """How many segments there are.

    Args:
        segments: int64 ``(H, W)``, numbered from 0.
        image: one picture or a batch, that they must fit.

    Raises:
        CourseError: for segments that are not whole numbers from 0, one a pixel.
    """
    if not isinstance(segments, Tensor) or segments.shape != image.shape[-2:] or segments.dtype not in WHOLE:
        what = (
            f"shape {tuple(segments.shape)} and {segments.dtype}"
            if isinstance(segments, Tensor)
            else (f"type {type(segments).__name__}")
        )
        raise CourseError(f"segments of {what} for images {tuple(image.shape)}: use int64 (H, W), as of grid_segments.")
    low, high = int(segments.min()), int(segments.max())
    if low < 0 or high >= segments.numel():
        raise CourseError(f"segments are numbered from {low} to {high}: number them from 0, without large gaps.")
    return high + 1
