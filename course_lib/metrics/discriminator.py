"""How often a discriminator is right, and how much of that it learned by heart."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from course_lib.data.pixels import check_images
from course_lib.errors import CourseError, one_of
from course_lib.losses import LOSSES, LossLike, decision_threshold, fact
from course_lib.models.eval_mode import eval_mode


@torch.no_grad()
def discriminator_accuracy(
    discriminator: nn.Module, real: Tensor, fake: Tensor, batch: int = 500, loss: LossLike | str = "non-saturating"
) -> float:
    """Share of right answers in [0, 1], real and fake images counting half each; 0.5 is guessing.

    "Real" is a score above ``losses.decision_threshold(loss)``: a logit above 0, for least squares a score above ½.
    The discriminator is asked in eval mode (no dropout), and left in the mode it was in.

    Args:
        discriminator: images → scores ``(N, 1)``.
        real: images ``(N, C, H, W)`` in [−1, 1].
        fake: images ``(M, C, H, W)`` in [−1, 1].
        batch: images that are asked about together.
        loss: what the discriminator was trained with, or its name.

    Raises:
        CourseError: for a loss whose scores have no such cut, as Wasserstein's.
    """
    loss = LOSSES[one_of("loss", loss, LOSSES)]() if isinstance(loss, str) else loss
    if (real_above := decision_threshold(loss)) is None:
        name = fact(loss, "name") or type(loss).__name__
        raise CourseError(
            f"the scores of the loss {name!r} have no value between real and generated, so no answer is "
            "right or wrong by itself: compare scores, such as the share of pairs with real above fake."
        )
    on_real, on_fake = ((s > real_above).float().mean() for s in _logits(discriminator, (real, fake), batch))
    return (0.5 * (on_real + 1 - on_fake)).item()


@dataclass(frozen=True)
class DiscriminatorOverfitting:
    """A discriminator's mean logits on training images, held-out real images and generated images.

    Attributes:
        train: on training images.
        heldout: on real images that it was not trained on.
        fake: on generated images.
        gap: (train − heldout) / (train − fake), after Karras et al. 2020, equation 1: 0 when held-out images look as
            real as the training images, 1 when they look as fake as generated ones: then D knows its data by heart.
    """

    train: float
    heldout: float
    fake: float
    gap: float

    def __str__(self) -> str:
        return (
            f"mean logit: training {self.train:.2f}, held out {self.heldout:.2f}, generated {self.fake:.2f}; "
            f"gap {self.gap:.2f} (0: none, 1: by heart)"
        )


@torch.no_grad()
def discriminator_overfitting(
    discriminator: nn.Module, train: Tensor, heldout: Tensor, fake: Tensor, batch: int = 500
) -> DiscriminatorOverfitting:
    """What ``discriminator`` says, in eval mode, of three sets of images ``(N, C, H, W)`` in [−1, 1].

    Args:
        discriminator: images → logits ``(N, 1)``.
        train: images that it was trained on.
        heldout: real images that it was not trained on.
        fake: generated images.
        batch: images that are asked about together.

    Raises:
        CourseError: for images of a wrong range, no images or logits that are no numbers, and when D finds generated
            images as real as its training images (the gap is then 0/0).
    """
    means = [logits.mean().item() for logits in _logits(discriminator, (train, heldout, fake), batch)]
    if not all(map(math.isfinite, means)):
        raise CourseError(
            f"D's mean logits are {', '.join(map(str, means))}: give it at least one training, one "
            "held-out and one generated image, and weights that are finite."
        )
    if means[0] == means[2]:
        raise CourseError("D finds generated and training images equally real: it has learned nothing to overfit with.")
    on_train, on_heldout, on_fake = means
    return DiscriminatorOverfitting(on_train, on_heldout, on_fake, gap=(on_train - on_heldout) / (on_train - on_fake))


def _logits(discriminator: nn.Module, sets: tuple[Tensor, ...], batch: int) -> list[Tensor]:
    """The discriminator's logits ``(N, 1)`` on each set of images, in eval mode."""
    with eval_mode(discriminator) as device:
        return [
            torch.cat([discriminator(part.to(device)) for part in check_images(images).split(batch)]) for images in sets
        ]
