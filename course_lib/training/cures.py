"""Games that change what the generator pays, ``Game.g_loss``: unrolling and feature matching.

The other cures are parts that any game takes: a loss, penalties, views (packing, noise, augmentation), constraints
(weight clipping), layers of the discriminator (spectral norm, minibatch statistics), two step sizes, the average.
"""

import copy
from collections.abc import Callable, Iterable
from typing import Protocol, Unpack, cast

import torch
from torch import Tensor, nn
from torch.func import functional_call

from course_lib.errors import CourseError, check_number
from course_lib.losses import LossLike, PenaltyLike
from course_lib.training.batch import Batch
from course_lib.training.game import Game
from course_lib.training.settings import GameSettings, described


class UnrolledGame(Game):
    """Unrolled GAN (Metz et al. 2017): G is trained against the discriminator as it would be some steps later.

    The gradient flows back through those steps (here plain gradient steps of size ``inner_lr``).

    Args:
        generator, discriminator, loss, penalties, settings: as for a ``Game``.
        unroll: how many steps it looks ahead, at least 1.
        inner_lr: their size, above 0.

    Raises:
        CourseError: for each of these that makes no game.
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        loss: LossLike | str | None = None,
        penalties: Iterable[PenaltyLike] | None = (),
        *,
        unroll: int = 5,
        inner_lr: float = 1e-2,
        **settings: Unpack[GameSettings],
    ):
        super().__init__(generator, discriminator, loss, penalties, **settings)
        self.unroll = int(
            check_number("unroll", unroll, lambda v: v >= 1, "a whole number of steps, at least 1", whole=True)
        )
        self.inner_lr = check_number("inner_lr", inner_lr, lambda v: v > 0, "a finite step size above 0, such as 1e-2")

    def g_loss(self, batch: Batch) -> Tensor:
        """What the generator pays against the discriminator as it would be, a scalar.

        Args:
            batch: real and fake examples.
        """
        real, fake = batch.both()
        # Buffers (batch norm, spectral norm) are copied: looking ahead must not change the real discriminator.
        ahead = copy.deepcopy(self.discriminator)
        weights = {name: p.detach().clone().requires_grad_(True) for name, p in ahead.named_parameters()}

        def later(*inputs: Tensor) -> Tensor:
            return functional_call(ahead, weights, inputs)

        def logits(x: Tensor, labels: Tensor | None = None) -> Tensor:
            return self.call_discriminator(later, self.apply_views(x), labels)

        for _ in range(self.unroll):
            loss = self.loss.d(logits(real, batch.labels), logits(fake))
            gradients = torch.autograd.grad(loss, list(weights.values()), create_graph=True)
            weights = {name: w - self.inner_lr * g for (name, w), g in zip(weights.items(), gradients, strict=True)}
        return self.loss.g(logits(real, batch.labels), logits(fake))

    def settings(self) -> dict[str, str]:
        """What this game was built with, in words: as a ``Game``'s, and how far it looks ahead.

        Returns:
            What a setting is called → its value.
        """
        return super().settings() | {
            "unroll": described(self.unroll),
            "inner_lr": described(self.inner_lr),
        }


class HasFeatures(Protocol):
    """A discriminator whose last hidden layer can be asked for: ``(N, features)``."""

    features: Callable[[Tensor], Tensor]


class FeatureMatchingGame(Game):
    """G makes the mean of D's features equal on real and generated examples: ‖E f(x) − E f(G(z))‖².

    (Salimans et al. 2016, section 3.1.)

    Args:
        generator, loss, penalties, settings: as for a ``Game``; the loss is the discriminator's.
        discriminator: with a method ``features`` (all of the course's have one).

    Raises:
        CourseError: for a discriminator without, and for what makes no game.
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        loss: LossLike | str | None = None,
        penalties: Iterable[PenaltyLike] | None = (),
        **settings: Unpack[GameSettings],
    ):
        if not hasattr(discriminator, "features"):
            raise CourseError(
                f"{type(discriminator).__name__} has no method 'features', which feature matching compares: add one "
                "that returns its last hidden layer, (N, features)."
            )
        super().__init__(generator, discriminator, loss, penalties, **settings)

    def g_loss(self, batch: Batch) -> Tensor:
        """The squared distance of the two means, a scalar.

        Args:
            batch: real and fake examples.
        """
        real, fake = batch.both()
        features = cast(HasFeatures, self.discriminator).features  # __init__ saw that there are some
        with torch.no_grad():
            target = features(self.apply_views(real)).mean(0)
        return (features(self.apply_views(fake)).mean(0) - target).square().sum()
