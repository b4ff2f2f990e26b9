"""``course record NAME``: run one of the scripts in ``recordings/``, which make the recorded runs in ``data/runs``."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from course_lib import files
from course_lib.errors import one_of


def scripts() -> dict[str, Path]:
    """The recordings of a checkout: name → script; ``dcgan-curve`` is made by ``recordings/dcgan_curve.py``.

    Raises:
        CourseError: outside a checkout, where there are no scripts.
    """
    folder = files.checkout("recordings are made") / "recordings"
    return {path.stem.replace("_", "-"): path for path in sorted(folder.glob("*.py"))}


def script(name: str) -> ModuleType:
    """A recording's script as a module.

    Raises:
        CourseError: for an unknown name (the valid ones are listed), and outside a checkout.
    """
    found = scripts()
    one_of("recording", name, found)
    if (folder := str(found[name].parent)) not in sys.path:
        sys.path.append(folder)  # by its own name, so that a script's worker processes find it too
    return importlib.import_module(found[name].stem)


def record(name: str, tell: Callable[[str], None] = print) -> None:
    """Make ``data/runs/NAME.json`` anew; ``tell`` is given a line after each training."""
    script(name).record(tell=tell)
