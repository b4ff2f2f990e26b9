"""Measurements of generators."""

from course_lib.metrics.discriminator import Overfitting, discriminator_accuracy, overfitting
from course_lib.metrics.energy import energy_distance
from course_lib.metrics.frechet import frechet_distance
from course_lib.metrics.inception import inception_features
from course_lib.metrics.judge_scores import (
    Report,
    class_entropy,
    class_histogram,
    classes_covered,
    evaluate,
    judge_outputs,
    mean_confidence,
)
from course_lib.metrics.kernel import kernel_distance, kernel_distance_spread
from course_lib.metrics.latent_code import LatentCodeReport, measure_latent_code
from course_lib.metrics.likelihood import NLL, log_likelihoods, nll
from course_lib.metrics.modes import ModeReport, jsd_from_uniform, kl_from_uniform, measure_modes, stacked_classes
from course_lib.metrics.neighbours import Copying, Neighbours, copying, neighbours

__all__ = [
    "NLL",
    "Copying",
    "LatentCodeReport",
    "ModeReport",
    "Neighbours",
    "Overfitting",
    "Report",
    "class_entropy",
    "class_histogram",
    "classes_covered",
    "copying",
    "discriminator_accuracy",
    "energy_distance",
    "evaluate",
    "frechet_distance",
    "inception_features",
    "jsd_from_uniform",
    "judge_outputs",
    "kernel_distance",
    "kernel_distance_spread",
    "kl_from_uniform",
    "log_likelihoods",
    "mean_confidence",
    "measure_latent_code",
    "measure_modes",
    "neighbours",
    "nll",
    "overfitting",
    "stacked_classes",
]
