"""What a VAE's code carries: the terms of its bound on given images, and how many latents are in use."""

from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.data.pixels import check_images
from course_lib.errors import CourseError
from course_lib.losses.elbo import kl_to_standard_normal, reparameterise
from course_lib.models.eval_mode import eval_mode
from course_lib.models.linear_vae import LinearVAE
from course_lib.models.vae import VAE

ACTIVE = 0.1  # nats of KL on average, above which a latent counts as in use
AT_ONCE = 500  # images


@dataclass(frozen=True)
class LatentCodeReport:
    """Means over the images, in nats an image.

    Attributes:
        bound: the ELBO, without β: −reconstruction − kl.
        reconstruction: −E_q[log p(x|z)], by one draw of z an image.
        kl: KL(q(z|x) ‖ p(z)), in closed form.
        active: latents whose KL is above 0.1.
        by_latent: the KL of each latent.
    """

    bound: float
    reconstruction: float
    kl: float
    active: int
    by_latent: tuple[float, ...]


@torch.no_grad()
def measure_latent_code(
    vae: VAE | LinearVAE, images: Tensor, labels: Tensor | None = None, seed: int = 0
) -> LatentCodeReport:
    """Terms of the bound, and latents in use, on given images. Leaves the VAE's mode alone.

    Args:
        vae: whose code it is.
        images: ``(N, C, H, W)`` in [−1, 1].
        labels: int64 ``(N,)``, for a VAE that is given classes.
        seed: draws z.

    Raises:
        CourseError: when there is no image, or they are not what the course expects.

    Example:
        >>> from course_lib import zoo
        >>> from course_lib.data import load
        >>> from course_lib.metrics import measure_latent_code
        >>> measure_latent_code(zoo.load("vae-plane"), load("digits", split="test").images).active
        2
    """
    if len(check_images(images)) == 0:
        raise CourseError("there is no image to encode: expected at least 1.")
    generator = torch.Generator().manual_seed(seed)
    total, reconstruction = torch.zeros(vae.latent, dtype=torch.float64), 0.0
    with eval_mode(vae) as device:
        for start in range(0, len(images), AT_ONCE):
            part = images[start : start + AT_ONCE].to(device)
            given = None if labels is None else labels[start : start + AT_ONCE].to(device)
            noise = torch.randn(len(part), vae.latent, generator=generator).to(device)
            mean, log_var = vae.encode(part, given)  # (n, latent) each
            outputs = vae.decode(reparameterise(mean, log_var, noise), given)
            reconstruction -= vae.likelihood.log_prob(part, outputs).cpu().double().sum().item()
            total += kl_to_standard_normal(mean, log_var).cpu().double().sum(0)
    each = total / len(images)
    reconstruction, kl = reconstruction / len(images), each.sum().item()
    return LatentCodeReport(-reconstruction - kl, reconstruction, kl, int((each > ACTIVE).sum()), tuple(each.tolist()))
