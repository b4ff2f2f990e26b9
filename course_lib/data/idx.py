"""Files of arrays: IDX, the format of MNIST, Fashion-MNIST, EMNIST and KMNIST, plain or gzipped; and ``.npz``."""

import gzip
import math
import zipfile
import zlib
from pathlib import Path

import numpy as np

from course_lib.errors import CourseError, DataCorrupt

# The third byte of an IDX file names the type of its numbers, which are stored with the high byte first.
TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_idx(path: Path | str) -> np.ndarray:
    """The array in an IDX file, gzipped or not (by its content, not its name).

    The file holds two zeros, the type, the number of axes, the axes' lengths (4 bytes each, high byte first), then the
    numbers.

    Args:
        path: of the file.

    Raises:
        CourseError: when there is no such file, or it is no IDX file.
        DataCorrupt: when it is cut off or too long, or the gzip's checksum is wrong. It stays as it is.
    """
    path = existing(path)
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as problem:
            raise DataCorrupt(f"{path.name} is a damaged gzip file ({problem}): fetch it again.") from None
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in TYPES or not content[3]:
        raise CourseError(
            f"{path.name} is no IDX file (it begins with {content[:4].hex(' ') or 'nothing'}): use one "
            "such as train-images-idx3-ubyte.gz, or ImageData.npz, ImageData.folder."
        )
    begin = 4 + 4 * content[3]
    shape = tuple(np.frombuffer(content[4:begin], ">u4").tolist()) if len(content) >= begin else ()
    kind = np.dtype(TYPES[content[2]])
    expected = begin + math.prod(shape) * kind.itemsize
    if len(shape) != content[3] or len(content) != expected:
        raise DataCorrupt(f"{path.name} has {len(content):,} bytes and its head promises {expected:,}: fetch it again.")
    return np.frombuffer(content, kind, offset=begin).reshape(shape).astype(kind.newbyteorder("="))


def read_npz(path: Path | str, images: str, labels: str | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Two arrays of an ``.npz`` file by their names in it.

    Args:
        path: of the file.
        images: name of the array of pictures.
        labels: name of the array of class numbers; None where there are none.

    Returns:
        The pictures, and the class numbers or None.

    Raises:
        CourseError: when there is no such file or array (with those that there are), or it holds Python objects.
        DataCorrupt: when it is no whole ``.npz`` file.
    """
    path = existing(path)
    try:
        file = np.load(path, allow_pickle=False)  # an unpickled object would run its maker's code
        if isinstance(file, np.ndarray):
            raise CourseError(f"{path.name} holds one array without a name: use ImageData.of(numpy.load(...)).")
        with file:
            for name in filter(None, (images, labels)):
                if name not in file.files:
                    raise CourseError(
                        f"{path.name} has no array {name!r}: it has {', '.join(file.files)}; say "
                        "images='…' and labels='…' (labels=None where there are none)."
                    )
            return file[images], None if labels is None else file[labels]
    except CourseError:
        raise
    except (zipfile.BadZipFile, EOFError, zlib.error, OSError) as problem:
        raise DataCorrupt(f"{path.name} is no whole .npz file ({problem}): fetch or save it again.") from None
    except ValueError as problem:
        raise CourseError(
            f"{path.name} cannot be read ({problem}): save plain arrays of numbers by numpy.savez("
            "path, images=…, labels=…)."
        ) from None


def existing(path: Path | str, kind: str = "file") -> Path:
    """The path, if a file (or a folder) is there; ``~`` is the user's own folder.

    Args:
        path: text or a ``Path``.
        kind: ``"file"`` or ``"folder"``.

    Raises:
        CourseError: for what is no path, or where nothing of the kind is.
    """
    if not isinstance(path, str | Path):
        raise CourseError(f"{path!r} is no path of a {kind}: use text, such as 'my_pictures'.")
    path = Path(path).expanduser()
    if not (path.is_file() if kind == "file" else path.is_dir()):
        raise CourseError(f"there is no {kind} {str(path)!r}: check the path.")
    return path
