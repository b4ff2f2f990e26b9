"""Cures of mode collapse on the ring, at equal steps and at equal cost, beside controls (`course record cures`).

Two starts: *unbalanced* (G's step size ten times D's: the game that collapses on demand) and *strong* (equal step
sizes, a deeper pair of networks, a latent of 2: the best that no cure gives). Each cure differs from its start in the
one thing that it names, and is compared with five rows that contain none: the same game ("none"), the same game with
another depth and with another latent size, and two clouds that no training made (uniform noise, blurred data).

One training goes to the larger of two numbers of steps and is measured at both: STEPS ("equal steps"), and as many as
cost the processor what STEPS cost the start's "none" ("equal cost"). What a step of a row costs is measured first, the
rows taking turns. A cure works where it beats all five on nine of ten seeds: one that has lost on two of its first
five, at both stops, cannot reach that any more and is not trained further. The file is written after every training; a
second call goes on where the first one ended, so delete it to begin anew.
"""

import math
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any, TypeAlias

import torch

from course_lib.chapters.ch04_mode_collapse.toy_games import size, toy_game
from course_lib.data import draw_points, mixture
from course_lib.data.noise import control_clouds, merging_sigma
from course_lib.errors import Diverged
from course_lib.files import runs_so_far, write_recorded
from course_lib.metrics import energy_distance, measure_modes
from course_lib.runtime import Runtime
from course_lib.training import Game
from course_lib.training.settings import PenalisedSettings
from course_lib.training.views import InstanceNoise

SEEDS = tuple(range(100, 110))  # the reporting seeds; measure, steps and rows were chosen on seeds 0 and 1
STEPS, LR, SAMPLES = 2000, 1e-3, 2500
RING = mixture("ring")


class Row(PenalisedSettings, total=False):
    """What a start or a row says of its game (see ``toy_game``)."""

    cure: str
    loss: str
    latent: int
    hidden: tuple[int, ...]


Job: TypeAlias = tuple[str, str, dict[str, int], int]  # start, row, stops, seed
STARTS: dict[str, Row] = {
    "unbalanced": {"latent": 256, "hidden": (128, 128), "lr_d": 0.1 * LR},
    "strong": {"latent": 2, "hidden": (128, 128, 128), "lr_d": LR},
}
FADING = InstanceNoise(0.3 * size(RING), steps=STEPS)  # gone at the end
LIGHT: dict[str, Row] = {name: {"cure": name} for name in ("batch norm in G", "Pack(4)", "feature matching")}
LATER: dict[str, Row] = {n: {"cure": n} for n in ("minibatch stddev", "R1 + R2", "batch norm in D", "spectral norm")}
LATER |= {"instance noise": {"views": [FADING]}, "least squares": {"loss": "least squares"}}
HEAVY: dict[str, Row] = {
    "minibatch discrimination": {"cure": "minibatch discrimination"},
    "unrolled": {"cure": "unrolled"},
    "WGAN-GP": {"loss": "Wasserstein", "cure": "gradient penalty", "d_steps": 5},
}
NOISE = ("uniform noise", "data + noise")
CONTROLS: dict[str, dict[str, Row]] = {
    "unbalanced": {"none": {}, "none, 3 × 128": {"hidden": (128, 128, 128)}, "none, latent 2": {"latent": 2}},
    "strong": {"none": {}, "none, 2 × 128": {"hidden": (128, 128)}, "none, latent 256": {"latent": 256}},
}
ROWS: dict[str, dict[str, Row]] = {
    "unbalanced": CONTROLS["unbalanced"] | {"equal step sizes": {"lr_d": LR}} | LIGHT | LATER | HEAVY,
    "strong": CONTROLS["strong"] | LIGHT | LATER,
}
BAR = {start: [*NOISE, *rows] for start, rows in CONTROLS.items()}  # what a cure is compared with
CLOUD = {"seed": 100, "points": 300}  # whose last points are kept, for a figure
SETTINGS = {
    "data": "ring",
    "starts": STARTS,
    "lr": LR,
    "batch": 128,
    "samples": SAMPLES,
    "steps": STEPS,
    "controls": BAR,
    "sigma of 'data + noise'": round(merging_sigma(RING), 4),
    "cloud": CLOUD,
}


