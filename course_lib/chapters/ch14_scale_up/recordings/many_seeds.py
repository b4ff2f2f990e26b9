"""Forty seeds of one small game with three step sizes (`course record many-seeds --cluster local`)."""

from collections.abc import Callable
from typing import Any

from course_lib.chapters.ch14_scale_up.ring_task import STEPS, ring_game
from course_lib.files import runs_so_far, write_recorded

SEEDS = tuple(range(100, 140))
RATES = (0.0015, 0.002, 0.003)
SETTINGS: dict[str, Any] = {"game": "ring of 8, two hidden layers of 64, lr 0.001, batch 128", "lr_d": RATES}


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, *, steps: int = STEPS) -> None:
    """Write ``data/runs/many-seeds.json``: step size → seed → numbers. It goes on where it stopped.

    Args:
        seeds: each is a training for each step size.
        tell: is given a line after each seed.
        steps: of a training.
    """
    settings = {**SETTINGS, "lr_d": list(RATES), "steps": steps}
    runs = runs_so_far("many-seeds", settings) or {str(rate): {} for rate in RATES}
    for seed in seeds:
        if str(seed) in runs[str(RATES[-1])]:
            continue
        for rate in RATES:
            found = ring_game(seed, rate, steps)
            runs[str(rate)][str(seed)] = {name: found[name] for name in ("modes", "energy")}
        write_recorded("many-seeds", settings, runs)
        tell(f"seed {seed}")
