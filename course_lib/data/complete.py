"""The complete MNIST and Fashion-MNIST sets, through torchvision: on demand, never needed by the `course` profile."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np

from course_lib.data.idx import read_idx
from course_lib.errors import CourseError
from course_lib.files import cache_dir, check_sha256

DIGIT_NAMES = tuple(str(k) for k in range(10))
FASHION_NAMES = (
    "T-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
SETS = {
    "mnist": ("MNIST", DIGIT_NAMES, "MNIST (LeCun, Cortes, Burges 1998), complete", "CC BY-SA 3.0"),
    "fashion": ("FashionMNIST", FASHION_NAMES, "Fashion-MNIST (Xiao, Rasul, Vollgraf 2017), complete", "MIT"),
}
PREFIX = {"train": "train", "test": "t10k"}  # of a split's two files, images first
# SHA-256 of the uncompressed idx files.
RAW_SHA256 = {
    "mnist": {
        "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
    "fashion": {
        "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
}


class _TorchvisionSet(Protocol):
    """One of torchvision's data sets, as far as it is used here: called, it downloads its files."""

    resources: list[tuple[str, str]]

    def __call__(self, root: str, *, train: bool, download: bool) -> object: ...


def read(name: str, split: str) -> tuple[np.ndarray, np.ndarray]:
    """All images and labels of one split, from ``$COURSE_DATA`` or downloaded to there, with progress.

    Args:
        name: ``"mnist"`` or ``"fashion"``. The files lie as torchvision lays them out: ``MNIST/raw/…``.
        split: ``"train"`` or ``"test"``.

    Returns:
        uint8 ``(N, 28, 28)`` in 0…255, and int64 ``(N,)`` labels.

    Raises:
        CourseError: when the files are neither there nor to be had.
        DataCorrupt: when a file's checksum differs; it stays as it is.
    """
    try:
        from torchvision import datasets
    except Exception as problem:  # a torchvision that does not match torch raises RuntimeError on import
        raise CourseError(
            f"the complete set {name!r} needs torchvision, which does not load here ({problem}): run 'make lab' again."
        ) from problem
    folder, _, _, _ = SETS[name]
    kind = getattr(datasets, folder)
    root = cache_dir()
    raw = root / folder / "raw"
    _check(raw, name)
    if not all((raw / file).is_file() for file in RAW_SHA256[name]):
        try:
            _download(kind, root, raw)
        except Exception as problem:
            why = (str(problem).strip().splitlines() or ["?"])[0].rstrip(":")
            raise CourseError(
                f"the complete set {name!r} is not in {root} and could not be downloaded ({why}): connect once, or set "
                f"COURSE_DATA to a folder that has {folder}/raw, or use load('digits'), which needs no network."
            ) from problem
        _check(raw, name)
    images, labels = (read_idx(raw / file) for file in RAW_SHA256[name] if file.startswith(PREFIX[split]))
    return images, labels.astype(np.int64)


def _check(raw: Path, name: str) -> None:
    """Refuse those of the set's files that are there and are not the set's."""
    for file, expected in RAW_SHA256[name].items():
        if (raw / file).is_file():
            check_sha256(raw / file, expected, f"move it away and call load({name!r}) again, which fetches it")


def _download(kind: _TorchvisionSet, root: Path, raw: Path) -> None:
    """Add the files that are missing.

    torchvision gets a folder of its own: it writes over what is there, and where it is interrupted, half a file stays.
    """
    with TemporaryDirectory(prefix=".download-", dir=root) as apart:
        there = Path(apart) / raw.relative_to(root)
        there.mkdir(parents=True)
        for packed, _ in kind.resources:  # which it need not fetch, where they are intact
            if (raw / packed).is_file():
                shutil.copyfile(raw / packed, there / packed)
        kind(apart, train=True, download=True)
        raw.mkdir(parents=True, exist_ok=True)
        for file in there.iterdir():
            if not (raw / file.name).exists():
                shutil.move(file, raw / file.name)
