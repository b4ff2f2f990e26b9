"""``course record NAME``: run one of the chapters' recordings, which make the recorded runs in ``data/runs``."""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType

from course_lib import files
from course_lib.chapters import chapters
from course_lib.errors import one_of


def scripts() -> dict[str, str]:
    """The recordings: ``dcgan-curve`` is made by ``chapters/ch03_…/recordings/dcgan_curve.py``.

    Returns:
        Name → module.
    """
    return {
        module.name.replace("_", "-"): f"{package.__name__}.{module.name}"
        for chapter in chapters()
        if (package := chapter.module("recordings"))
        for module in pkgutil.iter_modules(package.__path__)
    }


def script(name: str) -> ModuleType:
    """A recording's script as a module.

    Args:
        name: of the recording.

    Raises:
        CourseError: for an unknown name; the valid ones are listed.
    """
    found = scripts()
    one_of("recording", name, found)
    return importlib.import_module(found[name])


def record(name: str, tell: Callable[[str], None] = print) -> None:
    """Make ``data/runs/NAME.json`` anew.

    Args:
        name: of the recording.
        tell: is given a line after each training.

    Raises:
        CourseError: for an unknown name, and outside a checkout.
    """
    files.checkout("recordings are made")
    script(name).record(tell=tell)
