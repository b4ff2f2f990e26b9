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
from course_lib.metrics.modes import ModeReport, jsd_from_uniform, kl_from_uniform, measure_modes, stacked_classes

__all__ = ["ModeReport", "Report", "class_entropy", "class_histogram", "classes_covered", "discriminator_accuracy",
           "evaluate", "frechet_distance", "jsd_from_uniform", "judge_outputs", "kl_from_uniform", "mean_confidence",
           "measure_modes", "stacked_classes"]  # fmt: skip
