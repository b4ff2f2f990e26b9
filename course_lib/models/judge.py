"""The judge: a classifier good enough to measure generators with; the zoo has one for digits."""

from torch import Tensor, nn

from course_lib.errors import one_of
from course_lib.models.dcgan import PLANS


class Judge(nn.Module):
    """Images ``(N, channels, size, size)`` in [−1, 1] → logits ``(N, classes)``.

    Two 3×3 convolutions with batch norm and pooling, then one hidden layer. Fréchet distances are taken between
    its features, where two pictures of the same class lie close. ``shape``: of the images, (channels, size, size).

    Args:
        width: maps of the first convolution; the second has twice as many.
        classes: how many.
        size: of the images in pixels, a key of ``dcgan.PLANS``.
        channels: of the images, 1 or 3.

    Raises:
        CourseError: for an unknown size.
    """

    def __init__(self, width: int = 32, classes: int = 10, size: int = 28, channels: int = 1):
        super().__init__()
        one_of("size", size, PLANS)
        self.shape = (channels, size, size)

        def block(a: int, b: int) -> list[nn.Module]:
            return [nn.Conv2d(a, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2)]

        self.body = nn.Sequential(
            *block(channels, width),
            *block(width, 2 * width),
            nn.Flatten(),
            nn.Linear(2 * width * (size // 4) ** 2, 128, bias=False),
            nn.BatchNorm1d(128),
            nn.ReLU(),
        )
        self.dropout = nn.Dropout(0.5)
        self.last = nn.Linear(128, classes)

    def features(self, x: Tensor) -> Tensor:
        """The 128 penultimate numbers, ``(N, 128)``, each at least 0.

        Args:
            x: images ``(N, channels, size, size)`` in [−1, 1].
        """
        return self.body(x)  # (N, 128), each ≥ 0

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(N, classes)``.

        Args:
            x: images ``(N, channels, size, size)`` in [−1, 1].
        """
        return self.last(self.dropout(self.features(x)))  # (N, classes)
