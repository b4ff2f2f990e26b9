"""Lies on a model card: each takes an honest run and spoils one thing, as well as somebody with its folder could."""

import json
import shutil
from ast import literal_eval
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import Any

from course_lib import audit
from course_lib.audit.rerun import FAILED, MISSING, Finding
from course_lib.audit.run import FACTS, WEIGHTS, Run
from course_lib.chapters.ch13_transparency.attacks import flip_last_bit
from course_lib.data import ImageData
from course_lib.files import atomic_write
from course_lib.models import Judge
from course_lib.runtime import Runtime

Facts = dict[str, Any]  # Any: JSON
Lie = Callable[[Facts], Facts]
CARD = "README.md"
# A card without a fact, made of what the checklist looks for. ("Greatest" holds the letters "test".)
HOLLOW = """---
license: some
---

# our model

## Model details

**generator:** good; **steps, seed:** 1, 1; SHA-256 00000000; **took:** 1 s; 1 to 1 Wh

## Intended use

All. **Out of scope:** nothing.

## Evaluation data

The greatest.

## Training data

SHA-256 00000000

## Quantitative analyses

| 1 | 1 to 1 | each class: fine

## Ethical considerations

Good.

## Caveats and known failures

None.
"""


def _scaled(facts: Facts, by: float) -> Facts:
    one = facts["measures"]["frechet"]
    changed = {name: value * by if name in ("value", "low", "high") else value for name, value in one.items()}
    return facts | {"measures": facts["measures"] | {"frechet": changed}}


def _without_first(facts: Facts) -> Facts:
    return facts | {"failures": dict(list(facts["failures"].items())[1:])}


def _recipe(facts: Facts, **changes: object) -> Facts:
    return facts | {"recipe": facts["recipe"] | changes}


def _data(facts: Facts, **changes: object) -> Facts:
    return facts | {"data": facts["data"] | changes}


# What is changed in the records; the card is then written anew from them, so that both agree.
LIES: dict[str, Lie] = {
    "another hash of the data": lambda f: _data(f, sha256="0" * 64),
    "the data under another name": lambda f: _data(f, name="my own handwriting"),
    "more pictures than there were": lambda f: _data(f, pictures=60_000),
    "another hash of the held-out pictures": lambda f: _data(
        f, **{"held out": f["data"]["held out"] | {"sha256": f["data"]["sha256"]}}
    ),
    "a distance 20 % smaller": lambda f: _scaled(f, 0.8),
    "a distance 1 % smaller": lambda f: _scaled(f, 0.99),
    "a failure left out": _without_first,
    "a measure left out": lambda f: f | {"measures": {k: v for k, v in f["measures"].items() if k != "coverage"}},
    "another seed": lambda f: _recipe(f, seed=f["recipe"]["seed"] + 50),
    "fewer steps than were made": lambda f: _recipe(f, steps=f["recipe"]["steps"] // 2),
    "another version of the code": lambda f: f | {"code": f["code"] | {"sha256": "0" * 64}},
    "a tenth of the energy": lambda f: (
        f | {"energy": f["energy"] | {"watt hours": [w / 10 for w in f["energy"]["watt hours"]]}}
    ),
    "fit for hospitals": lambda f: f | {"words": f["words"] | {"intended use": "Diagnosis from handwriting."}},
}


def lie(honest: Run, folder: Path | str, change: Lie) -> Run:
    """A copy of a run whose records, and so its card, say something else.

    Args:
        honest: the run.
        folder: where the copy goes; must not exist.
        change: facts → other facts.
    """
    shutil.copytree(honest.folder, folder)
    return written(folder, change(json.loads(json.dumps(honest.facts))))


def written(folder: Path | str, facts: Facts) -> Run:
    """A run with other records, and a card written anew from them.

    Args:
        folder: of the run.
        facts: what its records say from now on.

    Returns:
        The run as it lies there.
    """
    atomic_write(Path(folder) / FACTS, json.dumps(facts))
    run = audit.read(folder)
    atomic_write(Path(folder) / CARD, audit.card(run))
    return run


def on_the_card_only(honest: Run, folder: Path | str) -> Run:
    """A copy whose card says a smaller distance than its records.

    Args:
        honest, folder: see :func:`lie`.
    """
    spoilt = lie(honest, folder, lambda facts: _scaled(facts, 0.8))
    shutil.copy(honest.folder / FACTS, spoilt.folder / FACTS)
    return audit.read(folder)


def flipped(honest: Run, folder: Path | str) -> Run:
    """A copy with one bit of its weights flipped.

    Args:
        honest, folder: see :func:`lie`.
    """
    shutil.copytree(honest.folder, folder)
    flip_last_bit(Path(folder) / WEIGHTS)
    return audit.read(folder)


def other_weights(
    honest: Run, folder: Path | str, data: ImageData, heldout: ImageData, judge: Judge, runtime: Runtime
) -> Run:
    """Weights of a game of three times the steps, under the recipe of the short one; hashes and measures are theirs.

    Args:
        honest, folder: see :func:`lie`.
        data, heldout, judge, runtime: as for ``audit.train``.
    """
    longer = replace(honest.recipe, steps=3 * honest.recipe.steps)
    samples = next(iter(honest.facts["measures"].values()))["samples"]
    run = audit.train(
        folder,
        longer,
        data,
        heldout,
        judge,
        runtime.with_seed(longer.seed),
        name=honest.facts["name"],
        words=honest.facts["words"],
        samples=samples,
    )
    return written(folder, run.facts | {"recipe": honest.facts["recipe"]})


def readable(words: str, most: int = 44) -> str:
    """What an audit says, for a table: records in words instead of Python's signs.

    Args:
        words: of a finding: a sentence, a record of a data set, or a range of watt hours.
        most: letters; what is longer ends in "…".

    Returns:
        Of a record its name, split and hash; of a range "… to … Wh".
    """
    if words.startswith("{"):
        record = literal_eval(words)
        words = f"{record['name']}, {record['split']}, {record['sha256'][:12]}"
    elif words.startswith("["):
        words = " to ".join(f"{hours:g}" for hours in literal_eval(words)) + " Wh"
    return shorten(words, most, placeholder=" …")


def caught_by(found: list[Finding], honest: list[Finding]) -> list[str]:
    """The points of an audit that contradict a card, or lack what an honest one has.

    Args:
        found: of the spoilt run.
        honest: of the honest one.
    """
    lacking = {one.point for one in honest if one.verdict == MISSING}
    return [
        one.point for one in found if one.verdict == FAILED or (one.verdict == MISSING and one.point not in lacking)
    ]
