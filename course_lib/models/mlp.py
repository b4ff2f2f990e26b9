"""Fully connected generator and discriminator: the networks of A1 and A2."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from course_lib.errors import one_of

OUTPUTS = {"tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


class MLPGenerator(nn.Module):
    """Latent vectors ``(N, latent)`` → images ``(N, channels, size, size)`` in [−1, 1].

    A1 is ``MLPGenerator(128, (128,), output="sigmoid")``; A2 is ``MLPGenerator(100, (1024, 1024))``.
    With ``output="sigmoid"`` the network's (0, 1) is mapped to (−1, 1), the course's range everywhere.
    """

    def __init__(
        self,
        latent: int = 128,
        hidden: tuple[int, ...] = (128,),
        size: int = 28,
        channels: int = 1,
        output: str = "tanh",
        slope: float = 0.0,
    ):
        super().__init__()
        one_of("output", output, OUTPUTS)
        self.latent, self.shape, self.output = latent, (channels, size, size), output
        widths = (latent, *hidden)
        layers = []
        for a, b in pairwise(widths):
            layers += [nn.Linear(a, b), nn.LeakyReLU(slope) if slope else nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.last = nn.Sequential(nn.Linear(widths[-1], math.prod(self.shape)), OUTPUTS[output]())

    def forward(self, z: Tensor) -> Tensor:
        x = self.last(self.body(z))  # (N, channels·size·size)
        x = x.view(-1, *self.shape)  # (N, channels, size, size)
        return 2 * x - 1 if self.output == "sigmoid" else x


class MLPDiscriminator(nn.Module):
    """Images ``(N, channels, size, size)`` in [−1, 1] → logits ``(N, 1)``; σ(logit) is the probability of "real".

    A2 is ``MLPDiscriminator((1024, 512), dropout=0.3)``.
    """

    def __init__(self, hidden: tuple[int, ...] = (256,), dropout: float = 0.0, size: int = 28, channels: int = 1):
        super().__init__()
        widths = (channels * size * size, *hidden)
        layers: list[nn.Module] = [nn.Flatten()]
        for a, b in pairwise(widths):
            layers += [nn.Linear(a, b), nn.LeakyReLU(0.2)]
            if dropout:
                layers.append(nn.Dropout(dropout))
        self.body = nn.Sequential(*layers, nn.Linear(widths[-1], 1))

    def features(self, x: Tensor) -> Tensor:
        return self.body[:-1](x)  # (N, last hidden)

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)  # (N, 1)


def count_parameters(module: nn.Module) -> int:
    """How many numbers training may change."""
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


def has_batch_statistics(module: nn.Module) -> bool:
    """Whether one example's output depends on the others of its batch: batch norm in train mode, minibatch layers."""
    return any(
        isinstance(m, nn.modules.batchnorm._BatchNorm) or getattr(m, "mixes_batch", False) for m in module.modules()
    )


def is_convolutional(module: nn.Module) -> bool:
    """Whether any weight is a 4-d kernel, for which the channels-last memory layout pays."""
    return any(p.ndim == 4 for p in module.parameters())


def dcgan_init(module: nn.Module, std: float = 0.02) -> None:
    """Weights N(0, 0.02²), batch-norm gains N(1, 0.02²): Radford, Metz, Chintala 2016, section 4."""
    for m in module.modules():
        if isinstance(m, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(m.weight, 0.0, std)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
        elif isinstance(m, nn.modules.batchnorm._BatchNorm):
            with torch.no_grad():
                m.weight.normal_(1.0, std)
                m.bias.zero_()
