"""The checks of chapter 12's exercises, in the order of its lessons."""

from course_lib.chapters.ch12_guided_training.check_masks import masked_gradient, mended, turn_at
from course_lib.chapters.ch12_guided_training.check_race import by_luck, flip_test, left_out
from course_lib.chapters.ch12_guided_training.check_uses import hidden, regret, window

__all__ = [
    "by_luck",
    "flip_test",
    "hidden",
    "left_out",
    "masked_gradient",
    "mended",
    "regret",
    "turn_at",
    "window",
]
