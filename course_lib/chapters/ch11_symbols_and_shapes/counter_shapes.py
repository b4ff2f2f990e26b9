"""Shapes whose causes are known, for lesson 11.4: a generator of true factors, a classifier that asks for one."""

from dataclasses import replace

import torch
from torch import Tensor, nn

from course_lib.data.shapes import FACTORS, RANGES, ShapeData, render
from course_lib.explain.counterfactual import Decoder, counterfactual, margin, random_move
from course_lib.models import MLPVAE, VAE, DigitCNN
from course_lib.runtime import Runtime
from course_lib.training import VAETrainer
from course_lib.training.classifier import ClassifierTrainer

MEASURED = {"x": "place, across", "y": "place, down", "brightness": "brightness"}
_LOW, _HIGH = (torch.tensor(ends) for ends in zip(*RANGES.values(), strict=True))
_WIDE = 4.0  # the range of a factor is a latent's −2 to 2


class TrueFactors:
    """A perfect generator: each of its five latents is one factor, and nothing else depends on it.

    Args:
        data: whose shapes' kinds are kept.
    """

    def __init__(self, data: ShapeData) -> None:
        self.kinds = data.factors[:, :1].cpu()
        self.latents = _WIDE * ((data.factors[:, 1:].cpu() - _LOW) / (_HIGH - _LOW) - 0.5)  # (N, 5)

    def __call__(self, z: Tensor) -> Tensor:
        """Pictures ``(N, 1, 28, 28)``.

        Args:
            z: latents ``(N, 5)``, for the kinds in their order.
        """
        return render(torch.cat([self.kinds, _LOW + (_HIGH - _LOW) * (z / _WIDE + 0.5)], 1))


class Side(nn.Module):
    """A classifier written down, not learned: is the middle of the light left (0) or right (1) of the picture's?

    The lead of "right" is how many pixels the middle lies to the right.
    """

    def forward(self, images: Tensor) -> Tensor:
        """Logits ``(N, 2)``.

        Args:
            images: ``(N, 1, H, W)`` in [−1, 1].
        """
        right = centre(images)[0] - images.shape[-1] / 2
        return torch.stack([-right, right], 1) / 2


def centre(images: Tensor) -> tuple[Tensor, Tensor]:
    """The middle of the light in pixels, across and down, ``(N,)`` each.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1].

    Returns:
        Across from the left, down from the top.
    """
    light = _light(images)
    across, down = (torch.arange(side, dtype=light.dtype) for side in (light.shape[2], light.shape[1]))
    total = light.sum((1, 2)).clamp(min=1e-6)
    return (light.sum(1) * across).sum(1) / total, (light.sum(2) * down).sum(1) / total


def measured(images: Tensor) -> dict[str, Tensor]:
    """Three factors read from pictures, in shares of their range.

    Brightness is the mean light, each pixel weighted with its own light, so the size hardly counts.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1].

    Returns:
        Factor → ``(N,)``.
    """
    (across, down), light = centre(images), _light(images)
    bright = light.square().sum((1, 2)) / light.sum((1, 2)).clamp(min=1e-6)
    values = {"x": across, "y": down, "brightness": bright}
    return {name: value / (RANGES[name][1] - RANGES[name][0]) for name, value in values.items()}


def changes(
    model: nn.Module, decode: Decoder, start: Tensor, seed: int, steps: int
) -> dict[str, tuple[dict[str, float], float]]:
    """How far the factors change on the way to the other side, and on a random move as long.

    Args:
        model: left or right, in eval mode.
        decode: latents → pictures.
        start: latents ``(N, latent)``.
        seed: of the random directions.
        steps: of descent.

    Returns:
        "smallest move" and "random move" → the mean change of each factor in shares of its range, and the share of
        pictures that reached the other side.
    """
    with torch.no_grad():
        wanted = margin(1 - model(decode(start)).argmax(1))
    found = counterfactual(model, wanted, decode, start, steps=steps, lr=0.1)
    moves = {"smallest move": found, "random move": random_move(decode, found, model, wanted, seed=seed)}
    before = measured(found.before)
    return {
        name: (
            {factor: (value - before[factor]).abs().mean().item() for factor, value in measured(move.after).items()},
            move.reached.double().mean().item(),
        )
        for name, move in moves.items()
    }


def trained_side(runtime: Runtime, data: ShapeData) -> DigitCNN:
    """A small network that learned left or right from the data, in eval mode.

    Args:
        runtime: seed and profile.
        data: shapes with their factors.
    """
    low, high = RANGES["x"]
    sides = replace(
        data, labels=(data.factors[:, FACTORS.index("x")] > (low + high) / 2).long(), names=("left", "right")
    )
    with runtime.seeded("side"):
        network = DigitCNN(classes=2, width=8)
    steps = runtime.pick(smoke=20, course=200)
    for _ in ClassifierTrainer(network, total=steps, shift=0).steps(sides, steps, runtime):
        pass
    return network.eval().requires_grad_(False)


def shapes_vae(runtime: Runtime, data: ShapeData) -> VAE:
    """A fully connected VAE of eight latents, trained on the shapes, in eval mode.

    Args:
        runtime: seed and profile.
        data: the shapes.
    """
    with runtime.seeded("vae of shapes"):
        vae = MLPVAE(latent=8, hidden=(256, 128))
    vae.init_output_bias(data.images)
    for _ in VAETrainer(vae, lr=2e-3).steps(data, runtime.pick(smoke=20, course=1500), runtime):
        pass
    return vae.eval().requires_grad_(False)


def _light(images: Tensor) -> Tensor:
    return ((images[:, 0] + 1) / 2).clamp(min=0)
