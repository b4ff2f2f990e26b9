"""What single units of a generator are for: find them by what they do, and switch them off (Bau et al. 2019)."""

from contextlib import contextmanager

import torch
from torch import Tensor, nn

from course_lib.explain.model import layer
from course_lib.explain.targets import Target, scores


@contextmanager
def ablated(generator: nn.Module, at: str, units: list[int], to: Tensor | None = None):
    """Inside this block the maps ``units`` of layer ``at`` are held at ``to`` ``(units,)``, or at 0."""

    def hold(module, inputs, output):
        output = output.clone()
        output[:, units] = 0 if to is None else to.to(output).view(1, -1, *(1,) * (output.ndim - 2))
        return output

    hook = layer(generator, at).register_forward_hook(hold)
    try:
        yield generator
    finally:
        hook.remove()


@torch.no_grad()
def unit_means(generator: nn.Module, at: str, z: Tensor) -> Tensor:
    """Mean output of each map of a layer over latents ``z``: ``(units,)``, the place to ablate to."""
    kept: list[Tensor] = []
    hook = layer(generator, at).register_forward_hook(lambda m, i, output: kept.append(output))
    try:
        generator(z)
    finally:
        hook.remove()
    return kept[0].mean(dim=[d for d in range(kept[0].ndim) if d != 1])


@torch.no_grad()
def unit_effects(generator: nn.Module, target: Target, z: Tensor, at: str) -> Tensor:
    """By how much the target falls, on average over ``z``, when each unit alone is held at its mean: ``(units,)``.

    An intervention: unlike a correlation (IoU with a mask), it says what the unit *does*.
    """
    whole, means = scores(generator, target, z).mean(), unit_means(generator, at, z)
    effects = []
    for unit in range(len(means)):
        with ablated(generator, at, [unit], means[unit : unit + 1]):
            effects.append(whole - scores(generator, target, z).mean())
    return torch.stack(effects)
