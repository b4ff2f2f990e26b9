"""Three other uses of an explanation, over seeds: a mark in the data, the choice of a checkpoint, a hidden shortcut.

`course record other-uses`. Each seed is a new training of every game, as in lesson 12.3. Step sizes and the steps at
which D is asked were chosen on seeds 0 and 1.
"""

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from course_lib import zoo
from course_lib.chapters.ch12_guided_training import other_uses as uses
from course_lib.chapters.ch12_guided_training.drift import checkpoints
from course_lib.data import ImageData, load
from course_lib.files import runs_so_far, write_recorded
from course_lib.metrics import judge_outputs
from course_lib.models import Judge
from course_lib.runtime import Runtime

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
SAMPLES = 500
MARKED = {"early": 400, "steps": 1500}
CHOICE = {"digits": 400, "steps": 4000, "gap": 250}
SHORTCUT = {"early": 200, "steps": 1000}
SETTINGS: dict[str, Any] = {
    "networks": "those of the race: fully connected, Adam 1e-3 (0.5, 0.99), batch 32, no averaging",
    "mark": "a white square of 4 × 4 pixels at (3, 3)",
    "marked": MARKED | {"share": "a third of 4,000 digits"},
    "choice": CHOICE,
    "shortcut": SHORTCUT | {"share": "all of 4,000 digits"},
    "measured": "Fréchet distances of generated pictures to held-out digits in the judge's features; the window of "
    "the mark is black in both, but for the choice",
}


def record(
    seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, *, smaller: int = 1, samples: int = SAMPLES
) -> None:
    """Every use once a seed; writes ``data/runs/other-uses.json``: use → seed → numbers. It goes on where it stopped.

    Args:
        seeds: each is a new training of every game.
        tell: is given a line after each use.
        smaller: all steps are divided by it, for a test.
        samples: pictures of each distance.
    """
    settings = SETTINGS | {"samples": samples, "steps divided by": smaller}
    runs = runs_so_far("other-uses", settings) or {"marked": {}, "choice": {}, "shortcut": {}}
    judge = zoo.load("judge")
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        digits, heldout = load("digits", runtime), load("digits", runtime, split="test").images
        for use, part in (("marked", marked), ("choice", choice), ("shortcut", shortcut)):
            if str(seed) in runs[use]:
                continue
            began = time.process_time()
            runs[use][str(seed)] = part(runtime, digits, heldout, judge, smaller, samples)
            write_recorded("other-uses", settings, runs)
            tell(f"seed {seed}, {use} ({time.process_time() - began:.0f} s): {runs[use][str(seed)]}")


def marked(
    runtime: Runtime, digits: ImageData, heldout: Tensor, judge: Judge, smaller: int, samples: int
) -> dict[str, Any]:
    """A third of the digits carries the mark: which map finds it, and what does a training without it bring?

    Args:
        runtime: seed and device.
        digits: without the mark.
        heldout: real pictures without it.
        judge: of digits.
        smaller, samples: as for :func:`record`.

    Returns:
        "early", "late" → map → AUC and the share of the mark in its best window; training → share marked, distance.
    """
    early, steps = MARKED["early"] // smaller, MARKED["steps"] // smaller
    features = judge_outputs(uses.filled(heldout, uses.MARK, -1.0), judge)[1]
    third = torch.rand(len(digits), generator=runtime.stream("third")) < 1 / 3
    data = uses.with_mark(digits, third)
    found: dict[str, Any] = {}
    game = uses.new_game(runtime)
    for when, upto in (("early", early), ("late", steps)):
        uses.train(game, data, upto, runtime)
        found[when] = uses.scores(uses.maps_of_game(game, data, runtime.seed))
    trainings = {
        "as it is": data,
        "without DeepSHAP's window": uses.without(data, tuple(found["early"]["DeepSHAP"]["window"])),
        "without a window elsewhere": uses.without(data, uses.ELSEWHERE),
        "never marked": digits,
    }
    for name, each in trainings.items():
        one = game if name == "as it is" else uses.train(uses.new_game(runtime), each, steps, runtime)
        found[name] = uses.outcome(one, judge, features, samples)
    return found


def choice(
    runtime: Runtime, digits: ImageData, heldout: Tensor, judge: Judge, smaller: int, samples: int
) -> dict[str, Any]:
    """The checkpoints of a training on few digits.

    Args:
        runtime: seed and device.
        digits: the first are trained on.
        heldout: real pictures.
        judge: of digits.
        smaller, samples: as for :func:`record`.

    Returns:
        "step", "drift", "seen", "kept" → a number for each checkpoint.
    """
    few, steps, gap = digits.take(CHOICE["digits"]), CHOICE["steps"] // smaller, CHOICE["gap"] // smaller
    rows = checkpoints(few, heldout, judge, runtime, steps, gap, samples)
    return {name: [round(getattr(row, name), 4) for row in rows] for name in ("step", "drift", "seen", "kept")}


def shortcut(
    runtime: Runtime, digits: ImageData, heldout: Tensor, judge: Judge, smaller: int, samples: int
) -> dict[str, Any]:
    """Every real digit carries the mark. G cannot draw it ("blank"), or can ("free").

    Args:
        runtime: seed and device.
        digits: without the mark.
        heldout: real pictures without it.
        judge: of digits.
        smaller, samples: as for :func:`record`.

    Returns:
        "early" → map → as in :func:`marked`, of the blank game; "blank, …", "free, …" → share marked, distance.
    """
    early, steps = SHORTCUT["early"] // smaller, SHORTCUT["steps"] // smaller
    features = judge_outputs(uses.filled(heldout, uses.MARK, -1.0), judge)[1]
    data = uses.with_mark(digits, torch.ones(len(digits), dtype=torch.bool))
    found: dict[str, Any] = {}
    game = uses.train(uses.new_game(runtime, blank=uses.MARK), data, early, runtime)
    found["early"] = uses.scores(uses.maps_of_game(game, data, runtime.seed))
    window = tuple(found["early"]["DeepSHAP"]["window"])
    uses.train(game, data, steps, runtime)
    found["blank, mark"] = uses.outcome(game, judge, features, samples)
    views = {"DeepSHAP's window hidden": [uses.Hide(window)], "hidden elsewhere": [uses.Hide(uses.ELSEWHERE)]}
    for name, blank, each, seen in (
        ("blank, DeepSHAP's window hidden", uses.MARK, data, views["DeepSHAP's window hidden"]),
        ("blank, hidden elsewhere", uses.MARK, data, views["hidden elsewhere"]),
        ("blank, no mark", uses.MARK, digits, []),
        ("free, mark", None, data, []),
    ):
        one = uses.train(uses.new_game(runtime, views=seen, blank=blank), each, steps, runtime)
        found[name] = uses.outcome(one, judge, features, samples)
    return found
