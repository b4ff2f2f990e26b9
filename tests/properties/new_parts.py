"""What somebody would write to add a part: the source of one file for each kind, under the part's name there."""

SOURCES = {
    "loss": '''
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import softplus

from course_lib.errors import CourseError
from course_lib.losses import Loss


@dataclass(frozen=True)
class Leaning(Loss):
    """The standard game in which real examples count three times: the best logit is log(3p/q)."""

    name: ClassVar[str] = "leaning"
    d_formula: ClassVar[str] = "3 * softplus(-r) + softplus(f)"
    g_formula: ClassVar[str] = "softplus(-f)"
    g_needs_real: ClassVar[bool] = False

    def best_score(self, p: Tensor, q: Tensor) -> Tensor:
        return torch.log(3 * p) - torch.log(q)

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        if real_logits.shape != fake_logits.shape:
            raise CourseError(f"{tuple(real_logits.shape)} and {tuple(fake_logits.shape)} differ: use equal shapes.")
        return 3 * softplus(-real_logits).mean() + softplus(fake_logits).mean()

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        return softplus(-fake_logits).mean()
''',
    "penalty": '''
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from course_lib.losses import Critic, Penalty, squared_gradient_norm


@dataclass(frozen=True)
class Steep(Penalty):
    """The fourth power of the slope on real examples."""

    name: ClassVar[str] = "steep"

    def __call__(self, critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
        return 0.1 * squared_gradient_norm(critic, real).square().mean()

    def at_gradient_norm(self, slope: float) -> float:
        return 0.1 * slope**4
''',
    "view": '''
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from course_lib.losses import View


@dataclass(frozen=True)
class Brighter(View):
    """Each example multiplied by a number of its own."""

    name: ClassVar[str] = "brighter"

    def __call__(self, x: Tensor, step: int) -> Tensor:
        return x * (1 + 0.5 * torch.rand(len(x), *[1] * (x.ndim - 1), device=x.device))
''',
    "explainer": '''
from course_lib.explain import FunctionAttribution, gradient


def weighted(model, target, images, *, output=None):
    """The gradient, times how far each pixel is from black."""
    return (images + 1) * gradient(model, target, images, output=output)


part = FunctionAttribution("weighted", weighted, uses_gradients=True)
''',
    "metric": '''
from course_lib.metrics import FunctionMetric
from course_lib.metrics.frechet import checked_pair


def between_means(a, b):
    """How far the means of two clouds are apart."""
    a, b = checked_pair(a, b)
    return (a.mean(0) - b.mean(0)).norm().item()


part = FunctionMetric("means", between_means)
''',
}
NAMES = {"loss": "leaning", "penalty": "steep", "view": "brighter", "explainer": "weighted", "metric": "means"}
