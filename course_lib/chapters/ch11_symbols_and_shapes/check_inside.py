"""The checks of lesson 11.2: TCAV's score, and a p-value by random concepts."""

from typing import Any

import torch

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, wrong_value


@check(
    "tcav_share",
    todo="return the share of pictures whose slope along the direction is above 0",
    shows="right: a share of pictures, whatever the sizes of their slopes",
)
def tcav_share(answer: Any) -> str | None:
    """``answer(slopes, direction)``: ``(N, K)``, ``(K,)`` → one number."""
    g = torch.Generator().manual_seed(47)
    cases = [(torch.randn(n, k, generator=g), torch.randn(k, generator=g)) for n, k in ((7, 3), (11, 5), (4, 9))]
    cases += [
        (torch.tensor([[1.0, 0.0], [0.0, 1.0], [-2.0, 0.0], [0.0, -900.0], [3.0, 0.0]]), torch.tensor([1.0, 0.0]))
    ]
    for slopes, direction in cases:
        got = number(answer(slopes.clone(), direction.clone()))
        along = slopes @ direction
        known = {
            "that counts slopes below 0: count those above": (along < 0).double().mean(),
            "a slope of 0 counts as rising: count only those above 0": (along >= 0).double().mean(),
            "that is the mean slope: return the share above 0": along.mean(),
            "these are the pictures that rise: divide by how many there are": (along > 0).double().sum(),
            "that counts single numbers: add up slope times direction over the numbers first": [
                (slopes * direction > 0).double().mean(),
                (slopes > 0).double().mean(),
            ],
            "that asks the mean picture: ask each picture for itself": (along.mean() > 0).double(),
        }
        when = f"for {len(slopes)} pictures and a layer of {slopes.shape[1]} numbers"
        if wrong := wrong_value(got, (along > 0).double().mean(), known, when):
            return wrong
    return None


@check(
    "p_value",
    todo="return the concept's rank among the random ones as a chance, times the number of tests",
    shows="right: the concept counts among the random ones, both directions count, and many tests cost",
)
def p_value(answer: Any) -> str | None:
    """``answer(value, randoms, tests)``: a number, ``(R,)``, a whole number → one number, at most 1."""
    g = torch.Generator().manual_seed(53)
    some = torch.randn(99, generator=g)
    cases = [
        (2.2, some, 1),
        (-2.4, some, 3),
        (5.0, some, 1),
        (-5.0, some, 6),
        (0.1, some, 4),
        (1.0, torch.tensor([1.0, -1.0, 0.5, -0.2, 0.3, 0.1, 0.0, 0.2, -0.3]), 2),
    ]
    for value, randoms, tests in cases:
        got = number(answer(value, randoms.clone(), tests))
        size, r = randoms.abs(), len(randoms)
        as_far = (size >= abs(value)).sum().double()

        def capped(p: torch.Tensor, tests: int = tests) -> torch.Tensor:
            return (p * tests).clamp(max=1)

        right = capped((1 + as_far) / (r + 1))
        known = {
            "more than 1 is no chance: cut it off at 1": (1 + as_far) / (r + 1) * tests,
            "a chance of 0 cannot be had: count the concept among the random ones, above and below the line": [
                capped(as_far / r),
                capped(as_far / (r + 1)),
                as_far / r,
            ],
            "divide by the random ones and the concept together": capped((1 + as_far) / r),
            "many tests cost: multiply by their number": (1 + as_far) / (r + 1),
            "many tests cost: multiply by their number, do not divide": (1 + as_far) / (r + 1) / tests,
            "that looks to one side: a slope far below 0 is as unusual, so compare sizes": [
                capped((1 + (randoms >= value).sum().double()) / (r + 1)),
                capped((1 + (randoms <= value).sum().double()) / (r + 1)),
            ],
            "an equal one is as far out: use ≥": capped((1 + (size > abs(value)).sum().double()) / (r + 1)),
            "that is the chance of the others: count those that are as far from 0 or farther": capped(
                1 - (1 + as_far) / (r + 1)
            ),
        }
        if wrong := wrong_value(got, right, known, f"for {value}, {r} random concepts and {tests} tests"):
            return wrong
    return None
