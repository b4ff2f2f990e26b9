"""The checks of lesson 01.5: the bound that a score gives, and what goes to 0 when."""

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import softplus

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, wrong_value


@check(
    "share_at_two",
    todo="return D* at 2 for a bump of real numbers that holds the share r and has the standard deviation s",
    shows="right: r/s real ones for each generated one, also where the bump is very narrow",
)
def share_at_two(answer: Any) -> str | None:
    """``answer(r, s)``: two numbers → (r/s) / (r/s + 1)."""
    for r, s in ((0.5, 0.6), (0.25, 0.5), (1.0, 1.0), (0.8, 2.0), (0.5, 1e-6), (0.0, 0.6)):
        odds = r / s
        known = {
            "the width is missing: a narrow bump is higher for as many numbers": r / (r + 1),
            "a wide bump is lower, not higher: s divides": r * s / (r * s + 1),
            "these are the odds p : q, which can exceed 1: a probability is p/(p+q)": odds,
            "real and generated are swapped": 1 / (odds + 1),
            "this is the logit, the logarithm of the odds": math.log(odds) if odds else math.nan,
            "the height of a bell is 1/s, not 1/s²": (r / s**2) / (r / s**2 + 1),
            "the share r is missing": (1 / s) / (1 / s + 1),
        }
        if wrong := wrong_value(number(answer(r, s)), odds / (odds + 1), known, f"for r = {r:g}, s = {s:g}"):
            return wrong
    return None


@check(
    "bound",
    todo="return the lower bound of the JSD that these logits give",
    shows="right: 0 for a coin, at most log 2, and finite also for logits of ±1000",
)
def bound(answer: Any) -> str | None:
    """``answer(real_logits, fake_logits)``: (n,) and (m,) → (V + log 4) / 2."""
    g = torch.Generator().manual_seed(3)
    real, fake = (torch.randn(n, generator=g, dtype=torch.float64) * 2 + shift for n, shift in ((7, 1.0), (4, -0.5)))
    sure = torch.tensor([1000.0, 1000.0]).double()
    trials = {
        "7 real and 4 generated logits": (real, fake),
        "logits of 0": (torch.zeros(3).double(), torch.zeros(3).double()),
        "sure and right (±1000)": (sure, -sure),
        "sure and wrong (±1000)": (-sure, sure),
    }
    return next((wrong for when, logits in trials.items() if (wrong := _bound(answer, when, *logits))), None)


def _bound(answer: Any, when: str, real: Tensor, fake: Tensor) -> str | None:
    result = answer(real.clone(), fake.clone())
    if isinstance(result, torch.Tensor | float) and not torch.isfinite(torch.as_tensor(result).detach().double()).all():
        why = "a sigmoid rounds to 0 or 1 there, so use softplus (or logsigmoid) of the logit"
        return f"for {when} it is not finite: {why}"
    log_real, log_fake = -softplus(-real), -softplus(fake)  # log D, log (1 − D)
    V = log_real.mean() + log_fake.mean()
    together = torch.cat([log_real, log_fake]).mean()
    swapped = -(softplus(real).mean() + softplus(-fake).mean())
    known = {
        "this is the score V itself: add log 4, and halve": V,
        "this is twice the bound: halve it": V + math.log(4),
        "only V was halved, or log 4 twice as large: halve the sum of both": V / 2 + math.log(4),
        "log 4 has the wrong sign": (V - math.log(4)) / 2,
        "this is D's loss, −V, in the place of its score V": (-V + math.log(4)) / 2,
        "the sign is reversed": -(V + math.log(4)) / 2,
        "real and generated are swapped": (swapped + math.log(4)) / 2,
        "the real ones alone are in it": (log_real.mean() + math.log(4)) / 2,
        "the generated ones alone are in it": (log_fake.mean() + math.log(4)) / 2,
        "all logits were averaged together: each kind has its own mean": (2 * together + math.log(4)) / 2,
        "the logarithms were added up: average them": (log_real.sum() + log_fake.sum() + math.log(4)) / 2,
        "both kinds were counted as real": ((log_real.mean() - softplus(-fake).mean()) + math.log(4)) / 2,
    }
    return wrong_value(number(result), (V + math.log(4)) / 2, known, f"for {when}")


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
        "b": "D's loss is −V, and that goes to log 4 = 1.39: the best D can only guess, the most that a best D loses",
        "d": "D is ½ everywhere, so G's loss is −log ½ = 0.69, and not 0",
    },
    {
        "b": "without overlap JSD goes to its highest, log 2: 0 would mean that the two are equal",
        "c": "W₁ is the distance itself, and grows without end",
        "d": "D recognises every fake, so −log D(G(z)) grows without end: the other player's loss goes to 0",
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
