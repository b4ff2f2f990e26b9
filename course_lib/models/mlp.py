"""Fully connected generator and discriminator, as articles A1 and A2 have them; and what is asked of any network."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from course_lib.errors import one_of

OUTPUTS = {"tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


class MLPGenerator(nn.Module):
    """Latent vectors ``(N, latent)`` → images ``(N, channels, size, size)`` in [−1, 1].

    Article A1's is ``MLPGenerator(128, (128,), output="sigmoid")``, A2's ``MLPGenerator(100, (1024, 1024))``.

    Args:
        latent: numbers in a latent.
        hidden: widths of the hidden layers.
        size: of the images in pixels.
        channels: of the images.
        output: ``"tanh"`` or ``"sigmoid"``, whose (0, 1) is mapped to (−1, 1), the course's range everywhere.
        slope: of the leaky ReLU below 0; 0: a plain ReLU.

    Raises:
        CourseError: for an unknown output.

    Example:
        >>> from course_lib.models import MLPGenerator, count_parameters
        >>> count_parameters(MLPGenerator(128, (128,), output="sigmoid"))  # 128·128 + 128 + 128·784 + 784
        117648
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
        """Images ``(N, channels, size, size)`` in [−1, 1].

        Args:
            z: latents ``(N, latent)``.
        """
        x = self.last(self.body(z))  # (N, channels·size·size)
        x = x.view(-1, *self.shape)  # (N, channels, size, size)
        return 2 * x - 1 if self.output == "sigmoid" else x


class MLPDiscriminator(nn.Module):
    """Images ``(N, channels, size, size)`` in [−1, 1] → logits ``(N, 1)``; σ(logit) is the probability of "real".

    Article A2's is ``MLPDiscriminator((1024, 512), dropout=0.3)``.

    Args:
        hidden: widths of the hidden layers.
        dropout: share of each hidden layer that is left out in training, in [0, 1).
        size: of the images in pixels.
        channels: of the images.
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
        """What the last layer reads, ``(N, last hidden)``.

        Args:
            x: images ``(N, channels, size, size)`` in [−1, 1].
        """
        return self.body[:-1](x)  # (N, last hidden)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(N, 1)``.

        Args:
            x: images ``(N, channels, size, size)`` in [−1, 1].
        """
        return self.body(x)  # (N, 1)


def count_parameters(module: nn.Module) -> int:
    """How many numbers training may change.

    Args:
        module: any; frozen weights do not count.
    """
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


def has_batch_statistics(module: nn.Module) -> bool:
    """Whether one example's output depends on the others of its batch: batch norm in train mode, minibatch layers.

    Args:
        module: any.
    """
    return any(
        isinstance(m, nn.modules.batchnorm._BatchNorm) or getattr(m, "mixes_batch", False) for m in module.modules()
    )


def is_convolutional(module: nn.Module) -> bool:
    """Whether any weight is a 4-d kernel, for which the channels-last memory layout pays.

    Args:
        module: any.
    """
    return any(p.ndim == 4 for p in module.parameters())


def dcgan_init(module: nn.Module, std: float = 0.02) -> None:
    """Draw weights from N(0, 0.02²), batch-norm gains from N(1, 0.02²): Radford, Metz, Chintala 2016, section 4.

    Args:
        module: whose convolutions, linear layers and batch norms get them; biases become 0.
        std: another standard deviation.
    """
    for m in module.modules():
        if isinstance(m, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(m.weight, 0.0, std)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
        elif isinstance(m, nn.modules.batchnorm._BatchNorm):
            with torch.no_grad():
                m.weight.normal_(1.0, std)
                m.bias.zero_()
