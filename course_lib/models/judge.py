"""The judge: a digit classifier good enough to measure generators with."""

from torch import Tensor, nn


class Judge(nn.Module):
    """Digits ``(N, 1, 28, 28)`` in [−1, 1] → logits ``(N, 10)``; ``features`` are its 128 penultimate numbers.

    Two 3×3 convolutions with batch norm and pooling, then one hidden layer. Fréchet distances are taken between
    its features, where two pictures of the same digit lie close.
    """

    def __init__(self, width: int = 32):
        super().__init__()

        def block(a: int, b: int) -> list[nn.Module]:
            return [nn.Conv2d(a, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2)]

        self.body = nn.Sequential(
            *block(1, width), *block(width, 2 * width), nn.Flatten(),
            nn.Linear(2 * width * 7 * 7, 128, bias=False), nn.BatchNorm1d(128), nn.ReLU(),
        )  # fmt: skip
        self.dropout = nn.Dropout(0.5)
        self.last = nn.Linear(128, 10)

    def features(self, x: Tensor) -> Tensor:
        return self.body(x)  # (N, 128), each ≥ 0

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.dropout(self.features(x)))  # (N, 10)
