"""The checks of lessons 01.2 and 01.3: the Jensen–Shannon divergence, what a score says of it, and Wasserstein-1."""

import math
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value

_P = torch.tensor([0.30, 0.05, 0.18, 0.02, 0.45], dtype=torch.float64)
_Q = torch.tensor([0.10, 0.40, 0.20, 0.25, 0.05], dtype=torch.float64)


@check(
    "jsd",
    todo="return the Jensen–Shannon divergence of two lists of probabilities",
    shows="right: 0 for equal lists, log 2 for lists that share nothing, and the same in both directions",
)
def jsd(answer: Any) -> str | None:
    """``answer(p, q)``: two lists (n,) that sum to 1 → ½ KL(p ‖ m) + ½ KL(q ‖ m), one number."""
    apart = torch.tensor([0.5, 0.5, 0, 0]).double(), torch.tensor([0, 0, 0.25, 0.75]).double()
    partly = torch.tensor([0.7, 0, 0.3]).double(), torch.tensor([0.1, 0.9, 0]).double()
    trials = {
        "two lists of five probabilities": (_P, _Q),
        "two lists that share nothing": apart,
        "two equal lists": (_Q, _Q),
        "two lists with a 0 each": partly,
        "the same in the other order": (_Q, _P),
    }
    return next((wrong for when, lists in trials.items() if (wrong := _jsd(answer, when, *lists))), None)


def _jsd(answer: Any, when: str, p: Tensor, q: Tensor) -> str | None:
    result = answer(p.clone(), q.clone())
    if isinstance(result, torch.Tensor | float) and torch.as_tensor(result).isnan().any():
        return f"for {when} it returned NaN: 0 · log 0 is not a number; the lesson's kl avoids that by xlogy"
    got, m = number(result, f"for {when} it returned"), (p + q) / 2
    right = (_kl(p, m) + _kl(q, m)) / 2
    known = {
        "this is the sum of the two KLs, which is twice the JSD: take their mean": 2 * right,
        "only one of the two KLs is in it: the JSD is the mean of KL(p ‖ m) and KL(q ‖ m)": _kl(p, m),
        "only the KL of q is in it: the JSD is the mean of KL(p ‖ m) and KL(q ‖ m)": _kl(q, m),
        "half of one KL is in it: the other half is that of the other list": [_kl(p, m) / 2, _kl(q, m) / 2],
        "the mixture is p + q here, which sums to 2: halve it": (_kl(p, p + q) + _kl(q, p + q)) / 2,
        "KL has its two lists in the wrong order: the mixture comes second": (_kl(m, p) + _kl(m, q)) / 2,
        "this is the mean of KL(p ‖ q) and KL(q ‖ p), which can be infinite: compare each with the mixture instead": (
            _kl(p, q) + _kl(q, p)
        )
        / 2,
        "this is KL(p ‖ q) + KL(q ‖ p), which can be infinite: compare each with the mixture instead": _kl(p, q)
        + _kl(q, p),
        "this is KL(p ‖ q): compare each list with the mixture": _kl(p, q),
        "this is KL(q ‖ p): compare each list with the mixture": _kl(q, p),
        "the sign is reversed: a divergence is never negative": -right,
        "this is in bits, with a logarithm to base 2: the course's log has base e": right / math.log(2),
        "this is the square root of it, the Jensen–Shannon distance: leave the root out": right.sqrt(),
        "this is the mean over the list: add up instead": right / len(p),
        "this is half of the summed distances, the total variation": (p - q).abs().sum() / 2,
    }
    return wrong_value(got, right, known, f"for {when}")


@check(
    "distance_from_score",
    todo="return the JSD that belongs to a best discriminator's score V",
    shows="right: 0 for a coin's score, log 2 for a score of 0",
)
def distance_from_score(answer: Any) -> str | None:
    """``answer(V)``: a score from −log 4 to 0 → (V + log 4) / 2."""
    for V in (-1.0, -math.log(4), 0.0, -0.25):
        right = (V + math.log(4)) / 2
        known = {
            "this is twice the JSD: divide by 2": 2 * right,
            "log 4 has the wrong sign: a coin's score is −log 4, and it must give 0": (V - math.log(4)) / 2,
            "the sign is reversed: the higher the score, the greater the distance": -right,
            "only V was halved: first bring log 4 to the other side, then divide all of it by 2": V / 2 + math.log(4),
            "this is log 2 instead of log 4: the best score is −log 4 + 2 JSD": (V + math.log(2)) / 2,
            "this is −log 4 + 2 V, the formula with V in the place of the JSD: solve it for the JSD": -math.log(4)
            + 2 * V,
        }
        if wrong := wrong_value(number(answer(V)), right, known, f"for V = {V:.3f}"):
            return wrong
    return None


