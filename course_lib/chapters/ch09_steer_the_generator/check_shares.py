"""Checks of lesson 09.3: shares of a linear property, a fair share for two."""

from typing import Any

import torch

from course_lib.learn.exercises import check
from course_lib.learn.numbers import table, wrong_value


@check(
    "linear_shares",
    todo="return each number's share: its slope times how far it is from the baseline",
    shows="right: the shares add up to the difference of the two outputs",
)
def linear_shares(answer: Any) -> str | None:
    """``answer(W, c, z, baseline)``: (pixels, n), (pixels,), (n,), (n,) → (n,)."""
    return next((wrong for size in ((6, 4), (3, 3), (20, 7)) if (wrong := _linear(answer, *size))), None)


def _linear(answer: Any, pixels: int, n: int) -> str | None:
    g = torch.Generator().manual_seed(pixels)
    W, c, z, base = (torch.randn(*size, generator=g) for size in ((pixels, n), (pixels,), (n,), (n,)))
    got = table(answer(W.clone(), c.clone(), z.clone(), base.clone()))
    if got.numel() == 1:
        return f"it returned one number, the whole difference perhaps: return the {n} shares"
    assert got.numel() == n, f"it returned {got.numel()} numbers, expected {n}, one for each number of z"
    W, c, z, base = (x.double() for x in (W, c, z, base))
    slope = W.T @ c
    right = slope * (z - base)
    known = {
        "compare with the baseline: the step is z − baseline, not z": slope * z,
        "the slopes are right, the steps are missing: times z − baseline": slope,
        "the signs are reversed: the step goes from the baseline to z": -right,
        "the weights c of the pixels are missing": W.sum(0) * (z - base),
        "the sizes have no sign: a number may lower the property": right.abs(),
        "this gives each the same share: look at its own slope and step": right.sum().expand(n) / n,
        "this is the share of the sum: leave it in the property's own unit": right / right.sum(),
        "step and baseline are added: take one from the other": slope * (z + base),
    }
    if pixels == n:
        known["W is the wrong way round: the slope is Wᵀ c"] = (W @ c) * (z - base)
    return wrong_value(got.flatten(), right, known, f"for {pixels} pixels and {n} numbers", within=1e-4)


_WORTHS = (  # what nobody, the first alone, the second alone and both are worth
    (1.0, 3.0, 2.0, 9.0),  # nobody earns something, and two earn more than both
    (0.0, -2.0, 5.0, 1.0),
    (0.5, 0.5, 0.5, -1.25),
)


@check(
    "fair",
    todo="return the two Shapley values of a game for two",
    shows="right: the mean gain over both orders of arriving, and the two sum to what both earn over nobody",
)
def fair(answer: Any) -> str | None:
    """``answer(value)`` → (first, second), for ``value(a, b)`` with a, b 0 or 1."""
    return next((wrong for worth in _WORTHS if (wrong := _fair(answer, *worth))), None)


def _fair(answer: Any, nobody: float, one: float, two: float, both: float) -> str | None:
    got = table(answer(lambda a, b: (nobody, two, one, both)[2 * int(a) + int(b)]))
    assert got.numel() == 2, f"it returned {got.numel()} number{'s' * (got.numel() != 1)}, expected a pair of numbers"
    right = ((one - nobody + both - two) / 2, (two - nobody + both - one) / 2)
    known = {
        "this is what each loses for the group by leaving (one at a time): what takes two is counted twice": (
            both - two,
            both - one,
        ),
        "this is what each earns alone: what takes two is left out": (one - nobody, two - nobody),
        "this is what each alone is worth, the worth of nobody included": (one, two),
        "these are sums over the two orders: take their mean": (2 * right[0], 2 * right[1]),
        "the two shares are swapped": right[::-1],
        "nobody at all earns 1 here: what each brings alone is measured against value(0, 0)": (
            (one + both - two) / 2,
            (two + both - one) / 2,
        ),
        "both get the same, whatever they bring: look at who adds what": ((both - nobody) / 2,) * 2,
        "both get half of what both earn: look at who adds what, over nobody": (both / 2,) * 2,
        "the signs are reversed: what is there with the number on, minus what is there without": (-right[0], -right[1]),
        "this is one order of arriving only, first then second: take the mean of both orders": (
            one - nobody,
            both - one,
        ),
        "this is one order of arriving only, second then first: take the mean of both orders": (
            both - two,
            two - nobody,
        ),
    }
    when = f"for a game in which nobody earns {nobody:g}, the first {one:g}, the second {two:g} and both {both:g}"
    return wrong_value(got.flatten(), right, known, when, within=1e-6)
