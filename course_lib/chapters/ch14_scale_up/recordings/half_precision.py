"""The same small DCGAN in float32 and in bf16, and a worse one as a control (`course record half-precision`)."""

import time
from collections.abc import Callable
from typing import Any

from course_lib import zoo
from course_lib.data import load
from course_lib.files import runs_so_far, write_recorded
from course_lib.metrics import evaluate, judge_outputs
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

SEEDS = tuple(range(100, 110))
WAYS: dict[str, tuple[str, float]] = {  # precision, share of the steps
    "float32": ("float32", 1),
    "bf16": ("bf16", 1),
    "float32, half of the steps": ("float32", 0.5),
}
SETTINGS: dict[str, Any] = {
    "training": "DCGAN of width 16 on 4,000 digits, batch 32, lr 0.001",
    "measures": "2,000 samples of the averaged generator against the training digits",
    "seconds": "of processor time, one thread, for the training alone",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    steps: int = 800,
    width: int = 16,
    samples: int = 2000,
) -> None:
    """Write ``data/runs/half-precision.json``: way → seed → measures. It goes on where it stopped.

    Args:
        seeds: each is a training in each way.
        tell: is given a line after each training.
        steps: of a whole training.
        width: of both networks.
        samples: that are measured.
    """
    settings = SETTINGS | {"steps": steps, "width": width, "samples": samples}
    runs = runs_so_far("half-precision", settings) or {way: {} for way in WAYS}
    judge = zoo.load("judge", Runtime.auto(device="cpu"))
    real = judge_outputs(load("digits", Runtime.auto(device="cpu")).images, judge)[1]
    for seed in seeds:
        for way, (precision, share) in WAYS.items():
            if str(seed) in runs[way]:
                continue
            runtime = Runtime.auto(device="cpu", seed=seed, precision=precision)
            digits = load("digits", runtime)
            with runtime.seeded("weights"):
                game = Game(DCGenerator(width=width), DCDiscriminator(width=width), batch=32)
            began = time.process_time()
            for _ in game.steps(digits, max(1, round(share * steps)), runtime):
                pass
            seconds = time.process_time() - began
            report = evaluate(game.sampler(), judge, real, n=samples)
            found = {"confidence": report.confidence, "classes": report.classes, "frechet": report.frechet}
            runs[way][str(seed)] = {k: round(v, 4) for k, v in (found | {"seconds": seconds}).items()}
            write_recorded("half-precision", settings, runs)
            tell(f"seed {seed}, {way}: {runs[way][str(seed)]}")
