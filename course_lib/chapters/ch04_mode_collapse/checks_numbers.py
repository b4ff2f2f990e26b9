"""Checks of chapter 04 whose answers are functions: D's best belief, a heap's way, the race's rule, classes, kinds."""

import math
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, wrong_value


@check(
    "best_belief",
    todo="return what the best discriminator says of a true point of a mode that the generator hits",
    shows="right: 1/9 for one mode of eight, and ½ only when all are hit",
)
def best_belief(answer: Any) -> str | None:
    """``answer(modes, hit)`` → D* = p / (p + q) with p = 1/modes and q = 1/hit: hit / (hit + modes)."""
    for modes, hit in ((8, 2), (8, 1), (8, 8), (25, 5), (1000, 1), (1, 1)):
        p, q = 1 / modes, 1 / hit
        known = {
            "this is q / (p + q), the probability of “generated”: D says how real a point is": q / (p + q),
            "this is 1 / (1 + modes), right for one mode only: q is spread over all modes that are hit": 1
            / (1 + modes),
            "this is p / q, a ratio: D* is p / (p + q)": p / q,
            "this is the share of modes that are hit: at such a point both densities have a bump": hit / modes,
            "this is ½: D* is ½ only where both densities are equal": 0.5,
            "this is p alone: divide by p + q": p,
            "this is p / (p + q) with p = modes and q = hit: a share is 1 over how many": modes / (modes + hit),
        }
        if wrong := wrong_value(
            number(answer(modes, hit)), p / (p + q), known, f"for {modes} modes, {hit} of them hit", within=1e-6
        ):
            return wrong
    return None


def _clouds() -> list[list[Tensor]]:
    """Stops of three games: a heap that comes back to its start, one that stays, one a thousand times as large."""
    g = torch.Generator().manual_seed(4)
    shape = torch.randn(60, 2, generator=g) * 0.2
    shape -= shape.mean(0)
    corners = [torch.tensor(c) for c in ((0.0, 0.0), (3.0, 4.0), (3.0, 0.0), (0.0, 0.0))]
    turning = [shape[torch.randperm(60, generator=g)] * (1 + 0.3 * i) + corner for i, corner in enumerate(corners)]
    still = [shape + 1, -shape + 1, shape.flip(0) * 2 + 1]
    return [turning, still, [1000 * turning[0], 1000 * turning[1][:7]]]


@check(
    "way",
    todo="return how far the middle of the cloud went from stop to stop, all moves added up",
    shows="right: a heap that comes back to its start has gone a long way all the same",
)
def way(answer: Any) -> str | None:
    """``answer(clouds)``: list of (N, 2) → Σ of the distances between the means of neighbouring stops."""
    for name, clouds in zip(("a heap that comes back", "a heap that stays", "large numbers"), _clouds(), strict=True):
        means = torch.stack([cloud.double().mean(0) for cloud in clouds])
        moves = means.diff(dim=0)
        right = moves.norm(dim=1).sum().item()
        known = {
            "this is the way from the first stop to the last: add up all moves in between": (
                means[-1] - means[0]
            ).norm(),
            "this is the mean of the moves: add them up": moves.norm(dim=1).mean(),
            "the moves are squared: a distance is the root of the sum of squares": moves.square().sum(),
            "the coordinates were added without a root (a move of 3 right and 4 up is 5 long)": moves.abs().sum(),
            "moves in opposite directions cancelled: take each one's length first": moves.sum(0).norm(),
            "this is the largest move: add up all of them": moves.norm(dim=1).max(),
            "the moves are averaged over the two coordinates: a distance adds their squares": moves.norm(dim=1).sum()
            / math.sqrt(2),
        }
        pairs = [(a, b) for a, b in pairwise(clouds) if len(a) == len(b)]
        if len(pairs) == len(clouds) - 1:
            sizes = sum((b - a).double().norm(dim=1).mean().item() for a, b in pairs)
            known |= {"single points were followed: take the mean of each cloud first, then compare": sizes}
        given = [cloud.clone() for cloud in clouds]
        if wrong := wrong_value(number(answer(given)), right, known, f"{name}, {len(clouds)} stops", within=1e-4):
            return wrong
    return None


_RACES: tuple[tuple[str, list[float], list[list[float]]], ...] = (
    ("it wins on all of 5 seeds", [0.1] * 5, [[0.2] * 5, [0.3] * 5]),
    (
        "it beats the first control each time, and the second on 2 of 5 seeds",
        [0.2] * 5,
        [[0.9] * 5, [0.3] * 2 + [0.1] * 3],
    ),
    ("it loses on 1 of 10 seeds, by far", [9.0] + [0.1] * 9, [[0.2] * 10, [0.3] * 10]),
    ("it loses on 2 of 10 seeds, by little", [0.21] * 2 + [0.01] * 8, [[0.2] * 10, [0.9] * 10]),
    ("it loses on 1 of 5 seeds", [0.3] + [0.1] * 4, [[0.2] * 5, [0.4] * 5]),
    ("each control wins on one of 10 seeds, another one each time", [0.5] * 10, [[0.4] + [0.9] * 9, [0.9] * 9 + [0.4]]),
    ("it is as far as a control on all seeds", [0.2] * 10, [[0.2] * 10, [0.9] * 10]),
    ("one of its 5 trainings diverged (infinity)", [math.inf] + [0.1] * 4, [[0.2] * 5, [0.3] * 5]),
    ("a control diverged on each of 10 seeds", [0.1] * 10, [[math.inf] * 10, [0.3] * 10]),
)


