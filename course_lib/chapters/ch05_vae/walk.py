"""Between two digits: the way through the latent space, the blend of pixels, and how double a picture looks."""

import torch
from torch import Tensor

from course_lib.data import ImageData
from course_lib.models import VAE
from course_lib.models.likelihood import to_zero_one
from course_lib.runtime import Runtime


@torch.no_grad()
def way(vae: VAE, first: Tensor, second: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    """The way from one image's code to another's, decoded; and the blend of the two pictures at its ends.

    Args:
        vae: encodes and decodes.
        first, second: images ``(1, H, W)`` in [−1, 1].
        steps: pictures, the two ends among them.

    Returns:
        Both as images ``(steps, 1, H, W)`` in [−1, 1].
    """
    device = next(vae.parameters()).device
    share = torch.linspace(0, 1, steps)
    a, b = vae.encode(torch.stack([first, second]).to(device))[0]  # (latent,) each
    path = vae(torch.lerp(a, b, share[:, None].to(device))).cpu()
    return path, torch.lerp(path[:1], path[-1:], share[:, None, None, None])


def unlike_pairs(data: ImageData, pairs: int, runtime: Runtime) -> tuple[Tensor, Tensor]:
    """Pairs of images with different labels, drawn at random.

    Args:
        data: with labels.
        pairs: how many.
        runtime: its seed draws them.

    Returns:
        Where the first and where the second of each pair stands, ``(pairs,)`` each.
    """
    drawn = torch.randint(len(data), (2, 10 * pairs), generator=runtime.stream("pairs"))
    labels = data.labels.cpu()[drawn]
    first, second = drawn[:, labels[0] != labels[1]][:, :pairs]
    return first, second


def undecided(images: Tensor) -> Tensor:
    """The share of each image's pixels that are neither black nor white: from ¼ to ¾ white, ``(N,)``.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
    """
    return ((to_zero_one(images) - 0.5).abs() < 0.25).double().mean((1, 2, 3))
