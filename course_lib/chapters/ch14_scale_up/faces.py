"""Drawn faces in four moods, in colour: pictures of which it is known where the mood is told, and nowhere else.

All but the mouth is drawn without looking at the mood. So whoever tells the moods apart has looked at the mouth.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

MOODS = ("calm", "happy", "sad", "surprised")
SIDE = 48  # pixels
# Lowest and highest value of each factor. Places and lengths are shares of the picture's side, colours turns of the
# colour circle. All are drawn evenly and independently of each other and of the mood.
RANGES = {
    "x": (0.45, 0.55),
    "y": (0.49, 0.55),
    "radius": (0.32, 0.38),
    "skin": (0.0, 1.0),
    "hair": (0.0, 1.0),
    "paper": (0.5, 0.7),
    "fringe": (0.1, 0.6),
    "eyes": (0.3, 0.5),
    "mouth": (0.8, 1.2),
}


@dataclass(frozen=True)
class Faces:
    """Drawn faces.

    Attributes:
        images: float32 ``(N, 3, side, side)`` in [−1, 1].
        moods: int64 ``(N,)``, the place in ``MOODS``.
        factors: ``(N, 9)`` in the order of ``RANGES``.
    """

    images: Tensor
    moods: Tensor
    factors: Tensor

    def where_moods_differ(self) -> Tensor:
        """For each face, the pixels that another mood would change: bool ``(N, side, side)``."""
        side = self.images.shape[-1]
        each = torch.stack([render(torch.full_like(self.moods, k), self.factors, side) for k in range(len(MOODS))])
        return (each.amax(0) - each.amin(0)).amax(1) > 0.1  # a tenth is seen; soft edges below it are not


def draw(n: int, generator: torch.Generator, side: int = SIDE) -> Faces:
    """Faces with factors drawn by chance; the moods come in turn.

    Args:
        n: how many.
        generator: on the CPU.
        side: of the pictures in pixels.
    """
    low, high = (torch.tensor(ends) for ends in zip(*RANGES.values(), strict=True))
    factors = low + (high - low) * torch.rand(n, len(RANGES), generator=generator)
    moods = torch.arange(n) % len(MOODS)
    return Faces(render(moods, factors, side), moods, factors)


def render(moods: Tensor, factors: Tensor, side: int = SIDE) -> Tensor:
    """Pictures of given moods and factors: float32 ``(N, 3, side, side)`` in [−1, 1], with edges one pixel soft.

    Args:
        moods: int64 ``(N,)``.
        factors: ``(N, 9)``, see ``RANGES``.
        side: in pixels.
    """
    f = {name: column.view(-1, 1, 1) for name, column in zip(RANGES, factors.T, strict=True)}
    at = (torch.arange(side) + 0.5) / side
    u, v = (
        (at.view(1, 1, -1) - f["x"]) / f["radius"],
        (at.view(1, -1, 1) - f["y"]) / f["radius"],
    )  # in units of the head
    soft = 1 / (side * f["radius"])  # a pixel in these units

    def cover(picture: Tensor, distance: Tensor, colour: Tensor) -> Tensor:
        inside = (0.5 - distance / soft).clamp(0, 1)[:, None]  # (N, 1, side, side)
        return picture + (colour - picture) * inside

    picture = _colour(f["paper"], 0.5, 0.35).expand(-1, -1, side, side)
    head = (u**2 + v**2).sqrt() - 1
    dark = torch.tensor([0.08, 0.06, 0.1]).view(1, 3, 1, 1)
    picture = cover(picture, head, _colour(f["skin"], 0.35, 0.95))
    picture = cover(
        picture,
        torch.maximum((u**2 + (v + 0.1) ** 2).sqrt() - 1.08, v + 0.9 - f["fringe"]),
        _colour(f["hair"], 0.8, 0.7),
    )
    picture = cover(picture, ((u.abs() - f["eyes"]) ** 2 + (v + 0.1) ** 2).sqrt() - 0.12, dark)
    picture = cover(picture, _mouth(moods.view(-1, 1, 1), u / f["mouth"], v), dark)
    return 2 * picture - 1


def _mouth(mood: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """How far a pixel is from the mouth's ink, negative within it."""
    bend = torch.where(mood == MOODS.index("happy"), 0.22, torch.where(mood == MOODS.index("sad"), -0.22, 0.0))
    line = torch.maximum((v - 0.48 + bend * (2 * (u / 0.42) ** 2 - 1)).abs() - 0.075, u.abs() - 0.42)
    ring = ((u / 0.9) ** 2 + (v - 0.48) ** 2).sqrt() - 0.2
    return torch.where(mood == MOODS.index("surprised"), ring, line)


def _colour(hue: Tensor, saturation: float, brightness: float) -> Tensor:
    """Red, green and blue of a place on the colour circle: ``(N, 3, 1, 1)`` in [0, 1]."""
    turn = hue + torch.tensor([0.0, 2 / 3, 1 / 3]).view(1, 3, 1)  # (N, 3, 1)
    share = 0.5 + 0.5 * (2 * math.pi * turn).cos()
    return (brightness * (1 - saturation + saturation * share))[..., None]
