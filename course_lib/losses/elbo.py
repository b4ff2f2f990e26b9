"""The variational bounds a VAE is trained on. All in nats an image: summed over pixels and latents, never averaged.

A bound is called with a VAE, images, and standard normal noise ``(samples, N, latent)``, and gives ``Terms``
(:class:`Bound`).
"""

import math
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from course_lib.errors import CourseError, check_whole_number, one_of


@dataclass(frozen=True)
class Terms:
    """What a bound found in a batch: scalars, all but the loss means over the images, in nats.

    Attributes:
        loss: to be minimised.
        bound: the ELBO or the IWAE bound itself, without β and free bits: at most log p(x).
        reconstruction: −E_q[log p(x|z)].
        kl: KL(q(z|x) ‖ p(z)).
    """

    loss: Tensor
    bound: Tensor
    reconstruction: Tensor
    kl: Tensor


class PixelLikelihood(Protocol):
    """What a bound asks of a VAE's likelihood (see ``course_lib.models.likelihood``)."""

    def log_prob(self, images: Tensor, outputs: Tensor) -> Tensor:
        """log p(x|z) in nats, summed over pixels: ``(samples, N)``.

        Args:
            images: ``(N, C, H, W)`` in [−1, 1].
            outputs: of the decoder, ``(samples, N, C, H, W)``.
        """


