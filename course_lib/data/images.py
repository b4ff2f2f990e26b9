"""ImageData: a labelled set of images that lives on the device, with no loader processes."""

import hashlib
from dataclasses import dataclass, replace

import torch

from course_lib.data.resident import Resident, fingerprint
from course_lib.errors import CourseError


@dataclass(frozen=True)
class ImageData(Resident):
    """Images and labels of one split.

    images: float32 ``(N, C, H, W)`` in [−1, 1], on the device.
    labels: int64 ``(N,)`` in [0, len(names)), on the same device.
    sha256: of the pixels and labels as loaded; a part or a padding of a set has one derived from it. "": computed here,
        so that a trainer never takes one set for another.
    """

    images: torch.Tensor
    labels: torch.Tensor
    names: tuple[str, ...]
    name: str
    split: str
    source: str
    licence: str
    sha256: str

    def __post_init__(self):
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
            object.__setattr__(self, "sha256", fingerprint(self.images, self.labels))  # frozen

    @property
    def examples(self) -> torch.Tensor:
        return self.images

    def of_class(self, k: int) -> "ImageData":
        """Only the images with label ``k``."""
        if k not in range(len(self.names)):
            raise CourseError(f"class {k!r} is not in {self.name!r}: use 0 to {len(self.names) - 1}.")
        return self._subset(self.labels == k, f"class {k}")

    def take(self, n: int) -> "ImageData":
        """The first ``n`` images (fewer if there are fewer)."""
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise CourseError(f"cannot take {n!r} images: use a whole number of at least 1.")
        return self if n >= len(self) else self._subset(slice(n), f"first {n}")

    def padded(self, size: int = 32) -> "ImageData":
        """The same images on a black (−1) border, ``size`` × ``size`` pixels; 28 → 32 suits four halvings."""
        h, w = self.shape[1:]
        if size < max(h, w):
            raise CourseError(f"cannot pad {h}×{w} images to {size}×{size}: use size ≥ {max(h, w)}.")
        if h == w == size:
            return self
        left, top = (size - w) // 2, (size - h) // 2
        border = (left, size - w - left, top, size - h - top)
        padded = torch.nn.functional.pad(self.images, border, value=-1.0)
        return replace(self, images=padded, sha256=self._derived(f"padded to {size}"))

    def _subset(self, which, how: str) -> "ImageData":
        return replace(self, images=self.images[which], labels=self.labels[which], sha256=self._derived(how))

    def _derived(self, how: str) -> str:
        # Other images, another checksum: a trainer recognises its data by it. Hashing the recipe costs nothing.
        return hashlib.sha256(f"{self.sha256} {how}".encode()).hexdigest()


def check_images(images, what: str = "images", channels: int | None = None) -> torch.Tensor:
    """Return ``images`` if they are what the course expects everywhere: float32 ``(N, C, H, W)`` in [−1, 1].

    Raises:
        CourseError: for another type, shape, dtype, range, or for NaN.
    """
    if not isinstance(images, torch.Tensor):
        raise CourseError(f"{what} are a {type(images).__name__}: expected a torch tensor; use torch.as_tensor(...).")
    if images.ndim != 4:
        raise CourseError(
            f"{what} have shape {tuple(images.shape)}: expected (N, C, H, W); add the missing axis with [:, None]."
        )
    if channels is not None and images.shape[1] != channels:
        raise CourseError(f"{what} have {images.shape[1]} channels: expected {channels}.")
    if images.dtype != torch.float32:
        hint = "images.float() / 127.5 - 1" if images.dtype == torch.uint8 else "images.float()"
        raise CourseError(f"{what} have dtype {images.dtype}: expected float32 in [−1, 1]; use {hint}.")
    if images.numel():
        low, high = (v.item() for v in torch.aminmax(images.detach()))
        if not low == low or not high == high:
            raise CourseError(f"{what} contain NaN: expected numbers in [−1, 1]; look where they come from.")
        if low < -1.001 or high > 1.001:
            raise CourseError(
                f"{what} run from {low:.3g} to {high:.3g}: expected [−1, 1]; for 0…255 use x / 127.5 - 1."
            )
    return images
