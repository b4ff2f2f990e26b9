"""Checks of lesson 09.5: the gap of a factor, the vote of the FactorVAE score."""

from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, wrong_value


@check(
    "gap",
    todo="return the best number's share minus the second-best's",
    shows="right: 1 for one number that tells all, 0 for two that tell the same",
)
def gap(answer: Any) -> str | None:
    """``answer(told, entropy)``: nats that each number tells of a factor, and all there is → a share."""
    trials = (
        ([0.1, 1.2, 0.3, 0.2], 1.5),
        ([0.7, 0.7, 0.0], 0.9),
        ([0.0, 0.0, 2.0, 0.0], 2.0),
        ([1.0, 0.25], 1.25),
        ([0.05, 0.1, 0.2, 0.4, 0.3, 0.0], 1.8),
    )
    return next((wrong for told, entropy in trials if (wrong := _gap(answer, told, entropy))), None)


def _gap(answer: Any, told: list[float], entropy: float) -> str | None:
    given = torch.tensor(told).double()
    got = number(answer(given, entropy))
    if not torch.equal(given, torch.tensor(told).double()):
        return "it changed the list: work on a copy"
    order, n = sorted(told), len(told)
    right = (order[-1] - order[-2]) / entropy
    known = {
        "as a share of all there is to tell: divide by the entropy": order[-1] - order[-2],
        "this is the best number's share alone: take away that of the second-best": order[-1] / entropy,
        "the sign is reversed: the best minus the second-best": -right,
        "compare with the second-best, not with the worst": (order[-1] - order[0]) / entropy,
        "compare with the second-best, not with the mean": (order[-1] - sum(told) / n) / entropy,
        "compare with the second-best, not with all others together": (2 * order[-1] - sum(told)) / entropy,
        "these are the first two of the list: sort it first": [
            (told[0] - told[1]) / entropy,
            (told[-1] - told[-2]) / entropy,
        ],
        "those are the two smallest: from the end of the sorted list": (order[1] - order[0]) / entropy,
        "divide by the entropy, not by what the best number tells": (order[-1] - order[-2]) / (order[-1] or 1),
    }
    return wrong_value(got, right, known, f"for {told} of {entropy:g} nats", within=1e-6)


@check(
    "vote",
    todo="return which number of the code changes least, beside its usual spread",
    shows="right: a number that changes little everywhere does not win by that alone",
)
def vote(answer: Any) -> str | None:
    """``answer(codes, usual)``: (n, numbers), the numbers' usual standard deviations (numbers,) → the place of one."""
    g = torch.Generator().manual_seed(4)
    trials = (
        (torch.tensor([0.3, 0.4, 5.0, 2.0]), torch.tensor([0.8, 0.5, 0.1, 0.9])),
        (torch.tensor([1.0, 0.01, 3.0, 1.0]), torch.tensor([0.2, 0.9, 0.9, 0.7])),
        (torch.tensor([0.5, 10.0]), torch.tensor([0.9, 0.3])),
    )
    for usual, share in trials:
        noise = torch.randn(400, len(usual), generator=g)
        noise = (noise - noise.mean(0)) / noise.std(0)
        codes = noise * usual * share + 3 * torch.arange(len(usual))
        if wrong := _vote(answer, codes, usual):
            return wrong
    return None


def _vote(answer: Any, codes: Tensor, usual: Tensor) -> str | None:
    given = codes.clone(), usual.clone()
    got = number(answer(*given))
    if not (torch.equal(given[0], codes) and torch.equal(given[1], usual)):
        return "it changed what it was given: work on copies"
    n, spread = len(usual), codes.std(0)
    right = int((spread / usual).argmin())
    if got == right:
        return None
    assert got == int(got) and 0 <= got < n, f"got {got:g}, expected the place of one of {n} numbers: 0 to {n - 1}"
    known = {
        "the spread alone: one that is small everywhere wins; divide by the usual spread": int(spread.argmin()),
        "that is the one that changes *most* beside its usual spread: the held factor's number changes least": int(
            (spread / usual).argmax()
        ),
        "that is the one with the smallest usual spread: look at these codes": int(usual.argmin()),
    }
    reason = next((f"{sentence}: " for sentence, wrong in known.items() if got == wrong), "")
    ratios = ", ".join(f"{value:.2f}" for value in (spread / usual).tolist())
    return f"{reason}got {int(got)}, expected {right}; spread over usual spread: {ratios}"
