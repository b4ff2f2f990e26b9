"""What the checks ask of an answer that is to be trained through: a loss's value and its slopes.

They are asked for at ordinary and at extreme logits, for batches of several sizes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import torch
from torch import Tensor

from course_lib.learn.exercises import AnswerRaised
from course_lib.learn.numbers import gap, near, wrong_value

Inputs: TypeAlias = Mapping[str, Tensor]
At: TypeAlias = Callable[[list[Tensor]], tuple[object, Tensor, Inputs]]  # logits → answer's loss, right loss, leaves


def gradients(value: Tensor, inputs: Inputs) -> dict[str, Tensor | None]:
    """The gradient of a scalar by each of ``inputs``.

    Args:
        value: the scalar.
        inputs: name → what it was computed from, which asks for gradients.

    Returns:
        Name → gradient, of the input's shape; None where the value does not depend on it.
    """
    found: Sequence[Tensor | None] = [None] * len(inputs)
    if value.requires_grad:
        found = torch.autograd.grad(value, list(inputs.values()), allow_unused=True, retain_graph=True)
    return dict(zip(inputs, found, strict=True))


def input_without_gradient(value: Tensor, inputs: Inputs) -> str | None:
    """The name of the first input that no slope of ``value`` reaches, None when all are reached.

    Args:
        value: a scalar.
        inputs: name → what it was computed from, which asks for gradients.
    """
    return next((name for name, slope in gradients(value, inputs).items() if slope is None), None)


def scalar(value: object, whose: str = "the loss") -> Tensor:
    """The answer's loss, a real tensor with one finite number, as ().

    Args:
        value: what the learner's function returned.
        whose: it is, for the sentence.

    Raises:
        AssertionError: with the sentence for the learner.
    """
    assert isinstance(value, Tensor), (
        f"{whose} is a {type(value).__name__}, expected a tensor with one number: a float has lost its gradient"
    )
    assert value.numel() == 1, (
        f"{whose} has the shape {tuple(value.shape)}, expected one number: take the mean over the batch"
    )
    assert value.is_floating_point(), f"{whose} has the type {value.dtype}, expected floats"
    assert torch.isfinite(value).all(), (
        f"{whose} is not finite (it is {value.item()}): use softplus or logsigmoid, not the logarithm of a sigmoid"
    )
    return value.reshape(())


def wrong_gradient(value: Tensor, right: Tensor, inputs: Inputs, whose: str = "the loss") -> str | None:
    """None when the slopes of ``value`` by each of ``inputs`` are those of ``right``; else which one is not.

    Args:
        value: the answer's loss.
        right: the right one, which depends on each of the inputs.
        inputs: name → what both were computed from.
        whose: the value is, for the sentence.
    """
    got, expected = gradients(value, inputs), gradients(right, inputs)
    for name, slope in expected.items():
        mine = got[name]
        if mine is None:
            return f"the number is right, but no gradient reaches the {name}: do not detach or convert them"
        if not torch.isfinite(mine).all():
            return f"the slope of {whose} by the {name} is not finite: the logarithm of a sigmoid has none there"
        assert slope is not None  # as the right loss depends on it
        if not near(mine.double(), slope.double(), 1e-4):
            return f"the number is right, but not the slope of {whose} by the {name}: {gap(mine, slope)}"
    return None


def wrong_loss(
    answer: Callable[..., object],
    right: Callable[..., Tensor],
    known: Mapping[str, Callable[..., Tensor]],
    inputs: Inputs,
    sizes: Sequence[Sequence[int]] = (),
    whose: str = "the loss",
) -> str | None:
    """None when ``answer(*inputs)`` has the value and the slopes of ``right``: as given, at ±1000, and at ``sizes``.

    Args:
        answer: the learner's function of the inputs.
        right: the right one.
        known: sentence → the loss that this mistake makes, a function of the same inputs.
        inputs: name → (N, 1), as in "real logits".
        sizes: other batches to try, one size an input. Where they differ, an answer that refuses them by an error is
            not wrong (a pair has two), one that gives another number is.
        whose: the answer's value is, for the sentence.
    """

    def at(logits: list[Tensor]) -> tuple[object, Tensor, Inputs]:
        leaves = {name: x.detach().clone().requires_grad_() for name, x in zip(inputs, logits, strict=True)}
        # The answer gets views, not the leaves: whatever it does to them in place has a slope, or changes a copy.
        return answer(*(x * 1.0 for x in leaves.values())), right(*leaves.values()), leaves

    value, expected, leaves = at([*inputs.values()])
    value = scalar(value, whose)
    found = {sentence: loss(*inputs.values()) for sentence, loss in known.items()}
    wrong = wrong_value(value, expected, found, f"on the test logits {whose} is wrong")
    if wrong := wrong or wrong_gradient(value, expected, leaves, whose):
        return wrong
    return _extreme(at, len(inputs), whose) or next(
        (wrong for size in sizes if (wrong := _other_size(at, [*inputs.values()], size, whose))), None
    )


def _extreme(at: At, count: int, whose: str) -> str | None:
    ends = torch.tensor([[1000.0], [-1000.0], [60.0], [-2.0]])
    for logits in ([ends] * count, [ends if i % 2 else -ends for i in range(count)]):
        value, expected, leaves = at(logits)
        assert isinstance(value, Tensor) and value.numel() == 1, f"with logits of ±1000 {whose} is no longer one number"
        if not near(value.detach().double().reshape(()), expected.detach().double()):
            return (
                f"right for small logits, but with logits of ±1000 {whose} is wrong ({gap(value, expected)}): a "
                "sigmoid rounds to 0 or 1 there, so that its logarithm is lost, and e^1000 overflows; softplus, "
                "logsigmoid and BCE with logits work on the logits themselves"
            )
        if wrong := wrong_gradient(value.reshape(()), expected, leaves, whose):
            return f"with logits of ±1000: {wrong}"
    return None


def _other_size(at: At, logits: Sequence[Tensor], size: Sequence[int], whose: str) -> str | None:
    batch = [torch.linspace(-2, 1.5 + i, n)[:, None] for i, n in enumerate(size)]
    uneven = len(set(size)) > 1
    words = "with unequal numbers, " + " and ".join(map(str, size)) if uneven else f"with a batch of {size[0]}"
    try:
        value, expected, leaves = at(batch)
        value = scalar(value, whose)
    except (AnswerRaised, AssertionError) as error:
        return None if uneven else f"{words} instead of {len(logits[0])}: {error}"
    if near(value.detach().double(), expected.detach().double()):
        return wrong_gradient(value, expected, leaves, whose)
    remedy = "take the mean of each part, then add" if uneven else "does it know the size beforehand?"
    return f"{words} instead of {len(logits[0])}, {whose} is wrong ({gap(value, expected)}): {remedy}"
