"""Optimisers by name, their schedule, and their state in the right memory layout."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import nn
from torch.optim import SGD, Adam, Optimizer, RMSprop

from course_lib.errors import CourseError, check_number, one_of

OPTIMISERS: dict[str, Callable[[list[nn.Parameter], float, tuple[float, float]], Optimizer]] = {
    "adam": lambda weights, lr, betas: Adam(weights, lr, betas, fused=True),  # fused: ×1.2–1.33 on MLPs
    "rmsprop": lambda weights, lr, betas: RMSprop(weights, lr, alpha=betas[1]),
    "momentum": lambda weights, lr, betas: SGD(weights, lr, momentum=betas[0]),
    "sgd": lambda weights, lr, betas: SGD(weights, lr),
}


def make_optimiser(name: str, parameters: Iterable[nn.Parameter], lr: float, betas: Sequence[float]) -> Optimizer:
    """An optimiser by its name.

    Args:
        name: ``"adam"``, ``"rmsprop"`` (its average's decay is β₂), ``"momentum"`` (β₁) or ``"sgd"``.
        parameters: what it changes, at least one.
        lr: the step size.
        betas: β₁ and β₂, from 0 up to, not with, 1.

    Raises:
        CourseError: for another name, betas that are not two numbers from 0 up to 1, or no weights.
    """
    kind, weights = OPTIMISERS[one_of("optimiser", name, OPTIMISERS)], list(parameters)
    if not (isinstance(betas, tuple | list) and len(betas) == 2):
        raise CourseError(f"betas={betas!r}: use two numbers from 0 up to, not with, 1, such as (0.5, 0.9).")
    first, second = (
        float(check_number("betas", b, lambda v: 0 <= v < 1, "two numbers from 0 up to, not with, 1")) for b in betas
    )
    if not weights:
        raise CourseError("a network without weights cannot learn: use one that has parameters.")
    return kind(weights, float(lr), (first, second))


def cosine_schedule(total: int) -> Callable[[int], float]:
    """A schedule ``step → factor`` for step sizes: from 1 at the start to 0 at ``total`` along half a cosine wave.

    Args:
        total: steps, at least 1; beyond them the factor stays 0.
    """
    return Cosine(
        int(check_number("total", total, lambda v: v >= 1, "a whole number of steps, at least 1", whole=True))
    )


@dataclass(frozen=True)
class Cosine:
    """See :func:`cosine_schedule`; two of them can be compared.

    Attributes:
        total: steps from factor 1 to factor 0.
    """

    total: int

    def __call__(self, step: int) -> float:
        """The factor for the step size of a step; the first is 0."""
        return 0.5 * (1 + math.cos(math.pi * min(step / self.total, 1)))


def load_optimiser(optimiser: Optimizer, state: dict, options: Sequence[str] = ()) -> None:
    """Load a copy of the averages; of the options (step size, betas, …), only these: the others stay the optimiser's.

    They come in the weights' own memory layout: Adam's fused kernel walks both memories side by side, and a contiguous
    average beside a channels-last weight would pair the wrong numbers.

    Args:
        optimiser: of the kind that was saved, for weights of the same shapes.
        state: its ``state_dict``.
        options: those of the saved options that are taken over.
    """
    own = [{k: v for k, v in group.items() if k not in ("params", *options)} for group in optimiser.param_groups]
    optimiser.load_state_dict(state)
    for group, mine in zip(optimiser.param_groups, own, strict=True):
        group.update(mine)
    for parameter, averages in optimiser.state.items():
        for name, value in averages.items():
            if value is None:  # SGD keeps a momentum of None
                continue
            like = parameter if value.shape == parameter.shape else value
            averages[name] = torch.empty_like(like, dtype=value.dtype, requires_grad=False).copy_(value)


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """No gradients for the network's own weights inside this block: half of the backward pass is saved.

    Args:
        network: whose weights are frozen; those that were frozen before stay so.

    Yields:
        Nothing.
    """
    trained = [p for p in network.parameters() if p.requires_grad]  # what was frozen before stays so
    for p in trained:
        p.requires_grad_(False)
    try:
        yield
    finally:
        for p in trained:
            p.requires_grad_(True)
