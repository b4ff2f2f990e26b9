"""What sharing costs and gains between two processes of this machine (`course record sharing`), in turns."""

import json
import os
import tempfile
from collections.abc import Callable

from course_lib.chapters.ch14_scale_up import sharing
from course_lib.files import write_recorded
from course_lib.machine import cores

SEEDS = tuple(range(1, 16))  # repetitions, in turns
SIZES = (1, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)  # float32 numbers
WORKER = "course_lib.chapters.ch14_scale_up.exchange_worker"
GAMES = {"large": {"width": 32, "batch": 64}, "small": {"width": 4, "batch": 16}}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    sizes: tuple[int, ...] = SIZES,
    times: int = 12,
) -> None:
    """Write ``data/runs/sharing.json``: what → repetition → seconds of an exchange, or of a step.

    A repetition is short, and everything has its turn in each: a program that disturbs one disturbs its neighbours.
    "Other work" is how many programs wanted to compute on average (of the last minute), those timed among them.

    Args:
        seeds: repetitions.
        tell: is given a line after each repetition.
        sizes: of exchanges, in numbers.
        times: how often each thing is timed in a repetition, whose median counts.
    """
    settings = {"cores": cores(), "sizes": list(sizes), "games": GAMES, "times": times}
    asked = {"repetitions": list(seeds), "games": GAMES, "sizes": list(sizes), "times": times}
    runs: dict[str, dict[str, float]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="course-") as folder,
        open(f"{folder}/errors.txt", "w+", encoding="utf-8") as errors,
        sharing.started(sharing.torchrun("-m", WORKER, json.dumps(asked)), errors) as job,
    ):
        for found in job.lines():
            repetition = str(found.pop("repetition"))
            found["other work"] = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
            for name, value in found.items():
                runs.setdefault(name, {})[repetition] = float(f"{value:.4g}")
            tell(f"repetition {repetition}: {found}")
    write_recorded("sharing", settings, runs)
