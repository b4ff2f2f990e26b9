"""The checks of lesson 14.5: a draw by an argmax, a draw with a slope, and four writers told apart by their numbers."""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import gap, near, table
from course_lib.models.letters import gumbel_noise, gumbel_softmax


def _noise(*shape: int, seed: int = 4) -> Tensor:
    return gumbel_noise(torch.randn(*shape, generator=torch.Generator().manual_seed(seed)))


@check(
    "drawn_letter",
    todo="return the place of the largest sum of logit and noise in each row",
    shows="right: the noise decides, and likely letters win more often",
)
def drawn_letter(answer: Any) -> str | None:
    """``answer(logits, noise)``: ``(N, letters)`` each → int64 ``(N,)``."""
    for n, letters in ((400, 5), (1, 27)):
        logits, noise = 2 * _noise(n, letters, seed=n), _noise(n, letters)
        got = answer(logits.clone(), noise.clone())
        right = (logits + noise).argmax(1)
        if isinstance(got, Tensor) and got.shape == (n, letters):
            return (
                "that is a table with a number for each letter: the place of the largest one in each row is asked for"
            )
        mine = table(got, (n,))
        known = {
            "that is the likeliest letter each time: add the noise before you choose": logits.argmax(1),
            "that is the noise alone: the logits decide, too": noise.argmax(1),
            "that is the smallest sum": (logits + noise).argmin(1),
            "that takes the noise away: add it": (logits - noise).argmax(1),
            "that multiplies by the noise: add it": (logits * noise).argmax(1),
            "that adds noise to the chances: the trick holds for logits": (logits.softmax(1) + noise).argmax(1),
            "that is the largest number itself: its place is asked for": (logits + noise).max(1).values,
        }
        if torch.equal(mine, right.double()):
            continue
        for sentence, wrong in known.items():
            if near(mine, wrong.double()):
                return sentence
        return f"{int((mine != right).sum())} of {n} letters are others than the largest sum of logit and noise"
    return None


def _relaxed(logits: Tensor, noise: Tensor, temperature: float) -> Tensor:
    return gumbel_softmax(logits, noise, temperature, hard=False)


def _slope(drawn: Tensor, logits: Tensor, worth: Tensor) -> Tensor | None:
    if not drawn.requires_grad:
        return None
    return torch.autograd.grad((drawn * worth).sum(), logits, allow_unused=True)[0]


@check(
    "straight_through",
    todo="return one-hot rows whose gradient is that of softmax((logits + noise) / temperature)",
    shows="right: a letter in value, a softmax in slope",
)
def straight_through(answer: Any) -> str | None:
    """``answer(logits, noise, temperature)``: ``(N, letters)`` each, a number → ``(N, letters)``."""
    for n, letters, temperature in ((6, 4, 1.0), (3, 27, 0.4), (1, 2, 3.0), (2, 3, 0.01)):
        a, noise = (x.double() for x in (_noise(n, letters, seed=n), _noise(n, letters)))
        worth = torch.linspace(-1, 2, letters, dtype=torch.float64).expand(n, -1) * torch.arange(1, n + 1)[:, None]
        leaf, twin = a.clone().requires_grad_(), a.clone().requires_grad_()
        got = answer(leaf * 1.0, noise.clone(), temperature)
        soft = _relaxed(twin, noise, temperature)
        hard = one_hot(soft.argmax(1), letters).double()
        said = f"for {n} × {letters} logits at temperature {temperature:g}"
        if not isinstance(got, Tensor) or got.shape != (n, letters):
            shape = tuple(got.shape) if isinstance(got, Tensor) else type(got).__name__
            return f"{said}: expected a tensor ({n}, {letters}), got {shape}"
        value = got.detach().double()
        if not torch.isfinite(value).all():
            return f"{said}: the value is not finite: a softmax from e^x by hand overflows; use .softmax(1)"
        if temperature > 0.1 and near(value, soft.detach()):
            return "the value is the softmax, which is no letter: add what is missing to a one-hot row, without a slope"
        if near(value, one_hot(a.argmax(1), letters).double()) and not near(value, hard):
            return "that is the likeliest letter each time: the noise is missing from the choice"
        if not near(value, hard):
            return f"{said}: the value should be the one-hot row of the drawn letter: {gap(value, hard)}"
        slope, right = _slope(got, leaf, worth), _slope(soft, twin, worth)
        assert right is not None  # as a softmax has a slope
        if slope is None:
            return "the value is right, but no gradient reaches the logits: detach the one-hot row, not the softmax"
        if not near(slope.double(), right, 1e-6):
            return _wrong_slope(slope.double(), right, a, noise, temperature, worth)
    return None


def _wrong_slope(slope: Tensor, right: Tensor, a: Tensor, noise: Tensor, temperature: float, worth: Tensor) -> str:
    def of(make: Any) -> Tensor | None:
        leaf = a.clone().requires_grad_()
        return _slope(make(leaf), leaf, worth)

    known = {
        "the slope is that of temperature 1: divide logits and noise by the temperature": lambda x: _relaxed(
            x, noise, 1
        ),
        "the slope is that of the softmax without noise: add it": lambda x: (x / temperature).softmax(1),
        "only the logits are divided by the temperature: divide the sum": lambda x: (x / temperature + noise).softmax(
            1
        ),
        "that multiplies by the temperature: divide": lambda x: ((x + noise) * temperature).softmax(1),
        "the softmax's slope is subtracted: change the sign": lambda x: -_relaxed(x, noise, temperature),
        "the slope goes straight to the logits: it has to go through the softmax": lambda x: x,
    }
    for sentence, make in known.items():
        wrong = of(make)
        if wrong is not None and near(slope, wrong, 1e-6) and not near(wrong, right, 1e-6):
            return f"the value is right, but {sentence}"
    return f"the value is right, but not its slope: {gap(slope, right)}"


_WRITERS = {"P": "one sentence", "Q": "the book copied", "R": "random letters", "S": "a good writer"}
_CLUES = {
    "P": "nearly nothing of the held-out text is found in it, and its pieces are few",
    "Q": "what do long pieces that stand in the training book say?",
    "R": "nearly all its pieces are different, and which of them are English?",
    "S": "it has English pieces and many of them, and are its long pieces the book's?",
}


@check(
    "which_writer",
    function=False,
    todo="name each writer, as in {'P': 'random letters', …}",
    shows="right: no single number tells a good writer",
)
def which_writer(answer: Any) -> str | None:
    """``answer``: row → "one sentence", "the book copied", "random letters" or "a good writer"."""
    return misnamed(answer, _WRITERS, sorted(_WRITERS.values()), lambda letter, _: _CLUES[letter])
