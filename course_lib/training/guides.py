"""What scales the generator's gradient, pixel by pixel, on its way back from the discriminator.

xAI-GAN (Nagisetty, Graves, Scott and Ganesh 2020) multiplies it by 1 + α · M, where M is an explanation of the
discriminator's answer. A ``Game`` takes a :class:`Guide` with any loss, views and penalties. A *mask* is a function
``(critic, images, step) → M``; those that explain are in ``course_lib.explain.guides``, and those here are controls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError, check_number, check_whole_number, one_of
from course_lib.losses import Critic
from course_lib.models.eval_mode import eval_mode
from course_lib.training.batch import Batch

Mask: TypeAlias = Callable[[Critic, Tensor, int], Tensor]
GuideLike: TypeAlias = Callable[[Critic, Tensor, int], Tensor | None]


@dataclass(frozen=True)
class Guide:
    """The factor 1 + ``strength`` · M for a batch of generated images.

    M is what ``mask`` gives, brought to [0, 1] image by image: its absolute values over their greatest.

    Args:
        mask: ``(critic, images, step) → (N, 1 or C, H, W)``.
        strength: α, at least 0. The paper has 0.2.
        start: steps made before it begins; until then the game is as without it.
        arrange: ``"permuted"`` deals out each image's values at random among its places: the same numbers, no place.
        means: is filled in, step → mean of M, for a :class:`ConstantMask` in another game.

    Raises:
        CourseError: for each of these that is none.
    """

    mask: Mask
    strength: float = 0.2
    start: int = 0
    arrange: Literal["as it is", "permuted"] = "as it is"
    means: dict[int, float] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        one_of("arrangement", self.arrange, ("as it is", "permuted"))
        check_number("strength", self.strength, lambda v: v >= 0, "a finite number of at least 0, such as 0.2")
        check_whole_number("start", self.start, least=0)

    def __call__(self, critic: Critic, images: Tensor, step: int) -> Tensor | None:
        """The factor, in [1, 1 + strength], ``(N, 1 or C, H, W)``; None before ``start``.

        Args:
            critic: images → logits, as this game asks its discriminator.
            images: generated ones ``(N, C, H, W)``, without gradients.
            step: how many steps were made.

        Raises:
            CourseError: for a mask of another shape, or one that is not finite.
        """
        if step < self.start:
            return None
        m = between_0_and_1(self.mask(critic, images, step), images)
        if self.arrange == "permuted":
            flat = m.flatten(1)  # (N, places)
            m = flat.gather(1, torch.rand_like(flat).argsort(1)).view_as(m)
        self.means[step] = m.mean().item()
        return 1 + self.strength * m


@dataclass(frozen=True)
class ConstantMask:
    """The same value everywhere, whose mean is that of another game's mask: a longer gradient, and no place.

    It is given to a game as ``guide=ConstantMask(...)`` itself, for :class:`Guide` would stretch it to 1.

    Args:
        means: step → mean of M, from the other game's ``Guide.means``.
        strength: α, as there.
    """

    means: Mapping[int, float]
    strength: float = 0.2

    def __call__(self, critic: Critic, images: Tensor, step: int) -> Tensor | None:
        """The factor, ``(1, 1, 1, 1)``; None for a step that ``means`` does not know.

        Args:
            critic: not asked.
            images: generated ones, whose number type it has.
            step: how many steps were made.
        """
        return images.new_full((1, 1, 1, 1), 1 + self.strength * self.means[step]) if step in self.means else None


def saliency(critic: Critic, images: Tensor, step: int) -> Tensor:
    """The mask of the plain gradient: how fast the logit changes with each pixel, ``(N, C, H, W)``.

    Args:
        critic: images → logits.
        images: ``(N, C, H, W)``.
        step: not used.
    """
    with torch.enable_grad():
        x = images.detach().requires_grad_()
        (slope,) = torch.autograd.grad(critic(x).sum(), x)
    return slope


def guided(batch: Batch, guide: GuideLike | None, discriminator: nn.Module, critic: Critic, step: int) -> Batch:
    """The batch, on whose fake examples the guide scales the gradient that the game's loss sends back.

    Args:
        batch: as in ``Game.g_step``.
        guide: of the game; None: the batch is as it was.
        discriminator: in eval mode while it is explained.
        critic: as the game asks it.
        step: how many steps were made.
    """
    if guide is None:
        return batch
    with eval_mode(discriminator), torch.random.fork_rng([batch.fake.device] if batch.fake.is_cuda else []):
        factor = guide(critic, batch.fake.detach(), step)
    if factor is None:
        return batch
    fake = batch.fake.clone()
    fake.register_hook(lambda slope: slope * factor)
    return replace(batch, fake=fake)


def between_0_and_1(mask: Tensor, images: Tensor) -> Tensor:
    """Absolute values over the greatest of each image: 1 at the place that matters most, 0 where a map is 0 throughout.

    Args:
        mask: ``(N, 1 or C, H, W)``.
        images: that it explains, ``(N, C, H, W)``.

    Raises:
        CourseError: for another shape, or values that are not finite.
    """
    n, c, *place = images.shape
    if mask.ndim != images.ndim or mask.shape[0] != n or mask.shape[1] not in (1, c) or list(mask.shape[2:]) != place:
        raise CourseError(
            f"a mask of shape {tuple(mask.shape)} for images {tuple(images.shape)}: give one map an image, "
            "(N, 1, H, W) or (N, C, H, W)."
        )
    if not torch.isfinite(mask).all():
        raise CourseError("the guide's mask is NaN or infinite somewhere: look at the discriminator's logits.")
    size = mask.detach().abs()
    return size / size.flatten(1).amax(1).clamp(min=1e-12).view(-1, *[1] * (size.ndim - 1))
