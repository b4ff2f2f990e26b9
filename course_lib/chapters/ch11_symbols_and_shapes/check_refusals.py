"""The checks of lesson 11.3: limits of rules, a rule of two concepts, and a filter that keeps equally many."""

from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from course_lib.chapters.ch11_symbols_and_shapes.rule_faults import FAULTS
from course_lib.data import load
from course_lib.explain.concepts import CONCEPTS, measure_concepts
from course_lib.learn.exercises import check
from course_lib.learn.numbers import table, wrong_value

CAUGHT, SPARED = 0.95, 0.01


@check(
    "limits",
    todo="return the lower and the upper limits of each concept",
    shows="right: equally many lie below and above",
)
def limits(answer: Any) -> str | None:
    """``answer(rows, share)``: float64 (N, K), a share → (2, K)."""
    g = torch.Generator().manual_seed(31)
    for n, k, share in ((400, 11, 0.98), (201, 3, 0.9), (50, 2, 0.5)):
        rows = torch.randn(n, k, generator=g).double().exp() + torch.arange(k)  # skewed, so that deviations mislead
        got = table(answer(rows.clone(), share), (2, k))

        def at(low: float, high: float, rows: Tensor = rows) -> Tensor:
            return torch.stack([rows.quantile(low, 0), rows.quantile(high, 0)])

        right, mean, sd = at((1 - share) / 2, (1 + share) / 2), rows.mean(0), rows.std(0)
        known = {
            "upper and lower limits have changed places": right.flip(0),
            "all that lies outside is on both sides: halve it": at(1 - share, share),
            "these are the smallest and the largest: 98 % are to lie within": at(0, 1),
            "that is one limit twice: take both sides": [at(share, share), at((1 + share) / 2, (1 + share) / 2)],
            "that leaves the share outside: it is to lie inside": at(share / 2, 1 - share / 2),
            "mean and standard deviations hold that share of a normal distribution only: use quantiles": [
                torch.stack([mean - z * sd, mean + z * sd]) for z in (1, 2, 2.33, 3)
            ],
        }
        if wrong := wrong_value(got, right, known, f"for {n} rows and share={share}"):
            return wrong
    return None


@cache
def _zeros() -> list[list[dict[str, float]]]:
    """The concepts of real 0s, of the same with the hole filled, and of those that have a hole when made fat."""
    digits = load("digits")
    images, labels = (x[digits.labels == 0] for x in (digits.images, digits.labels))
    filled, fat = (FAULTS[fault].plant(images, labels)[0] for fault in ("holes filled in", "made fat"))
    real, spoilt, thick = (
        [dict(zip(CONCEPTS, row, strict=True)) for row in measure_concepts(x).tolist()] for x in (images, filled, fat)
    )
    return [real, spoilt, [row for row in thick if row["loops"] > 0]]


@check(
    "hole_filled",
    todo="return True where the hole of a 0 has been filled",
    shows="right: two concepts together tell an open 0 from a filled one",
)
def hole_filled(answer: Any) -> str | None:
    """``answer(row)``: {concept: number} of a 0 → True or False."""
    real, spoilt, thick = _zeros()
    spared, caught, fat = ([_yes(answer(dict(row))) for row in rows] for rows in (real, spoilt, thick))
    alarms, found, blamed = (sum(yes) / len(yes) for yes in (spared, caught, fat))
    said = f"it refuses {found:.1%} of the filled 0s and {alarms:.1%} of the real ones"
    opened = [yes for yes, row in zip(spared, real, strict=True) if row["loops"] == 0]
    if found >= CAUGHT and alarms <= SPARED:
        if blamed <= SPARED:
            return None
        return f"{said}, but also {blamed:.1%} of the fat ones, whose hole is open: what do these still have?"
    if found < 0.5 < alarms:
        return f"{said}: that is the other way round"
    if found < CAUGHT:
        return f"{said}: at least {CAUGHT:.0%} of the filled ones are to be refused"
    if sum(opened) > 0.5 * len(opened):
        return f"{said}: an open 0 has no loop either; ask for a second concept besides"
    return f"{said}: at most {SPARED:.0%} of the real ones may be refused; is one concept enough?"


def _yes(said: object) -> bool:
    assert said is not ... and said is not None, "it returned nothing for a 0: return True or False"
    kind = np.asarray(said).dtype.kind if not isinstance(said, list | tuple | dict) else "O"
    what = repr(said) if isinstance(said, str) else f"a {type(said).__name__}"
    assert kind in "bi", f"it returned {what}: return True or False"
    return bool(said)


@check(
    "as_many",
    todo="keep the digits with the largest lead, as many as `kept` does",
    shows="right: now both filters throw away equally much",
)
def as_many(answer: Any) -> str | None:
    """``answer(lead, kept)``: float (N,), bool (N,) → bool (N,)."""
    g = torch.Generator().manual_seed(33)
    for n, count, shift in ((40, 29, 4.0), (12, 1, 0.0), (30, 30, 100.0), (9, 0, 7.0)):
        lead = torch.randn(n, generator=g) * 3 + shift
        kept = torch.zeros(n, dtype=torch.bool)
        kept[torch.randperm(n, generator=g)[:count]] = True
        got = answer(lead.clone(), kept.clone())
        got = table(got, what="it returned")
        if got.shape != (n,):
            return f"it returned the shape {tuple(got.shape)}, expected ({n},): True or False for each digit"
        if not ((got == 0) | (got == 1)).all():
            return "it returned numbers other than 0 and 1: return True or False for each digit"
        mine, right = got.bool(), torch.zeros(n, dtype=torch.bool)
        right[lead.argsort(descending=True)[:count]] = True
        if mine.equal(right):
            continue
        if int(mine.sum()) != count:
            return f"of {n} digits it keeps {int(mine.sum())}, the other filter keeps {count}"
        if mine.equal(kept):
            return "these are the digits that the other filter keeps: take those with the largest lead"
        if mine[lead.argsort()[:count]].all():
            return "these have the smallest lead: take the largest"
        return f"of {n} digits it keeps {count}, but not those with the largest lead"
    return None
