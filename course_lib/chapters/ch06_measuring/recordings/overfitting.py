"""How far D learns its training digits by heart: fewer digits, with and without DiffAugment.

`course record overfitting`. Rows differ from their neighbours in one thing, the number of digits or the augmentation.
"""

import time
from collections.abc import Callable

from torch import Tensor

from course_lib import zoo
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.metrics import copying, discriminator_overfitting, frechet_distance, judge_outputs
from course_lib.models import DCDiscriminator, DCGenerator, Judge
from course_lib.runtime import Runtime
from course_lib.training import DiffAugment, Game

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
DIGITS, STEPS, WIDTH = (100, 500, 4000), 2000, 16
SETTINGS = {
    "networks": "DCGAN, width 16, batch norm",
    "steps": STEPS,
    "lr": 1e-3,
    "batch": 32,
    "DiffAugment": "translation and cutout",
    "measured": "D's mean logits on its training digits, 1,000 held-out digits and 1,000 generated ones; Fréchet "
    "distance of 4,000 averaged samples to all 4,000 training digits, and their copying score (pixels)",
}


def rows() -> dict[str, tuple[int, bool]]:
    """What is trained.

    Returns:
        Row → (number of digits, with DiffAugment?).
    """
    return {
        f"{n:,} digits{', DiffAugment' if augment else ''}": (n, augment) for n in DIGITS for augment in (False, True)
    }


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, *, steps: int = STEPS) -> None:
    """Train every row once a seed and write ``data/runs/overfitting.json``: row → seed → numbers.

    Args:
        seeds: each is a new training of every row.
        tell: is given a line after each training.
        steps: of a training.
    """
    judge = zoo.load("judge")
    runs: dict[str, dict[int, dict]] = {row: {} for row in rows()}
    real = judge_outputs(load("digits", Runtime.auto(device="cpu")).images, judge)[1]  # (4000, 128)
    for seed in seeds:
        for row, (n, augment) in rows().items():
            began = time.process_time()
            runs[row][seed] = train(seed, n, augment, steps, judge, real)
            tell(f"seed {seed}, {row}: {runs[row][seed]} ({time.process_time() - began:.0f} s)")
            write_recorded("overfitting", SETTINGS | {"steps": steps}, runs)


def train(seed: int, digits: int, augment: bool, steps: int, judge: Judge, real: Tensor) -> dict[str, float]:
    """One training on the first of the training digits.

    Args:
        seed: of the first weights, batches and latents.
        digits: how many are trained on.
        augment: with DiffAugment.
        steps: how many.
        judge: reads the features of digits.
        real: the judge's features of all training digits, ``(4000, 128)``.

    Returns:
        Name → number.
    """
    runtime = Runtime.auto(seed=seed, device="cpu")
    data, heldout = load("digits", runtime).take(digits), load("digits", runtime, split="test")
    with runtime.seeded("weights"):
        networks = DCGenerator(64, WIDTH), DCDiscriminator(WIDTH)
    game = Game(*networks, views=[DiffAugment(("translation", "cutout"))] if augment else [])
    for _ in game.steps(data, steps, runtime):
        pass
    fake = game.sampler()(4000)
    found = discriminator_overfitting(game.discriminator, data.images, heldout.images, game.sampler(ema=False)(1000))
    numbers = {
        "train": found.train,
        "heldout": found.heldout,
        "fake": found.fake,
        "gap": found.gap,
        "frechet": frechet_distance(judge_outputs(fake, judge)[1], real),
        "copying": copying(*(x.flatten(1) for x in (fake, data.images, heldout.images))).score,
    }
    return {name: round(value, 4) for name, value in numbers.items()}
