"""What a trainer may be built with, and what happens when it goes on from the checkpoint of one with other settings.

A setting is either **applied** or **refused by name**, never dropped in silence:

- applied, with one warning that names old and new: what the next step can simply use. Step sizes, betas, weight decay
  and other options of the optimiser, the schedule, the loss, penalties, views, constraints, the decay of the average,
  the kind of generator step (``UnrolledGame`` …) and its numbers, a VAE's ``binary``, a classifier's ``shift``.
- refused: what the saved state does not fit. The networks, the class of an optimiser (its averages mean something
  else), ``batch`` and ``d_steps`` (they say which example comes next), a classifier's ``lr`` and ``total`` (its one
  cycle was planned with them); seed and data, as soon as it trains.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from typing import TypedDict, TypeVar

from torch import Tensor, nn

from course_lib.errors import CourseError, check_number, check_whole_number, one_of
from course_lib.losses import LOSSES, ConstraintLike, LossLike, NonSaturating, PenaltyLike, ViewLike
from course_lib.training.batch import Batch, DiscriminatorCall
from course_lib.training.guides import GuideLike

P = TypeVar("P")


class GameSettings(TypedDict, total=False):
    """The settings of a ``Game`` that its kinds hand on; it says what they are."""

    views: Iterable[ViewLike] | None
    constraints: Iterable[ConstraintLike] | None
    call_discriminator: DiscriminatorCall
    g_terms: Iterable[Callable[[Batch], Tensor]] | None
    guide: GuideLike | None
    lr: float
    lr_d: float | None
    betas: Sequence[float]
    optimiser: str
    schedule: Callable[[int], float] | None
    batch: int
    d_steps: int
    ema: float


class PenalisedSettings(GameSettings, total=False):
    """The same, where the penalties are given by name, too."""

    penalties: Iterable[PenaltyLike] | None


def check_settings(lr: dict[str, float], counts: dict[str, int]) -> None:
    """Refuse step sizes that are not above 0 and counts that are not whole numbers of at least 1.

    Args:
        lr: what a step size is called → what was given.
        counts: what a count is called → what was given.

    Raises:
        CourseError: naming the first that is none.
    """
    for name, rate in lr.items():
        check_number(name, rate, lambda v: v > 0, "a finite step size above 0, such as 1e-3")
    for name, count in counts.items():
        check_whole_number(name, count)


def checked_network(what: str, value: object) -> nn.Module:
    """``value``, if it is a network.

    Args:
        what: it is to be, for the sentence: "discriminator", say.
        value: what was given.

    Raises:
        CourseError: for anything else, such as a class of networks.
    """
    if not isinstance(value, nn.Module):
        called = f"the class {value.__name__}" if isinstance(value, type) else f"a {type(value).__name__}"
        raise CourseError(f"the {what} is {called}: use a network, such as MLP{what[0].upper()}{what[1:]}().")
    return value


def latent_size(value: object, what: str = "generator") -> int:
    """The length of the latents that ``value`` takes: a network that says it as its ``latent``.

    Args:
        value: what was given.
        what: it is to be, for the sentence.

    Raises:
        CourseError: for one that does not, and for anything else.
    """
    name = type(checked_network(what, value)).__name__
    if not hasattr(value, "latent"):
        raise CourseError(f"{name} has no attribute 'latent': set it, or use as_generator.")
    return check_whole_number(f"{name}.latent", value.latent)


def resolve_loss(value: LossLike | str | None) -> LossLike:
    """The loss that was meant: by name, by itself, or the default for None.

    Args:
        value: what was given.

    Raises:
        CourseError: for an unknown name, a class instead of an object, or what has no ``d`` and ``g``.
    """
    if value is None or isinstance(value, str):
        return NonSaturating() if value is None else LOSSES[one_of("loss", value, LOSSES)]()
    if isinstance(value, type) or not (callable(getattr(value, "d", None)) and callable(getattr(value, "g", None))):
        raise CourseError(f"loss={value!r} has no d and g to call: use a loss, such as NonSaturating(), or its name.")
    return value


def parts(what: str, value: Iterable[P] | None, example: str) -> tuple[P, ...]:
    """The penalties, views or constraints that were meant.

    Args:
        what: they are, for the sentence: "views", say.
        value: what was given; None is none of them.
        example: of one of them, for the sentence.

    Returns:
        All of them, in order.

    Raises:
        CourseError: for one that is not in a list, and for names and classes in it.
    """
    if isinstance(value, str) or not isinstance(value, Iterable | None):
        raise CourseError(f"{what}={value!r}: use a list, such as [{example}].")
    found = tuple(value or ())
    for part in found:
        if isinstance(part, type) or not callable(part):
            raise CourseError(f"{part!r} is none of the {what}: use objects such as {example}.")
    return found


def described(value: object) -> str:
    """A setting in words that are the same in another process: no addresses, no order of a set.

    Args:
        value: of the setting, whatever it is.
    """
    if isinstance(value, list | tuple):
        return f"({', '.join(map(described, value))})"
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    name = getattr(value, "__qualname__", type(value).__name__)
    if is_dataclass(value) and not isinstance(value, type):
        simple = {f.name: getattr(value, f.name) for f in fields(value)}
        simple = {
            k: v
            for k, v in simple.items()
            if v is None or callable(v) or isinstance(v, bool | int | float | str | tuple)
        }
        return f"{name}({', '.join(f'{k}={described(v)}' for k, v in simple.items())})"
    return name


def compare_settings(kind: str, mine: dict[str, str], saved: dict[str, str], fixed: Iterable[str]) -> str:
    """What is said when a ``kind`` with settings ``mine`` goes on from a checkpoint with ``saved``; empty: no change.

    Args:
        kind: of trainer, for the sentence.
        mine, saved: name → the setting in words.
        fixed: names of those that must not differ.

    Raises:
        CourseError: for the first of the ``fixed`` settings that differs.
    """
    changed = [name for name in mine if name in saved and mine[name] != saved[name]]
    for name in changed:
        if name in fixed:
            raise CourseError(
                f"the checkpoint was saved with {name}={saved[name]} and this {kind} has {mine[name]}: "
                "build it with the same, or train a new one from its first step."
            )
    said = ", ".join(f"{name}={mine[name]} (saved with {saved[name]})" for name in changed)
    return f"this {kind} goes on with {said}, as it was built." if changed else ""