def build(start: str, row: str, runtime: Runtime) -> Game:
    """A fresh game of one row.

    Args:
        start, row: names in ``STARTS`` and in ``ROWS[start]``.
        runtime: seed, device and precision.
    """
    common: Row = {"lr": LR, "ema": 0}
    with runtime.seeded("weights"):
        return toy_game(RING, **(common | STARTS[start] | ROWS[start][row]))


def costs(start: str, rounds: int = 6, steps: int = 25) -> dict[str, float]:
    """What a step of each row costs, in steps of the start's "none".

    Args:
        start: a name of ``STARTS``.
        rounds, steps: how often each row is timed (the least counts), and for how many steps.

    Returns:
        Row → cost.
    """
    runtime = Runtime.auto(seed=0, device="cpu")
    points = draw_points("ring", runtime, 10_000)
    games = {row: build(start, row, runtime) for row in ROWS[start]}
    best = dict.fromkeys(games, float("inf"))
    for round_ in range(rounds + 1):
        for row, game in games.items():
            began = time.process_time()
            for _ in game.steps(points, steps, runtime):
                pass
            if round_:  # the first warms up
                best[row] = min(best[row], time.process_time() - began)
    return {row: round(seconds / best["none"], 2) for row, seconds in best.items()}


def measure(points: torch.Tensor, runtime: Runtime) -> dict[str, float]:
    """Modes, high quality, KL, and the energy distance to as many true points (the same for all rows of a seed).

    Args:
        points: generated ones ``(n, 2)``.
        runtime: whose stream draws the true points.

    Returns:
        Name → number.
    """
    report, truth = measure_modes(points, RING), RING.sample(len(points), runtime.stream("truth"))[0]
    numbers = {
        "modes": report.modes,
        "high_quality": report.high_quality,
        "kl": report.kl,
        "energy": energy_distance(points.cpu(), truth),
    }
    return {name: float(f"{value:.4g}") if name != "modes" else value for name, value in numbers.items()}


def cloud(points: torch.Tensor) -> dict[str, list[float]]:
    """The first of them, as a file keeps them.

    Args:
        points: ``(n, 2)``.

    Returns:
        "x" and "y" → coordinates.
    """
    return {axis: [round(v, 3) for v in points[: CLOUD["points"], i].tolist()] for i, axis in enumerate("xy")}


def train(start: str, row: str, stops: dict[str, int], seed: int) -> dict:
    """Train once, and measure at each stop.

    Args:
        start, row: names in ``STARTS`` and in ``ROWS[start]``.
        stops: name → step.
        seed: of the first weights, batches and latents.

    Returns:
        Stop → numbers; for the seed of ``CLOUD`` also its "cloud", and after a divergence the step as "diverged".
    """
    runtime = Runtime.auto(seed=seed, device="cpu")
    points, game, found = draw_points(RING, runtime), build(start, row, runtime), dict[str, Any]()
    try:
        for stop, at in sorted(stops.items(), key=lambda one: one[1]):
            for _ in game.steps(points, at - game.step_number, runtime):
                pass
            generated = game.sampler(ema=False)(SAMPLES)
            found[stop] = measure(generated, runtime)
            if stop == "equal steps" and seed == CLOUD["seed"]:
                found["cloud"] = cloud(generated)
    except Diverged:
        found["diverged"] = game.step_number
    return found


def untrained(row: str, seed: int) -> dict:
    """The same numbers of a cloud that no training made.

    Args:
        row: one of ``NOISE``.
        seed: of the noise.
    """
    runtime = Runtime.auto(seed=seed, device="cpu")
    points = control_clouds(RING, draw_points(RING, runtime).points, SAMPLES, runtime)[row]
    numbers = measure(points, runtime)
    found: dict[str, dict] = dict.fromkeys(("equal steps", "equal cost"), numbers)
    return found | ({"cloud": cloud(points)} if seed == CLOUD["seed"] else {})


