"""A mark that only the key's holder hears: put into pictures, trained into a generator, heard, and taken out again.

Spread spectrum (Cox, Kilian, Leighton, Shamoon 1997): a key is a faint pattern over all pixels; who has it multiplies
and adds up. One key for all pictures, as here, teaches the idea and is broken by averaging.
"""

import copy
import math

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss, relu

from course_lib.audit.edits import eight_bit, local_mean
from course_lib.errors import CourseError
from course_lib.runtime import Runtime
from course_lib.training.settings import latent_size


def new_key(seed: int, shape: tuple[int, int, int] = (1, 28, 28), tile: int | None = None) -> Tensor:
    """A secret pattern of 1 and −1.

    Args:
        seed: the secret.
        shape: of a picture, (C, H, W).
        tile: None: each pixel on its own. A divisor of H and W: a square of this side with as many 1 as −1 (one more
            of −1 where it is odd), repeated over the picture.

    Raises:
        CourseError: for a tile that does not fit.
    """
    g = torch.Generator().manual_seed(seed)
    if tile is None:
        return torch.randint(2, shape, generator=g).float() * 2 - 1
    c, h, w = shape
    if tile < 2 or h % tile or w % tile:
        raise CourseError(f"tile={tile}: use a whole number from 2 that divides {h} and {w}.")
    signs = torch.where(torch.arange(tile * tile) < tile * tile // 2, 1.0, -1.0)
    return signs[torch.randperm(tile * tile, generator=g)].view(1, tile, tile).repeat(c, h // tile, w // tile)


def mark(images: Tensor, key: Tensor, strength: float = 0.1) -> Tensor:
    """The images with the key added, cut to [−1, 1], at 8 bit.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        key: ``(C, H, W)``, see :func:`new_key`.
        strength: what the key is multiplied by.
    """
    return eight_bit((images + strength * key.to(images)).clamp(-1, 1))


def hear(images: Tensor, key: Tensor, side: int = 3) -> Tensor:
    """How much of the key is in each picture: its mean product with what a local mean leaves over, ``(N,)``.

    Args:
        images: ``(N, C, H, W)``.
        key: ``(C, H, W)``.
        side: of the squares whose mean is subtracted first; 1: nothing is subtracted.
    """
    rest = images - local_mean(images, side) if side > 1 else images
    return (rest * key.to(images)).mean((1, 2, 3))


def hear_shifted(images: Tensor, key: Tensor, reach: int = 1, side: int = 3) -> Tensor:
    """The loudest of :func:`hear` with the key moved by up to ``reach`` pixels each way, ``(N,)``.

    Pictures without the mark get higher scores, too, so it needs a threshold of its own.

    Args:
        images: ``(N, C, H, W)``.
        key: ``(C, H, W)``.
        reach: whole pixels.
        side: as for :func:`hear`.
    """
    moves = [(i, j) for i in range(-reach, reach + 1) for j in range(-reach, reach + 1)]
    return torch.stack([hear(images, key.roll(move, (1, 2)), side) for move in moves]).amax(0)


def psnr(images: Tensor, changed: Tensor) -> float:
    """Peak signal-to-noise ratio in decibels: 10·log₁₀(4 / mean squared difference), as [−1, 1] is 2 wide.

    Args:
        images, changed: of one shape, in [−1, 1].

    Returns:
        Infinity for equal ones.
    """
    error = mse_loss(images.double(), changed.double()).item()
    return math.inf if error == 0 else 10 * math.log10(4 / error)


def estimate_key(marked: Tensor, others: Tensor, side: int = 3) -> Tensor:
    """What an attacker without the key learns by averaging: the mean marked minus the mean other picture.

    Pictures differ, and their mean is soft; the mark is the same in all. So of the difference only what a local mean
    leaves over is kept.

    Args:
        marked: pictures with one and the same mark, ``(N, C, H, W)``.
        others: like them, without it ``(M, C, H, W)``.
        side: of the squares of the local mean.

    Returns:
        ``(C, H, W)``, on the scale of strength times key.
    """
    difference = (marked.mean(0) - others.mean(0))[None]
    return (difference - local_mean(difference, side))[0]


def likeness(a: Tensor, b: Tensor) -> float:
    """The correlation of two patterns, from −1 to 1.

    Args:
        a, b: of one shape.
    """
    return torch.corrcoef(torch.stack([a.flatten(), b.flatten()]).double())[0, 1].item()


def train_mark(
    generator: nn.Module,
    key: Tensor,
    runtime: Runtime,
    *,
    target: float,
    steps: int = 200,
    batch: int = 32,
    lr: float = 1e-3,
    keep: float = 1.0,
) -> nn.Module:
    """A copy of a generator whose pictures carry the mark.

    It pays for what :func:`hear` lacks of the target, and for the squared distance to the original's picture of the
    same latent. Batch norm keeps its statistics.

    Args:
        generator: latents → images; has an attribute ``latent``. It stays as it is.
        key: ``(C, H, W)``.
        runtime: seed and device.
        target: how loud the mark shall be, twice the threshold, say.
        steps: of Adam.
        batch: latents a step.
        lr: the step size.
        keep: the weight of the distance to the original.

    Returns:
        The copy, in eval mode, its weights frozen.

    Raises:
        CourseError: for a generator without ``latent``.
    """
    latent = latent_size(generator)  # refuses what has none
    old = copy.deepcopy(generator).eval().requires_grad_(False)
    new = copy.deepcopy(generator).eval().requires_grad_(True)
    optimiser = torch.optim.Adam(new.parameters(), lr)
    key = key.to(runtime.device)
    for n in range(steps):
        z = torch.randn(batch, latent, generator=runtime.stream("mark", n)).to(runtime.device)
        images = new(z)
        loss = relu(target - hear(images, key)).mean() + keep * mse_loss(images, old(z))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return new.requires_grad_(False)
