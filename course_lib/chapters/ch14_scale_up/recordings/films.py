"""Clips by a GAN, whole and less one part, over five seeds (`course record films`).

Each seed is a new training of every variant of lesson 14.6. Nothing was tuned on these seeds.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from torch import Tensor, nn

from course_lib import zoo
from course_lib.chapters.ch14_scale_up import film_game, film_measures, films
from course_lib.data import load
from course_lib.files import runs_so_far, write_recorded
from course_lib.runtime import Runtime

SEEDS = tuple(range(100, 105))
LOOKS = dict.fromkeys(film_game.VARIANTS, film_game.LOOKS)
CLIPS = 2000  # to learn from
SETTINGS: dict[str, Any] = {
    "data": f"{CLIPS:,} clips of {films.FRAMES} frames, 28 pixels, from the training digits, seed 0",
    "networks": f"GRU of {film_game.MOTION}; DCGANs, width {film_game.WIDTH} (judge of clips: twice); Adam 1e-3",
    "batch": f"{film_game.BATCH} clips; the judge of frames sees {film_game.PER_CLIP} frames of each",
    "measured": "500 generated clips against 1,000 of the test digits",
    "preferred": "share of real clips with a higher logit than their doctored version, by the judge of clips",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    looks: Mapping[str, tuple[int, ...]] = LOOKS,
    clips: int = CLIPS,
    measured: int = 500,
) -> None:
    """Write ``data/runs/films.json``: variant → seed → steps → numbers. It goes on where it stopped.

    Args:
        seeds: each is a new training of every variant.
        tell: is given a line after each training.
        looks: variant → the steps after which is measured; 0 is before the first.
        clips: of the training data.
        measured: generated clips that are measured; twice as many real ones.
    """
    settings = SETTINGS | {"steps": {name: list(steps) for name, steps in looks.items()}}
    runs: dict[str, dict[str, Any]] = runs_so_far("films", settings)
    judge, data = zoo.load("judge"), films.bouncing(load("digits"), clips)
    real = films.bouncing(load("digits", split="test"), 2 * measured, seed=1).frames
    reference = film_measures.Reference.of(real, judge)
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        for name, steps in looks.items():
            if str(seed) in runs.get(name, {}):
                continue
            began, game = time.process_time(), film_game.new_game(name, runtime)
            found: dict[str, dict[str, float]] = {}
            for upto in (0, *steps):
                film_game.train(game, data, upto, runtime)
                film = film_measures.measure(game.sampler()(measured), judge, reference)
                found[str(upto)] = {k: round(v, 4) for k, v in asdict(film).items()} | _preferences(game.critics, real)
            runs.setdefault(name, {})[str(seed)] = found
            write_recorded("films", settings, runs)
            tell(f"seed {seed}, {name} ({time.process_time() - began:.0f} s): {found[str(steps[-1])]}")


def _preferences(critics: film_game.Critics, real: Tensor) -> dict[str, float]:
    critic: nn.Module | None = critics.of_clips
    if critic is None:
        return {}
    return {
        f"over {how}": round(film_measures.preferred(critic, real, doctor(real)), 4)
        for how, doctor in films.DOCTORED.items()
    }
