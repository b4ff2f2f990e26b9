"""Cells of a layer: what its maps hold, what one cell does to a property, and how two rankings agree."""

import torch
from torch import Tensor, nn

from course_lib.explain.targets import Target
from course_lib.metrics import faithfulness


def rank_correlation(a: Tensor, b: Tensor) -> float:
    """Spearman's rank correlation of two lists or maps; equal values share their mean rank.

    Args:
        a, b: of one shape.
    """
    return faithfulness.rank_correlation(a.reshape(1, 1, 1, -1), b.reshape(1, 1, 1, -1)).item()


def maps_and_property(generator: nn.Module, at: str, prop: Target, z: Tensor) -> tuple[Tensor, Tensor]:
    """A layer's maps while pictures are drawn, and the property of these pictures.

    Args:
        generator: in eval mode.
        at: the layer's name.
        prop: pictures → a number for each.
        z: latents ``(N, latent)``.

    Returns:
        Maps ``(N, channels, h, w)`` and values ``(N,)``; slopes go through both.
    """
    kept: list[Tensor] = []
    hook = generator.get_submodule(at).register_forward_hook(lambda module, inputs, output: kept.append(output))
    try:
        value = prop(generator(z))
    finally:
        hook.remove()
    return kept[0], value


@torch.no_grad()
def fall_of_cells(generator: nn.Module, at: str, prop: Target, z: Tensor, to: Tensor) -> Tensor:
    """By how much the property falls when one cell, in all channels, is held at that of ``to``; each cell alone.

    Args:
        generator: in eval mode.
        at: the layer's name.
        prop: pictures → a number for each.
        z: latents ``(N, latent)``.
        to: what the cell is held at, ``(channels, h, w)``.

    Returns:
        ``(N, h, w)``.
    """
    layer, (high, wide) = generator.get_submodule(at), to.shape[1:]
    value = prop(generator(z))
    falls = torch.zeros(len(z), high, wide)
    for cell in range(high * wide):
        row, column = divmod(cell, wide)

        def hold(module: nn.Module, inputs: object, output: Tensor, row: int = row, column: int = column) -> Tensor:
            output = output.clone()
            output[:, :, row, column] = to[:, row, column]
            return output

        hook = layer.register_forward_hook(hold)
        falls[:, row, column] = (value - prop(generator(z))).cpu()
        hook.remove()
    return falls


@torch.no_grad()
def fall_of_all(generator: nn.Module, at: str, prop: Target, z: Tensor, to: Tensor) -> Tensor:
    """By how much the property falls when all cells together are held at ``to``.

    Args:
        generator, at, prop, z, to: as for :func:`fall_of_cells`.

    Returns:
        ``(N,)``.
    """
    value = prop(generator(z))
    hook = generator.get_submodule(at).register_forward_hook(lambda module, inputs, output: to.expand_as(output))
    try:
        return (value - prop(generator(z))).cpu()
    finally:
        hook.remove()
