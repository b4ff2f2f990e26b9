"""The three ways to train the same two networks that the benchmark compares, each in a process of its own.

game        ``course_lib.training.Game`` on resident images.
textbook    the loop of PyTorch's DCGAN tutorial, as a notebook writes it, on the same resident images.
dataloader  that same loop, fed by a ``DataLoader`` of ``torchvision.datasets.MNIST`` without worker processes.

All three: same networks, initial weights, batch, Adam settings, train mode, one thread. What differs, and is what
is measured: the textbook loop has separate backward passes for real and fake images, one discriminator pass for
each, Adam's default implementation, contiguous memory, a discriminator that also collects gradients in the
generator's step, three ``.item()`` for the print-out, and none of the library's allocator setting. The game also
keeps a running average of the generator, checks for divergence and derives its randomness so that it can be resumed,
which cost time. The loader of 32 × 32 images resizes (as tutorials do) where the others pad.

Run as a script (``contestants.py CASE WHO``) it reads a number of steps a line and answers with CPU and wall seconds.
"""

import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import torch
from torch import Tensor, nn, optim
from torch.utils.data import DataLoader

from course_lib.data import digits, load
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

LR, BETAS = 1e-3, (0.5, 0.9)
WHO = ("game", "textbook", "dataloader")


@dataclass(frozen=True)
class Case:
    """Two networks, their image size, their batch, and how many steps make about a quarter of a second."""

    title: str
    networks: Callable[[], tuple[nn.Module, nn.Module]]
    size: int
    batch: int
    steps: int


CASES = {
    "mlp-a1": Case("MLP 128-128-784 / 784-256-1", lambda: (MLPGenerator(), MLPDiscriminator()), 28, 64, 60),
    "mlp-a2": Case(
        "MLP 100-1024-1024-784 / 784-1024-512-1, dropout",
        lambda: (MLPGenerator(100, (1024, 1024)), MLPDiscriminator((1024, 512), dropout=0.3)),
        28,
        64,
        8,
    ),
    "dcgan-28": Case("DCGAN 28×28 (the course's)", lambda: (DCGenerator(), DCDiscriminator()), 28, 32, 6),
    "dcgan-32": Case("DCGAN 32×32", lambda: (DCGenerator(size=32), DCDiscriminator(size=32)), 32, 64, 2),
}


def textbook(
    generator: nn.Module,
    discriminator: nn.Module,
    batches: Iterator[Tensor],
    noise: Callable[[int], Tensor] | None = None,
) -> Iterator[tuple[float, float]]:
    """The tutorial's loop, a step for each ``next``; gives the losses it would print. ``noise`` is for tests."""
    criterion = nn.BCEWithLogitsLoss()
    optimizer_d = optim.Adam(discriminator.parameters(), lr=LR, betas=BETAS)
    optimizer_g = optim.Adam(generator.parameters(), lr=LR, betas=BETAS)
    noise = noise or (lambda n: torch.randn(n, generator.latent))
    for real in batches:
        # (1) Discriminator: maximise log(D(x)) + log(1 − D(G(z))).
        discriminator.zero_grad()
        label = torch.full((real.size(0),), 1.0)
        loss_real = criterion(discriminator(real).view(-1), label)
        loss_real.backward()
        fake = generator(noise(real.size(0)))
        label.fill_(0.0)
        loss_fake = criterion(discriminator(fake.detach()).view(-1), label)
        loss_fake.backward()
        d_loss = loss_real.item() + loss_fake.item()
        optimizer_d.step()
        # (2) Generator: maximise log(D(G(z))).
        generator.zero_grad()
        label.fill_(1.0)
        loss_g = criterion(discriminator(fake).view(-1), label)
        loss_g.backward()
        optimizer_g.step()
        yield d_loss, loss_g.item()


def contestant(case: Case, who: str, folder: Path) -> Iterator:
    """An endless training; each ``next`` is a step on ``case.batch`` images. ``folder`` takes the loader's files."""
    runtime = Runtime.auto(device="cpu")
    with runtime.seeded("weights"):
        generator, discriminator = case.networks()
    if who == "dataloader":
        return textbook(generator, discriminator, forever(torchvision_loader(case, folder)))
    data = load("digits", runtime)
    data = data.padded(case.size) if case.size > 28 else data
    if who == "textbook":
        return textbook(generator, discriminator, (images for images, _ in data.stream(case.batch, runtime)))
    game = Game(generator, discriminator, lr=LR, betas=BETAS, batch=case.batch)
    return iter(game.steps(data, 10**9, runtime))


def torchvision_loader(case: Case, folder: Path) -> DataLoader:
    """The shipped training digits laid out in ``folder`` as torchvision's MNIST, and a beginner's loader of it."""
    from torchvision import datasets, transforms

    pixels, labels = digits.read()
    rows = digits.split_rows(labels, "train")
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for part in ("train", "t10k"):
        head = struct.pack(">4I", 2051, len(rows), 28, 28)
        (raw / f"{part}-images-idx3-ubyte").write_bytes(head + pixels[rows].tobytes())
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(
            struct.pack(">2I", 2049, len(rows)) + labels[rows].astype("uint8").tobytes()
        )
    resize = [transforms.Resize(case.size)] if case.size > 28 else []
    transform = transforms.Compose([*resize, transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    return DataLoader(datasets.MNIST(str(folder), transform=transform), case.batch, shuffle=True, drop_last=True)


def forever(loader: DataLoader) -> Iterator[Tensor]:
    for once_more in repeat(loader):
        for images, _ in once_more:
            yield images


def answer(steps: Iterator) -> None:
    """Say "ready"; then for each number read, take so many steps and print their CPU and wall-clock seconds."""
    print("ready", flush=True)
    for line in sys.stdin:
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(int(line)):
            next(steps)
        print(time.process_time() - cpu, time.perf_counter() - wall, flush=True)


def main(name: str, who: str) -> None:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        steps = contestant(CASES[name], who, Path(folder))
        answer(steps)


if __name__ == "__main__":
    main(*sys.argv[1:])
