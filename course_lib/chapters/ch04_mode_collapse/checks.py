"""The checks of chapter 04: counting modes, the distance from equal shares, packing; and those of two files more."""

import math
from typing import Any

import torch
from torch import Tensor

from course_lib.chapters.ch04_mode_collapse.checks_choices import chase, heaps, ill, unfair
from course_lib.chapters.ch04_mode_collapse.checks_numbers import beats_all, best_belief, evenness, kinds, way
from course_lib.learn.exercises import check
from course_lib.learn.numbers import near, number, table, wrong_value

__all__ = [
    "beats_all",
    "best_belief",
    "chase",
    "count_modes",
    "evenness",
    "heaps",
    "ill",
    "kinds",
    "kl",
    "pack",
    "unfair",
    "way",
]

# Two modes lie so near to one another that a point between them is within 3σ of both; nothing hits the last one.
_CENTRES = torch.tensor([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 4.0], [8.0, 8.0], [8.4, 8.0], [-9.0, -9.0]])
# Six points on the first mode, one just inside 3σ of the second, one just outside 3σ of the third, one outside of the
# fourth's circle and inside the square around it, one between the two neighbours, one far from all.
_POINTS = torch.tensor(
    [
        [0.1, 0.0],
        [-0.2, 0.1],
        [0.05, 0.0],
        [0.0, -0.1],
        [0.1, 0.1],
        [-0.1, 0.2],
        [4.29, 0.0],
        [0.0, 4.35],
        [4.25, 4.25],
        [8.2, 8.05],
        [20.0, 20.0],
    ]
)


@check(
    "count_modes",
    todo="return how many centres have at least one point within 3σ",
    shows="right: a mode counts as soon as one point hits it, and points between the modes hit none",
)
def count_modes(answer: Any) -> str | None:
    """``answer(points, centres, sigma)``: (N, 2), (modes, 2), number → how many modes, 4 for the example."""
    g = torch.Generator().manual_seed(4)
    more = [
        (3 * torch.rand(n, 2, generator=g), 3 * torch.rand(k, 2, generator=g), sigma)
        for n, k, sigma in ((40, 25, 0.06), (1, 3, 0.4), (60, 60, 0.05), (3, 9, 0.2), (5, 1, 0.001))
    ]
    return next((wrong for trial in ((_POINTS, _CENTRES, 0.1), *more) if (wrong := _modes(answer, *trial))), None)


def _modes(answer: Any, points: Tensor, centres: Tensor, sigma: float) -> str | None:
    apart = (points[:, None] - centres).norm(dim=2)  # (N, modes)
    got, near_enough = number(answer(points.clone(), centres.clone(), sigma)), apart < 3 * sigma

    def hit(table: Tensor) -> int:
        return int(table.any(0).sum())

    known = {
        "no mode was counted: is the distance compared with 3·sigma (not its square), and in the right direction?": 0,
        "that counts the points that hit a mode: several hit the same one, so count modes": int(
            near_enough.any(1).sum()
        ),
        "that counts every pair of a mode and a point that hits it: count each mode once": int(near_enough.sum()),
        "that is the number of points": len(points),
        "the distance was squared, and 3·sigma was not": hit(apart.square() < 3 * sigma),
        "every mode was counted, also those with no point within 3σ: a far point lies nearest to some mode, too": [
            len(centres),
            len(apart.argmin(1).unique()),
        ],
        "each point was given to its nearest mode only: it may lie within 3σ of two": len(
            apart.argmin(1)[near_enough.any(1)].unique()
        ),
        "the two coordinates were compared one by one, which makes a square of the circle: take the distance": hit(
            ((points[:, None] - centres).abs() < 3 * sigma).all(2)
        ),
        "too few: is 3σ taken as 3·sigma, and not as sigma, 2·sigma or its square?": [
            hit(apart < one) for one in (sigma, 2 * sigma, 3 * sigma**2)
        ],
        "that counts the modes with some point *further* than 3σ": hit(apart > 3 * sigma),
    }
    points_and_modes = f"for {len(points)} point{'s' * (len(points) > 1)} and {len(centres)} modes, σ = {sigma}"
    return wrong_value(got, hit(near_enough), known, points_and_modes)


@check(
    "kl",
    todo="return the KL divergence of the histogram's shares from equal shares",
    shows="right: 0 for equal counts, log K when everything falls on one of K modes, and no NaN at an empty mode",
)
def kl(answer: Any) -> str | None:
    """``answer(counts)``: (K,) whole numbers → Σ p log(p·K) with p = counts / Σ counts, in nats."""
    trials = ([6, 3, 1, 2], [5, 0, 5, 0], [4, 4, 4], [0, 0, 9, 0, 0], [250, 1, 80, 1000, 3, 7, 42])
    return next((wrong for one in trials if (wrong := _kl(answer, torch.tensor(one)))), None)


