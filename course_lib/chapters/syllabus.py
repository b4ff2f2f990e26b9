"""The map of the course: every chapter with its question, its measured time, and how far a learner has come in it."""

import json
from collections import Counter
from types import SimpleNamespace

from course_lib import files
from course_lib.chapters import Chapter, chapters, find, lesson, lesson_id
from course_lib.errors import CourseError
from course_lib.learn import progress
from course_lib.learn.exercises import Checks, checks_of
from course_lib.learn.questions import Prediction, Question, Questions
from course_lib.learn.wording import show_table
from course_lib.runtime import Runtime

HEADER = ("chapter", "its question", "lessons", "runs in")
PROGRESS = ("chapter", "exercises solved", "predictions made", "quiz answered rightly", "claims held in your last run")


def checks(chapter: str, runtime: Runtime | None = None) -> Checks:
    """The checks of a chapter's exercises.

    Args:
        chapter: its number or name, e.g. ``"03"``.
        runtime: tells them the run's profile; needed where a check judges what was trained.

    Raises:
        CourseError: for an unknown chapter, or one without checks; when a check needs the runtime and there is none.
    """
    one = find(chapter)
    return checks_of(one.number, one.module("checks") or SimpleNamespace(), runtime)


def questions_of(chapter: Chapter) -> list[Question]:
    """All predictions and quiz questions of a chapter, in the order of its ``questions.py``; none where it has none.

    Args:
        chapter: whose.
    """
    return list(getattr(chapter.module("questions"), "QUESTIONS", ()))


def questions(which: str) -> Questions:
    """The questions of one lesson.

    Args:
        which: the lesson's id, such as ``"04.1"``.

    Raises:
        CourseError: for an unknown chapter, or a lesson without questions.
    """
    found = [one for one in questions_of(find(which.partition(".")[0])) if one.lesson == which]
    if not found:
        raise CourseError(f"lesson {which!r} has no questions: its chapter's questions.py has none for it.")
    return Questions(which, found)


def measured() -> dict:
    """``data/times.json``: ``{"notebooks": {id: {"seconds", "profile", "source", "machine"}}}``; may be empty."""
    path = files.shipped("times.json")
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"notebooks": {}}


def duration(chapter: Chapter) -> str:
    """``23 s``, ``2 min 5 s`` (all its lessons together), ``planned``, or ``not measured yet``.

    Args:
        chapter: whose lessons are added up.
    """
    return _spoken(chapter.lessons)


RUNS_IN = "this lesson runs in:"


def time_of(which: str) -> str:
    """One line for the head of a lesson, by its id: how long it took, and where that was measured.

    Args:
        which: the lesson's id, such as ``"04.1"``.
    """
    entry = measured()["notebooks"].get(which, {})
    return f"{RUNS_IN} {_spoken([lesson(which)])} ({entry.get('machine', 'on no machine yet')})"


def machines() -> str:
    """The machines on which the lessons were timed, the commonest first; empty where none was."""
    found = Counter(entry["machine"] for entry in measured()["notebooks"].values())
    return "; ".join(
        machine if len(found) == 1 else f"{machine} ({n} lesson{'s' * (n > 1)})" for machine, n in found.most_common()
    )


def _spoken(lessons: list[str]) -> str:
    if not lessons:
        return "planned"
    known = measured()["notebooks"]
    entries = [known.get(lesson_id(name)) for name in lessons]
    if None in entries:
        return "not measured yet"
    minutes, seconds = divmod(round(sum(entry["seconds"] for entry in entries)), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def caption() -> str:
    """What the times mean, with the machines they were measured on."""
    return "The course" + (f" (times: {found})" if (found := machines()) else "")


def show_map() -> None:
    """Show the course as a table in a notebook."""
    show_table(
        caption(), HEADER, [(f"{c.number} {c.title}", c.question, len(c.lessons), duration(c)) for c in chapters()]
    )


def markdown() -> str:
    """The same table for the README, with a link to each lesson."""
    lines = [f"| {' | '.join(HEADER)} |", "|---|---|---|---|"]
    for c in chapters():
        links = " · ".join(f"[{lesson_id(name)[3:]}](notebooks/{name}.ipynb)" for name in c.lessons) or "—"
        lines.append(f"| {c.number} {c.title} | *{c.question}* | {links} | {duration(c)} |")
    found = machines()
    note = [f"Measured by `course times`: all lessons of a chapter from start to end on {found}."] if found else []
    return "\n".join([*lines, "", *note]).rstrip()


def progress_rows() -> list[dict]:
    """One dict a chapter: ``notebook, title``, and the counts: ``passed`` of ``total``, and so on."""
    passed, claims, said = progress.passed(), progress.claims(), progress.answers()
    found = []
    for chapter in chapters():
        number, module = chapter.number, chapter.module("checks")
        known = set(checks_of(number, module, judged=False)) if module else set()
        held = [held for lesson, its in claims.items() if lesson[:2] == number for _, held in its]
        asked = questions_of(chapter)
        guesses = [(one.lesson, one.name) for one in asked if isinstance(one, Prediction)]
        quiz = [(one.lesson, one.name) for one in asked if not isinstance(one, Prediction)]
        found.append(
            {
                "notebook": number,
                "title": f"{number} {chapter.title}",
                "passed": len(passed.get(number, set()) & known),
                "total": len(known),
                "predicted": sum(key in said for key in guesses),
                "predictions": len(guesses),
                "right": sum(key in said and said[key][1] for key in quiz),
                "quiz": len(quiz),
                "claims_held": sum(held),
                "claims": len(held),
            }
        )
    return found


def show_progress() -> None:
    """Show, per chapter, what was solved, predicted and answered, and which claims held in the learner's last run."""
    show_table(progress.caption(), PROGRESS, _cells())


def progress_report() -> str:
    """The same as plain text, for ``course progress``."""
    cells = [PROGRESS, *_cells()]
    widths = [max(len(row[i]) for row in cells) for i in range(len(PROGRESS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([progress.caption(), *lines])


def _cells() -> list[tuple[str, ...]]:
    counted = (("passed", "total"), ("predicted", "predictions"), ("right", "quiz"), ("claims_held", "claims"))
    return [
        (row["title"], *(f"{row[done]} of {row[of]}" if row[of] else "—" for done, of in counted))
        for row in progress_rows()
    ]
