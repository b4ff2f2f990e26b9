"""Between two digits: pairs of unlike ones, and how double a picture looks."""

import torch
from torch import Tensor

from course_lib.data import ImageData
from course_lib.models.likelihood import to_zero_one
from course_lib.runtime import Runtime


def unlike_pairs(data: ImageData, pairs: int, runtime: Runtime) -> tuple[Tensor, Tensor]:
    """Pairs of images with different labels, drawn at random.

    Args:
        data: with labels.
        pairs: how many.
        runtime: its seed draws them.

    Returns:
        Where the first and where the second of each pair stands, ``(pairs,)`` each.
    """
    drawn = torch.randint(len(data), (2, 10 * pairs), generator=runtime.stream("pairs"))
    labels = data.labels.cpu()[drawn]
    first, second = drawn[:, labels[0] != labels[1]][:, :pairs]
    return first, second


def undecided(images: Tensor) -> Tensor:
    """The share of each image's pixels that are neither black nor white: from ¼ to ¾ white, ``(N,)``.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
    """
    return ((to_zero_one(images) - 0.5).abs() < 0.25).double().mean((1, 2, 3))
