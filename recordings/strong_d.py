"""A1's tiny generator against a discriminator that is too strong, long enough to tell (`course record strong-d`).

The two rows differ in the discriminator alone: a convolutional one, as A1 has it, and A1's generator's equal, a fully
connected one. At every stop the averaged generator is measured as everywhere in the course, 4,000 pictures against the
4,000 training digits. After a few hundred steps both are bad; what the lead of the discriminator costs shows later.
"""

from collections.abc import Callable
from statistics import mean

from torch import nn

from course_lib import zoo
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.models import DCDiscriminator, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned
STOPS, LR, BATCH, LAST = (600, 2000, 4000), 1e-3, 32, 100
ROWS: dict[str, Callable[[], nn.Module]] = {
    "convolutional": lambda: DCDiscriminator(width=16, norm=None),
    "control": MLPDiscriminator,
}


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print,
           stops: tuple[int, ...] = STOPS) -> None:  # fmt: skip
    """Train both rows once a seed and write ``data/runs/strong-d.json``: row → seed → a list a number, by stop."""
    judge, runs = zoo.open("judge"), {row: {} for row in ROWS}
    real = judge_outputs(load("digits", Runtime.auto(device="cpu")).images, judge)[1]  # (4000, 128)
    for seed in seeds:
        for row in ROWS:
            runs[row][seed] = train(row, seed, stops, judge, real)
            tell(f"{row}, seed {seed}: {runs[row][seed]}")
    settings = {"generator": "A1: MLPGenerator(output='sigmoid')", "loss": "non-saturating", "lr": LR, "batch": BATCH,
                "convolutional": "DCDiscriminator(width=16, norm=None)", "control": "MLPDiscriminator()",
                "lead": f"mean D on real minus on drawn pictures, over the last {LAST} steps"}  # fmt: skip
    write_recorded("strong-d", settings, runs)


def train(row: str, seed: int, stops: tuple[int, ...], judge, real) -> dict[str, list[float]]:
    """One training: its lead, Fréchet distance, digits and variety (mean deviation of a pixel) at each stop."""
    runtime = Runtime.auto(seed=seed, device="cpu")
    digits = load("digits", runtime)
    with runtime.seeded("duel"):
        game = Game(MLPGenerator(output="sigmoid"), ROWS[row](), lr=LR, batch=BATCH)
    found: dict[str, list[float]] = {"step": [], "lead": [], "frechet": [], "digits": [], "variety": []}
    leads = []
    for step in game.steps(digits, stops[-1], runtime):
        numbers = step.as_dict()
        leads.append(numbers["d_real"] - numbers["d_fake"])
        if step.step in stops:
            drawn = game.sampler()(4000)
            probabilities, features = judge_outputs(drawn, judge)
            counts = probabilities.argmax(1).bincount(minlength=10)
            found["step"].append(step.step)
            found["lead"].append(round(mean(leads[-LAST:]), 3))
            found["frechet"].append(round(frechet_distance(features, real), 1))
            found["digits"].append(int((counts >= 40).sum()))  # each at least once in a hundred
            found["variety"].append(round(drawn.std(dim=0).mean().item(), 3))
    return found
