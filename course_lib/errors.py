"""Errors that tell a learner the value, what was expected and what to do, in one sentence."""

from collections.abc import Iterable


class CourseError(ValueError):
    """Bad input, refused with one sentence that names the value, the expectation and the remedy."""


class DataCorrupt(CourseError):
    """A file does not have the content its checksum promises. It was kept, not used and not deleted."""


class Diverged(CourseError):
    """Training left the numbers a computer can hold; the message has the step, the likely cause and the way back."""


def one_of(what: str, value, valid: Iterable):
    """Return ``value`` if it is one of ``valid``.

    Raises:
        CourseError: naming ``value`` and every valid choice.
    """
    choices = list(valid)
    if value not in choices:
        raise CourseError(f"unknown {what} {value!r}: use one of {', '.join(repr(v) for v in choices)}.")
    return value
