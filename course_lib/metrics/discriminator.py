"""How often a discriminator is right, and how much of that it learned by heart."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from course_lib.data.images import check_images
from course_lib.errors import CourseError


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


@dataclass(frozen=True)
class Overfitting:
    """A discriminator's mean logits on training images, held-out real images and generated images.

    gap: (train − heldout) / (train − fake), after Karras et al. 2020, equation 1: 0 when held-out images look as real
        as the training images, 1 when they look as fake as generated ones: then D knows its data by heart.
    """

    train: float
    heldout: float
    fake: float
    gap: float

    def __str__(self) -> str:
        return (f"mean logit: training {self.train:.2f}, held out {self.heldout:.2f}, generated {self.fake:.2f}; "
                f"gap {self.gap:.2f} (0: none, 1: by heart)")  # fmt: skip


@torch.no_grad()
def overfitting(
    discriminator: nn.Module, train: Tensor, heldout: Tensor, fake: Tensor, batch: int = 500
) -> Overfitting:
    """Ask ``discriminator`` about three sets of images ``(N, C, H, W)``, in eval mode.

    Raises:
        CourseError: for images of a wrong range, no images or logits that are no numbers, and when D finds generated
            images as real as its training images (the gap is then 0/0).
    """
    was_training = discriminator.training
    discriminator.eval()
    device = next(discriminator.parameters()).device
    try:
        means = [
            torch.cat([discriminator(part.to(device)) for part in check_images(images).split(batch)]).mean().item()
            for images in (train, heldout, fake)
        ]
    finally:
        discriminator.train(was_training)
    if not all(map(math.isfinite, means)):
        raise CourseError(f"D's mean logits are {', '.join(map(str, means))}: give it at least one training, one "
                          "held-out and one generated image, and weights that are finite.")  # fmt: skip
    if means[0] == means[2]:
        raise CourseError("D finds generated and training images equally real: it has learned nothing to overfit with.")
    return Overfitting(*means, gap=(means[0] - means[1]) / (means[0] - means[2]))
