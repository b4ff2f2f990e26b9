"""What GANs and VAEs are trained on: losses, penalties and constraints by name, and the bounds of a VAE (``elbo``)."""

from course_lib.losses.constraints import CONSTRAINTS, WeightClip
from course_lib.losses.contracts import (
    Constraint,
    ConstraintLike,
    Critic,
    Loss,
    LossLike,
    Penalty,
    PenaltyLike,
    View,
    ViewLike,
    decision_threshold,
    fact,
)
from course_lib.losses.gan import LOSSES, Hinge, LeastSquares, Minimax, NonSaturating, Relativistic, Wasserstein
from course_lib.losses.penalties import PENALTIES, R1, R2, GradientPenalty, squared_gradient_norm

__all__ = [
    "CONSTRAINTS",
    "LOSSES",
    "PENALTIES",
    "R1",
    "R2",
    "Constraint",
    "ConstraintLike",
    "Critic",
    "GradientPenalty",
    "Hinge",
    "LeastSquares",
    "Loss",
    "LossLike",
    "Minimax",
    "NonSaturating",
    "Penalty",
    "PenaltyLike",
    "Relativistic",
    "View",
    "ViewLike",
    "Wasserstein",
    "WeightClip",
    "decision_threshold",
    "fact",
    "squared_gradient_norm",
]
