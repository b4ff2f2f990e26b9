"""The log-likelihood of images under a VAE, by importance sampling."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.errors import CourseError, check_whole_number
from course_lib.losses.elbo import log_weights
from course_lib.models.eval_mode import eval_mode
from course_lib.models.likelihood import Bernoulli
from course_lib.models.linear_vae import LinearVAE
from course_lib.models.vae import VAE


@dataclass(frozen=True)
class NLL:
    """−log p(x) in nats an image.

    Attributes:
        value: mean over the images. It errs upwards: by Jensen's inequality the estimate of log p(x) is on average too
            low, and less so with more samples.
        low, high: the 95 % interval for the mean over all images like these.
        n: how many images.
        samples: draws of z for each.
    """

    value: float
    low: float
    high: float
    n: int
    samples: int

    def __str__(self) -> str:
        return (
            f"{self.value:.2f} nats (95 %: {self.low:.2f} to {self.high:.2f}; {self.n:,} images, "
            f"{self.samples:,} samples each)"
        )


@torch.no_grad()
def log_likelihoods(
    vae: VAE | LinearVAE,
    images: Tensor,
    samples: int = 1000,
    seed: int = 0,
    labels: Tensor | None = None,
    at_once: int = 5000,
) -> Tensor:
    """log (1/k Σ p(x, zᵢ)/q(zᵢ|x)) of each image, k = ``samples``: ``(N,)`` in nats, on the CPU.

    Burda et al. 2016, section 5: k = 5,000.

    Args:
        vae: whose encoder proposes the z.
        images: ``(N, C, H, W)`` in [−1, 1].
        samples: draws of z for each image.
        seed: of the draws.
        labels: int64 ``(N,)``, for a VAE that is given classes.
        at_once: bounds the memory: so many decoded images are held.

    Raises:
        CourseError: for fewer than one sample, or no images.
    """
    if not len(images):
        raise CourseError("there are no images to measure: use at least 1.")
    samples = check_whole_number("samples", samples)
    g, found = torch.Generator().manual_seed(seed), []
    many = max(1, at_once // samples)  # images at once
    with eval_mode(vae) as device:
        for start in range(0, len(images), many):
            part = images[start : start + many].to(device)
            given = None if labels is None else labels[start : start + many].to(device)
            sums = []
            for first in range(0, samples, at_once):
                k = min(at_once, samples - first)
                noise = torch.randn(k, len(part), vae.latent, generator=g, dtype=part.dtype).to(device)
                sums.append(log_weights(vae, part, noise, given).cpu().double().logsumexp(0))
            found.append(torch.stack(sums).logsumexp(0) - math.log(samples))
    return torch.cat(found)


def nll(vae: VAE | LinearVAE, images: Tensor, samples: int = 1000, seed: int = 0, labels: Tensor | None = None) -> NLL:
    """−log p(x) of images, with its interval.

    Args:
        vae: whose encoder proposes the z.
        images: ``(N, C, H, W)`` in [−1, 1]; black and white ones for Bernoulli.
        samples: draws of z for each image.
        seed: of the draws.
        labels: int64 ``(N,)``, for a VAE that is given classes.

    Raises:
        CourseError: for fewer than two images (an interval needs two), or grey ones under a Bernoulli likelihood.
    """
    if len(images) < 2:
        raise CourseError(f"{len(images)} images are too few for an interval: use at least 2.")
    if isinstance(vae.likelihood, Bernoulli) and not (images.abs() == 1).all():
        raise CourseError(
            "the images are grey, and a Bernoulli likelihood is one of black and white pixels: "
            "draw them with binarised(images, generator) first."
        )
    values = -log_likelihoods(vae, images, samples, seed, labels)
    mean, error = values.mean().item(), values.std().item() / len(values) ** 0.5
    return NLL(mean, mean - 1.96 * error, mean + 1.96 * error, len(values), samples)
