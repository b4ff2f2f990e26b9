"""The checks of notebook 06: Fréchet distance on a line, precision from distances, and who is the cheat."""

import functools
from typing import Any

import torch
from torch import Tensor
from torchvision.transforms.functional import gaussian_blur

from course_lib import zoo
from course_lib.data import ImageData, load
from course_lib.errors import CourseError
from course_lib.learn.exercises import AnswerRaised, check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import explain, number
from course_lib.metrics import class_entropy, frechet_distance, judge_outputs, precision_recall
from course_lib.models import Judge

_CRIMES = ("copies", "misses a class", "blurred")
_GUILTY = {"A": "misses a class", "B": "blurred", "C": "copies"}


@check(
    "frechet_1d",
    todo="return the Fréchet distance of two Gaussians on a line",
    shows="right: the squared distance of the means plus that of the standard deviations",
)
def frechet_1d(answer: Any) -> str | None:
    """``answer(mean_a, std_a, mean_b, std_b)``: four numbers → (mean_a − mean_b)² + (std_a − std_b)²."""
    trials = ((1.0, 2.0, 4.0, 7.0), (3.0, 0.5, 3.0, 0.5), (-2.5, 3.0, 0.75, 0.25), (0.0, 1.0, -6.0, 1.0))
    return next((wrong for trial in trials if (wrong := _frechet(answer, *trial))), None)


def _frechet(answer: Any, ma: float, sa: float, mb: float, sb: float) -> str | None:
    try:
        result = answer(ma, sa, mb, sb)
    except AnswerRaised:  # written for tensors, perhaps
        result = answer(*torch.tensor([ma, sa, mb, sb], dtype=torch.float64))
    got, far, wide = number(result), abs(ma - mb), abs(sa - sb)
    right = far**2 + wide**2
    known = {
        "that is the root of it: the Fréchet distance of this course stays squared": right**0.5,
        "that adds the differences themselves: square each one first": [far + wide, ma - mb + sa - sb],
        "square each of the two differences by itself, and add afterwards": [(far + wide) ** 2, (far - wide) ** 2],
        "that looks at the means only: the spreads differ, too": far**2,
        "that looks at the spreads only: the means differ, too": wide**2,
        "that squares the difference of the variances: take standard deviations": far**2 + (sa**2 - sb**2) ** 2,
        "the plus should be a minus: the two spreads are compared, and added nowhere": far**2 + (sa + sb) ** 2,
        "the spreads' squares were added, and nothing taken away: equal Gaussians must give 0": [
            far**2 + sa**2 + sb**2,
            far**2 + sa**2 + sb**2 - sa * sb,
        ],
        "that takes the difference of the variances as it is: compare standard deviations, and square": [
            far**2 + abs(sa**2 - sb**2),
            far**2 + sa**2 - sb**2,
        ],
        "the stds were taken for variances: their roots were compared": far**2 + (sa**0.5 - sb**0.5) ** 2,
        "this is half of it: the two squares are added, without a factor": right / 2,
        "the squared difference of the spreads is taken away: add it": far**2 - wide**2,
    }
    return explain(got, right, known, f"for N({ma:g}, {sa:g}²) and N({mb:g}, {sb:g}²)")


def _balls() -> list[tuple[Tensor, Tensor]]:
    """Tables of distances (N, M) with radii (N,): six balls and nine points, square ones, small ones, all and none."""
    g = torch.Generator().manual_seed(7)
    many = [
        (torch.rand(n, m, generator=g), 0.1 + 0.5 * torch.rand(n, generator=g) ** 2)
        for n, m in ((6, 9), (5, 5), (1, 4), (7, 2), (4, 30))
    ]
    # The nearest real point has a small ball here, and one further away a large one.
    hidden = torch.tensor([[1.0, 5.0], [2.0, 5.0]]), torch.tensor([0.5, 3.0])
    return [*many, hidden, (torch.full((2, 4), 5.0), torch.ones(2)), (torch.ones(3, 2), torch.full((3,), 5.0))]


@check(
    "precision",
    todo="return the share of generated points that lie in at least one real ball",
    shows="right: a point counts once, however many balls it lies in",
)
def precision(answer: Any) -> str | None:
    """``answer(distances, radii)``: (N real, M generated), (N,) → share in [0, 1]."""
    return next((wrong for table in _balls() if (wrong := _precision(answer, *table))), None)


def _precision(answer: Any, distances: Tensor, radii: Tensor) -> str | None:
    inside, (n, m) = radii[:, None] > distances, distances.shape
    known = {
        "row i is compared with radius i, but here column j was compared with radius j": _mean(
            (distances < radii).any(0)
        )
        if n == m
        else [],
        "every real ball counted that holds a point: ask each *generated* point whether any ball holds it": _mean(
            inside.any(1)
        ),
        "a point counted once for each ball it lies in (that way lies density)": _mean(inside) * n,
        "that is the share of (real, generated) pairs: ask for *any* ball, then average": _mean(inside),
        "a point need not lie in all balls: one is enough": _mean(inside.all(0)),
        "that is how many points lie in a ball: make it a share": int(inside.any(0).sum()),
        "divided by the number of real points: the share is one of the generated points": int(inside.any(0).sum()) / n,
        "only the ball of the nearest real point was asked: a ball further away may be larger": _mean(
            radii[distances.argmin(0)] > distances.amin(0)
        ),
        "too few: each ball has a radius of its own; the smallest one does not hold for all": _mean(
            (distances < radii.min()).any(0)
        ),
        "too many: each ball has a radius of its own; the largest one does not hold for all": _mean(
            (distances < radii.max()).any(0)
        ),
        "each ball has a radius of its own; their mean (or median) does not hold for all": [
            _mean((distances < one).any(0)) for one in (radii.mean(), radii.median())
        ],
        "that is the share of points *outside* all balls": 1 - _mean(inside.any(0)),
        "every point counted: a point far from all real ones lies in no ball": 1,
    }
    got = number(answer(distances.clone(), radii.clone()))
    return explain(got, _mean(inside.any(0)), known, f"for a table of {n} × {m} distances")


def _mean(truths: Tensor) -> float:
    return truths.double().mean().item()


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
