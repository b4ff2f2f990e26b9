"""Games that change one of ``Game``'s small steps: unrolling and feature matching.

The other cures are parts that any game takes: a loss, penalties, views (packing, noise, augmentation), constraints
(weight clipping), layers of the discriminator (spectral norm, minibatch statistics), two step sizes, the average.
"""

import copy

import torch
from torch import Tensor
from torch.func import functional_call

from course_lib.errors import CourseError, number
from course_lib.training.game import Game
from course_lib.training.optimisers import frozen
from course_lib.training.settings import described


class UnrolledGame(Game):
    """Unrolled GAN (Metz et al. 2017): G is trained against the discriminator as it would be ``unroll`` steps later,
    and the gradient flows back through those steps (here plain gradient steps of size ``inner_lr``).
    """

    def __init__(self, *args, unroll: int = 5, inner_lr: float = 1e-2, **settings):
        super().__init__(*args, **settings)
        self.unroll = number("unroll", unroll, lambda v: v >= 1, "a whole number of steps, at least 1", whole=True)
        self.inner_lr = number("inner_lr", inner_lr, lambda v: v > 0, "a finite step size above 0, such as 1e-2")

    def g_step(self, real: Tensor, fake: Tensor) -> Tensor:
        # Buffers (batch norm, spectral norm) are copied: looking ahead must not change the real discriminator.
        ahead = copy.deepcopy(self.discriminator)
        weights = {name: p.detach().clone().requires_grad_(True) for name, p in ahead.named_parameters()}

        def logits(x: Tensor) -> Tensor:
            return functional_call(ahead, weights, (self.seen(x),))

        for _ in range(self.unroll):
            loss = self.loss.d(logits(real), logits(fake))
            gradients = torch.autograd.grad(loss, list(weights.values()), create_graph=True)
            weights = {name: w - self.inner_lr * g for (name, w), g in zip(weights.items(), gradients, strict=True)}
        loss = self.loss.g(logits(real), logits(fake))
        self._update(self.optimiser_g, loss)
        return loss

    def settings(self) -> dict[str, str]:
        return super().settings() | {"unroll": described(self.unroll), "inner_lr": described(self.inner_lr)}


class FeatureMatchingGame(Game):
    """G makes the mean of D's features equal on real and generated examples: ‖E f(x) − E f(G(z))‖² (Salimans et al.
    2016, section 3.1). The discriminator needs a method ``features`` (all of the course's have one).
    """

    def __init__(self, generator, discriminator, *args, **settings):
        if not hasattr(discriminator, "features"):
            raise CourseError(
                f"{type(discriminator).__name__} has no method 'features', which feature matching compares: add one "
                "that returns its last hidden layer, (N, features)."
            )
        super().__init__(generator, discriminator, *args, **settings)

    def g_step(self, real: Tensor, fake: Tensor) -> Tensor:
        features = self.discriminator.features
        with frozen(self.discriminator):
            with torch.no_grad():
                target = features(self.seen(real)).mean(0)
            loss = (features(self.seen(fake)).mean(0) - target).square().sum()
            self._update(self.optimiser_g, loss)
        return loss
