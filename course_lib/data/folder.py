"""A folder of pictures, as data: one class per subfolder, or pictures alone.

They are read at once, or, where they are too many, as they are asked for.
"""

import hashlib
import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import torch
from torch import Tensor

from course_lib.data.arrays import Form, ask_about_paper
from course_lib.data.batches import Which
from course_lib.data.idx import existing
from course_lib.data.subsets import Subsets
from course_lib.errors import CourseError, DataCorrupt
from course_lib.runtime import Runtime

OWN = "your own"  # source and licence of pictures that somebody brought
SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm"}
UNREAD = {".heic", ".heif", ".avif", ".jxl", ".svg", ".psd", ".dng"}  # pictures, too, but not for us
SPLITS = {"train", "training", "test", "testing", "val", "valid", "validation"}
AT_ONCE = 2**22  # numbers of pixels that are converted together: large photographs one by one
LARGEST = 2 * 2**30  # bytes of float32 pictures that are kept in memory: 2 GiB, 43,000 colour pictures of 64×64
BACKGROUNDS = {"black": (0, 0, 0), "white": (255, 255, 255)}


@dataclass(frozen=True)
class FolderImages:
    """The pictures of a folder, each opened when it is asked for: reads like a tensor ``(N, C, H, W)`` by rows.

    Attributes:
        root: the folder.
        files: the pictures in it.
        form: what they are brought to.
        background: "black" or "white", what transparent pixels are laid on; None refuses them.
        invert: whether black and white are swapped.
        shape: ``(N, C, H, W)``; empty before a first picture has told it.
        first: the picture that told the shape; of a part perhaps none of its own.
        device: where read pictures go.

    ``read_ahead``: decoding is slow enough that a thread reads the next batch (see ``BatchedData.stream``).
    """

    read_ahead: ClassVar[bool] = True
    root: Path
    files: tuple[Path, ...]
    form: Form
    background: str | None = None
    invert: bool = False
    shape: torch.Size = field(default_factory=torch.Size)  # empty: no picture was read yet
    first: Path | None = None
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, which: Which, /) -> Tensor:
        rows = torch.arange(len(self))[which.cpu() if isinstance(which, Tensor) else which]
        done, waiting = [], list[tuple[int, np.ndarray]]()  # of one size, to be converted together, which is faster
        for i in rows.view(-1).tolist():
            pixels = self._read(i)
            if waiting and (pixels.shape != waiting[0][1].shape or len(waiting) * pixels.size > AT_ONCE):
                done.append(self._formed(waiting))
                waiting = []
            waiting.append((i, pixels))
        images = torch.cat([*done, self._formed(waiting)])
        return images.view(*rows.shape, *images.shape[1:]).to(self.device)

    def subset(self, which: Tensor | slice) -> "FolderImages":
        """Some of them, yet unread.

        Args:
            which: row numbers, a range of rows, or a bool for each row.
        """
        rows = torch.arange(len(self))[which.cpu() if isinstance(which, Tensor) else which].tolist()
        return replace(self, files=tuple(self.files[i] for i in rows), shape=torch.Size([len(rows), *self.shape[1:]]))

    def one(self, i: int) -> Tensor:
        """Picture number ``i``: float32 ``(C, H, W)`` in [−1, 1], on the CPU.

        Args:
            i: from 0.

        Raises:
            CourseError: for a picture of another size or number of channels than the first one; what ``form`` refuses;
                more than 8 bits a channel, several pictures in a file, transparent pixels without ``background``.
            DataCorrupt: for a file that is no picture.
        """
        return self._formed([(i, self._read(i))])[0]

    def _read(self, i: int) -> np.ndarray:
        return _pixels(self.files[i], self.root, self.background)

    def _formed(self, read: list[tuple[int, np.ndarray]]) -> Tensor:
        """Files' numbers with their pixels, uint8 ``(H, W, C)`` of one shape → float32 ``(N, C, h, w)`` in [−1, 1]."""
        what = str(self.files[read[0][0]].relative_to(self.root))
        pixels = torch.from_numpy(np.stack([one for _, one in read])).permute(0, 3, 1, 2)
        images = self.form(pixels.float() / 127.5 - 1, what).contiguous()
        if self.shape and images.shape[1:] != self.shape[1:]:
            (c, h, w), (c0, h0, w0) = images.shape[1:], self.shape[1:]
            first = (self.first or self.files[0]).relative_to(self.root)
            if c != c0:
                raise CourseError(
                    f"{what} has {c} channel{'s' if c > 1 else ''} and {first} has {c0}: say grey=True or grey=False "
                    "to bring all to one form."
                )
            raise CourseError(
                f"{what} has {h}×{w} pixels and {first} has {h0}×{w0} (height × width): say size=28, for example, to "
                "bring all to one size."
            )
        return -images if self.invert else images


