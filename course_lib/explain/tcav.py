"""TCAV (Kim and others 2018, section 3): does an answer rise when a layer's output moves towards a concept?

A *concept* is given by example pictures. In a layer's outputs, a linear classifier tells them from other pictures; its
normal is the concept's *direction*. The score of a class is the share of its pictures whose logit rises along it.
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy import stats
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn

from course_lib.errors import CourseError, check_positive, check_whole_number
from course_lib.explain.layers import output_and_slopes
from course_lib.explain.targets import Target
from course_lib.models.wrappers import Output


def layer_outputs(
    model: nn.Module, target: Target, images: Tensor, layer: str, *, output: Output = None
) -> tuple[Tensor, Tensor]:
    """A layer's outputs, and the target's slopes along them, both flat: ``(N, numbers)``.

    Args:
        model: in eval mode.
        target: what is asked.
        images: ``(N, C, H, W)`` in [−1, 1].
        layer: its name in the model, such as "body.4"; used once.
        output: of a model that gives a tuple, dict or named tuple, the part that is meant.

    Returns:
        The outputs and the slopes.

    Raises:
        CourseError: for a layer that the model has not, that is used not exactly once, or that gives no tensor; for one
            that the target does not depend on; see ``layers.output_and_slopes``.
    """
    outputs, slopes = output_and_slopes(model, target, images, layer, output=output)
    return outputs.flatten(1), slopes.flatten(1)


def concept_direction(concept: Tensor, others: Tensor, strength: float = 1.0) -> tuple[Tensor, float]:
    """The direction of a concept in a layer: the normal, of length 1, of a logistic regression.

    Args:
        concept, others: the layer's outputs for the concept's pictures and for other ones, ``(N, numbers)``.
        strength: scikit-learn's C, above 0: how little the weights are shrunk.

    Returns:
        ``(numbers,)``; and how often the regression is right on every fifth picture, when fitted to the rest: near ½
        the layer does not show the concept, and the direction means nothing.

    Raises:
        CourseError: for fewer than five pictures of a kind.
    """
    check_positive("strength", strength)
    if min(len(concept), len(others)) < 5:
        raise CourseError(f"{len(concept)} pictures of the concept and {len(others)} others: use at least 5 of each.")
    x, y = _labelled(concept, others)
    held = torch.cat([torch.arange(len(concept)), torch.arange(len(others))]).numpy() % 5 == 0
    right = _regression(strength).fit(x[~held], y[~held]).score(x[held], y[held])
    return concept_normal(concept, others, strength), float(right)


def _labelled(concept: Tensor, others: Tensor) -> tuple[np.ndarray, np.ndarray]:
    x = torch.cat([concept, others]).double().cpu().numpy()
    return x, torch.cat([torch.ones(len(concept)), torch.zeros(len(others))]).numpy()


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=1000)


def concept_normal(concept: Tensor, others: Tensor, strength: float = 1.0) -> Tensor:
    """The direction alone, ``(numbers,)``: of random concepts nobody asks whether the layer shows them.

    Args:
        concept, others, strength: as for :func:`concept_direction`.
    """
    normal = torch.from_numpy(_regression(strength).fit(*_labelled(concept, others)).coef_[0])
    return (normal / normal.norm().clamp(min=1e-12)).to(concept)


def tcav_score(slopes: Tensor, direction: Tensor) -> float:
    """Share of pictures whose target rises when the layer moves along the direction, in [0, 1] (equation 2).

    Args:
        slopes: the target's along the layer's outputs, ``(N, numbers)``.
        direction: ``(numbers,)``.
    """
    return (slopes @ direction.to(slopes) > 0).double().mean().item()


@dataclass(frozen=True)
class Tcav:
    """A concept's scores beside those of random concepts.

    Attributes:
        scores: one for each choice of other pictures.
        random: the same for random pictures in the concept's place.
        right: how often the concept is told from others on held-out pictures, the mean.
        p: two-sided, of Welch's t-test that both have the same mean. Correct it for how many concepts you try.
    """

    scores: list[float]
    random: list[float]
    right: float
    p: float

    @property
    def score(self) -> float:
        """The mean score."""
        return sum(self.scores) / len(self.scores)


def tcav(
    slopes: Tensor, concept: Tensor, pool: Tensor, *, runs: int = 20, strength: float = 1.0, seed: int = 0
) -> Tcav:
    """TCAV with its control: the concept against random pictures, and random pictures against random pictures.

    Args:
        slopes: the target's along the layer's outputs, for the pictures whose answer is explained ``(M, numbers)``.
        concept: the layer's outputs for the concept's pictures ``(N, numbers)``.
        pool: the layer's outputs for random pictures, at least 2·N of them.
        runs: choices of random pictures.
        strength: as for :func:`concept_direction`.
        seed: of the choices.

    Raises:
        CourseError: for too small a pool.
    """
    n = len(concept)
    if len(pool) < 2 * n:
        raise CourseError(f"a pool of {len(pool)} for {n} pictures of the concept: use at least {2 * n}.")
    g, scores, random, right = torch.Generator().manual_seed(seed), [], [], []
    for _ in range(check_whole_number("runs", runs, least=2)):
        rows = torch.randperm(len(pool), generator=g)
        direction, accuracy = concept_direction(concept, pool[rows[:n]], strength)
        scores.append(tcav_score(slopes, direction))
        random.append(tcav_score(slopes, concept_normal(pool[rows[n : 2 * n]], pool[rows[:n]], strength)))
        right.append(accuracy)
    same = len({*scores, *random}) == 1  # the test divides by a spread of 0
    p = 1.0 if same else float(stats.ttest_ind(scores, random, equal_var=False).pvalue)
    return Tcav(scores, random, sum(right) / len(right), p)
