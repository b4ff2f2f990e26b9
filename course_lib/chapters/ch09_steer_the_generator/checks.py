"""The checks of chapter 09's exercises, in the order of its lessons."""

from course_lib.chapters.ch09_steer_the_generator.check_codes import agreement, reading_loss
from course_lib.chapters.ch09_steer_the_generator.check_directions import hold_others, steepest
from course_lib.chapters.ch09_steer_the_generator.check_factors import gap, vote
from course_lib.chapters.ch09_steer_the_generator.check_parts import effects_of, linearised
from course_lib.chapters.ch09_steer_the_generator.check_shares import fair, linear_shares

__all__ = [
    "agreement",
    "effects_of",
    "fair",
    "gap",
    "hold_others",
    "linear_shares",
    "linearised",
    "reading_loss",
    "steepest",
    "vote",
]
