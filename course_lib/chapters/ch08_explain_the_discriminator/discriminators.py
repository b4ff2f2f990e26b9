"""The discriminators of this chapter: of a small game, against a planted mark, and twins that learned nothing."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from course_lib.chapters.ch08_explain_the_discriminator.scores import logits
from course_lib.data.images import ImageData
from course_lib.explain import explain_copy
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

Change = Callable[[Tensor], Tensor]


def small_game(runtime: Runtime, name: str, head: str = "pool", **settings: Any) -> Game:
    """A small DCGAN before its first step, whose discriminator has spectral norm.

    Args:
        runtime: seed and device.
        name: of the stream that draws the first weights.
        head: of the discriminator, "pool" or "flat".
        **settings: step sizes, as ``Game`` takes them.
    """
    with runtime.seeded(name):
        return Game(DCGenerator(64, 16), DCDiscriminator(16, norm="spectral", head=head), **settings)


def tell_apart(
    runtime: Runtime,
    digits: ImageData,
    real_of: Change,
    fake_of: Change,
    name: str,
    head: str,
    steps: int,
    norm: str = "spectral",
) -> nn.Module:
    """Train D for ``real_of(digits)`` against ``fake_of(other digits)``.

    Args:
        runtime: seed, device and precision.
        digits: the training digits.
        real_of, fake_of: what is made of a batch of digits.
        name: of the stream that draws the first weights.
        head: of the discriminator, "pool" or "flat".
        steps: how many.
        norm: "spectral", or "batch": then real and fake pictures come in batches of their own, as is usual.

    Returns:
        The discriminator, in train mode.
    """
    with runtime.seeded(name):
        model = DCDiscriminator(16, norm=norm, head=head).to(runtime.device)
    optimiser, batches = torch.optim.Adam(model.parameters(), 1e-3, (0.5, 0.9)), digits.stream(64, runtime)
    for _ in range(steps):
        real, fake = next(batches)[0].chunk(2)
        real, fake = real_of(real), fake_of(fake)
        if norm == "batch":
            a, b = model(real), model(fake)
        else:
            a, b = model(torch.cat([real, fake])).chunk(2)
        loss = softplus(-a).mean() + softplus(b).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model


def untouched(images: Tensor) -> Tensor:
    """The images as they are: what is done to the kind that carries no mark.

    Args:
        images: ``(N, C, H, W)``.
    """
    return images


def twin(runtime: Runtime, number: int) -> nn.Module:
    """A discriminator as it is before any training, ready to be explained.

    Args:
        runtime: seed and device.
        number: another one has other random weights.
    """
    with runtime.seeded("twin", number):
        return explain_copy(DCDiscriminator(16, norm="spectral", head="pool").to(runtime.device))


def right(model: nn.Module, real: Tensor, fake: Tensor) -> float:
    """Share of right answers (logit above 0 for real, below for fake), the mean over both kinds; in eval mode.

    Args:
        model: a discriminator.
        real, fake: images ``(N, C, H, W)``.
    """
    return ((logits(model, real) > 0).float().mean() + (logits(model, fake) < 0).float().mean()).item() / 2
