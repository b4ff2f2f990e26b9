"""A VAE so simple that everything about it has a closed form: the place to check a bound against the truth.

p(z) = N(0, I), p(x|z) = N(Wz + b, σ²I): probabilistic principal component analysis (Tipping and Bishop 1999). Then
p(x) = N(b, WWᵀ + σ²I), and the true posterior is N(M⁻¹Wᵀ(x − b), σ²M⁻¹) with M = WᵀW + σ²I. float64 throughout.
"""

import math

import torch
from torch import Tensor, nn

from course_lib.models.likelihood import Gaussian


class LinearVAE(nn.Module):
    """Points ``(N, dim, 1, 1)`` (images of one pixel and ``dim`` channels) from ``latent`` normal causes.

    The encoder is linear with one fixed variance a latent, ``q(z|x) = N(A(x − b), diag s²)``. It begins wrong on
    purpose; ``solve()`` sets it to the best that a diagonal q can be.

    Args:
        latent: how many causes.
        dim: numbers in a point.
        sigma: standard deviation of the noise on each of them.
        seed: of the weights.

    Example:
        >>> from course_lib.models import LinearVAE
        >>> vae = LinearVAE()
        >>> x = vae.sample(100)
        >>> bool(((vae.elbo(x) + vae.elbo_gap(x)) - vae.log_prob(x)).abs().max() < 1e-9)  # bound + gap = log p(x)
        True
    """

    def __init__(self, latent: int = 2, dim: int = 5, sigma: float = 0.5, seed: int = 0):
        super().__init__()
        g = torch.Generator().manual_seed(seed)
        self.latent, self.dim, self.classes, self.likelihood = latent, dim, 0, Gaussian(sigma)
        self.W = nn.Parameter(torch.randn(dim, latent, generator=g, dtype=torch.float64))
        self.b = nn.Parameter(torch.randn(dim, generator=g, dtype=torch.float64))
        self.A = nn.Parameter(0.1 * torch.randn(latent, dim, generator=g, dtype=torch.float64))
        self.log_var = nn.Parameter(torch.zeros(latent, dtype=torch.float64))

    def encode(self, x: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The encoder's q(z|x).

        Args:
            x: points ``(N, dim, 1, 1)``.
            labels: not used: this VAE is given none.

        Returns:
            Mean and log variance, each ``(N, latent)``.
        """
        mean = (x.flatten(1) - self.b) @ self.A.T  # (N, latent)
        return mean, self.log_var.expand_as(mean)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Means of p(x|z): ``(N, dim, 1, 1)``.

        Args:
            z: latents ``(N, latent)``.
            labels: not used: this VAE is given none.
        """
        return (z @ self.W.T + self.b)[:, :, None, None]  # (N, dim, 1, 1)

    def forward(self, z: Tensor) -> Tensor:
        """Means of p(x|z), as :meth:`decode`.

        Args:
            z: latents ``(N, latent)``.
        """
        return self.decode(z)

    def sample(self, n: int, seed: int = 0) -> Tensor:
        """Points drawn from p(x): ``(n, dim, 1, 1)``.

        Args:
            n: how many.
            seed: of the draw.
        """
        g = torch.Generator().manual_seed(seed)
        z = torch.randn(n, self.latent, generator=g, dtype=torch.float64)
        noise = torch.randn(n, self.dim, generator=g, dtype=torch.float64)
        return self.decode(z) + self.likelihood.sigma * noise[:, :, None, None]

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x) in nats, exact: ``(N,)``.

        Args:
            x: points ``(N, dim, 1, 1)``.
        """
        covariance = self.W @ self.W.T + self.likelihood.sigma**2 * torch.eye(self.dim, dtype=torch.float64)
        return torch.distributions.MultivariateNormal(self.b, covariance).log_prob(x.flatten(1))

    def true_posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The posterior p(z|x), exact.

        Args:
            x: points ``(N, dim, 1, 1)``.

        Returns:
            Its mean ``(N, latent)`` and its covariance ``(latent, latent)``.
        """
        M = self._M()
        return torch.linalg.solve(M, self.W.T @ (x.flatten(1) - self.b).T).T, self.likelihood.sigma**2 * M.inverse()

    def elbo_gap(self, x: Tensor) -> Tensor:
        """KL(q(z|x) ‖ p(z|x)) in nats, exact ``(N,)``: what the ELBO lacks to log p(x).

        Args:
            x: points ``(N, dim, 1, 1)``.
        """
        (mean, log_var), (true_mean, true_covariance) = self.encode(x), self.true_posterior(x)
        precision = true_covariance.inverse()
        difference = mean - true_mean
        distance = ((difference @ precision) * difference).sum(1)
        trace = (precision.diagonal() * log_var.exp()).sum(1)
        return 0.5 * (trace + distance - self.latent + torch.logdet(true_covariance) - log_var.sum(1))

    def elbo(self, x: Tensor) -> Tensor:
        """E_q[log p(x|z)] − KL(q ‖ p(z)) in nats, exact ``(N,)``, each part by its own formula.

        Args:
            x: points ``(N, dim, 1, 1)``.
        """
        mean, log_var = self.encode(x)
        s2, missed = self.likelihood.sigma**2, x.flatten(1) - mean @ self.W.T - self.b
        spread = (self.W.square().sum(0) * log_var.exp()).sum(1)  # E ‖W(z − mean)‖²
        reconstruction = -0.5 * (missed.square().sum(1) + spread) / s2 - 0.5 * self.dim * math.log(2 * math.pi * s2)
        return reconstruction - 0.5 * (mean.square() + log_var.exp() - 1 - log_var).sum(1)

    @torch.no_grad()
    def solve(self) -> None:
        """Set the best encoder with independent latents: the true mean, and σ² divided by M's diagonal."""
        M = self._M()
        self.A.copy_(torch.linalg.solve(M, self.W.T))
        self.log_var.copy_((self.likelihood.sigma**2 / M.diagonal()).log())

    def _M(self) -> Tensor:
        """WᵀW + σ²I: the true posterior's precision, times σ²."""
        return self.W.T @ self.W + self.likelihood.sigma**2 * torch.eye(self.latent, dtype=torch.float64)
