"""The checks of lesson 14.4: gradients of unequal parts, statistics from sums, and what decides a shared step."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from course_lib.chapters.ch14_scale_up.sharing_cost import seconds_of_step
from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import near, table, wrong_value


def _clues(known: Mapping[str, Tensor | float], right: Tensor | float) -> dict[str, object]:
    """Without the mistakes that give the right value in this case."""
    best = torch.as_tensor(right).double()
    return {said: wrong for said, wrong in known.items() if not near(torch.as_tensor(wrong).double(), best)}


@check(
    "whole_gradient",
    todo="return the gradient of the mean over all examples, from the parts' gradients and how many examples each has",
    shows="right: each part weighs as much as it has examples",
)
def whole_gradient(answer: Any) -> str | None:
    """``answer(gradients, counts)``: a list of tensors of one shape, a list of whole numbers → such a tensor."""
    g = torch.Generator().manual_seed(4)
    for counts in ([3, 1], [8, 8], [5, 2, 1], [7]):
        parts = [torch.randn(4, generator=g, dtype=torch.float64) for _ in counts]
        total = sum(counts)
        right = torch.stack([n * part for n, part in zip(counts, parts, strict=True)]).sum(0) / total
        known = {
            "that takes every part for equally large: a part of 3 examples weighs three times as much as one of 1": (
                torch.stack(parts).mean(0)
            ),
            "that is a sum over the parts: divide it": torch.stack(parts).sum(0),
            "that is the sum over all examples: divide it by how many there are": right * total,
            "that divides by the number of parts: divide by the number of examples": right * total / len(counts),
            "the smaller a part, the more it weighs so: it is the other way round": (
                torch.stack([part / n for n, part in zip(counts, parts, strict=True)]).sum(0)
                / sum(1 / n for n in counts)
            ),
        }
        got = table(answer([part.clone() for part in parts], list(counts)), right.shape)
        if wrong := wrong_value(got, right, _clues(known, right), f"for parts of {counts} examples"):
            return wrong
    return None


def _parts(sizes: list[int]) -> list[Tensor]:
    """Examples of three channels, which differ much between the parts."""
    g = torch.Generator().manual_seed(5)
    shift = torch.tensor([0.0, 2.0, -1.0], dtype=torch.float64)
    return [torch.randn(n, 3, generator=g, dtype=torch.float64) * (k + 1) + k * shift for k, n in enumerate(sizes)]


@check(
    "whole_statistics",
    todo="return mean and variance of all examples, from what each part sends: count, sum, sum of squares",
    shows="right: sums can be added, variances cannot",
)
def whole_statistics(answer: Any) -> str | None:
    """``answer(counts, sums, squares)``: a whole number and two tensors ``(C,)`` a part → mean ``(C,)``, variance."""
    for sizes in ([9, 3], [6, 6], [2, 5, 3], [8]):
        parts = _parts(sizes)
        everything = torch.cat(parts)
        n = len(everything)
        sums, squares = [part.sum(0) for part in parts], [part.square().sum(0) for part in parts]
        got = answer(list(sizes), [x.clone() for x in sums], [x.clone() for x in squares])
        if not isinstance(got, tuple | list) or len(got) != 2:
            return f"expected two things, mean and variance: return mean, variance (got {type(got).__name__})"
        mean, variance = everything.mean(0), everything.var(0, correction=0)
        own = [part.var(0, correction=0) for part in parts]
        said = f"for parts of {sizes} examples"
        means = {
            "the mean is one of the parts' means so: weigh each by how many examples it has": torch.stack(
                [part.mean(0) for part in parts]
            ).mean(0),
            "the mean is a sum: divide it by how many examples there are": everything.sum(0),
            "the mean is divided by the number of parts: divide by the number of examples": (
                everything.sum(0) / len(parts)
            ),
            "first the mean, then the variance": variance,
        }
        if wrong := wrong_value(
            table(got[0], (3,), "as the mean it returned"), mean, _clues(means, mean), f"{said}, mean"
        ):
            return wrong
        variances = {
            "the variance is the mean of the parts' variances so, which leaves out how far their means are apart": (
                torch.stack(own).mean(0)
            ),
            "the variance weighs the parts' variances, and leaves out how far their means are apart": (
                torch.stack([k * v for k, v in zip(sizes, own, strict=True)]).sum(0) / n
            ),
            "the variance lacks the mean: subtract its square": everything.square().mean(0),
            "the variance is a standard deviation so: leave out the root": variance.sqrt(),
            "the variance is divided by one less than there are examples: batch norm divides by all of them": (
                everything.var(0)
            ),
            "subtract the square of the mean, not the mean": everything.square().mean(0) - mean,
            "subtract the square of the mean, not of the sum": everything.square().mean(0) - everything.sum(0).square(),
        }
        got_variance = table(got[1], (3,), "as the variance it returned")
        if wrong := wrong_value(got_variance, variance, _clues(variances, variance), f"{said}, variance"):
            return wrong
    return None


HELPS = ("faster computing", "fewer bytes", "fewer turns")
# compute, size, W, bandwidth, latency: as the exercise's cell has them
JOBS = {
    "P": (2.0, 25e6, 4, 25e9, 5e-6),
    "Q": (2.0, 25e6, 1000, 25e9, 5e-6),
    "R": (2.0, 25e6, 2, 5e6, 2e-3),
    "S": (2000.0, 40e9, 500, 40e9, 5e-6),
}


def shares_of(job: tuple[float, float, int, float, float]) -> dict[str, float]:
    """How a step is made up.

    Args:
        job: seconds of work, bytes, processes, bytes a second, seconds of latency.

    Returns:
        What helps → the share of a step that it makes shorter.
    """
    compute, size, many, bandwidth, latency = job
    whole = seconds_of_step(*job)
    moved = seconds_of_step(0, size, many, bandwidth, 0)
    return dict(
        zip(
            HELPS, (compute / many / whole, moved / whole, seconds_of_step(0, 0, many, 1, latency) / whole), strict=True
        )
    )


def _clue(letter: str, named: str) -> str:
    return f"that part is only {shares_of(JOBS[letter])[named]:.1%} of its step; compute all three by parts(*jobs[…])"


@check(
    "what_helps",
    function=False,
    todo="name for each job what shortens its step most, as in {'P': 'fewer turns', …}",
    shows="right: the largest of the three parts decides, not the number of GPUs alone",
)
def what_helps(answer: Any) -> str | None:
    """``answer``: job → "faster computing", "fewer bytes" or "fewer turns"."""
    right = {}
    for letter, job in JOBS.items():
        shares = shares_of(job)
        right[letter] = max(shares, key=lambda name: shares[name])
    return misnamed(answer, right, HELPS, _clue)
