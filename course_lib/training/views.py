"""What the discriminator is shown instead of the bare batch. A view is called as ``view(batch, step) → batch``.

A ``Game`` applies its views to real and to generated examples alike, in order, wherever it asks its discriminator;
gradients flow back through them to the generator. Their random numbers come from torch's global generator, which a
game seeds for each step. A view after which consecutive examples are judged together says how many in ``pack_size``
(see ``losses.contracts.View``). To add one: a class here, and its name in ``VIEWS`` at the end.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from course_lib.errors import CourseError, check_number, one_of
from course_lib.losses import View


@dataclass(frozen=True)
class Pack(View):
    """PacGAN (Lin et al. 2018): ``size`` examples are judged at once, so that lack of variety shows.

    ``(N, C, …)`` → ``(N / size, size·C, …)``: build the discriminator for ``size × channels``. Must be the last view.

    Args:
        size: k, at least 2.

    Raises:
        CourseError: for another size.
    """

    name: ClassVar[str] = "Pack"
    size: int = 2

    def __post_init__(self) -> None:
        size = check_number("a pack's size", self.size, lambda v: v >= 2, "a whole number of at least 2", whole=True)
        self.__dict__.update(size=size)  # frozen

    @property
    def pack_size(self) -> int:
        """How many consecutive examples are judged together: ``size``."""
        return self.size

    def __call__(self, x: Tensor, step: int) -> Tensor:
        """Packs, ``(N / size, size·C, …)``.

        Args:
            x: examples ``(N, C, …)``.
            step: not used.

        Raises:
            CourseError: for examples that do not divide into packs.
        """
        if len(x) % self.size:
            raise CourseError(f"a batch of {len(x)} does not divide into packs of {self.size}: use a multiple of it.")
        return x.reshape(len(x) // self.size, self.size * x.shape[1], *x.shape[2:])

    @classmethod
    def toy_presets(cls, size: float) -> dict[str, tuple[View, ...]]:
        """Packs of 2 and of 4.

        Args:
            size: of the data; the packs do not depend on it.

        Returns:
            What it is called → the parts that it needs.
        """
        return {f"Pack({k})": (cls(k),) for k in (2, 4)}


@dataclass(frozen=True)
class InstanceNoise(View):
    """Adds N(0, ``sigma``²) to everything the discriminator sees (Sønderby et al. 2017; Arjovsky and Bottou 2017).

    Real and generated examples then overlap, so a perfect discriminator exists no more.

    Args:
        sigma: standard deviation of the noise at first, at least 0.
        steps: ``sigma`` falls linearly to 0 over so many steps; None: never.

    Raises:
        CourseError: for each of these that is none.
    """

    name: ClassVar[str] = "instance noise"
    sigma: float = 0.1
    steps: int | None = None

    def __post_init__(self) -> None:
        sigma = check_number("sigma", self.sigma, lambda v: v >= 0, "a finite standard deviation of at least 0")
        steps = (
            self.steps
            if self.steps is None
            else check_number(
                "steps", self.steps, lambda v: v >= 1, "a whole number of at least 1, or None", whole=True
            )
        )
        self.__dict__.update(sigma=sigma, steps=steps)  # frozen

    def __call__(self, x: Tensor, step: int) -> Tensor:
        """The examples with noise, ``(N, …)``.

        Args:
            x: examples ``(N, …)``.
            step: how many were made, by which the noise falls.
        """
        sigma = self.sigma * (1 - min(step / self.steps, 1) if self.steps else 1)
        return x + sigma * torch.randn_like(x) if sigma else x

    @classmethod
    def toy_presets(cls, size: float) -> dict[str, tuple[View, ...]]:
        """Noise that falls to 0 in 3000 steps.

        Args:
            size: of the data; the noise begins at 0.3 of it.

        Returns:
            What it is called → the parts that it needs.
        """
        return {cls.name: (cls(0.3 * size, steps=3000),)}  # noise in units of the data


@dataclass(frozen=True)
class DiffAugment(View):
    """The same kind of random distortion for real and generated examples, differentiable (Zhao et al. 2020, section 3).

    Args:
        ops: done in this order: ``"brightness"`` (adds up to ±0.5·strength), ``"translation"`` (up to strength × ⅛ of
            the size, black moving in) and ``"cutout"`` (a black square of strength × ½ of the size) for images; for
            points only ``"translation"``, by up to strength × ⅛ of ``width``.
        strength: at least 0.
        width: of the data, where they are points, above 0.

    Raises:
        CourseError: for each of these that is none.
    """

    name: ClassVar[str] = "DiffAugment"
    ops: tuple[str, ...] = ("translation",)
    strength: float = 1.0
    width: float = 2.0

    def __post_init__(self) -> None:
        for op in (self.ops,) if isinstance(self.ops, str) else self.ops:
            one_of("augmentation", op, _OPS)
        ops = (self.ops,) if isinstance(self.ops, str) else tuple(self.ops)
        strength = check_number("strength", self.strength, lambda v: v >= 0, "a finite number of at least 0")
        width = check_number("width", self.width, lambda v: v > 0, "a finite number above 0")
        self.__dict__.update(ops=ops, strength=strength, width=width)  # frozen

    def __call__(self, x: Tensor, step: int) -> Tensor:
        """The examples distorted, of their shape.

        Args:
            x: images ``(N, C, H, W)`` or points ``(N, coordinates)``.
            step: not used.

        Raises:
            CourseError: for points and another operation than translation.
        """
        if x.ndim == 2:  # points
            if self.ops != ("translation",):
                raise CourseError(f"points cannot be augmented by {self.ops}: use DiffAugment(('translation',)).")
            return x + (2 * torch.rand_like(x) - 1) * self.strength * self.width / 8
        for op in self.ops:
            x = _OPS[op](x, self.strength)
        return x

    @classmethod
    def toy_presets(cls, size: float) -> dict[str, tuple[View, ...]]:
        """Translation.

        Args:
            size: of the data; points move by up to a quarter of it.

        Returns:
            What it is called → the parts that it needs.
        """
        return {cls.name: (cls(width=2 * size),)}


def _brightness(x: Tensor, strength: float) -> Tensor:
    return x + strength * (torch.rand(len(x), 1, 1, 1, device=x.device) - 0.5)


def _translation(x: Tensor, strength: float) -> Tensor:
    n, _, h, w = x.shape
    reach = math.ceil(strength * h / 8)
    padded = torch.nn.functional.pad(x, (reach,) * 4, value=-1.0)  # (N, C, H + 2·reach, W + 2·reach)
    top, left = torch.randint(0, 2 * reach + 1, (2, n, 1, 1), device=x.device)
    rows = top + torch.arange(h, device=x.device).view(1, h, 1)
    columns = left + torch.arange(w, device=x.device).view(1, 1, w)
    batch = torch.arange(n, device=x.device).view(n, 1, 1)
    return padded.permute(0, 2, 3, 1)[batch, rows, columns].permute(0, 3, 1, 2)  # (N, C, H, W)


def _cutout(x: Tensor, strength: float) -> Tensor:
    n, _, h, w = x.shape
    side = strength * h / 2
    top, left = torch.rand(2, n, 1, 1, device=x.device) * torch.tensor([h, w], device=x.device).view(2, 1, 1, 1)
    rows, columns = torch.arange(h, device=x.device).view(1, h, 1), torch.arange(w, device=x.device).view(1, 1, w)
    inside = ((rows - top).abs() < side / 2) & ((columns - left).abs() < side / 2)  # (N, H, W)
    return torch.where(inside[:, None], -1.0, x)


_OPS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "brightness": _brightness,
    "translation": _translation,
    "cutout": _cutout,
}

VIEWS: dict[str, type[View]] = {kind.name: kind for kind in (Pack, DiffAugment, InstanceNoise)}
