"""What a sweep keeps: one file a task, written at once or not at all, and named after code, settings and seed."""

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from course_lib import files
from course_lib.errors import CourseError

Task = Callable[..., Any]
Settings = Mapping[str, Any]


class Results:
    """A folder of results of one function.

    A task that finds its own file has nothing to do. So a sweep that was stopped goes on when it is started again, and
    two sweeps into one folder share what they have in common.

    Args:
        folder: made where it is missing. Workers on other machines need it under the same path.
        function: takes ``seed`` and the settings by their names, and gives what JSON can hold.

    Raises:
        CourseError: for a function without a source to tell its versions apart by.
    """

    def __init__(self, folder: Path | str, function: Task) -> None:
        self.folder = Path(folder).expanduser().resolve()
        self.code = _code(function)
        self.name = function.__name__

    def path(self, seed: int, settings: Settings) -> Path:
        """The file of one task.

        Args:
            seed: of the task.
            settings: of the task, as JSON can hold them.

        Raises:
            CourseError: for settings that JSON cannot hold.
        """
        try:
            told = json.dumps([self.code, seed, dict(settings)], sort_keys=True, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as problem:
            raise CourseError(
                f"settings {dict(settings)!r}: {problem}; use numbers, texts, lists and dictionaries of them, so that "
                "a result can be named after them."
            ) from None
        return self.folder / f"{self.name}-{seed}-{hashlib.sha256(told.encode()).hexdigest()[:16]}.json"

    def read(self, seed: int, settings: Settings) -> Any:
        """What a task gave.

        Args:
            seed: of the task.
            settings: of the task.

        Returns:
            ``{"value", "seconds", "machine", …}``, or None where there is no result, or a damaged one, which is set
            aside.
        """
        path = self.path(seed, settings)
        if not path.is_file():
            return None
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            files.set_aside(path)
            return None


def _code(function: Task) -> str:
    """A hash of the function's own text and of the whole course library: other code, other results."""
    try:
        text = inspect.getsource(function)
    except (OSError, TypeError):
        raise CourseError(
            f"the source of {getattr(function, '__name__', function)!r} cannot be read, and results are kept under a "
            "hash of it: define it with `def` in a notebook or a module."
        ) from None
    return hashlib.sha256((text + library_code()).encode()).hexdigest()


@cache
def library_code() -> str:
    """A hash of all modules of the course library."""
    package, found = Path(files.__file__).resolve().parent, hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        found.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return found.hexdigest()
