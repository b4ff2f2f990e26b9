"""The learner's workspace: their own copies of the notebooks, which nothing here ever overwrites.

A workspace is a folder with ``.course/workspace.json``: the version it was copied from and the checksum of each copy.
A copy whose checksum still stands was not touched and may be replaced; any other is kept under another name.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import course_lib
from course_lib import files
from course_lib.chapters import lesson, lessons
from course_lib.errors import CourseError
from course_lib.learn.progress import STAMP, workspace

DEFAULT = "my_course"
PAGES = ("maths.md", "glossary.md", "own_pictures.md", "card.md")


@dataclass
class Prepared:
    """What :func:`prepare` did.

    Attributes:
        folder: the workspace.
        made_by: the version of the course that the stamp named before.
        added, updated, outdated: names of notebooks and pages.
        kept: the learner's own versions, under their new names.
        retired: notebooks that the course has no more, where they are now.
    """

    folder: Path
    made_by: str
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """The report for the learner; empty when there is nothing to say."""
        found = []
        if copied := len([name for name in self.added if not name.startswith("docs/")]):
            found.append(f"{copied} notebook{'s' * (copied > 1)} copied to {self.folder}.")
        if self.retired:
            found.append(f"The course has these no more, and you keep them: {', '.join(self.retired)}.")
        if self.updated:
            found.append(f"Updated: {', '.join(self.updated)}.")
        if self.kept:
            found.append(f"Your version is kept as {', '.join(path.name for path in self.kept)}.")
        if self.outdated:
            change = f" ({self.made_by} → {course_lib.__version__})" if self.made_by != course_lib.__version__ else ""
            found.append(
                f"A newer version{change} of {', '.join(self.outdated)} is there: `course lab --update` brings it "
                "and keeps what you changed beside it."
            )
        return found


def edition(name: str) -> str:
    """The text of a notebook's self-paced edition: from the executed notebook in a checkout, else from its source.

    Args:
        name: of the lesson, ``NN_chapter/K_lesson``.
    """
    import nbformat

    from course_lib.tools.editions import self_paced
    from course_lib.tools.execute import read_source

    root = files.repo_root()
    executed = root / "notebooks" / f"{name}.ipynb" if root else None
    built = executed and executed.is_file()
    notebook = self_paced(nbformat.read(executed, as_version=4) if built else read_source(name))
    for cell in notebook.cells:  # in the workspace, the pages lie beside the chapters
        cell.source = cell.source.replace("](../../docs/", "](../docs/")
    return nbformat.writes(notebook) + "\n"


def pages() -> list[Path]:
    """The pages that go with the notebooks: mathematics, glossary, one's own pictures, the card."""
    root = files.repo_root()
    folder = root / "docs" if root else files.shipped("docs")
    return [folder / name for name in PAGES if (folder / name).is_file()]


def locate(folder: Path | str | None = None, *, create: bool = False) -> Path:
    """The workspace meant: ``folder``, ``$COURSE_WORKSPACE``, the one around the current folder, or ``my_course``.

    Args:
        folder: the one meant, if any.
        create: whether it may be a folder that is no workspace yet.

    Raises:
        CourseError: when it is no workspace and ``create`` is False, or when it is the course's own folder.
    """
    chosen = folder or os.environ.get("COURSE_WORKSPACE") or workspace()
    root = files.repo_root()
    path = Path(chosen).expanduser().resolve() if chosen else (root or Path.cwd()) / DEFAULT
    if root and (path == root or path.is_relative_to(root / "notebooks") or path.is_relative_to(root / "course_lib")):
        raise CourseError(f"{path} holds the course itself: choose another folder for your own copy, e.g. {DEFAULT}.")
    if not create and not (path / STAMP).is_file():
        raise CourseError(f"{path} is no course workspace: `course lab` makes one, or run this inside yours.")
    return path


