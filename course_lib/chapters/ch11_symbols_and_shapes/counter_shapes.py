"""Shapes whose causes are known, for lesson 11.4: a generator of true factors, a classifier that asks for one."""

from dataclasses import replace

import torch
from torch import Tensor, nn

from course_lib.data.shapes import FACTORS, RANGES, ShapeData, render
from course_lib.explain.counterfactual import Counterfactual, Decoder, counterfactual, margin, random_move
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
    """A classifier written down, not learned: is the middle of the light left (0) or right (1) of pixel 14?

    The lead of "right" is how many pixels the middle lies to the right of it. (Pixels are counted from 0 to 27, so the
    picture's own middle lies at 13.5.)
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


def to_the_other_side(
    model: nn.Module, decode: Decoder, start: Tensor, seed: int, steps: int
) -> dict[str, Counterfactual]:
    """The move that a search finds to a lead of 1 for the other side, and a random move as long.

    Args:
        model: left or right, in eval mode.
        decode: latents → pictures.
        start: latents ``(N, latent)``.
        seed: of the random directions.
        steps: of descent.

    Returns:
        "found move" and "random move".
    """
    with torch.no_grad():
        wanted = margin(1 - model(decode(start)).argmax(1))
    found = counterfactual(model, wanted, decode, start, at_least=1.0, steps=steps, lr=0.1)
    return {"found move": found, "random move": random_move(decode, found, model, wanted, at_least=1.0, seed=seed)}


def changes(move: Counterfactual) -> dict[str, float]:
    """The mean size of each factor's change, in shares of its range, as three factors are read from the pictures.

    Args:
        move: from where to where.

    Returns:
        Factor → share.
    """
    before, after = measured(move.before), measured(move.after)
    return {factor: (after[factor] - before[factor]).abs().mean().item() for factor in MEASURED}


def brighter(move: Counterfactual) -> float:
    """The mean change of the brightness with its sign, in shares of its range: below 0 where pictures got dimmer.

    Args:
        move: from where to where.
    """
    return (measured(move.after)["brightness"] - measured(move.before)["brightness"]).mean().item()


def true_changes(move: Counterfactual) -> dict[str, float]:
    """The mean size of each true factor's change, in shares of its range.

    Args:
        move: in the latents of ``TrueFactors``.

    Returns:
        Each of the five factors → share.
    """
    shares = ((move.end - move.start).abs().mean(0) / _WIDE).tolist()
    return dict(zip(FACTORS[1:], shares, strict=True))


def put_back(model: nn.Module, true: TrueFactors, found: Counterfactual) -> float:
    """Of the moves that reached the other side, the share that stay there when the brightness is put back; else 0.

    Args:
        model: left or right, in eval mode.
        true: the generator whose last latent is the brightness.
        found: moves in its latents.
    """
    end = found.end.clone()
    end[:, -1] = found.start[:, -1]
    with torch.no_grad():
        stays = model(true(end)).argmax(1) == model(found.after).argmax(1)
    return (stays & found.reached).sum().item() / max(1, int(found.reached.sum()))


def lead_at(model: nn.Module, data: ShapeData, brightness: float) -> Tensor:
    """By how much "right" leads "left" when every shape has the same brightness, ``(N,)``.

    Args:
        model: left or right, in eval mode.
        data: shapes whose other factors are kept.
        brightness: a share of white.
    """
    factors = data.factors.cpu().clone()
    factors[:, FACTORS.index("brightness")] = brightness
    with torch.no_grad():
        return margin(torch.ones(len(factors), dtype=torch.long))(model(render(factors)))


def over_there(vae: VAE, data: ShapeData, found: Counterfactual) -> tuple[float, float]:
    """The same shapes, shifted across as far as the found moves did, as the VAE draws them.

    Args:
        vae: in eval mode, with the latents of ``found``.
        data: shapes, of which the moves began.
        found: moves in the VAE's latents.

    Returns:
        By how much their brightness differs from the pictures before (in shares of its range), and the share of shapes
        whose latents lie farther away than the found move goes.
    """
    before, after = measured(found.before), measured(found.after)
    factors = data.factors.cpu().clone()
    low, high = RANGES["x"]
    factors[:, FACTORS.index("x")] += (high - low) * (after["x"] - before["x"])
    with torch.no_grad():
        codes = vae.encode(render(factors))[0]
        drawn = measured(vae(codes))
    apart = (drawn["brightness"] - before["brightness"]).abs().mean().item()
    return apart, ((codes - found.start).norm(dim=1) > found.moved).double().mean().item()


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
