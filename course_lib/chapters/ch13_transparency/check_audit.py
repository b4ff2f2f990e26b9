"""The checks of lesson 13.3: the best of many, the chance of a claim among others, and a lie that no audit finds."""

import copy
import json
import math
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import torch

from course_lib import audit, zoo
from course_lib.audit.rerun import FAILED, MISSING
from course_lib.audit.run import FACTS
from course_lib.chapters.ch13_transparency import small
from course_lib.chapters.ch13_transparency.doctored import written
from course_lib.data import load
from course_lib.files import atomic_write
from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, wrong_value
from course_lib.runtime import Runtime


@check(
    "best_beats",
    todo="return the chance that at least one of k honest runs is better",
    shows="right: at 5 percent, the best of ten passes in 40 of 100",
)
def best_beats(answer: Any) -> str | None:
    """``answer(p, k)``: chance of one run, whole number → chance of the best of k."""
    for p, k in ((0.05, 10), (0.3, 4), (0.9, 2), (0.05, 1)):
        right = 1 - (1 - p) ** k
        known: dict[str, object] = {
            "that is the chance that all are better: one is enough": p**k,
            "that is the chance that none is better": (1 - p) ** k,
            "chances of several runs do not add up: two may be better at once": [p * k, min(1.0, p * k)],
            "that is the chance that exactly one is better": k * p * (1 - p) ** (k - 1),
            "that is the chance that not all are better": 1 - p**k,
        }
        known = {s: v for s, v in known.items() if not _hits(right, v)}
        if wrong := wrong_value(number(answer(p, k)), right, known, f"for p={p} and k={k}"):
            return wrong
    return None


@check(
    "chance_of",
    todo="return the share of all runs, the card's included, that are at most the claimed distance",
    shows="right: four others can show no less than one in five",
)
def chance_of(answer: Any) -> str | None:
    """``answer(claimed, fresh)``: number, list of numbers → share."""
    cases = [
        (45.5, [47.0, 45.0, 50.0, 46.0]),
        (47.0, [47.0, 47.0, 45.0, 50.0]),
        (60.0, [47.0, 45.0]),
        (1.0, [2.0] * 19),
    ]
    for claimed, fresh in cases:
        n, below = len(fresh), sum(v <= claimed for v in fresh)
        right = (1 + below) / (1 + n)
        known: dict[str, object] = {
            "the card's run belongs to all runs: count it, too": [below / n, below / (n + 1), (below + 1) / n],
            "smaller is better: count the runs that are at most as far": [
                (1 + sum(v >= claimed for v in fresh)) / (1 + n),
                sum(v >= claimed for v in fresh) / n,
            ],
            "equally good counts as well: use ≤": (1 + sum(v < claimed for v in fresh)) / (1 + n),
            "that is a number of runs: divide by how many there are": 1 + below,
        }
        known = {s: v for s, v in known.items() if not _hits(right, v)}
        said = f"for {claimed:g} among {fresh if n < 6 else f'{n} others'}"
        if wrong := wrong_value(number(answer(claimed, list(fresh))), right, known, said):
            return wrong
    return None


def _hits(right: float, values: Any) -> bool:
    """Whether a mistake gives the right number in this case."""
    return any(math.isclose(right, float(one)) for one in (values if isinstance(values, list) else [values]))


@cache
def _tiny() -> tuple[audit.Run, Any]:
    """A run of a few steps, and what an audit of it needs."""
    runtime = Runtime.auto(device="cpu", seed=5)
    data, heldout, judge = load("digits", runtime).take(400), load("digits", runtime, split="test"), zoo.load("judge")
    words = {"intended use": "Teaching.", "out of scope": "Cheques.", "ethics": "None known.", "licence": "mit"}
    folder = Path(tempfile.mkdtemp()) / "tiny"
    run = audit.train(folder, small.recipe(5, 4), data, heldout, judge, runtime, name="tiny", words=words, samples=60)
    return run, (data, heldout, judge, runtime)


@check(
    "quiet_lie",
    todo="return changed records that nothing contradicts",
    shows="right: no point of this audit contradicts it",
)
def quiet_lie(answer: Any) -> str | None:
    """``answer(facts)``: dict → dict."""
    honest, needed = _tiny()
    got = answer(copy.deepcopy(honest.facts))
    if not isinstance(got, dict):
        return f"it returned a {type(got).__name__}: return the whole records, a dict"
    try:
        if json.loads(json.dumps(got)) == honest.facts:
            return "nothing has changed: say something that is not so"
        run = written(honest.folder, got)
        with torch.random.fork_rng(devices=[]):
            found = audit.audit(run, *needed)
    except (TypeError, ValueError, KeyError, AttributeError) as problem:
        return f"these records cannot be read ({type(problem).__name__}: {str(problem).splitlines()[0][:60]})"
    finally:
        atomic_write(honest.folder / FACTS, json.dumps(honest.facts))
    bad = [one.point for one in found if one.verdict in (FAILED, MISSING)]
    return f"the audit finds it: {', '.join(bad[:3])}" if bad else None
