"""The checks of chapter 13's exercises, in the order of its lessons."""

from course_lib.chapters.ch13_transparency.check_audit import best_beats, chance_of, quiet_lie
from course_lib.chapters.ch13_transparency.check_cards import lacking, mended_document, with_range
from course_lib.chapters.ch13_transparency.check_detect import alarm_right, fair_pair, unnoticed
from course_lib.chapters.ch13_transparency.check_limits import standard_errors, what_fails, with_no_digit
from course_lib.chapters.ch13_transparency.check_marks import heard, silenced, verdicts
from course_lib.chapters.ch13_transparency.check_members import hits_at, ranked_first, what_spoils
from course_lib.chapters.ch13_transparency.check_signed import differences, follows, washed_file

__all__ = [
    "alarm_right",
    "best_beats",
    "chance_of",
    "differences",
    "fair_pair",
    "follows",
    "heard",
    "hits_at",
    "lacking",
    "mended_document",
    "quiet_lie",
    "ranked_first",
    "silenced",
    "standard_errors",
    "unnoticed",
    "verdicts",
    "washed_file",
    "what_fails",
    "what_spoils",
    "with_no_digit",
    "with_range",
]
