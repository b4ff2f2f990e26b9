"""Checks of lessons 2.1, 2.2 and 2.5: slopes, a ratio to turn round, a second sigmoid, and a zero-sum price."""

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import softplus

from course_lib.chapters.ch02_losses.prices import Price
from course_lib.learn.exercises import check
from course_lib.learn.gradients import wrong_loss
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import number, table, wrong_value

_REAL = torch.tensor([[2.0], [-0.5], [1.2], [0.3]])
_FAKE = torch.tensor([[-1.5], [0.8], [0.1], [-2.2]])
_LOGITS = torch.tensor([[-3.0], [-0.4], [0.0], [1.1], [2.5]])


@check(
    "ns_slope",
    todo="return the slope by f of the price softplus(−f)",
    shows="right: it is −(1 − D), almost −1 where the discriminator is sure that a picture is drawn",
)
def ns_slope(answer: Any) -> str | None:
    """``answer(f)``: logits ``(N, 1)`` → −σ(−f), of the same shape."""
    ends = torch.tensor([[1000.0], [-1000.0]])
    sizes = {"": _LOGITS, "for one logit: ": _LOGITS[:1], "in double precision: ": _LOGITS.double()[1:]}
    for when, f in sizes.items():
        if wrong := _ns_slope(table(answer(f.clone()), f.shape), f):
            return when + wrong
    at_ends = torch.as_tensor(answer(ends.clone()))
    if not torch.isfinite(at_ends).all():
        return "for logits of ±1000 it is not finite: e^1000 overflows; torch.sigmoid works there, too"
    return wrong_value(table(at_ends, ends.shape), -torch.sigmoid(-ends), {}, "for logits of ±1000")


def _ns_slope(got: Tensor, f: Tensor) -> str | None:
    s = torch.sigmoid
    return wrong_value(
        got,
        -s(-f),
        {
            "that is minimax's slope, −D: the outer slope is to be taken at −f, not at f": -s(f),
            "the inner slope is missing: −f has the slope −1, which multiplies the outer one": s(-f),
            "that is D: both the place of the outer slope (−f) and the inner slope (−1) are missing": s(f),
            "that is the price itself, not its slope": softplus(-f),
            "f is a logit, not a probability: D is σ(f)": -(1 - f),
            "that is the slope of a straight line: the hinge's and Wasserstein's generator": -torch.ones_like(f),
            "that is the slope of the sigmoid; what is asked for is the slope of softplus, which *is* the sigmoid": -s(
                f
            )
            * s(-f),
        },
    )


@check(
    "logit_where",
    todo="return the logit at which minimax's slope is one part in n of the other",
    shows="right: a factor of n in the slope is only log n in the logit",
)
def logit_where(answer: Any) -> str | None:
    """``answer(n)``: a number of at least 1 → −log n."""
    for n in (55.0, 2981.0, 3, 1.0, 1e300):
        known = {
            "the sign is missing: a D that is sure of “drawn” gives a negative logit": math.log(n),
            "that is where D is one part in n; the ratio of the slopes is D/(1 − D)": -math.log(n - 1)
            if n > 1
            else 0.0,
            "that is the ratio itself, 1/n; which logit has it?": 1 / n,
            "that is minus n: the ratio is e to the power of the logit": -float(n),
            "that is D there, a probability: asked for is the logit": 1 / (1 + n),
            "logarithms of base 10: in this course log has the base e": -math.log10(n),
            "logarithms of base 2: in this course log has the base e": -math.log2(n),
            "e to the power of it is the ratio at the logit n or −n; turn that round": math.exp(-n),
        }
        got = number(answer(n))
        if wrong := wrong_value(got, -math.log(n), {} if n in (1.0, 1e300) else known, f"for n = {n:g}"):
            return wrong
    return None


