"""Three recipes for digits: the course's, and two tutorials' written anew as they stand, but for the digits.

The tutorials' networks, initial weights, losses, orders of steps and settings are theirs. All three get the same 4,000
digits from memory (theirs on a black border, 32 × 32; no loader, which would cost them time), and one thread. The
tutorial of PyTorch draws 64 × 64 pixels in colour; for 32 × 32 in grey its last doubling is left out, which makes a
step several times as cheap.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn, optim

from course_lib.chapters.ch14_scale_up.speed_ways import stepper
from course_lib.data import load
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

BORDER = 2  # pixels of a 32 × 32 picture that are no digit's
LR, BETAS = 2e-4, (0.5, 0.999)  # both tutorials'
Draw = Callable[[int, torch.Generator], Tensor]  # pictures (n, 1, 28, 28), from these random numbers


@dataclass(frozen=True)
class Trained:
    """A recipe at work.

    Attributes:
        step: trains a step.
        draw: pictures of the generator as it is, drawn in the way its recipe draws them.
    """

    step: Callable[[], object]
    draw: Draw


def of_the_course(runtime: Runtime) -> Trained:
    """The course's DCGAN and its settings, as the zoo's was trained.

    Args:
        runtime: seed and device.

    Returns:
        The recipe at its first step.
    """
    with runtime.seeded("weights"):
        game = Game(DCGenerator(), DCDiscriminator())

    def draw(n: int, g: torch.Generator) -> Tensor:
        with torch.no_grad():
            return torch.cat([game.ema.module(torch.randn(250, 64, generator=g)) for _ in range(n // 250)])

    return Trained(stepper(game, runtime), draw)


class TutorialGenerator(nn.Sequential):
    """PyTorch's DCGAN tutorial (N. Inkawhich, after Radford and others), one doubling fewer: 32 × 32, grey.

    Args:
        latent: numbers in a latent.
        width: channels of the largest map.
    """

    def __init__(self, latent: int = 100, width: int = 64):
        up, sizes = nn.ConvTranspose2d, (4 * width, 2 * width, width)
        layers: list[nn.Module] = [up(latent, sizes[0], 4, 1, 0, bias=False), nn.BatchNorm2d(sizes[0]), nn.ReLU(True)]
        for wide, narrow in pairwise(sizes):
            layers += [up(wide, narrow, 4, 2, 1, bias=False), nn.BatchNorm2d(narrow), nn.ReLU(True)]
        super().__init__(*layers, up(width, 1, 4, 2, 1, bias=False), nn.Tanh())


class TutorialDiscriminator(nn.Sequential):
    """The same tutorial's, a probability at the end.

    Args:
        width: channels of the largest map.
    """

    def __init__(self, width: int = 64):
        layers: list[nn.Module] = [nn.Conv2d(1, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
        for narrow, wide in ((width, 2 * width), (2 * width, 4 * width)):
            layers += [nn.Conv2d(narrow, wide, 4, 2, 1, bias=False), nn.BatchNorm2d(wide), nn.LeakyReLU(0.2, True)]
        super().__init__(*layers, nn.Conv2d(4 * width, 1, 4, 1, 0, bias=False), nn.Sigmoid(), nn.Flatten(0))


def of_the_tutorial(runtime: Runtime) -> Trained:
    """PyTorch's DCGAN tutorial: batch norm in both, weights N(0, 0.02), batch 128, Adam 0.0002.

    Args:
        runtime: seed and device.

    Returns:
        The recipe at its first step.
    """
    with runtime.seeded("weights"):
        g, d = TutorialGenerator(), TutorialDiscriminator()
        for network in (g, d):
            small_weights(network)
    says, size = nn.BCELoss(), 128
    adam_d, adam_g = (optim.Adam(net.parameters(), lr=LR, betas=BETAS) for net in (d, g))
    latents = runtime.stream("latents")

    def steps() -> Iterator[None]:
        for real, _ in load("digits", runtime).padded(32).stream(size, runtime):
            d.zero_grad()
            label = torch.full((size,), 1.0)
            loss = says(d(real), label)
            loss.backward()
            fake = g(torch.randn(size, 100, 1, 1, generator=latents))
            label.fill_(0.0)
            loss = says(d(fake.detach()), label)
            loss.backward()
            adam_d.step()
            g.zero_grad()
            label.fill_(1.0)
            says(d(fake), label).backward()
            adam_g.step()
            yield

    endless = steps()
    return Trained(lambda: next(endless), _drawing(g, lambda n, gen: torch.randn(n, 100, 1, 1, generator=gen), size))


def small_weights(network: nn.Module) -> None:
    """Initial weights of DCGAN: convolutions N(0, 0.02), batch norm's factors N(1, 0.02).

    Args:
        network: changed in place; its linear layers stay as they are, as both tutorials leave them.
    """
    for part in network.modules():
        if isinstance(part, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(part.weight, 0.0, 0.02)
        elif isinstance(part, nn.BatchNorm2d):
            nn.init.normal_(part.weight, 1.0, 0.02)
            nn.init.zeros_(part.bias)


class CollectionGenerator(nn.Module):
    """The DCGAN of the collection PyTorch-GAN (E. Linder-Norén): a linear layer, then twice enlarge and convolve."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(100, 128 * 8 * 8)
        layers: list[nn.Module] = [nn.BatchNorm2d(128)]
        for before, after in ((128, 128), (128, 64)):  # 0.8 stands in the place of batch norm's small number ε
            conv = nn.Conv2d(before, after, 3, stride=1, padding=1)
            layers += [nn.Upsample(scale_factor=2), conv, nn.BatchNorm2d(after, 0.8), nn.LeakyReLU(0.2, inplace=True)]
        self.body = nn.Sequential(*layers, nn.Conv2d(64, 1, 3, stride=1, padding=1), nn.Tanh())

    def forward(self, z: Tensor) -> Tensor:
        """Pictures ``(N, 1, 32, 32)``.

        Args:
            z: latents ``(N, 100)``.
        """
        return self.body(self.first(z).view(-1, 128, 8, 8))


