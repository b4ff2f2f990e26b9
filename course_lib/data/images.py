"""ImageData: a labelled set of images that lives on the device, with no loader processes."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from course_lib.data import folder as folders
from course_lib.data.arrays import Array, Form, ask_about_paper, to_images, to_labels
from course_lib.data.batches import BatchedData, fingerprint
from course_lib.data.idx import read_idx, read_npz
from course_lib.errors import CourseError
from course_lib.runtime import Runtime


@dataclass(frozen=True)
class ImageData(BatchedData):
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

    # ---- doors for one's own pictures ----

    @classmethod
    def of(
        cls,
        images: Array,
        labels: Array | list | None = None,
        names: list[str] | None = None,
        *,
        size: int | tuple[int, int] | None = None,
        grey: bool | None = None,
        crop: bool = False,
        invert: bool | None = None,
        values: tuple[float, float] | None = None,
        layout: str | None = None,
        name: str = "own",
        split: str = "train",
        runtime: Runtime | None = None,
    ) -> "ImageData":
        """Pictures from a numpy array or a torch tensor, ``(N, H, W)``, ``(N, C, H, W)`` or ``(N, H, W, C)``, C 1 or 3.

        labels: whole numbers ``(N,)`` from 0; None: one class, "all". names: of the classes (else "0", "1", …).
        size: brings all to size × size pixels, or to (height, width). crop: takes the largest middle square first.
        grey: True makes colour grey, False makes grey three channels.
        invert: True swaps black and white; False says that a white background is meant.
        values: the numbers for black and white, where they are not 0 and 255 (uint8) or −1 and 1 (floats).
        layout: "NHW", "NCHW" or "NHWC", where the shape fits two. runtime: whose device they go to (else the CPU).

        Raises:
            CourseError: for anything that has no one meaning; it names the argument that says which.
        """
        made = to_images(images, Form(size, grey, crop), layout, values)
        ask_about_paper(made, invert)
        numbers, called = to_labels(labels, len(made), names)
        return cls._made(-made if invert else made, numbers, called, name, split, runtime)

    @classmethod
    def npz(
        cls,
        path: Path | str,
        names: list[str] | None = None,
        *,
        images: str = "images",
        labels: str | None = "labels",
        size: int | tuple[int, int] | None = None,
        grey: bool | None = None,
        crop: bool = False,
        invert: bool | None = None,
        values: tuple[float, float] | None = None,
        layout: str | None = None,
        split: str = "train",
        runtime: Runtime | None = None,
    ) -> "ImageData":
        """Pictures from an ``.npz`` file. images, labels: what the arrays are called in it; else as ``of``."""
        x, y = read_npz(path, images, labels)
        return cls.of(
            x,
            y,
            names,
            size=size,
            grey=grey,
            crop=crop,
            invert=invert,
            values=values,
            layout=layout,
            name=Path(path).stem,
            split=split,
            runtime=runtime,
        )

    @classmethod
    def idx(
        cls,
        images: Path | str,
        labels: Path | str | None = None,
        names: list[str] | None = None,
        *,
        size: int | tuple[int, int] | None = None,
        invert: bool | None = None,
        first: int = 0,
        transposed: bool = False,
        split: str = "train",
        runtime: Runtime | None = None,
    ) -> "ImageData":
        """Pictures from IDX files, plain or gzipped (MNIST, Fashion-MNIST, KMNIST, EMNIST); else as ``of``.

        first: the lowest class number in the file (1 for EMNIST's letters). transposed: rows and columns are swapped
        (all of EMNIST's).
        """
        if isinstance(first, bool) or not isinstance(first, int):
            raise CourseError(f"first={first!r}: use the lowest class number in the file, 0 or 1.")
        x, y = read_idx(images), None if labels is None else read_idx(labels)
        x = x.swapaxes(-1, -2) if transposed and x.ndim > 1 else x
        return cls.of(
            x,
            y if y is None or not first else y.astype(int) - first,
            names,
            size=size,
            invert=invert,
            name=Path(images).name.partition("-idx")[0],
            split=split,
            runtime=runtime,
        )

    @classmethod
    def folder(
        cls,
        path: Path | str,
        *,
        size: int | tuple[int, int] | None = None,
        grey: bool | None = None,
        crop: bool = False,
        invert: bool | None = None,
        behind: str | None = None,
        stream: bool = False,
        split: str = "train",
        runtime: Runtime | None = None,
    ) -> "ImageData | folders.FolderData":
        """Pictures from a folder: one class for each subfolder, or pictures alone, which are one class, "all".

        size, grey, crop, invert: as ``of``. behind: "black" or "white", what is seen through transparent pixels.
        stream: open the pictures batch by batch, for a folder larger than memory: trainers take what is returned then.

        Raises:
            CourseError: for a folder that holds no pictures, or pictures that differ in size, channels, depth.
            DataCorrupt: for a picture that cannot be read, by its name.
        """
        found, numbers, names = folders.pictures(path, Form(size, grey, crop), behind, invert)
        name = Path(path).resolve().name
        if stream:
            return folders.streamed(found, numbers, names, name, split, runtime)
        if (needed := 4 * found.shape.numel()) > folders.LARGEST:
            raise CourseError(
                f"the {len(found):,} pictures of {name!r} would fill {needed / 2**30:.1f} GiB: use a "
                "smaller size=, or stream=True, which opens them batch by batch."
            )
        return cls._made(found[:], torch.tensor(numbers), names, name, split, runtime)

    @classmethod
    def _made(
        cls,
        images: torch.Tensor,
        labels: torch.Tensor,
        names: tuple[str, ...],
        name: str,
        split: str,
        runtime: Runtime | None,
    ) -> "ImageData":
        device = runtime.device if runtime else torch.device("cpu")
        return cls(
            images.to(device), labels.to(device), names, name, split, source=folders.OWN, licence=folders.OWN, sha256=""
        )  # computed there

    # ---- parts ----

    @property
    def examples(self) -> torch.Tensor:
        return self.images

    def parted(self, share: float = 0.2, seed: int = 0) -> tuple["ImageData", "ImageData"]:
        """(the rest, a ``share`` of each class held out, at least one picture): to train on, and to measure with."""
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

    def _subset(self, which: torch.Tensor | slice, how: str) -> "ImageData":
        return replace(self, images=self.images[which], labels=self.labels[which], sha256=self._derived(how))

    def _derived(self, how: str) -> str:
        # Other images, another checksum: a trainer recognises its data by it. Hashing the recipe costs nothing.
        return hashlib.sha256(f"{self.sha256} {how}".encode()).hexdigest()


def check_images(images: torch.Tensor, what: str = "images", channels: int | None = None) -> torch.Tensor:
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
