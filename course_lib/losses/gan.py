"""GAN losses as functions of logits: the six of the course, and the table that everything else finds them by.

Each gives ``d(real_logits, fake_logits)`` for the discriminator and ``g(real_logits, fake_logits)`` for the generator,
both scalars to *minimise*; logits are ``(N, 1)`` (see ``contracts.Loss``). To add one: a class here, and its name in
``LOSSES`` at the end.

With softplus(a) = log(1 + eᵃ): −log σ(a) = softplus(−a) and −log(1 − σ(a)) = softplus(a), which never overflows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from course_lib.errors import CourseError, check_number
from course_lib.losses.contracts import Loss


@dataclass(frozen=True)
class _Standard(Loss):
    """The discriminator's side of the game of Goodfellow et al. 2014, equation 1, with the sign for minimising.

    The best logit is log(p/q), so D = p/(p + q) (Goodfellow et al. 2014, proposition 1); smoothed, D = a·p/(p + q).

    Args:
        real_label: below 1, one-sided label smoothing (Salimans et al. 2016, section 3.4): real examples are to get the
            probability ``real_label``, usually 0.9, so that the discriminator is never asked to be certain.

    Raises:
        CourseError: for a label that is not above 0.5 and at most 1.
    """

    d_formula: ClassVar[str] = "softplus(-r) + (1 - real_label) * r + softplus(f)"
    log_odds: ClassVar[bool] = True
    g_needs_real: ClassVar[bool] = False
    real_label: float = 1.0

    def __post_init__(self) -> None:
        label = check_number(
            "real_label", self.real_label, lambda v: 0.5 < v <= 1, "a probability above 0.5, up to 1; 0.9 is usual"
        )
        self.__dict__.update(real_label=label)  # frozen

    def best_score(self, p: Tensor, q: Tensor) -> Tensor:
        """log(a·p) − log((1 − a)·p + q) with a = ``real_label``.

        Args:
            p, q: densities of real and of generated examples, of one shape.
        """
        return torch.log(self.real_label * p) - torch.log((1 - self.real_label) * p + q)

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """−E[a·log D(x) + (1 − a)·log(1 − D(x))] − E[log(1 − D(G(z)))] with a = ``real_label``.

        Args:
            real_logits, fake_logits: ``(N, 1)`` each.

        Raises:
            CourseError: for logits of two shapes.
        """
        _check_shapes(real_logits, fake_logits)
        real = softplus(-real_logits) + (1 - self.real_label) * real_logits  # as softplus(a) = softplus(−a) + a
        return real.mean() + softplus(fake_logits).mean()


@dataclass(frozen=True)
class Minimax(_Standard):
    """The minimax (saturating) game: G minimises E[log(1 − D(G(z)))] (Goodfellow et al. 2014, equation 1).

    The derivative of G's loss by a fake logit is −D: where D is sure (D ≈ 0) nothing is left to learn from.
    """

    name: ClassVar[str] = "minimax"
    g_formula: ClassVar[str] = "-softplus(f)"

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        """E[log(1 − D(G(z)))].

        Args:
            real_logits: not used; may be None.
            fake_logits: ``(N, 1)``.
        """
        return -softplus(fake_logits).mean()


@dataclass(frozen=True)
class NonSaturating(_Standard):
    """G minimises −E[log D(G(z))] (Goodfellow et al. 2014, section 3, last paragraph).

    The derivative by a fake logit is −(1 − D): strongest where D is sure.
    """

    name: ClassVar[str] = "non-saturating"
    g_formula: ClassVar[str] = "softplus(-f)"

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        """−E[log D(G(z))].

        Args:
            real_logits: not used; may be None.
            fake_logits: ``(N, 1)``.
        """
        return softplus(-fake_logits).mean()


@dataclass(frozen=True)
class LeastSquares(Loss):
    """D pulls real scores to 1 and fake ones to 0, G pulls fake ones to 1 (Mao et al. 2017, equation 9).

    The best score is p/(p + q) itself, without a sigmoid. The derivative of G's loss by a fake score is score − 1: it
    grows with the distance from the target, and turns round beyond it.
    """

    name: ClassVar[str] = "least squares"
    d_formula: ClassVar[str] = "((r - 1)**2 + f**2) / 2"
    g_formula: ClassVar[str] = "(f - 1)**2 / 2"
    g_needs_real: ClassVar[bool] = False

    def best_score(self, p: Tensor, q: Tensor) -> Tensor:
        """p/(p + q).

        Args:
            p, q: densities of real and of generated examples, of one shape.
        """
        return p / (p + q)

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """½ E[(D(x) − 1)²] + ½ E[D(G(z))²].

        Args:
            real_logits, fake_logits: ``(N, 1)`` each.

        Raises:
            CourseError: for logits of two shapes.
        """
        _check_shapes(real_logits, fake_logits)
        return 0.5 * ((real_logits - 1).square().mean() + fake_logits.square().mean())

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        """½ E[(D(G(z)) − 1)²].

        Args:
            real_logits: not used; may be None.
            fake_logits: ``(N, 1)``.
        """
        return 0.5 * (fake_logits - 1).square().mean()


@dataclass(frozen=True)
class Hinge(Loss):
    """D is content with real scores above 1 and fake ones below −1 (Lim, Ye 2017; Miyato et al. 2018, eq. 16, 17).

    The best score is 1 where p > q and −1 where p < q. G's derivative is −1 whatever D thinks.
    """

    name: ClassVar[str] = "hinge"
    d_formula: ClassVar[str] = "relu(1 - r) + relu(1 + f)"
    g_formula: ClassVar[str] = "-f"
    g_needs_real: ClassVar[bool] = False

    def best_score(self, p: Tensor, q: Tensor) -> Tensor:
        """1 where p > q, −1 where p < q, and 0 where they are equal.

        Args:
            p, q: densities of real and of generated examples, of one shape.
        """
        return torch.sign(p - q)

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """E[max(0, 1 − D(x))] + E[max(0, 1 + D(G(z)))].

        Args:
            real_logits, fake_logits: ``(N, 1)`` each.

        Raises:
            CourseError: for logits of two shapes.
        """
        _check_shapes(real_logits, fake_logits)
        return relu(1 - real_logits).mean() + relu(1 + fake_logits).mean()

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        """−E[D(G(z))].

        Args:
            real_logits: not used; may be None.
            fake_logits: ``(N, 1)``.
        """
        return -fake_logits.mean()


@dataclass(frozen=True)
class Wasserstein(Loss):
    """If no slope of D exceeds 1, −L_D is at most the Wasserstein-1 distance, and equal to it for the best such D.

    (Arjovsky et al. 2017, equation 2.)

    Nothing here bounds the slope, and without a bound there is no best D: add ``losses.GradientPenalty`` or the
    constraint ``losses.WeightClip``, and give D several steps for each of G's (``Game(d_steps=5)``). Each derivative
    is ±1 everywhere: the loss never saturates.
    """

    name: ClassVar[str] = "Wasserstein"
    d_formula: ClassVar[str] = "f - r"
    g_formula: ClassVar[str] = "-f"
    g_needs_real: ClassVar[bool] = False

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """E[D(G(z))] − E[D(x)].

        Args:
            real_logits, fake_logits: ``(N, 1)`` each.

        Raises:
            CourseError: for logits of two shapes.
        """
        _check_shapes(real_logits, fake_logits)
        return fake_logits.mean() - real_logits.mean()

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        """−E[D(G(z))].

        Args:
            real_logits: not used; may be None.
            fake_logits: ``(N, 1)``.
        """
        return -fake_logits.mean()


@dataclass(frozen=True)
class Relativistic(Loss):
    """Each fake is compared with a real one: softplus(−(D(x) − D(G(z)))).

    (Jolicoeur-Martineau 2019; Huang et al. 2024, "R3GAN", equation 2, there with the signs of a value to be maximised.)

    Only differences count: the best score is log(p/q) plus any constant. Use with penalties R1 and R2: alone it need
    not converge (Huang et al. 2024).
    """

    name: ClassVar[str] = "relativistic"
    d_formula: ClassVar[str] = "softplus(f - r)"
    g_formula: ClassVar[str] = "softplus(r - f)"
    g_needs_real: ClassVar[bool] = True
    shift_invariant: ClassVar[bool] = True

    def best_score(self, p: Tensor, q: Tensor) -> Tensor:
        """log(p/q).

        Args:
            p, q: densities of real and of generated examples, of one shape.
        """
        return torch.log(p) - torch.log(q)

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """E[softplus(D(G(z)) − D(x))].

        Args:
            real_logits, fake_logits: ``(N, 1)`` each.

        Raises:
            CourseError: for logits of two shapes.
        """
        _check_shapes(real_logits, fake_logits)
        return softplus(fake_logits - real_logits).mean()

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        """E[softplus(D(x) − D(G(z)))].

        Args:
            real_logits, fake_logits: ``(N, 1)`` each.

        Raises:
            CourseError: without real logits, and for logits of two shapes.
        """
        if real_logits is None:
            raise CourseError("the relativistic loss compares each fake logit with a real one: give g the real logits.")
        _check_shapes(real_logits, fake_logits)
        return softplus(real_logits - fake_logits).mean()


LOSSES: dict[str, Callable[..., Loss]] = {
    kind.name: kind for kind in (Minimax, NonSaturating, LeastSquares, Hinge, Wasserstein, Relativistic)
}


def _check_shapes(real_logits: Tensor, fake_logits: Tensor) -> None:
    if real_logits.shape != fake_logits.shape:
        # (N, 1) against (N,) would broadcast to (N, N) without a word.
        raise CourseError(
            f"real logits have shape {tuple(real_logits.shape)} and fake logits {tuple(fake_logits.shape)}: "
            "expected the same shape (N, 1); a discriminator of this course returns (N, 1)."
        )
