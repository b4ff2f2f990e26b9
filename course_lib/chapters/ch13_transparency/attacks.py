"""What lesson 13.2 does to signed folders and labelled pictures, and what their readers say then."""

import io
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from course_lib.audit import credentials, signature
from course_lib.audit.credentials import Identity, Reading

LABEL = b"caBX"  # the chunk of a PNG that holds a credential


def _flip(folder: Path) -> None:
    path = folder / "generator.safetensors"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def _git(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "run.py").write_text("print('hello')")


ON_FOLDER: dict[str, Callable[[Path], object]] = {
    "nothing": lambda folder: None,
    "one bit of the weights flipped": _flip,
    "a program added": lambda folder: (folder / "run.py").write_text("print('hello')"),
    "the card removed": lambda folder: (folder / "README.md").unlink(),
    "the card renamed": lambda folder: (folder / "README.md").rename(folder / "CARD.md"),
    "the card says 3.1": lambda folder: (folder / "README.md").write_text("# DCGAN\n\nFréchet distance 3.1.\n"),
    "a program in a new folder .git": _git,
}


def on_folder(folder: Path, keys: signature.Keys, signed: Path) -> dict[str, str | None]:
    """Each attack on a copy of its own; and the check with somebody else's key.

    Args:
        folder: of the model.
        keys: of whoever signed.
        signed: the signature.

    Returns:
        Attack → what the check says against the folder; None where it passes.
    """
    found = {}
    for attack, do in ON_FOLDER.items():
        with tempfile.TemporaryDirectory() as place:
            copy = Path(shutil.copytree(folder, Path(place) / folder.name))
            do(copy)
            found[attack] = signature.fault(copy, keys.public, signed)
    with tempfile.TemporaryDirectory() as place:
        other = signature.new_keys(place)
        found["checked with another person's key"] = signature.fault(folder, other.public, signed)
    return {name: said and said.split(":")[0] if "key" in name else said for name, said in found.items()}


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a PNG file, in order.

    Args:
        png: the file.

    Returns:
        (Name, all bytes of the chunk) of each.
    """
    found, at = [], 8
    while at < len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4], "big")
        found.append((png[at + 4 : at + 8], png[at:end]))
        at = end
    return found


def without_label(png: bytes) -> bytes:
    """The same file without its label.

    Args:
        png: the file.
    """
    return png[:8] + b"".join(content for name, content in chunks(png) if name != LABEL)


def with_label_of(png: bytes, labelled: bytes) -> bytes:
    """A file that carries another one's label.

    Args:
        png: the file.
        labelled: whose label it gets.
    """
    label = b"".join(content for name, content in chunks(labelled) if name == LABEL)
    first, *rest = chunks(png)
    return png[:8] + first[1] + label + b"".join(content for _, content in rest)


def pixels(picture: bytes) -> np.ndarray:
    """Pixels of a picture's file, 0 to 255, ``(H, W)``.

    Args:
        picture: the file.
    """
    return np.asarray(Image.open(io.BytesIO(picture)).convert("L"))


def _saved(array: np.ndarray, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.fromarray(array).save(file, kind)
    return file.getvalue()


def on_label(
    labelled: bytes, plain: bytes, real: bytes, ada: Identity, eve: Identity
) -> dict[str, tuple[Reading, bool]]:
    """Each attack on a labelled picture, read by somebody who trusts Ada's root.

    Args:
        labelled: a generated picture with Ada's label.
        plain: the same without.
        real: another picture, without a label.
        ada, eve: two identities.

    Returns:
        Attack → what is read, and whether the pixels are others than those of ``plain``.
    """
    before = pixels(plain)
    brighter = before.copy()
    brighter[0, 0] ^= 255
    files = {
        "nothing": (labelled, "image/png"),
        "tampered: one pixel changed, label kept": (with_label_of(_saved(brighter), labelled), "image/png"),
        "tampered: label put on a real digit": (with_label_of(real, labelled), "image/png"),
        "washed: label cut out": (without_label(labelled), "image/png"),
        "washed: opened and saved again": (_saved(before), "image/png"),
        "washed: saved as JPEG": (_saved(before, "JPEG"), "image/jpeg"),
        "signed by Eve instead": (credentials.sign(plain, eve), "image/png"),
        "lie: Ada signs “camera”": (credentials.sign(plain, ada, "camera"), "image/png"),
    }
    return {
        attack: (credentials.look(file, ada.root, kind), bool((pixels(file) != before).any()))
        for attack, (file, kind) in files.items()
    }
