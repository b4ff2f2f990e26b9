"""How good chapter 03's DCGAN is after how many seconds, over five seeds (`course record dcgan-curve`)."""

import time
from collections.abc import Callable
from dataclasses import asdict

from course_lib import zoo
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.metrics import evaluate
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

STEPS, POINTS = 4000, 10
SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
SETTINGS = {
    "networks": "DCGenerator(), DCDiscriminator()",
    "loss": "non-saturating",
    "lr": 1e-3,
    "batch": 32,
    "steps": STEPS,
}


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, steps: int = STEPS) -> None:
    """Train once a seed, measure ten times on the way, and write ``data/runs/dcgan-curve.json``.

    Seconds are the processor's, spent on training alone: other work on the machine and the measuring do not count.
    Run it with OMP_NUM_THREADS=1, so that they are also those of a clock on an idle machine.

    Args:
        seeds: each is a new training.
        tell: is given a line after each measurement.
        steps: of a training, at least 10.
    """
    judge = zoo.load("judge")
    runs: dict[int, list[dict]] = {}
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        digits = load("digits", runtime)
        with runtime.seeded("DCGAN"):
            game = Game(DCGenerator(), DCDiscriminator())
        points: list[dict] = []
        stops = range(steps // POINTS, steps + 1, steps // POINTS)
        seconds, began = 0.0, time.process_time()
        for step in game.steps(digits, steps, runtime):
            if step.step in stops:
                seconds += time.process_time() - began
                report = evaluate(game.sampler(), judge, digits.images)
                points.append({"step": step.step, "seconds": round(seconds, 1), **rounded(asdict(report))})
                tell(f"seed {seed}, step {step.step}, {seconds:.0f} s: {report}")
                began = time.process_time()
        runs[seed] = points
    write_recorded("dcgan-curve", SETTINGS | {"steps": steps}, runs)


def rounded(report: dict[str, float]) -> dict[str, float]:
    """A report's numbers to the four places that are written.

    Args:
        report: name → number.

    Returns:
        The same without ``n``.
    """
    return {k: round(v, 4) for k, v in report.items() if k != "n"}
