"""Pictures drawn stroke by stroke, so that their loops, ends, slant and sizes are known before they are measured."""

from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

SIDE, SCALE = 28, 8  # drawn eight times as large and made small, so that edges are soft as a digit's are
Stroke = tuple[str, float, float, float, float]  # "line" or "ring", then x and y of two corners in pixels


class Drawn(NamedTuple):
    """A drawn picture.

    Attributes:
        name: in words.
        strokes: what it is drawn of.
        width: of the pen in pixels.
        planted: concept → the value that it was drawn with.
    """

    name: str
    strokes: tuple[Stroke, ...]
    width: float
    planted: dict[str, float]


def slash(lean: float) -> Stroke:
    """A stroke that leans ``lean`` pixels to the right for each pixel up, 20 pixels high.

    Args:
        lean: negative to the left.
    """
    return "line", 14 - 10 * lean, 24, 14 + 10 * lean, 4


DRAWN = (
    Drawn("ring", (("ring", 8, 8, 20, 20),), 2.5, {"loops": 1, "ends": 0, "branches": 0}),
    Drawn("eight", (("ring", 8, 2, 20, 14), ("ring", 8, 12, 20, 24)), 2.5, {"loops": 2, "ends": 0, "width": 12 / 22}),
    Drawn("six", (("ring", 8, 12, 20, 24), ("line", 9, 16, 14, 4)), 2.5, {"loops": 1, "ends": 1, "branches": 1}),
    Drawn(
        "T",  # a bar of 16 × 3 pixels on a stem of 3 × 17, whose middle is worked out by hand
        (("line", 6, 5.5, 22, 5.5), ("line", 14, 4, 14, 24)),
        3,
        {"ends": 3, "branches": 1, "width": 16 / 20, "height of the middle": 0.667},
    ),
    Drawn("slash", (slash(0.5),), 2.5, {"slant": 0.5, "ends": 2}),
    Drawn("backslash", (slash(-0.3),), 2.5, {"slant": -0.3, "ends": 2}),
    Drawn("thick bar", (slash(0),), 5, {"thickness": 5, "slant": 0}),
)


def draw(strokes: tuple[Stroke, ...], width: float = 2.5) -> Tensor:
    """One picture ``(1, 1, 28, 28)`` in [−1, 1].

    Args:
        strokes: what it is drawn of.
        width: of the pen in pixels.
    """
    sheet = Image.new("L", (SIDE * SCALE, SIDE * SCALE))
    pen = ImageDraw.Draw(sheet)
    for kind, *corners in strokes:
        box = [corner * SCALE for corner in corners]
        if kind == "ring":
            pen.ellipse(box, outline=255, width=round(width * SCALE))
        else:
            pen.line(box, fill=255, width=round(width * SCALE))
    small = np.asarray(sheet.resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.float32)
    return torch.from_numpy(small)[None, None] / 127.5 - 1
