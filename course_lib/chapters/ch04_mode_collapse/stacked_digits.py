"""The stacked digits' two GANs in the profile ``full``, as lesson 4.4 trains them."""

import torch

from course_lib.data.stacked import stacked
from course_lib.metrics import kl_from_uniform, stacked_classes
from course_lib.models import Judge
from course_lib.models.stacked import StackedDiscriminator, StackedGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game, Pack


def train_stacks(runtime: Runtime, judge: Judge, steps: int = 20_000, stacks: int = 128_000) -> None:
    """Train the DCGAN and PacDCGAN2 on stacks of MNIST, and print how many kinds the judge finds. It takes a GPU.

    Args:
        runtime: seed, device and precision.
        judge: reads the digits of a stack.
        steps: of each training.
        stacks: how many there are to train on.
    """
    data = stacked(runtime, stacks, "mnist")
    for row, size in {"DCGAN": 1, "PacDCGAN2": 2}.items():
        with runtime.seeded("weights"):
            networks = StackedGenerator(), StackedDiscriminator(4, size)
        game = Game(
            *networks,
            views=[Pack(size)] if size > 1 else [],
            lr=1e-4,
            lr_d=2e-4,
            betas=(0.5, 0.99),
            batch=128 * size,
            ema=0,
        )
        for _ in game.steps(data, steps, runtime):
            pass
        found = torch.bincount(stacked_classes(game.sampler(ema=False)(25_600), judge), minlength=1000)
        print(f"{row}: {(found > 0).sum()} kinds, KL {kl_from_uniform(found):.2f}")
