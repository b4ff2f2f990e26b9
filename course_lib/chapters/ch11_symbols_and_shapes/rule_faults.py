"""Faults planted in real digits, so that it is known what a rule should say of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

from course_lib.explain.concepts import INK

_Spoil = Callable[[np.ndarray], np.ndarray | None]
_FAR = 4  # pixels from all ink: a blot there touches nothing
_HOLE = 6  # a hole of fewer pixels would hardly be missed


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Attributes:
        concept: that it changes.
        spoil: a picture ``(H, W)`` in [−1, 1] → the spoilt one, or None where this digit has no place for it.
    """

    concept: str
    spoil: _Spoil

    def plant(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Spoil every digit that has a place for the fault.

        Args:
            images: ``(N, 1, H, W)`` in [−1, 1].
            labels: int64 ``(N,)``.

        Returns:
            The spoilt digits ``(M, 1, H, W)``, the same ones intact, and their labels ``(M,)``.
        """
        spoilt = {i: self.spoil(image) for i, image in enumerate(images[:, 0].numpy())}
        made = {i: one for i, one in spoilt.items() if one is not None}
        which = list(made)
        pictures = torch.from_numpy(np.stack(list(made.values())).astype(np.float32))[:, None]
        return pictures, images[which], labels[which]


def _blot(picture: np.ndarray) -> np.ndarray | None:
    """A white square of 3 × 3 pixels where the ink is farthest away."""
    away = ndimage.distance_transform_edt(picture <= INK)
    away[[0, 1, -2, -1]] = away[:, [0, 1, -2, -1]] = 0  # it is to fit
    row, column = np.unravel_index(away.argmax(), away.shape)
    if away[row, column] < _FAR:
        return None
    changed = picture.copy()
    changed[row - 1 : row + 2, column - 1 : column + 2] = 1
    return changed


def _cut(picture: np.ndarray) -> np.ndarray | None:
    """Three black rows through the middle of the ink."""
    rows = np.flatnonzero((picture > INK).any(1))
    middle = int(rows.mean())
    changed = picture.copy()
    changed[middle - 1 : middle + 2] = -1
    return changed


def _filled(picture: np.ndarray) -> np.ndarray | None:
    """Every hole is filled with white."""
    ink = picture > INK
    holes = ndimage.binary_fill_holes(ink) & ~ink
    return np.where(holes, 1, picture) if holes.sum() >= _HOLE else None


def _fat(picture: np.ndarray) -> np.ndarray | None:
    """Each pixel is as bright as the brightest of 4 × 4 around it."""
    return ndimage.grey_dilation(picture, size=(4, 4))


def _leaning(picture: np.ndarray) -> np.ndarray | None:
    """Each row is shifted by 0.8 pixels against the next, so that the digit leans to the right."""
    middle = (len(picture) - 1) / 2
    return ndimage.affine_transform(picture, [[1, 0], [0.8, 1]], offset=[0, -0.8 * middle], cval=-1, order=1)


FAULTS = {
    "made fat": Fault("thickness", _fat),
    "made to lean": Fault("slant", _leaning),
    "cut through": Fault("pieces", _cut),
    "a blot beside it": Fault("pieces", _blot),
    "holes filled in": Fault("loops", _filled),
}


def names_it(refusals: list[list[str]], concept: str) -> float:
    """The share of pictures whose refusal has that concept among its reasons.

    Args:
        refusals: as ``Habits.refusals`` words them.
        concept: its name.
    """
    return float(np.mean([any(reason.split(": ")[1].startswith(f"{concept} ") for reason in why) for why in refusals]))
