"""The checks of lessons 06.4 and 06.5: a gap, suspected copies, a mixture's likelihood, runs compared seed by seed."""

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value


@check(
    "gap",
    todo="return the gap from three heaps of logits",
    shows="right: 0 if held-out pictures look as real as training pictures, 1 if they look as fake as drawn ones",
)
def gap(answer: Any) -> str | None:
    """``answer(on_train, on_held_out, on_drawn)``: logits ``(n, 1)``, each another n → a number."""
    g = torch.Generator().manual_seed(9)
    trials = {
        "for a D that knows a part by heart": ((3.0, 40), (1.0, 10), (-2.0, 25)),
        "for a D that generalises": ((2.0, 8), (2.0, 16), (-3.0, 8)),
        "for a D that finds new pictures faker than drawn ones": ((1.0, 6), (-1000.0, 9), (-4.0, 12)),
        "for a D that finds drawn pictures more real": ((-1.0, 5), (0.5, 5), (1.0, 7)),
    }
    for when, heaps in trials.items():
        train, new, drawn = (mean + 0.5 * torch.randn(n, 1, generator=g) for mean, n in heaps)
        got = number(answer(train.clone(), new.clone(), drawn.clone()))
        t, h, d = (x.double().mean() for x in (train, new, drawn))
        known = {
            "upside down: the top is training minus held out": (t - d) / (t - h),
            "the bottom is training minus drawn, not held out minus drawn": (t - h) / (h - d),
            "that is the top alone: divide by training minus drawn": t - h,
            "that is 1 minus the gap": (h - d) / (t - d),
            "held out and drawn are swapped": [(t - d) / (t - h), (d - t) / (h - t)],
            "the sign is turned: both differences begin with the training pictures": (h - t) / (t - d),
            "the logits are averaged as they are: no sigmoid": (
                train.sigmoid().double().mean() - new.sigmoid().double().mean()
            )
            / (train.sigmoid().double().mean() - drawn.sigmoid().double().mean()),
            "cut at 0 or 1: the gap may lie outside, and says most where it does": ((t - h) / (t - d)).clamp(0, 1),
        }
        if wrong := wrong_value(got, (t - h) / (t - d), known, when, within=1e-4):
            return wrong
    return None


@check(
    "suspected",
    todo="return the share of drawn pictures nearer than all but 1 % of new real ones",
    shows="right: a few copies among many pictures are found, and honest pictures give about 1 %",
)
def suspected(answer: Any) -> str | None:
    """``answer(drawn, train, new)``: ``(M, d)``, ``(N, d)``, ``(H, d)`` → share in [0, 1]."""
    g = torch.Generator().manual_seed(3)
    train, new, honest = (torch.randn(n, 4, generator=g) for n in (60, 200, 150))
    few = torch.cat([honest[:90], train[:10]])
    others = torch.cat([honest, new[:50]])  # 200 again: where 1 % is a whole number, all ways to the limit agree
    trials = {
        "for 10 copies among 100": (few, train, new),
        "for copies alone": (train[:20], train, new),
        "for honest pictures": (honest, train, new),
        "for pictures far away": (honest[:50] + 1000, train, new),
        "for copies of every picture, and other new ones": (few, train, others),
    }
    for when, (drawn, shown, held) in trials.items():
        got = number(answer(drawn.clone(), shown.clone(), held.clone()))
        if wrong := _suspected(got, when, drawn, shown, held):
            return wrong
    return None


def _suspected(got: float, when: str, drawn: Tensor, train: Tensor, new: Tensor) -> str | None:
    def nearest(x: Tensor, to: Tensor) -> Tensor:
        return torch.cdist(x.double(), to.double()).min(1).values

    ours, usual = nearest(drawn, train), nearest(new, train)

    def share(truths: Tensor) -> float:
        return truths.double().mean().item()

    right = share(ours < usual.quantile(0.01))
    known = {
        "that is the copying score, a mean over all pairs: it overlooks a few copies": share(
            ours[:, None] < usual[None]
        ),
        "the limit is the distance that 99 % of new pictures *exceed*: the quantile 0.01, and not 0.99": share(
            ours < usual.quantile(0.99)
        ),
        "the limit comes from the *new* pictures: of the drawn ones 1 % always lie below their own quantile": share(
            ours < ours.quantile(0.01)
        ),
        "that is the share that is *not* suspected": 1 - right,
        "that is how many: make it a share": int((ours < usual.quantile(0.01)).sum()) if right else [],
        "only exact copies were counted: take the limit from the new pictures": share(ours < 1e-6),
        "nearer than the nearest new picture of all is too strict a limit: 1 % of them may lie below": share(
            ours < usual.min()
        ),
        "nearer than the *usual* (median or mean) new picture is half of all: take the quantile 0.01": [
            share(ours < usual.median()),
            share(ours < usual.mean()),
            share(ours < usual.quantile(0.5)),
        ],
        "the training pictures were asked for their nearest drawn one: ask each drawn picture": share(
            nearest(train, drawn) < usual.quantile(0.01)
        ),
    }
    return wrong_value(got, right, known, when, within=2e-3)


