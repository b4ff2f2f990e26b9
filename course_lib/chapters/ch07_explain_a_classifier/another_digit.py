"""Insertion on another digit, for lesson 07.5: which digit lies below each picture, and the scores of maps there."""

from collections.abc import Sequence

from torch import Tensor, nn

from course_lib.data import ImageData
from course_lib.metrics.faithfulness import insertion_deletion


def below(digits: ImageData, classes: Tensor, rows: Sequence[Sequence[int]]) -> Tensor:
    """For each class a digit of another one.

    Args:
        digits: to choose from.
        classes: of the pictures that will come in, ``(N,)``.
        rows: for each of them places in ``digits``; the first one of another class is taken.

    Returns:
        Pictures ``(N, 1, 28, 28)``.
    """
    return digits.images[[next(k for k in row if digits.labels[k] != c) for row, c in zip(rows, classes, strict=True)]]


def insertion_on(net: nn.Module, pictures: Tensor, classes: Tensor, maps: Tensor, fill: float | Tensor) -> Tensor:
    """The insertion score of each picture: its class's mean probability while its pixels come in.

    Args:
        net: gives logits.
        pictures: ``(N, 1, H, W)``.
        classes: whose probability counts, ``(N,)``.
        maps: of the pictures' shape; the pixel with the highest value comes first.
        fill: what is there before, one value, or pictures such as those of :func:`below`.

    Returns:
        ``(N,)``, from 0 to 1.
    """

    def probability(shown: Tensor) -> Tensor:
        found: Tensor = net(shown).softmax(1).gather(1, classes[:, None])[:, 0]
        return found

    return insertion_deletion(probability, pictures, maps, fill)["insertion"]
