"""Two of A1's promises on its GAN at equal steps: a deeper, fancier generator; more data (`course record a1-claims`).

Each row differs from the first, A1's own generator on all 4,000 digits, in the one thing that it names. Quality is the
Fréchet distance to the 4,000 training digits, also where fewer of them were trained on.
"""

import time
from collections.abc import Callable

from course_lib import zoo
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.models import MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned
STEPS, LR, BATCH = 1000, 5e-4, 64
ROWS = {
    "A1's own": {},
    "3 hidden layers": {"hidden": (128, 128, 128)},
    "LeakyReLU": {"slope": 0.2},
    "500 digits": {"digits": 500},
    "1,000 digits": {"digits": 1000},
}


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, steps: int = STEPS) -> None:
    """Train every row once a seed and write ``data/runs/a1-claims.json``: row → seed → Fréchet distance."""
    judge, runs, costs = zoo.load("judge"), {}, {}
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


def train(seed: int, steps: int, judge, real, digits: int = 4000, **generator) -> float:
    """The Fréchet distance after one training on the first ``digits`` of the training digits."""
    runtime = Runtime.auto(seed=seed, device="cpu")
    data = load("digits", runtime).take(digits)
    with runtime.seeded("a1"):
        networks = MLPGenerator(**{"output": "sigmoid"} | generator), MLPDiscriminator()
    game = Game(*networks, lr=LR, batch=BATCH)
    for _ in game.steps(data, steps, runtime):
        pass
    return frechet_distance(judge_outputs(game.sampler()(4000), judge)[1], real)
