"""What lesson 00.1 shows of the digits: how many there are of each, and what each looks like on average."""

from collections.abc import Mapping

import torch
from torch import Tensor

from course_lib.data import ImageData
from course_lib.learn.wording import show_table


def show_counts(counts: Mapping[str, Tensor]) -> None:
    """Show how often each digit occurs, as a table with a row for each part of the data.

    Args:
        counts: name of the part → ten numbers.
    """
    kinds = [str(digit) for digit in range(10)]
    rows = [(part, *found.tolist()) for part, found in counts.items()]
    show_table("How many pictures of each digit", ("part", *kinds), rows)


def average_pictures(data: ImageData) -> Tensor:
    """The average picture of each class, ``(classes, C, H, W)``.

    Args:
        data: with at least one picture of each class.
    """
    classes = len(data.names)
    sums = torch.zeros(classes, *data.shape, device=data.images.device).index_add_(0, data.labels, data.images)
    return sums / torch.bincount(data.labels, minlength=classes).view(-1, 1, 1, 1)
