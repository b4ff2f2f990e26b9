"""What a sweep costs and gains on this machine (`course record sweeps`): overhead a task, seconds by workers."""

import tempfile
import time
from collections.abc import Callable
from typing import Any

from course_lib.chapters.ch14_scale_up.ring_task import STEPS, ring_game
from course_lib.cluster import cluster, sweep
from course_lib.files import write_recorded
from course_lib.machine import cores

SEEDS = (1, 2, 3)  # repetitions, in turns
WORKERS = (1, 2, 4)


def nothing(seed: int) -> int:
    """A task without work.

    Args:
        seed: is given back.
    """
    return seed


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    tasks: int = 12,
    steps: int = 4 * STEPS,
    empty: int = 300,
) -> None:
    """Write ``data/runs/sweeps.json``: workers → repetition → seconds, and milliseconds of a task without work.

    Args:
        seeds: repetitions; every number of workers has its turn in each.
        tell: is given a line after each.
        tasks: trainings in a sweep.
        steps: of a training.
        empty: tasks without work.
    """
    settings = {"cores": cores(), "tasks": tasks, "steps": steps, "tasks without work": empty}
    runs: dict[str, Any] = {str(n): {} for n in WORKERS} | {"start": {}, "no work": {}}
    for seed in seeds:
        for n in WORKERS:
            began = time.perf_counter()
            with cluster(workers=n) as client, tempfile.TemporaryDirectory() as folder:
                client.run(ring_game, 0, steps=2)  # on each worker: it imports what it needs, and torch warms up
                start = time.perf_counter() - began
                found = sweep(ring_game, range(tasks), [{"steps": steps}], folder=folder, client=client)
                runs[str(n)][str(seed)] = round(found.seconds, 2)
                if n == 1:
                    runs["start"][str(seed)] = round(start, 2)
                    idle = sweep(nothing, range(1000, 1000 + empty), folder=folder, client=client)
                    runs["no work"][str(seed)] = round(1000 * idle.seconds / empty, 2)
            tell(f"repetition {seed}: {n} workers, {runs[str(n)][str(seed)]} s")
    write_recorded("sweeps", settings, runs)
