"""Two of A1's promises on its GAN at equal steps: a deeper, fancier generator; more data (`course record a1-claims`).

Each row differs from the first, A1's own generator on all 4,000 digits, in the one thing that it names. Quality is the
Fréchet distance to the 4,000 training digits, also where fewer of them were trained on.
"""

import time
from collections.abc import Callable
from typing import TypedDict, Unpack

from torch import Tensor

from course_lib import zoo
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.models import Judge, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned
STEPS, LR, BATCH = 1000, 5e-4, 64


class Change(TypedDict, total=False):
    """What a row changes of A1's generator (see ``MLPGenerator``)."""

    hidden: tuple[int, ...]
    slope: float
    output: str


class Row(Change, total=False):
    """What a row changes, the number of training digits among it."""

    digits: int


ROWS: dict[str, Row] = {
    "A1's own": {},
    "3 hidden layers": {"hidden": (128, 128, 128)},
    "LeakyReLU": {"slope": 0.2},
    "500 digits": {"digits": 500},
    "1,000 digits": {"digits": 1000},
}


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, steps: int = STEPS) -> None:
    """Train every row once a seed and write ``data/runs/a1-claims.json``: row → seed → Fréchet distance.

    Args:
        seeds: each is a new training of every row.
        tell: is given a line after each row.
        steps: of a training.
    """
    judge, costs = zoo.load("judge"), {}
    runs: dict[str, dict[int, float]] = {}
    real = judge_outputs(load("digits", Runtime.auto(device="cpu")).images, judge)[1]  # (4000, 128)
    for row, change in ROWS.items():
        began = time.process_time()
        runs[row] = {seed: round(train(seed, steps, judge, real, **change), 1) for seed in seeds}
        costs[row] = round((time.process_time() - began) / len(seeds), 1)
        tell(f"{row}: {runs[row]}")
    settings = {
        "networks": "A1: MLPGenerator(output='sigmoid'), MLPDiscriminator()",
        "loss": "non-saturating",
        "lr": LR,
        "batch": BATCH,
        "steps": steps,
        "seconds a training": costs,
    }
    write_recorded("a1-claims", settings, runs)


def train(seed: int, steps: int, judge: Judge, real: Tensor, digits: int = 4000, **generator: Unpack[Change]) -> float:
    """The Fréchet distance after one training on the first ``digits`` of the training digits.

    Args:
        seed: of the first weights, batches and latents.
        steps: how many.
        judge: reads the features of digits.
        real: the judge's features of all 4,000 training digits, ``(4000, 128)``.
        digits: how many of these are trained on.
        generator: what differs from A1's generator.
    """
    runtime = Runtime.auto(seed=seed, device="cpu")
    data = load("digits", runtime).take(digits)
    own: Change = {"output": "sigmoid"}
    with runtime.seeded("a1"):
        networks = MLPGenerator(**(own | generator)), MLPDiscriminator()
    game = Game(*networks, lr=LR, batch=BATCH)
    for _ in game.steps(data, steps, runtime):
        pass
    return frechet_distance(judge_outputs(game.sampler()(4000), judge)[1], real)
