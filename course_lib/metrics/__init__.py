"""Measurements of generators.

``METRICS`` has those of pictures against real ones behind one call, by name (see ``course_lib.metrics.contracts``).
"""

from course_lib.metrics.contracts import FunctionMetric, Metric
from course_lib.metrics.discriminator import DiscriminatorOverfitting, discriminator_accuracy, discriminator_overfitting
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
    "DiscriminatorOverfitting",
    "FunctionMetric",
    "JudgeReport",
    "LatentCodeReport",
    "Metric",
    "ModeReport",
    "PrecisionRecall",
    "class_entropy",
    "class_histogram",
    "classes_covered",
    "copying",
    "discriminator_accuracy",
    "discriminator_overfitting",
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
    "precision_recall",
    "stacked_classes",
]

# Two are not among them. ``copying`` needs a third set of pictures, real ones that nothing was trained on.
# ``mean_confidence`` does not look at the real ones, and the judge is surer of noise than of digits.
_MEASURES: tuple[Metric, ...] = (
    FunctionMetric("Fréchet distance", frechet_distance),
    FunctionMetric("kernel distance", kernel_distance),
    FunctionMetric("energy distance", energy_distance),
    FunctionMetric("precision", lambda fake, real: precision_recall(real, fake).precision, best=1),
    FunctionMetric("recall", lambda fake, real: precision_recall(real, fake).recall, best=1),
    FunctionMetric("density", lambda fake, real: precision_recall(real, fake).density, best=1),
    FunctionMetric("coverage", lambda fake, real: precision_recall(real, fake).coverage, best=1),
    # 1 is best where the data's classes are equally frequent, as digits are.
    FunctionMetric("class entropy", lambda fake, _: class_entropy(class_counts(fake)), "probabilities", best=1),
)
METRICS = {measure.name: measure for measure in _MEASURES}