@check(
    "more_fakes",
    todo="return the best discriminator's answer to a perfect generator, and its score, with k fakes for each real one",
    shows="right: the answer is the share of the real, and for k = 1 the score is a coin's",
)
def more_fakes(answer: Any) -> str | None:
    """``answer(k)``: a number → 1 / (1 + k), and log of it plus k times log of the rest."""
    for k in (4.0, 1.0, 0.5, 10.0):  # of 3 alone, log 1/(1 + k) would be the score for k = 1
        said, score = table(answer(k), (2,), "your answer has").tolist()
        right, when = 1 / (1 + k), f"for k = {k:g}"
        answers = {
            "this is the answer for k = 1: with more fakes, fewer of all numbers are real": 0.5,
            "this is the share of the generated numbers: D says how likely a number is to be *real*": k * right,
            "this is one real number to k generated ones; divide by all of them, 1 + k": 1 / k,
            "this is the logit: the probability is asked for": -math.log(k),
        }
        if wrong := wrong_value(said, right, answers, f"the answer, {when}"):
            return wrong
        real, fake = math.log(right), math.log(1 - right)
        scores = {
            "this is the score for k = 1": -math.log(4),
            "the generated numbers count k times in this score": real + fake,
            "k belongs to the generated numbers, not to the real ones": k * real + fake,
            "this is the mean over all numbers: the score adds two means, the second one k times": (real + k * fake)
            * right,
            "the generated part is missing": real,
            "the real part is missing": k * fake,
            "the generated part takes log(1 − D), not log D": (1 + k) * real,
            "the sign is reversed: logarithms of probabilities are negative": -real - k * fake,
        }
        if wrong := wrong_value(score, real + k * fake, scores, f"the score, {when}"):
            return wrong
    return None


@check(
    "box_score",
    todo="return the best discriminator's score for two boxes, θ apart",
    shows="right: −log 4 when the boxes agree, 0 from θ = ±1 on, and a straight line between",
)
def box_score(answer: Any) -> str | None:
    """``answer(theta)``: a number → −log 4 · max(0, 1 − |theta|)."""
    for theta in (0.25, 0.5, 0.0, 1.0, 2.0, -0.25, -3.0, 1000.0, -1000.0):
        overlap = max(0.0, 1 - abs(theta))
        right = -math.log(4) * overlap
        known = {
            "this is right while the boxes overlap; beyond, there is no overlap, and not a negative one": -math.log(4)
            * (1 - abs(theta)),
            "the box may lie on the left, too: θ can be negative": -math.log(4) * min(1.0, max(0.0, 1 - theta)),
            "this is the JSD: the score is −log 4 + 2 JSD": math.log(2) * (1 - overlap),
            "this is the width of the overlap: what does D* = ½ score there?": overlap,
            "real and generated numbers both fall into the overlap, each with log ½: together log 4": -math.log(2)
            * overlap,
            "the sign is reversed: logarithms of probabilities are negative": math.log(4) * overlap,
            "this is the score of what does not overlap: there D* is sure and right, which costs nothing": -math.log(4)
            * (1 - overlap),
            "this is W₁: the score is asked for": abs(theta),
        }
        if wrong := wrong_value(number(answer(theta)), right, known, f"for θ = {theta:g}"):
            return wrong
    return None


@check(
    "w1_of_sizes",
    todo="return W₁ of two samples that may have different sizes",
    shows="right: every number of each sample is carried, whatever the sizes and the order",
)
def w1_of_sizes(answer: Any) -> str | None:
    """``answer(a, b)``: numbers (n,) and (m,) → W₁ of the two samples."""
    trials = (
        ([0.0, 1.0, 2.0, 3.0], [0.0, 1.0]),
        ([3.0, 0.0, 2.0, 1.0], [1.5]),
        ([5.0, 1.0, 4.0], [2.0, 9.0, 3.0]),
        ([1.0, 0.0], [4.0, -1000.0, 2.0]),
    )
    for one, other in trials:
        a, b = (torch.tensor(numbers, dtype=torch.float64) for numbers in (one, other))
        if wrong := _w1(number(answer(a.clone(), b.clone())), a, b, f"for {one} and {other}"):
            return wrong
    return None


def _w1(got: float, a: Tensor, b: Tensor, opening: str) -> str | None:
    n = min(len(a), len(b))
    low, high = a.sort().values, b.sort().values
    all_a, all_b = (one.repeat_interleave(len(two)).sort().values for one, two in ((a, b), (b, a)))
    known = {
        "the largest numbers are still left out: each has to be carried somewhere": (low[:n] - high[:n]).abs().mean(),
        "the smallest numbers are left out now": (low[-n:] - high[-n:]).abs().mean(),
        "this is the distance of the means: ways in opposite directions do not cancel": (a.mean() - b.mean()).abs(),
        "these are all pairs: each number goes to one place, not to all": (a[:, None] - b).abs().mean(),
        "the ways are added up: the mean way is asked for": (all_a - all_b).abs().sum(),
        "the numbers are not sorted": (a.repeat_interleave(len(b)) - b.repeat_interleave(len(a))).abs().mean(),
        "the ways were squared": (all_a - all_b).square().mean(),
    }
    return wrong_value(got, (all_a - all_b).abs().mean(), known, opening)


def _kl(p: Tensor, q: Tensor) -> Tensor:
    # Not xlogy(p, p / q), which is NaN where both are 0.
    return (torch.special.xlogy(p, p) - torch.special.xlogy(p, q)).sum()
