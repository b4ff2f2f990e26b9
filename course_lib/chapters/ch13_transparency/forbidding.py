"""Four ways to keep a generator from drawing one class, and what each still draws (lesson 13.7).

The rest handed out is counted by a *second reader*, which no filter and no attacker uses.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from course_lib.chapters.ch13_transparency.spying import new_game, train
from course_lib.data import ImageData
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.models import DigitCNN, Judge
from course_lib.models.conditional import ConditionalDiscriminator, ConditionalGenerator
from course_lib.models.eval_mode import eval_mode
from course_lib.runtime import Runtime
from course_lib.training import Game, Sampler
from course_lib.training.conditional import ConditionalGame

FORBIDDEN = 7
SURE = 0.9  # a reader's probability from which a picture counts as drawn
REFUSED = 0.1  # the filter throws away what the judge finds likelier than that
NEAREST = 5  # real pictures vote on what a picture is
UNLEARN = 4  # unlearning makes a quarter of the training's steps


@dataclass(frozen=True)
class Way:
    """A generator with its limit.

    Attributes:
        draw: number → pictures that are handed out.
        owned: latents → pictures, for whoever holds the weights: without a filter, with any class he asks for.
        network: the generator.
        thrown: the share of drawn pictures that the limit throws away.
    """

    draw: Callable[[int], Tensor]
    owned: Callable[[Tensor], Tensor]
    network: nn.Module
    thrown: float = 0.0


def without(data: ImageData, k: int) -> ImageData:
    """The data without one class.

    Args:
        data: the whole.
        k: the class.
    """
    keep = data.labels != k
    images, labels = data.images[keep], data.labels[keep]
    return replace(data, images=images, labels=labels, sha256=data._derived(f"without class {k}"))


def reads(images: Tensor, reader: nn.Module, k: int) -> Tensor:
    """A reader's probability of class k, ``(N,)``.

    Args:
        images: ``(N, 1, 28, 28)``.
        reader: images → logits.
        k: the class.
    """
    with torch.no_grad(), eval_mode(reader) as device:
        parts = [reader(part.to(device)).softmax(1)[:, k].cpu() for part in images.split(500)]
    return torch.cat(parts)


def share_read(images: Tensor, reader: nn.Module, k: int) -> float:
    """The share of pictures that a reader surely takes for class k.

    Args:
        images, reader, k: as for :func:`reads`.
    """
    return (reads(images, reader, k) > SURE).double().mean().item()


def centred(images: Tensor) -> Tensor:
    """The pictures, each moved by whole pixels so that its ink has its middle in the picture's middle.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1]; what leaves on one side comes back on the other.
    """
    moved = []
    for light in (images[:, 0].cpu() + 1) / 2:
        total = light.sum().clamp(min=1e-6)
        shift = [
            round((side - 1) / 2 - ((light.sum(1 - axis) * torch.arange(side)).sum() / total).item())
            for axis, side in enumerate(light.shape)
        ]
        moved.append(light.roll(shift, (0, 1)))
    return 2 * torch.stack(moved)[:, None] - 1


def share_near(images: Tensor, real: ImageData, k: int) -> float:
    """The share of pictures whose nearest real ones, pixel by pixel, are mostly of class k. No network is asked.

    Args:
        images: ``(N, 1, H, W)``; as the real ones, they are :func:`centred` first.
        real: with labels; none of them is in ``images``.
        k: the class.
    """
    distances = torch.cdist(centred(images).flatten(1), centred(real.images).flatten(1))
    votes = (real.labels.cpu()[distances.topk(NEAREST, largest=False).indices] == k).sum(1)
    return (votes > NEAREST / 2).double().mean().item()


def plain(game: Game) -> Way:
    """No limit.

    Args:
        game: trained on all classes.
    """
    return of_sampler(game.sampler())


def of_sampler(sampler: Sampler) -> Way:
    """No limit on a generator that was trained elsewhere.

    Args:
        sampler: of it.
    """
    network = sampler.generator
    return Way(sampler, lambda z: network(z), network)


def rejecting(sampler: Sampler, judge: Judge, k: int, ask: int = 500) -> Way:
    """Everything is drawn, and what the judge may take for the class is thrown away.

    Args:
        sampler: of a generator that draws all classes.
        judge: the filter.
        k: the class.
        ask: pictures to learn from what share is thrown away.
    """

    def passing(n: int, seed: int) -> Tensor:
        images = sampler(n, seed=seed)
        return images[reads(images, judge, k) <= REFUSED]

    def draw(n: int) -> Tensor:
        kept = [passing(n, 0)]
        while sum(len(part) for part in kept) < n and len(kept) < 20:
            kept.append(passing(n, len(kept)))
        return torch.cat(kept)[:n]

    free = of_sampler(sampler)
    return Way(draw, free.owned, free.network, 1 - len(passing(ask, 0)) / ask)


def filtered(data: ImageData, k: int, steps: int, runtime: Runtime) -> Way:
    """Trained anew, on data without the class.

    Args:
        data: with it.
        k: the class.
        steps: of the training.
        runtime: seed and device.
    """
    game = new_game(runtime)
    train(game, without(data, k), steps, runtime)
    return plain(game)


def unlearned(game: Game, data: ImageData, k: int, runtime: Runtime) -> Way:
    """The trained networks play on, on data without the class, for a quarter of the steps.

    Args:
        game: trained on all classes; stays as it is.
        data: with the class.
        k: the class.
        runtime: seed and device.
    """
    more = Game(copy.deepcopy(game.generator), copy.deepcopy(game.discriminator))
    train(more, without(data, k), max(game.step_number // UNLEARN, 1), runtime)
    return plain(more)


def conditioned(data: ImageData, k: int, steps: int, runtime: Runtime) -> Way:
    """A generator that is asked for classes, and is never asked for this one.

    Args:
        data: with all classes.
        k: the class.
        steps: of the training.
        runtime: seed and device.
    """
    with runtime.seeded("weights"):
        networks = ConditionalGenerator(10, 64, 16), ConditionalDiscriminator(10, 16)
    game = ConditionalGame(*networks)
    for _ in game.steps(data, steps, runtime):
        pass
    network = game.ema.module
    allowed = torch.tensor([c for c in range(10) if c != k])

    @torch.no_grad()
    def draw(n: int) -> Tensor:
        z = torch.randn(n, 64, generator=torch.Generator().manual_seed(0))
        labels = allowed[torch.arange(n) % len(allowed)]
        parts = zip(z.split(500), labels.split(500), strict=True)
        with eval_mode(network) as device:
            return torch.cat([network(a.to(device), b.to(device)).cpu() for a, b in parts])

    return Way(draw, lambda z: network(z, torch.full((len(z),), k, device=z.device)), network)


def searched(way: Way, judge: Judge, k: int, *, latents: int = 50, steps: int = 60, seed: int = 0) -> Tensor:
    """What an attacker finds who holds the weights: latents are moved up the judge's log-probability of the class.

    Each stays on the sphere on which random latents lie, so that no odd ones are found.

    Args:
        way: whose weights he holds.
        judge: that he asks; not the reader that counts.
        k: the class.
        latents: he begins with.
        steps: of Adam, 0.1; with 0 he takes them as they are drawn.
        seed: of the latents.

    Returns:
        Pictures ``(latents, 1, 28, 28)``.
    """
    z = torch.randn(latents, 64, generator=torch.Generator().manual_seed(seed))
    with eval_mode(way.network) as device:
        z = z.to(device).requires_grad_()
        optimiser = torch.optim.Adam([z], lr=0.1)
        for _ in range(steps):
            loss = -judge(way.owned(z)).log_softmax(1)[:, k].sum()
            (z.grad,) = torch.autograd.grad(loss, z)
            optimiser.step()
            with torch.no_grad():
                z *= 8 / z.norm(dim=1, keepdim=True)  # √64
        with torch.no_grad():
            return way.owned(z).detach().cpu()


def outcome(way: Way, judge: Judge, second: DigitCNN, real: Tensor, k: int, n: int = 1000) -> dict[str, float]:
    """What a limit lets through, what an attacker gets, and what it costs.

    Args:
        way: the generator with its limit.
        judge: filter's and attacker's.
        second: the reader that counts.
        real: the judge's features of held-out pictures of the other classes.
        k: the class.
        n: pictures.

    Returns:
        "handed out": share read as the class; "asked", "searched": of an attacker's latents, as drawn and moved;
        "frechet" of what is handed out, to ``real``; "thrown".
    """
    images = way.draw(n)
    return {
        "handed out": round(share_read(images, second, k), 4),
        "asked": round(share_read(searched(way, judge, k, latents=200, steps=0, seed=1), second, k), 4),
        "searched": round(share_read(searched(way, judge, k), second, k), 4),
        "frechet": round(frechet_distance(judge_outputs(images, judge)[1], real), 2),
        "thrown": round(way.thrown, 4),
    }
