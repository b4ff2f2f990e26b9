"""Logistic regression on 1, x and x², as lesson 01.1 writes it."""

import torch
from torch import Tensor


def features(x: Tensor) -> Tensor:
    """1, x and x² of each number: ``(n, 3)``.

    Args:
        x: numbers ``(n,)``.
    """
    return torch.stack([torch.ones_like(x), x, x**2], dim=1)


def logistic_regression(real: Tensor, fake: Tensor, steps: int, lr: float = 0.1) -> Tensor:
    """The weights ``(3,)`` of the features that make the discriminator's score V large.

    Args:
        real, fake: numbers ``(n,)``, float64, equally many.
        steps: uphill, from weights 0.
        lr: step size.
    """
    real, fake = features(real), features(fake)
    w = torch.zeros(3, dtype=torch.float64)
    for _ in range(steps):
        doubted, believed = 1 - torch.sigmoid(real @ w), torch.sigmoid(fake @ w)
        w = w + lr * (doubted @ real - believed @ fake) / len(real)
    return w
