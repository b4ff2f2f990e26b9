"""Optimisers and step sizes on A1's GAN at equal steps, for chapter 03 (`course record optimisers`).

Adam is made of two ideas: momentum (β₁) and dividing by the size of recent gradients (β₂). The four optimisers have
neither, the first, the second, both. Each step size is tried on the tuning seeds; the one with the lowest mean
Fréchet distance is then trained on the reporting seeds.
"""

import time
from collections.abc import Callable
from statistics import mean

from torch import Tensor

from course_lib import zoo
from course_lib.data import load
from course_lib.errors import Diverged
from course_lib.files import write_recorded
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.models import Judge, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

TUNING, SEEDS = (0, 1), tuple(range(100, 105))
STEPS, STOPS, BATCH, BETAS = 900, 3, 64, (0.5, 0.9)
FAILED = 1e6  # the Fréchet distance of a training that diverged: worse than any other
RATES = {  # so that each one's best lies between two that are worse
    "sgd": (0.03, 0.1, 0.3),
    "momentum": (0.01, 0.03, 0.1, 0.3),
    "rmsprop": (0.001, 0.003, 0.01, 0.03),
    "adam": (0.001, 0.003, 0.01, 0.03, 0.1),
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    tuning: tuple[int, ...] = TUNING,
    steps: int = STEPS,
) -> None:
    """Tune, then report, and write ``data/runs/optimisers.json``.

    Args:
        seeds: of the report.
        tell: is given a line after each step size, and after each report.
        tuning: the seeds on which each step size is tried.
        steps: of a training.
    """
    judge, runs = zoo.load("judge"), dict[str, dict]()
    real = judge_outputs(load("digits", Runtime.auto(device="cpu")).images, judge)[1]  # (4000, 128)
    for optimiser, rates in RATES.items():
        tried = {}
        for lr in rates:
            tried[lr] = [train(optimiser, lr, seed, steps, 1, judge, real)["frechet"][-1] for seed in tuning]
            tell(f"{optimiser}, step size {lr:g}, seeds {tuning}: Fréchet distances {tried[lr]}")
        best = min(rates, key=lambda lr: mean(tried[lr]))
        report = {seed: train(optimiser, best, seed, steps, STOPS, judge, real) for seed in seeds}
        tell(f"{optimiser}, step size {best:g}: {[r['frechet'] for r in report.values()]}")
        runs[optimiser] = {"tuning": tried, "best": best, "seeds": report}
    settings = {
        "networks": "A1: MLPGenerator(output='sigmoid'), MLPDiscriminator()",
        "loss": "non-saturating",
        "betas": BETAS,
        "batch": BATCH,
        "steps": steps,
        "tuning seeds": tuning,
    }
    write_recorded("optimisers", settings, runs)


def train(optimiser: str, lr: float, seed: int, steps: int, stops: int, judge: Judge, real: Tensor) -> dict:
    """Fréchet distances at ``stops`` evenly spaced steps, and the processor's milliseconds a step.

    Args:
        optimiser: a name that ``Game`` knows.
        lr: the step size of both players.
        seed: of the first weights, batches and latents.
        steps: how many, in all.
        stops: how often is measured.
        judge: reads the features of digits.
        real: the judge's features of the training digits, ``(4000, 128)``.
    """
    runtime = Runtime.auto(seed=seed, device="cpu")
    digits = load("digits", runtime)
    with runtime.seeded("optimisers"):
        networks = MLPGenerator(output="sigmoid"), MLPDiscriminator()
    game = Game(*networks, lr=lr, optimiser=optimiser, betas=BETAS, batch=BATCH)
    found: dict[str, list[float]] = {"step": [], "frechet": []}
    seconds = 0.0
    for _ in range(stops):
        began = time.process_time()
        try:
            for _ in game.steps(digits, steps // stops, runtime):
                pass
        except Diverged:
            return {"step": [steps], "frechet": [FAILED], "ms": None}
        seconds += time.process_time() - began
        found["step"].append(game.step_number)
        features = judge_outputs(game.sampler()(4000), judge)[1]
        found["frechet"].append(round(frechet_distance(features, real), 1))
    return {**found, "ms": round(seconds / game.step_number * 1000, 2)}
