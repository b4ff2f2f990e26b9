"""One of the two processes that lesson 14.4's recording times: steps of a game, and sums over both, in turns."""

import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import torch
from torch import distributed as dist

from course_lib.data import load
from course_lib.models import DCDiscriminator, DCGenerator, with_shared_batch_norm
from course_lib.runtime import Runtime
from course_lib.training import Game, SharedGame

WARM = 3  # of what is timed, before the clock counts
TOGETHER, APART = "2 processes", "2 processes, no exchange"  # the second: each trains a game on half of the batch
WAYS = {"1 process": 1, TOGETHER: 1, APART: 1, "1 process, 2 threads": 2}  # threads of a process


def seconds(once: Callable[[], object], times: int) -> tuple[float, float]:
    """The median time of something.

    Args:
        once: does it.
        times: how often.

    Returns:
        Seconds, and seconds for which this process computed (all its threads together).
    """
    took, worked = [], []
    for _ in range(WARM + times):
        began, begun = time.perf_counter(), time.process_time()
        once()
        took.append(time.perf_counter() - began)
        worked.append(time.process_time() - begun)
    return median(took[WARM:]), median(worked[WARM:])


def exchange(numbers: int) -> Callable[[], object]:
    """An exchange between the processes.

    Args:
        numbers: float32 numbers that each gives, and gets.

    Returns:
        What does it once; nobody waits there for one that comes late.
    """
    mine = torch.zeros(numbers)
    return lambda: dist.all_reduce(mine)


def stepper(way: str, width: int, batch: int) -> Callable[[], object]:
    """A step of a digits' game, as ``course_lib.tools.train`` trains it.

    Args:
        way: of ``WAYS``.
        width: of G and D.
        batch: the whole.

    Returns:
        What does a step.
    """
    runtime = Runtime.auto(device="cpu", seed=0)
    generator, discriminator = DCGenerator(width=width), DCDiscriminator(width=width, norm="spectral")
    digits = load("digits", runtime)
    game: Game
    if way == TOGETHER:
        game = SharedGame(with_shared_batch_norm(generator), discriminator, batch=batch)
    else:
        game = Game(generator, discriminator, batch=batch // 2 if way == APART else batch)
    mine = game.part_of(digits) if isinstance(game, SharedGame) else digits
    batches = mine.stream(game.per_step, runtime)
    return lambda: game.step(next(batches)[0], runtime)


def main(asked: dict[str, Any]) -> None:
    """Time everything in turns; the first process prints a line a repetition.

    Args:
        asked: ``{"repetitions": …, "games": name → width and batch, "sizes": […], "times": …}``.
    """
    first = dist.get_rank() == 0
    steps = {(name, way): stepper(way, **game) for name, game in asked["games"].items() for way in WAYS}
    sums = {f"exchange of {size}": exchange(size) for size in asked["sizes"]}
    for repetition in asked["repetitions"]:
        found: dict[str, Any] = {"repetition": repetition}
        for (name, way), step in steps.items():
            dist.barrier()  # while the first computes alone, the other one waits here
            torch.set_num_threads(WAYS[way])
            if first or way in (TOGETHER, APART):
                found[f"{name}, {way}"], found[f"{name}, {way}: computing"] = seconds(step, asked["times"])
        for name, one in sums.items():
            dist.barrier()
            found[name] = seconds(one, asked["times"])[0]
        if first:
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    main(json.loads(sys.argv[1]))
    dist.destroy_process_group()
