"""New words for a built page, without running it: its text, questions, measured time, where no code has changed."""

import copy
import re
from itertools import zip_longest

import nbformat
from nbformat import NotebookNode

from course_lib import files
from course_lib.chapters import chosen, lesson_id, syllabus
from course_lib.errors import CourseError
from course_lib.tools.editions import collapsed
from course_lib.tools.execute import Job, execute, first_line, read_source
from course_lib.tools.outputs import clean

_TIME = re.compile(rf"^{syllabus.RUNS_IN} .*$", re.MULTILINE)
_QUESTION = re.compile(r"(ask\.(predict|quiz)\([^()]*\)\s*)+")


def reword(names: list[str] | None = None, *, workers: int = 2) -> list[str]:
    """Put the source's text cells into the committed notebooks, and ask their questions anew.

    What a learner reads costs no training to correct. Code cells keep their outputs; only those that ask a question
    run, with the first cells that make ``ask``. The line with the lesson's time says what ``course times`` last found.

    Args:
        names: chapters or lessons, see :func:`course_lib.chapters.chosen`; all without any.
        workers: how many run at once.

    Returns:
        The lessons whose page is another one now.

    Raises:
        CourseError: for a lesson that was never built, or whose code has changed, naming the cell, before any page is
            written: ``course build`` it.
    """
    folder = files.checkout("pages are reworded") / "notebooks"
    old, new = {}, {}
    for name in chosen(names):
        if not (folder / f"{name}.ipynb").is_file():
            raise CourseError(f"{name} was never built: `course build {name}` runs it.")
        old[name] = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        new[name] = with_words_of(read_source(name), old[name], name)
    for job in execute([Job(name, _asking(page)) for name, page in new.items()], workers):
        if job.error:
            raise CourseError(job.error)
        for cell, asked in zip(_questions(new[job.name]), _questions(job.notebook), strict=True):
            clean(asked, job.scratch)
            cell.outputs = asked.outputs
        _tell_time(new[job.name], syllabus.time_of(lesson_id(job.name)))
    changed = [name for name, page in new.items() if nbformat.writes(page) != nbformat.writes(old[name])]
    for name in changed:
        files.atomic_write(folder / f"{name}.ipynb", nbformat.writes(new[name]) + "\n")
    return changed


def with_words_of(source: NotebookNode, page: NotebookNode, name: str) -> NotebookNode:
    """The page with the source's text cells around its own code cells and outputs.

    Args:
        source: unexecuted.
        page: built from an earlier source with the same code.
        name: of the lesson, for the sentence.

    Raises:
        CourseError: where a code cell was changed, added or dropped.
    """
    ran = [cell for cell in page.cells if cell.cell_type == "code"]
    wanted = [cell for cell in source.cells if cell.cell_type == "code"]
    for number, (old, new) in enumerate(zip_longest(ran, wanted), 1):
        if old is None or new is None or old.source != new.source:
            said = first_line((new or old).source)
            raise CourseError(
                f"{name}: code cell {number} (`{said}`) is not the page's: `course build {name}` runs it."
            )
    cells = iter(copy.deepcopy(ran))
    reworded = copy.deepcopy(page)
    reworded.cells = [next(cells) if cell.cell_type == "code" else cell for cell in source.cells]
    reworded.metadata["course"] = source.metadata["course"]
    return collapsed(reworded)


def _tell_time(page: NotebookNode, line: str) -> None:
    for cell in page.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "stream":
                output.text = _TIME.sub(lambda _: line, output.text)


def _questions(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code" and _QUESTION.fullmatch(cell.source.strip())]


def _asking(notebook: NotebookNode) -> NotebookNode:
    """The cells up to the one that makes ``ask``, and the questions."""
    short, cells = copy.deepcopy(notebook), [cell for cell in notebook.cells if cell.cell_type == "code"]
    made = next(i for i, cell in enumerate(cells) if "ask = " in cell.source)
    short.cells = copy.deepcopy(cells[: made + 1] + _questions(notebook))
    return short
