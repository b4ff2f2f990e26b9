"""ImageData: a labelled set of images that lives on the device, with no loader processes."""

from dataclasses import dataclass, replace
from typing import Self

import torch

from course_lib.data.batches import fingerprint
from course_lib.data.own import OwnPictures
from course_lib.data.pixels import check_images
from course_lib.data.subsets import Subsets
from course_lib.errors import CourseError


@dataclass(frozen=True)
class ImageData(OwnPictures, Subsets):
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

    def padded(self, size: int = 32) -> Self:
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

    def _subset(self, which: torch.Tensor | slice, how: str) -> Self:
        return replace(self, images=self.images[which], labels=self.labels[which], sha256=self._derived(how))
