"""Optimisers by name, their schedule, and their state in the right memory layout."""

import math
from collections.abc import Callable
from contextlib import contextmanager

import torch
from torch import nn
from torch.optim import SGD, Adam, Optimizer, RMSprop

from course_lib.errors import CourseError, one_of

OPTIMISERS = {
    "adam": lambda weights, lr, betas: Adam(weights, lr, betas, fused=True),  # fused: ×1.2–1.33 on MLPs
    "rmsprop": lambda weights, lr, betas: RMSprop(weights, lr, alpha=betas[1]),
    "momentum": lambda weights, lr, betas: SGD(weights, lr, momentum=betas[0]),
    "sgd": lambda weights, lr, betas: SGD(weights, lr),
}


def make_optimiser(name: str, weights, lr: float, betas: tuple[float, float]) -> Optimizer:
    """``"adam"``, ``"rmsprop"`` (its average's decay is β₂), ``"momentum"`` (β₁) or ``"sgd"``."""
    return OPTIMISERS[one_of("optimiser", name, OPTIMISERS)](weights, lr, betas)


def cosine(total: int) -> Callable[[int], float]:
    """A schedule ``step → factor`` for step sizes: from 1 at the start to 0 at ``total`` along half a cosine wave."""
    if isinstance(total, bool) or not isinstance(total, int) or total < 1:
        raise CourseError(f"a schedule over {total!r} steps: use a whole number of at least 1.")
    return lambda step: 0.5 * (1 + math.cos(math.pi * min(step / total, 1)))


def load_optimiser(optimiser: Optimizer, state: dict) -> None:
    """Load a copy of the averages, in the weights' own memory layout: Adam's fused kernel walks both memories side by
    side, and a contiguous average beside a channels-last weight would pair the wrong numbers."""
    optimiser.load_state_dict(state)
    for parameter, averages in optimiser.state.items():
        for name, value in averages.items():
            if value is None:  # SGD keeps a momentum of None
                continue
            like = parameter if value.shape == parameter.shape else value
            averages[name] = torch.empty_like(like, dtype=value.dtype, requires_grad=False).copy_(value)


@contextmanager
def frozen(network: nn.Module):
    """No gradients for the network's own weights inside this block: half of the backward pass is saved."""
    trained = [p for p in network.parameters() if p.requires_grad]  # what was frozen before stays so
    for p in trained:
        p.requires_grad_(False)
    try:
        yield
    finally:
        for p in trained:
            p.requires_grad_(True)
