"""Every number of chapter 06 for some pictures, as its recordings and its table of faults both need them."""

import torch
from torch import Tensor

from course_lib.metrics import (
    class_entropy,
    copying,
    frechet_distance,
    judge_outputs,
    kernel_distance,
    precision_recall,
)
from course_lib.models import Judge


def every_measure(images: Tensor, judge: Judge, real: Tensor, features: Tensor, new: Tensor) -> dict[str, float]:
    """Measure pictures against real ones.

    Args:
        images: ``(N, 1, 28, 28)`` in [−1, 1].
        judge: reads digits and their features.
        real: the real pictures, ``(M, 1, 28, 28)``.
        features: the judge's, of ``real``.
        new: held-out pictures ``(K, 1, 28, 28)``, with which the copying score compares.

    Returns:
        Name → number.
    """
    probabilities, drawn = judge_outputs(images, judge)
    shares, copied = precision_recall(features, drawn), copying(images.flatten(1), real.flatten(1), new.flatten(1))
    return {
        "frechet": frechet_distance(drawn, features),
        "kernel": kernel_distance(drawn, features),
        "precision": shares.precision,
        "recall": shares.recall,
        "density": shares.density,
        "coverage": shares.coverage,
        "confidence": probabilities.max(1).values.mean().item(),
        "entropy": class_entropy(torch.bincount(probabilities.argmax(1), minlength=10)),
        "copying": copied.score,
        "copies": copied.copies,
    }
