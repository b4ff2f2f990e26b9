"""What the recorded race says (`course record guided-digits`, `guided-fashion`): pairs, planned tests, their power."""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from statistics import fmean

import numpy as np
from scipy.stats import t as student

from course_lib.chapters.ch12_guided_training.race import MASKS, SHARES
from course_lib.files import recorded

DATA = {"digits": "guided-digits", "Fashion": "guided-fashion"}
CONDITIONS = tuple((data, share) for data in DATA for share in SHARES)
# The four families of the plan: what each mask is compared with.
RIVALS = {
    "no mask": "none",
    "permuted": "{}, permuted",
    "constant": "{}, constant",
    "no mask, equal cost": "none, cost of {}",
}
# Nagisetty and others 2020, from their released results: Fréchet distances of one training each.
PAPER = {
    "MNIST": {"none": 1.307, "saliency": 1.256, "DeepSHAP": 1.356, "LIME": 1.211},
    "Fashion-MNIST": {"none": 1.164, "saliency": 1.095, "DeepSHAP": 1.058, "LIME": 0.967},
    "MNIST, 35 %": {"none": 1.753, "saliency": 1.549, "DeepSHAP": 1.502, "LIME": 1.409},
}
LEVEL = 0.05


def runs(data: str, share: str) -> dict[str, dict[str, dict[str, float]]]:
    """The recorded games of a condition.

    Args:
        data: one of ``DATA``.
        share: "100 %" or "35 %".

    Returns:
        Row → seed → "frechet", "coverage", "copying" … (see ``race.record``).
    """
    return recorded(DATA[data])["runs"][share]


def differences(
    data: str, share: str, mask: str, rival: str, measure: str = "frechet", log: bool = True
) -> dict[str, float]:
    """Seed by seed: the masked game's value minus its rival's, of logarithms where ``log``; below 0 the mask is better.

    Args:
        data, share: see :func:`runs`.
        mask: one of ``race.MASKS``.
        rival: one of ``RIVALS``.
        measure: what is compared.
        log: differences of logarithms: −0.1 says about 10 % less.

    Returns:
        Seed → difference.
    """
    rows = runs(data, share)
    mine, theirs = rows[mask], rows[RIVALS[rival].format(mask)]
    scale = math.log if log else float
    return {seed: scale(mine[seed][measure]) - scale(theirs[seed][measure]) for seed in mine}


def signs(n: int) -> np.ndarray:
    """All ways to give n numbers a sign, ``(2ⁿ, n)`` of ±1.

    Args:
        n: how many numbers, up to about 16.
    """
    return 1 - 2 * (np.arange(2**n)[:, None] >> np.arange(n) & 1)


def sign_flip(values: Sequence[float]) -> float:
    """The two-sided exact sign-flip test of a mean of 0 (Fisher 1935, section 21).

    Args:
        values: one difference a pair.

    Returns:
        The share of all sign patterns whose mean is at least as far from 0, in (0, 1]. The least is 2 / 2ⁿ.
    """
    means = np.abs(signs(len(values)) @ np.asarray(values, float))
    return float((means >= means[0] * (1 - 1e-12)).mean())  # pattern 0 flips nothing; equal sums may round apart


def holm(p: Mapping[tuple, float]) -> dict[tuple, float]:
    """Holm's correction for many tests (1979): with these values a family errs in at most 5 % of cases at 0.05.

    Args:
        p: test → its own p.

    Returns:
        Test → corrected p: the smallest times the number of tests, the next times one less …, never falling.
    """
    corrected, least = {}, 0.0
    for i, test in enumerate(sorted(p, key=p.__getitem__)):
        least = max(least, min(1.0, (len(p) - i) * p[test]))
        corrected[test] = least
    return corrected


@cache
def verdicts(rival: str) -> dict[tuple[str, str, str], tuple[float, float, float]]:
    """One family of the plan: every mask in every condition against one rival.

    Args:
        rival: one of ``RIVALS``.

    Returns:
        (data, share, mask) → mean difference of the log distances, its p, its p after Holm.
    """
    found = {
        (data, share, mask): list(differences(data, share, mask, rival).values())
        for data, share in CONDITIONS
        for mask in MASKS
    }
    p = {test: sign_flip(values) for test, values in found.items()}
    corrected = holm(p)
    return {test: (fmean(values), p[test], corrected[test]) for test, values in found.items()}


def helps(data: str, share: str, mask: str) -> dict[str, bool]:
    """Whether a mask is significantly better, against each rival; the plan asks for all four.

    Args:
        data, share, mask: see :func:`differences`.

    Returns:
        Rival → better, at 5 % after Holm.
    """
    found = {rival: verdicts(rival)[data, share, mask] for rival in RIVALS}
    return {rival: mean < 0 and corrected <= LEVEL for rival, (mean, _, corrected) in found.items()}


def interval(values: Sequence[float]) -> tuple[float, float]:
    """A 95 % interval of the mean, by Student's t (1908): for ten values a bootstrap would be a fifth too narrow.

    Args:
        values: one a pair.

    Returns:
        Its two ends.
    """
    x = np.asarray(values, float)
    reach = float(student.ppf(0.975, len(x) - 1)) * float(x.std(ddof=1)) / math.sqrt(len(x))
    return float(x.mean()) - reach, float(x.mean()) + reach


def power(values: Sequence[float], effect: float, level: float, draws: int = 400, seed: int = 0) -> float:
    """How often so many pairs, scattered as these, would show an effect of that size: the pairs are drawn again.

    Args:
        values: differences; their scatter is kept, their mean replaced.
        effect: the true mean.
        level: below which p has to lie.
        draws: how many sets, each of as many of the shifted pairs, with replacement.
        seed: of the draws.

    Returns:
        The share of sets with a p at most ``level``, in [0, 1].
    """
    x = np.asarray(values, float)
    picks = np.random.default_rng(seed).integers(0, len(x), (draws, len(x)))
    n = len(x)
    scatter = (x - x.mean()) * math.sqrt(n / (n - 1))  # drawn again they scatter as the pairs do
    sums = np.abs((scatter[picks] + effect) @ signs(n).T)  # (draws, 2ⁿ)
    p = (sums >= sums[:, :1] * (1 - 1e-12)).mean(1)
    return float((p <= level).mean())
