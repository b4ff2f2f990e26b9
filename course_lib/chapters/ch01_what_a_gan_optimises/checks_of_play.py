"""The checks of lesson 01.4: both players' steps, and what went wrong in three games."""

import math
from typing import Any

import torch

from course_lib.learn.exercises import AnswerRaised, check
from course_lib.learn.numbers import number, table, wrong_value


@check(
    "generator_slope",
    todo="return the slope by θ of the mean of log(1 − D) over the generated numbers",
    shows="right: w times what D believes, with a minus; where D believes nothing, no slope is left",
)
def generator_slope(answer: Any) -> str | None:
    """``answer(w, believed)``: D's weight, D on generated numbers (n,) → −w · mean of believed."""
    some = torch.tensor([0.1, 0.5, 0.9, 0.7], dtype=torch.float64)
    for w, believed in ((1.5, some), (-0.5, some[:3]), (2.0, some[:1]), (1000.0, some * 0), (-1000.0, some)):
        mean = believed.mean()
        known = {
            "the sign is reversed: where D rises to the right, log(1 − D) falls": w * mean,
            "w is missing: a step of θ moves the logit by w times as much": [-mean, mean],
            "1 − D stands where D should: the slope of log(1 − sigmoid(d)) is −sigmoid(d)": [
                -w * (1 - mean),
                w * (1 - mean),
            ],
            "the slopes are added up: the mean is asked for": -w * believed.sum(),
            "this is the value of the mean, not its slope": (1 - believed).log().mean(),
            "this is the slope of the probability D itself: the logarithm comes after it": [
                w * (believed * (1 - believed)).mean(),
                -w * (believed * (1 - believed)).mean(),
            ],
        }
        got = number(answer(w, believed.clone()))
        if wrong := wrong_value(
            got, -w * mean, known, f"for w = {w:g} and D = {[round(one, 2) for one in believed.tolist()]}"
        ):
            return wrong
    return None


@check(
    "at_once",
    todo="return the new θ and the new ψ when both players step from the same place",
    shows="right: both step from the old place, also where D is sure",
)
def at_once(answer: Any) -> str | None:
    """``answer(theta, psi, lr)``: three numbers → (θ + lr·D·ψ, ψ − lr·D·θ) with D = sigmoid(ψ·θ)."""
    for theta, psi, lr in (
        (0.5, -1.0, 0.1),
        (1.0, 0.0, 0.2),
        (2.0, 0.75, 0.5),
        (1000.0, 1000.0, 0.1),
        (1000.0, -1000.0, 1),
    ):
        try:
            result = answer(theta, psi, lr)
        except AnswerRaised as error:
            if "OverflowError" not in str(error):
                raise
            return f"for θ = {theta:g}, ψ = {psi:g}: the exponential overflows; torch.sigmoid and tanh do not"
        got = table(result, (2,))
        if wrong := wrong_value(
            got, _both(theta, psi, lr), _known(theta, psi, lr), f"for θ = {theta:g}, ψ = {psi:g}, lr = {lr:g}"
        ):
            return wrong
    return None


def _both(theta: float, psi: float, lr: float) -> tuple[float, float]:
    D = _sigmoid(psi * theta)
    return theta + lr * D * psi, psi - lr * D * theta


def _known(theta: float, psi: float, lr: float) -> dict[str, object]:
    D = _sigmoid(psi * theta)
    new_theta, new_psi = _both(theta, psi, lr)
    return {
        "θ was computed from the new ψ: that is “in turn”; both have to step from the old place": [
            (theta + lr * D * new_psi, new_psi),
            (theta + lr * _sigmoid(new_psi * theta) * new_psi, new_psi),
        ],
        "ψ was computed from the new θ: both have to step from the old place": [
            (new_theta, psi - lr * D * new_theta),
            (new_theta, psi - lr * _sigmoid(psi * new_theta) * new_theta),
        ],
        "the two are in the wrong order: θ comes first": (new_psi, new_theta),
        "G climbs here: it has to go down the slope −D·ψ": (theta - lr * D * psi, new_psi),
        "D descends here: it has to go up the slope −D·θ": (new_theta, psi + lr * D * theta),
        "both go the wrong way": (theta - lr * D * psi, psi + lr * D * theta),
        "the factor D is missing: the slope of log(1 − sigmoid(d)) is −sigmoid(d)": (
            theta + lr * psi,
            psi - lr * theta,
        ),
        "1 − D stands where D should: the slope of log(1 − sigmoid(d)) is −sigmoid(d)": (
            theta + lr * (1 - D) * psi,
            psi - lr * (1 - D) * theta,
        ),
        "lr is missing": (theta + D * psi, psi - D * theta),
        "these are the steps alone: add them to θ and ψ": (lr * D * psi, -lr * D * theta),
        "each stepped along its own number: ψ·θ has the slope ψ by θ, and θ by ψ": (
            theta + lr * D * theta,
            psi - lr * D * psi,
        ),
    }


def _sigmoid(x: float) -> float:
    return 0.5 + 0.5 * math.tanh(x / 2)


@check(
    "faults",
    function=False,
    todo='say what is wrong in the three games with three letters, such as "abc"',
    shows="right: a still w means that D does not learn, and its sign says which player walks the wrong way",
)
def faults(answer: Any) -> str | None:
    """Three letters from a to d."""
    assert isinstance(answer, str), f'expected three letters in quotes, such as "abc", got a {type(answer).__name__}'
    letters = "".join(one for one in answer.lower() if one.isalpha())
    assert len(letters) == 3 and set(letters) <= set("abcd"), (
        f'expected three letters from a to d, such as "abc", got {answer!r:.60}'
    )
    wrong = [f"game {'ABC'[i]}: {_SEEN[i][letter]}" for i, letter in enumerate(letters) if letter in _SEEN[i]]
    return "; ".join(wrong) or None


_SEEN = (
    {
        "b": "w stays at 0.3, so D takes no step at all, neither right nor wrong",
        "c": "w is positive, and θ rises to where D says “real”: G does what it should",
        "d": "w stays at 0.3, and θ rises to where D says “real”: neither walks the wrong way",
    },
    {
        "a": "w rises from 0.3 to above 1.5, so D learns",
        "b": "w is positive: D has learned, rightly, that the real numbers lie to the right",
        "d": "w is positive: D has learned what it should, and only one of the two is wrong",
    },
    {
        "a": "w leaves 0.3, so D does learn something",
        "c": "w is negative, so D says “real” on the left; G goes there, as it should",
        "d": "w is negative, and θ falls to where D says “real”: of the two only D is wrong",
    },
)
