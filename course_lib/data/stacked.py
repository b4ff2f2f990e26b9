"""Stacked digits: three random digits as the channels of one image, and so 1,000 modes that can be counted.

The test for mode collapse of Metz et al. 2017 (section 3.3.1), VEEGAN and PacGAN. A stack is only three row numbers
until it is asked for: 128,000 stacks of floats would fill 1.2 GB, their row numbers 3 MB.
"""

import hashlib
from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.data import load
from course_lib.data.batches import BatchedData, Which
from course_lib.errors import CourseError, one_of
from course_lib.runtime import Runtime

SOURCES = ("digits", "mnist")
MODES = 1000


@dataclass(frozen=True)
class Stacks:
    """Behaves like a tensor ``(N, 3, 28, 28)`` that is only read by rows: ``stacks[:64]``, ``stacks[row_numbers]``.

    Attributes:
        digits: float32 ``(M, 28, 28)`` in [−1, 1].
        rows: int64 ``(N, 3)``, which digit is which channel; on the same device.
    """

    digits: Tensor
    rows: Tensor

    def __getitem__(self, which: Which, /) -> Tensor:
        return self.digits[self.rows[which]]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def shape(self) -> torch.Size:
        """``(N, 3, 28, 28)``."""
        return torch.Size([len(self.rows), self.rows.shape[1], *self.digits.shape[1:]])

    @property
    def device(self) -> torch.device:
        """Where the digits lie."""
        return self.digits.device


@dataclass(frozen=True)
class StackedData(BatchedData):
    """Stacks of three digits for training.

    Attributes:
        examples: like float32 ``(N, 3, 28, 28)`` in [−1, 1], put together when rows are asked for.
        labels: int64 ``(N,)``, 100·a + 10·b + c for the digits a, b, c of the channels: the mode, from 0 to 999.
        name: "stacked", and where the digits come from.
        split: of that set.
        source: who made it.
        licence: of it.
        sha256: of its images and of the rows.
    """

    examples: Stacks
    labels: Tensor
    name: str
    split: str
    source: str
    licence: str
    sha256: str

    @property
    def names(self) -> tuple[str, ...]:
        """Of the modes: "000" to "999"."""
        return tuple(f"{k:03d}" for k in range(MODES))


def stacked(runtime: Runtime, n: int = 128_000, source: str = "digits", split: str = "train") -> StackedData:
    """Stacks of three digits, drawn independently with replacement; the same for the same seed.

    Args:
        runtime: whose seed draws them, and whose device they go to.
        n: how many, at least 1.
        source: ``"digits"`` (ships with the install) or ``"mnist"`` (complete; PacGAN's protocol draws from its
            60,000).
        split: of that set, ``"train"`` or ``"test"``.

    Raises:
        CourseError: for an unknown source or split, a bad ``n``, or a set that cannot be had.
    """
    one_of("source of digits", source, SOURCES)
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise CourseError(f"cannot draw {n!r} stacks: use a whole number of at least 1.")
    singles = load(source, runtime, split=split)
    name = f"stacked {source}"
    rows = torch.randint(len(singles), (n, 3), generator=runtime.stream("stacks", name, split))
    digest = hashlib.sha256(singles.sha256.encode() + rows.numpy().tobytes()).hexdigest()
    rows = rows.to(runtime.device)
    labels = singles.labels[rows] @ torch.tensor([100, 10, 1], device=rows.device)
    return StackedData(
        Stacks(singles.images[:, 0], rows), labels, name, split, f"stacks of {singles.source}", singles.licence, digest
    )
