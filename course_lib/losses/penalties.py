"""Terms added to the discriminator's loss: ``penalty(critic, real, fake) → scalar``.

``critic`` maps images ``(N, C, H, W)`` to logits ``(N, 1)``. ``every`` makes a penalty lazy: it is computed each
``every`` steps and weighted ``every`` times as much (Karras et al. 2020, section 3.1). To add one: a class here, and
its name in ``PENALTIES`` at the end.

The slope that counts is that of a logit by *all that it was computed from*. Where a critic judges k consecutive
examples at once (packing), ‖∇D‖² is the sum over the k of a pack, and the mean is over packs. A ``Game`` hands packs in
whole, ``(N / k, k, C, H, W)``, so that a penalty need not know of them.

On a linear critic D(x) = w·x + b each has a closed form (``at_gradient_norm``), which the tests and chapter 02 use:
R1 and R2 are γ/2·‖w‖², WGAN-GP is γ·(‖w‖ − 1)²; with packing w has the length of a pack.
"""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from course_lib.errors import CourseError, check_number
from course_lib.losses.contracts import Critic, Penalty


@dataclass(frozen=True)
class _Weighted(Penalty):
    """A penalty with a weight.

    Args:
        gamma: the weight γ, at least 0.
        every: it is computed each so many steps, and weighted as much more.

    Raises:
        CourseError: for a weight or a number of steps that is none.
    """

    gamma: float = 1.0
    every: int = 1

    def __post_init__(self) -> None:
        gamma = check_number("gamma", self.gamma, lambda v: v >= 0, "a finite number of at least 0 as a weight")
        every = check_number("every", self.every, lambda v: v >= 1, "a whole number of steps, at least 1", whole=True)
        self.__dict__.update(gamma=gamma, every=every)  # frozen, and NumPy's numbers do not multiply tensors


class _Squared(_Weighted):
    """What R1 and R2 share: both charge the square of the slope, at other points."""

    def at_gradient_norm(self, slope: float) -> float:
        """γ/2 · slope².

        Args:
            slope: the length of a logit's slope by all that the logit comes from.
        """
        return 0.5 * self.gamma * slope**2


@dataclass(frozen=True)
class R1(_Squared):
    """γ/2 · E‖∇ₓD(x)‖² on real images (Mescheder, Geiger, Nowozin 2018, equation 9)."""

    name: ClassVar[str] = "R1"

    def __call__(self, critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
        """See :class:`~course_lib.losses.contracts.Penalty`."""
        return 0.5 * self.gamma * squared_gradient_norm(critic, real).mean()

    @classmethod
    def toy_presets(cls, size: float) -> dict[str, tuple[Penalty, ...]]:
        """R1 with γ = size²/10.

        Args:
            size: of the data; slopes are counted per unit of it.

        Returns:
            What it is called → the parts that it needs.
        """
        return {cls.name: (cls(0.1 * size**2),)}  # slopes are counted per unit of the data


@dataclass(frozen=True)
class R2(_Squared):
    """γ/2 · E‖∇ₓD(G(z))‖² on generated images (Mescheder, Geiger, Nowozin 2018, equation 10)."""

    name: ClassVar[str] = "R2"

    def __call__(self, critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
        """See :class:`~course_lib.losses.contracts.Penalty`."""
        return 0.5 * self.gamma * squared_gradient_norm(critic, fake).mean()

    @classmethod
    def toy_presets(cls, size: float) -> dict[str, tuple[Penalty, ...]]:
        """R2 goes with R1, as in Huang et al. 2024; both have γ = size²/10.

        Args:
            size: of the data; slopes are counted per unit of it.

        Returns:
            What it is called → the parts that it needs.
        """
        return {"R1 + R2": (R1(0.1 * size**2), cls(0.1 * size**2))}


@dataclass(frozen=True)
class GradientPenalty(_Weighted):
    """γ · E(‖∇D(x̂)‖ − 1)² on points x̂ drawn uniformly between a real and a generated example.

    (WGAN-GP: Gulrajani et al. 2017, equation 3, where γ is called λ: 10 for images, 0.1 for 2-D toys.)

    Not with batch norm in the critic: there an example's logit depends on its neighbours (Gulrajani et al., section 4).
    The points come from torch's global generator, which ``Game`` seeds anew at each step. Each row of ``real`` (for
    packs, each pack) has one.
    """

    name: ClassVar[str] = "gradient penalty"

    def __call__(self, critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
        """See :class:`~course_lib.losses.contracts.Penalty`.

        Raises:
            CourseError: for real and fake examples of two shapes.
        """
        if real.shape != fake.shape:  # (1, …) against (N, …) would broadcast
            raise CourseError(
                f"real examples have shape {tuple(real.shape)} and fake ones {tuple(fake.shape)}: expected the same "
                "shape, because each penalised point lies between one real and one fake example."
            )
        t = torch.rand(len(real), *[1] * (real.ndim - 1), device=real.device, dtype=real.dtype)
        # √a has an infinite slope at a = 0, where a critic that is flat would get NaN for a gradient.
        norm = (squared_gradient_norm(critic, torch.lerp(real, fake, t)) + 1e-12).sqrt()
        return self.gamma * (norm - 1).square().mean()

    def at_gradient_norm(self, slope: float) -> float:
        """γ · (slope − 1)².

        Args:
            slope: the length of a logit's slope by all that the logit comes from.
        """
        return self.gamma * (slope - 1) ** 2

    @classmethod
    def toy_presets(cls, size: float) -> dict[str, tuple[Penalty, ...]]:
        """Gradient penalty with γ = 0.1.

        Args:
            size: of the data; the weight does not depend on it.

        Returns:
            What it is called → the parts that it needs.
        """
        return {cls.name: (cls(0.1),)}  # Gulrajani et al. 2017, for toys


def squared_gradient_norm(critic: Critic, images: Tensor) -> Tensor:
    """How steep a critic is: ‖∇ critic‖² by all that each logit was computed from, differentiable by its weights.

    Args:
        critic: images → logits, the first axis of both the batch's.
        images: ``(N, …)``; they are left as they are.

    Returns:
        ``(N,)`` for N logits; ``(N / k,)`` where consecutive k of the N images share a logit.

    Raises:
        CourseError: when the images are no multiple of the logits.
    """
    images = images.detach().requires_grad_(True)
    with torch.enable_grad():
        logits = critic(images)
        (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
    if logits.ndim == 0 or len(images) % len(logits):
        raise CourseError(
            f"the critic gave logits of shape {tuple(logits.shape)} for {len(images)} images: expected "
            "one for each image, or for each pack of as many images."
        )
    return gradient.square().reshape(len(logits), -1).sum(1)


PENALTIES: dict[str, type[Penalty]] = {kind.name: kind for kind in (R1, R2, GradientPenalty)}
