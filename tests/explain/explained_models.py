"""Small models for the tests of explanations, with weights from a seed."""

import torch
from torch import nn


class Pooled(nn.Module):
    """Two convolutions, the mean over positions, one linear layer: images (N, 1, 12, 12) → logits (N, 3)."""

    def __init__(self, inplace: bool = False, flat: bool = False):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(inplace), nn.Conv2d(6, 8, 3, 2, 1), nn.ReLU(inplace)
        )
        self.head = (
            nn.Sequential(nn.Flatten(), nn.Linear(8 * 36, 3))
            if flat
            else nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3))
        )

    def forward(self, x):
        return self.head(self.body(x))


def pooled(seed: int = 0, **settings) -> Pooled:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Pooled(**settings).eval()


def images(n: int = 5, seed: int = 1) -> torch.Tensor:
    return 2 * torch.rand(n, 1, 12, 12, generator=torch.Generator().manual_seed(seed)) - 1
