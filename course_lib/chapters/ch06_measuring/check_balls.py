"""The checks of lesson 06.2: precision from distances, a faulty recall, the entropy of ten classes."""

import math
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, wrong_value


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
    return wrong_value(got, _mean(inside.any(0)), known, f"for a table of {n} × {m} distances")


def _mean(truths: Tensor) -> float:
    return truths.double().mean().item()


@check(
    "recall",
    todo="repair the function: two things are wrong",
    shows="right: balls around the drawn points, to the k-th neighbour besides the point itself; real points are asked",
)
def recall(answer: Any) -> str | None:
    """``answer(real, drawn, k)``: ``(N, d)``, ``(M, d)``, a whole number → share in [0, 1]."""
    g = torch.Generator().manual_seed(5)

    def heap(n: int, scale: float = 1.0, d: int = 2) -> Tensor:
        return scale * torch.randn(n, d, generator=g)

    trials = (
        (heap(30), heap(20, 0.4), 3),
        (heap(12, 0.5), heap(40, 2.0), 1),
        (heap(25, 1.0, 5), heap(25, 0.7, 5), 4),
        (heap(8), heap(30) + 1000, 2),
        (heap(9), heap(3, 30.0), 2),
    )
    return next((wrong for trial in trials if (wrong := _recall(answer, *trial))), None)


def _recall(answer: Any, real: Tensor, drawn: Tensor, k: int) -> str | None:
    def balls(asked: Tensor, centres: Tensor, nearest: int) -> Tensor:
        nearest = min(nearest, len(centres))
        return torch.cdist(asked, centres) < torch.cdist(centres, centres).kthvalue(nearest, dim=1).values

    def share(asked: Tensor, centres: Tensor, nearest: int) -> float:
        return _mean(balls(asked, centres, nearest).any(1))

    got, right = number(answer(real.clone(), drawn.clone(), k)), share(real, drawn, k + 1)
    known = {
        "both faults are still there": share(drawn, real, k),
        "that is precision: recall draws its balls around the *drawn* points, and asks the real ones": share(
            drawn, real, k + 1
        ),
        "the nearest of all to a point is the point itself: the ball reaches to the k-th *other* one": share(
            real, drawn, k
        ),
        "a ball too far: the point itself counts once, so the ball ends at place k + 1 of the sorted distances": share(
            real, drawn, k + 2
        ),
        "the balls are right, but they were asked how many hold a point: ask each *real* point whether any ball "
        "holds it": _mean(balls(real, drawn, k + 1).any(0)),
        "a real point need not lie in all balls: one is enough": _mean(balls(real, drawn, k + 1).all(1)),
        "that is the share of pairs: ask for *any* ball, then average": _mean(balls(real, drawn, k + 1)),
    }
    return wrong_value(got, right, known, f"for {len(real)} real and {len(drawn)} drawn points, k = {k}")


@check(
    "entropy",
    todo="return the entropy of the counts, divided by that of equal counts",
    shows="right: 1 for equal counts, 0 for a single class, and an empty class adds nothing",
)
def entropy(answer: Any) -> str | None:
    """``answer(counts)``: whole numbers ``(K,)`` → number in [0, 1]."""
    trials = ([1, 2, 3, 4], [5] * 10, [0, 0, 7, 0], [3, 0, 1, 2], [100, 0, 0, 0, 0, 0, 0, 0, 0, 100], [1000000, 1])
    for counts in trials:
        got, whole = number(answer(torch.tensor(counts))), sum(counts)
        shares = [count / whole for count in counts if count]
        plain, full = -sum(share * math.log(share) for share in shares), len(counts)
        right = plain / math.log(full)
        known: dict[str, object] = {
            "the sign: the logarithm of a share is never above 0, so a minus is missing": -right if right else [],
            "divide by the entropy of equal counts, so that 1 is the most": plain,
            "in bits, and not divided by the most: divide by the logarithm of the number of classes": plain
            / math.log(2),
            "divide by the logarithm of the number of *all* classes, empty ones too": plain / math.log(len(shares))
            if len(shares) > 1
            else [],
            "divided by the number of classes: it should be the logarithm of that": plain / full,
            "the natural logarithm of 10 is right for ten classes only: there are len(counts)": plain / math.log(10),
            "each share's logarithm counts as often as the share says: multiply by the share": -sum(
                map(math.log, shares)
            )
            / math.log(full),
            "counts are no shares: divide them by their sum first": -sum(c * math.log(c) for c in counts if c)
            / math.log(full),
        }
        if wrong := wrong_value(got, right, known, f"for the counts {counts}"):
            return wrong
    return None
