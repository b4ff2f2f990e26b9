"""The best game found for ring and grid, over five seeds: quality after how many seconds (`course record best`).

Nothing but balanced step sizes that fall to 0, Adam with β₂ = 0.99 (PyTorch has 0.999, the course's other games 0.9),
and the average of G's weights. Found on seeds 0 to 4. At the end the bar of the race is asked of it, too: is its energy
distance below that of the better of two clouds of noise (as in ``recordings/cures.py``)?
"""

import time
from collections.abc import Callable
from dataclasses import asdict

from torch import Tensor

from course_lib.chapters.ch04_mode_collapse.toy_games import toy_game
from course_lib.data import PointData, draw_points
from course_lib.data.noise import control_clouds
from course_lib.files import runs_so_far, write_recorded
from course_lib.metrics import energy_distance, measure_modes
from course_lib.runtime import Runtime
from course_lib.training import cosine_schedule

SEEDS, POINTS = tuple(range(100, 105)), 8
STEPS = {"ring": 8_000, "grid": 28_000}
LATENT, HIDDEN, LR, BETAS, EMA = 2, (128, 128, 128), 1e-3, (0.5, 0.99), 0.999
SETTINGS = {"latent": LATENT, "hidden": [*HIDDEN], "lr": LR, "betas": [*BETAS], "ema": EMA}


def energies(cloud: Tensor, points: PointData, runtime: Runtime) -> dict[str, float]:
    """The energy distance of a cloud to as many true points, and that of the better noise.

    Args:
        cloud: generated points ``(n, 2)``.
        points: what was trained on.
        runtime: whose streams draw truth and noise.

    Returns:
        "energy" and "noise".
    """
    truth = points.mixture.sample(len(cloud), runtime.stream("truth"))[0]
    noises = control_clouds(points.mixture, points.points, len(cloud), runtime).values()
    found = {"energy": energy_distance(cloud.cpu(), truth), "noise": min(energy_distance(c, truth) for c in noises)}
    return {name: float(f"{value:.4g}") for name, value in found.items()}


def _keep_seconds(curve: list[dict], before: list[dict]) -> None:
    """Where the file has the very same training, timed on an idle machine perhaps, its seconds stay."""
    numbers = [[{k: v for k, v in point.items() if k != "seconds"} for point in run] for run in (curve, before)]
    if numbers[0] == numbers[1]:
        for point, old in zip(curve, before, strict=True):
            point["seconds"] = old["seconds"]


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, steps: dict | None = None) -> None:
    """Write ``data/runs/best.json``: {data: {seed: [{"step", "seconds", "modes", "high_quality", …}, …]}}.

    The last point of a run has also its :func:`energies`; a run in the file that has them already is kept. Seconds are
    the processor's, spent on training alone. Run it with OMP_NUM_THREADS=1.

    Args:
        seeds: each is a new training for each data set.
        tell: is given a line after each training.
        steps: data → how many; None: ``STEPS``.
    """
    runs = runs_so_far("best")
    for data, total in (steps or STEPS).items():
        for seed in seeds:
            if "energy" in runs.get(data, {}).get(str(seed), [{}])[-1]:
                continue
            runtime = Runtime.auto(seed=seed, device="cpu")
            points = draw_points(data, runtime)
            with runtime.seeded("weights"):
                game = toy_game(
                    points.mixture,
                    latent=LATENT,
                    hidden=HIDDEN,
                    lr=LR,
                    betas=BETAS,
                    ema=EMA,
                    schedule=cosine_schedule(total),
                )
            curve: list[dict] = []
            seconds, began = 0.0, time.process_time()
            for step in game.steps(points, total, runtime):
                if step.step % max(1, total // POINTS) == 0:
                    seconds += time.process_time() - began
                    report = measure_modes(game.sampler(), points.mixture)
                    numbers = {k: round(v, 4) for k, v in asdict(report).items() if k not in ("n", "of")}
                    curve.append({"step": step.step, "seconds": round(seconds, 1), **numbers})
                    began = time.process_time()
            _keep_seconds(curve, runs.get(data, {}).get(str(seed), []))
            curve[-1] |= energies(game.sampler()(2500), points, runtime)
            runs.setdefault(data, {})[str(seed)] = curve
            tell(f"{data} seed {seed}, {seconds:.0f} s: {report}")
            write_recorded("best", SETTINGS | {"steps": steps or STEPS}, runs)
