"""Parts of a labelled set of images: the first ones, those of a class, some to train on and some to measure with."""

import hashlib
from dataclasses import Field, replace
from typing import Any, ClassVar, Self

import torch

from course_lib.data.batches import BatchedData
from course_lib.errors import CourseError


class Subsets(BatchedData):
    """Methods of data sets that are frozen dataclasses; a part has all that the whole has, of its own images alone.

    Attributes:
        names: of the classes.
        split: "train" or "test".
        sha256: by which a trainer knows its data; a part's is derived from that of the whole.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]  # that a subclass is a dataclass
    names: tuple[str, ...]
    split: str
    sha256: str

    def train_test_split(self, share: float = 0.2, seed: int = 0) -> tuple[Self, Self]:
        """Two parts: to train on, and to measure with.

        Args:
            share: of each class that is held out, between 0 and 1; at least one picture.
            seed: of the choice.

        Returns:
            The rest, and what was held out, whose ``split`` is "test".

        Raises:
            CourseError: for another share, or a class of one picture.
        """
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share < 1:
            raise CourseError(f"share={share!r}: use a number between 0 and 1, such as 0.2.")
        g, held = torch.Generator().manual_seed(seed), torch.zeros(len(self), dtype=torch.bool)
        for k in self.labels.unique().tolist():
            rows = (self.labels.cpu() == k).nonzero()[:, 0]
            if len(rows) < 2:
                raise CourseError(f"class {self.names[k]!r} of {self.name!r} has one picture: add a second.")
            chosen = torch.randperm(len(rows), generator=g)[: max(1, round(share * len(rows)))]
            held[rows[chosen[: len(rows) - 1]]] = True
        how, held = f"{share} {seed}", held.to(self.labels.device)
        rest, test = self._subset(~held, f"rest of {how}"), self._subset(held, f"held out {how}")
        return rest, replace(test, split="test")

    def of_class(self, k: int) -> Self:
        """Only the images with label ``k``.

        Args:
            k: a class number.

        Raises:
            CourseError: for a class that there is not.

        Example:
            >>> from course_lib.data import load
            >>> len(load("digits").of_class(3))
            400
        """
        if k not in range(len(self.names)):
            raise CourseError(f"class {k!r} is not in {self.name!r}: use 0 to {len(self.names) - 1}.")
        return self._subset(self.labels == k, f"class {k}")

    def take(self, n: int) -> Self:
        """The first ``n`` images (fewer if there are fewer).

        Args:
            n: at least 1.

        Raises:
            CourseError: for another number.
        """
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise CourseError(f"cannot take {n!r} images: use a whole number of at least 1.")
        return self if n >= len(self) else self._subset(slice(n), f"first {n}")

    def _subset(self, which: torch.Tensor | slice, how: str) -> Self:
        """The rows ``which`` of all that has a row for each image; ``how`` they were chosen makes the checksum."""
        raise NotImplementedError(f"{type(self).__name__} does not say how a part of it is made.")

    def _derived(self, how: str) -> str:
        # Other images, another checksum: a trainer recognises its data by it. Hashing the recipe costs nothing.
        return hashlib.sha256(f"{self.sha256} {how}".encode()).hexdigest()
