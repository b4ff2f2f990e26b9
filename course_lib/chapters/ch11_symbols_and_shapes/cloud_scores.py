"""Scores of one cloud against another: the shape of holes (geometry score), and a control without any topology.

With them: digits that lack something, drawn from real ones, and the features in which all are compared (lesson 11.7).
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

import gudhi
import numpy as np
import torch
from scipy.spatial.distance import cdist
from torch import Tensor

from course_lib.data.images import ImageData
from course_lib.errors import CourseError
from course_lib.metrics import frechet_distance, precision_recall
from course_lib.metrics.topology import merging_distance_gap
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game, Sampler

REAL, GENERATED = "real ones again", "the zoo's DCGAN"
FAULTS = ("classes 0 to 4 only", "no 9", "each picture twice", GENERATED)
MERGING, NEAREST = "merging distances (H0)", "nearest neighbours"
GEOMETRY, FRECHET, COVERAGE = "geometry score (H1)", "Fréchet distance", "1 − coverage"


def living_times(points: Tensor, trials: int = 50, landmarks: int = 64, seed: int = 0) -> np.ndarray:
    """How long a cloud has 0, 1, 2, … holes while it is thickened, as shares that sum to 1, ``(100,)``.

    The mean relative living times of Khrulkov and Oseledets 2018 (section 4): random landmarks, a relaxed witness
    complex over all points, and of the scales from 0 to γ times the landmarks' greatest distance the share at which
    exactly i holes are alive. γ is 5000 / (128 N), as they use it, and at most 0.1, beyond which it takes minutes.

    Args:
        points: ``(N, d)``, at least as many as landmarks.
        trials: draws of landmarks that are averaged.
        landmarks: of a draw.
        seed: of the draws.

    Raises:
        CourseError: for fewer points than landmarks.
    """
    if len(points) < landmarks:
        raise CourseError(f"{len(points)} points for {landmarks} landmarks: use fewer landmarks or more points.")
    cloud, g, total = points.double().numpy(), np.random.default_rng(seed), np.zeros(100)
    for _ in range(trials):
        chosen = cloud[g.choice(len(cloud), landmarks, replace=False)]
        largest = min(0.1, 5000 / (128 * len(cloud))) * cdist(chosen, chosen).max()
        apart = cdist(cloud, chosen)
        near = np.argsort(apart, 1)
        rows = zip(near.tolist(), np.take_along_axis(apart, near, 1).tolist(), strict=True)
        table = [list(zip(numbers, distances, strict=True)) for numbers, distances in rows]
        tree = gudhi.WitnessComplex(table).create_simplex_tree(max_alpha_square=largest, limit_dimension=2)
        tree.compute_persistence()
        holes = np.minimum(tree.persistence_intervals_in_dimension(1).reshape(-1, 2), largest)
        ends = np.unique([0.0, largest, *holes.ravel()])
        middles = (ends[1:] + ends[:-1]) / 2
        alive = ((holes[:, :1] <= middles) & (middles < holes[:, 1:])).sum(0)
        total += np.bincount(alive.clip(max=99), np.diff(ends) / largest, 100)
    return total / trials


def lasting(diagram: Tensor, band: float) -> int:
    """How many holes live longer than twice a band.

    Args:
        diagram: rows (birth, death), ``(holes, 2)``.
        band: as of ``bootstrap_band``.
    """
    births, deaths = diagram.T
    return int((deaths > births + 2 * band).sum())


def joined(nodes: Sequence[Set[int]]) -> list[tuple[int, int]]:
    """The edges of a mapper graph: pairs of nodes that share a picture, the smaller number first.

    Args:
        nodes: the numbers of the pictures in each.
    """
    return [(i, j) for (i, one), (j, other) in combinations(enumerate(nodes), 2) if not one.isdisjoint(other)]


def nearest_gap(real: Tensor, fake: Tensor) -> float:
    """The Wasserstein-1 distance of both clouds' distances to the nearest other point: no topology in it.

    Args:
        real, fake: ``(N, d)``, equally many.
    """
    return float(np.abs(_nearest(real) - _nearest(fake)).mean())


def _nearest(points: Tensor) -> np.ndarray:
    apart = cdist(points.double().numpy(), points.double().numpy())
    np.fill_diagonal(apart, np.inf)
    return np.sort(apart.min(1))


@dataclass(frozen=True)
class Pool:
    """Where draws come from.

    Attributes:
        real: features of the real digits, ``(N, d)``.
        labels: of the real digits.
        generated: features of generated ones, ``(M, d)``.
    """

    real: Tensor
    labels: Tensor
    generated: Tensor

    def draw(self, n: int, runtime: Runtime) -> tuple[Tensor, dict[str, Tensor]]:
        """n real digits, and n of each row to compare with them; no real digit is in both.

        Args:
            n: how many, at most a fifth of the real ones.
            runtime: whose seed draws.

        Returns:
            The features of the real ones, and name → features: real ones again, and four faults.
        """
        g = runtime.stream("clouds", n)
        order = torch.randperm(len(self.real), generator=g)
        rest = order[2 * n :]
        few = torch.randperm(len(self.generated), generator=g)[:n]
        return self.real[order[:n]], {
            REAL: self.real[order[n : 2 * n]],
            FAULTS[0]: self.real[rest[self.labels[rest] < 5][:n]],
            FAULTS[1]: self.real[rest[self.labels[rest] < 9][:n]],
            FAULTS[2]: self.real[rest[: n // 2]].repeat(2, 1),
            GENERATED: self.generated[few],
        }


def collapsed(runtime: Runtime, digits: ImageData, steps: int) -> Sampler:
    """Lesson 4.4's GAN that training lets collapse: its D's step size is a two-hundredth of G's.

    Args:
        runtime: seed and device.
        digits: to train on.
        steps: of the game.

    Returns:
        Its generator.
    """
    with runtime.seeded("digits"):
        game = Game(DCGenerator(width=16), DCDiscriminator(width=16, norm=None), lr=2e-3, lr_d=1e-5, ema=0)
    for _ in game.steps(digits, steps, runtime):
        pass
    return game.sampler(ema=False)


def score_all(real: Tensor, clouds: Mapping[str, Tensor], trials: int, seed: int) -> dict[str, dict[str, float]]:
    """All five scores of all clouds; of each, more is worse.

    Args:
        real: ``(n, d)``.
        clouds: name → ``(n, d)``.
        trials: of the geometry score.
        seed: of its landmarks.

    Returns:
        Score → cloud → its value.
    """
    times = living_times(real, trials, seed=2 * seed)
    scores: dict[str, Callable[[Tensor], float]] = {
        MERGING: lambda cloud: merging_distance_gap(real, cloud),
        NEAREST: lambda cloud: nearest_gap(real, cloud),
        GEOMETRY: lambda cloud: float(((times - living_times(cloud, trials, seed=2 * seed + 1)) ** 2).sum()),
        FRECHET: lambda cloud: frechet_distance(real, cloud),
        COVERAGE: lambda cloud: 1 - precision_recall(real, cloud).coverage,
    }
    return {name: {row: score(cloud) for row, cloud in clouds.items()} for name, score in scores.items()}


def seen(scores: Mapping[str, Mapping[str, float]], row: str) -> float:
    """The share of draws in which a row scores above *all* draws of real ones.

    Args:
        scores: draw → row → value, as one score gives them.
        row: which one.
    """
    floor = max(each[REAL] for each in scores.values())
    return sum(each[row] > floor for each in scores.values()) / len(scores)
