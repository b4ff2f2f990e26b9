"""What GANs and VAEs are trained on: losses, penalties and constraints by name, and the bounds of a VAE (``elbo``)."""

from course_lib.losses.constraints import CONSTRAINTS, WeightClip
from course_lib.losses.contracts import (
    BareConstraint,
    BareLoss,
    BarePenalty,
    BareView,
    Constraint,
    Critic,
    Loss,
    Penalty,
    View,
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
    "BareConstraint",
    "BareLoss",
    "BarePenalty",
    "BareView",
    "Constraint",
    "Critic",
    "GradientPenalty",
    "Hinge",
    "LeastSquares",
    "Loss",
    "Minimax",
    "NonSaturating",
    "Penalty",
    "Relativistic",
    "View",
    "Wasserstein",
    "WeightClip",
    "decision_threshold",
    "fact",
    "squared_gradient_norm",
]
