"""The checks of notebook 01: the best discriminator, the Jensen–Shannon divergence, and what goes to 0 when."""

import math
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import explain, number, table

_P = torch.tensor([0.30, 0.05, 0.18, 0.02, 0.45], dtype=torch.float64)
_Q = torch.tensor([0.10, 0.40, 0.20, 0.25, 0.05], dtype=torch.float64)


@check(
    "best_discriminator",
    todo="return the discriminator that scores highest with k generated examples for each real one",
    shows="right: the share of the real among all that falls there, and p/(p+q) when k is 1",
)
def best_discriminator(answer: Any) -> str | None:
    """``answer(p, q, k)``: densities (n,) and a number → p / (p + k·q), (n,)."""
    g = torch.Generator().manual_seed(1)
    first, second = (torch.rand(9, generator=g, dtype=torch.float64) * 3 + 0.01 for _ in range(2))
    return (
        _best(answer, _P, _Q, 3.0)
        or _best(answer, _P, _Q, 0.5, "use k itself, not the number 3")
        or _best(answer, first, second, 1)
        or _best(answer, second, first, 10)
    )


def _best(answer: Any, p: Tensor, q: Tensor, k: float, remedy: str = "") -> str | None:
    got = table(answer(p.clone(), q.clone(), k))
    assert got.numel() > 1 or len(p) == 1, f"it returned one number, expected a table of {len(p)}: do not add up"
    assert got.shape == p.shape, f"it returned shape {tuple(got.shape)}, expected one number a cell, {tuple(p.shape)}"
    known = {
        "this is the best one for k = 1: with more generated examples it has to answer lower, so k belongs in it": p
        / (p + q),
        "real and generated are swapped: this is high where the generated are": k * q / (p + k * q),
        "k weighs the real ones here: it is the generated ones that come k times": k * p / (k * p + q),
        "this is p/(p+q) divided by k: k has to be inside, beside q": p / (p + q) / k,
        "these are the odds p : kq, which can exceed 1: a probability is the share of p in the whole": p / (k * q),
        "this is the logit: the sigmoid of it would be the probability": (p / (k * q)).log(),
        "this is a hard decision: certain and wrong scores −∞, so answer the share instead": (p > k * q).double(),
        "it is ½ where p = kq, as it must be, but wrong elsewhere: go back to a/y = kb/(1−y)": torch.sigmoid(p - k * q),
        "k was added to q: it is the generated ones that come k times": p / (p + q + k),
    }
    wrong = explain(got, p / (p + k * q), known, f"for k = {k:g}, p = {p[0]:.3g} …, q = {q[0]:.3g} …")
    return f"{wrong}; with k = 3 it is right: {remedy}" if wrong and remedy else wrong


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
        return f"for {when} it returned NaN: 0 · log 0 is not a number; the notebook's kl avoids that by xlogy"
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
    return explain(got, right, known, f"for {when}")


@check(
    "which",
    function=False,
    todo='answer the four questions with four letters, such as "aaaa"',
    shows="right: V is 0 at its worst and −log 4 at its best, only W₁ sees far, and a loss of log 4 proves nothing",
)
def which(answer: Any) -> str | None:
    """Four letters from a to d."""
    assert isinstance(answer, str), f'expected four letters in quotes, such as "aaaa", got a {type(answer).__name__}'
    letters = "".join(one for one in answer.lower() if one.isalpha())
    assert len(letters) == 4 and set(letters) <= set("abcd"), (
        f'expected four letters from a to d, such as "aaaa", got {answer!r:.60}'
    )
    wrong = [f"question {i}: {_WHY[i - 1][letter]}" for i, letter in enumerate(letters, 1) if letter in _WHY[i - 1]]
    return "; ".join(wrong) or None


_WHY = (
    {
        "a": "V goes to its lowest, −log 4, because the best D is then a coin",
        "b": "D's loss is −V, and that goes to log 4 = 1.39: D can only guess, which is the most that it can lose",
        "d": "D is ½ everywhere, so G's loss is −log ½ = 0.69, and not 0",
    },
    {
        "b": "without overlap JSD goes to its highest, log 2: 0 would mean that the two are equal",
        "c": "W₁ is the distance itself, and grows without end",
        "d": "D recognises every fake, so −log D(G(z)) grows without end; the loss that goes to 0 is the other player's",
    },
    {
        "a": "V is flat there: at 20 standard deviations its slope was about 1e-22",
        "b": "JSD is (V + log 4)/2, so it is as flat as V",
        "c": "D's loss is −V, so it is as flat as V",
    },
    {
        "a": "q = p gives this loss, but so does a D that has learned nothing, against any generator",
        "c": "a D that has won has a loss near 0; log 4 is what a coin gets",
        "d": "a D that overfits is below log 4 on its own examples, and above it on others",
    },
)


def _kl(p: Tensor, q: Tensor) -> Tensor:
    # Not xlogy(p, p / q), which is NaN where both are 0.
    return (torch.special.xlogy(p, p) - torch.special.xlogy(p, q)).sum()