class Autoencoder(Protocol):
    """What a bound asks of a VAE (see ``course_lib.models.vae``)."""

    @property
    def likelihood(self) -> PixelLikelihood:
        """What the decoder's outputs mean."""

    def encode(self, images: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The encoder's q(z|x).

        Args:
            images: ``(N, C, H, W)`` in [−1, 1].
            labels: int64 ``(N,)``, for a VAE that is given classes.

        Returns:
            Mean and log variance, each ``(N, latent)``.
        """

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Outputs ``(N, C, H, W)``: what the likelihood makes images of.

        Args:
            z: latents ``(N, latent)``.
            labels: int64 ``(N,)``, for a VAE that is given classes.
        """


class Bound(Protocol):
    """A loss of a VAE, which says how many samples it takes of each image's latent."""

    @property
    def samples(self) -> int:
        """How many draws of z for each image."""

    def __call__(self, vae: Autoencoder, images: Tensor, noise: Tensor, labels: Tensor | None = None) -> Terms:
        """What the bound finds in a batch.

        Args:
            vae: encoder, decoder and likelihood.
            images: ``(N, C, H, W)`` in [−1, 1].
            noise: standard normal ``(samples, N, latent)``.
            labels: int64 ``(N,)``, for a VAE that is given classes.
        """


def reparameterise(mean: Tensor, log_var: Tensor, noise: Tensor) -> Tensor:
    """z = mean + e^(½ log_var) · noise, ``(…, N, latent)``: a draw from q(z|x) through which gradients flow.

    (Kingma and Welling 2014, section 2.4.)

    Args:
        mean, log_var: of q(z|x), ``(N, latent)`` each.
        noise: standard normal ``(…, N, latent)``.
    """
    return mean + (0.5 * log_var).exp() * noise


def kl_to_standard_normal(mean: Tensor, log_var: Tensor) -> Tensor:
    """KL(N(mean, e^log_var) ‖ N(0, 1)) of each latent, in nats: ½ (mean² + e^log_var − 1 − log_var).

    (Kingma and Welling 2014, appendix B, with the sign turned.)

    Args:
        mean, log_var: of one shape, which the result has, too.
    """
    return 0.5 * (mean.square() + log_var.exp() - 1 - log_var)


@dataclass(frozen=True)
class ELBO:
    """E_q[log p(x|z)] − β KL(q(z|x) ‖ p(z)), the KL in closed form (Kingma and Welling 2014, equation 7).

    Args:
        beta: weight of the KL: 1 is the bound, more presses the code (Higgins et al. 2017).
        free_bits: nats that each latent may carry, on average over the batch, without being charged (Kingma et al.
            2016).
        samples: draws of z that the first term is averaged over.
        pixels: "sum" is the bound; "mean" divides the first term by the number of pixels, as many codes do by a default
            of their library: the same gradients as β = number of pixels, all of them smaller by that number.

    Raises:
        CourseError: for weights below 0, another word for ``pixels``, or no whole number of samples.
    """

    beta: float = 1.0
    free_bits: float = 0.0
    samples: int = 1
    pixels: str = "sum"

    def __post_init__(self) -> None:
        if not all(isinstance(weight, int | float) and weight >= 0 for weight in (self.beta, self.free_bits)):
            raise CourseError(f"beta={self.beta!r}, free_bits={self.free_bits!r}: use numbers of at least 0.")
        one_of("pixels", self.pixels, ("sum", "mean"))
        check_whole_number("samples", self.samples)

    def __call__(self, vae: Autoencoder, images: Tensor, noise: Tensor, labels: Tensor | None = None) -> Terms:
        """See :class:`Bound`."""
        mean, log_var = vae.encode(images, labels)  # (N, latent) each
        outputs = _decoded(vae, reparameterise(mean, log_var, noise), labels)  # (samples, N, C, H, W)
        reconstruction = -vae.likelihood.log_prob(images, outputs).mean()
        each = kl_to_standard_normal(mean, log_var).mean(0)  # (latent,)
        charged = each.clamp(min=self.free_bits).sum() if self.free_bits else each.sum()
        divisor = math.prod(images.shape[1:]) if self.pixels == "mean" else 1
        loss = reconstruction / divisor + self.beta * charged
        return Terms(loss, -reconstruction - each.sum(), reconstruction, each.sum())


@dataclass(frozen=True)
class IWAE:
    """log (1/k Σ wᵢ), wᵢ = p(x, zᵢ)/q(zᵢ|x), zᵢ ~ q: a bound that rises towards log p(x) with k.

    (Burda, Grosse and Salakhutdinov 2016, equation 8.) k = 1 is the ELBO with its KL by Monte Carlo.

    Args:
        samples: k, draws of z for each image.

    Raises:
        CourseError: for no whole number of samples.
    """

    samples: int = 5

    def __post_init__(self) -> None:
        check_whole_number("samples", self.samples)

    def __call__(self, vae: Autoencoder, images: Tensor, noise: Tensor, labels: Tensor | None = None) -> Terms:
        """See :class:`Bound`."""
        mean, log_var = vae.encode(images, labels)
        weights, log_likelihood = _log_weights(vae, images, mean, log_var, noise, labels)  # (k, N) each
        bound = (weights.logsumexp(0) - math.log(len(weights))).mean()
        kl = kl_to_standard_normal(mean, log_var).sum(1).mean()
        return Terms(-bound, bound, -log_likelihood.mean(), kl)


def log_weights(vae: Autoencoder, images: Tensor, noise: Tensor, labels: Tensor | None = None) -> Tensor:
    """log p(x, z) − log q(z|x) for each draw, by which likelihoods are estimated.

    Args:
        vae: encoder, decoder and likelihood.
        images: ``(N, C, H, W)`` in [−1, 1].
        noise: standard normal ``(k, N, latent)``, k draws an image.
        labels: int64 ``(N,)``, for a VAE with classes.

    Returns:
        ``(k, N)`` in nats. Their mean over many draws is the ELBO; the logarithm of the mean of their exponentials is
        the IWAE bound.
    """
    mean, log_var = vae.encode(images, labels)
    return _log_weights(vae, images, mean, log_var, noise, labels)[0]


def _log_weights(
    vae: Autoencoder, images: Tensor, mean: Tensor, log_var: Tensor, noise: Tensor, labels: Tensor | None
) -> tuple[Tensor, Tensor]:
    z = reparameterise(mean, log_var, noise)  # (k, N, latent)
    log_likelihood = vae.likelihood.log_prob(images, _decoded(vae, z, labels))  # (k, N)
    # log p(z) − log q(z|x): the constants ½ log 2π of the two normal densities cancel.
    prior_to_posterior = 0.5 * (noise.square() + log_var - z.square()).sum(-1)  # (k, N)
    return log_likelihood + prior_to_posterior, log_likelihood


def _decoded(vae: Autoencoder, z: Tensor, labels: Tensor | None) -> Tensor:
    """Outputs ``(k, N, C, H, W)`` of latents ``(k, N, latent)``, in one pass through the decoder."""
    k, n = z.shape[:2]
    outputs = vae.decode(z.flatten(0, 1), None if labels is None else labels.repeat(k))
    return outputs.view(k, n, *outputs.shape[1:])
