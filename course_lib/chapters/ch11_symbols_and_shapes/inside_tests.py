"""Several concepts asked of one network at once, each with a rank among random concepts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_lib.explain.targets import Target
from course_lib.explain.tcav import concept_direction, concept_normal, layer_outputs, tcav_score


class Answer(NamedTuple):
    """What TCAV says of one concept and one target.

    Attributes:
        told: how often the concept is told from its absence on held-out pictures, in the layer.
        score: share of pictures whose target rises along the direction.
        slope: the mean slope.
        p: of the mean slope's rank among random concepts, corrected for the number of questions.
    """

    told: float
    score: float
    slope: float
    p: float


def rank_p(value: float, random: Tensor, tests: int = 1) -> float:
    """The chance of a rank as extreme as a concept's among random ones, times the number of tests, at most 1.

    Args:
        value: the concept's mean slope.
        random: those of random concepts ``(R,)``.
        tests: how many concepts are asked about.
    """
    rank = 1 + int((random.abs() >= abs(value)).sum())
    return min(1.0, rank / (1 + len(random)) * tests)


def random_directions(pool: Tensor, n: int, many: int, g: torch.Generator) -> Tensor:
    """Directions of random concepts: ``n`` pictures of the pool against ``n`` others of it, ``(many, numbers)``.

    Args:
        pool: a layer's outputs ``(N, numbers)``, N at least 2·n.
        n: pictures of a kind.
        many: how many.
        g: draws the pictures.
    """
    drawn = [torch.randperm(len(pool), generator=g)[: 2 * n] for _ in range(many)]
    return torch.stack([concept_normal(pool[rows[:n]], pool[rows[n:]]) for rows in drawn])


def ask_concepts(
    model: nn.Module,
    layer: str,
    targets: Mapping[int | str, tuple[Target, Tensor]],
    questions: Sequence[tuple[str, int | str]],
    pairs: Mapping[str, tuple[Tensor, Tensor]],
    pool: Tensor,
    many: int,
    g: torch.Generator,
) -> tuple[dict[str, Tensor], list[Answer]]:
    """TCAV of several concepts in one layer, with one set of random concepts for all.

    Args:
        model: in eval mode.
        layer: its name.
        targets: name → what is asked, and the pictures whose answer is explained.
        questions: concept and name of the target of each.
        pairs: concept → pictures with it and without it.
        pool: pictures of which random concepts are made.
        many: random concepts.
        g: draws them.

    Returns:
        Each concept's direction, and an answer for each question.
    """

    def outputs(pictures: Tensor) -> Tensor:
        return layer_outputs(model, first, pictures, layer)[0]

    first = next(iter(targets.values()))[0]
    found = {name: concept_direction(outputs(a), outputs(b)) for name, (a, b) in pairs.items()}
    n, answers = len(next(iter(pairs.values()))[0]), []
    chance = random_directions(outputs(pool), n, many, g)
    for concept, asked in questions:
        slopes, (direction, told) = layer_outputs(model, *targets[asked], layer)[1], found[concept]
        value, random = (slopes @ direction).mean().item(), (slopes @ chance.T).mean(0)
        p = rank_p(value, random, len(questions))
        answers.append(Answer(told, tcav_score(slopes, direction), value, p))
    return {name: direction for name, (direction, _) in found.items()}, answers


def signed(value: float, digits: int = 2) -> str:
    """A number with its sign, and a true minus: ``+7.04``, ``−0.25``.

    Args:
        value: the number.
        digits: after the point.
    """
    return f"{value:+.{digits}f}".replace("-", "−")
