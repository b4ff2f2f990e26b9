"""Cover a part and look at how far the target falls."""

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError, check_whole_number
from course_lib.explain.segments import fill_like
from course_lib.explain.targets import Target, target_values
from course_lib.explain.validation import check_pictures
from course_lib.models.wrappers import Output


@torch.no_grad()
def occlusion(
    model: nn.Module,
    target: Target,
    images: Tensor,
    *,
    window: int = 4,
    stride: int = 2,
    fill: Tensor | float = -1.0,
    output: Output = None,
) -> Tensor:
    """target(x) − target(x with a square filled), for each square of the image: ``(N, 1, H, W)``.

    A pixel gets the mean over the squares that cover it (Zeiler and Fergus 2014).

    Args:
        model: in eval mode.
        target: what is explained.
        images: ``(N, C, H, W)`` in [−1, 1].
        window: side of a square in pixels.
        stride: pixels from one square to the next, at most ``window``.
        fill: a brightness in [−1, 1], or pictures that broadcast to ``images``.
        output: of a model that gives a tuple, dict or named tuple, the part to be explained (see
            ``forward.model_outputs``).

    Raises:
        CourseError: for windows that leave gaps; see ``targets.scores``.
    """
    height, width = check_pictures(images).shape[-2:]
    window, stride = check_whole_number("window", window, 0), check_whole_number("stride", stride, 0)
    if not (1 <= stride <= window <= min(height, width)):
        raise CourseError(f"window={window!r}, stride={stride!r}: use 1 ≤ stride ≤ window ≤ {min(height, width)}.")
    whole_value, cover = target_values(model, target, images, output), fill_like(images, fill)
    total, times = torch.zeros_like(images[:, :1]), torch.zeros_like(images[:1, :1])
    tops, lefts = (sorted({*range(0, size - window + 1, stride), size - window}) for size in (height, width))
    for top in tops:
        for left in lefts:
            square = (..., slice(top, top + window), slice(left, left + window))
            covered = images.clone()
            covered[square] = cover[square]
            total[square] += (whole_value - target_values(model, target, covered, output)).view(-1, 1, 1, 1)
            times[square] += 1
    return total / times
