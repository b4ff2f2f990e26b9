"""Three ways to count holes, each with one number to choose, which is chosen on other digits (lesson 11.6)."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from scipy.ndimage import label
from torch import Tensor
from torch.nn.functional import avg_pool2d

from course_lib.metrics.topology import picture_diagram

PRINTED = (1, 0, 0, 0, 0, 0, 1, 0, 2, 1)  # holes of 0 … 9 as they are printed here, with an open 4
DEPTHS = tuple(round(0.1 * k, 1) for k in range(1, 17))
LEVELS = tuple(round(0.1 * k, 1) for k in range(-9, 6))


def euler_holes(images: Tensor, level: float) -> Tensor:
    """Holes of the ink that is brighter than ``level``: its pieces minus its Euler number, int64 ``(N,)``.

    The Euler number is pixels, minus pairs that share a side, plus squares of four pixels. That is pieces minus holes.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1].
        level: the one threshold.
    """
    ink = np.pad(images[:, 0].numpy() > level, ((0, 0), (1, 1), (1, 1)))
    across, down = ink[:, :, 1:] & ink[:, :, :-1], ink[:, 1:] & ink[:, :-1]
    square = across[:, 1:] & across[:, :-1]
    euler = sum(sign * part.sum((1, 2)) for sign, part in ((1, ink), (-1, across), (-1, down), (1, square)))
    joined = np.zeros((3, 3, 3), int)
    joined[1] = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]  # by sides, and never from one picture to the next
    numbered = label(ink, joined)[0].max((1, 2))  # pieces are numbered on from picture to picture
    pieces = np.diff(np.maximum.accumulate(numbered), prepend=0)
    return torch.from_numpy(pieces - euler)


def smooth_euler_holes(images: Tensor, level: float) -> Tensor:
    """The same after each pixel was replaced by the mean of its 3 × 3 neighbours, int64 ``(N,)``.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1].
        level: the one threshold.
    """
    return euler_holes(avg_pool2d(images, 3, 1, 1), level)


def accuracies(others: Tensor, wanted: Tensor, images: Tensor, right: Tensor) -> dict[str, tuple[float, float]]:
    """The share of pictures whose holes are counted right, each way with its number chosen on ``others``.

    Args:
        others: pictures to choose on, ``(M, 1, H, W)``.
        wanted: their holes, ``(M,)``.
        images: pictures to be judged, ``(N, 1, H, W)``.
        right: their holes, ``(N,)``.

    Returns:
        Way → its accuracy on ``images``, and the number that was chosen.
    """
    two = others, images
    diagrams = [[picture_diagram(image) for image in pictures] for pictures in two]

    def deep(which: int, depth: float) -> Tensor:
        return torch.tensor([int((rows[:, 0] - rows[:, 1] >= depth).sum()) for rows in diagrams[which]])

    ways: dict[str, tuple[Callable[[int, float], Tensor], Sequence[float]]] = {
        "holes by depth": (deep, DEPTHS),
        "one threshold": (lambda which, level: euler_holes(two[which], level), LEVELS),
        "smoothed, one threshold": (lambda which, level: smooth_euler_holes(two[which], level), LEVELS),
    }
    result = {}
    for name, (count, numbers) in ways.items():
        scores = [_right(count(0, number), wanted) for number in numbers]
        best = numbers[scores.index(max(scores))]
        result[name] = _right(count(1, best), right), best
    return result


def _right(found: Tensor, wanted: Tensor) -> float:
    return (found == wanted).double().mean().item()
