"""Does a deeper generator need more steps, other first weights, or neither (`course record depth`)?

A1's generator has one hidden layer; here it is trained with one and with three. PyTorch's own first weights shrink what
passes through a layer with a ReLU to 1/√6 of its size, on average; those of He et al. (2015) keep it. So each depth is
trained with both, and measured when the training has begun and when it has gone on. All else is as in A1's promises
(`course record a1-claims`); quality is the Fréchet distance to the 4,000 training digits.
"""

from collections.abc import Callable

from torch import nn

from course_lib import zoo
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.models import MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned
STOPS, LR, BATCH = (1000, 4000), 5e-4, 64
ROWS = {  # hidden layers, He's first weights
    "1 hidden layer": (1, False),
    "3 hidden layers": (3, False),
    "1 hidden layer, He": (1, True),
    "3 hidden layers, He": (3, True),
}


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print,
           stops: tuple[int, ...] = STOPS) -> None:  # fmt: skip
    """Train every row once a seed and write ``data/runs/depth.json``: row → seed → Fréchet distance at each stop."""
    judge, runs = zoo.open("judge"), {row: {} for row in ROWS}
    real = judge_outputs(load("digits", Runtime.auto(device="cpu")).images, judge)[1]  # (4000, 128)
    for seed in seeds:
        for row, (depth, he) in ROWS.items():
            runs[row][seed] = train(depth, he, seed, stops, judge, real)
            tell(f"{row}, seed {seed}: {runs[row][seed]}")
    settings = {"networks": "A1: MLPGenerator(hidden=(128,) * layers, output='sigmoid'), MLPDiscriminator()",
                "loss": "non-saturating", "lr": LR, "batch": BATCH, "steps": stops}  # fmt: skip
    write_recorded("depth", settings, runs)


def train(depth: int, he: bool, seed: int, stops: tuple[int, ...], judge, real) -> list[float]:
    """Fréchet distances at ``stops`` of one training; ``real`` are the judge's features ``(4000, 128)`` of the data."""
    runtime = Runtime.auto(seed=seed, device="cpu")
    digits = load("digits", runtime)
    with runtime.seeded("a1"):
        networks = MLPGenerator(hidden=(128,) * depth, output="sigmoid"), MLPDiscriminator()
        if he:
            he_weights(networks[0])
    game, found = Game(*networks, lr=LR, batch=BATCH), []
    for step in game.steps(digits, stops[-1], runtime):
        if step.step in stops:
            found.append(round(frechet_distance(judge_outputs(game.sampler()(4000), judge)[1], real), 1))
    return found


def he_weights(generator: MLPGenerator) -> None:
    """First weights that keep the size of what passes: He's in front of a ReLU, Xavier's in the last layer."""
    for layer in generator.body:
        if isinstance(layer, nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    nn.init.xavier_normal_(generator.last[0].weight)
    nn.init.zeros_(generator.last[0].bias)
