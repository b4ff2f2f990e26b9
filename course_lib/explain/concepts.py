"""What a person would say of a digit, as numbers: loops, ends, branches, slant, thickness, symmetry, ink.

Measured by scikit-image on the picture alone; no network is asked. ``explain.rules`` tells networks in these words.
"""

from collections.abc import Callable

import numpy as np
import torch
from scipy import ndimage
from skimage import measure, morphology
from torch import Tensor

from course_lib.explain.validation import check_pictures

INK = 0.0  # a pixel above it is ink, on the scale of [−1, 1]
SMALL = 3  # holes and specks of fewer pixels are no loops and no pieces


def loops(ink: np.ndarray) -> float:
    """How many holes the ink encloses: pieces minus Euler's number.

    Args:
        ink: bool ``(H, W)``.
    """
    return float(measure.label(ink, connectivity=2).max() - measure.euler_number(ink, connectivity=2))


def pieces(ink: np.ndarray) -> float:
    """How many parts the ink falls into, pixels that touch at a corner being together.

    Args:
        ink: bool ``(H, W)``.
    """
    return float(measure.label(ink, connectivity=2).max())


def ends(ink: np.ndarray) -> float:
    """Ends of the skeleton: its pixels with one neighbour.

    Args:
        ink: bool ``(H, W)``.
    """
    return float((_neighbours(morphology.skeletonize(ink)) == 1).sum())


def branches(ink: np.ndarray) -> float:
    """Places at which the skeleton branches: groups of its pixels with three neighbours or more.

    Args:
        ink: bool ``(H, W)``.
    """
    return float(measure.label(_neighbours(morphology.skeletonize(ink)) >= 3, connectivity=2).max())


def slant(ink: np.ndarray) -> float:
    """How far the strokes lean, in pixels to the right for each pixel up: by the ink's second moments.

    Args:
        ink: bool ``(H, W)``.
    """
    rows, columns = np.nonzero(ink)
    if len(rows) < 2 or rows.var() == 0:
        return 0.0
    return float(-np.cov(rows, columns, ddof=0)[0, 1] / rows.var())


def thickness(ink: np.ndarray) -> float:
    """About the width of the stroke in pixels: four times the ink's mean distance to the paper, minus 2.

    Across a stroke of w pixels these distances are 1, 2, … and back to 1, and their mean is near w/4 + ½.

    Args:
        ink: bool ``(H, W)``.
    """
    return float(max(4 * ndimage.distance_transform_edt(ink)[ink].mean() - 2, 0)) if ink.any() else 0.0


def symmetry(ink: np.ndarray) -> float:
    """How much of the ink lies on ink when it is turned by half a turn about its middle, in [0, 1].

    Args:
        ink: bool ``(H, W)``.
    """
    return _overlap(ink, lambda box: box[::-1, ::-1])


def mirror(ink: np.ndarray) -> float:
    """How much of the ink lies on ink when left and right are exchanged about its middle, in [0, 1].

    Args:
        ink: bool ``(H, W)``.
    """
    return _overlap(ink, lambda box: box[:, ::-1])


def share_of_ink(ink: np.ndarray) -> float:
    """Share of the picture's pixels that are ink, in [0, 1].

    Args:
        ink: bool ``(H, W)``.
    """
    return float(ink.mean())


def height_of_middle(ink: np.ndarray) -> float:
    """How high the ink's centre lies in its own box: 0 the bottom, 1 the top.

    Args:
        ink: bool ``(H, W)``.
    """
    rows = np.nonzero(ink)[0]
    return float((rows.max() - rows.mean()) / max(rows.max() - rows.min(), 1)) if len(rows) else 0.0


def width(ink: np.ndarray) -> float:
    """Width over height of the box around the ink.

    Args:
        ink: bool ``(H, W)``.
    """
    rows, columns = np.nonzero(ink)
    return float((np.ptp(columns) + 1) / (np.ptp(rows) + 1)) if len(rows) else 0.0


CONCEPTS: dict[str, Callable[[np.ndarray], float]] = {
    "loops": loops,
    "pieces": pieces,
    "ends": ends,
    "branches": branches,
    "slant": slant,
    "thickness": thickness,
    "half turn": symmetry,
    "mirror": mirror,
    "ink": share_of_ink,
    "height of the middle": height_of_middle,
    "width": width,
}


def measure_concepts(images: Tensor, threshold: float = INK) -> Tensor:
    """Every concept of every picture, ``(N, concepts)``, float64, in the order of ``CONCEPTS``.

    Args:
        images: one channel, ``(N, 1, H, W)`` in [−1, 1].
        threshold: above which a pixel is ink.

    Raises:
        CourseError: for what are no pictures.

    Example:
        >>> import torch
        >>> from course_lib.explain.concepts import CONCEPTS, measure_concepts
        >>> ring = -torch.ones(1, 1, 9, 9)
        >>> ring[..., 2:7, 2:7], ring[..., 3:6, 3:6] = 1.0, -1.0
        >>> dict(zip(CONCEPTS, measure_concepts(ring)[0].tolist()))["loops"]
        1.0
    """
    inks = [cleaned(image) for image in (check_pictures(images)[:, 0] > threshold).cpu().numpy()]
    return torch.tensor([[concept(ink) for concept in CONCEPTS.values()] for ink in inks], dtype=torch.double).view(
        len(inks), len(CONCEPTS)
    )


def cleaned(ink: np.ndarray) -> np.ndarray:
    """Without specks and holes of fewer than three pixels.

    Args:
        ink: bool ``(H, W)``.
    """
    labelled = measure.label(ink, connectivity=2)
    ink = (np.bincount(labelled.ravel()) >= SMALL)[labelled] & ink
    paper = measure.label(~ink, connectivity=1)
    return ink | ~(np.bincount(paper.ravel()) >= SMALL)[paper] & ~ink


def _neighbours(skeleton: np.ndarray) -> np.ndarray:
    """How many of a skeleton's pixels touch each of its pixels; 0 elsewhere."""
    around = ndimage.convolve(skeleton.astype(int), np.ones((3, 3), int), mode="constant") - 1
    return np.where(skeleton, around, 0)


def _overlap(ink: np.ndarray, turned: Callable[[np.ndarray], np.ndarray]) -> float:
    rows, columns = np.nonzero(ink)
    if not len(rows):
        return 0.0
    box = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return float((box & turned(box)).sum() / box.sum())
