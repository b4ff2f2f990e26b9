"""Every cure against the same game without it: ring and grid, five seeds, equal seconds (`course record cures`).

Two starting points: *unbalanced* (G's step size ten times D's: the game that collapses on demand) and *balanced* (the
same step size for both). Each row differs from its control, the row "none", in the one thing that it names; a row
called by two names ("relativistic, R1 + R2") differs in two, and both stand alone as well.

Equal seconds: every row gets the steps that fit into the same processor seconds, by costs measured first, one row
beside the others. The file is written after every training, and a second call goes on where the first one ended.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from course_lib.data import draw, mixture
from course_lib.errors import Diverged
from course_lib.files import atomic_write, shipped
from course_lib.machine import describe
from course_lib.metrics import measure_modes
from course_lib.runtime import Runtime
from course_lib.training import Game, toy_game

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
SECONDS = {"ring": 10.0, "grid": 15.0}
LATENT, LR, EMA = 256, 1e-3, 0.999
BALANCE = {"unbalanced": 0.1, "balanced": 1.0}  # D's step size in units of G's
ALONE = ("batch norm in G", "batch norm in D", "spectral norm", "minibatch discrimination", "minibatch stddev",
         "Pack(2)", "Pack(4)", "unrolled", "feature matching", "R1", "R1 + R2", "gradient penalty", "DiffAugment",
         "instance noise", "label smoothing", "five D steps")  # fmt: skip
ROWS = {
    "none": {}, "minimax": {"loss": "minimax"}, "least squares": {"loss": "least squares"},
    "hinge": {"loss": "hinge"}, "relativistic": {"loss": "relativistic"}, **{name: {"cure": name} for name in ALONE},
    "relativistic, R1 + R2": {"loss": "relativistic", "cure": "R1 + R2"},
    "Wasserstein, gradient penalty": {"loss": "Wasserstein", "cure": "gradient penalty", "d_steps": 5},
    "Wasserstein, weight clipping": {"loss": "Wasserstein", "cure": "weight clipping", "d_steps": 5},
}  # fmt: skip


def build(data: str, balance: str, row: str, runtime: Runtime) -> Game:
    """A fresh game of one row."""
    with runtime.seeded("weights"):
        return toy_game(mixture(data), latent=LATENT, lr=LR, lr_d=BALANCE[balance] * LR, ema=EMA, **ROWS[row])


def costs(data: str, balance: str, rounds: int = 3, steps: int = 40) -> dict[str, float]:
    """Processor milliseconds of one step by row: the least of ``rounds`` rounds, the rows taking turns."""
    runtime = Runtime.auto(seed=0, device="cpu")
    points = draw(data, runtime)
    games, best = {row: build(data, balance, row, runtime) for row in ROWS}, {}
    for _ in range(rounds + 1):  # the first round warms up
        for row, game in games.items():
            began = time.process_time()
            for _ in game.steps(points, steps, runtime):
                pass
            best[row] = min(best.get(row, 1e9), (time.process_time() - began) / steps * 1000)
    return {row: round(ms, 2) for row, ms in best.items()}


def train(data: str, balance: str, row: str, steps: int, seed: int) -> dict:
    """Train once; the latest weights' modes, and those of the average (``"average"``)."""
    runtime = Runtime.auto(seed=seed, device="cpu")
    points, game = draw(data, runtime), build(data, balance, row, runtime)
    try:
        for _ in game.steps(points, steps, runtime):
            pass
    except Diverged:
        return {"diverged": game.step_number}
    return {key: rounded(asdict(measure_modes(game.sampler(ema=key == "average"), points.mixture)))
            for key in ("latest", "average")}  # fmt: skip


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, seconds: dict | None = None,
           path: Path | None = None) -> None:  # fmt: skip
    """Fill ``data/runs/cures.json``: what is there already stays, so delete the file to begin anew."""
    seconds, path = seconds or SECONDS, path or shipped("runs", "cures.json")
    content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {
        "command": "course record cures", "machine": describe(), "settings": settings(), "seconds": seconds, "runs": {},
    }  # fmt: skip
    for balance in BALANCE:
        for data in seconds:
            rows = content["runs"].setdefault(balance, {}).setdefault(data, {})
            if rows.keys() != ROWS.keys():
                measured = costs(data, balance)
                for row, ms in measured.items():
                    rows.setdefault(row, {"ms": ms, "steps": max(1, round(seconds[data] * 1000 / ms)), "seeds": {}})
            for seed in seeds:
                for row, entry in rows.items():
                    if str(seed) not in entry["seeds"]:
                        entry["seeds"][str(seed)] = result = train(data, balance, row, entry["steps"], seed)
                        tell(f"{balance} {data} {seed} {row} ({entry['steps']} steps): {result.get('latest', result)}")
                        atomic_write(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def settings() -> dict:
    return {"latent": LATENT, "lr": LR, "lr_d": {k: v * LR for k, v in BALANCE.items()}, "ema of 'average'": EMA,
            "networks": "2 × 128 ReLU", "batch": 128, "samples": 2500}  # fmt: skip


def rounded(report: dict) -> dict:
    return {k: round(v, 4) for k, v in report.items() if k not in ("n", "of")}


if __name__ == "__main__":
    record()
