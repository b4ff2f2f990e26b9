"""Beneath a question: buttons for its options, or a field for a number; what was answered is kept in the workspace."""

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from course_lib.errors import CourseError
from course_lib.learn import progress


class Asked(Protocol):
    """What a widget needs to know of a question."""

    @property
    def lesson(self) -> str:
        """The lesson's id."""

    @property
    def name(self) -> str:
        """Under which its answer is kept."""

    @property
    def options(self) -> Iterable[str]:
        """What there is to choose from; nothing where a number is asked for."""

    def judge(self, said: str) -> tuple[bool, str]:
        """Judge an answer.

        Args:
            said: an option, or a number as text.

        Returns:
            Whether it is right, and what to say about it.
        """


def answer_widget(question: Asked) -> object:
    """The row of buttons, or the field, in which a learner answers; it shows an answer kept earlier.

    Args:
        question: a prediction or one of a quiz.
    """
    return _widget_class()(question)


def _answered(question: Asked, said: str) -> str:
    """Keep an answer, and return what to say about it."""
    try:
        right, sentence = question.judge(said)
    except CourseError as error:
        return str(error)
    try:
        progress.record_answer(question.lesson, question.name, said, right=right)
    except Exception as error:  # the disk is full, say: the question is still answered
        sentence += f" (It could not be kept: {str(error) or type(error).__name__}.)"
    return sentence


@functools.cache
def _widget_class() -> type:
    import anywidget
    import traitlets

    class QuestionWidget(anywidget.AnyWidget):
        """The buttons or the field beneath a question, and what is said about the answer."""

        _esm = Path(__file__).with_name("question.js")
        options: "traitlets.List[str]" = traitlets.List().tag(sync=True)
        unit = traitlets.Unicode().tag(sync=True)
        chosen = traitlets.Unicode().tag(sync=True)
        said = traitlets.Unicode().tag(sync=True)

        def __init__(self, question: Asked) -> None:
            before = _kept(question)
            super().__init__(
                options=list(question.options),
                unit=getattr(question, "unit", ""),
                chosen=before or "",
                said="" if before is None else _before(question, before),
            )
            self.question = question
            self.on_msg(self._hear)

        def _hear(self, _: object, message: dict, __: object) -> None:
            said = str(message.get("answer", ""))
            self.chosen, self.said = said, _answered(self.question, said)
            self.send({"heard": said})

        def _repr_mimebundle_(self, **options: Any) -> tuple[dict, dict]:
            shown = super()._repr_mimebundle_(**options)
            assert shown is not None  # a widget with a view always shows something
            data, metadata = shown
            return {**data, "text/plain": "(buttons for the answer, where a kernel runs)"}, metadata

    return QuestionWidget


def _kept(question: Asked) -> str | None:
    try:
        said = progress.answers().get((question.lesson, question.name))
    except Exception:  # what was kept is a convenience: a lesson goes on without it
        return None
    return said[0] if said else None


def _before(question: Asked, said: str) -> str:
    try:
        return f"Your earlier answer. {question.judge(said)[1]}"
    except CourseError:  # the question was worded otherwise then
        return f"Your earlier answer: {said}"
