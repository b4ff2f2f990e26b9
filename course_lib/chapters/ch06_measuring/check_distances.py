"""The checks of lesson 06.1: a Fréchet distance on a line, pairs without a picture itself, a fair comparison."""

from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import AnswerRaised, check
from course_lib.learn.numbers import number, table, wrong_value

Asked = list[tuple[Tensor, Tensor]]


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
    return wrong_value(got, right, known, f"for N({ma:g}, {sa:g}²) and N({mb:g}, {sb:g}²)")


@check(
    "others",
    todo="return the mean of a square table without its diagonal",
    shows="right: no picture is compared with itself",
)
def others(answer: Any) -> str | None:
    """``answer(k)``: ``(n, n)`` similarities → the mean over pairs of two different pictures."""
    g = torch.Generator().manual_seed(2)
    tables = {f"for {n} pictures": torch.rand(n, n, generator=g).double() * 4 - 1 for n in (5, 2, 9)}
    tables["for a table of zeros but for the diagonal"] = torch.eye(4).double() * 1000
    tables["for a diagonal of −1000"] = torch.full((3, 3), 2.0).double() - 1002 * torch.eye(3).double()
    for when, k in tables.items():
        given, n = k.clone(), len(k)
        got = number(answer(given))
        rest = k.sum() - k.trace()
        known = {
            "the diagonal is still in it: leave out each picture's pair with itself": k.mean(),
            "the diagonal is left out of the sum, but counted: there are n · (n − 1) pairs, not n²": rest / n**2,
            "that is the sum over the pairs: divide by how many there are": rest,
            "divided by n: there are n · (n − 1) pairs of two different pictures": rest / n,
            "divided by n − 1: there are n · (n − 1) pairs of two different pictures": rest / (n - 1),
            "each pair stands twice in the table: its sum has n · (n − 1) numbers, not half as many": 2
            * rest
            / (n * (n - 1)),
            "that is the mean of the diagonal, which is to be left out": k.trace() / n,
            "only one triangle was added up, but divided as if it were both": [
                k.triu(1).sum() / (n * (n - 1)),
                k.tril(-1).sum() / (n * (n - 1)),
            ],
        }
        if wrong := wrong_value(got, rest / (n * (n - 1)), known, when):
            return wrong
        if not torch.equal(given, k):
            return "the table itself was changed: work on a copy, as the other similarities are still needed"
    return None


@check(
    "fair",
    todo="return both distances to the real features, measured with equally many",
    shows="right: both are measured with as many as the smaller set has, and nothing is thrown away without need",
)
def fair(answer: Any) -> str | None:
    """``answer(distance, a, b, real)`` → the two distances; ``distance`` notes what it is asked about."""
    g = torch.Generator().manual_seed(6)
    for n, m in ((40, 15), (12, 30), (20, 20)):
        a, b, real = (torch.randn(size, 3, generator=g) for size in (n, m, 50))
        asked: Asked = []

        def distance(x: Tensor, y: Tensor, asked: Asked = asked) -> float:
            asked.append((x, y))
            return float(x.double().mean() + len(x) / 100 + len(y) / 10)

        got = table(answer(distance, a.clone(), b.clone(), real.clone()), shape=(2,), what="it returned")
        if wrong := _fair(got.tolist(), asked, a, b, real):
            return f"{wrong} (A had {n} features, B {m})"
    return None


def _fair(got: list[float], asked: Asked, a: Tensor, b: Tensor, real: Tensor) -> str | None:
    n = min(len(a), len(b))
    if len(asked) < 2:
        return f"distance was asked {len(asked)} times: ask it for A and for B"
    of_a, of_b = (next((pair for pair in asked if _part_of(pair[0], one)), None) for one in (a, b))
    if of_a is None or of_b is None:
        reversed_ = any(_part_of(pair[1], a) or _part_of(pair[1], b) for pair in asked)
        return (
            "distance(drawn, real) takes the drawn features first, then the real ones"
            if reversed_
            else "distance was asked about other features than those of A and of B: hand over rows of each as they are"
        )
    sizes = len(of_a[0]), len(of_b[0])
    if sizes[0] != sizes[1]:
        return f"A was measured with {sizes[0]} and B with {sizes[1]}: the one with fewer looks worse for it"
    if sizes[0] < n:
        return f"both were measured with {sizes[0]}, but {n} of each are there: fewer make every distance larger"
    if len(of_a[1]) != len(real) or len(of_b[1]) != len(real):
        return f"the real features were cut to {len(of_a[1])}: all {len(real)} can be used for both"
    own = [float(x.double().mean() + len(x) / 100 + len(y) / 10) for x, y in (of_a, of_b)]
    if all(abs(x - y) < 1e-6 for x, y in zip(got, reversed(own), strict=True)) and abs(own[0] - own[1]) > 1e-6:
        return "that is B's distance first: return A's, then B's"
    return wrong_value(torch.tensor(got), torch.tensor(own), {}, "the two numbers returned are not what distance said")


def _part_of(some: Tensor, whole: Tensor) -> bool:
    """Whether each row of ``some`` is another row of ``whole``."""
    if some.shape[1:] != whole.shape[1:]:
        return False
    same = (some[:, None] == whole[None]).all(2)
    return bool(same.any(1).all()) and bool((same.sum(0) <= 1).all())
