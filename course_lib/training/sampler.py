"""Draw images from a generator, always in eval mode, always without gradients."""

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.models.eval_mode import eval_mode
from course_lib.training.settings import latent_size


class Sampler:
    """``sampler(n, seed=0)`` → ``(n, C, H, W)`` float32 images in [−1, 1] on the CPU.

    It looks at the generator it was given, as that is at the moment of the call, and leaves its mode unchanged.
    In train mode, batch norm would make each image depend on the others of its batch.

    Args:
        generator: latents ``(N, latent)`` → images; has an attribute ``latent``.
        batch: images made at once.

    Raises:
        CourseError: for what is no network, or has no ``latent``.
    """

    def __init__(self, generator: nn.Module, batch: int = 500):
        self.latent = latent_size(generator)
        self.generator, self.batch = generator, batch

    def z(self, n: int, seed: int = 0) -> Tensor:
        """Standard normal latents ``(n, latent)`` on the CPU; the same for the same seed on every device.

        Args:
            n: how many, at least 1.
            seed: of the draw.

        Raises:
            CourseError: for another n.
        """
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise CourseError(f"cannot draw {n!r} images: use a whole number of at least 1.")
        return torch.randn(n, self.latent, generator=torch.Generator().manual_seed(seed))

    @torch.no_grad()
    def decode(self, z: Tensor) -> Tensor:
        """Images of given latents, ``(n, C, H, W)`` on the CPU.

        Args:
            z: ``(n, latent)``, finite.

        Raises:
            CourseError: for other latents.
        """
        if z.ndim != 2 or z.shape[1] != self.latent:
            raise CourseError(f"latents have shape {tuple(z.shape)}: expected (n, {self.latent}).")
        if not torch.isfinite(z).all():
            raise CourseError("latents contain NaN or infinity: expected finite numbers, usually of size 0 to 3.")
        with eval_mode(self.generator) as device:
            return torch.cat([self.generator(part.to(device)).float().cpu() for part in z.float().split(self.batch)])

    def __call__(self, n: int, seed: int = 0) -> Tensor:
        """Images ``(n, C, H, W)`` of the latents that the seed draws."""
        return self.decode(self.z(n, seed))
