"""Measurements of generators."""

from course_lib.metrics.discriminator import discriminator_accuracy
from course_lib.metrics.frechet import frechet_distance
from course_lib.metrics.judged import (
    Report,
    class_entropy,
    class_histogram,
    classes_covered,
    evaluate,
    judge_outputs,
    mean_confidence,
)

__all__ = ["Report", "class_entropy", "class_histogram", "classes_covered", "discriminator_accuracy", "evaluate",
           "frechet_distance", "judge_outputs", "mean_confidence"]  # fmt: skip
