"""Terms added to the discriminator's loss, ``penalty(critic, real, fake) → scalar``, and a constraint on its weights.

``critic`` maps images ``(N, C, H, W)`` to logits ``(N, 1)``. ``every`` makes a penalty lazy: it is computed each
``every`` steps and weighted ``every`` times as much (Karras et al. 2020, section 3.1).

On a linear critic D(x) = w·x + b each has a closed form, which the tests and notebook 02 use: R1 and R2 are γ/2·‖w‖²,
WGAN-GP is γ·(‖w‖ − 1)².
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError

Critic = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class _Penalty:
    gamma: float = 1.0
    every: int = 1

    def __post_init__(self):
        if not (isinstance(self.gamma, int | float) and 0 <= self.gamma < math.inf):
            raise CourseError(f"gamma={self.gamma!r} is not a weight: use a finite number of at least 0.")
        if isinstance(self.every, bool) or not isinstance(self.every, int) or self.every < 1:
            raise CourseError(f"every={self.every!r} steps: use a whole number of at least 1.")


@dataclass(frozen=True)
class R1(_Penalty):
    """γ/2 · E‖∇ₓD(x)‖² on real images (Mescheder, Geiger, Nowozin 2018, equation 9)."""

    def __call__(self, critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
        return 0.5 * self.gamma * squared_gradient_norm(critic, real).mean()


@dataclass(frozen=True)
class R2(_Penalty):
    """γ/2 · E‖∇ₓD(G(z))‖² on generated images (Mescheder, Geiger, Nowozin 2018, equation 10)."""

    def __call__(self, critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
        return 0.5 * self.gamma * squared_gradient_norm(critic, fake).mean()


@dataclass(frozen=True)
class GradientPenalty(_Penalty):
    """γ · E(‖∇D(x̂)‖ − 1)² on points x̂ drawn uniformly between a real and a generated example (WGAN-GP: Gulrajani et al.
    2017, equation 3, where γ is called λ: 10 for images, 0.1 for 2-D toys).

    Not with batch norm in the critic: there an example's logit depends on its neighbours (Gulrajani et al., section 4).
    The points come from torch's global generator, which ``Game`` seeds anew at each step.
    """

    def __call__(self, critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
        if real.shape != fake.shape:  # (1, …) against (N, …) would broadcast
            raise CourseError(
                f"real examples have shape {tuple(real.shape)} and fake ones {tuple(fake.shape)}: expected the same "
                "shape, because each penalised point lies between one real and one fake example."
            )
        t = torch.rand(len(real), *[1] * (real.ndim - 1), device=real.device, dtype=real.dtype)
        # √a has an infinite slope at a = 0, where a critic that is flat would get NaN for a gradient.
        norm = (squared_gradient_norm(critic, torch.lerp(real, fake, t)) + 1e-12).sqrt()
        return self.gamma * (norm - 1).square().mean()


@dataclass(frozen=True)
class WeightClip:
    """A constraint: after each step each weight of D is cut to [−limit, limit] (Arjovsky et al. 2017, algorithm 1).

    It bounds the slope of D by some number, which depends on the network, not by 1.
    """

    limit: float = 0.01

    def __post_init__(self):
        if not (isinstance(self.limit, int | float) and 0 < self.limit < math.inf):
            raise CourseError(f"limit={self.limit!r}: use a finite number above 0; 0.01 is the paper's.")

    @torch.no_grad()
    def __call__(self, discriminator: nn.Module) -> None:
        for p in discriminator.parameters():
            p.clamp_(-self.limit, self.limit)


def squared_gradient_norm(critic: Critic, images: Tensor) -> Tensor:
    """‖∇ₓ critic(x)‖² for each image, ``(N,)``, itself differentiable by the critic's weights."""
    images = images.detach().requires_grad_(True)
    with torch.enable_grad():
        logits = critic(images)
        (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
    return gradient.square().flatten(1).sum(1)
