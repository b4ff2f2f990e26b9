"""Cover a part and look at how far the target falls."""

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.explain.segments import filling
from course_lib.explain.targets import Target, scores


@torch.no_grad()
def occlusion(model: nn.Module, target: Target, images: Tensor, *, window: int = 4, stride: int = 2,
              fill: Tensor | float = -1.0) -> Tensor:  # fmt: skip
    """For each square of ``window`` pixels, each ``stride`` pixels: target(x) − target(x with the square filled); a
    pixel gets the mean over the squares that cover it (Zeiler and Fergus 2014): ``(N, 1, H, W)``.

    fill: a brightness in [−1, 1], or pictures that broadcast to ``images``.
    """
    height, width = images.shape[-2:]
    if not (1 <= stride <= window <= min(height, width)):
        raise CourseError(f"window={window!r}, stride={stride!r}: use 1 ≤ stride ≤ window ≤ {min(height, width)}.")
    whole, cover = scores(model, target, images), filling(images, fill)
    total, times = torch.zeros_like(images[:, :1]), torch.zeros_like(images[:1, :1])
    tops, lefts = (sorted({*range(0, size - window + 1, stride), size - window}) for size in (height, width))
    for top in tops:
        for left in lefts:
            square = (..., slice(top, top + window), slice(left, left + window))
            covered = images.clone()
            covered[square] = cover[square]
            total[square] += (whole - scores(model, target, covered)).view(-1, 1, 1, 1)
            times[square] += 1
    return total / times
