"""Folders of pictures for the tests: discs and crosses, bright on black. Importing it does no work."""

from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = ("cross", "disc")
TINT = np.array([1.0, 0.7, 0.2])


def drawn(kind: str, size: int, seed: int, colour: bool) -> np.ndarray:
    """One picture, uint8 ``(size, size)`` or ``(size, size, 3)``: a disc or a cross somewhere near the middle."""
    rng = np.random.default_rng([seed, size, CLASSES.index(kind)])
    y, x = np.indices((size, size)) - size / 2 - rng.uniform(-size / 10, size / 10, (2, 1, 1))
    r = size * rng.uniform(0.18, 0.28)
    inside = y**2 + x**2 < r**2 if kind == "disc" else (abs(y - x) < 3) & (abs(y) < r) | (abs(y + x) < 3) & (abs(y) < r)
    grey = inside * rng.integers(180, 256) + rng.integers(0, 20, (size, size))
    grey = np.clip(grey, 0, 255)
    return (grey[..., None] * TINT if colour else grey).astype(np.uint8)


def write(folder: Path, size: int = 28, colour: bool = False, each: int = 12, classes: bool = True) -> Path:
    """``each`` PNGs of each class, in a subfolder for each class or (``classes=False``) all in one folder."""
    for kind in CLASSES:
        for seed in range(each):
            place = folder / kind if classes else folder
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(drawn(kind, size, seed, colour)).save(place / f"{kind}_{seed:03d}.png")
    return folder
