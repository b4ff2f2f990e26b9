"""GAN losses as functions of logits. σ(logit) is the discriminator's probability of "real".

Each loss gives ``d(real_logits, fake_logits)`` for the discriminator and ``g(real_logits, fake_logits)`` for the
generator, both scalars to *minimise*; logits are ``(N, 1)``. A loss whose ``g`` does not look at the real logits
says so with ``g_needs_real = False`` and may be given None for them.

With softplus(a) = log(1 + eᵃ): −log σ(a) = softplus(−a) and −log(1 − σ(a)) = softplus(a), which never overflows.
The least-squares, hinge and Wasserstein losses do not read the logit as a log-odds: there it is a plain score, and σ of
it means nothing. Each docstring names the best scores for given densities, p of real and q of generated examples;
notebook 02 finds them by descent on a table of scores.
"""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor
from torch.nn.functional import relu, softplus

from course_lib.errors import CourseError


@dataclass(frozen=True)
class _Standard:
    """The discriminator's side of the game of Goodfellow et al. 2014, equation 1, with the sign for minimising.

    real_label: below 1, one-sided label smoothing (Salimans et al. 2016, section 3.4): real examples are to get the
    probability ``real_label``, usually 0.9, so that the discriminator is never asked to be certain.

    The best logit is log(p/q), so D = p/(p + q) (Goodfellow et al. 2014, proposition 1); smoothed, D = a·p/(p + q).
    """

    g_needs_real: ClassVar[bool] = False
    real_label: float = 1.0

    def __post_init__(self):
        if not (isinstance(self.real_label, int | float) and 0.5 < self.real_label <= 1):
            raise CourseError(f"real_label={self.real_label!r}: use a probability above 0.5, up to 1; 0.9 is usual.")

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """−E[a·log D(x) + (1 − a)·log(1 − D(x))] − E[log(1 − D(G(z)))] with a = ``real_label``."""
        _check(real_logits, fake_logits)
        real = softplus(-real_logits) + (1 - self.real_label) * real_logits  # as softplus(a) = softplus(−a) + a
        return real.mean() + softplus(fake_logits).mean()


@dataclass(frozen=True)
class Minimax(_Standard):
    """The minimax (saturating) game: G minimises E[log(1 − D(G(z)))] (Goodfellow et al. 2014, equation 1).

    The derivative of G's loss by a fake logit is −D: where D is sure (D ≈ 0) nothing is left to learn from.
    """

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        return -softplus(fake_logits).mean()


@dataclass(frozen=True)
class NonSaturating(_Standard):
    """G minimises −E[log D(G(z))] (Goodfellow et al. 2014, section 3, last paragraph).

    The derivative by a fake logit is −(1 − D): strongest where D is sure.
    """

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        return softplus(-fake_logits).mean()


@dataclass(frozen=True)
class LeastSquares:
    """D pulls real scores to 1 and fake ones to 0, G pulls fake ones to 1 (Mao et al. 2017, equation 9).

    The best score is p/(p + q) itself, without a sigmoid. The derivative of G's loss by a fake score is score − 1: it
    grows with the distance from the target, and turns round beyond it.
    """

    g_needs_real: ClassVar[bool] = False

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        _check(real_logits, fake_logits)
        return 0.5 * ((real_logits - 1).square().mean() + fake_logits.square().mean())

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        return 0.5 * (fake_logits - 1).square().mean()


@dataclass(frozen=True)
class Hinge:
    """D is content with real scores above 1 and fake ones below −1 (Lim, Ye 2017; Miyato et al. 2018, eq. 16, 17).

    The best score is 1 where p > q and −1 where p < q. G's derivative is −1 whatever D thinks.
    """

    g_needs_real: ClassVar[bool] = False

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        _check(real_logits, fake_logits)
        return relu(1 - real_logits).mean() + relu(1 + fake_logits).mean()

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        return -fake_logits.mean()


@dataclass(frozen=True)
class Wasserstein:
    """If no slope of D exceeds 1, −L_D is at most the Wasserstein-1 distance, and equal to it for the best such D
    (Arjovsky et al. 2017, equation 2).

    Nothing here bounds the slope, and without a bound there is no best D: add ``penalties.GradientPenalty`` or the
    constraint ``penalties.WeightClip``, and give D several steps for each of G's (``Game(d_steps=5)``). Each derivative
    is ±1 everywhere: the loss never saturates.
    """

    g_needs_real: ClassVar[bool] = False

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        _check(real_logits, fake_logits)
        return fake_logits.mean() - real_logits.mean()

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        return -fake_logits.mean()


@dataclass(frozen=True)
class Relativistic:
    """Each fake is compared with a real one: softplus(−(D(x) − D(G(z)))) (Jolicoeur-Martineau 2019; Huang et al.
    2024, "R3GAN", equation 2, there with the signs of a value to be maximised).

    Only differences count: the best score is log(p/q) plus any constant. Use with penalties R1 and R2: alone it need
    not converge (Huang et al. 2024).
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
