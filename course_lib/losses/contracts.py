"""What a game asks of its parts: a loss, penalties, views of the examples, constraints on D's weights.

Each contract is a Protocol. A part of one's own needs no base class, and no more than what a ``Bare…`` type demands:
``d`` and ``g`` of a loss, a call of the others. All else are *facts* about the part, with what is assumed where it says
nothing; so nobody who asks for a fact by :func:`fact` need know the parts by name. A part that derives from its
contract has these assumptions as its own.

A part in its folder's table (``LOSSES``, ``PENALTIES``, ``CONSTRAINTS``, ``training.views.VIEWS``) is found by its name
in games on toys, in the playground and the explorer of logits, and is tried by the tests of what must hold of all.
"""

from collections.abc import Callable, Mapping
from typing import ClassVar, Literal, Protocol, TypeAlias, overload

import torch
from torch import Tensor, nn

Critic: TypeAlias = Callable[[Tensor], Tensor]  # examples (N, …) → logits (N, 1)

PenaltyLike: TypeAlias = Callable[[Critic, Tensor, Tensor], Tensor]
ViewLike: TypeAlias = Callable[[Tensor, int], Tensor]
ConstraintLike: TypeAlias = Callable[[nn.Module], None]


class LossLike(Protocol):
    """The least that a loss can be: what each player pays for a batch, to be *minimised*; see :class:`Loss`."""

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """The discriminator's loss, a scalar.

        Args:
            real_logits, fake_logits: ``(N, 1)``, of real and of generated examples.
        """

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        """The generator's loss, a scalar.

        Args:
            real_logits, fake_logits: ``(N, 1)``; None for real ones that the loss does not need.
        """


class Loss(LossLike, Protocol):
    """A GAN loss as two functions of logits, and what others need to know of it.

    Attributes:
        name: what it is called in tables and menus.
        d_formula, g_formula: what is paid for a pair of logits r (real) and f (fake), in Python.
        log_odds: whether the best logit is log(p/q) for one image alone, so that σ(logit) is the probability of "real".
            Where it is not, the logit is a plain score, and σ of it means nothing.
        g_needs_real: whether ``g`` looks at the real logits; if not, it may be given None for them.
        shift_invariant: whether the best scores stay the best with any number added to all of them.
    """

    name: ClassVar[str] = ""
    d_formula: ClassVar[str] = ""
    g_formula: ClassVar[str] = ""
    log_odds: ClassVar[bool] = False
    g_needs_real: ClassVar[bool] = True
    shift_invariant: ClassVar[bool] = False

    def d(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """The discriminator's loss, a scalar.

        Args:
            real_logits, fake_logits: ``(N, 1)``, of real and of generated examples.
        """

    def g(self, real_logits: Tensor | None, fake_logits: Tensor) -> Tensor:
        """The generator's loss, a scalar.

        Args:
            real_logits, fake_logits: ``(N, 1)``; None for real ones unless ``g_needs_real``.
        """

    def best_score(self, p: Tensor, q: Tensor) -> Tensor | None:
        """D's best scores, of the densities' shape; None where there is no best D.

        Notebook 02 finds them by descent on a table of scores.

        Args:
            p, q: densities of real and of generated examples at the same places, of one shape.
        """
        return None


class ToyPresets(Protocol):
    """A part that can be chosen as a cure of a game on toys.

    Attributes:
        name: what it is called in tables and menus.
    """

    name: ClassVar[str] = ""

    @classmethod
    def toy_presets(cls, size: float) -> Mapping[str, tuple[object, ...]]:
        """The cures that it makes of a game on toys, at the strength for their data.

        Args:
            size: of the data: the standard deviation of the mixture's centres.

        Returns:
            What a cure is called → the parts that it needs.
        """
        return {cls.name: (cls(),)}


class Penalty(ToyPresets, Protocol):
    """A term added to the discriminator's loss.

    Attributes:
        name: what it is called in tables and menus.
        every: it is computed each so many steps, and then weighted as much more (Karras et al. 2020, section 3.1).
    """

    name: ClassVar[str] = ""
    every: int = 1

    def __call__(self, critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
        """What is paid, a scalar.

        Args:
            critic: examples → logits.
            real, fake: examples ``(N, …)`` without gradients; for packs of k, ``(N / k, k, …)``: each row is what one
                logit comes from.
        """

    def at_gradient_norm(self, slope: float) -> float | None:
        """What is paid where the slope is the same everywhere, as on a linear critic; None where more than it matters.

        Args:
            slope: the length of a logit's slope by all that the logit comes from.
        """
        return None


class View(ToyPresets, Protocol):
    """What the discriminator is shown instead of the bare examples, real and generated alike.

    Attributes:
        name: what it is called in tables and menus.
    """

    name: ClassVar[str] = ""

    @property
    def pack_size(self) -> int:
        """How many consecutive examples are judged together after it."""
        return 1

    def __call__(self, x: Tensor, step: int) -> Tensor:
        """What is shown, ``(N / pack_size, …)``.

        Gradients flow back through it; its random numbers come from torch's global generator, which a game seeds for
        each step.

        Args:
            x: examples ``(N, …)``.
            step: how many steps were made.
        """


class Constraint(ToyPresets, Protocol):
    """What happens to the discriminator's weights after each of its steps.

    Attributes:
        name: what it is called in tables and menus.
    """

    name: ClassVar[str] = ""

    def __call__(self, discriminator: nn.Module) -> None:
        """Change the weights in place, without gradients.

        Args:
            discriminator: whose weights they are.
        """


@overload
def fact(part: object, name: Literal["name", "d_formula", "g_formula"]) -> str: ...


@overload
def fact(part: object, name: Literal["log_odds", "g_needs_real", "shift_invariant"]) -> bool: ...


@overload
def fact(part: object, name: Literal["every", "pack_size"]) -> int: ...


def fact(part: object, name: str) -> object:
    """What ``part`` says of itself under ``name``, or what its contract assumes.

    Args:
        part: a loss, penalty, view or constraint; it need not derive from its contract.
        name: one of the attributes that the contracts list.

    Example:
        >>> from course_lib.losses import fact
        >>> fact(object(), "log_odds"), fact(object(), "every")
        (False, 1)
    """
    contract = next(contract for contract in (Loss, Penalty, View, Constraint) if hasattr(contract, name))
    assumed = getattr(contract, name)
    return getattr(part, name, assumed.__get__(part) if isinstance(assumed, property) else assumed)


def decision_threshold(loss: LossLike) -> float | None:
    """The score above which D's best answer is "real": the best one where both kinds of examples are equally dense.

    0 for a log-odds and the hinge, ½ for least squares, log(a/(2 − a)) for labels smoothed to a.

    Args:
        loss: one of the course's or one's own.

    Returns:
        None where there is no such number: where the best scores may all be moved, where there is no best D, and for a
        loss of one's own that does not give its ``best_score``.
    """
    best, equal = getattr(loss, "best_score", None), torch.ones(1)
    score = None if best is None or fact(loss, "shift_invariant") else best(equal, equal)
    return None if score is None else score.item()
