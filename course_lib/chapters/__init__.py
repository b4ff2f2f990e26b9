"""The chapters of the course: a folder each, from which map, builds, claims, decks, guide and tests are derived.

A chapter is a package ``chNN_name`` in this folder: its ``__init__`` has ``TITLE`` and ``QUESTION``; ``checks.py`` the
checks of its exercises; ``recordings/`` the scripts of its recorded runs; ``guide.md`` what an instructor should know;
and beside them whatever figures and widgets only this chapter needs. Its lessons are ``notebooks/src/NN_name/K_*.py``.

A lesson has a *name*, ``"04_mode_collapse/1_mode_collapse"``, by which its files are found, and a short *id*,
``"04.1"``, under which claims, times and progress are kept: a lesson may be renamed.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from course_lib import files
from course_lib.errors import CourseError

_PACKAGE = re.compile(r"ch(\d\d_\w+)")
_LESSON = "[0-9][0-9]_*/[0-9]*_*.py"


@dataclass(frozen=True)
class Chapter:
    """One chapter.

    Attributes:
        name: e.g. ``"04_mode_collapse"``; of its folders in ``notebooks/``, and of its deck.
        title: its heading.
        question: what it answers, in the reader's words.
    """

    name: str
    title: str
    question: str

    @property
    def number(self) -> str:
        """Two digits, e.g. ``"04"``."""
        return self.name[:2]

    @property
    def lessons(self) -> list[str]:
        """Names of its lessons in order; none while it is only planned."""
        return [name for name in lessons() if name.startswith(f"{self.name}/")]

    def folder(self) -> Path:
        """Where its package lies."""
        return Path(importlib.import_module(f"{__name__}.ch{self.name}").__path__[0])

    def module(self, name: str) -> ModuleType | None:
        """Its module ``name``, e.g. ``"checks"``; None where it has none.

        Args:
            name: of the module, without the package's.
        """
        found = {module.name for module in pkgutil.iter_modules([str(self.folder())])}
        return importlib.import_module(f"{__name__}.ch{self.name}.{name}") if name in found else None


def chapters() -> list[Chapter]:
    """All chapters, in order."""
    names = sorted(found[1] for module in pkgutil.iter_modules(__path__) if (found := _PACKAGE.fullmatch(module.name)))
    packages = {name: importlib.import_module(f"{__name__}.ch{name}") for name in names}
    return [Chapter(name, package.TITLE, package.QUESTION) for name, package in packages.items()]


def lessons() -> list[str]:
    """Names of all lessons that have a source, in order, e.g. ``["00_start_here/1_start_here", …]``."""
    found = files.notebooks_source().glob(_LESSON)
    return sorted(f"{path.parent.name}/{path.stem}" for path in found)


def lesson_id(name: str) -> str:
    """``"04.1"`` of ``"04_mode_collapse/1_mode_collapse"``.

    Args:
        name: a lesson's name.
    """
    chapter, _, lesson = name.partition("/")
    return f"{chapter[:2]}.{lesson.partition('_')[0]}"


def find(which: str) -> Chapter:
    """The chapter that ``4``, ``04`` or ``04_mode_collapse`` means.

    Args:
        which: a number or a name.

    Raises:
        CourseError: when there is none; it lists the valid numbers.
    """
    which, known = str(which).strip(), chapters()
    for chapter in known:
        if which == chapter.name or (which.isdecimal() and int(which) == int(chapter.number)):
            return chapter
    raise CourseError(f"there is no chapter {which!r}: use one of {', '.join(c.number for c in known)}.")


def chosen(names: Iterable[str] | None = None) -> list[str]:
    """Names of the lessons meant, in order and without doubles.

    Args:
        names: of chapters (``"04"``, ``"4"``, ``"04_mode_collapse"``: all its lessons) or lessons (``"04.1"``,
            ``"04_mode_collapse/1_mode_collapse"``, also with ``.ipynb``); all lessons without any.

    Raises:
        CourseError: for a name that is none of these; it lists the valid ones.
    """
    return sorted({name for which in names for name in _meant(str(which).strip())}) if names else lessons()


def lesson(which: str) -> str:
    """The one lesson that ``which`` means, see :func:`chosen`.

    Args:
        which: a lesson's name or id, or a chapter that has one lesson.

    Raises:
        CourseError: when there is none, or when a chapter with several lessons is named.
    """
    found = _meant(str(which).strip())
    if len(found) > 1:
        raise CourseError(f"chapter {which} has {len(found)} lessons: use one of {', '.join(map(lesson_id, found))}.")
    return found[0]


def _meant(which: str) -> list[str]:
    which, known = which.removesuffix(".ipynb"), lessons()
    chapter, _, number = which.partition(".")
    if chapter.isdecimal() and number.isdecimal():
        which = f"{int(chapter):02d}.{int(number)}"
    elif which.isdecimal():
        which = f"{int(which):02d}"
    found = [name for name in known if which in (name, lesson_id(name), name.partition("/")[0], name[:2])]
    if not found:
        numbers = sorted({name[:2] for name in known})
        raise CourseError(f"there is no lesson {which!r}: use one of {', '.join(numbers)}, or a lesson such as 04.1.")
    return found
