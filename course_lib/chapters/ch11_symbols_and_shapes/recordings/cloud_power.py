"""Which score sees which fault with how many pictures (`course record cloud-power`).

Each seed draws n real digits, n others and n of each fault. A score *sees* a fault in a draw when it is above what it
gives of real digits against real ones in all draws: for a score that sees nothing the chance is 1 in (draws + 1).
"""

import time
from collections.abc import Callable

from course_lib import zoo
from course_lib.chapters.ch11_symbols_and_shapes.cloud_scores import Pool, score_all
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.metrics import judge_outputs
from course_lib.runtime import Runtime

SEEDS = tuple(range(100, 120))  # the reporting seeds; nothing was tuned on them
SIZES, TRIALS = (100, 200, 400), 50
SETTINGS = {
    "sizes": [str(n) for n in SIZES],
    "trials": TRIALS,
    "features": "the judge's 128 penultimate",
    "real": "4,000 shipped training digits",
    "geometry score": "64 landmarks, gamma 5000 / (128 n), at most 0.1",
    "coverage": "k = 5",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    sizes: tuple[int, ...] = SIZES,
    trials: int = TRIALS,
) -> None:
    """Draw and score, and write ``data/runs/cloud-power.json``: size → seed → score → row → value.

    Args:
        seeds: a draw each.
        tell: is given a line after each size.
        sizes: pictures a cloud.
        trials: of the geometry score.
    """
    pool = digits_and_generated(Runtime.auto(device="cpu"))
    runs: dict[str, dict[str, dict]] = {}
    for n in sizes:
        began, runs[str(n)] = time.process_time(), {}
        for seed in seeds:
            real, clouds = pool.draw(n, Runtime.auto(device="cpu", seed=seed))
            found = score_all(real, clouds, trials, seed)
            runs[str(n)][str(seed)] = {
                score: {row: float(f"{value:.4g}") for row, value in rows.items()} for score, rows in found.items()
            }
        write_recorded("cloud-power", SETTINGS | {"sizes": list(runs), "trials": trials}, runs)
        tell(f"{n} pictures: {time.process_time() - began:.0f} s")


def digits_and_generated(runtime: Runtime, generated: int = 2000) -> Pool:
    """The judge's features of all training digits, and of pictures of the zoo's DCGAN.

    Args:
        runtime: where the generator draws.
        generated: how many.
    """
    judge, digits = zoo.load("judge"), load("digits")
    drawn = zoo.load("dcgan-digits", runtime)(generated).cpu()
    return Pool(judge_outputs(digits.images, judge)[1], digits.labels, judge_outputs(drawn, judge)[1])
