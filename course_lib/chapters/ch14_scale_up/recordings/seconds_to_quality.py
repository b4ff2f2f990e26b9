"""Three recipes against time: confidence, digits and Fréchet distance (`course record seconds-to-quality`).

It takes about half an hour, and goes on where it stopped: a run of a recipe is written when it is done.
"""

import time
from collections.abc import Callable
from typing import Any

import torch

from course_lib import zoo
from course_lib.chapters.ch14_scale_up.speed_recipes import RECIPES
from course_lib.data import load
from course_lib.files import runs_so_far, write_recorded
from course_lib.metrics import evaluate, judge_outputs
from course_lib.runtime import Runtime

SEEDS = (100, 101, 102)
SECONDS = (0, 5, 10, 20, 30, 45, 60, 80, 100, 120)
SETTINGS: dict[str, Any] = {
    "seconds": "of processor time, one thread, of training alone",
    "measures": "2,000 samples against the 4,000 training digits, by the course's judge",
    "real": "1,000 digits that no recipe saw, measured in the same way",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    recipes: tuple[str, ...] = tuple(RECIPES),
    seconds: tuple[float, ...] = SECONDS,
    samples: int = 2000,
) -> None:
    """Write ``data/runs/seconds-to-quality.json``: recipe → seed → what is measured at each of the seconds.

    Args:
        seeds: each is a training of each recipe.
        tell: is given a line after each training.
        recipes: names, of ``RECIPES``.
        seconds: of training, at which it is measured.
        samples: that are measured.
    """
    settings = SETTINGS | {"at": list(seconds), "samples": samples}
    runs = runs_so_far("seconds-to-quality", settings)
    cpu = Runtime.auto(device="cpu")
    judge = zoo.load("judge", cpu)
    real = judge_outputs(load("digits", cpu).images, judge)[1]
    if "real" not in runs:
        report = evaluate(load("digits", cpu, split="test").images, judge, real)
        runs["real"] = {"confidence": round(report.confidence, 4), "frechet": round(report.frechet, 2)}
    for seed in seeds:
        for name in recipes:
            if str(seed) in runs.setdefault(name, {}):
                continue
            runtime = Runtime.auto(device="cpu", seed=seed)
            trained, spent, steps = RECIPES[name](runtime), 0.0, 0
            found: dict[str, list[float]] = {"steps": [], "confidence": [], "classes": [], "frechet": []}
            for until in seconds:
                while spent < until:
                    began = time.process_time()
                    trained.step()
                    spent += time.process_time() - began
                    steps += 1
                images = trained.draw(samples, torch.Generator().manual_seed(seed))
                report = evaluate(images, judge, real)
                measured = (steps, round(report.confidence, 4), report.classes, round(report.frechet, 2))
                for what, value in zip(found, measured, strict=True):
                    found[what].append(value)
            runs[name][str(seed)] = found
            write_recorded("seconds-to-quality", settings, runs)
            tell(f"seed {seed}, {name}: {found}")
