"""What lesson 13.2 does to signed folders and labelled pictures, and what their readers say then."""

import io
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from course_lib.audit import credentials, signature
from course_lib.audit.credentials import Identity, Reading
from course_lib.show.picture import COLOURS, Picture, finish, new_figure

EVE_AS_ADA = "signed anew: Eve calls herself Ada"
SHOWN = {
    "nothing": "as signed",
    "tampered: one pixel changed, label kept": "one pixel changed",
    "washed: label cut out": "label cut out",
    EVE_AS_ADA: "Eve as “Ada”",
    "lie: Ada signs “camera”": "Ada: “camera”",
}
LABEL = b"caBX"  # the chunk of a PNG that holds a credential


def flip_last_bit(path: Path) -> None:
    """Change one bit of a file: the last of its last byte.

    Args:
        path: of the file.
    """
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def _git(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "run.py").write_text("print('hello')")


ON_FOLDER: dict[str, Callable[[Path], object]] = {
    "nothing": lambda folder: None,
    "one bit of the weights flipped": lambda folder: flip_last_bit(folder / "generator.safetensors"),
    "a program added": lambda folder: (folder / "run.py").write_text("print('hello')"),
    "the card removed": lambda folder: (folder / "README.md").unlink(),
    "the card renamed": lambda folder: (folder / "README.md").rename(folder / "CARD.md"),
    "the card says 3.1": lambda folder: (folder / "README.md").write_text("# DCGAN\n\nFréchet distance 3.1.\n"),
    "a program in a new folder .git": _git,
}


def on_folder(folder: Path, keys: signature.Keys, signed: Path) -> dict[str, str | None]:
    """Each attack on a copy of its own; an older folder, signed in its day; and the check with somebody else's key.

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
        older = Path(shutil.copytree(folder, Path(place) / folder.name))
        (older / "README.md").write_text("# DCGAN\n\nFréchet distance 9.0.\n", encoding="utf-8")
        then = signature.sign(older, keys, Path(place) / "older.sig")
        found["an older folder, signed in its day"] = signature.fault(older, keys.public, then)
    with tempfile.TemporaryDirectory() as place:
        other = signature.new_keys(place)
        said = signature.fault(folder, other.public, signed)
        found["checked with another person's key"] = said and said.split(":")[0]
    return found


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


def on_label(labelled: bytes, plain: bytes, real: bytes, ada: Identity, eve: Identity) -> dict[str, tuple[bytes, str]]:
    """Each attack on a labelled picture.

    Args:
        labelled: a generated picture with Ada's label.
        plain: the same without.
        real: another picture, without a label.
        ada, eve: two identities.

    Returns:
        Attack → the file that it leaves, and its kind.
    """
    before = pixels(plain)
    brighter = before.copy()
    brighter[4, 4] ^= 255
    return {
        "nothing": (labelled, "image/png"),
        "tampered: one pixel changed, label kept": (with_label_of(_saved(brighter), labelled), "image/png"),
        "tampered: label put on another picture": (with_label_of(real, labelled), "image/png"),
        "washed: label cut out": (without_label(labelled), "image/png"),
        "washed: opened and saved again": (_saved(pixels(labelled)), "image/png"),
        "washed: saved as JPEG": (_saved(pixels(labelled), "JPEG"), "image/jpeg"),
        "signed anew: by Eve": (credentials.sign(plain, eve), "image/png"),
        EVE_AS_ADA: (credentials.sign(plain, credentials.new_identity("Ada")), "image/png"),
        "lie: Ada signs “camera”": (credentials.sign(plain, ada, "camera"), "image/png"),
    }


def read(files: Mapping[str, tuple[bytes, str]], plain: bytes, roots: str) -> dict[str, tuple[Reading, bool]]:
    """What a reader finds in each file.

    Args:
        files: of :func:`on_label`.
        plain: the picture before all attacks.
        roots: that the reader trusts.

    Returns:
        Attack → what is read, and whether the pixels are others than those of ``plain``.
    """
    before = pixels(plain)
    return {
        attack: (credentials.look(file, roots, kind), bool((pixels(file) != before).any()))
        for attack, (file, kind) in files.items()
    }


def side_by_side(
    files: Mapping[str, tuple[bytes, str]], readings: Mapping[str, tuple[Reading, bool]], *, title: str, alt: str
) -> Picture:
    """Five of the files as pictures, each with what a reader finds; pixels that differ from the first's are ringed.

    Args:
        files: of :func:`on_label`.
        readings: of :func:`read`.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(8.0, 2.25, columns=len(SHOWN))
    shown = [pixels(files[attack][0]) for attack in SHOWN]
    for ax, here, (attack, name) in zip(axes[0], shown, SHOWN.items(), strict=True):
        one = readings[attack][0]
        ax.imshow(here, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        for y, x in np.argwhere(here != shown[0]):
            ax.plot([x], [y], "o", mfc="none", mec=COLOURS[1], markersize=13, mew=2)
        ax.set_axis_off()
        ax.set_title(f"{name}\n→ {one.state}{f', {one.source}' if one.source else ''}", fontsize=10)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