@dataclass(frozen=True)
class FolderData(Subsets):
    """A folder that is larger than memory, for training.

    Attributes:
        examples: the pictures, which batches open as they ask for them.
        labels: int64 ``(N,)``, the number of each picture's class.
        names: of the classes.
        name: of the folder.
        split: what the pictures are for: "train", "test".
        source: who made them.
        licence: of them.
        sha256: of the files' names and sizes, because their content is read only when it is needed.
    """

    examples: FolderImages
    labels: Tensor
    names: tuple[str, ...]
    name: str
    split: str
    source: str
    licence: str
    sha256: str

    def _subset(self, which: Tensor | slice, how: str) -> Self:
        part = self.examples.subset(which)
        return replace(self, examples=part, labels=self.labels[which], sha256=self._derived(how))


def find_pictures(
    path: Path | str, form: Form, background: str | None, invert: bool | None
) -> tuple[FolderImages, list[int], tuple[str, ...]]:
    """The pictures of a folder, yet unread but for a few that tell the form.

    Args:
        path: of the folder.
        form: what they are brought to.
        background: "black" or "white", what transparent pixels are laid on; None refuses them.
        invert: whether black and white are swapped; None: nobody has said.

    Returns:
        The pictures, their class numbers, and the classes' names.

    Raises:
        CourseError: for no such folder, no picture in it (or in one of its classes), pictures beside class folders,
            train and test folders taken for classes, all black, what looks like ink on paper; see ``FolderImages``.
    """
    root = existing(path, "folder")
    if background not in (None, *BACKGROUNDS):
        raise CourseError(f"background={background!r}: use 'black' or 'white', on which transparent pixels are laid.")
    visible = sorted(p for p in root.iterdir() if not p.name.startswith("."))
    classes, loose = [p for p in visible if p.is_dir()], _found(visible)
    if classes and loose:
        raise CourseError(
            f"{root.name} holds pictures ({loose[0].name}) beside folders ({classes[0].name}): use one "
            "folder for each class, or pictures alone."
        )
    if len(splits := [p.name for p in classes if p.name.lower() in SPLITS]) > 1:
        raise CourseError(f"{root.name} holds {' and '.join(splits)}, which are no classes: give one of these folders.")
    each = {p.name: _found(sorted(p.rglob("*"))) for p in classes} if classes else {"all": loose}
    if empty := [name for name, files in each.items() if not files]:
        where = f"the class {empty[0]!r} of {root.name}" if classes else root.name
        raise CourseError(f"{where} holds no picture: put files there that end in {', '.join(sorted(SUFFIXES))}.")
    files = tuple(file for part in each.values() for file in part)
    labels = [k for k, part in enumerate(each.values()) for _ in part]
    found = FolderImages(root, files, form, background)
    found = replace(found, shape=torch.Size([len(files), *found.one(0).shape]), first=files[0])
    some = found[:: max(1, len(files) // 100)]
    if (brightest := (some.max().item() + 1) * 127.5) < 1.5:  # masks are often kept as 0 and 1
        raise CourseError(
            f"the brightest pixel of {root.name} is {brightest:.0f} of 255, so all is black: save the "
            "pictures with 255 as white, or use ImageData.of(arrays, values=(0, 1))."
        )
    ask_about_paper(some, invert)
    return replace(found, invert=bool(invert)), labels, tuple(each)


def streamed(
    found: FolderImages, numbers: list[int], names: tuple[str, ...], name: str, split: str, runtime: Runtime | None
) -> FolderData:
    """The pictures as data for trainers.

    Args:
        found: the pictures.
        numbers: class numbers, one a picture.
        names: of the classes.
        name: of the folder.
        split: what they are for.
        runtime: whose device batches go to.

    Raises:
        CourseError: for a form without ``size``, lest another one turn up in the middle of a training.
    """
    if found.form.size is None:
        raise CourseError("a folder is streamed without looking at all its pictures: say size=28, for example.")
    found = replace(found, device=runtime.device if runtime else torch.device("cpu"))
    labels = torch.tensor(numbers).to(found.device)
    return FolderData(found, labels, names, name, split, OWN, OWN, folder_checksum(found))


def folder_checksum(found: FolderImages) -> str:
    """A checksum of the files' names and sizes and of the form they are brought to.

    Args:
        found: the pictures.
    """
    lines = [f"{file.relative_to(found.root).as_posix()} {file.stat().st_size}" for file in found.files]
    how = f"{found.form} {found.background} {found.invert}"
    return hashlib.sha256("\n".join([how, *lines]).encode()).hexdigest()


def _found(paths: list[Path]) -> list[Path]:
    files = [p for p in paths if p.is_file() and not p.name.startswith(".")]
    good = [p for p in files if p.suffix.lower() in SUFFIXES]
    if other := [p for p in files if p.suffix.lower() in UNREAD]:
        raise CourseError(
            f"{len(other)} pictures such as {other[0].name} are of a format that is not read here: save them as PNG or "
            "JPEG, or take them out of the folder."
        )
    if left := sorted({p.suffix.lower() or p.name for p in files} - SUFFIXES) if good else []:
        warnings.warn(
            f"{len(files) - len(good)} files beside the pictures were left out ({', '.join(left)}).", stacklevel=5
        )
    return good


def _pixels(file: Path, root: Path, background: str | None) -> np.ndarray:
    """uint8 ``(H, W, 1 or 3)`` of a picture file below ``root``, turned as its camera says; not to be written to."""
    from PIL import ExifTags, Image, ImageOps  # here, because whoever has no folder needs no Pillow

    try:
        with Image.open(file) as opened:
            modes, frames = f"{opened.mode} {opened.tile}", getattr(opened, "n_frames", 1)
            opened.load()
            turned = opened.getexif().get(ExifTags.Base.Orientation, 1) != 1  # asked first: turning makes a copy
            image: Image.Image = ImageOps.exif_transpose(opened) if turned else opened
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as problem:
        what = file.relative_to(root)
        raise DataCorrupt(f"{what} is no picture that can be read ({problem}): remove it or save it again.") from None
    if ";16" in modes or image.mode in ("I", "F"):
        raise CourseError(
            f"{file.relative_to(root)} has more than 8 bits a channel ({image.mode}): save it with 8, or use "
            "ImageData.of(arrays, values=(0, 65535))."
        )
    if frames > 1:
        raise CourseError(f"{file.relative_to(root)} holds {frames} pictures: save each as a file of its own.")
    grey = image.mode in ("L", "1", "LA", "La")
    if image.has_transparency_data or "A" in image.mode:
        if background is None:
            raise CourseError(
                f"{file.relative_to(root)} has an alpha channel (transparency): say background='black' or "
                "background='white', what is seen through it."
            )
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, (*BACKGROUNDS[background], 255)), image)
    wanted = "L" if grey else "RGB"
    image = image if image.mode == wanted else image.convert(wanted)
    return np.frombuffer(image.tobytes(), np.uint8).reshape(image.height, image.width, -1)  # np.array(image) is slower
