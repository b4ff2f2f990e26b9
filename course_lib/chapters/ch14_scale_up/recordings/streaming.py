"""Pictures in memory against a streamed folder: images a second and peak memory (`course record streaming`).

Each seed is a training of each kind, one after the other in turn, on folders of faces drawn for it.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from course_lib.chapters.ch14_scale_up import faces, own_folder, streaming
from course_lib.files import runs_so_far, write_recorded

SEEDS = tuple(range(100, 105))
SIZES = (2_000, 20_000)
SETTINGS: dict[str, Any] = {
    "pictures": "drawn faces, PNG files of 32 × 32 pixels in colour",
    "training": "DCGAN of width 16, batch 32; one thread for the training, one more reads ahead",
    "opened": "seconds from the call of ImageData.folder to the end of the first 20 steps",
    "images": "images a second in the steps after these",
    "cpu": "milliseconds of processor time an image, in the same steps",
    "mib": "by how much the highest memory of the process rose after a training on 64 pictures",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    sizes: tuple[int, ...] = SIZES,
    steps: int = 200,
) -> None:
    """Write ``data/runs/streaming.json``: pictures → how → seed → numbers. It goes on where it stopped.

    Args:
        seeds: each is a turn: both kinds of training on each folder.
        tell: is given a line after each training.
        sizes: pictures in a folder.
        steps: that are timed.
    """
    settings = SETTINGS | {"sizes": list(sizes), "steps": steps}
    runs: dict[str, dict[str, dict[str, Any]]] = runs_so_far("streaming", settings)
    with tempfile.TemporaryDirectory() as place:
        folders = {n: _folder(Path(place), n) for n in sizes}
        _folder(Path(place), 64, "few")
        for turn, seed in enumerate(seeds):
            for n, folder in folders.items():
                of_size = runs.setdefault(f"{n:,} pictures", {how: {} for how in streaming.HOW})
                for how in streaming.HOW[:: 1 if turn % 2 else -1]:  # neither kind is always the first
                    if str(seed) in of_size[how]:
                        continue
                    of_size[how][str(seed)] = streaming.measured(folder, how, steps, seed)
                    write_recorded("streaming", settings, runs)
                    tell(f"seed {seed}, {n:,} pictures, {how}: {of_size[how][str(seed)]}")


def _folder(place: Path, n: int, name: str = "") -> Path:
    """A folder of so many faces, drawn 2,000 at a time."""
    root = place / (name or f"of{n}")
    for start in range(0, n, 2000):
        drawn = faces.draw(min(2000, n - start), torch.Generator().manual_seed(start + n), streaming.SIZE)
        part = own_folder.save(place / f"{root.name}-{start}", drawn.images, drawn.moods)
        for file in part.rglob("*.png"):
            file.rename(_made(root / file.parent.name) / f"{start:06d}_{file.name}")
    return root


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
