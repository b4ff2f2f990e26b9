"""The checks of chapter 06's exercises, in the order of its lessons."""

from course_lib.chapters.ch06_measuring.check_balls import entropy, precision, recall
from course_lib.chapters.ch06_measuring.check_distances import fair, frechet_1d, others
from course_lib.chapters.ch06_measuring.check_faults import cheat, reaction
from course_lib.chapters.ch06_measuring.check_rivals import ahead, gap, mixed, suspected

__all__ = [
    "ahead",
    "cheat",
    "entropy",
    "fair",
    "frechet_1d",
    "gap",
    "mixed",
    "others",
    "precision",
    "reaction",
    "recall",
    "suspected",
]
