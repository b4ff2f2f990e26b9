"""Errors that tell a learner the value, what was expected and what to do, in one sentence."""

import math
from collections.abc import Callable, Iterable
from numbers import Integral, Real
from typing import TypeVar

T = TypeVar("T")


class CourseError(ValueError):
    """Bad input, refused with one sentence that names the value, the expectation and the remedy."""


class DataCorrupt(CourseError):
    """A file does not have the content its checksum promises. It was kept, not used and not deleted."""


class Diverged(CourseError):
    """Training left the numbers a computer can hold; the message has the step, the likely cause and the way back."""


def one_of(what: str, value: object, valid: Iterable[T]) -> T:
    """``value``, if it is one of ``valid``.

    Args:
        what: what is chosen, for the sentence: "loss", say.
        value: what was given.
        valid: every choice there is.

    Raises:
        CourseError: naming ``value`` and every valid choice.

    Example:
        >>> from course_lib.errors import one_of
        >>> one_of("split", "test", ("train", "test"))
        'test'
        >>> one_of("split", "validation", ("train", "test"))
        Traceback (most recent call last):
        course_lib.errors.CourseError: unknown split 'validation': use one of 'train', 'test'.
    """
    choices = list(valid)
    if value not in choices:
        raise CourseError(f"unknown {what} {value!r}: use one of {', '.join(repr(v) for v in choices)}.")
    return value


def check_number(
    name: str, value: object, fits: Callable[[float], bool], expected: str, whole: bool = False
) -> int | float:
    """``value`` as Python's own number, if it is a finite one that ``fits``.

    NumPy's numbers are taken, True and False are not.

    Args:
        name: of the setting, for the sentence.
        value: what was given, which may be anything.
        fits: whether a finite number is a good one.
        expected: what a good one is, for the sentence: "a number above 0".
        whole: whether only whole numbers are taken.

    Raises:
        CourseError: "name=value: use expected."

    Example:
        >>> from course_lib.errors import check_number
        >>> check_number("lr", -1, lambda lr: lr > 0, "a number above 0")
        Traceback (most recent call last):
        course_lib.errors.CourseError: lr=-1: use a number above 0.
    """
    try:
        if isinstance(value, Integral if whole else Real) and not isinstance(value, bool):
            found = int(value) if isinstance(value, Integral) else float(value)
            if (whole or math.isfinite(value)) and fits(found):
                return found
    except OverflowError:  # a whole number that no float can hold
        pass
    raise CourseError(f"{name}={value!r}: use {expected}.")


def check_whole_number(name: str, value: object, least: int = 1) -> int:
    """``value`` as Python's own whole number, if it is one; True and 2.0 are none.

    Args:
        name: of the setting, for the sentence.
        value: what was given, which may be anything.
        least: what it must at least be.

    Raises:
        CourseError: for anything else.
    """
    return int(check_number(name, value, lambda v: v >= least, f"a whole number of at least {least}", whole=True))


def check_positive(name: str, value: object, zero_too: bool = False) -> float:
    """``value`` as Python's own number, if it is finite and above 0.

    Args:
        name: of the setting, for the sentence.
        value: what was given, which may be anything.
        zero_too: whether 0 is taken as well.

    Raises:
        CourseError: for anything else.
    """
    expected = f"a number {'of at least' if zero_too else 'above'} 0"
    return float(check_number(name, value, lambda v: v > 0 or (zero_too and v == 0), expected))
