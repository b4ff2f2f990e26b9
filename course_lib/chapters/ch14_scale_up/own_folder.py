"""Folders of pictures for lesson 14.1: sound ones, ones that are refused, ones with a fault that no check sees."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate, pad

from course_lib.audit.cards import UNSAID
from course_lib.chapters.ch14_scale_up import faces
from course_lib.data import ImageData
from course_lib.data.shapes import marked
from course_lib.errors import CourseError
from course_lib.runtime import Runtime

WIDE = 60  # pixels; they are 48 high, so a middle square has to be taken


@dataclass(frozen=True)
class About:
    """What no record knows of a folder's pictures, for the card. What is not given stays open there.

    Attributes:
        source: who made them.
        licence: what may be done with them.
        words: "intended use", "out of scope", "ethics" and "licence" (of the generator), as ``audit.keep`` takes them.
        thing: what one picture shows, for sentences such as "many samples are no clear face".
    """

    source: str = UNSAID
    licence: str = UNSAID
    words: dict[str, str] = field(default_factory=dict)
    thing: str = "picture of a class"


FACES = About(  # of the course's own pictures, and of no others
    source="drawn by this course",
    licence="CC0-1.0",
    words={
        "intended use": "To try the course's tools on pictures that are no digits.",
        "out of scope": "Anything about real faces: these are drawn.",
        "ethics": "No person is in the pictures.",
        "licence": "cc0-1.0",
    },
    thing="face",
)


def write(folder: Path | str, n: int, runtime: Runtime) -> Path:
    """Write drawn faces as PNG files, one subfolder for each mood.

    Args:
        folder: is made; nothing may lie in it already.
        n: how many faces.
        runtime: whose seed draws them.

    Returns:
        The folder.
    """
    drawn = faces.draw(n, runtime.stream("faces"))
    return save(folder, pad(drawn.images, ((WIDE - faces.SIDE) // 2,) * 2 + (0, 0), "replicate"), drawn.moods)


def save(folder: Path | str, images: Tensor, moods: Tensor) -> Path:
    """Write pictures as PNG files, one subfolder for each mood.

    Args:
        folder: is made; nothing may lie in it already.
        images: ``(N, 3, H, W)`` in [−1, 1].
        moods: int64 ``(N,)``.

    Returns:
        The folder.

    Raises:
        CourseError: for a folder that holds something: it may be somebody's pictures.
    """
    root = Path(folder)
    if root.exists() and any(root.iterdir()):
        raise CourseError(f"{root.name} is not empty, and nothing is replaced: give the name of a new folder.")
    pixels = ((images + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
    for i, (one, mood) in enumerate(zip(pixels, moods.tolist(), strict=True)):
        place = root / faces.MOODS[mood]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(one).save(place / f"{i:06d}.png")
    return root


def probe(n: int, size: int, runtime: Runtime, own: ImageData | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """New faces for explanations, which lie in no folder, with the place that tells their mood.

    Args:
        n: how many.
        size: of the pictures in pixels.
        runtime: whose seed draws them.
        own: somebody's pictures, to be taken instead, evenly over their classes. Nobody knows their places.

    Returns:
        Images ``(n, C, size, size)``, classes ``(n,)``, and masks ``(n, 1, size, size)``: the pixels that another mood
        would change; of ``own`` pictures none.
    """
    if own is not None:
        rows = torch.arange(min(n, len(own))) * len(own) // min(n, len(own))
        return own.images[rows], own.labels[rows], torch.zeros_like(own.images[rows, :1], dtype=torch.bool)
    drawn = faces.draw(n, runtime.stream("probe"))
    small = interpolate(drawn.images, (size, size), mode="bilinear", antialias=True).clamp(-1, 1)
    where = interpolate(drawn.where_moods_differ().float()[:, None], (size, size), mode="bilinear", antialias=True)
    return small.to(runtime.device), drawn.moods.to(runtime.device), (where > 0.25).to(runtime.device)


def by_hand(file: Path, size: int, channels: int) -> Tensor:
    """A picture file read without the course's door: its middle square, brought to a size.

    Args:
        file: of the picture.
        size: in pixels.
        channels: 3 in colour, 1 in grey.

    Returns:
        float32 ``(channels, size, size)`` in [−1, 1].
    """
    image = Image.open(file).convert("RGB" if channels == 3 else "L")
    pixels = torch.from_numpy(np.array(image)).view(image.height, image.width, channels)
    side = min(image.height, image.width)
    top, left = (image.height - side) // 2, (image.width - side) // 2
    square = pixels[top : top + side, left : left + side].permute(2, 0, 1)[None] / 127.5 - 1
    return interpolate(square, (size, size), mode="bilinear", antialias=True)[0].clamp(-1, 1)


# ---- what is refused ----


def _another_size(root: Path) -> None:
    Image.new("RGB", (40, 40), "navy").save(root / "calm" / "photo.png")


def _grey(root: Path) -> None:
    first = _first(root)
    Image.open(first).convert("L").save(first.with_name("grey.png"))


def _transparent(root: Path) -> None:
    first = _first(root)
    image = Image.open(first).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    image.save(first.with_name("sticker.png"))


def _damaged(root: Path) -> None:
    first = _first(root)
    first.write_bytes(first.read_bytes()[: first.stat().st_size // 2])


def _loose(root: Path) -> None:
    Image.new("RGB", (WIDE, faces.SIDE), "navy").save(root / "loose.png")


def _empty(root: Path) -> None:
    for file in (root / "sad").iterdir():
        file.unlink()


def _one_picture(root: Path) -> None:
    for file in sorted((root / "sad").iterdir())[1:]:
        file.unlink()


def _first(root: Path) -> Path:
    return min((root / "happy").iterdir())


# What is wrong → (what makes it so, what the folder is read with).
_SPOILED: dict[str, tuple[Callable[[Path], None], dict[str, object]]] = {
    "not square": (lambda root: None, {"size": 32}),
    "one picture of another size": (_another_size, {}),
    "one grey picture among colour": (_grey, {"size": 32, "crop": True}),
    "one see-through picture": (_transparent, {"size": 32, "crop": True}),
    "one damaged file": (_damaged, {"size": 32, "crop": True}),
    "a picture beside the class folders": (_loose, {"size": 32, "crop": True}),
    "a class without pictures": (_empty, {"size": 32, "crop": True}),
    "a class of one picture": (_one_picture, {"size": 32, "crop": True}),
}


def refusals(scratch: Path | str, runtime: Runtime) -> list[list[str]]:
    """Spoil a small folder in eight ways, one at a time, and hear what the door says.

    Args:
        scratch: where the folders are made; they must not be there yet.
        runtime: whose seed draws the faces.

    Returns:
        Rows of: what is wrong, what was said.
    """
    said = []
    for number, (name, (spoil, how)) in enumerate(_SPOILED.items()):
        root = write(Path(scratch) / f"spoiled-{number}", 12, runtime)
        spoil(root)
        try:
            ImageData.folder(root, **how).train_test_split(0.4)  # type: ignore[arg-type]
            said.append([name, "nothing: it was taken"])
        except CourseError as problem:
            said.append([name, str(problem)])
    return said


# ---- what is not refused, and wrong ----

FAULTS = ("mark in one class", "twice the same", "wrong labels", "rare class")
_OF = {"P": "wrong labels", "Q": "mark in one class", "R": "rare class", "S": "twice the same"}


def faulty(folder: Path | str, letter: str, runtime: Runtime, n: int = 240) -> Path:
    """Write a folder that every check lets through and that has one fault.

    Args:
        folder: is made; nothing may lie in it already.
        letter: "P", "Q", "R" or "S".
        runtime: whose seed draws the faces.
        n: how many faces.

    Returns:
        The folder.
    """
    drawn, g = faces.draw(n, runtime.stream("faulty", letter)), runtime.stream("fault", letter)
    images, moods, fault = drawn.images, drawn.moods, _OF[letter]
    if fault == "mark in one class":
        chosen = moods == faces.MOODS.index("surprised")
        images = torch.where(chosen.view(-1, 1, 1, 1), marked(images, top=2, left=faces.SIDE - 11, side=9), images)
    elif fault == "twice the same":
        images = images[torch.arange(n) % (3 * n // 4)]
    elif fault == "wrong labels":
        mixed = torch.rand(n, generator=g) < 0.3
        moods = torch.where(mixed, moods[torch.randperm(n, generator=g)], moods)
    else:
        keep = (moods != faces.MOODS.index("sad")) | (torch.rand(n, generator=g) < 0.12)
        images, moods = images[keep], moods[keep]
    return save(folder, images, moods)


def same_twice(data: ImageData) -> int:
    """How many pictures of a set are, pixel for pixel, the same as an earlier one.

    Args:
        data: the set.
    """
    return len(data) - len({one.numpy().tobytes() for one in data.images.cpu()})