def _kl(answer: Any, counts: Tensor) -> str | None:
    when, k = f"for the counts {', '.join(str(n) for n in counts.tolist())}", len(counts)
    result, p = answer(counts.clone()), counts.double() / counts.sum()
    if (counts == 0).any() and isinstance(result, Tensor | float) and torch.as_tensor(result).isnan().any():
        return f"{when}, with an empty mode, it gives NaN: 0·log 0 has to count as 0 (torch.special.xlogy does that)"
    got, full = number(result, f"{when} it gave"), p[p > 0]
    right = torch.special.xlogy(p, p * k).sum().item()
    entropy = -torch.special.xlogy(p, p).sum().item()
    known = {
        "this is the entropy: the KL divergence is log K minus it": entropy,
        "the logarithm is of p alone: compare p with 1/K inside it": -entropy,
        "the sign is reversed: a KL divergence is never negative": -right,
        "this is KL(equal ‖ shares), the other direction: it is infinite as soon as one mode is missed": -(p * k)
        .log()
        .mean()
        .item()
        if (p > 0).all()
        else [],
        "the counts were not divided by their sum: make shares of them first": [
            torch.special.xlogy(counts, counts * k).sum().item(),
            torch.special.xlogy(counts, p * k).sum().item(),
        ],
        "this is in bits: the course's log has base e": right / math.log(2),
        "this is in digits, with a logarithm to base 10: the course's log has base e": right / math.log(10),
        "this is the mean over the modes: add up instead": right / k,
        "K counts the empty modes, too: it is the length of the list": (full * (full * len(full)).log()).sum(),
        "the counts were divided by the largest of them: shares add up to 1": torch.special.xlogy(
            counts / counts.max(), counts / counts.max() * k
        ).sum(),
        "a softmax was taken: shares are the counts divided by their sum": torch.special.xlogy(
            counts.double().softmax(0), counts.double().softmax(0) * k
        ).sum(),
        "the logarithm has p / K in it, not p·K": torch.special.xlogy(p, p / k).sum(),
    }
    return wrong_value(got, right, known, when, within=1e-4)


@check(
    "pack",
    todo="return the points in packs: each row holds ``size`` neighbours side by side",
    shows="right: the discriminator now sees several points at once, and none of them twice",
)
def pack(answer: Any) -> str | None:
    """``answer(points, size)``: (N, C) → (N / size, size·C), neighbours side by side."""
    trials = ((6, 2, 3), (8, 2, 2), (4, 1, 4), (6, 3, 1), (9, 3, 3))
    return next((wrong for n, c, size in trials if (wrong := _pack(answer, n, c, size))), None)


def _pack(answer: Any, n: int, c: int, size: int) -> str | None:
    x = torch.arange(n * c * 1.0).reshape(n, c)
    given, right = x.clone(), x.reshape(n // size, size * c)
    result = answer(given, size)
    assert isinstance(result, Tensor), f"it returned a {type(result).__name__}, expected a tensor"
    got = table(result)
    assert torch.equal(given, x), "the points that were handed in have changed: make a new tensor"
    if got.shape != right.shape:
        hint = {
            (n, size * c): f"each point is in several packs; N points make N / size = {n // size} packs",
            (size, n * c // size): f"those are {size} packs of {n // size}; `size` says how many points are in one",
            (n // size, size, c): "the points of a pack are still apart: lay them side by side, in one row",
            (n * c,): "everything lies in one row: a row for each pack",
        }.get(tuple(got.shape))
        return (
            f"{n} points of {c} number{'s' * (c > 1)} in packs of {size} gave shape {tuple(got.shape)}, expected "
            f"{tuple(right.shape)}{': ' + hint if hint else ''}"
        )
    if not near(got, right.double()):
        known = {
            "the coordinates were torn apart: all x came first, then all y; keep each point's numbers together": x.T.reshape(
                right.shape
            ),
            "points from far apart were put together: a pack holds neighbours": torch.cat(x.chunk(size), 1),
            "within a pack, all x came first, then all y; keep each point's numbers together": x.reshape(
                n // size, size, c
            )
            .transpose(1, 2)
            .reshape(right.shape),
            "the order of the points is turned round": [x.flip(0).reshape(right.shape), right.flip(0), right.flip(1)],
            "a pack holds one point, again and again": x[::size].repeat(1, size),
        }
        return (
            f"{wrong_value(got, right, known)}: the first pack is {got[0].tolist()}, expected {right[0].tolist()}, "
            f"{size} whole points, one after the other"
        )
    leaf = x.clone().requires_grad_()
    return (
        None
        if answer(leaf * 1.0, size).requires_grad
        else ("the numbers are right, but cut off from the generator: do not detach, it has to learn through them")
    )
