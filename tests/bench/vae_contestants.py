"""Two ways to train A2's VAE that the benchmark compares, and what no way can save, each in a process of its own.

trainer   ``course_lib.training.VAETrainer`` on ``MLPVAE()`` and resident images.
textbook  PyTorch's VAE example as notebooks have it: PIL images through ``ToTensor`` and a ``DataLoader`` without
          worker processes, a sigmoid at the end, ``binary_cross_entropy`` summed, Adam's default implementation,
          ``.item()``.
products  only the 17 matrix products that a step of these layers needs (forwards, and both gradients backwards):
          no training in float32 can be faster.

The first two: the shipped 4,000 training digits, the same layers, batch, step size, train mode, one thread. The trainer
also records every term, checks for divergence and derives its randomness so that it can be resumed, which cost time.

Run as a script (``vae_contestants.py CASE WHO``) it reads a number of steps a line and answers with CPU and wall
seconds; there is one case, ``a2``.
"""

import sys
from collections.abc import Callable, Iterator
from itertools import repeat

import torch
from contestants import answer
from PIL import Image
from torch import Tensor, nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from course_lib.data import digits, load
from course_lib.models import MLPVAE
from course_lib.runtime import Runtime
from course_lib.training import VAETrainer

LR, BATCH, STEPS = 1e-3, 64, 62  # 62 steps of 64 are an epoch of 4,000 digits
WHO = ("trainer", "textbook", "products")
LAYERS = [(784, 400), (400, 200), (200, 40), (20, 200), (200, 400), (400, 784)]


class Digits(Dataset):
    """The shipped training digits as torchvision's MNIST gives them: a PIL image, transformed when it is asked for."""

    def __init__(self, transform: Callable):
        pixels, labels = digits.read()
        rows = digits.split_rows(labels, "train")
        self.data, self.targets, self.transform = torch.from_numpy(pixels[rows].copy()), labels[rows], transform

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int):
        image = Image.fromarray(self.data[index].reshape(28, 28).numpy())
        return self.transform(image), int(self.targets[index])


class TextbookVAE(nn.Module):
    """784-400-200-20-200-400-784, sigmoid at the end."""

    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(784, 400), nn.Linear(400, 200)
        self.fc_mu, self.fc_logvar = nn.Linear(200, 20), nn.Linear(200, 20)
        self.fc3, self.fc4, self.fc5 = nn.Linear(20, 200), nn.Linear(200, 400), nn.Linear(400, 784)

    def forward(self, x: Tensor, noise: Tensor | None = None):
        h = F.relu(self.fc2(F.relu(self.fc1(x.view(-1, 784)))))
        mu, logvar = self.fc_mu(h), self.fc_logvar(h)
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std) if noise is None else noise
        h = F.relu(self.fc4(F.relu(self.fc3(mu + eps * std))))
        return torch.sigmoid(self.fc5(h)), mu, logvar

    @torch.no_grad()
    def copy_from(self, vae: MLPVAE) -> None:
        """The same weights as the course's, for the test that the race is fair."""
        theirs = [m for m in vae.modules() if isinstance(m, nn.Linear)]
        encoder, head, decoder = theirs[:2], vae.posterior, [m for m in theirs if m is not vae.posterior][2:]
        ours = [self.fc1, self.fc2, self.fc3, self.fc4, self.fc5]
        for a, b in zip(ours, [*encoder, *decoder], strict=True):
            a.weight.copy_(b.weight), a.bias.copy_(b.bias)
        for part, rows in ((self.fc_mu, slice(20)), (self.fc_logvar, slice(20, 40))):
            part.weight.copy_(head.weight[rows]), part.bias.copy_(head.bias[rows])


def textbook(
    model: TextbookVAE, batches: Iterator[Tensor], noise: Callable[[int], Tensor] = lambda n: None
) -> Iterator[float]:
    """The example's loop, a step for each ``next``; gives the loss an image it would print. ``noise`` is for tests."""
    optimizer = optim.Adam(model.parameters(), lr=LR)
    model.train()
    for x in batches:
        optimizer.zero_grad()
        recon, mu, logvar = model(x, noise(len(x)))
        bce = F.binary_cross_entropy(recon, x.view(-1, 784), reduction="sum")
        kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
        loss = bce + kld
        loss.backward()
        optimizer.step()
        yield loss.item() / len(x)


def products() -> Iterator[None]:
    """The matrix products of one step for each ``next``; the first layer needs no gradient of its input."""
    parts = [(torch.randn(BATCH, a), torch.randn(b, a), torch.randn(BATCH, b)) for a, b in LAYERS]
    while True:
        for number, (x, weight, slope) in enumerate(parts):
            x @ weight.T, slope.T @ x, slope @ weight if number else None
        yield


def contestant(who: str) -> Iterator:
    """An endless training; each ``next`` is a step on ``BATCH`` images."""
    if who == "products":
        return products()
    runtime = Runtime.auto(device="cpu")
    if who == "textbook":
        from torchvision.transforms import ToTensor

        loader = DataLoader(Digits(ToTensor()), BATCH, shuffle=True, drop_last=True, num_workers=0)
        return textbook(TextbookVAE(), (images for once_more in repeat(loader) for images, _ in once_more))
    with runtime.seeded("weights"):
        trainer = VAETrainer(MLPVAE(), lr=LR, batch=BATCH)
    return iter(trainer.steps(load("digits", runtime), 10**9, runtime))


def main(case: str, who: str) -> None:
    torch.set_num_threads(1)
    answer(contestant(who))


if __name__ == "__main__":
    main(*sys.argv[1:])
