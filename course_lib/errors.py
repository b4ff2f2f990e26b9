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
    """Return ``value`` if it is one of ``valid``.

    Raises:
        CourseError: naming ``value`` and every valid choice.
    """
    choices = list(valid)
    if value not in choices:
        raise CourseError(f"unknown {what} {value!r}: use one of {', '.join(repr(v) for v in choices)}.")
    return value


def number(name: str, value: float, fits: Callable[[float], bool], expected: str, whole: bool = False) -> int | float:
    """Return ``value`` as Python's own number if it is a finite one that ``fits`` (with ``whole``: a whole one).

    NumPy's numbers are taken, True and False are not.

    Raises:
        CourseError: "name=value: use expected."
    """
    try:
        good = isinstance(value, Integral if whole else Real) and not isinstance(value, bool)
        good = good and (whole or math.isfinite(value)) and bool(fits(value))
    except OverflowError:  # a whole number that no float can hold
        good = False
    if not good:
        raise CourseError(f"{name}={value!r}: use {expected}.")
    return int(value) if isinstance(value, Integral) else float(value)
