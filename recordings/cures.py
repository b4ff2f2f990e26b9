"""Every cure against the same game without it: ring and grid, five seeds, equal seconds (`course record cures`).

Two starting points: *unbalanced* (G's step size ten times D's: the game that collapses on demand) and *balanced* (the
same step size for both). Each row differs from its control, the row "none", in the one thing that it names; a row
called by two names ("relativistic, R1 + R2") differs in both.

Equal seconds: every row gets as many steps as cost the processor as much as the control's; what a step of it costs is
measured first, the rows taking turns. The file is written after every training; a second call goes on where the first
one ended, so delete it to begin anew.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict

from course_lib.data import draw, mixture
from course_lib.errors import CourseError, Diverged
from course_lib.files import recorded, write_recorded
from course_lib.metrics import measure_modes
from course_lib.runtime import Runtime
from course_lib.training import Game, toy_game

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
STEPS = {"ring": 3000, "grid": 4000}  # of the control
LATENT, LR, EMA = 256, 1e-3, 0.999
BALANCE = {"unbalanced": 0.1, "balanced": 1.0}  # D's step size in units of G's
ALONE = ("batch norm in G", "batch norm in D", "spectral norm", "minibatch discrimination", "minibatch stddev",
         "Pack(4)", "unrolled", "feature matching", "R1 + R2", "gradient penalty", "DiffAugment", "instance noise",
         "label smoothing", "five D steps")  # fmt: skip
ROWS = {
    "none": {}, "minimax": {"loss": "minimax"}, "least squares": {"loss": "least squares"},
    "hinge": {"loss": "hinge"}, "relativistic": {"loss": "relativistic"}, **{name: {"cure": name} for name in ALONE},
    "relativistic, R1 + R2": {"loss": "relativistic", "cure": "R1 + R2"},
    "Wasserstein, gradient penalty": {"loss": "Wasserstein", "cure": "gradient penalty", "d_steps": 5},
}  # fmt: skip
# A game that is well needs no rescue: from there only the control and one or two of each kind of cure.
FROM_BALANCED = ("none", "batch norm in G", "spectral norm", "minibatch stddev", "Pack(4)", "unrolled",
                 "feature matching", "R1 + R2", "gradient penalty", "instance noise",
                 "relativistic, R1 + R2")  # fmt: skip
SETTINGS = {"latent": LATENT, "lr": LR, "lr_d": {k: v * LR for k, v in BALANCE.items()}, "ema of 'average'": EMA,
            "networks": "2 × 128 ReLU", "batch": 128, "samples": 2500, "steps of the control": STEPS}  # fmt: skip


def build(data: str, balance: str, row: str, runtime: Runtime) -> Game:
    """A fresh game of one row."""
    with runtime.seeded("weights"):
        return toy_game(mixture(data), latent=LATENT, lr=LR, lr_d=BALANCE[balance] * LR, ema=EMA, **ROWS[row])


def costs(rounds: int = 4, steps: int = 40) -> dict[str, float]:
    """What a step of each row costs, in steps of the control: by the least of ``rounds`` rounds, rows taking turns.

    Measured on the ring and used for both (the networks are the same). Let nothing else run meanwhile.
    """
    runtime = Runtime.auto(seed=0, device="cpu")
    points = draw("ring", runtime, 10_000)
    games, best = {row: build("ring", "balanced", row, runtime) for row in ROWS}, dict.fromkeys(ROWS, float("inf"))
    for round_ in range(rounds + 1):
        for row, game in games.items():
            began = time.process_time()
            for _ in game.steps(points, steps, runtime):
                pass
            if round_:  # the first warms up
                best[row] = min(best[row], time.process_time() - began)
    return {row: round(seconds / best["none"], 2) for row, seconds in best.items()} | {"ms": best["none"] / steps * 1e3}


def train(data: str, balance: str, row: str, steps: int, seed: int) -> dict:
    """Train once; the modes of the latest weights, and those of the average."""
    runtime = Runtime.auto(seed=seed, device="cpu")
    points, game = draw(data, runtime), build(data, balance, row, runtime)
    try:
        for _ in game.steps(points, steps, runtime):
            pass
        return {key: rounded(asdict(measure_modes(game.sampler(ema=key == "average"), points.mixture)))
                for key in ("latest", "average")}  # fmt: skip
    except Diverged:
        return {"diverged": game.step_number}


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, steps: dict | None = None,
           rows: dict[str, tuple[str, ...]] | None = None) -> None:  # fmt: skip
    """Fill ``data/runs/cures.json``: {balance: {data: {row: {"cost", "steps", "seeds": {seed: modes}}}}}."""
    try:
        runs = recorded("cures")["runs"]
    except CourseError:  # not there yet
        runs = {}
    os.environ["OMP_NUM_THREADS"] = "1"
    if not runs:
        cost = costs()
        tell(f"a step of the control: {cost['ms']:.2f} ms; in units of it: {cost}")
        rows = rows or {"unbalanced": tuple(ROWS), "balanced": FROM_BALANCED}
        runs = {balance: {data: {row: {"cost": cost[row], "steps": max(1, round(budget / cost[row])), "seeds": {}}
                                 for row in rows[balance]} for data, budget in (steps or STEPS).items()}
                for balance in BALANCE}  # fmt: skip
        write_recorded("cures", SETTINGS, runs)
    todo = [(data, balance, row, entry["steps"], seed)
            for balance, sets in runs.items() for data, entries in sets.items() for row, entry in entries.items()
            for seed in seeds if str(seed) not in entry["seeds"]]  # fmt: skip
    todo.sort(key=lambda job: (job[1] == "balanced", job[4]))  # whole seeds first, so that an early stop is of use
    with ProcessPoolExecutor(2) as pool:
        jobs = {pool.submit(train, *job): job for job in todo}
        for done in as_completed(jobs):
            data, balance, row, _, seed = jobs[done]
            runs[balance][data][row]["seeds"][str(seed)] = result = done.result()
            write_recorded("cures", SETTINGS, runs)
            tell(f"{balance} {data} seed {seed} {row}: {result.get('latest', result)}")


def rounded(report: dict) -> dict:
    return {k: round(v, 4) for k, v in report.items() if k not in ("n", "of")}


if __name__ == "__main__":
    record()
