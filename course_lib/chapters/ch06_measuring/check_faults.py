"""The checks of lesson 06.3: by how much a measure reacts, and who is the cheat."""

import functools
from typing import Any

import torch
from torch import Tensor
from torchvision.transforms.functional import gaussian_blur

from course_lib import zoo
from course_lib.data import ImageData, load
from course_lib.errors import CourseError
from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import number, wrong_value
from course_lib.metrics import class_entropy, frechet_distance, judge_outputs, precision_recall
from course_lib.models import Judge

_CRIMES = ("copies", "misses a class", "blurred")
_GUILTY = {"A": "misses a class", "B": "blurred", "C": "copies"}


@check(
    "reaction",
    todo="return by how many scatters the value looks better (above 0) or worse (below 0)",
    shows="right: above 0 is better for every measure, whichever way its numbers run",
)
def reaction(answer: Any) -> str | None:
    """``answer(value, mean, scatter, more_is_better)``: three numbers, a truth → a number."""
    trials = (
        (0.96, 0.9, 0.02, True),
        (0.5, 0.9, 0.01, True),
        (0.5, 1.5, 0.2, False),
        (7.0, 1.25, 0.25, False),
        (-1000.0, 0.0, 1.0, True),
        (2.0, 2.0, 0.5, False),
    )
    for value, mean, scatter, up in trials:
        got, off = number(answer(value, mean, scatter, up)), value - mean
        right = (1 if up else -1) * off / scatter
        known = {
            "the direction is lost: above 0 is better, below 0 worse": abs(off) / scatter,
            "where more is not better, as for the Fréchet distance, a smaller value is: turn the sign there": (
                off / scatter
            ),
            "the sign is the wrong way round: above 0 should mean better": -off / scatter if up else [],
            "that is the plain difference: divide it by the scatter": [off, -off, right * scatter],
            "divided by the mean: the yardstick is the scatter of honest draws": [off / mean, -off / mean]
            if mean
            else [],
            "divided by the square of the scatter": right / scatter,
            "multiplied by the scatter: divide by it": right * scatter**2,
            "0 where more is not better: those values count too, with their sign turned": 0.0 if not up else [],
        }
        direction = "more is better" if up else "less is better"
        if wrong := wrong_value(got, right, known, f"for {value:g}, honest {mean:g} ± {scatter:g}, {direction}"):
            return wrong
    return None


def suspects(train: ImageData, heldout: ImageData) -> dict[str, Tensor]:
    """Three sets of 900 or 1,000 pictures on the CPU, each with one crime; the same at every seed.

    Args:
        train: the training digits, of which the last 1,000 are the copies.
        heldout: the held-out digits, from which the other two sets are made.

    Returns:
        Letter → pictures ``(n, 1, 28, 28)`` in [−1, 1].
    """
    digits, new, labels = train.images.cpu(), heldout.images.cpu(), heldout.labels.cpu()
    made = {"copies": digits[-1000:], "misses a class": new[labels != 4], "blurred": gaussian_blur(new, 9, 0.8)}
    return {name: made[crime] for name, crime in _GUILTY.items()}


@check(
    "cheat",
    todo='replace … by "copies", "misses a class" or "blurred"',
    shows="right: each crime has a number that gives it away",
    function=False,
)
def cheat(answer: Any) -> str | None:
    """``{"A": crime, "B": crime, "C": crime}``; nothing is judged before all three are filled in."""
    return misnamed(answer, _GUILTY, _CRIMES, _clue)


def _clue(letter: str, crime: str) -> str:
    """What the table above the exercise would show, and what it shows."""
    try:
        here, real = (f"{_seen(one, crime):.3f}" for one in (letter, "real"))
    except CourseError:
        here, real = "another", "theirs"
    return {
        "copies": f"its Fréchet distance would be below that of new real digits, {real}; it is {here}",
        "misses a class": f"a class less would push its class entropy clearly below that of new real digits, {real}; "
        f"it is {here}",
        "blurred": f"its recall would break down (new real digits have {real}); it is {here}",
    }[crime]


@functools.cache
def _seen(letter: str, crime: str) -> float:
    """The number that would give ``crime`` away, of the set ``letter``, or of new ``"real"`` digits."""
    judge, digits, new = _loaded()
    images = new.images if letter == "real" else suspects(digits, new)[letter]
    probabilities, features = judge_outputs(images.to(next(judge.parameters()).device), judge)
    if crime == "misses a class":
        return class_entropy(torch.bincount(probabilities.argmax(1), minlength=10))
    of_real = _of_training_digits()
    return frechet_distance(features, of_real) if crime == "copies" else precision_recall(of_real, features).recall


@functools.cache
def _loaded() -> tuple[Judge, ImageData, ImageData]:
    return zoo.load("judge"), load("digits"), load("digits", split="test")


@functools.cache
def _of_training_digits() -> Tensor:
    judge, digits, _ = _loaded()
    return judge_outputs(digits.images, judge)[1]
