"""Whom small generators draw how often, and four ways to forbid a class, over five seeds (`course record limits`).

Each seed is a new training of every model of lesson 13.7. Nothing was tuned on these seeds.
"""

import time
from collections.abc import Callable
from typing import Any

from course_lib import zoo
from course_lib.audit import shares
from course_lib.chapters.ch13_transparency import forbidding, groups, spying
from course_lib.data import load
from course_lib.files import runs_so_far, write_recorded
from course_lib.metrics import judge_outputs
from course_lib.runtime import Runtime

SEEDS = tuple(range(100, 105))
STEPS, SAMPLES, OTHER = 800, 1000, 8  # OTHER: a second class that is left out of the data
PSIS = (1.0, 0.8, 0.6, 0.4, 0.2)
SETTINGS: dict[str, Any] = {
    "GAN": "DCGAN of width 16 as in 13.6; VAE: fully connected 400-200-10",
    "whom": "shares, tails and coverage of 1,000 samples; truncation: the GAN's latents times ψ",
    "imbalance": "2,000 digits 0 to 4 and 220 digits 5 to 9; read by the judge in 2,000 samples",
    "forbid": "class 7; counted by the digit CNN at more than 0.9; searched: 50 latents, 60 steps of Adam 0.1 up the "
    "judge's log-probability; frechet: to held-out digits of the other classes",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    steps: int = STEPS,
    samples: int = SAMPLES,
) -> None:
    """Write ``data/runs/limits.json``: part → seed → numbers. It goes on where it stopped.

    Args:
        seeds: each is a new training of every model.
        tell: is given a line after each seed.
        steps: of each training.
        samples: of each measure; the imbalance takes twice as many.
    """
    settings = SETTINGS | {"steps": steps, "samples": samples}
    runs: dict[str, dict[str, Any]] = runs_so_far("limits", settings) or {"whom": {}, "imbalance": {}, "forbid": {}}
    for seed in seeds:
        if str(seed) in runs["forbid"]:
            continue
        began = time.process_time()
        for part, found in _one(Runtime.auto(seed=seed, device="cpu"), steps, samples).items():
            runs[part][str(seed)] = found
        write_recorded("limits", settings, runs)
        tell(f"seed {seed} ({time.process_time() - began:.0f} s): {[each[str(seed)] for each in runs.values()]}")


def _one(runtime: Runtime, steps: int, samples: int) -> dict[str, dict[str, Any]]:
    """All parts for one seed."""
    judge, second, digits, heldout = (
        zoo.load("judge"),
        zoo.load("digit-cnn"),
        load("digits"),
        load("digits", split="test"),
    )
    game, vae = spying.new_game(runtime), spying.new_vae(runtime)
    spying.train(game, digits, steps, runtime)
    spying.train(vae, digits, steps, runtime)

    least, strokes = shares.least_ink(digits.images), shares.strokes(digits.images)
    tenths = groups.stroke_groups(heldout.images)
    whom: dict[str, Any] = {}
    for name, images in {
        "GAN": game.sampler()(samples),
        "VAE": vae.sampler()(samples),
        "other real digits": digits.images[:samples],
    }.items():
        whom[name] = groups.portrait(images, digits, judge, least, strokes)
        whom[name]["covered"] = groups.gaps(images, heldout, judge, tenths)
    whom["truncated"] = {
        str(psi): groups.portrait(groups.truncated(game.sampler(), samples, psi), digits, judge, least, strokes)
        for psi in PSIS
    }

    few = groups.imbalanced(digits)
    rare, rare_vae = spying.new_game(runtime), spying.new_vae(runtime)
    spying.train(rare, few, steps, runtime)
    spying.train(rare_vae, few, steps, runtime)
    shown = {
        "GAN": rare.sampler()(2 * samples),
        "VAE": rare_vae.sampler()(2 * samples),
        "GAN, ψ = 0.6": groups.truncated(rare.sampler(), 2 * samples, 0.6),
        "GAN, equal data": game.sampler()(2 * samples),
    }
    imbalance = {name: round(groups.minority_read(images, judge), 4) for name, images in shown.items()}
    imbalance["expected"] = round(groups.minority_expected(heldout, judge), 4)

    k = forbidding.FORBIDDEN
    real = judge_outputs(heldout.images[heldout.labels != k], judge)[1]
    ways = {
        "no limit": lambda: forbidding.plain(game),
        "rejected": lambda: forbidding.rejecting(game.sampler(), judge, k),
        "unlearned": lambda: forbidding.unlearned(game, digits, k, runtime),
        "filtered data": lambda: forbidding.filtered(digits, k, steps, runtime),
        "not asked for": lambda: forbidding.conditioned(digits, k, steps, runtime),
        "never trained": lambda: forbidding.plain(spying.new_game(runtime)),
    }
    forbid: dict[str, Any] = {
        name: forbidding.outcome(make(), judge, second, real, k, samples) for name, make in ways.items()
    }
    forbid["real digits of other classes"] = {
        "handed out": round(forbidding.share_read(heldout.images[heldout.labels != k], second, k), 4)
    }
    others = judge_outputs(heldout.images[heldout.labels != OTHER], judge)[1]
    way = forbidding.filtered(digits, OTHER, steps, runtime)
    forbid[f"filtered data, class {OTHER}"] = forbidding.outcome(way, judge, second, others, OTHER, samples)
    return {"whom": whom, "imbalance": imbalance, "forbid": forbid}
