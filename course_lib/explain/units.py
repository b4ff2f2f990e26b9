"""What single units of a generator are for: find them by what they do, and switch them off (Bau et al. 2019)."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.explain.forward import model_outputs
from course_lib.explain.model import find_layer
from course_lib.explain.targets import Target, target_values
from course_lib.explain.validation import check_inputs, class_numbers
from course_lib.models.wrappers import Output


@contextmanager
def ablated(generator: nn.Module, layer: str, units: list[int], to: Tensor | None = None) -> Iterator[nn.Module]:
    """Inside this block some maps of a layer are held at given values.

    Args:
        generator: whose layer it is.
        layer: the layer's name.
        units: numbers of the maps.
        to: values ``(units,)``; None: 0.

    Yields:
        The generator.

    Raises:
        CourseError: for a layer or a unit that the generator has not; for another number of values than units.
    """
    chosen = torch.as_tensor(class_numbers(list(units), "unit")) if len(units) else torch.zeros(0, dtype=torch.long)
    highest = max(chosen.tolist(), default=0)
    if to is not None and to.shape != (len(chosen),):
        raise CourseError(f"to has shape {tuple(to.shape)} for {len(chosen)} units: use one value for each.")

    def hold(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        if highest >= _units(output, layer):
            raise CourseError(f"unit {highest}: layer {layer!r} has units 0 to {output.shape[1] - 1}.")
        output = output.clone()
        output[:, chosen] = 0 if to is None else to.to(output).view(1, -1, *(1,) * (output.ndim - 2))
        return output

    hook = find_layer(generator, layer).register_forward_hook(hold)
    try:
        yield generator
    finally:
        hook.remove()


@torch.no_grad()
def unit_means(generator: nn.Module, layer: str, z: Tensor) -> Tensor:
    """Mean output of each map of a layer over latents: ``(units,)``, the place to ablate to.

    Args:
        generator: in eval mode.
        layer: the layer's name.
        z: latents ``(N, latent)``.

    Raises:
        CourseError: for a layer that the generator has not, or uses not exactly once; see ``forward.model_outputs``.
    """
    kept: list[Tensor] = []

    def keep(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        # The mean now, since an in-place layer after this one would overwrite the output.
        _units(output, layer)
        kept.append(output.mean(dim=[d for d in range(output.ndim) if d != 1]))

    hook = find_layer(generator, layer).register_forward_hook(keep)
    try:
        model_outputs(generator, check_inputs(z), lambda outputs: z)  # whatever it gives
    finally:
        hook.remove()
    if len(kept) != 1:
        raise CourseError(f"layer {layer!r} was used {len(kept)} times: choose one used once.")
    return kept[0]


@torch.no_grad()
def unit_effects(generator: nn.Module, target: Target, z: Tensor, layer: str, *, output: Output = None) -> Tensor:
    """By how much the target falls, on average over ``z``, when each unit alone is held at its mean: ``(units,)``.

    An intervention: unlike a correlation (IoU with a mask), it says what the unit *does*.

    Args:
        generator: in eval mode.
        target: what is explained, such as ``region_mean(mask)``.
        z: latents ``(N, latent)``.
        layer: the layer's name.
        output: of a generator that gives a tuple, dict or named tuple, the part that is meant (see
            ``forward.model_outputs``).
    """
    whole, means = target_values(generator, target, check_inputs(z), output).mean(), unit_means(generator, layer, z)
    effects = []
    for unit in range(len(means)):
        with ablated(generator, layer, [unit], means[unit : unit + 1]):
            effects.append(whole - target_values(generator, target, z, output).mean())
    return torch.stack(effects)


def _units(output: object, layer: str) -> int:
    """How many units a layer's output has."""
    if not isinstance(output, Tensor) or output.ndim < 2:
        what = f"shape {tuple(output.shape)}" if isinstance(output, Tensor) else f"type {type(output).__name__}"
        raise CourseError(f"layer {layer!r} gives an output of {what}: choose one with units, (N, units, …).")
    return output.shape[1]
