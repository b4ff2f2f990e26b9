"""Pictures in memory against a streamed folder: images a second and peak memory (`course record streaming`).

Each seed is a training of each kind, on the same two folders of drawn faces.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from course_lib.chapters.ch14_scale_up import faces, own_folder, streaming
from course_lib.files import runs_so_far, write_recorded

SEEDS = tuple(range(100, 105))
SIZES = (1_000, 100_000)
SETTINGS: dict[str, Any] = {
    "pictures": "drawn faces, PNG files of 32 × 32 pixels in colour, just written, so in the system's file cache",
    "training": "DCGAN of width 16, batch 32; one thread for the training, one more reads ahead",
    "opened": "seconds from the call of ImageData.folder to the end of the first 20 steps",
    "mib": "highest memory of the whole process",
    "rose": "by how much that rose after the first 20 steps",
    "images": "images a second, where one process trains both in turn, a dozen steps each",
    "cpu": "milliseconds of processor time an image, in the same steps; of an opening: to open a picture once",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    sizes: tuple[int, ...] = SIZES,
    steps: int = 80,
    place: Path | None = None,
) -> None:
    """Write ``data/runs/streaming.json``: pictures → how → seed → numbers. It goes on where it stopped.

    Args:
        seeds: each is a turn: both kinds of training on each folder.
        tell: is given a line after each turn on a folder.
        sizes: pictures in a folder.
        steps: that are timed.
        place: an existing folder where the folders of pictures are kept for another turn; None keeps none.
    """
    settings = SETTINGS | {"sizes": list(sizes), "steps": steps}
    runs: dict[str, dict[str, dict[str, Any]]] = runs_so_far("streaming", settings)
    with tempfile.TemporaryDirectory() as passing:
        _openings(Path(passing), seeds, steps, runs.setdefault("opening one", {}))
        write_recorded("streaming", settings, runs)
        for n in sorted(sizes, reverse=True):  # the long one first
            of_size = runs.setdefault(f"{n:,} pictures", {how: {} for how in streaming.HOW})
            left = [seed for seed in seeds if str(seed) not in of_size[streaming.HOW[-1]]]
            folder = _folder((place or Path(passing)) / f"of{n}", n) if left else Path(passing)
            for seed in left:
                for how, found in streaming.measured(folder, steps, seed).items():
                    of_size[how][str(seed)] = found
                write_recorded("streaming", settings, runs)
                tell(f"seed {seed}, {n:,} pictures: { ({how: of_size[how][str(seed)] for how in of_size}) }")


def _openings(place: Path, seeds: tuple[int, ...], times: int, runs: dict[str, dict[str, Any]]) -> None:
    for seed in seeds:
        if all(str(seed) in runs.get(kind, {}) for kind in streaming.OPENED):
            continue
        for kind, found in streaming.openings(place / f"opened{seed}", times, seed).items():
            runs.setdefault(kind, {})[str(seed)] = found


def _folder(root: Path, n: int) -> Path:
    """A folder of so many faces, drawn 2,000 at a time; one that is there is taken as it is."""
    if root.is_dir():
        return root
    for start in range(0, n, 2000):
        drawn = faces.draw(min(2000, n - start), torch.Generator().manual_seed(start + n), streaming.SIZE)
        part = own_folder.save(root.with_name(f"{root.name}-{start}"), drawn.images, drawn.moods)
        for file in part.rglob("*.png"):
            file.rename(_made(root / file.parent.name) / f"{start:06d}_{file.name}")
    return root


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
