"""The checks of chapter 13's exercises, in the order of its lessons."""

from course_lib.chapters.ch13_transparency.check_audit import best_beats, chance_of, quiet_lie
from course_lib.chapters.ch13_transparency.check_cards import lacking, mended_document, with_range
from course_lib.chapters.ch13_transparency.check_signed import differences, follows, washed_file

__all__ = [
    "best_beats",
    "chance_of",
    "differences",
    "follows",
    "lacking",
    "mended_document",
    "quiet_lie",
    "washed_file",
    "with_range",
]
