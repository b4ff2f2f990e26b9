"""What a VAE's decoder says of an image: its outputs as a distribution over pixels.

Images are in [−1, 1] everywhere in the course. A likelihood counts in its own range, and the door between the two is
``to_zero_one`` and ``from_zero_one`` here, nowhere else.
"""

import math
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from course_lib.errors import CourseError


def to_zero_one(images: Tensor) -> Tensor:
    """The same images in [0, 1]: black −1 becomes 0, white 1 stays 1.

    Args:
        images: in [−1, 1], of any shape.

    Example:
        >>> import torch
        >>> from course_lib.models.likelihood import to_zero_one
        >>> to_zero_one(torch.tensor([-1.0, 0.0, 1.0]))
        tensor([0.0000, 0.5000, 1.0000])
    """
    return (images + 1) / 2


def from_zero_one(shares: Tensor) -> Tensor:
    """The same images in [−1, 1].

    Args:
        shares: in [0, 1], of any shape.
    """
    return 2 * shares - 1


def binarised(images: Tensor, generator: torch.Generator) -> Tensor:
    """Black and white images (−1 or 1): each pixel white with its brightness, (x + 1)/2, as probability.

    Args:
        images: in [−1, 1], of any shape.
        generator: on the CPU.

    Example:
        >>> import torch
        >>> from course_lib.models import binarised
        >>> binarised(torch.tensor([-1.0, 1.0]), torch.Generator().manual_seed(0))
        tensor([-1.,  1.])
    """
    chance = torch.rand(images.shape, generator=generator).to(images.device)
    return from_zero_one((chance < to_zero_one(images)).float())


class Likelihood(Protocol):
    """What a decoder's outputs mean: a distribution over pixels."""

    def log_prob(self, images: Tensor, outputs: Tensor) -> Tensor:
        """log p(x|z) in nats, summed over pixels: ``(…, N)``.

        Args:
            images: ``(N, C, H, W)`` in [−1, 1].
            outputs: of the decoder, ``(…, N, C, H, W)``.
        """

    def mean(self, outputs: Tensor) -> Tensor:
        """The mean images, in [−1, 1], shape of ``outputs``.

        Args:
            outputs: of the decoder, ``(…, C, H, W)``.
        """

    def sample(self, outputs: Tensor, generator: torch.Generator) -> Tensor:
        """Images drawn from the distribution, in [−1, 1], shape of ``outputs``.

        Args:
            outputs: of the decoder, ``(…, C, H, W)``.
            generator: on the CPU.
        """


@dataclass(frozen=True)
class Bernoulli:
    """Each pixel is white with probability σ(output), on its own: p(x|z) = Π σ(o)^u (1 − σ(o))^(1 − u), u = (x+1)/2.

    It is a distribution over black and white images only. On grey pixels the same formula is a useful loss and no
    log-likelihood: its sum over all grey levels is not 1 (Loaiza-Ganem and Cunningham 2019).
    """

    def log_prob(self, images: Tensor, outputs: Tensor) -> Tensor:
        """log p(x|z) in nats, summed over pixels: ``(…, N)``.

        Args:
            images: ``(N, C, H, W)`` in [−1, 1].
            outputs: logits ``(…, N, C, H, W)``.
        """
        target = to_zero_one(images).expand_as(outputs)
        return -binary_cross_entropy_with_logits(outputs, target, reduction="none").sum((-3, -2, -1))

    def mean(self, outputs: Tensor) -> Tensor:
        """The mean images, in [−1, 1], shape of ``outputs``.

        Args:
            outputs: logits ``(…, C, H, W)``.
        """
        return from_zero_one(outputs.sigmoid())

    def sample(self, outputs: Tensor, generator: torch.Generator) -> Tensor:
        """Black and white images (−1 or 1) with these probabilities, shape of ``outputs``.

        Args:
            outputs: logits ``(…, C, H, W)``.
            generator: on the CPU.
        """
        chance = torch.rand(outputs.shape, generator=generator).to(outputs.device)
        return from_zero_one((chance < outputs.sigmoid()).float())


@dataclass(frozen=True)
class Gaussian:
    """Each pixel is normal around the output, on its own.

    log p(x|z) = −½ Σ ((x − o)/σ)² − D log σ − ½ D log 2π: squared error, whose weight against the KL is 1/σ².

    Attributes:
        sigma: standard deviation, above 0, in the units of [−1, 1].

    Raises:
        CourseError: for another sigma.
    """

    sigma: float = 0.5

    def __post_init__(self) -> None:
        if not self.sigma > 0:
            raise CourseError(f"sigma={self.sigma!r}: use a standard deviation above 0, such as 0.5.")

    def log_prob(self, images: Tensor, outputs: Tensor) -> Tensor:
        """log p(x|z) in nats, a density over pixels in [−1, 1], summed over them: ``(…, N)``.

        Args:
            images: ``(N, C, H, W)`` in [−1, 1].
            outputs: means ``(…, N, C, H, W)``.
        """
        pixels = math.prod(images.shape[-3:])
        squares = ((images - outputs) / self.sigma).square().sum((-3, -2, -1))
        return -0.5 * squares - pixels * (math.log(self.sigma) + 0.5 * math.log(2 * math.pi))

    def mean(self, outputs: Tensor) -> Tensor:
        """The mean images, cut to [−1, 1], shape of ``outputs``.

        Args:
            outputs: means ``(…, C, H, W)``.
        """
        return outputs.clamp(-1, 1)

    def sample(self, outputs: Tensor, generator: torch.Generator) -> Tensor:
        """Images with the noise that this model believes in, cut to [−1, 1], shape of ``outputs``.

        Args:
            outputs: means ``(…, C, H, W)``.
            generator: on the CPU.
        """
        noise = torch.randn(outputs.shape, generator=generator).to(outputs.device)
        return (outputs + self.sigma * noise).clamp(-1, 1)
