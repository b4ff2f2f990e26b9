"""What sharing costs and gains between two processes of this machine (`course record sharing`), in turns."""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course_lib.chapters.ch14_scale_up import sharing
from course_lib.cluster.engine import cores
from course_lib.files import write_recorded

SEEDS = (1, 2, 3)  # repetitions, in turns
SIZES = (1, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)  # float32 numbers
WORKER = "course_lib.chapters.ch14_scale_up.exchange_worker"
GAMES = {"large": {"width": 32, "batch": 64}, "small": {"width": 4, "batch": 16}}
# Processes and threads each. The third uses both cores without any exchange between processes.
WAYS = {"1 process": (1, 1), "2 processes": (2, 1), "1 process, 2 threads": (1, 2)}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    sizes: tuple[int, ...] = SIZES,
    times: int = 15,
    steps: int = 60,
) -> None:
    """Write ``data/runs/sharing.json``: what → repetition → seconds of an exchange, or of a step.

    Args:
        seeds: repetitions; everything has its turn in each.
        tell: is given a line after each repetition.
        sizes: of exchanges, in numbers.
        times: each is measured in a repetition.
        steps: of each training; the first third warms up, and does not count.
    """
    settings = {"cores": cores(), "sizes": list(sizes), "games": GAMES, "times": times, "steps": steps}
    runs: dict[str, dict[str, float]] = {}
    for seed in seeds:
        with tempfile.TemporaryDirectory(prefix="course-") as folder:
            found = {f"{game}, {way}": _step(folder, game, way, steps) for game in GAMES for way in WAYS}
            command = sharing.torchrun("-m", WORKER, times, *sizes)
            exchanges = sharing.ran(command, folder)[0]
            found |= {f"exchange of {size}": exchanges[str(size)] for size in sizes}
        found["other work"] = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        for name, value in found.items():
            runs.setdefault(name, {})[str(seed)] = float(f"{value:.4g}")
        tell(f"repetition {seed}: {found}")
    write_recorded("sharing", settings, runs)


def _step(folder: str, game: str, way: str, steps: int) -> float:
    """Seconds of a training step, after a third of the steps, which start what starts once."""
    (processes, threads), warm, batch = WAYS[way], steps // 3, GAMES[game]["batch"]
    own = Path(folder) / f"{game}-{way}"
    arguments = sharing.training(own, steps, warm, **GAMES[game])
    command = [sys.executable, *arguments] if processes == 1 else sharing.torchrun(*arguments)
    told = sharing.ran(command, folder, threads=threads)
    begun = warm * batch / told[0]["images_per_s"]  # seconds of the first third
    speed: dict[str, Any] = json.loads((own / "speed.json").read_text(encoding="utf-8"))
    return (speed["seconds"] - begun) / (steps - warm)