@check(
    "beats_all",
    todo="return whether the cure beats every control on at least 9 of 10 seeds, or on all of fewer",
    shows="right: seed by seed against the best of all controls, and one lost seed in ten is forgiven",
)
def beats_all(answer: Any) -> str | None:
    """``answer(cure, controls)``: list of energies a seed, list of such lists → bool."""
    for words, cure, controls in _RACES:
        wins = sum(mine < min(rivals) for mine, *rivals in zip(cure, *controls, strict=True))
        right = wins >= (len(cure) - 1 if len(cure) >= 10 else len(cure))
        said = answer(list(cure), [list(control) for control in controls])
        try:
            got = bool(said)
        except (ValueError, RuntimeError, TypeError):
            got = None
        if got is None or (not isinstance(said, bool | int) and getattr(said, "shape", None) != ()):
            return f"it returned {type(said).__name__}: return True or False, one for the whole race"
        if got != right:
            return f"{words}: expected {right}, got {got} (it wins on {wins} of {len(cure)} seeds)"
    return None


@check(
    "evenness",
    todo="return how evenly the classes are hit: 1 for equal shares, 0 for one class alone",
    shows="right: it is 1 − KL / log K, so class entropy and KL say the same",
)
def evenness(answer: Any) -> str | None:
    """``answer(counts)``: (K,) whole numbers → the entropy of the shares, divided by log K."""
    for counts in ([6, 3, 1, 2], [5, 0, 5, 0], [4, 4, 4], [0, 0, 9, 0], [250, 1, 80, 1000, 3, 7, 42]):
        n = torch.tensor(counts)
        p, k = n.double() / n.sum(), len(counts)
        entropy, used = -torch.special.xlogy(p, p).sum().item(), int((n > 0).sum())
        right, when = entropy / math.log(k), f"for the counts {', '.join(map(str, counts))}"
        result = answer(n.clone())
        if 0 in counts and isinstance(result, Tensor | float) and torch.as_tensor(result).isnan().any():
            return f"{when}, with an empty class, it gives NaN: 0·log 0 has to count as 0"
        known = {
            "the entropy is not divided by log K: it would be 1 for equal shares": entropy,
            "this is KL / log K, 0 for equal shares: take it from 1": 1 - right,
            "this is the KL divergence: divide by log K, and take that from 1": math.log(k) - entropy,
            "the sign is reversed: p·log p is never above 0": -right,
            "it is divided by K, not by log K": entropy / k,
            "this is 1 − KL: the KL has to be divided by log K first": 1 - (math.log(k) - entropy),
            "K counts the empty classes, too: it is the length of the list": entropy / math.log(used)
            if used > 1
            else [],
            "this is the share of classes that were hit: how often counts, too": used / k,
            "the logarithm in the entropy has base 2, the other one base e": right / math.log(2),
        }
        if wrong := wrong_value(number(result, f"{when} it gave"), right, known, when, within=1e-4):
            return wrong
    return None


@check(
    "kinds",
    todo="return how many different kinds of stack there are among the three digits of each",
    shows="right: 012 and 210 are two kinds, and a kind counts once, however often it is drawn",
)
def kinds(answer: Any) -> str | None:
    """``answer(digits)``: (N, 3) whole numbers from 0 to 9 → how many different rows."""
    g = torch.Generator().manual_seed(4)
    some = torch.tensor([[0, 1, 2], [2, 1, 0], [0, 1, 2], [0, 3, 0], [1, 1, 1], [9, 9, 9], [3, 0, 0], [0, 0, 3]])
    for digits in (some, torch.tensor([[7, 7, 7]] * 5), torch.randint(10, (3000, 3), generator=g)):
        rows = [tuple(row) for row in digits.tolist()]
        known = {
            "the sum of the digits does not tell 012 from 210: the places need the weights 100, 10 and 1": len(
                {sum(row) for row in rows}
            ),
            "the order of the digits was lost: 012 and 210 are two kinds": len({tuple(sorted(row)) for row in rows}),
            "this is how many stacks there are: the same kind counts once": len(rows),
            "this is how many different digits there are, not stacks": len(digits.unique()),
            "these are the kinds that are missing: count those that are there": 1000 - len(set(rows)),
            "this counts stacks in which a digit stands twice, or all but them": [
                sum(len(set(row)) == 3 for row in rows),
                sum(len(set(row)) < 3 for row in rows),
            ],
            "this is the largest kind, not how many there are": max(100 * a + 10 * b + c for a, b, c in rows),
        }
        if wrong := wrong_value(
            number(answer(digits.clone())), len(set(rows)), known, f"for {len(rows)} stacks", within=1e-9
        ):
            return wrong
    return None
