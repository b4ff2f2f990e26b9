"""Filters of drawn digits at an equal share kept, and six scores of what they keep."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from course_lib.explain.concepts import measure_concepts
from course_lib.metrics.frechet import frechet_distance
from course_lib.metrics.judge_scores import judge_outputs
from course_lib.metrics.neighbours import precision_recall
from course_lib.models.judge import Judge
from course_lib.training import Sampler

ASKED = 1000  # real digits among which neighbours are sought
SCORES = {
    "the judge agrees": "share, higher is better",
    "Fréchet, judge's features": "lower is better",
    "Fréchet, concepts": "lower is better",
    "recall": "share, higher is better",
    "coverage": "share, higher is better",
    "Fréchet, pixels": "lower is better",
}


@dataclass(frozen=True)
class Drawn:
    """Pictures of a generator, as a classifier and the concepts see them.

    Attributes:
        pictures: ``(N, 1, 28, 28)``.
        classes: that the classifier reads, ``(N,)``.
        lead: how far its highest logit lies above its second, ``(N,)``.
        concepts: ``(N, concepts)``.
    """

    pictures: Tensor
    classes: Tensor
    lead: Tensor
    concepts: Tensor


def draw(sampler: Sampler, reader: nn.Module, n: int, seed: int) -> Drawn:
    """Draw digits, read them, measure their concepts.

    Args:
        sampler: of the generator.
        reader: a classifier in eval mode.
        n: how many.
        seed: of the draw.

    Returns:
        The pictures, with what the classifier and the concepts say of them.
    """
    pictures = sampler(n, seed=seed)
    return Drawn(pictures, *read(reader, pictures), measure_concepts(pictures))


@torch.no_grad()
def read(reader: nn.Module, pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Ask a classifier about many pictures.

    Args:
        reader: in eval mode.
        pictures: ``(N, 1, 28, 28)``.

    Returns:
        The classes that it reads, int64 ``(N,)``, and how far the highest logit leads over the second ``(N,)``.
    """
    top = torch.cat([reader(part) for part in pictures.split(500)]).topk(2, 1)
    return top.indices[:, 0], top.values[:, 0] - top.values[:, 1]


def keep_highest(values: Tensor, n: int) -> Tensor:
    """Bool ``(N,)``: True for the n highest values.

    Args:
        values: ``(N,)``.
        n: how many are kept.
    """
    return torch.zeros(len(values), dtype=torch.bool).index_fill(0, values.topk(n).indices, True)


class Scores:
    """The six scores of ``SCORES`` for pictures that were kept.

    Pixels are averaged over 4 × 4 squares, so a picture is 49 numbers; a concept is measured in its standard
    deviations.

    Args:
        judge: in eval mode; not the network that filters.
        images: real ones, ``(N, 1, 28, 28)``.
        concepts: of the same, ``(N, concepts)``.
    """

    def __init__(self, judge: Judge, images: Tensor, concepts: Tensor) -> None:
        self.judge, self.unit = judge, concepts.std(0)
        self.real = (judge_outputs(images, judge)[1], concepts / self.unit, _coarse(images))

    def of(self, drawn: Drawn) -> Callable[[Tensor], dict[str, float]]:
        """Ask the judge once about all that was drawn.

        Args:
            drawn: what a generator drew.

        Returns:
            What scores a choice of it: bool ``(N,)`` → a number for each of ``SCORES``.
        """
        probabilities, features = judge_outputs(drawn.pictures, self.judge)
        agrees = (probabilities.argmax(1) == drawn.classes).double()
        views = (features, drawn.concepts / self.unit, _coarse(drawn.pictures))

        def score(kept: Tensor) -> dict[str, float]:
            near = precision_recall(self.real[0][:ASKED], features[kept])
            away = [frechet_distance(view[kept], real) for view, real in zip(views, self.real, strict=True)]
            values = (agrees[kept].mean().item(), away[0], away[1], near.recall, near.coverage, away[2])
            return dict(zip(SCORES, values, strict=True))

        return score

    def alone(self, drawn: Drawn, kept: Tensor) -> list[tuple[float, float]]:
        """How far apart what is kept and what is not lie in the judge's features, among all that was drawn.

        Args:
            drawn: what a generator drew.
            kept: bool ``(N,)``.

        Returns:
            Of what is kept, then of what is not: the mean reach (distance to the fifth nearest drawn one), and the
            share that a real digit has within its own reach.
        """
        features, real = judge_outputs(drawn.pictures, self.judge)[1], self.real[0][:ASKED]
        reach, of_real = (torch.cdist(cloud, cloud).kthvalue(6, 1).values for cloud in (features, real))
        near = (torch.cdist(features, real) <= of_real).any(1).double()
        return [(reach[part].mean().item(), near[part].mean().item()) for part in (kept, ~kept)]


def mean_gap(rows: Sequence[Mapping[str, Mapping[str, float]]], score: str, a: str, b: str) -> float:
    """By how much filter a's score is above filter b's, mean over the draws.

    Args:
        rows: for each draw, filter → score → value.
        score: one of ``SCORES``.
        a, b: filters.
    """
    return sum(row[a][score] - row[b][score] for row in rows) / len(rows)


def _coarse(images: Tensor) -> Tensor:
    return avg_pool2d(images, 4).flatten(1).double()
