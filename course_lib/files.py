"""Where shipped and cached files lie, and how a file is written so that a crash cannot leave half of it.

Nothing here imports torch: ``course doctor`` needs these paths when torch is broken.
"""

import contextlib
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

from course_lib.errors import CourseError, DataCorrupt
from course_lib.machine import describe

_PACKAGE = Path(__file__).resolve().parent
_RUNS: ContextVar[Path | None] = ContextVar("runs", default=None)


def repo_root() -> Path | None:
    """The checkout this package runs from, or None when it was installed from a wheel."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "data").is_dir() else None


def checkout(what: str) -> Path:
    """The root of the checkout, for ``what`` needs one.

    Args:
        what: the beginning of the sentence: "slides are built", say.

    Raises:
        CourseError: when the course was installed from a wheel.
    """
    root = repo_root()
    if root is None:
        raise CourseError(f"{what} in a checkout of the course, and this is an installed copy: clone it, run it there.")
    return root


def shipped(*parts: str) -> Path:
    """Path of something that ships with the course. It may not exist.

    Args:
        *parts: folders and the name, below ``data/`` of a checkout.

    Example:
        >>> from course_lib.files import shipped
        >>> shipped("zoo", "manifest.json").is_file()
        True
    """
    root = repo_root()
    return (root / "data" if root else _PACKAGE / "_data").joinpath(*parts)


def recorded(name: str) -> dict:
    """Recorded runs that ship: the content of ``data/runs/NAME.json``.

    Args:
        name: of the recording, as ``course record`` takes it.

    Returns:
        ``{"command", "machine", "settings", "runs"}``.

    Raises:
        CourseError: when there is no such file; it names the command that makes it.
    """
    path = shipped("runs", f"{name}.json")
    if not path.is_file():
        raise CourseError(f"there are no recorded runs {name!r}: `course record {name}` makes them, in a checkout.")
    return json.loads(path.read_text(encoding="utf-8"))


def runs_so_far(name: str, settings: dict | None = None) -> dict:
    """The runs of :func:`recorded` so far, for a script that goes on where it stopped.

    Args:
        name: of the recording.
        settings: those of the script now; None takes the runs whatever they were recorded with.

    Returns:
        The runs by name: none before the first was written, and none where ``settings`` are others than those they were
        recorded with.
    """
    path = _written(name)
    if not path.is_file():
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))
    return found["runs"] if settings in (None, found["settings"]) else {}


def write_recorded(name: str, settings: dict, runs: dict) -> Path:
    """Write ``data/runs/NAME.json`` for :func:`recorded`, with command and machine; a list of numbers is one line.

    Args:
        name: of the recording.
        settings: what the runs depend on.
        runs: the runs by name, as JSON can hold them.

    Returns:
        The file's path.
    """
    content = {"command": f"course record {name}", "machine": describe(), "settings": settings, "runs": runs}
    text = json.dumps(content, indent=1, ensure_ascii=False)
    text = re.sub(r"\[[^\[\]{}\"]*\]", lambda numbers: " ".join(numbers[0].split()), text)
    return atomic_write(_written(name), text + "\n")


@contextlib.contextmanager
def runs_written_to(folder: Path | str) -> Iterator[None]:
    """Recordings made in this block are written to another folder, and go on from what lies there.

    Args:
        folder: made where it is missing. What ships is still read from where it lies.

    Yields:
        Nothing.
    """
    token = _RUNS.set(Path(folder))
    try:
        yield
    finally:
        _RUNS.reset(token)


def _written(name: str) -> Path:
    folder = _RUNS.get()
    return folder / f"{name}.json" if folder else shipped("runs", f"{name}.json")


def notebooks_source() -> Path:
    """The folder with the notebooks' percent sources."""
    root = repo_root()
    return root / "notebooks" / "src" if root else _PACKAGE / "_data" / "notebooks"


def cache_dir() -> Path:
    """Where downloads land: ``$COURSE_DATA``, else ``data/cache`` in a checkout, else the user's cache folder.

    It is made where it is missing.

    Raises:
        CourseError: when it cannot be made.
    """
    root = repo_root()
    if os.environ.get("COURSE_DATA"):
        folder = Path(os.environ["COURSE_DATA"]).expanduser()
    elif root:
        folder = root / "data" / "cache"
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA", Path.home())) / "explaining-image-generators"
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "explaining-image-generators"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise CourseError(
            f"the data folder {folder} cannot be made ({problem.strerror}): set COURSE_DATA to a writable folder."
        ) from problem
    return folder


def sha256(path: Path | str) -> str:
    """Hex SHA-256 of a file.

    Args:
        path: of the file.
    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_sha256(path: Path, expected: str, remedy: str) -> None:
    """Refuse a file whose checksum is another one.

    It stays as it is, under its name: somebody may have put it there.

    Args:
        path: of the file.
        expected: the beginning of its hex SHA-256, or all of it.
        remedy: what to do, the end of the sentence.

    Raises:
        DataCorrupt: naming the file, both checksums and the ``remedy``.
    """
    found = sha256(path)
    if not found.startswith(expected):
        raise DataCorrupt(
            f"{path} is damaged or another file: its SHA-256 begins with {found[:8]} and {expected[:8]} "
            f"was expected; it was left as it is and not used: {remedy}."
        )


def atomic_write(path: Path | str, content: bytes | str) -> Path:
    """Write so that ``path`` holds either its old content or all of the new one, even after a power cut.

    The temporary file's name carries the process id: two kernels may write the same path at once, and the last wins.

    Args:
        path: of the file; its folder is made where it is missing.
        content: bytes, or text, which is written as UTF-8.

    Returns:
        The path.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:  # a full disk, or Ctrl-C: the half of a file would only take up space
        temporary.unlink(missing_ok=True)
        raise
    return path


def set_aside(path: Path | str) -> Path:
    """Rename a bad file to ``name.corrupt-1`` (or -2, ...), so that it is neither used nor lost.

    Args:
        path: of the file.

    Returns:
        Its new path.
    """
    path = Path(path)
    return _numbered(path, f"{path.name}.corrupt-", "")


def keep_old(path: Path | str) -> Path:
    """Rename a sound file to ``name.old-1.ext`` (or -2, ...), so that another takes its place and nothing is lost.

    Args:
        path: of the file.

    Returns:
        Its new path.
    """
    path = Path(path)
    return _numbered(path, f"{path.stem}.old-", path.suffix)


def _numbered(path: Path, start: str, end: str) -> Path:
    """Rename ``path`` to the first ``start`` + number + ``end`` that is free."""
    n = 1
    while (free := path.with_name(f"{start}{n}{end}")).exists():
        n += 1
    os.replace(path, free)
    return free
