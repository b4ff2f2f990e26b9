"""An audit: do what a card claims once more, and say point by point what came of it.

Verdicts: ``reproduced`` (the same number, or the same bits), ``within tolerance`` (as near as another draw or another
training would be), ``not reproduced``, ``missing`` (the card says nothing where it should), ``not checkable`` (no
computation can tell).
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import fmean, stdev
from typing import Any

from scipy.stats import t as student

from course_lib.audit import cards
from course_lib.audit.measures import SAMPLES, THING, Measure, distance, failures, measure
from course_lib.audit.run import (
    FACTS,
    WEIGHTS,
    WORDS,
    Run,
    arithmetic,
    code_sha256,
    data_facts,
    drawing,
    trained,
    weights_of,
)
from course_lib.data import ImageData
from course_lib.errors import CourseError
from course_lib.files import sha256
from course_lib.models import Judge
from course_lib.runtime import Runtime

REPRODUCED, TOLERATED, FAILED = "reproduced", "within tolerance", "not reproduced"
MISSING, UNCHECKABLE = "missing", "not checkable"
NEAR = 0.15  # relative: what the distance of a game changes when it is trained again in other arithmetic
SAME = 1e-3  # relative: what rounding on another processor changes in a measure of the same weights


@dataclass(frozen=True)
class Finding:
    """One point of an audit.

    Attributes:
        point: what was looked at.
        verdict: one of the five.
        said: what the card or the record says.
        found: what came out.
    """

    point: str
    verdict: str
    said: str = ""
    found: str = ""


def audit(
    run: Run,
    data: ImageData,
    heldout: ImageData,
    judge: Judge,
    runtime: Runtime,
    *,
    others: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Finding]:
    """Check the records of a run, its card and its weights, and train it again.

    Args:
        run: of somebody else.
        data, heldout: the data sets that it names, loaded here.
        judge: of the data set.
        runtime: device; its seed does not matter.
        others: trainings from other seeds, for judging whether the card's seed was picked.
        tell: is told what is being done.

    Returns:
        The findings, in the order of the card.
    """
    facts = run.facts
    found = [_file(run, name) for name in facts["files"]]
    for name, here in data_facts(data).items():
        found.append(_same(f"data: {name}", facts["data"].get(name), here))
    found.append(_same("held-out data", facts["data"].get("held out"), data_facts(heldout)))
    found.append(_same("code", facts["code"]["sha256"], code_sha256()))
    tell("measuring the weights …")
    try:
        measured, shares = measure(run.sampler(), judge, data, heldout, samples=_samples(facts))
    except CourseError as problem:
        return [*found, Finding("measures", FAILED, found=str(problem))]
    found += [_measure(name, one, measured[name]) for name, one in facts["measures"].items() if name in measured]
    found += [Finding(f"measure {name}", MISSING) for name in measured if name not in facts["measures"]]
    apart = max(abs(shares[name] - facts["shares"].get(name, 1.0)) for name in shares)
    found.append(
        Finding("shares of the classes", REPRODUCED if apart <= SAME else FAILED, found=f"apart by {apart:.2g}")
    )
    found += _failures(facts["failures"], failures(measured, shares, facts.get("thing", THING)))
    tell("training again from its seed …")
    found += _training(run, data, heldout, judge, runtime, others, tell)
    found += _card(run)
    for name in WORDS:
        found.append(Finding(name, UNCHECKABLE if name in facts["words"] else MISSING, facts["words"].get(name, "")))
    return [*found, Finding("energy", UNCHECKABLE, str(facts["energy"]["watt hours"]), "no meter was read")]


def _file(run: Run, name: str) -> Finding:
    path, said = run.folder / name, run.facts["files"][name]
    if not path.is_file():
        return Finding(f"file {name}", MISSING, said[:12])
    return _same(f"file {name}", said, sha256(path))


def _same(point: str, said: Any, found: Any) -> Finding:
    """A finding about what is the same or not."""
    short = [str(one)[:12] if isinstance(one, str) and len(one) == 64 else str(one) for one in (said, found)]
    return Finding(point, REPRODUCED if said == found else FAILED, *short)


def _samples(facts: dict[str, Any]) -> int:
    return next((int(one["samples"]) for one in facts["measures"].values()), SAMPLES)


def _measure(name: str, said: dict[str, float], found: Measure) -> Finding:
    texts = f"{said['value']:.4g} ({said['low']:.4g} to {said['high']:.4g})", str(found)
    pairs = [(said[part], getattr(found, part)) for part in ("value", "low", "high")]
    same = [math.isclose(mine, theirs, rel_tol=SAME, abs_tol=SAME) for mine, theirs in pairs]
    if all(same):
        return Finding(f"measure {name}", REPRODUCED, *texts)
    inside = said["low"] <= said["value"] <= said["high"] and all(same[1:])  # of records alone: they are rounded
    return Finding(f"measure {name}", TOLERATED if inside else FAILED, *texts)


def _failures(said: dict[str, str], found: dict[str, str]) -> list[Finding]:
    """Failures by name; their sentences have to be the same but for the numbers, which rounding may change."""

    def words(text: str) -> str:
        return re.sub(r"[\d.]+", "#", text)

    named = [
        Finding(f"failure: {name}", REPRODUCED if words(said[name]) == words(text) else FAILED, said[name], text)
        for name, text in found.items()
        if name in said
    ]
    unsaid = [Finding(f"failure: {name}", MISSING, found=text) for name, text in found.items() if name not in said]
    gone = [Finding(f"failure: {name}", FAILED, text, "not found") for name, text in said.items() if name not in found]
    return named + unsaid + gone


def _training(
    run: Run,
    data: ImageData,
    heldout: ImageData,
    judge: Judge,
    runtime: Runtime,
    others: int,
    tell: Callable[[str], None],
) -> list[Finding]:
    recipe, samples = run.recipe, _samples(run.facts)
    again = trained(recipe, data, runtime.with_seed(recipe.seed))
    here = weights_of(again)
    same = (run.folder / WEIGHTS).is_file() and here == (run.folder / WEIGHTS).read_bytes()
    claimed = run.facts["measures"].get("frechet", {}).get("value", float("nan"))
    point = "training from its seed"
    if same:
        found = [Finding(point, REPRODUCED, "weights", "the same bits")]
    elif arithmetic(recipe, data, runtime) == run.facts["arithmetic"]:
        found = [Finding(point, FAILED, "weights", "others, though this machine rounds alike")]
    else:  # a game is chaotic: where rounding differs, only the pictures can be compared
        value = distance(drawing(again), judge, heldout, samples=samples)
        near = math.isclose(value, claimed, rel_tol=NEAR)
        said = f"other weights, as this machine rounds otherwise; {value:.4g}"
        found = [Finding(point, TOLERATED if near else FAILED, f"frechet {claimed:.4g}", said)]
    fresh = []
    for seed in range(recipe.seed + 1, recipe.seed + 1 + others):
        tell(f"training from seed {seed} …")
        game = trained(replace(recipe, seed=seed), data, runtime.with_seed(seed))
        fresh.append(distance(drawing(game), judge, heldout, samples=samples))
    return [*found, *([_picked(claimed, fresh)] if fresh else [])]


def _picked(claimed: float, fresh: list[float]) -> Finding:
    """Where a claimed distance lies among trainings from other seeds."""
    better = sum(claimed < one for one in fresh)
    said = f"{claimed:.4g}; other seeds: {', '.join(f'{one:.4g}' for one in fresh)}"
    words = f"better than {better} of {len(fresh)} others; by chance as good as all in 1 of {len(fresh) + 1}"
    if len(fresh) < 2:
        return Finding("its seed among others", UNCHECKABLE, said, words)
    spread = stdev(fresh) * math.sqrt(1 + 1 / len(fresh))
    low = fmean(fresh) + float(student.ppf(0.05, len(fresh) - 1)) * spread  # 5 % of honest seeds lie below
    return Finding("its seed among others", TOLERATED if claimed >= low else FAILED, said, words)


def _card(run: Run) -> list[Finding]:
    """Whether the card says what the record says."""
    path = run.folder / "README.md"
    if not path.is_file():
        return [Finding("model card", MISSING, "README.md")]
    text = path.read_text(encoding="utf-8")
    said, found = cards.numbers(text), []
    for name, one in run.facts["measures"].items():
        if name not in said:
            found.append(Finding(f"card: {name}", MISSING, found=f"{FACTS} has {one['value']:.4g}"))
        elif not math.isclose(said[name], one["value"], rel_tol=SAME, abs_tol=SAME):
            found.append(Finding(f"card: {name}", FAILED, f"{said[name]:.4g}", f"{FACTS} has {one['value']:.4g}"))
    rest = cards.card(run).split("\n# ", 1)[1]
    if "\n# " not in text or text.split("\n# ", 1)[1] != rest:
        found.append(Finding("card: text", FAILED, "README.md", f"another text than the one that {FACTS} gives"))
    return found or [Finding("card and records agree", REPRODUCED)]
