"""A small digit classifier: the network that chapters 07 and 10 explain."""

from torch import Tensor, nn

from course_lib.errors import one_of
from course_lib.models.dcgan import HEADS, PLANS


class DigitCNN(nn.Module):
    """Images ``(N, channels, size, size)`` in [−1, 1] → logits ``(N, classes)``.

    Two 3×3 convolutions of 32 and 64 maps, each with ReLU and 2×2 max pooling, then one linear layer: the classifier of
    article A3.

    Every layer is a module of its own, used once and not in place, because that is what explanations hook. "body.4" is
    the second convolution's ReLU, maps ``(N, 2·width, size/2, size/2)``; "body.5" the same, pooled to size/4.

    Args:
        classes: how many.
        head: ``"flat"`` (the article's) reads every position with its own weight; ``"pool"`` averages over positions
            first.
        width: maps of the first convolution; the second has twice as many.
        channels: of the images, 1 or 3.
        size: of the images, a key of ``dcgan.PLANS``.

    Raises:
        CourseError: for an unknown head or size.

    Example:
        >>> import torch
        >>> from course_lib.models import DigitCNN
        >>> DigitCNN()(torch.zeros(5, 1, 28, 28)).shape
        torch.Size([5, 10])
    """

    def __init__(self, classes: int = 10, head: str = "flat", width: int = 32, channels: int = 1, size: int = 28):
        super().__init__()
        one_of("head", head, HEADS)
        one_of("size", size, PLANS)
        self.body = nn.Sequential(
            nn.Conv2d(channels, width, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),  # (N, width, size/2, size/2)
            nn.Conv2d(width, 2 * width, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),  # (N, 2·width, size/4, size/4)
        )
        flat = 2 * width * (size // 4) ** 2
        self.head = (
            nn.Sequential(nn.Flatten(), nn.Linear(flat, classes))
            if head == "flat"
            else (nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2 * width, classes)))
        )

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(N, classes)``.

        Args:
            x: images ``(N, channels, size, size)`` in [−1, 1].
        """
        return self.head(self.body(x))  # (N, classes)
