"""The race of chapter 12 on the 4,000 shipped training digits (`course record guided-digits`)."""

from collections.abc import Callable

from course_lib import zoo
from course_lib.chapters.ch12_guided_training import race
from course_lib.data import load
from course_lib.runtime import Runtime


def record(seeds: tuple[int, ...] = race.SEEDS, tell: Callable[[str], None] = print) -> None:
    """Write ``data/runs/guided-digits.json``; see :func:`race.record`.

    Args:
        seeds: each is a new race.
        tell: is given a line after each.
    """
    runtime = Runtime.auto(device="cpu")
    data, heldout = load("digits", runtime), load("digits", runtime, split="test")
    race.record("guided-digits", data, heldout, zoo.load("judge"), seeds, tell)
