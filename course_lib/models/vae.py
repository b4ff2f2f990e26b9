"""Variational autoencoders (Kingma and Welling 2014): fully connected, convolutional, and with a class given.

An encoder says where in the latent space an image may come from, q(z|x); a decoder says which images a latent vector
makes, p(x|z). Latents are standard normal, p(z) = N(0, I).
"""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from course_lib.errors import CourseError, one_of
from course_lib.models.conditional import checked_labels
from course_lib.models.dcgan import PLANS
from course_lib.models.likelihood import Bernoulli, Likelihood, to_zero_one

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh}


class VAE(nn.Module):
    """An encoder, a decoder and a likelihood.

    Called like a generator, it decodes: ``vae(z)`` are images in [−1, 1], so everything that measures or shows a
    generator takes a VAE too.

    Args:
        encoder: images ``(N, C, H, W)`` → features ``(N, width)``.
        width: how many features.
        decoder: latents, with the class appended, ``(N, latent + classes)`` → outputs ``(N, C, H, W)``.
        latent: numbers in a latent.
        likelihood: what the outputs mean (see ``course_lib.models.likelihood``); None: ``Bernoulli()``.
        classes: 0, or how many classes are given to both networks (Sohn, Lee and Yan 2015).
    """

    def __init__(
        self,
        encoder: nn.Module,
        width: int,
        decoder: nn.Module,
        latent: int,
        likelihood: Likelihood | None = None,
        classes: int = 0,
    ):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.posterior = nn.Linear(width + classes, 2 * latent)
        self.latent, self.classes, self.likelihood = latent, classes, likelihood or Bernoulli()

    def encode(self, images: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The encoder's q(z|x).

        Args:
            images: ``(N, C, H, W)`` in [−1, 1].
            labels: int64 ``(N,)``, for a VAE that is given classes.

        Returns:
            Mean and log variance, each ``(N, latent)``.
        """
        features = self.encoder(images)  # (N, width)
        if self.classes:
            features = torch.cat([features, self._given(labels, features)], 1)
        return self.posterior(features).chunk(2, 1)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Outputs ``(N, C, H, W)``: what the likelihood makes images of.

        Args:
            z: latents ``(N, latent)``.
            labels: int64 ``(N,)``, for a VAE that is given classes.
        """
        if self.classes:
            z = torch.cat([z, self._given(labels, z)], 1)
        return self.decoder(z)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Mean images ``(N, C, H, W)`` in [−1, 1].

        Args:
            z: latents ``(N, latent)``.
            labels: int64 ``(N,)``; without them a conditional VAE draws its classes in turn: 0, 1, 2, …
        """
        if self.classes and labels is None:
            labels = torch.arange(len(z), device=z.device) % self.classes
        return self.likelihood.mean(self.decode(z, labels))

    def reconstruct(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images ``(N, C, H, W)`` in [−1, 1] decoded from the means of q(z|x).

        Args:
            images: ``(N, C, H, W)`` in [−1, 1].
            labels: int64 ``(N,)``, for a VAE that is given classes.
        """
        return self.likelihood.mean(self.decode(self.encode(images, labels)[0], labels))

    @torch.no_grad()
    def init_output_bias(self, images: Tensor) -> None:
        """Let the decoder begin at the mean of ``images`` (its last layer's bias; Burda et al. 2016).

        Each pixel's mean, or each channel's where the last layer is a convolution, which has one bias a channel.

        Args:
            images: ``(N, C, H, W)`` in [−1, 1].
        """
        bias, mean = self.decoder.get_parameter("last.bias"), images.float().mean(0)  # (C, H, W)
        mean = mean.flatten() if bias.numel() == mean.numel() else mean.mean((1, 2))
        if isinstance(self.likelihood, Bernoulli):
            mean = to_zero_one(mean).clamp(1e-3, 1 - 1e-3).logit()
        bias.copy_(mean)

    def _given(self, labels: Tensor | None, like: Tensor) -> Tensor:
        if labels is None:
            raise CourseError(f"this VAE is given one of {self.classes} classes: pass the labels, int64 (N,).")
        return one_hot(checked_labels(labels, len(like), self.classes), self.classes).to(like)


class MLPVAE(VAE):
    """A fully connected VAE; article A2's is ``MLPVAE()``: 784-400-200-20-200-400-784.

    Burda et al. 2016 have ``MLPVAE(50, (200, 200), activation="tanh")``.

    Args:
        latent: numbers in a latent.
        hidden: widths of the encoder's hidden layers; the decoder has them in reverse.
        likelihood, classes: as for ``VAE``.
        activation: ``"relu"`` or ``"tanh"``.
        size: of the images in pixels.
        channels: of the images.

    Raises:
        CourseError: for an unknown activation.

    Example:
        >>> import torch
        >>> from course_lib.models import MLPVAE
        >>> mean, log_var = MLPVAE().encode(torch.zeros(4, 1, 28, 28))
        >>> mean.shape, log_var.shape
        (torch.Size([4, 20]), torch.Size([4, 20]))
    """

    def __init__(
        self,
        latent: int = 20,
        hidden: tuple[int, ...] = (400, 200),
        likelihood: Likelihood | None = None,
        classes: int = 0,
        activation: str = "relu",
        size: int = 28,
        channels: int = 1,
    ):
        Activation, shape = ACTIVATIONS[one_of("activation", activation, ACTIVATIONS)], (channels, size, size)
        pixels = math.prod(shape)

        up, down = (pixels, *hidden), (latent + classes, *reversed(hidden))

        def layers(widths: tuple[int, ...]) -> list[nn.Module]:
            return [part for a, b in pairwise(widths) for part in (nn.Linear(a, b), Activation())]

        encoder = nn.Sequential(nn.Flatten(), *layers(up))
        decoder = Decoder(nn.Sequential(*layers(down)), nn.Linear(down[-1], pixels), shape)
        super().__init__(encoder, up[-1], decoder, latent, likelihood, classes)


class ConvVAE(VAE):
    """A convolutional VAE: stride-2 convolutions down, one hidden layer, and the same way up.

    Args:
        latent: numbers in a latent.
        width: channels of the first convolution, doubled by each that follows; there are two at 28 pixels.
        likelihood, classes: as for ``VAE``.
        size: of the images in pixels, a key of ``dcgan.PLANS``.
        channels: of the images.
        hidden: width of the hidden layer.

    Raises:
        CourseError: for an unknown size.
    """

    def __init__(
        self,
        latent: int = 20,
        width: int = 16,
        likelihood: Likelihood | None = None,
        classes: int = 0,
        size: int = 28,
        channels: int = 1,
        hidden: int = 128,
    ):
        start, halvings = PLANS[one_of("size", size, PLANS)]
        maps = [channels, *(width * 2**i for i in range(halvings))]
        flat = maps[-1] * start * start
        downs = [part for a, b in pairwise(maps) for part in (nn.Conv2d(a, b, 4, 2, 1), nn.ReLU())]
        encoder = nn.Sequential(*downs, nn.Flatten(), nn.Linear(flat, hidden), nn.ReLU())
        body = [
            nn.Linear(latent + classes, hidden),
            nn.ReLU(),
            nn.Linear(hidden, flat),
            nn.ReLU(),
            nn.Unflatten(1, (maps[-1], start, start)),
        ]
        for a, b in pairwise(maps[:0:-1]):
            body += [nn.ConvTranspose2d(a, b, 4, 2, 1), nn.ReLU()]
        decoder = Decoder(nn.Sequential(*body), nn.ConvTranspose2d(maps[1], channels, 4, 2, 1), (channels, size, size))
        super().__init__(encoder, hidden, decoder, latent, likelihood, classes)


class Decoder(nn.Module):
    """Latents → outputs ``(N, C, H, W)``.

    Args:
        body: all layers but the last one.
        last: the layer whose bias is where the pixels begin.
        shape: of an output, (C, H, W).
    """

    def __init__(self, body: nn.Module, last: nn.Module, shape: tuple[int, int, int]):
        super().__init__()
        self.body, self.last, self.shape = body, last, shape

    def forward(self, z: Tensor) -> Tensor:
        """Outputs ``(N, C, H, W)``.

        Args:
            z: latents, with the class appended, ``(N, latent + classes)``.
        """
        return self.last(self.body(z)).view(-1, *self.shape)  # (N, C, H, W)