def prepare(folder: Path, *, update: bool = False) -> Prepared:
    """Copy missing notebooks and pages; with ``update``, replace those that the course has a newer version of.

    No file is ever overwritten: a notebook that the learner changed is first renamed to ``name.old-1.ipynb``.

    Args:
        folder: the workspace; made where it is missing.
        update: whether newer versions are brought, or only told of.

    Returns:
        What was done.

    Raises:
        CourseError: when the folder cannot be written.
    """
    with _readable_refusal(folder):
        folder.mkdir(parents=True, exist_ok=True)
        stamp = _read_stamp(folder)
        done = Prepared(folder, stamp["version"], retired=_retire(folder, stamp))
        for name, path, text in _copies(folder):
            shipped = _checksum(text)
            if not path.exists():
                files.atomic_write(path, text)
                done.added.append(name)
            elif (present := files.sha256(path)) == shipped or stamp["notebooks"].get(name) == shipped:
                pass
            elif update:
                if present != stamp["notebooks"].get(name):
                    done.kept.append(files.keep_old(path))
                files.atomic_write(path, text)
                done.updated.append(name)
            else:
                done.outdated.append(name)
                continue
            stamp["notebooks"][name] = shipped
        _write_stamp(folder, stamp, course_lib.__version__ if not done.outdated else stamp["version"])
    return done


def reset(which: str, folder: Path) -> Path | None:
    """Restore one notebook.

    Args:
        which: a lesson, as :func:`course_lib.chapters.lesson` takes it.
        folder: the workspace.

    Returns:
        Where the learner's version was kept; None when it was untouched or missing.

    Raises:
        CourseError: for an unknown notebook (the valid ones are listed), or a folder that cannot be written.
    """
    name = lesson(which)
    with _readable_refusal(folder):
        text, path, stamp = edition(name), folder / f"{name}.ipynb", _read_stamp(folder)
        kept = files.keep_old(path) if path.exists() and files.sha256(path) != _checksum(text) else None
        if not path.exists():
            files.atomic_write(path, text)
        stamp["notebooks"][name] = _checksum(text)
        _write_stamp(folder, stamp, stamp["version"])
    return kept


def _copies(folder: Path) -> list[tuple[str, Path, str]]:
    """Everything that belongs into the workspace: its name in the stamp, its place there, its text."""
    notebooks = [(name, folder / f"{name}.ipynb", edition(name)) for name in lessons()]
    texts = [(f"docs/{page.name}", folder / "docs" / page.name, _page(page)) for page in pages()]
    return notebooks + texts


def _page(path: Path) -> str:
    """A page's text; in the workspace the chapters lie beside the pages."""
    return path.read_text(encoding="utf-8").replace("](../notebooks/", "](../")


def _retire(folder: Path, stamp: dict) -> list[str]:
    """Move copies of notebooks that the course has no more to ``earlier/``, with whatever was written in them."""
    retired = []
    for name in [name for name in stamp["notebooks"] if not name.startswith("docs/") and name not in lessons()]:
        old, new = folder / f"{name}.ipynb", folder / "earlier" / f"{name}.ipynb"
        if old.is_file():
            new.parent.mkdir(parents=True, exist_ok=True)
            if new.exists():
                files.keep_old(new)
            old.rename(new)
            retired.append(f"earlier/{name}.ipynb")
        del stamp["notebooks"][name]
    return retired


@contextlib.contextmanager
def _readable_refusal(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CourseError(
            f"the workspace {folder} cannot be written ({error.strerror or error}): choose another folder, "
            "e.g. `course lab some/folder`."
        ) from error


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _read_stamp(folder: Path) -> dict:
    """The stamp; an unreadable one is set aside, and then every notebook counts as changed by the learner."""
    path = folder / STAMP
    if not path.exists():
        return {"version": course_lib.__version__, "notebooks": {}}
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
        return {"version": str(stamp["version"]), "notebooks": dict(stamp["notebooks"])}
    except (ValueError, KeyError, TypeError):
        kept = files.set_aside(path)
        print(f"The workspace's stamp was damaged: it is kept as {kept.name}; each notebook counts as changed by you.")
        return {"version": "unknown", "notebooks": {}}


def _write_stamp(folder: Path, stamp: dict, version: str) -> None:
    text = json.dumps({"version": version, "notebooks": stamp["notebooks"]}, indent=1) + "\n"
    path = folder / STAMP
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        files.atomic_write(path, text)