@check(
    "once_squashed",
    todo="return the discriminator's loss, with one sigmoid",
    shows="right: it can fall to 0, and its slope is that of the standard loss",
)
def once_squashed(answer: Any) -> str | None:
    """``answer(real_logits, fake_logits)`` → mean softplus(−real) + mean softplus(fake)."""

    def right(r: Tensor, f: Tensor) -> Tensor:
        return softplus(-r).mean() + softplus(f).mean()

    known = {
        "there are still two sigmoids: the loss takes logits and squashes them itself": lambda r, f: right(
            r.sigmoid(), f.sigmoid()
        ),
        "the real pictures are still squashed twice": lambda r, f: right(r.sigmoid(), f),
        "the drawn pictures are still squashed twice": lambda r, f: right(r, f.sigmoid()),
        "real and drawn have each other's label": lambda r, f: right(f, r),
        "the sign is reversed: minimising this teaches D to be wrong": lambda r, f: -right(r, f),
        "the drawn pictures are missing": lambda r, f: softplus(-r).mean(),
        "the real pictures are missing": lambda r, f: softplus(f).mean(),
        "it is half of the loss: add the two parts, do not average them": lambda r, f: right(r, f) / 2,
        "the losses are summed over the batch: take the mean": lambda r, f: right(r, f) * len(r),
        "both have the label 1: D would call everything real": lambda r, f: right(r, -f),
        "both have the label 0: D would call everything drawn": lambda r, f: right(-r, f),
        "it is the logarithm's mean without its minus, on both parts": lambda r, f: -right(r, f),
    }
    inputs = {"real logits": _REAL, "fake logits": _FAKE}
    return wrong_loss(answer, right, known, inputs, ((1, 1), (7, 7)))


_FAULTS = ("healthy", "second sigmoid", "labels swapped", "learned nothing")
_REPORTS = {"A": "learned nothing", "B": "healthy", "C": "second sigmoid", "D": "labels swapped"}


@check(
    "second_sigmoid",
    function=False,
    todo='give each report a name, such as {"A": "healthy", …}',
    shows="right: only loss and accuracy together tell these four apart",
)
def second_sigmoid(answer: Any) -> str | None:
    """``{"A": name, …}``, with the names of ``_FAULTS``."""
    clue = {
        "A": "what does a pair cost if D answers ½ to everything, and how often is such a D right?",
        "B": "its loss is near 0: do its answers agree with its labels, and its labels with the truth?",
        "C": "it is right about everything: what would a sure D pay with one sigmoid, and what with two?",
        "D": "its loss is near 0, so it answers as its labels ask, and yet it is never right: what about the labels?",
    }
    return misnamed(answer, _REPORTS, _FAULTS, lambda letter, _: clue[letter])


_GAMES: dict[str, Price] = {  # prices of a discriminator, to be turned round
    "the standard price": lambda r, f: softplus(-r) + softplus(f),
    "Wasserstein's price": lambda r, f: f - r,
    "the least-squares price": lambda r, f: 0.5 * (r - 1) ** 2 + 0.5 * f**2,
    "the relativistic price": lambda r, f: softplus(f - r),
}


@check(
    "zero_sum",
    todo="return a function of r and f that charges the opposite of d",
    shows="right: together the two always pay 0, and each pulls a drawn picture's logit against the other",
)
def zero_sum(answer: Any) -> str | None:
    """``answer(d)`` → a price of (r, f), −d(r, f)."""
    for name, d in _GAMES.items():
        made = answer(d)
        assert callable(made), f"it returned a {type(made).__name__}, expected a function: `return lambda r, f: …`"
        for r, f in ((_REAL, _FAKE), (_REAL[:1], _FAKE[:1]), (1000 * _REAL, -1000 * _FAKE)):
            known = {
                "that is d itself, so both players want the same: A2's mistake": d(r, f),
                "the two logits are exchanged: give d first r, then f": -d(f, r),
                "the logits are exchanged, or their signs are turned: turn the sign of the price": d(f, r),
                "the signs of the logits are turned: turn that of the price": d(-r, -f),
                "that is 1 minus the price, so together they pay 1: a sum that is the same everywhere, but not 0": 1
                - d(r, f),
                "that is one over the price: its opposite is minus the price": 1 / d(r, f),
                "that is half of the opposite": -d(r, f) / 2,
            }
            found = {words: wrong for words, wrong in known.items() if torch.isfinite(wrong).all()}
            fake = f.clone().requires_grad_()
            mine = made(r.clone(), fake * 1.0)
            assert isinstance(mine, Tensor), f"its price is a {type(mine).__name__}, expected a tensor of prices"
            if wrong := wrong_value(mine, -d(r, f), found, f"for {name}"):
                return wrong
            if not mine.requires_grad:
                return "the price is right, but no gradient reaches f: do not detach or convert it"
    return None
