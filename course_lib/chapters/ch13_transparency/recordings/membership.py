"""Attacks on who was in the training data, against data and steps, over five seeds (`course record membership`).

Each seed is a new training of every model of lesson 13.6. Nothing was tuned on these seeds.
"""

import time
from collections.abc import Callable
from typing import Any

from course_lib import zoo
from course_lib.chapters.ch13_transparency import spying
from course_lib.data import load
from course_lib.files import runs_so_far, write_recorded
from course_lib.runtime import Runtime

SEEDS = tuple(range(100, 105))
SIZES = (200, 1000, 4000)
SETTINGS: dict[str, Any] = {
    "GAN": "DCGAN of width 16, batch norm, Adam 1e-3 (0.5, 0.9), batch 32",
    "VAE": "fully connected 400-200-10, Adam 1e-3, batch 32, pixels drawn black or white",
    "members": "the first 200, or of 1,000 and 4,000 digits the first 1,000; outsiders: 1,000 held-out digits",
    "white": "score: D's logit, or the VAE's bound (5 draws)",
    "calibrated": "the bound, minus that of a VAE trained on 200 other digits",
    "black": "score: minus the distance to the nearest of 2,000 samples; frechet: of 500 of them, to the outsiders",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    looks: tuple[int, ...] = spying.LOOKS,
    sizes: tuple[int, ...] = SIZES,
    samples: int = 2000,
) -> None:
    """Write ``data/runs/membership.json``: row → seed → step → attack → numbers. It goes on where it stopped.

    Args:
        seeds: each is a new training of every model.
        tell: is given a line after each row.
        looks: steps after which is attacked.
        sizes: of the training data; the smallest is also trained with DiffAugment, and has the controls.
        samples: of the black-box attack.
    """
    settings = SETTINGS | {"steps": list(looks), "sizes": list(sizes)}
    runs: dict[str, dict[str, Any]] = runs_so_far("membership", settings)
    judge, digits, heldout = zoo.load("judge"), load("digits"), load("digits", split="test").images
    few = min(sizes)
    rows = [("GAN", n, False) for n in sizes] + [("GAN", few, True)] + [("VAE", n, False) for n in sizes]
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        for kind, n, augment in rows:
            name = f"{kind}, {n:,} digits" + ", DiffAugment" * augment
            if str(seed) in runs.get(name, {}):
                continue
            began, data = time.process_time(), digits.take(n)
            trainer = spying.new_game(runtime, augment=augment) if kind == "GAN" else spying.new_vae(runtime)
            score, controls = spying.score_by(trainer), {}
            if n == few and not augment:
                controls["untrained"] = spying.numbers(score, data.images, heldout)
            found: dict[str, Any] = spying.watched(trainer, data, heldout, judge, runtime, looks, samples)
            if controls:
                controls["held out"] = spying.numbers(score, heldout[:500], heldout[500:])
            if kind == "VAE" and n == few:
                other = spying.new_vae(runtime)
                spying.train(other, spying.others(digits, few), looks[-1], runtime)
                score = spying.score_by(trainer, other)
                controls["calibrated"] = spying.numbers(score, data.images, heldout)
            runs.setdefault(name, {})[str(seed)] = found | controls
            write_recorded("membership", settings, runs)
            last = found[str(looks[-1])]
            tell(f"seed {seed}, {name} ({time.process_time() - began:.0f} s): {last}; {controls}")
