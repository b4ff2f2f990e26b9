"""How often a discriminator is right."""

import torch
from torch import Tensor, nn

from course_lib.data.images import check_images


@torch.no_grad()
def discriminator_accuracy(discriminator: nn.Module, real: Tensor, fake: Tensor, batch: int = 500) -> float:
    """Share of right answers in [0, 1], real and fake images ``(N, C, H, W)`` counting half each; 0.5 is guessing.

    "Real" is a logit above 0. The discriminator is asked in eval mode (no dropout), and left in the mode it was in.
    """
    was_training = discriminator.training
    discriminator.eval()
    device = next(discriminator.parameters()).device
    try:
        shares = [
            torch.cat([discriminator(part.to(device)) > 0 for part in check_images(images).split(batch)]).float().mean()
            for images in (real, fake)
        ]
    finally:
        discriminator.train(was_training)
    return (0.5 * (shares[0] + 1 - shares[1])).item()
