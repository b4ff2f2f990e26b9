"""The doors for one's own pictures: from arrays, ``.npz`` files, IDX files and folders."""

from pathlib import Path
from typing import Self

import torch

from course_lib.data import folder as folders
from course_lib.data.arrays import Array, Form, ask_about_paper, to_images
from course_lib.data.idx import read_idx, read_npz
from course_lib.data.labels import to_labels
from course_lib.errors import CourseError
from course_lib.runtime import Runtime


class OwnPictures:
    """Class methods of ``ImageData``: each takes pictures as somebody keeps them, and gives the finished set."""

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
    ) -> Self:
        """Pictures from a numpy array or a torch tensor.

        Args:
            images: ``(N, H, W)``, ``(N, C, H, W)`` or ``(N, H, W, C)``, C 1 or 3.
            labels: whole numbers ``(N,)`` from 0; None: one class, "all".
            names: of the classes (else "0", "1", …).
            size: brings all to size × size pixels, or to (height, width).
            grey: True makes colour grey, False makes grey three channels.
            crop: takes the largest middle square first.
            invert: True swaps black and white; False says that a white background is meant.
            values: the numbers for black and white, where they are not 0 and 255 (uint8) or −1 and 1 (floats).
            layout: "NHW", "NCHW" or "NHWC", where the shape fits two.
            name, split: what the set is called, and what it is for.
            runtime: whose device they go to (else the CPU).

        Raises:
            CourseError: for anything that has no one meaning; it names the argument that says which.

        Example:
            >>> import numpy as np
            >>> from course_lib.data import ImageData
            >>> pixels = np.random.default_rng(0).integers(0, 256, (6, 32, 32), dtype=np.uint8)
            >>> ImageData.of(pixels, [0, 1, 2] * 2, size=28).images.shape
            torch.Size([6, 1, 28, 28])
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
    ) -> Self:
        """Pictures from an ``.npz`` file.

        Args:
            path: of the file, whose name the set gets.
            images, labels: what the arrays are called in it; ``labels=None`` where there are none.
            names, size, grey, crop, invert, values, layout, split, runtime: as for :meth:`of`.
        """
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
    ) -> Self:
        """Pictures from IDX files, plain or gzipped (MNIST, Fashion-MNIST, KMNIST, EMNIST).

        Args:
            images: path of the file with the pictures, whose name the set gets.
            labels: path of the file with the class numbers; None: one class.
            first: the lowest class number in the file (1 for EMNIST's letters).
            transposed: whether rows and columns are swapped (all of EMNIST's).
            names, size, invert, split, runtime: as for :meth:`of`.

        Raises:
            CourseError: for a ``first`` that is no whole number; see :meth:`of`.
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
        background: str | None = None,
        stream: bool = False,
        split: str = "train",
        runtime: Runtime | None = None,
    ) -> Self | folders.FolderData:
        """Pictures from a folder: one class for each subfolder, or pictures alone, which are one class, "all".

        Args:
            path: of the folder, whose name the set gets.
            background: "black" or "white", what is seen through transparent pixels.
            stream: open the pictures batch by batch, for a folder larger than memory.
            size, grey, crop, invert, split, runtime: as for :meth:`of`.

        Returns:
            ``ImageData``, or with ``stream`` a ``FolderData``, which trainers take as well.

        Raises:
            CourseError: for a folder that holds no pictures, or pictures that differ in size, channels, depth.
            DataCorrupt: for a picture that cannot be read, by its name.
        """
        found, numbers, names = folders.find_pictures(path, Form(size, grey, crop), background, invert)
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
    ) -> Self:
        device = runtime.device if runtime else torch.device("cpu")
        # The checksum is computed by the set itself.
        own = {"source": folders.OWN, "licence": folders.OWN, "sha256": ""}
        return cls(images.to(device), labels.to(device), names, name, split, **own)  # type: ignore[call-arg]
