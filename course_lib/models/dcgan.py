"""Convolutional generator and discriminator after DCGAN (Radford, Metz, Chintala 2016), as article A5 trains them."""

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from course_lib.errors import one_of
from course_lib.models.mlp import dcgan_init

# Size of the picture → (size of the first feature map, how often it is doubled): the picture's side, halved while that
# leaves a whole number of at least 4.
PLANS = {
    28: (7, 2),
    32: (4, 3),
    36: (9, 2),
    40: (5, 3),
    44: (11, 2),
    48: (6, 3),
    52: (13, 2),
    56: (7, 3),
    60: (15, 2),
    64: (4, 4),
}
NORMS = ("batch", "spectral", None)
HEADS = ("flat", "pool")


class DCGenerator(nn.Module):
    """Latent vectors ``(N, latent)`` → images ``(N, channels, size, size)`` in (−1, 1).

    One linear layer makes a small map with many channels; each transposed convolution (4×4, stride 2) doubles
    its side and halves its channels. Batch norm and ReLU between, tanh last.

    Args:
        latent: numbers in a latent.
        width: channels of the last and largest map.
        size: of the images in pixels, a key of ``PLANS``.
        channels: of the images, 1 or 3.

    Attributes:
        settings: what it was made with, by the names of the arguments.

    Raises:
        CourseError: for an unknown size.

    Example:
        >>> import torch
        >>> from course_lib.models import DCGenerator
        >>> DCGenerator(latent=64, size=32, channels=3)(torch.randn(2, 64)).shape
        torch.Size([2, 3, 32, 32])
    """

    def __init__(self, latent: int = 64, width: int = 32, size: int = 28, channels: int = 1):
        super().__init__()
        one_of("size", size, PLANS)
        start, doublings = PLANS[size]
        self.latent, self.shape = latent, (channels, size, size)
        self.settings = {"latent": latent, "width": width, "size": size, "channels": channels}
        many = width * 2**doublings
        self.first = nn.Sequential(
            nn.Linear(latent, many * start * start, bias=False),
            nn.Unflatten(1, (many, start, start)),
            nn.BatchNorm2d(many),
            nn.ReLU(),
        )
        ups = []
        for i in range(doublings):
            c = many // 2**i
            ups += [nn.ConvTranspose2d(c, c // 2, 4, 2, 1, bias=False), nn.BatchNorm2d(c // 2), nn.ReLU()]
        self.ups = nn.Sequential(*ups)
        self.last = nn.Sequential(nn.Conv2d(width, channels, 3, 1, 1), nn.Tanh())
        dcgan_init(self)

    def forward(self, z: Tensor) -> Tensor:
        """Images ``(N, channels, size, size)`` in (−1, 1).

        Args:
            z: latents ``(N, latent)``.
        """
        x = self.first(z)  # (N, many, start, start)
        x = self.ups(x)  # (N, width, size, size)
        return self.last(x)  # (N, channels, size, size)


class DCDiscriminator(nn.Module):
    """Images ``(N, channels, size, size)`` in [−1, 1] → logits ``(N, 1)``.

    Args:
        width: channels of the first and largest map.
        norm: ``"batch"`` (not in the first layer, as in DCGAN), ``"spectral"`` (Miyato et al. 2018) or None.
        head: ``"flat"`` reads every position with its own weight; ``"pool"`` averages over positions first (what
            Grad-CAM needs).
        size: of the images in pixels, a key of ``PLANS``.
        channels: of the images, 1 or 3.

    Attributes:
        settings: what it was made with, by the names of the arguments.

    Raises:
        CourseError: for an unknown size, norm or head.
    """

    def __init__(
        self, width: int = 32, norm: str | None = "batch", head: str = "flat", size: int = 28, channels: int = 1
    ):
        super().__init__()
        one_of("size", size, PLANS)
        one_of("norm", norm, NORMS)
        one_of("head", head, HEADS)
        self.settings = {"width": width, "norm": norm, "head": head, "size": size, "channels": channels}
        start, halvings = PLANS[size]
        spectral = spectral_norm if norm == "spectral" else lambda layer: layer
        downs: list[nn.Module] = []
        c = channels
        for i in range(halvings):
            out = width * 2**i
            use_batch = norm == "batch" and i > 0
            downs.append(spectral(nn.Conv2d(c, out, 4, 2, 1, bias=not use_batch)))
            downs += [nn.BatchNorm2d(out)] * use_batch + [nn.LeakyReLU(0.2)]
            c = out
        self.downs = nn.Sequential(*downs)
        if head == "flat":
            self.head = nn.Sequential(nn.Flatten(), spectral(nn.Linear(c * start * start, 1)))
        else:
            self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), spectral(nn.Linear(c, 1)))
        if norm != "spectral":
            dcgan_init(self)

    def features(self, x: Tensor) -> Tensor:
        """What the last layer reads: ``(N, c·start·start)``, or ``(N, c)`` with a pooled head.

        Args:
            x: images ``(N, channels, size, size)`` in [−1, 1].
        """
        return self.head[:-1](self.downs(x))  # (N, c·start·start), or (N, c) with a pooled head

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(N, 1)``.

        Args:
            x: images ``(N, channels, size, size)`` in [−1, 1].
        """
        x = self.downs(x)  # (N, c, start, start)
        return self.head(x)  # (N, 1)
