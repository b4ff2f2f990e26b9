"""The same game, stepped in other ways: one thing at a time is changed, and what is computed stays the same."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.data import ImageData, load
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game
from course_lib.training.engine import Engine
from course_lib.training.records import Record

ADAMS = {"loop": (False, False), "foreach": (True, False), "fused": (False, True)}  # PyTorch's foreach=, fused=


@dataclass(frozen=True)
class Way:
    """How a step is computed.

    Attributes:
        channels_last: whether a picture's channels lie side by side in memory.
        adam: "loop" (some calls for each tensor of weights), "foreach" (for all tensors at once) or "fused" (one call).
        precision: "float32", "bf16" or "fp16".
        compiled: whether ``torch.compile`` has made a program of both networks.
    """

    channels_last: bool = False
    adam: str = "loop"
    precision: str = "float32"
    compiled: bool = False


PLAIN = Way()
WAYS = {
    "plain": PLAIN,
    "channels last": Way(channels_last=True),
    "Adam, foreach": Way(adam="foreach"),
    "Adam, fused": Way(adam="fused"),
    "torch.compile": Way(compiled=True),
    "bf16": Way(precision="bf16"),
    "channels last + fused": Way(channels_last=True, adam="fused"),
    "channels last + fused + bf16": Way(channels_last=True, adam="fused", precision="bf16"),
}
GAMES = {"MLP": 64, "DCGAN": 32}  # and the batch


def make(name: str, way: Way = PLAIN, *, device: str = "cpu", seed: int = 0, width: int = 32) -> tuple[Game, Runtime]:
    """A game of the course, its layout, optimisers and precision changed.

    Args:
        name: of ``GAMES``.
        way: how it is stepped.
        device: where.
        seed: of the weights, and of all chance.
        width: of the DCGAN's networks.

    Returns:
        The game and its runtime.
    """
    runtime = Runtime.auto(device=device, seed=seed, precision=way.precision)
    with runtime.seeded("weights"):
        networks = (
            (MLPGenerator(), MLPDiscriminator())
            if name == "MLP"
            else (DCGenerator(width=width), DCDiscriminator(width=width))
        )
    return changed(Game(*networks, batch=GAMES[name]), way), runtime


def changed(game: Game, way: Way) -> Game:
    """The game, to be stepped in this way.

    Args:
        game: that was not stepped yet; it is changed in place.
        way: how.
    """
    lay_out(game, way.channels_last, way.compiled)
    foreach, fused = ADAMS[way.adam]
    for optimiser in (game.optimiser_g, game.optimiser_d):
        for group in optimiser.param_groups:
            group["foreach"], group["fused"] = foreach, fused
    return game


def lay_out(game: Game, channels_last: bool, compiled: bool) -> None:
    """Set how both networks lie in memory, and compile them.

    Args:
        game: whose optimisers have no state yet; it is changed in place.
        channels_last: whether a picture's channels lie side by side.
        compiled: by ``torch.compile``.
    """
    for network in (game.generator, game.discriminator):
        network.to(memory_format=torch.channels_last if channels_last else torch.contiguous_format)
        if compiled:
            network.compile()


def stepper(trainer: Engine, runtime: Runtime, data: ImageData | None = None) -> Callable[[], Record]:
    """A function that trains one step.

    Args:
        trainer: a game, or another training.
        runtime: of the training.
        data: None: the digits.

    Returns:
        The function.
    """
    steps = iter(trainer.steps(load("digits", runtime) if data is None else data, 10**9, runtime))
    return lambda: next(steps)


def weights(game: Game) -> Tensor:
    """All weights of both networks in one row.

    Args:
        game: of any kind.
    """
    networks = (game.generator, game.discriminator)
    return torch.cat([weight.detach().flatten().cpu() for one in networks for weight in one.parameters()])
