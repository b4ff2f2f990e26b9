"""What lesson 00.1 shows of the digits: whether they are intact, how many of each, what each looks like on average."""

import hashlib
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


def checksum(images: Tensor, labels: Tensor) -> str:
    """The first 12 of the 64 hex digits of the SHA-256 that a data set has when it is loaded.

    Args:
        images: in [−1, 1]; their bytes are computed back.
        labels: int64 ``(N,)``.
    """
    pixels = ((images.cpu() + 1) * 127.5).round().to(torch.uint8)
    return hashlib.sha256(pixels.numpy().tobytes() + labels.cpu().numpy().tobytes()).hexdigest()[:12]


def copies(images: Tensor, known: Tensor) -> int:
    """How many of the images are, to the last pixel, among the known ones.

    Args:
        images, known: ``(N, C, H, W)``, of one type.
    """
    seen = {picture.numpy().tobytes() for picture in known.cpu()}
    return sum(picture.numpy().tobytes() in seen for picture in images.cpu())