class CollectionDiscriminator(nn.Module):
    """The same collection's: four convolutions of stride 2 with dropout, a probability at the end."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in ((1, 16), (16, 32), (32, 64), (64, 128)):
            layers += [nn.Conv2d(before, after, 3, 2, 1), nn.LeakyReLU(0.2, inplace=True), nn.Dropout2d(0.25)]
            layers += [nn.BatchNorm2d(after, 0.8)] * (before > 1)
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(128 * 2 * 2, 1), nn.Sigmoid())

    def forward(self, x: Tensor) -> Tensor:
        """Probabilities ``(N, 1)``.

        Args:
            x: pictures ``(N, 1, 32, 32)``.
        """
        return self.body(x)


def of_the_collection(runtime: Runtime) -> Trained:
    """The collection's: the generator's step first, batch 64, Adam 0.0002; D's loss is the mean of its two halves.

    Args:
        runtime: seed and device.

    Returns:
        The recipe at its first step.
    """
    with runtime.seeded("weights"):
        g, d = CollectionGenerator(), CollectionDiscriminator()
        for network in (g, d):
            small_weights(network)
    says, size = nn.BCELoss(), 64
    adam_g, adam_d = (optim.Adam(net.parameters(), lr=LR, betas=BETAS) for net in (g, d))
    latents, valid, fake = runtime.stream("latents"), torch.ones(size, 1), torch.zeros(size, 1)

    def steps() -> Iterator[None]:
        for n, (real, _) in enumerate(load("digits", runtime).padded(32).stream(size, runtime)):
            with runtime.seeded("layers", n):  # dropout
                adam_g.zero_grad()
                drawn = g(torch.randn(size, 100, generator=latents))
                says(d(drawn), valid).backward()
                adam_g.step()
                adam_d.zero_grad()
                loss = (says(d(real), valid) + says(d(drawn.detach()), fake)) / 2
                loss.backward()
                adam_d.step()
            yield

    endless = steps()
    return Trained(lambda: next(endless), _drawing(g, lambda n, gen: torch.randn(n, 100, generator=gen), size))


def _drawing(g: nn.Module, latents: Draw, size: int) -> Draw:
    """How both tutorials draw: in train mode, a batch at a time. Their running averages are put back afterwards."""

    def draw(n: int, gen: torch.Generator) -> Tensor:
        kept = {name: value.clone() for name, value in g.named_buffers()}
        with torch.no_grad():
            drawn = torch.cat([g(latents(size, gen)) for _ in range(-(-n // size))])[:n]
            for name, value in g.named_buffers():
                value.copy_(kept[name])
        return drawn[..., BORDER:-BORDER, BORDER:-BORDER]

    return draw


RECIPES: dict[str, Callable[[Runtime], Trained]] = {
    "the course's DCGAN": of_the_course,
    "PyTorch's DCGAN tutorial": of_the_tutorial,
    "the collection PyTorch-GAN": of_the_collection,
}
