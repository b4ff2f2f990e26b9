"""Explanations of a discriminator's answer as masks for ``training.guides.Guide``: a whole batch at once, and fast.

Each is ``(critic, images, step) → maps``. The plain gradient is ``training.guides.saliency``; here are DeepSHAP and
LIME, written so that they can be asked at every step of a training.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.explain.lime import nearness
from course_lib.explain.segments import grid_segments
from course_lib.losses import Critic

ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SiLU, nn.GELU, nn.Sigmoid, nn.Tanh, nn.Softplus)


@dataclass(frozen=True)
class DeepShapMask:
    """DeepSHAP (Lundberg and Lee 2017): DeepLIFT's rescale rule against each background picture, and the mean of them.

    Where activations are layers of the network and all else is linear, an image's map adds up to its logit minus the
    background's mean logit.

    Args:
        discriminator: whose activations are looked at; the game's.
        background: ``(M, C, H, W)``, what an image is compared with.
    """

    discriminator: nn.Module
    background: Tensor

    def __call__(self, critic: Critic, images: Tensor, step: int) -> Tensor:
        """The maps, ``(N, C, H, W)``.

        Args:
            critic: images → logits, by way of the discriminator.
            images: ``(N, C, H, W)``.
            step: not used.

        Raises:
            CourseError: see :func:`rescale_rule`.
        """
        n, m = len(images), len(self.background)
        x = images.detach().repeat_interleave(m, 0).requires_grad_()  # (N·M, C, H, W)
        b = self.background.to(images).repeat(n, 1, 1, 1)
        with torch.enable_grad(), rescale_rule(self.discriminator):
            logits = critic(torch.cat([x, b]))  # the first half against the second
            (multiplier,) = torch.autograd.grad(logits[: len(logits) // 2].sum(), x)
        return (multiplier * (x - b)).detach().unflatten(0, (n, m)).mean(1)


@contextmanager
def rescale_rule(model: nn.Module) -> Iterator[None]:
    """Inside this block an activation passes back (f(x) − f(b)) / (x − b) instead of its slope.

    The model is to be asked about images and their backgrounds at once, the images first (DeepLIFT: Shrikumar,
    Greenside and Kundaje 2017, section 3.5.1).

    Args:
        model: whose activations are layers.

    Yields:
        Nothing: the model itself is another one meanwhile.

    Raises:
        CourseError: for an activation that overwrites what it was given.
    """
    found = [part for part in model.modules() if isinstance(part, ACTIVATIONS)]
    if any(getattr(part, "inplace", False) for part in found):
        raise CourseError(
            "an activation of this network works in place, and its input is needed: build it with inplace=False, or "
            "explain explain_copy(network)."
        )
    handles = [part.register_forward_hook(_rescaled) for part in found]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _rescaled(part: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Any:
    return _Rescale.apply(inputs[0], output)


class _Rescale(torch.autograd.Function):
    """The output as it is, and on the way back the secant of each pair."""

    @staticmethod
    def forward(ctx: Any, before: Tensor, after: Tensor) -> Tensor:
        ctx.save_for_backward(before, after)
        return after.clone()

    @staticmethod
    def backward(ctx: Any, *inwards: Tensor) -> tuple[Tensor, Tensor]:
        before, after = ctx.saved_tensors
        (x, b), (fx, fb), (g, h) = before.chunk(2), after.chunk(2), inwards[0].chunk(2)
        same = (x - b).abs() < 1e-6  # there the slope of f itself goes on, by the other way
        secant = torch.where(same, 0, (fx - fb) / torch.where(same, 1, x - b))
        return torch.cat([g * secant, torch.zeros_like(h)]), torch.cat([g * same, h])


@dataclass(frozen=True)
class LimeMask:
    """LIME (Ribeiro, Singh and Guestrin 2016) for a whole batch on the same random coalitions, anew at each step.

    What is solved depends on the coalitions alone, so one small system serves every image.

    Args:
        segments: int64 ``(H, W)``, numbered from 0; None: squares of 4 × 4 pixels.
        samples: coalitions, more than segments.
        fill: the brightness of a segment that is away.
        kernel_width, ridge: as for ``lime_weights``.
        seed: of the coalitions; each step has its own.
    """

    segments: Tensor | None = None
    samples: int = 64
    fill: float = -1.0
    kernel_width: float = 0.25
    ridge: float = 1.0
    seed: int = 0

    def __call__(self, critic: Critic, images: Tensor, step: int) -> Tensor:
        """The coefficient of each segment on its pixels, ``(N, 1, H, W)``.

        Args:
            critic: images → logits, for one image or for packs of several.
            images: ``(N, C, H, W)``.
            step: of the training.

        Raises:
            CourseError: for no more coalitions than segments.
        """
        parts = grid_segments(*images.shape[-2:]) if self.segments is None else self.segments
        players = int(parts.max()) + 1
        if self.samples <= players:
            raise CourseError(f"{self.samples} samples for {players} segments: use more samples than segments.")
        g = torch.Generator().manual_seed(self.seed * 1_000_003 + step)
        there = torch.rand(self.samples, players, generator=g) < 0.5
        there[0] = True  # the images themselves
        on = there[:, parts].to(images.device)[:, None, None]  # (S, 1, 1, H, W)
        with torch.no_grad():
            logits = critic(torch.where(on, images, self.fill).flatten(0, 1))  # (S·N, 1), or fewer of packs
        values = logits.view(self.samples, -1).double().cpu()  # (S, N)
        found = (self._solver(there.double()) @ values).to(images)  # (players, N)
        return found.repeat_interleave(len(images) // found.shape[1], 1).T[:, parts.to(images.device)][:, None]

    def _solver(self, z: Tensor) -> Tensor:
        """What makes weighted ridge coefficients of values, ``(players, S)``: ``lime_weights`` written out."""
        weights = nearness(z, self.kernel_width)
        centred = z - (weights[:, None] * z).sum(0) / weights.sum()
        weighted = weights[:, None] * centred  # (S, players); its columns add up to 0, so values need not be centred
        return torch.linalg.solve(weighted.T @ centred + self.ridge * torch.eye(z.shape[1]).double(), weighted.T)
