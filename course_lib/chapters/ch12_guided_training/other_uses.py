"""Two other uses of an explanation in a training: find a mark in the data, and hide a shortcut from D.

The games are those of the race (:mod:`.race`), without a mask. The *mark* is a white square of 4 × 4 pixels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from course_lib.data import ImageData
from course_lib.explain.guides import DeepShapMask
from course_lib.losses import ViewLike
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.metrics.faithfulness import localisation
from course_lib.models import Judge, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game
from course_lib.training.guides import saliency

Window = tuple[int, int]  # its first row and column
SIDE = 4
MARK: Window = (3, 3)
ELSEWHERE: Window = (3, 21)  # the control: as large, in the other upper corner
ASKED, BACKGROUND = 400, 20  # pictures whose maps are averaged; generated ones that DeepSHAP compares with


def new_game(runtime: Runtime, *, views: Sequence[ViewLike] = (), blank: Window | None = None) -> Game:
    """A game of the race's networks and settings, freshly initialised.

    Args:
        runtime: its seed decides the weights.
        views: of the discriminator.
        blank: a window in which this generator cannot draw.
    """
    with runtime.seeded("weights"):
        drawing: nn.Module = MLPGenerator(64, (128, 256), slope=0.2)
        judging = MLPDiscriminator((256, 128))
    if blank is not None:
        drawing = Blank(drawing, blank)
    return Game(drawing, judging, lr=1e-3, betas=(0.5, 0.99), batch=32, ema=0, views=views)


def train(game: Game, data: ImageData, upto: int, runtime: Runtime) -> Game:
    """Go on until so many steps were made.

    Args:
        game: in training.
        data: what to imitate.
        upto: steps, from the game's beginning.
        runtime: seed and device.

    Returns:
        The same game.
    """
    for _ in game.steps(data, max(upto - game.step_number, 0), runtime):
        pass
    return game


class Blank(nn.Module):
    """A generator whose pictures are black in one window, whatever it draws there.

    Args:
        drawing: the generator.
        window: where it cannot draw.
    """

    def __init__(self, drawing: nn.Module, window: Window):
        super().__init__()
        self.drawing, self.window, self.latent = drawing, window, drawing.latent

    def forward(self, z: Tensor) -> Tensor:
        """Images ``(N, 1, 28, 28)``.

        Args:
            z: latents ``(N, latent)``.
        """
        return filled(self.drawing(z), self.window, -1.0)


@dataclass(frozen=True)
class Hide:
    """A view: the discriminator sees this window black in every picture, real or generated.

    Args:
        window: its place.
    """

    window: Window

    def __call__(self, x: Tensor, step: int) -> Tensor:
        """Images ``(N, C, H, W)``.

        Args:
            x: images.
            step: not used.
        """
        return filled(x, self.window, -1.0)


def area(window: Window) -> Tensor:
    """Where a window lies, bool ``(28, 28)``.

    Args:
        window: its place.
    """
    place = torch.zeros(28, 28, dtype=torch.bool)
    place[window[0] : window[0] + SIDE, window[1] : window[1] + SIDE] = True
    return place


def filled(images: Tensor, window: Window, value: float) -> Tensor:
    """The images with one brightness throughout a window.

    Args:
        images: ``(N, C, 28, 28)``; they stay as they are.
        window: its place.
        value: in [−1, 1].
    """
    return torch.where(area(window).to(images.device), value, images)


def with_mark(data: ImageData, which: Tensor) -> ImageData:
    """The same data, some images with the mark.

    Args:
        data: without it.
        which: bool ``(N,)``.
    """
    chosen = which.to(data.images.device).view(-1, 1, 1, 1)
    return replace(
        data,
        images=torch.where(chosen, filled(data.images, MARK, 1.0), data.images),
        sha256=data._derived(f"white square at {MARK}: {int(which.sum())} of them"),
    )


def without(data: ImageData, window: Window) -> ImageData:
    """The same data, black in a window.

    Args:
        data: as it is.
        window: its place.
    """
    return replace(data, images=filled(data.images, window, -1.0), sha256=data._derived(f"black at {window}"))


def share_marked(images: Tensor) -> float:
    """The share of images that carry the mark: brighter than grey on average where it would be.

    Args:
        images: ``(N, 1, 28, 28)``.
    """
    return (images[:, 0, area(MARK)].mean(1) > 0).float().mean().item()


def best_window(picture: Tensor) -> Window:
    """The window with the highest mean of a map.

    Args:
        picture: ``(28, 28)``.
    """
    means = avg_pool2d(picture[None, None], SIDE, 1)[0, 0]  # (25, 25)
    return divmod(int(means.argmax()), means.shape[1])


def hit(window: Window) -> float:
    """The share of the mark that lies in a window.

    Args:
        window: its place.
    """
    return (area(window) & area(MARK)).float().sum().item() / SIDE**2


def mean_maps(critic: nn.Module, real: Tensor, fake: Tensor, seed: int) -> dict[str, Tensor]:
    """Maps of real images, averaged: D's reasons for "real", and four maps that never asked D.

    Args:
        critic: the discriminator.
        real: ``(N, 1, 28, 28)``.
        fake: generated ones; the first are DeepSHAP's background.
        seed: of the random map.

    Returns:
        Name → ``(28, 28)``, high where much speaks for "real", or where much differs.
    """
    mean_fake = fake.mean(0, keepdim=True)
    g = torch.Generator().manual_seed(seed)
    maps = {
        "DeepSHAP": DeepShapMask(critic, fake[:BACKGROUND])(critic, real, 0),
        "saliency": saliency(critic, real, 0).abs(),
        "mean real − mean fake": real - mean_fake,
        "distance from mean fake": (real - mean_fake).abs(),
        "brightness": (real + 1) / 2,
        "random": torch.randn(real.shape, generator=g).to(real),
    }
    return {name: each.mean((0, 1)).detach().cpu() for name, each in maps.items()}


def maps_of_game(game: Game, data: ImageData, seed: int) -> dict[str, Tensor]:
    """:func:`mean_maps` of the first real images, beside pictures that G draws now.

    Args:
        game: as it stands.
        data: whose images are explained.
        seed: of the random map.

    Returns:
        Name → ``(28, 28)``.
    """
    return mean_maps(game.discriminator, data.images[:ASKED], game.sampler(ema=False)(ASKED), seed)


def scores(maps: Mapping[str, Tensor]) -> dict[str, dict[str, Any]]:
    """How well each map finds the mark.

    Args:
        maps: name → ``(28, 28)``.

    Returns:
        Name → "auc" of the mark's pixels, the best "window", and "hit", the share of the mark in it.
    """
    found = {}
    for name, picture in maps.items():
        window = best_window(picture)
        auc = localisation(picture[None, None], area(MARK))["auc"].item()
        found[name] = {"auc": round(auc, 4), "window": list(window), "hit": hit(window)}
    return found


def outcome(game: Game, judge: Judge, features: Tensor, samples: int) -> dict[str, float]:
    """What a game draws at its end.

    Args:
        game: trained.
        judge: of digits.
        features: of real images whose mark's window is black.
        samples: how many are drawn.

    Returns:
        "marked", the share of pictures with the mark; "distance", the Fréchet distance without that window.
    """
    images = game.sampler(ema=False)(samples)
    far = distance(filled(images, MARK, -1.0), judge, features)
    return {"marked": round(share_marked(images), 4), "distance": round(far, 2)}


def distance(images: Tensor, judge: Judge, features: Tensor) -> float:
    """Fréchet distance of images to real ones in the judge's features.

    Args:
        images: ``(N, 1, 28, 28)``.
        judge: of digits.
        features: of the real ones ``(M, 128)``.
    """
    return frechet_distance(judge_outputs(images, judge)[1], features)
