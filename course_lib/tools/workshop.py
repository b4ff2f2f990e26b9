"""``course workshop build``: everything for a room of learners in ``build/workshop`` and a zip of it.

The folder is a checkout without solutions: student notebooks (no solutions, no outputs), their sources likewise, the
library, trained networks and recorded runs, slides as pages and PDFs, and the instructor's guide with schedules.
"""

import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat

from course_lib import files
from course_lib.chapters import Chapter, chapters, find, lessons, syllabus
from course_lib.errors import CourseError
from course_lib.tools import deck as decks
from course_lib.tools import slides
from course_lib.tools.editions import student
from course_lib.tools.execute import read_source
from course_lib.tools.readme import fill
from course_lib.tools.workspace import PAGES

# What a room needs of the checkout besides notebooks and slides; no tests, and no recordings' scripts.
TAKEN = (
    "LICENSE",
    "LICENCES.md",
    "CITATION.cff",
    "install.py",
    "pyproject.toml",
    "environment.yml",
    "locks",
    "course_lib",
    *(f"docs/{page}" for page in PAGES),
    "data/zoo",
    "data/mine",
    "data/runs",
    "data/claims.json",
    "data/claims.md",
    "data/times.json",
)
DATE = (2020, 1, 1, 0, 0, 0)  # of every file in the zip, so that two builds are the same


@dataclass(frozen=True)
class Plan:
    """A schedule.

    Attributes:
        title: its heading.
        days: for each day its parts in order, notebooks by number or breaks.
        hours: a day's length with breaks, which the sum must not exceed.
    """

    title: str
    days: tuple[tuple[str, ...], ...]
    hours: float


BREAKS = {"break": 15, "lunch": 60}  # minutes
PLANS = (
    Plan("Half a day: a GAN is trained, and a network explained", (("00", "03", "break", "07"),), 4.5),
    Plan("One day: made, broken, explained, tested", (("00", "03", "break", "04", "lunch", "07", "break", "10"),), 8),
    Plan(
        "Two days: the whole course but for 02 and 05, which are for the evening",
        (
            ("00", "01", "break", "03", "lunch", "04", "break", "06"),
            ("07", "break", "08", "lunch", "09", "break", "10"),
        ),
        8.5,
    ),
)


def build() -> list[Path]:
    """Write ``build/workshop/`` and ``build/workshop.zip``.

    Returns:
        Both paths.

    Raises:
        CourseError: outside a checkout; what the slides' builder refuses.
    """
    root = _root()
    target = root / "build" / "workshop"
    shutil.rmtree(target, ignore_errors=True)
    for name in TAKEN:
        if (source := root / name).is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / name)
    for name in ("README.md", "Makefile"):
        shutil.copyfile(root / "slides" / "workshop" / name, target / name)
    for name in lessons():
        edition = student(read_source(name))
        files.atomic_write(target / "notebooks" / f"{name}.ipynb", nbformat.writes(edition) + "\n")
        files.atomic_write(target / "notebooks" / "src" / f"{name}.py", jupytext.writes(edition, fmt="py:percent"))
    for path in slides.build():
        (target / "slides").mkdir(exist_ok=True)
        shutil.copyfile(path, target / "slides" / path.name)
    files.atomic_write(target / "instructor" / "guide.md", guide())
    return [target, _zipped(target)]


def guide() -> str:
    """The instructor's guide, its schedules and times filled in."""
    text = (_root() / "slides" / "workshop" / "guide.md").read_text(encoding="utf-8")
    text = fill(text, "times", times())
    text = fill(text, "schedules", "\n\n".join(map(schedule, PLANS)))
    return fill(text, "notes", "\n\n".join(filter(None, map(notes, chapters()))))


def notes(chapter: Chapter) -> str:
    """What an instructor should know of a chapter, from its ``guide.md``; "" where it has none.

    Args:
        chapter: whose.
    """
    path = chapter.folder() / "guide.md"
    if not path.is_file():
        return ""
    return f"### {chapter.number} {chapter.title}\n\n{path.read_text(encoding='utf-8').strip()}"


def times() -> str:
    """A table: each chapter's minutes with its slides, seconds that it computes, exercises."""
    lines = ["| notebook | with its slides | computes | exercises |", "|---|---|---|---|"]
    for chapter in (c for c in chapters() if c.name in decks.names()):
        lines.append(
            f"| {chapter.number} {chapter.title} | {decks.read(chapter.name).minutes} min | "
            f"{syllabus.duration(chapter)} | {exercises(chapter)} |"
        )
    return "\n".join([*lines, "", f"Computing times: {syllabus.machines() or 'not measured'}."])


def exercises(chapter: Chapter) -> int:
    """How many exercises a chapter has.

    Args:
        chapter: whose lessons are counted.
    """
    cells = (cell for name in chapter.lessons for cell in read_source(name).cells)
    return sum("exercise" in cell.metadata.get("tags", []) for cell in cells)


def minutes(part: str) -> int:
    """The minutes that a part of a schedule takes: a break, or a notebook with its slides and exercises.

    Args:
        part: "break", "lunch", or a chapter as :func:`course_lib.chapters.find` takes it.

    Raises:
        CourseError: for an unknown notebook, or one without slides.
    """
    return BREAKS[part] if part in BREAKS else decks.read(find(part).name).minutes


def schedule(plan: Plan, begin: int = 9 * 60) -> str:
    """A plan as Markdown tables with the clock's times.

    Args:
        plan: the days and their parts.
        begin: of each day, in minutes from midnight.

    Raises:
        CourseError: when a day is longer than the plan allows.
    """
    titles, lines = {c.number: f"{c.number} {c.title}" for c in chapters()}, [f"### {plan.title}"]
    for day, parts in enumerate(plan.days, 1):
        lines += ["", *([f"Day {day}", ""] if len(plan.days) > 1 else []), "| from | to | what |", "|---|---|---|"]
        now = begin
        for part in parts:
            end = now + minutes(part)
            lines.append(f"| {_clock(now)} | {_clock(end)} | {titles.get(part, part)} |")
            now = end
        if now - begin > plan.hours * 60:
            raise CourseError(
                f"{plan.title!r}: day {day} takes {now - begin} minutes, more than {plan.hours} hours: "
                "take a notebook out."
            )
    return "\n".join(lines)


def _root() -> Path:
    return files.checkout("the workshop is built")


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


def _zipped(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo((Path(folder.name) / file.relative_to(folder)).as_posix(), DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, file.read_bytes())
    return path
