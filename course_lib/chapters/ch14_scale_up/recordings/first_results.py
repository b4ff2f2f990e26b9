"""From a folder to a first result, for small grey and large coloured pictures (`course record first-results`)."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course_lib.chapters.ch14_scale_up import own_folder
from course_lib.chapters.ch14_scale_up.first_result import first_result
from course_lib.files import runs_so_far, write_recorded
from course_lib.runtime import Runtime

SEEDS = (100, 101, 102)
KINDS = {"grey, 28 × 28 pixels": (28, True), "colour, 64 × 64 pixels": (64, False)}
SETTINGS: dict[str, Any] = {
    "pictures": "2,000 drawn faces, in PNG files of 60 × 48 pixels",
    "steps": [250, 1200, 900],
    "of": "judge, GAN, VAE; of the last two 28 / size as many",
    "numbers": "seconds from folder to measures; share of held-out pictures read rightly; Fréchet distances to others",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    pictures: int = 2000,
    steps: tuple[int, int, int] = (250, 1200, 900),
) -> None:
    """Write ``data/runs/first-results.json``: kind of pictures → seed → numbers. It goes on where it stopped.

    Args:
        seeds: of pictures, weights and order.
        tell: is given a line after each.
        pictures: how many are drawn.
        steps: of judge, GAN and VAE.
    """
    settings = SETTINGS | {"steps": list(steps)}
    runs: dict[str, dict[str, dict[str, float]]] = runs_so_far("first-results", settings)
    for seed in seeds:
        for kind, (size, grey) in KINDS.items():
            if str(seed) in runs.setdefault(kind, {}):
                continue
            runtime = Runtime.auto(device="cpu", seed=seed)
            with tempfile.TemporaryDirectory() as place:
                folder = own_folder.write(Path(place) / "faces", pictures, runtime)
                found = first_result(folder, size, grey, runtime, steps)
            runs[kind][str(seed)] = {name: round(value, 3) for name, value in found.items()}
            write_recorded("first-results", settings, runs)
            tell(f"seed {seed}, {kind}: {runs[kind][str(seed)]}")