def order(start: str, row: str, stops: dict[str, int], seed: int, seeds: tuple[int, ...]) -> tuple:
    """What comes first, so that an early stop is of use.

    Five seeds; rows in LIGHT; the unbalanced start, all rows of a seed together; then the strong one, row by row, its
    control first.

    Args:
        start, row, stops, seed, seeds: the job, and all seeds in order.
    """
    turn = (1, list(ROWS[start]).index(row)) if start == "strong" else (0, 0)
    return seed not in seeds[:5], row in HEAVY, row in LATER, turn, seed


def lost(rows: dict, start: str, row: str) -> bool:
    """Whether a cure has lost to the best control on two seeds at every stop; a control never has.

    Args:
        rows: what is recorded of the start, by row.
        start: a name of ``STARTS``.
        row: the cure, a name of ``ROWS[start]``.
    """
    controls = BAR[start]
    if row in controls:
        return False

    def energy(row: str, seed: str, stop: str) -> float:
        return rows[row]["seeds"][seed].get(stop, {}).get("energy", math.inf)

    return all(
        sum(
            energy(row, seed, stop) >= min(energy(c, seed, stop) for c in controls)
            for seed in rows[row]["seeds"]
            if all(seed in rows[c]["seeds"] for c in controls)
        )
        >= 2
        for stop in rows[row]["stops"]
    )


def finished(todo: list[Job], workers: int) -> Iterator[tuple[Job, dict]]:
    """Each job with its result, as they end.

    One worker needs no process of its own, and a test could not fork one: PyTorch refuses to go backward in a fork of a
    process that has used its autograd threads.

    Args:
        todo, workers: the jobs, and how many processes do them.
    """
    if workers == 1:
        yield from ((job, train(*job)) for job in todo)
        return
    with ProcessPoolExecutor(workers) as pool:
        jobs = {pool.submit(train, *job): job for job in todo}
        yield from ((jobs[done], done.result()) for done in as_completed(jobs))


def record(
    seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, steps: int = STEPS, workers: int = 2
) -> None:
    """Fill ``data/runs/cures.json``: {start: {row: {"cost", "stops", "seeds": {seed: {stop: numbers}}}}}.

    Args:
        seeds: each is a new training of every row.
        tell: is given a line after each training.
        steps: of a training, at equal steps.
        workers: how many processes train.
    """
    runs = runs_so_far("cures")
    os.environ["OMP_NUM_THREADS"] = "1"
    for start in STARTS:
        if start in runs:
            continue
        cost = costs(start)
        tell(f"{start}: what a step costs, in units of the control's: {cost}")
        runs[start] = {row: {"cost": 0, "seeds": {str(s): untrained(row, s) for s in seeds}} for row in NOISE}
        runs[start] |= {
            row: {"cost": c, "stops": {"equal steps": steps, "equal cost": max(1, round(steps / c))}, "seeds": {}}
            for row, c in cost.items()
        }
        write_recorded("cures", SETTINGS | {"steps": steps}, runs)
    todo: list[Job] = [
        (start, row, entry["stops"], seed)
        for start, rows in runs.items()
        for row, entry in rows.items()
        for seed in seeds
        if "stops" in entry and str(seed) not in entry["seeds"]
    ]
    todo.sort(key=lambda job: order(job[0], job[1], job[2], job[3], seeds))
    for later in (False, True):  # first five seeds of everything, then the others of what can still win
        jobs = [
            (start, row, stops, seed)
            for start, row, stops, seed in todo
            if (seed not in seeds[:5]) == later and not (later and lost(runs[start], start, row))
        ]
        for (start, row, _, seed), result in finished(jobs, workers):
            runs[start][row]["seeds"][str(seed)] = result
            write_recorded("cures", SETTINGS | {"steps": steps}, runs)
            tell(f"{start} seed {seed} {row}: " + str({k: v for k, v in result.items() if k != "cloud"}))


if __name__ == "__main__":
    record()
