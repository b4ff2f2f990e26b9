"""How long each lesson is: words, cells, exercises, questions, new symbols, run time; ``course lessons`` prints it."""

import re
from dataclasses import dataclass

from nbformat import NotebookNode

from course_lib.chapters import chosen, find, lesson_id, syllabus
from course_lib.learn.questions import Prediction
from course_lib.tools.execute import read_source

MOST_WORDS, MOST_CELLS = 1500, 30
LEAST_EXERCISES, LEAST_PREDICTIONS, QUIZ = 2, 2, 3
MOST_SECONDS, LONG_SECONDS = 90, 150  # of a lesson at one thread; the two that train longest may take longer
HEADER = ("lesson", "words", "cells", "exercises", "predictions", "quiz", "claims", "symbols", "seconds")
_FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
_CODE = re.compile(r"```.*?```", re.DOTALL)
_READING = re.compile(r"^#+ Further reading.*?(?=^#+ |\Z)", re.DOTALL | re.MULTILINE)
_FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
_SYMBOL = re.compile(r"\\[a-zA-Z]+|[a-zA-Z]")
_NO_SYMBOLS = {"\\frac", "\\left", "\\right", "\\mathrm", "\\text", "\\tfrac", "\\quad", "\\cdot", "\\,", "\\sqrt"}


@dataclass(frozen=True)
class Length:
    """How long one lesson is.

    Attributes:
        lesson: its id.
        words: of prose; hints, code and the list of further reading apart, a formula counts as one.
        cells: besides those of exercises (their statement, stub, hints and solution).
        exercises, predictions, quiz, claims: how many; claims are calls, not statements.
        symbols: how many different ones stand in its formulas.
        seconds: as ``data/times.json`` has it; None where it was not measured yet.
    """

    lesson: str
    words: int
    cells: int
    exercises: int
    predictions: int
    quiz: int
    claims: int
    symbols: int
    seconds: float | None

    def faults(self) -> list[str]:
        """What is over or under a lesson's limits, one sentence each; see ``notebooks/src/README.md``."""
        found = []
        for what, n, most in (("words", self.words, MOST_WORDS), ("cells besides exercises", self.cells, MOST_CELLS)):
            if n > most:
                found.append(f"{n} {what}, at most {most}")
        for what, n, least in (
            ("exercises", self.exercises, LEAST_EXERCISES),
            ("predictions", self.predictions, LEAST_PREDICTIONS),
        ):
            if n < least:
                found.append(f"{n} {what}, at least {least}")
        if self.quiz != QUIZ:
            found.append(f"{self.quiz} quiz questions, expected {QUIZ}")
        if self.seconds and self.seconds > LONG_SECONDS:
            found.append(f"{self.seconds:.0f} s, at most {LONG_SECONDS}")
        return found


def length(name: str) -> Length:
    """How long a lesson is.

    Args:
        name: of the lesson, ``NN_chapter/K_lesson``.
    """
    notebook, key = read_source(name), lesson_id(name)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    asked = [one for one in syllabus.questions_of(find(name.partition("/")[0])) if one.lesson == key]
    predictions = sum(isinstance(one, Prediction) for one in asked)
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    measured = syllabus.measured()["notebooks"].get(key)
    return Length(
        key,
        words(prose),
        len(notebook.cells) - len(of_exercises(notebook)),
        sum("exercise" in _tags(cell) for cell in notebook.cells),
        predictions,
        len(asked) - predictions,
        len(re.findall(r"\bclaims\.(?:at_least|at_most|close|true|over_seeds)\(", code)),
        len(symbols(prose)),
        measured["seconds"] if measured else None,
    )


def words(prose: str) -> int:
    """How many words a reader reads; hints, code and the list of further reading apart, a formula counts as one.

    Args:
        prose: Markdown.
    """
    for part in (_FOLDED, _CODE, _READING):
        prose = part.sub(" ", prose)
    return len(re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", _FORMULA.sub(" formula ", prose)))


def symbols(prose: str) -> set[str]:
    """The different letters and commands in its formulas, those apart that only lay out.

    Args:
        prose: Markdown.
    """
    found = {symbol for formula in _FORMULA.findall(prose) for symbol in _SYMBOL.findall(formula)}
    return found - _NO_SYMBOLS


def of_exercises(notebook: NotebookNode) -> set[int]:
    """Which cells belong to exercises: each stub, the statement before it, hints after it, and the solution.

    Args:
        notebook: a lesson.
    """
    cells, found = notebook.cells, set()
    for i, cell in enumerate(cells):
        if "exercise" in _tags(cell):
            found |= {i, i - 1} if i and cells[i - 1].cell_type == "markdown" else {i}
            if i + 1 < len(cells) and "<details>" in cells[i + 1].source:
                found.add(i + 1)
        elif "solution" in _tags(cell):
            found.add(i)
    return found


def report(names: list[str] | None = None) -> str:
    """A table of lessons, with what is over a limit.

    Args:
        names: of chapters or lessons, see :func:`course_lib.chapters.chosen`; all without any.
    """
    found = [length(name) for name in chosen(names)]
    rows = [HEADER, *(tuple(map(_cell, vars(one).values())) for one in found)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADER))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(lines + [f"{one.lesson}: {fault}" for one in found for fault in one.faults()])


def _cell(value: object) -> str:
    return "—" if value is None else f"{value:.0f}" if isinstance(value, float) else str(value)


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])
