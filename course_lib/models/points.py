"""Small networks for points in the plane (or on the line): what the toy mixtures are learned with."""

from collections.abc import Callable
from itertools import pairwise

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from course_lib.errors import one_of
from course_lib.models.minibatch import MinibatchDiscrimination, MinibatchStddev

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {"relu": nn.ReLU, "leaky": lambda: nn.LeakyReLU(0.2), "tanh": nn.Tanh}
NORMS = (None, "batch", "spectral")
MINIBATCH = (None, "discrimination", "stddev")


class PointGenerator(nn.Module):
    """Latents ``(N, latent)`` → points ``(N, dim)``.

    Args:
        latent: numbers in a latent.
        hidden: widths of the hidden layers.
        activation: ``"relu"``, ``"leaky"`` or ``"tanh"``.
        norm: ``"batch"`` or None.
        dim: coordinates of a point.
        scale: the output is multiplied by it; set it to the size of the data, because a fresh network's outputs are of
            size 1.

    Raises:
        CourseError: for an unknown activation or norm.
    """

    def __init__(
        self,
        latent: int = 2,
        hidden: tuple[int, ...] = (128, 128, 128),
        activation: str = "relu",
        norm: str | None = None,
        dim: int = 2,
        scale: float = 1.0,
    ):
        super().__init__()
        one_of("activation", activation, ACTIVATIONS)
        one_of("norm", norm, (None, "batch"))
        self.latent, self.scale = latent, scale
        layers: list[nn.Module] = []
        for a, b in pairwise((latent, *hidden)):
            layers += [nn.Linear(a, b), *[nn.BatchNorm1d(b)] * (norm == "batch"), ACTIVATIONS[activation]()]
        self.body = nn.Sequential(*layers, nn.Linear((latent, *hidden)[-1], dim))

    def forward(self, z: Tensor) -> Tensor:
        """Points ``(N, dim)``.

        Args:
            z: latents ``(N, latent)``.
        """
        return self.scale * self.body(z)  # (N, dim)


class PointDiscriminator(nn.Module):
    """Points ``(N, dim)`` → logits ``(N, 1)``; with ``pack``, packs of points ``(N, pack·dim)`` → ``(N, 1)``.

    Args:
        hidden: widths of the hidden layers.
        activation: ``"relu"``, ``"leaky"`` or ``"tanh"``.
        norm: ``"batch"``, ``"spectral"`` or None.
        minibatch: ``"discrimination"``, ``"stddev"`` or None, before the last layer.
        pack: points that are judged together (PacGAN, Lin et al. 2018).
        dim: coordinates of a point.
        scale: the input is divided by it.

    Raises:
        CourseError: for an unknown activation, norm or minibatch layer.
    """

    def __init__(
        self,
        hidden: tuple[int, ...] = (128, 128, 128),
        activation: str = "leaky",
        norm: str | None = None,
        minibatch: str | None = None,
        pack: int = 1,
        dim: int = 2,
        scale: float = 1.0,
    ):
        super().__init__()
        one_of("activation", activation, ACTIVATIONS)
        one_of("norm", norm, NORMS)
        one_of("minibatch", minibatch, MINIBATCH)
        spectral = spectral_norm if norm == "spectral" else lambda layer: layer
        self.scale = scale
        layers: list[nn.Module] = []
        for a, b in pairwise((pack * dim, *hidden)):
            layers += [spectral(nn.Linear(a, b)), *[nn.BatchNorm1d(b)] * (norm == "batch"), ACTIVATIONS[activation]()]
        last = (pack * dim, *hidden)[-1]
        if minibatch == "discrimination":
            mixing = MinibatchDiscrimination(last)
            layers.append(mixing)
            last += mixing.kernels
        elif minibatch == "stddev":
            layers.append(MinibatchStddev())
            last += 1
        self.body, self.head = nn.Sequential(*layers), spectral(nn.Linear(last, 1))

    def features(self, x: Tensor) -> Tensor:
        """What the last layer reads, ``(N, last hidden)`` or somewhat wider with a minibatch layer.

        Args:
            x: points ``(N, pack·dim)``.
        """
        return self.body(x / self.scale)  # (N, last hidden)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(N, 1)``.

        Args:
            x: points ``(N, pack·dim)``.
        """
        return self.head(self.features(x))  # (N, 1)
