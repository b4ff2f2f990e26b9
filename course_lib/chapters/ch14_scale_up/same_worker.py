"""The library's game of lesson 14.4, in one process or as one of two, step by step (`course record same-game`)."""

import sys
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch import distributed as dist

from course_lib.chapters.ch14_scale_up import sharing
from course_lib.models import SharedBatchNorm2d
from course_lib.runtime import Runtime
from course_lib.training import Game, SharedGame

WAYS = {"shared": torch.float32, "apart": torch.float32, "doubles": torch.float64}  # of two processes


class Apart(SharedBatchNorm2d):
    """Batch norm that passes for a shared one, and knows its own process's part only: the mistake."""

    def forward(self, x: Tensor) -> Tensor:
        """Maps ``(N, C, H, W)``, normalised by this process's part.

        Args:
            x: maps ``(N, C, H, W)``.
        """
        return nn.BatchNorm2d.forward(self, x)


class Turned(Game):
    """A game whose latents are taken from last to first: the same batch, summed in another order."""

    def _latents(self, many: int, n: int, runtime: Runtime) -> Tensor:
        return super()._latents(many, n, runtime).flip(0)


def trained(seed: int, steps: int, way: str) -> dict[str, Tensor]:
    """The weights before the first step and after each, as lesson 14.4's loop has them.

    Args:
        seed: of weights, batches and latents.
        steps: of both players.
        way: one of ``WAYS`` (in a process group), "whole", "turned", "half" or "whole doubles".

    Returns:
        Step, as text → weights in one row.
    """
    dtype = WAYS.get(way, torch.float64 if way == "whole doubles" else torch.float32)
    rows = way if way in ("turned", "half") else "whole"
    generator, discriminator, digits, draw = sharing.small_game(seed, dtype, rows)
    if way == "apart":
        for part in generator.modules():
            part.__class__ = Apart if isinstance(part, SharedBatchNorm2d) else part.__class__
    kinds: dict[str, Any] = {"turned": Turned} | dict.fromkeys(WAYS, SharedGame)
    batch = sharing.BATCH // 2 if rows == "half" else sharing.BATCH
    game: Game = kinds.get(way, Game)(generator, discriminator, batch=batch)
    rank, processes = (game.rank, game.processes) if isinstance(game, SharedGame) else (0, 1)
    runtime, kept = Runtime.auto(device="cpu", seed=seed), {"0": sharing.weights(generator, discriminator)}
    for step in range(1, steps + 1):
        game.step(digits[draw(step)[0].chunk(processes)[rank]], runtime)
        kept[str(step)] = sharing.weights(generator, discriminator)
    return kept


if __name__ == "__main__":
    torch.set_num_threads(1)
    dist.init_process_group("gloo")  # torchrun told this process its number, and where the others are
    out, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for name in WAYS:
        save_file(trained(first, count, name), f"{out}/{name}-{dist.get_rank()}.safetensors")
    dist.destroy_process_group()
