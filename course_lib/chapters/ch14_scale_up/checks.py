"""The checks of chapter 14's exercises, in the order of its lessons."""

from course_lib.chapters.ch14_scale_up.check_films import ink_centre, same_digit, what_misleads
from course_lib.chapters.ch14_scale_up.check_letters import drawn_letter, straight_through, which_writer
from course_lib.chapters.ch14_scale_up.check_own import learned, size_for, what_is_wrong
from course_lib.chapters.ch14_scale_up.check_seeds import fastest, seeds_needed, what_misled, write_at_once
from course_lib.chapters.ch14_scale_up.check_sharing import what_helps, whole_gradient, whole_statistics
from course_lib.chapters.ch14_scale_up.check_speed import seconds_at_least, unscaled, what_is_unfair

__all__ = [
    "drawn_letter",
    "fastest",
    "ink_centre",
    "learned",
    "same_digit",
    "seconds_at_least",
    "seeds_needed",
    "size_for",
    "straight_through",
    "unscaled",
    "what_helps",
    "what_is_unfair",
    "what_is_wrong",
    "what_misleads",
    "what_misled",
    "which_writer",
    "whole_gradient",
    "whole_statistics",
    "write_at_once",
]
