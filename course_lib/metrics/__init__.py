"""Measurements of generators.

``METRICS`` has those of pictures against real ones behind one call, by name (see ``course_lib.metrics.contracts``).
"""

from course_lib.metrics.contracts import Measure, Metric
from course_lib.metrics.discriminator import Overfitting, discriminator_accuracy, overfitting
from course_lib.metrics.energy import energy_distance
from course_lib.metrics.frechet import frechet_distance
from course_lib.metrics.inception import inception_features
from course_lib.metrics.judge_scores import (
    JudgeReport,
    class_counts,
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
from course_lib.metrics.neighbours import Copying, PrecisionRecall, copying, precision_recall

__all__ = [
    "METRICS",
    "NLL",
    "Copying",
    "JudgeReport",
    "LatentCodeReport",
    "Measure",
    "Metric",
    "ModeReport",
    "Overfitting",
    "PrecisionRecall",
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
    "nll",
    "overfitting",
    "precision_recall",
    "stacked_classes",
]

# Two are not among them. ``copying`` needs a third set of pictures, real ones that nothing was trained on.
# ``mean_confidence`` does not look at the real ones, and the judge is surer of noise than of digits.
_MEASURES: tuple[Metric, ...] = (
    Measure("Fréchet distance", frechet_distance),
    Measure("kernel distance", kernel_distance),
    Measure("energy distance", energy_distance),
    Measure("precision", lambda drawn, real: precision_recall(real, drawn).precision, best=1),
    Measure("recall", lambda drawn, real: precision_recall(real, drawn).recall, best=1),
    Measure("density", lambda drawn, real: precision_recall(real, drawn).density, best=1),
    Measure("coverage", lambda drawn, real: precision_recall(real, drawn).coverage, best=1),
    # 1 is best where the data's classes are equally frequent, as digits are.
    Measure("class entropy", lambda drawn, _: class_entropy(class_counts(drawn)), "probabilities", best=1),
)
METRICS = {measure.name: measure for measure in _MEASURES}
