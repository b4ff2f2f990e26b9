"""``course times``: how long each notebook takes, at one thread. Nothing else writes ``data/times.json``."""

import json

from course_lib import files
from course_lib.chapters import chosen, lesson_id, lessons, syllabus
from course_lib.errors import CourseError
from course_lib.machine import describe
from course_lib.tools import execute


def measure(names: list[str] | None = None) -> dict[str, float]:
    """Run notebooks in the ``course`` profile and keep their seconds.

    The time is that of the whole notebook from starting Python to its last cell. Measure on a machine at rest.

    Args:
        names: chapters or lessons, see :func:`course_lib.chapters.chosen`; all without any.

    Returns:
        Name of a lesson → its seconds.

    Raises:
        CourseError: for an unknown notebook, one that fails, or outside a checkout.
    """
    files.checkout("times are measured")
    taken = {}
    for name in chosen(names):
        taken[name] = run(name)
        # Written one by one, so that an interrupted measurement keeps what it has.
        record(name, taken[name])
    return taken


def run(name: str) -> float:
    """Seconds to run one notebook with its own parameters, alone and in an empty folder.

    Args:
        name: of the lesson, ``NN_chapter/K_lesson``.

    Raises:
        CourseError: when a cell fails; the message has the notebook, the cell and the error.
    """
    (job,) = execute.execute([execute.Job(name, execute.read_source(name))], workers=1)
    if job.error:
        raise CourseError(f"it fails, so it was not measured: {job.error}")
    return job.seconds


def record(name: str, seconds: float) -> None:
    """Write one notebook's time, beside the others'.

    Args:
        name: of the lesson, ``NN_chapter/K_lesson``.
        seconds: what :func:`run` gave.
    """
    entry = {
        "seconds": round(seconds, 1),
        "profile": "course",
        "source": execute.code_sha(name),
        "machine": describe(),
    }
    notebooks = dict(sorted({**syllabus.measured()["notebooks"], lesson_id(name): entry}.items()))
    text = json.dumps({"notebooks": notebooks}, indent=1, ensure_ascii=False)
    files.atomic_write(files.shipped("times.json"), text + "\n")


def stale() -> list[str]:
    """Notebooks whose code has changed since they were measured, or that never were."""
    known = syllabus.measured()["notebooks"]
    return [name for name in lessons() if known.get(lesson_id(name), {}).get("source") != execute.code_sha(name)]
