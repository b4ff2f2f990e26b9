"""Questions: what a learner expects before a cell runs, and a quiz at a lesson's end. Neither ever stops a notebook.

A chapter's questions stand in its ``questions.py``::

    QUESTIONS = [
        Prediction("02.1", "sure", "D calls a fake 1 % real. How steep is minimax's loss for G?",
                   ("0.01", "0.5", "0.99"), right="0.01", answer="It is −D: nearly nothing."),
        Prediction("02.1", "factor", "By what factor is the other loss steeper?", right=(50, 200), answer="99."),
        Quiz("02.1", "swap", "What is BCE with swapped labels?",
             {"minimax": "No: that is …", "non-saturating": "Yes: …"}, right="non-saturating"),
    ]

A lesson asks ``ask = syllabus.questions("02.1")``, and calls ``ask.predict("sure")`` before the cell that answers it,
and ``ask.quiz()`` at its end. Without a kernel the page shows the question, with its answer folded away; with one,
buttons or a field besides, and what the learner said is kept in the workspace (:mod:`course_lib.learn.progress`).
"""

import html
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from course_lib.errors import CourseError, one_of
from course_lib.learn.answering import answer_widget
from course_lib.learn.wording import number_text, publish
from course_lib.machine import headless

_STYLE = "border-left: 4px solid #0072B2; padding: 2px 0 2px 14px; margin: 4px 0; max-width: 46em"
_LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Prediction:
    """What a learner expects before a cell has run.

    Attributes:
        lesson: its id, ``"02.1"``.
        name: what the lesson calls it by.
        question: a sentence or two; Markdown within a line.
        options: two to eight answers to choose from; none where a number is asked for.
        right: one of the options, or the range ``(low, high)`` that a number may lie in.
        answer: what the cell will have shown, and why the likely wrong answer is wrong; Markdown within a line.
        unit: of the number, in words; may be empty.

    Raises:
        CourseError: when ``right`` is none of the options, or no range.
    """

    lesson: str
    name: str
    question: str
    options: Sequence[str] = ()
    right: str | tuple[float, float] = ""
    answer: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        _check(self, self.options)
        if not self.answer.strip():
            raise CourseError(f"prediction {self.name!r} has no answer: say what the cell shows, and why.")
        if not self.options and not (isinstance(self.right, tuple) and self.right[0] <= self.right[1]):
            raise CourseError(
                f"prediction {self.name!r} asks for a number: give right=(low, high), got {self.right!r}."
            )

    def judge(self, said: str) -> tuple[bool, str]:
        """Judge an answer.

        Args:
            said: an option, or a number as text.

        Returns:
            Whether it is right, and what to say now, before the cell has run: only that it is kept.

        Raises:
            CourseError: for what is no option or no number.
        """
        if self.options:
            one_of("answer", said, dict.fromkeys(self.options))
            return said == self.right, f"Kept: {_letter(self.options, said)}. Run the next cell, then open the answer."
        number = _number(said)
        assert isinstance(self.right, tuple)
        low, high = self.right
        words = " ".join([number_text(number), self.unit]).strip()
        return float(low) <= number <= float(high), f"Kept: {words}. Run the next cell, then open the answer."

    def folded(self) -> str:
        """The answer for a page, in Markdown."""
        if self.options:
            return f"**{_letter(self.options, self.right)}.** {self.answer}"
        return self.answer


@dataclass(frozen=True)
class Quiz:
    """One question at a lesson's end.

    Attributes:
        lesson: its id, ``"02.1"``.
        name: under which the answer is kept.
        question: a sentence or two; Markdown within a line.
        options: answer → the sentence said about it: of a wrong one, which idea behind it is mistaken.
        right: one of the options.

    Raises:
        CourseError: when ``right`` is none of the options, or one has no sentence.
    """

    lesson: str
    name: str
    question: str
    options: dict[str, str]
    right: str

    def __post_init__(self) -> None:
        _check(self, list(self.options))
        if not self.options or not all(said.strip() for said in self.options.values()):
            raise CourseError(f"quiz question {self.name!r}: each option needs a sentence about it.")

    def judge(self, said: str) -> tuple[bool, str]:
        """Judge an answer.

        Args:
            said: one of the options.

        Returns:
            Whether it is right, and the sentence about it.

        Raises:
            CourseError: for what is no option.
        """
        one_of("answer", said, self.options)
        right = said == self.right
        letter, sentence = _letter(list(self.options), said), self.options[said]
        return right, f"✓ {letter}: {sentence}" if right else f"✗ {letter}: {sentence} Try again."

    def folded(self) -> str:
        """The answers for a page, in Markdown."""
        letters = [(_letter(list(self.options), one), one) for one in self.options]
        return " ".join(
            f"**{letter}{' is right' * (one == self.right)}.** {self.options[one]}" for letter, one in letters
        )


