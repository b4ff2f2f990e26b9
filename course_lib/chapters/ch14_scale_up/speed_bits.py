"""What 16 bits lose, on the slopes of a real GAN: how many become zero, or infinite, in a number format."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import softplus

from course_lib.data import load
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.precision import DTYPES
from course_lib.runtime import Runtime
from course_lib.training import Game

FORMATS = DTYPES
BITS = {"float32": (8, 23), "bf16": (8, 7), "fp16": (5, 10)}  # of the exponent and of the fraction; one is the sign


def sure_game(runtime: Runtime, steps: int, more: int, width: int = 8) -> Game:
    """A small DCGAN whose discriminator was trained on, alone, until it is rather sure.

    Args:
        runtime: seed and device.
        steps: of both players.
        more: of the discriminator alone.
        width: of both networks.

    Returns:
        The game.
    """
    digits = load("digits", runtime)
    with runtime.seeded("weights"):
        game = Game(DCGenerator(width=width), DCDiscriminator(width=width), batch=32)
    for _ in game.steps(digits, steps, runtime):
        pass
    for k in range(more):
        game.step(digits.images[32 * k : 32 * (k + 1)], runtime, players="d")
    return game


def slopes(game: Game, runtime: Runtime, batch: int = 256) -> dict[str, Tensor]:
    """The slopes of the generator's loss by all outputs of all layers, which its backward pass goes through.

    Args:
        game: of a generator and a discriminator of layers.
        runtime: seed and device.
        batch: pictures over which the loss is a mean.

    Returns:
        "non-saturating" and "minimax" → the slopes that are not zero.
    """
    networks, outputs = (game.generator, game.discriminator), []
    layers = [layer for network in networks for layer in network.modules() if not list(layer.children())]
    hooks = [layer.register_forward_hook(lambda _, given, out: outputs.append(out)) for layer in layers]
    z = torch.randn(batch, 64, generator=runtime.stream("slopes")).to(runtime.device)
    try:
        logits = game.discriminator(game.generator(z))
    finally:
        for hook in hooks:
            hook.remove()
    losses = {"non-saturating": softplus(-logits).mean(), "minimax": -softplus(logits).mean()}
    found = {}
    for name, loss in losses.items():
        each = torch.autograd.grad(loss, outputs, retain_graph=True)
        row = torch.cat([slope.detach().flatten() for slope in each])
        found[name] = row[row != 0]
    return found


def lost(values: Tensor, kind: str, scale: float = 1.0) -> tuple[float, float]:
    """How many numbers do not survive a format.

    Args:
        values: float32, none of them 0.
        kind: of ``FORMATS``.
        scale: by which they are multiplied first.

    Returns:
        The share that becomes 0, and the share that becomes infinite.
    """
    there = (values * scale).to(FORMATS[kind])
    return (there == 0).double().mean().item(), there.isinf().double().mean().item()


def format_rows(kinds: Sequence[str] = tuple(FORMATS)) -> list[list[str]]:
    """The formats' limits, as rows of a table.

    Args:
        kinds: of ``FORMATS``.

    Returns:
        Name, bits of exponent and fraction, the next number after 1, smallest and largest number.
    """
    rows = []
    for kind in kinds:
        info, (exponent, fraction) = torch.finfo(FORMATS[kind]), BITS[kind]
        smallest = info.smallest_normal * info.eps  # with fewer digits than the others
        rows.append(
            [kind, f"{exponent} + {fraction}", f"1 + 1/{round(1 / info.eps):,}", f"{smallest:.0e}", f"{info.max:.1g}"]
        )
    return rows
