"""Three properties of a digit that can be measured, and how far they go along a direction of the latent."""

import torch
from torch import Tensor

from course_lib.training import Sampler

PROPERTIES = ("ink", "slant", "width")


def measured(pictures: Tensor) -> Tensor:
    """Ink, slant and width of each picture, its brightness taken as weights on a sheet.

    Args:
        pictures: ``(N, 1, 28, 28)`` in [−1, 1].

    Returns:
        ``(N, 3)``: the mean brightness from 0 to 1; how many pixels to the right the ink goes as one goes up by one;
        the standard deviation of its horizontal position, in pixels.
    """
    light = (pictures[:, 0] + 1) / 2  # (N, 28, 28)
    share = light / light.sum((1, 2), keepdim=True)  # each picture's pixels sum to 1
    at = torch.arange(28.0)
    across, down = at.view(1, 1, 28), at.view(1, 28, 1)
    dx = across - (share * across).sum((1, 2), keepdim=True)  # from the middle of the ink
    dy = down - (share * down).sum((1, 2), keepdim=True)
    slant = -(share * dx * dy).sum((1, 2)) / (share * dy**2).sum((1, 2))  # − because rows count downwards
    return torch.stack([light.mean((1, 2)), slant, (share * dx**2).sum((1, 2)).sqrt()], 1)


def picture_change(sampler: Sampler, z: Tensor, direction: Tensor, step: float = 2.0) -> float:
    """Mean distance between the pictures of z and those of z + step · direction, as lists of pixels.

    Args:
        sampler: draws from the generator.
        z: latents ``(N, latent)``.
        direction: of length 1, ``(latent,)``.
        step: how far.
    """
    return (sampler.decode(z + step * direction) - sampler.decode(z)).flatten(1).norm(dim=1).mean().item()
