"""Is a minority of a tenth amplified? White paper among black, and a judge's own errors (`course record minority`).

Each seed is a new training of every model. Nothing was tuned on these seeds.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from course_lib import zoo
from course_lib.chapters.ch13_transparency import groups, spying
from course_lib.data import load
from course_lib.files import runs_so_far, write_recorded
from course_lib.runtime import Runtime
from course_lib.training import Game, Sampler, VAETrainer

SEEDS = tuple(range(100, 105))
STEPS, SAMPLES = 800, 2000
PSIS = (1.0, 0.8, 0.6)
SETTINGS: dict[str, Any] = {
    "GAN": "DCGAN of width 16 as in 13.6; VAE: fully connected 400-200-10",
    "negatives": "a tenth of 4,000 digits (or half) is black ink on white paper; share of samples brighter than grey, "
    "latents times ψ",
    "never saw 5 to 9": "trained on 2,000 digits 0 to 4; share of samples that the judge reads as 5 to 9",
}


def record(
    seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, *, steps: int = STEPS, samples: int = SAMPLES
) -> None:
    """Write ``data/runs/minority.json``: part → seed → numbers. It goes on where it stopped.

    Args:
        seeds: each is a new training of every model.
        tell: is given a line after each seed.
        steps: of each training; one look is at its half.
        samples: of each share.
    """
    settings = SETTINGS | {"steps": steps, "samples": samples}
    runs: dict[str, dict[str, Any]] = runs_so_far("minority", settings) or {"negatives": {}, "never saw 5 to 9": {}}
    digits, judge = load("digits"), zoo.load("judge")
    keep = digits.labels < min(groups.MINORITY)
    major = replace(digits, images=digits.images[keep], labels=digits.labels[keep], sha256=digits._derived("0 to 4"))

    def white(sampler: Sampler) -> dict[str, float]:
        return {f"{psi:g}": round(groups.share_negative(groups.truncated(sampler, samples, psi)), 4) for psi in PSIS}

    for seed in seeds:
        if str(seed) in runs["never saw 5 to 9"]:
            continue
        began, runtime = time.process_time(), Runtime.auto(seed=seed, device="cpu")
        data, due = groups.negatives(digits, groups.DUE, seed)
        game, vae, equal = spying.new_game(runtime), spying.new_vae(runtime), spying.new_game(runtime)
        spying.train(game, data, steps // 2, runtime)
        found: dict[str, Any] = {"data": round(due, 4), "GAN, half of the steps": white(game.sampler())}
        spying.train(game, data, steps, runtime)
        spying.train(vae, data, steps, runtime)
        spying.train(equal, groups.negatives(digits, 0.5, seed)[0], steps, runtime)
        found |= {"GAN": white(game.sampler()), "VAE": white(vae.sampler())}
        found["GAN, half of the data"] = white(equal.sampler())
        runs["negatives"][str(seed)] = found
        read = {}
        models: dict[str, Game | VAETrainer] = {"GAN": spying.new_game(runtime), "VAE": spying.new_vae(runtime)}
        for name, trainer in models.items():
            spying.train(trainer, major, steps, runtime)
            read[name] = round(groups.minority_read(trainer.sampler()(samples), judge), 4)
        runs["never saw 5 to 9"][str(seed)] = read
        write_recorded("minority", settings, runs)
        tell(f"seed {seed} ({time.process_time() - began:.0f} s): {found}; {read}")
