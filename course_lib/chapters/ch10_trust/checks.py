"""The checks of chapter 10's exercises, in the order of its lessons."""

from course_lib.chapters.ch10_trust.check_agreement import mended, owed, stability
from course_lib.chapters.ch10_trust.check_leaks import forget, through_relu, validate
from course_lib.chapters.ch10_trust.check_pixels import deletion, lucky_fill, order
from course_lib.chapters.ch10_trust.check_scores import auc, baseline, luck, margins, max_sensitivity, objections

__all__ = [
    "auc",
    "baseline",
    "deletion",
    "forget",
    "luck",
    "lucky_fill",
    "margins",
    "max_sensitivity",
    "mended",
    "objections",
    "order",
    "owed",
    "stability",
    "through_relu",
    "validate",
]
