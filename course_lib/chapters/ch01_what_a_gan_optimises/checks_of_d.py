"""The checks of lesson 01.1: a discriminator by hand, the best one, and its logit."""

import math
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import table, wrong_value
from course_lib.metrics.divergence import gaussian, integral, midpoints

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
    assert got.shape == p.shape, f"it returned shape {tuple(got.shape)}, expected one number a strip, {tuple(p.shape)}"
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
    wrong = wrong_value(got, p / (p + k * q), known, f"for k = {k:g}, p = {p[0]:.3g} …, q = {q[0]:.3g} …")
    return f"{wrong}; with k = 3 it is right: {remedy}" if wrong and remedy else wrong


@check(
    "my_discriminator",
    todo="return a probability for each number of x, so that V is at least −0.80",
    shows="right: surer where one kind prevails, less sure where they mix, and V is at least −0.80",
)
def my_discriminator(answer: Any) -> str | None:
    """``answer(x)``: numbers (n,) → probabilities (n,) with V ≥ −0.80 against N(2, 1) and N(0, 1)."""
    x = midpoints(-5, 7, 1200)  # beyond lies less than a millionth of either
    got = table(answer(x.clone()), tuple(x.shape))
    if wrong := _no_probabilities(got, x):
        return wrong
    some = torch.tensor([0.25, -2.0, 3.5], dtype=torch.float64)
    apart = torch.stack([table(answer(one.clone()), (1,))[0] for one in some[:, None]])
    together = table(answer(some.clone()), (3,))
    if not torch.allclose(together, apart, atol=1e-6):
        gap = f"{apart[0]:.3g} alone and {together[0]:.3g} beside other numbers"
        return f"at x = 0.25 it answers {gap}: look at each x by itself"
    p, q = gaussian(x, 2.0), gaussian(x, 0.0)
    reached, mirrored = (integral(p * D.log() + q * (1 - D).log(), x).item() for D in (got, 1 - got))
    if reached >= -0.80:
        return None
    why = "better than “careful”; answer less surely where the two kinds mix most"
    if mirrored > reached + 0.01:
        why = f"real and generated are swapped: 1 − D would reach {mirrored:.3f}"
    elif abs(reached + math.log(4)) < 0.005:
        why = "that is a coin's score: answer higher where the real numbers prevail"
    elif reached < -math.log(4):
        why = "worse than a coin: it is too sure on one of the sides"
    elif reached < -0.909:
        why = "not yet better than “careful” with its −0.908"
    return f"V is {reached:.3f}, asked for is −0.80 ({why})"


def _no_probabilities(got: Tensor, x: Tensor) -> str | None:
    outside = (got < 0) | (got > 1)
    if outside.any():
        at = int(outside.nonzero()[0])
        return f"at x = {x[at]:.2f} it answers {got[at]:.3g}: a probability lies between 0 and 1"
    if (sure := (got == 0) | (got == 1)).any():
        at = int(sure.nonzero()[0])
        cost = "one number on the wrong side costs −log 0, without limit"
        return f"at x = {x[at]:.2f} it answers exactly {got[at]:g}: {cost}"
    return None


@check(
    "best_logit",
    todo="return the logit of the best discriminator, for real numbers around a and generated ones around b",
    shows="right: a line that is 0 half-way between a and b, also at x = ±1000",
)
def best_logit(answer: Any) -> str | None:
    """``answer(x, a, b)``: numbers (n,), two means → log N(x; a, 1) − log N(x; b, 1), (n,)."""
    near = torch.linspace(-4, 5, 7, dtype=torch.float64)
    far = torch.tensor([-1000.0, 1000.0], dtype=torch.float64)
    trials = ((near, 2.0, 0.0), (near, -1.0, 3.0), (near, 0.5, 0.5), (far, 2.0, 0.0))
    return next((wrong for x, a, b in trials if (wrong := _logit(answer, x, a, b))), None)


def _logit(answer: Any, x: Tensor, a: float, b: float) -> str | None:
    result, right = answer(x.clone(), a, b), (a - b) * x - (a**2 - b**2) / 2
    if isinstance(result, torch.Tensor) and not torch.isfinite(result.detach().double()).all() and abs(x[0]) == 1000:
        return "at x = ±1000 it is not finite: both densities are 0 there for a computer, so write the line itself"
    got = table(result, tuple(x.shape))
    known = {
        "this is the probability: its logit is asked for": torch.sigmoid(right),
        "the sign is reversed: the logit is positive where the real numbers prevail": -right,
        "the constant is twice too large: each square is divided by 2": right - (a**2 - b**2) / 2,
        "the constant is missing: the line has to be 0 half-way between a and b": (a - b) * x,
        "the constant has the wrong sign: the line has to be 0 half-way between a and b": right + (a**2 - b**2),
        "this is right for a = 2, b = 0 only: use a and b": 2 * x - 2,
        "this is log p alone: log q has to be taken away": -((x - a) ** 2) / 2,
        "the squares need the factor ½": (x - b) ** 2 - (x - a) ** 2,
    }
    return wrong_value(got, right, known, f"for a = {a:g}, b = {b:g}")
