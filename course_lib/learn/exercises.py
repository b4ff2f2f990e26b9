"""Exercises: checks that say what is wrong with an answer, and never stop a notebook.

A chapter's checks are plain functions in its ``checks.py``::

    @check("to_range", todo="write the body of `to_range`", shows="0 became -1 and 255 became 1")
    def to_range(answer):
        result = answer(np.array([0, 255], np.uint8))
        if ...:
            return "one sentence that says what is wrong"       # or: assert ..., "the sentence"

A lesson asks ``check = checks("00")`` (of :mod:`course_lib.chapters.syllabus`) and calls
``check.to_range(its_function)``. What a check prints begins with ✓ (right), ✗ (wrong, and the sentence says what and by
how much) or ○ (nothing to judge yet, or it cannot be judged here).
"""

import dis
import functools
import inspect
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from course_lib.errors import CourseError, one_of
from course_lib.learn import progress

if TYPE_CHECKING:  # with it comes torch, which a list of the checks need not wait for
    from course_lib.runtime import Runtime

J = TypeVar("J", bound=Callable[[Any], str | None])  # an answer may be whatever the learner has made
_STUBS = (
    "pass",
    "return ...",
    "return NotImplemented",
    "raise NotImplementedError",
    "raise NotImplementedError()",
    "raise NotImplementedError('what to do')",
)


@dataclass(frozen=True)
class Check:
    """One exercise's check.

    Attributes:
        name: what a lesson calls it by.
        judge: answer → None, or the sentence that says what is wrong.
        todo, shows, function, returns, trained: see :func:`check`.
    """

    name: str
    judge: Callable[[Any], str | None]
    todo: str
    shows: str
    function: bool
    returns: bool
    trained: bool = False


class AnswerRaised(Exception):
    """The learner's function raised; carries the sentence about it."""


class NotJudged(Exception):
    """Raised by a check that cannot judge, for a reason that is not the answer's; carries that reason."""


def check(
    name: str, *, todo: str, shows: str, function: bool = True, returns: bool = True, trained: bool = False
) -> Callable[[J], J]:
    """What makes a function ``(answer) -> None | str`` the check ``name``; a decorator.

    Args:
        name: what a lesson calls the check by.
        todo: what to do, in words; printed for a stub after ``○ not solved yet:``.
        shows: what a right answer has shown; printed after ``✓``.
        function: the answer is a function or class; anything else is refused with a sentence.
        returns: the function returns something; one that only acts (a training step) gives False.
        trained: what is right hangs on a network trained in the notebook, so nothing is judged in ``smoke``, which
            hardly trains; the notebook says ``checks("03", runtime)``.
    """

    def register(judge: J) -> J:
        vars(judge)["course_check"] = Check(name, judge, todo, shows, function, returns, trained)
        return judge

    return register


def checks_of(chapter: str, module: object, runtime: "Runtime | None" = None, *, judged: bool = True) -> "Checks":
    """The checks that stand in a module, for the chapter of that number.

    Args:
        chapter: its number, ``"03"``.
        module: whatever holds functions that :func:`check` decorated.
        runtime: tells them the run's profile.
        judged: False where they are only listed, which needs no runtime.

    Raises:
        CourseError: when there are none; when one needs the runtime and there is none.
    """
    found = [value.course_check for value in vars(module).values() if hasattr(value, "course_check")]
    if not found:
        raise CourseError(f"chapter {chapter} has no checks: give a chapter's number, such as '00'.")
    if judged and runtime is None and (needs := [one.name for one in found if one.trained]):
        raise CourseError(f"check {needs[0]!r} judges what was trained: give checks({chapter!r}, runtime) the runtime.")
    return Checks(chapter, {one.name: one for one in found}, getattr(runtime, "profile", None))


class Checks:
    """One attribute a check: ``check.name(answer)``; ``check.name(solution, solution=True)`` records nothing.

    Args:
        notebook: the chapter's number.
        found: name → check.
        profile: the run's, where one is known.
    """

    def __init__(self, notebook: str, found: dict[str, Check], profile: str | None = None):
        self._notebook, self._found, self._profile = notebook, found, profile

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_"):  # what copy, pickle and IPython ask every object for
            raise AttributeError(name)
        one_of(f"check of notebook {self._notebook}", name, self._found)
        return functools.partial(_run, self._notebook, self._found[name], self._profile)

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __dir__(self) -> list[str]:
        return list(self._found)

    def __repr__(self) -> str:
        return f"checks of notebook {self._notebook}: {', '.join(self._found)}"


