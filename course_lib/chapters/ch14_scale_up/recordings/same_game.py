"""How far two processes' weights are from one process's, over seeds (`course record same-game`)."""

import tempfile
from collections.abc import Callable

import torch

from course_lib.chapters.ch14_scale_up import sharing
from course_lib.chapters.ch14_scale_up.same_worker import WAYS, trained
from course_lib.files import runs_so_far, write_recorded

SEEDS = (100, 101, 102, 103, 104)
STEPS = 50
WORKER = "course_lib.chapters.ch14_scale_up.same_worker"


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, *, steps: int = STEPS) -> None:
    """Write ``data/runs/same-game.json``: way → seed → distance (:func:`sharing.gap`) after the last step.

    "Largest difference" is that of two processes in float64, weight by weight, not as a share of the way. It goes on
    where it stopped.

    Args:
        seeds: each is a game.
        tell: is given a line after each seed.
        steps: of a game.
    """
    torch.set_num_threads(1)
    settings = {"steps": steps, "batch": sharing.BATCH, "width": sharing.WIDTH}
    runs: dict[str, dict[str, float]] = runs_so_far("same-game", settings)
    for seed in seeds:
        if str(seed) in runs.get("half", {}):
            continue
        with tempfile.TemporaryDirectory(prefix="course-") as folder:
            sharing.ran(sharing.torchrun("-m", WORKER, folder, seed, steps), folder)
            two = {name: sharing.kept(folder, name) for name in WAYS}
        whole, exact = trained(seed, steps, "whole"), trained(seed, steps, "whole doubles")
        found = {name: sharing.gap(whole, trained(seed, steps, name), steps) for name in ("half", "turned")}
        found |= {name: sharing.gap(whole, two[name], steps) for name in ("apart", "shared")}
        found["doubles"] = sharing.gap(exact, two["doubles"], steps)
        found["largest difference"] = (exact[str(steps)] - two["doubles"][str(steps)]).abs().max().item()
        for name, value in found.items():
            runs.setdefault(name, {})[str(seed)] = float(f"{value:.3g}")
        write_recorded("same-game", settings, runs)
        tell(f"seed {seed}: {found}")
