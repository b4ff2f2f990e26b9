"""GAN losses as functions of logits. σ(logit) is the discriminator's probability of "real".

Each loss gives ``d(real_logits, fake_logits)`` for the discriminator and ``g(real_logits, fake_logits)`` for the
generator, both scalars to *minimise*; logits are ``(N, 1)``. A loss whose ``g`` does not look at the real logits
says so with ``g_needs_real = False`` and may be given None for them.

With softplus(a) = log(1 + eᵃ): −log σ(a) = softplus(−a) and −log(1 − σ(a)) = softplus(a), which never overflows.
"""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor
from torch.nn.functional import softplus

from course_lib.errors import CourseError


def _standard_d(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """−E[log D(x)] − E[log(1 − D(G(z)))]: Goodfellow et al. 2014, equation 1, with the sign for minimising."""
    _check(real_logits, fake_logits)
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


@dataclass(frozen=True)
class Minimax:
    """The minimax (saturating) game: G minimises E[log(1 − D(G(z)))] (Goodfellow et al. 2014, equation 1).

    The derivative of G's loss by a fake logit is −D: where D is sure (D ≈ 0) nothing is left to learn from.
    """

    g_needs_real: ClassVar[bool] = False

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return _standard_d(real_logits, fake_logits)

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        return -softplus(fake_logits).mean()


@dataclass(frozen=True)
class NonSaturating:
    """G minimises −E[log D(G(z))] (Goodfellow et al. 2014, section 3, last paragraph).

    The derivative by a fake logit is −(1 − D): strongest where D is sure.
    """

    g_needs_real: ClassVar[bool] = False

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return _standard_d(real_logits, fake_logits)

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        return softplus(-fake_logits).mean()


@dataclass(frozen=True)
class Relativistic:
    """Each fake is compared with a real one: softplus(−(D(x) − D(G(z)))) (Jolicoeur-Martineau 2019; R3GAN 2024, eq. 2).

    Use with penalties R1 and R2: alone it need not converge.
    """

    g_needs_real: ClassVar[bool] = True

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        _check(real_logits, fake_logits)
        return softplus(fake_logits - real_logits).mean()

    def g(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        _check(real_logits, fake_logits)
        return softplus(real_logits - fake_logits).mean()


def _check(real_logits: Tensor, fake_logits: Tensor) -> None:
    if real_logits.shape != fake_logits.shape:
        # (N, 1) against (N,) would broadcast to (N, N) without a word.
        raise CourseError(
            f"real logits have shape {tuple(real_logits.shape)} and fake logits {tuple(fake_logits.shape)}: "
            "expected the same shape (N, 1); a discriminator of this course returns (N, 1)."
        )
