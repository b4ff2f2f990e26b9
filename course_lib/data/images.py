"""ImageData: a labelled set of images that lives on the device, with no loader processes."""

import hashlib
from dataclasses import dataclass, replace

import torch

from course_lib.data.batches import BatchedData, fingerprint
from course_lib.data.own import OwnPictures
from course_lib.data.pixels import check_images
from course_lib.errors import CourseError


@dataclass(frozen=True)
class ImageData(OwnPictures, BatchedData):
    """Images and labels of one split.

    Attributes:
        images: float32 ``(N, C, H, W)`` in [−1, 1], on the device.
        labels: int64 ``(N,)`` in [0, len(names)), on the same device.
        names: of the classes.
        name: of the set.
        split: "train" or "test".
        source: who made the set.
        licence: of the set.
        sha256: of the pixels and labels as loaded; a part or a padding of a set has one derived from it. "": computed
            here, so that a trainer never takes one set for another.

    Raises:
        CourseError: for images or labels that are not like this.
    """

    images: torch.Tensor
    labels: torch.Tensor
    names: tuple[str, ...]
    name: str
    split: str
    source: str
    licence: str
    sha256: str

    def __post_init__(self) -> None:
        check_images(self.images, f"images of {self.name!r}")
        if self.labels.shape != (len(self.images),) or self.labels.dtype != torch.int64:
            raise CourseError(
                f"labels of {self.name!r} have shape {tuple(self.labels.shape)} and dtype {self.labels.dtype}: "
                f"expected int64 of shape ({len(self.images)},), one label an image."
            )
        low, high = (int(self.labels.min()), int(self.labels.max())) if len(self.labels) else (0, 0)
        if low < 0 or high >= len(self.names):
            raise CourseError(f"labels of {self.name!r} run from {low} to {high}: expected 0 to {len(self.names) - 1}.")
        if not self.sha256:
            object.__setattr__(self, "sha256", fingerprint(self.images, self.labels, words=self.names))  # frozen

    @property
    def examples(self) -> torch.Tensor:
        """The images, ``(N, C, H, W)``."""
        return self.images

    def parted(self, share: float = 0.2, seed: int = 0) -> tuple["ImageData", "ImageData"]:
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

    def of_class(self, k: int) -> "ImageData":
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

    def take(self, n: int) -> "ImageData":
        """The first ``n`` images (fewer if there are fewer).

        Args:
            n: at least 1.

        Raises:
            CourseError: for another number.
        """
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise CourseError(f"cannot take {n!r} images: use a whole number of at least 1.")
        return self if n >= len(self) else self._subset(slice(n), f"first {n}")

    def padded(self, size: int = 32) -> "ImageData":
        """The same images on a black (−1) border, ``size`` × ``size`` pixels; 28 → 32 suits four halvings.

        Args:
            size: at least the images' own.

        Raises:
            CourseError: for a smaller one.
        """
        h, w = self.shape[1:]
        if size < max(h, w):
            raise CourseError(f"cannot pad {h}×{w} images to {size}×{size}: use size ≥ {max(h, w)}.")
        if h == w == size:
            return self
        left, top = (size - w) // 2, (size - h) // 2
        border = (left, size - w - left, top, size - h - top)
        padded = torch.nn.functional.pad(self.images, border, value=-1.0)
        return replace(self, images=padded, sha256=self._derived(f"padded to {size}"))

    def _subset(self, which: torch.Tensor | slice, how: str) -> "ImageData":
        return replace(self, images=self.images[which], labels=self.labels[which], sha256=self._derived(how))

    def _derived(self, how: str) -> str:
        # Other images, another checksum: a trainer recognises its data by it. Hashing the recipe costs nothing.
        return hashlib.sha256(f"{self.sha256} {how}".encode()).hexdigest()
