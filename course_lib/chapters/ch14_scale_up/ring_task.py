"""The task of lesson 14.3: one small game on the ring, from one seed, told in a few numbers."""

import torch

from course_lib.data.toy import draw_points, ring
from course_lib.metrics import energy_distance, measure_modes
from course_lib.models import PointDiscriminator, PointGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

STEPS = 300
SAMPLES = 1000


def ring_game(seed: int, lr_d: float = 2e-3, steps: int = STEPS) -> dict[str, float]:
    """Train a small GAN on eight heaps of points in a ring, and measure it.

    Args:
        seed: of everything that is drawn.
        lr_d: the discriminator's step size; the generator's is 0.001.
        steps: of training.

    Returns:
        ``"modes"`` found of 8, ``"energy"`` distance to as many real points, and ``"weights"``, the sum of the
        generator's weights, by which two trainings are told to be the same.
    """
    runtime, mixture = Runtime.auto(device="cpu", seed=seed), ring()
    with runtime.seeded("weights"):
        game = Game(PointGenerator(2, (64, 64)), PointDiscriminator((64, 64)), lr=1e-3, lr_d=lr_d, batch=128)
    for _ in game.steps(draw_points(mixture, runtime, 20_000), steps, runtime):
        pass
    points = game.sampler()(SAMPLES, seed=1)
    real, _ = mixture.sample(SAMPLES, torch.Generator().manual_seed(2))
    return {
        "modes": measure_modes(points, mixture).modes,
        "energy": round(energy_distance(points, real), 6),
        "weights": sum(p.double().sum().item() for p in game.generator.parameters()),
    }
