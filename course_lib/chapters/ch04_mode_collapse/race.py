"""What the recorded race of cures says (`course record cures`): distances, the rule, and what it decides."""

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import torch
from torch import Tensor

from course_lib.files import recorded

LEAST_SEEDS = 5  # a row with fewer is not shown
Seeds = dict[str, float]  # seed → value


def race() -> dict[str, Any]:
    """The recording of the race.

    Returns:
        "machine", "settings" and "runs": start → row → "cost", "stops" and "seeds".
    """
    return recorded("cures")


def controls(start: str) -> list[str]:
    """The five clouds without a cure that a cure is compared with.

    Args:
        start: "unbalanced" or "strong".
    """
    return list(race()["settings"]["controls"][start])


def scores(start: str, at: str, measure: str) -> dict[str, Seeds]:
    """What was measured in each row that has at least five seeds.

    Args:
        start: "unbalanced" or "strong".
        at: "equal steps" or "equal cost".
        measure: "modes", "high_quality", "kl" or "energy".

    Returns:
        Row → seed → value; a training that diverged scores infinity.
    """
    return {
        row: {seed: run.get(at, {}).get(measure, math.inf) for seed, run in entry["seeds"].items()}
        for row, entry in race()["runs"][start].items()
        if len(entry["seeds"]) >= LEAST_SEEDS
    }


def beside_best(start: str, at: str, row: str, rivals: Sequence[str] | None = None) -> Seeds:
    """A row's energy distance in units of the best rival's of the same seed: below 1 it beats them all.

    Args:
        start, at: see :func:`scores`.
        row: of the race.
        rivals: other rows; the five controls without any.

    Returns:
        Seed → ratio, for the seeds that the row and all rivals have.
    """
    energy, others = scores(start, at, "energy"), rivals or controls(start)
    seeds = [seed for seed in energy[row] if all(seed in energy[other] for other in others)]
    return {seed: energy[row][seed] / min(energy[other][seed] for other in others) for seed in seeds}


def most(seeds: Mapping[str, float]) -> int:
    """On how many seeds a statement has to hold: 9 of 10, all of fewer.

    Args:
        seeds: seed → value.
    """
    return len(seeds) - 1 if len(seeds) >= 10 else len(seeds)


def won(start: str, at: str, row: str) -> int:
    """On how many seeds a row beats all five controls.

    Args:
        start, at: see :func:`scores`.
        row: of the race.
    """
    return sum(ratio < 1 for ratio in beside_best(start, at, row).values())


def works(start: str, at: str, row: str) -> bool:
    """Whether a cure works by the rule of the race.

    Args:
        start, at: see :func:`scores`.
        row: of the race.
    """
    return won(start, at, row) >= most(beside_best(start, at, row))


def ordered(start: str) -> list[str]:
    """The rows of a start: its five controls, then all others, the nearest to the data first (median, equal steps).

    Args:
        start: "unbalanced" or "strong".
    """
    energy = scores(start, "equal steps", "energy")
    others = [row for row in energy if row not in controls(start)]
    return controls(start) + sorted(others, key=lambda row: median(energy[row].values()))


def paired(start: str, row: str) -> tuple[Seeds, Seeds, list[str]]:
    """Energy distances at equal steps of a row and of its control.

    Args:
        start: "unbalanced" or "strong".
        row: of the race.

    Returns:
        Of the row, of "none", and the seeds that both have.
    """
    energy = scores(start, "equal steps", "energy")
    return energy[row], energy["none"], [seed for seed in energy[row] if seed in energy["none"]]


def cloud_seed() -> str:
    """The seed whose last points are kept."""
    return str(race()["settings"]["cloud"]["seed"])


def last_cloud(start: str, row: str) -> Tensor:
    """The first 300 of the points that a recorded generator drew at the end, at equal steps.

    Args:
        start: "unbalanced" or "strong".
        row: of the race.

    Returns:
        Points ``(300, 2)``.
    """
    kept = race()["runs"][start][row]["seeds"][cloud_seed()]["cloud"]
    return torch.tensor([kept["x"], kept["y"]]).T
