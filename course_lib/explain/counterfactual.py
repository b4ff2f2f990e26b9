"""What would have to change for another answer? The smallest move in a generator's latents that changes a model's mind.

The generator keeps the picture plausible: each step on the way is one of its pictures. (Latent shift: Cohen and others
2021; the search by descent on distance and answer: Wachter, Mittelstadt and Russell 2018, equation 2.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor, nn

from course_lib.errors import check_number, check_positive, check_whole_number
from course_lib.explain.targets import Target, target_values

Decoder: TypeAlias = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Counterfactual:
    """A picture before and after, and the way between them.

    Attributes:
        before, after: pictures ``(N, C, H, W)``.
        start, end: their latents ``(N, latent)``.
        values: of the target at the end ``(N,)``.
        reached: whether the target is at least what was asked, bool ``(N,)``.
    """

    before: Tensor
    after: Tensor
    start: Tensor
    end: Tensor
    values: Tensor
    reached: Tensor

    @property
    def moved(self) -> Tensor:
        """How far the latents moved, ``(N,)``."""
        return (self.end - self.start).norm(dim=1)

    @property
    def changed(self) -> Tensor:
        """How far the pixels moved: the root of their mean squared change, ``(N,)``."""
        return (self.after - self.before).flatten(1).square().mean(1).sqrt()

    def on_the_way(self, decode: Decoder, share: float) -> Tensor:
        """The pictures a share of the way along, ``(N, C, H, W)``.

        Args:
            decode: latents → pictures.
            share: 0: before; 1: after; beyond these on the same line.
        """
        with torch.no_grad():
            return decode(self.start + share * (self.end - self.start))


def margin(classes: Tensor) -> Target:
    """The target "class k": its logit minus the highest of the others, so above 0 where k is the answer.

    Args:
        classes: wanted, int64 ``(N,)``.
    """

    def of(outputs: Tensor) -> Tensor:
        wanted = outputs.gather(1, classes.to(outputs.device).view(-1, 1))[:, 0]
        others = outputs.scatter(1, classes.to(outputs.device).view(-1, 1), float("-inf"))
        return wanted - others.amax(1)

    return of


def counterfactual(
    model: nn.Module,
    target: Target,
    decode: Decoder,
    start: Tensor,
    *,
    at_least: float = 1.0,
    closeness: float = 0.02,
    steps: int = 300,
    lr: float = 0.05,
) -> Counterfactual:
    """The nearest latents found at which the target is at least so high.

    Adam on max(0, at_least + 0.1 − target) + closeness · ‖z − start‖²; then each line back to the start is halved until
    the first place that still suffices is known to a hundredth.

    Args:
        model: in eval mode.
        target: outputs → one number a picture, see :func:`margin`.
        decode: latents → pictures: a generator in eval mode, or a VAE's ``decode``.
        start: latents ``(N, latent)``.
        at_least: what the target is to reach.
        closeness: what a squared unit of distance costs, above 0.
        steps: of descent.
        lr: their size.

    Raises:
        CourseError: for settings that are none; see ``targets.target_values``.
    """
    check_positive("closeness", closeness), check_positive("lr", lr), check_whole_number("steps", steps)
    check_number("at_least", at_least, lambda v: True, "a finite number")
    start = start.detach()

    def ask(z: Tensor) -> Tensor:
        return target_values(model, target, decode(z))

    z = start.clone().requires_grad_()
    optimiser = torch.optim.Adam([z], lr)
    with torch.enable_grad():
        for _ in range(steps):
            cost = (at_least + 0.1 - ask(z)).clamp(min=0).sum() + closeness * (z - start).square().sum()
            (z.grad,) = torch.autograd.grad(cost, z)  # of z alone: no weight gets a slope
            optimiser.step()
    with torch.no_grad():
        end = z.detach()
        reached = ask(end) >= at_least
        low, high = torch.zeros(len(start), 1).to(start), torch.ones(len(start), 1).to(start)
        for _ in range(7):  # 2⁻⁷ of the way
            middle = (low + high) / 2
            enough = (ask(start + middle * (end - start)) >= at_least)[:, None]
            low, high = torch.where(enough, low, middle), torch.where(enough, middle, high)
        end = torch.where(reached[:, None], start + high * (end - start), end)
        return Counterfactual(decode(start), decode(end), start, end, ask(end), reached)


def random_move(
    decode: Decoder,
    found: Counterfactual,
    model: nn.Module,
    target: Target,
    *,
    at_least: float = 1.0,
    seed: int = 0,
) -> Counterfactual:
    """A control: from the same starts equally far, in random directions.

    Args:
        decode, model, target, at_least: as for :func:`counterfactual`.
        found: whose lengths are taken.
        seed: of the directions.
    """
    step = torch.randn(found.start.shape, generator=torch.Generator().manual_seed(seed)).to(found.start)
    end = found.start + found.moved[:, None] * step / step.norm(dim=1, keepdim=True)
    with torch.no_grad():
        after = decode(end)
        values = target_values(model, target, after)
    return Counterfactual(found.before, after, found.start, end, values, values >= at_least)


def pixel_move(
    model: nn.Module, target: Target, images: Tensor, *, at_least: float = 1.0, steps: int = 100, lr: float = 0.02
) -> Tensor:
    """The other control, an adversarial change: descent on the pixels themselves, ``(N, C, H, W)`` within [−1, 1].

    Args:
        model, target, at_least: as for :func:`counterfactual`.
        images: ``(N, C, H, W)``.
        steps: of descent; a picture that has reached the target stays.
        lr: the longest step of a pixel.

    Raises:
        CourseError: as ``counterfactual``.
    """
    check_positive("lr", lr), check_whole_number("steps", steps)
    x = images.detach().clone()
    for _ in range(steps):
        with torch.enable_grad():
            x.requires_grad_()
            values = target_values(model, target, x)
            (slope,) = torch.autograd.grad(values.sum(), x)
        if (values >= at_least).all():
            break
        longest = slope.flatten(1).abs().amax(1).clamp(min=1e-12).view(-1, 1, 1, 1)
        going = (values < at_least).view(-1, 1, 1, 1)
        x = (x.detach() + going * lr * slope / longest).clamp(-1, 1)
    return x.detach()
