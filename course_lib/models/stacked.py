"""The networks of the small-discriminator test on stacked digits (Metz et al. 2017, section 3.3.1).

PacGAN's (Lin et al. 2018, table 3), with the layers and the initialisation of its authors' published code.
The discriminator is made small on purpose: too weak to notice that modes are missing, unless something helps it.
"""

from itertools import pairwise

from torch import Tensor, nn

from course_lib.errors import check_whole_number
from course_lib.models.mlp import dcgan_init


class StackedGenerator(nn.Module):
    """Latents ``(N, latent)`` → stacks ``(N, 3, 28, 28)`` in (−1, 1).

    4 → 7 → 14 → 28 pixels by 3×3 transposed convolutions with 32, 16 and 8 channels.

    Args:
        latent: numbers in a latent; the papers' 256.
    """

    def __init__(self, latent: int = 256):
        super().__init__()
        self.latent = latent
        self.first = nn.Sequential(
            nn.Linear(latent, 64 * 4 * 4), nn.Unflatten(1, (64, 4, 4)), nn.BatchNorm2d(64), nn.ReLU()
        )
        ups: list[nn.Module] = []
        for (a, b), extra in zip(pairwise((64, 32, 16, 8)), (0, 1, 1), strict=True):  # 4·2 − 1 = 7, then doubled
            ups += [nn.ConvTranspose2d(a, b, 3, 2, 1, output_padding=extra), nn.BatchNorm2d(b), nn.ReLU()]
        self.ups = nn.Sequential(*ups)
        self.last = nn.Sequential(nn.Conv2d(8, 3, 3, 1, 1), nn.Tanh())
        dcgan_init(self)

    def forward(self, z: Tensor) -> Tensor:
        """Stacks ``(N, 3, 28, 28)`` in (−1, 1).

        Args:
            z: latents ``(N, latent)``.
        """
        x = self.first(z)  # (N, 64, 4, 4)
        x = self.ups(x)  # (N, 8, 28, 28)
        return self.last(x)  # (N, 3, 28, 28)


class StackedDiscriminator(nn.Module):
    """Stacks ``(N, 3, 28, 28)`` → logits ``(N, 1)``; with ``pack``, packs of stacks ``(N, 3·pack, 28, 28)``.

    Args:
        width: channels of the first of three 3×3 convolutions, each twice as wide as the one before; 4 is the papers'
            "½ of G", 2 their "¼ of G".
        pack: stacks that are judged together.

    Raises:
        CourseError: for numbers that are not whole and above 0.
    """

    def __init__(self, width: int = 4, pack: int = 1):
        super().__init__()
        for name, value in (("width", width), ("pack", pack)):
            check_whole_number(name, value)
        layers: list[nn.Module] = []
        for a, b in pairwise((3 * pack, width, 2 * width, 4 * width)):
            layers += [nn.Conv2d(a, b, 3, 2, 1), nn.BatchNorm2d(b), nn.LeakyReLU(0.3)]
        self.body, self.head = nn.Sequential(*layers, nn.Flatten()), nn.Linear(4 * width * 4 * 4, 1)
        dcgan_init(self)

    def features(self, x: Tensor) -> Tensor:
        """What the last layer reads, ``(N, 4·width·4·4)``.

        Args:
            x: stacks ``(N, 3·pack, 28, 28)`` in [−1, 1].
        """
        return self.body(x)  # (N, 4·width·4·4)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(N, 1)``.

        Args:
            x: stacks ``(N, 3·pack, 28, 28)`` in [−1, 1].
        """
        return self.head(self.features(x))  # (N, 1)