@check(
    "mixed",
    todo="return the logarithm of the mixture",
    shows="right: also where a probability is too small to be written down",
)
def mixed(answer: Any) -> str | None:
    """``answer(log_p, log_q, share)``: ``(N,)``, ``(N,)``, in (0, 1) → ``(N,)``, log(share · p + (1 − share) · q)."""
    log_p = torch.tensor([-1.0, -120.0, -1000.0, 0.0, -90.0])
    log_q = torch.tensor([-2.0, -543.0, -1001.0, -1000.0, -90.0])
    for share in (0.01, 0.5, 0.9):
        result = answer(log_p.clone(), log_q.clone(), share)
        raw = torch.as_tensor(result).detach().double() if not isinstance(result, str | Mapping) else None
        if raw is not None and raw.shape == log_p.shape and not raw.isfinite().all():
            return (
                "exp(−1000) is 0 in the computer, and its logarithm −∞: stay with logarithms, and let torch.logaddexp "
                "add (got " + ", ".join(f"{value:.4g}" for value in raw.tolist()) + ")"
            )
        got, p, q = table(result, shape=(5,)), log_p.double(), log_q.double()
        a, b = math.log(share), math.log(1 - share)
        known = {
            "the shares are swapped: p has the first": torch.logaddexp(b + p, a + q),
            "the shares are missing: each probability counts by its share": torch.logaddexp(p, q),
            "that is the mean of the logarithms: add the probabilities, then take the logarithm": share * p
            + (1 - share) * q,
            "a product becomes a sum of logarithms: log(share · p) is log(share) + log p": torch.logaddexp(
                share * p, (1 - share) * q
            ),
            "only p's part is there: the other model draws, too": a + p,
            "the larger part alone is not the sum: near each other, both count": torch.maximum(a + p, b + q),
            "the two parts were multiplied: a mixture adds probabilities": a + p + b + q,
            "the share was added as it is: take its logarithm": torch.logaddexp(share + p, 1 - share + q),
        }
        if wrong := wrong_value(got, torch.logaddexp(a + p, b + q), known, f"for a share of {share}", within=1e-5):
            return wrong
    return None


@check(
    "ahead",
    todo="repair the function, so that it compares seed by seed",
    shows="right: each seed is compared with itself, and less is better where less is better",
)
def ahead(answer: Any) -> str | None:
    """``answer(one, other, less_is_better)``: {seed: value} twice, a truth → on how many seeds ``one`` is better."""
    trials = (
        (
            {"1": 3.0, "2": 5.0, "3": 8.0, "4": 1.0, "5": 7.0, "6": 1.0, "7": 1.0},
            {"4": 3.0, "1": 5.0, "7": 5.0, "2": 7.0, "5": 7.0, "3": 3.0, "6": 2.0},
            True,
        ),
        ({"1": 0.3, "2": 0.4, "3": 0.2, "4": 0.9}, {"1": 0.2, "2": 0.5, "3": 0.3, "4": 0.1}, False),
        ({"7": 1.0, "8": 2.0}, {"7": 1.0, "8": 3.0}, True),
        ({"a": -1000.0, "b": 1000.0, "c": 0.0}, {"c": 1.0, "b": -1000.0, "a": 1000.0}, False),
        ({"1": 2.0, "2": 3.0, "3": 4.0, "4": 8.0}, {"4": 1.0, "1": 3.0, "2": 4.0, "3": 5.0}, True),
    )
    for one, other, less in trials:
        got = number(answer(dict(one), dict(other), less))
        if wrong := _ahead(got, one, other, less):
            return wrong
    return None


def _ahead(got: float, one: Mapping[str, float], other: Mapping[str, float], less: bool) -> str | None:
    def wins(pairs: list[tuple[float, float]], less: bool = less, ties: bool = False) -> int:
        return sum((a < b if less else a > b) or (ties and a == b) for a, b in pairs)

    paired = [(one[seed], other[seed]) for seed in one]
    right = wins(paired)
    known = {
        "the two were sorted, and best met best: compare the *same* seed": wins(
            list(zip(sorted(one.values()), sorted(other.values()), strict=True))
        ),
        "the values were paired in the order in which they stand: look up the same seed in both": wins(
            list(zip(one.values(), other.values(), strict=True))
        ),
        "the direction is the wrong way round: a smaller value wins where less is better": wins(paired, not less),
        "equal values counted as a win: nobody is ahead there": wins(paired, ties=True),
        "that is a share: return on how many seeds": right / len(one),
        "every value met every value: each seed meets itself only": wins(
            [(a, b) for a in one.values() for b in other.values()]
        ),
    }
    direction = "less" if less else "more"
    return wrong_value(got, right, known, f"for {dict(one)} against {dict(other)}, {direction} is better")
