"""What a card says of a generator in numbers, each with the luck of its draws; and which of them are failures."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from course_lib.data import ImageData
from course_lib.metrics import copying, frechet_distance, judge_outputs, precision_recall
from course_lib.metrics.judge_scores import class_counts, class_entropy
from course_lib.models import Judge
from course_lib.training import Sampler

DRAWS = (0, 1, 2, 3, 4)
SAMPLES = 1000
THING = "digit"  # what a picture shows, where nobody says another
# A failure is what is far from new real pictures: a threshold for each measure, chosen before any card was written.
RARE, UNSURE, PULLED, UNCOVERED = 0.05, 0.8, 0.6, 0.5


@dataclass(frozen=True)
class Measure:
    """A number with the luck of its draws.

    Attributes:
        value: mean over the draws.
        low, high: the lowest and highest draw.
        draws: how many sets of latents.
        samples: pictures in each.
    """

    value: float
    low: float
    high: float
    draws: int
    samples: int

    def __str__(self) -> str:
        return f"{self.value:.4g} ({self.low:.4g} to {self.high:.4g})"


def measure(
    sampler: Sampler, judge: Judge, train: ImageData, heldout: ImageData, *, samples: int = SAMPLES
) -> tuple[dict[str, Measure], dict[str, float]]:
    """A generator's measures, the same on every machine up to rounding.

    Args:
        sampler: draws from it.
        judge: of the data set, in eval mode.
        train: what it was trained on.
        heldout: real pictures that nothing was trained on.
        samples: pictures in each of five draws.

    Returns:
        Name of a measure → its value; class → its share in the samples, as the judge reads them.
    """
    real = judge_outputs(heldout.images, judge)[1]
    draws: dict[str, list[float]] = {}
    counted = torch.zeros(len(train.names), dtype=torch.long)
    for seed in DRAWS:
        images = sampler(samples, seed=seed)
        probabilities, features = judge_outputs(images, judge)
        counts = class_counts(probabilities)
        counted += counts
        near = precision_recall(real, features)
        found = {
            "frechet": frechet_distance(features, real),
            "precision": near.precision,
            "coverage": near.coverage,
            "confidence": probabilities.max(1).values.mean().item(),
            "entropy": class_entropy(counts),
            "copying": _copying(images, train.images, heldout.images),
        }
        for name, value in found.items():
            draws.setdefault(name, []).append(value)
    shares = dict(zip(train.names, (counted / counted.sum()).tolist(), strict=True))
    return {name: _measure(values, samples) for name, values in draws.items()}, shares


def distance(sampler: Sampler, judge: Judge, heldout: ImageData, *, samples: int = SAMPLES) -> float:
    """The Fréchet distance alone, as :func:`measure` gives it.

    Args:
        sampler, judge, heldout, samples: see there.
    """
    real = judge_outputs(heldout.images, judge)[1]
    draws = [frechet_distance(judge_outputs(sampler(samples, seed=seed), judge)[1], real) for seed in DRAWS]
    return sum(draws) / len(draws)


def failures(measures: dict[str, Measure], shares: dict[str, float], thing: str = THING) -> dict[str, str]:
    """What is far from new real pictures, in words.

    Args:
        measures, shares: of :func:`measure`.
        thing: what a picture shows.

    Returns:
        Short name of a failure → a sentence with its number; empty where none is found.
    """
    found = {
        f"rare class {name}": f"“{name}” is read in {100 * share:.2g}% of samples; "
        f"equal shares are {1 / len(shares):.0%}."
        for name, share in shares.items()
        if share < RARE
    }
    checks: dict[str, tuple[Callable[[float], bool], str]] = {
        "confidence": (
            lambda v: v < UNSURE,
            "The judge's mean confidence is {:.2f}: many samples are no clear {thing}.",
        ),
        "coverage": (lambda v: v < UNCOVERED, "Only {:.0%} of held-out pictures have a sample nearby."),
        "copying": (lambda v: v > PULLED, "Samples lie nearer to training pictures than new ones do (score {:.2f})."),
    }
    for name, (bad, words) in checks.items():
        if bad(measures[name].value):
            found[name] = words.format(measures[name].value, thing=thing)
    return found


def as_facts(measures: dict[str, Measure]) -> dict[str, dict[str, float]]:
    """The measures as JSON can hold them.

    Args:
        measures: of :func:`measure`.

    Returns:
        Name of a measure → its numbers by name.
    """
    return {
        name: {k: round(v, 6) if isinstance(v, float) else v for k, v in asdict(one).items()}
        for name, one in measures.items()
    }


def _copying(images: Tensor, train: Tensor, heldout: Tensor) -> float:
    return copying(images.flatten(1), train.flatten(1).cpu(), heldout.flatten(1).cpu()).score


def _measure(values: list[float], samples: int) -> Measure:
    return Measure(sum(values) / len(values), min(values), max(values), len(values), samples)