Question = Prediction | Quiz


class Questions:
    """The questions of one lesson: ``ask.predict(name)`` and ``ask.quiz()``.

    Args:
        lesson: its id, ``"02.1"``.
        found: its questions, in the order in which a quiz shows them.

    Raises:
        CourseError: when two have one name.
    """

    def __init__(self, lesson: str, found: Sequence[Question]):
        self.lesson = lesson
        self._predictions = {one.name: one for one in found if isinstance(one, Prediction)}
        self._quiz = [one for one in found if isinstance(one, Quiz)]
        names = [one.name for one in found]
        if double := next((name for name in names if names.count(name) > 1), None):
            raise CourseError(f"lesson {lesson} has two questions {double!r}: name one of them otherwise.")

    def __iter__(self) -> Iterator[Question]:
        return iter([*self._predictions.values(), *self._quiz])

    def predict(self, name: str) -> None:
        """Show a prediction, with buttons or a field where somebody watches.

        Args:
            name: of the prediction.

        Raises:
            CourseError: for an unknown name, listing the lesson's.
        """
        _show(self._predictions[one_of(f"prediction of lesson {self.lesson}", name, self._predictions)])

    def quiz(self) -> None:
        """Show the lesson's quiz, question by question.

        Raises:
            CourseError: when it has none.
        """
        if not self._quiz:
            raise CourseError(f"lesson {self.lesson} has no quiz: its chapter's questions.py has none for it.")
        for one in self._quiz:
            _show(one)


def page(question: Question) -> str:
    """A question as HTML: its words, its options as a list, and its answer folded away.

    Args:
        question: a prediction or one of a quiz.
    """
    kind = "Predict" if isinstance(question, Prediction) else "Quiz"
    lettered = zip(_LETTERS, question.options, strict=False)  # written out: a page's own style would number a list
    options = "".join(f"<div><b>{letter}</b>&ensp;{rendered(one)}</div>" for letter, one in lettered)
    if options:
        options = f'<div style="margin: 4px 0 8px 8px">{options}</div>'
    elif isinstance(question, Prediction) and question.unit:
        options = f"<p>(A number, in {html.escape(question.unit)}.)</p>"
    when = "Answer: open it when the next cell has run" if kind == "Predict" else "Answer"
    return (
        f'<div role="group" aria-label="{kind}" style="{_STYLE}"><p><b>{kind}.</b> {rendered(question.question)}</p>'
        f"{options}<details><summary>{when}</summary><p>{rendered(question.folded())}</p></details></div>"
    )


def plain(question: Question) -> str:
    """The same as text, without the answer.

    Args:
        question: a prediction or one of a quiz.
    """
    head = f"{'Predict' if isinstance(question, Prediction) else 'Quiz'}: {question.question}"
    return "\n".join([head, *(f"  {letter} {one}" for letter, one in zip(_LETTERS, question.options, strict=False))])


def _show(question: Question) -> None:
    if not publish({"text/html": page(question), "text/plain": plain(question)}):
        print(plain(question))
    if not headless():
        from IPython.display import display

        display(answer_widget(question))


def _check(question: Question, options: Sequence[str]) -> None:
    where = f"question {question.name!r} of lesson {question.lesson}"
    if options and not 2 <= len(options) <= len(_LETTERS):
        raise CourseError(f"{where} has {len(options)} options: give 2 to {len(_LETTERS)}.")
    if len(set(options)) < len(options):
        raise CourseError(f"{where} has the same option twice: word each differently.")
    if options:
        one_of(f"right answer of {where}", question.right, dict.fromkeys(options))


def _letter(options: Sequence[str], one: object) -> str:
    return _LETTERS[list(options).index(str(one))]


def _number(text: str) -> float:
    try:
        number = float(text.strip().replace("−", "-").replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise CourseError(f"{text!r} is no number: write for example 12 or 0.5.")
    return number


def rendered(text: str) -> str:
    """Markdown within a line as HTML.

    Args:
        text: of a question, an option or an answer.
    """
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).renderInline(" ".join(text.split()))