def judge(one: Check, answer: object, profile: str | None = None) -> tuple[str, str]:
    """The verdict on an answer; never raises (except for Ctrl-C).

    Args:
        one: the check.
        answer: whatever the learner handed over.
        profile: the run's.

    Returns:
        ``"○"``, ``"✗"`` or ``"✓"``, and the sentence.
    """
    not_yet = f"not solved yet: {one.todo}"
    if is_stub(answer):
        return "○", not_yet
    if one.function and not callable(answer):
        return "✗", f"expected a function, got {type(answer).__name__}: hand over the function itself, do not call it"
    if one.trained and profile == "smoke":
        return "○", "not judged in smoke: what is right hangs on a network that smoke hardly trains"
    results: list[object] = []
    try:
        wrong = one.judge(_watch(answer, results) if callable(answer) and not inspect.isclass(answer) else answer)
    except (NotJudged, CourseError) as error:  # e.g. a shipped file is missing: not the learner's mistake
        return "○", f"not judged: {_first_line(error)}"
    except AssertionError as error:
        wrong = _first_line(error)
    except AnswerRaised as error:
        wrong = str(error)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit, and whatever else a learner's object may raise
        wrong = f"the answer could not be used: {type(error).__name__}: {_first_line(error)}"
    if results and all(_is_nothing(r) and (one.returns or r is not None) for r in results):
        hint = " (it returned None: is a `return` missing?)" if results[-1] is None else ""
        return "○", not_yet + hint
    return ("✗", _short(wrong)) if wrong else ("✓", one.shows)


def _run(notebook: str, one: Check, profile: str | None, answer: object, *, solution: bool = False) -> None:
    """Judge ``answer``, record the attempt (not a stub's, not the course's own solution's), print one line."""
    verdict, sentence = judge(one, answer, profile)
    if verdict != "○" and not solution:
        try:
            progress.record_check(notebook, one.name, passed=verdict == "✓")
        except Exception as error:
            sentence += f" (your progress could not be saved: {_first_line(error)})"
    print(verdict, sentence)


def is_stub(answer: object) -> bool:
    """Whether nothing has been written yet.

    So it is for None and ``...``, for a dict with only these as values, and for a function or class whose body only
    returns these or raises NotImplementedError.

    Args:
        answer: whatever the learner handed over.
    """
    if isinstance(answer, types.FunctionType):
        return _empty(answer)
    if inspect.isclass(answer):
        return all(_empty(member) for member in vars(answer).values() if isinstance(member, types.FunctionType))
    parts = answer.values() if isinstance(answer, dict) and answer else (answer,)
    return all(map(_is_nothing, parts))


def _is_nothing(value: object) -> bool:
    return value is None or value is Ellipsis or value is NotImplemented


def _empty(function: types.FunctionType) -> bool:
    """Whether the function is one of the stubs to the last instruction of its bytecode."""
    stubs = (compile(f"def stub(): {body}", "stub", "exec").co_consts[0] for body in _STUBS)
    return _steps(function.__code__) in map(_steps, stubs)


def _steps(code: types.CodeType) -> list[tuple[str, object]]:
    """Its instructions with what each is about, a text being as good as another."""
    return [
        (step.opname, str if step.opname == "LOAD_CONST" and isinstance(step.argval, str) else step.argval)
        for step in dis.get_instructions(code)
        if step.opname != "NOP"  # a line with "..." or "pass" before another
    ]


def _watch(function: Callable[..., object], results: list[object]) -> Callable[..., object]:
    """``function`` with its results noted in ``results``, and what it raises turned into a sentence."""
    name = getattr(function, "__name__", type(function).__name__)

    def watched(*args: object, **kwargs: object) -> object:
        try:
            result = function(*args, **kwargs)
        except (KeyboardInterrupt, AnswerRaised):
            raise
        except BaseException as error:
            if isinstance(error, NotImplementedError) and _by_raise(error):
                results.append(NotImplemented)
                raise AnswerRaised(f"`{name}` is not written yet") from error
            results.append(error)
            raise AnswerRaised(
                f"`{name}` raised {type(error).__name__}{_line_of(function, error)}: {_first_line(error)}"
            ) from error
        results.append(result)
        return result

    return watched


def _by_raise(error: BaseException) -> bool:
    """Whether Python code raised it. One of PyTorch's own, as of a mean of True and False, says what is wrong."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return step is None or step.tb_frame.f_code.co_code[step.tb_lasti] == dis.opmap["RAISE_VARARGS"]


def _line_of(function: object, error: BaseException) -> str:
    """`` on its line 3`` when the error passed through the function's own code; line 1 is its ``def``."""
    code = getattr(function, "__code__", None)
    line, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code is code:
            line = step.tb_lineno - code.co_firstlineno + 1
        step = step.tb_next
    return f" on its line {line}" if line else ""


def _first_line(error: BaseException) -> str:
    try:
        return (str(error).strip().splitlines() or [type(error).__name__])[0]
    except Exception:  # a learner's own error whose text cannot be made
        return type(error).__name__


def _short(text: object) -> str:
    """On one line, and not longer than anybody reads."""
    words = " ".join(str(text).split())
    return words if len(words) <= 600 else words[:600] + " …"
