"""Seconds of a step, one change at a time, beside the machine's limits (`course record step-speed`), in turns."""

import time
from collections.abc import Callable
from typing import Any

import torch

from course_lib.chapters.ch14_scale_up import speed_limits, speed_ways
from course_lib.files import write_recorded

SEEDS = tuple(range(1, 8))  # repetitions, in turns
STEPS = {"MLP": 40, "DCGAN": 5}  # in a turn
SETTINGS: dict[str, Any] = {
    "MLP": "128-128-784 and 784-256-1, batch 64",
    "DCGAN": "28 × 28 pixels, width 32, batch 32",
    "seconds": "of processor time, one thread, of a step",
    "first": "seconds of the first two steps, in which torch.compile writes its programs",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    ways: tuple[str, ...] = tuple(speed_ways.WAYS),
    width: int = 32,
) -> None:
    """Write ``data/runs/step-speed.json``: what → repetition → number.

    Args:
        seeds: repetitions; everything has its turn in each.
        tell: is given a line after each repetition.
        ways: that are measured.
        width: of the DCGAN.
    """
    settings = SETTINGS | {"steps in a turn": STEPS, "ways": list(ways), "width": width}
    runs: dict[str, dict[str, float]] = {}
    steppers: dict[str, Callable[[], object]] = {}
    for game in speed_ways.GAMES:
        for way in ways:
            steppers[f"{game}, {way}"] = step = speed_ways.stepper(
                *speed_ways.make(game, speed_ways.WAYS[way], width=width)
            )
            began = time.perf_counter()
            step(), step()
            if way in ("plain", "torch.compile"):
                runs[f"{game}, {way}, first"] = {str(seeds[0]): speed_limits.middle([time.perf_counter() - began])}
    for seed in seeds:
        found: dict[str, float] = {}
        for precision in ("float32", "bf16"):
            limits = speed_limits.measured("cpu", precision)
            for what in ("products", "convolutions", "bandwidth", "each"):
                found[f"{precision}, {what}"] = getattr(limits, what)
        names = list(steppers)
        turn = seed % len(names)
        for name in names[turn:] + names[:turn]:
            found[name] = speed_limits.per_step(steppers[name], STEPS[name.partition(",")[0]])
        for name, value in found.items():
            runs.setdefault(name, {})[str(seed)] = speed_limits.middle([value])
        tell(f"repetition {seed}: {found}")
    torch.compiler.reset()
    write_recorded("step-speed", settings, runs)
