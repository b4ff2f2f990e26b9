"""Four ways to count holes, each with one number to choose, which is chosen on other digits (lesson 11.6)."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from scipy.ndimage import label
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad

from course_lib.metrics.topology import picture_diagram

PRINTED = (1, 0, 0, 0, 0, 0, 1, 0, 2, 1)  # holes of 0 … 9 as they are printed here, with an open 4
DEPTHS = tuple(round(0.1 * k, 1) for k in range(1, 17))
LEVELS = tuple(round(0.1 * k, 1) for k in range(-9, 11))  # above 1.0 there is no ink
Row = tuple[float, float]  # birth and death
Counter = Callable[[float], Tensor]  # a depth or a threshold → holes, (N,)


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


def smoothed(images: Tensor) -> Tensor:
    """Each pixel is replaced by the mean of the 3 × 3 pixels around it, ``(N, 1, H, W)``.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1]; beyond the border lies paper.
    """
    return avg_pool2d(pad(images, (1, 1, 1, 1), value=-1.0), 3, 1)


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
    ways: dict[str, tuple[Callable[[Tensor], Counter], Sequence[float]]] = {
        "depth": (_by_depth, DEPTHS),
        "one threshold": (_by_level, LEVELS),
        "smoothed, depth": (lambda pictures: _by_depth(smoothed(pictures)), DEPTHS),
        "smoothed, one threshold": (lambda pictures: _by_level(smoothed(pictures)), LEVELS),
    }
    result = {}
    for name, (counter, numbers) in ways.items():
        count = counter(others)
        scores = [_right(count(number), wanted) for number in numbers]
        best = numbers[scores.index(max(scores))]
        result[name] = _right(counter(images)(best), right), best
    return result


def shut_in(picture: np.ndarray, pieces: Callable[..., list[Row]]) -> list[Row]:
    """The holes of a picture: pieces of its paper that meet others, read backwards.

    Args:
        picture: ``(H, W)``, framed by paper.
        pieces: the lesson's function, ``(picture, corners)`` → rows (birth, death).

    Returns:
        A row (birth, death) for each hole, births above deaths.
    """
    return [(-met, -appeared) for appeared, met in pieces(-picture, True) if met > -np.inf]


def _by_depth(images: Tensor) -> Counter:
    diagrams = [picture_diagram(image) for image in images]
    depths = [rows[:, 0] - rows[:, 1] for rows in diagrams]
    return lambda depth: torch.tensor([int((each >= depth).sum()) for each in depths])


def _by_level(images: Tensor) -> Counter:
    return lambda level: euler_holes(images, level)


def _right(found: Tensor, wanted: Tensor) -> float:
    return (found == wanted).double().mean().item()
