"""The checks of lesson 14.4: gradients of unequal parts, statistics from sums, and the seconds of a shared step."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from course_lib.chapters.ch14_scale_up.sharing_cost import seconds_of_step
from course_lib.learn.exercises import check
from course_lib.learn.numbers import near, number, table, wrong_value


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


@check(
    "step_seconds",
    todo="return the seconds of a step: the work, divided; the bytes, moved; the turns, waited for",
    shows="right: of the three, only the first becomes small with many processes",
)
def step_seconds(answer: Any) -> str | None:
    """``answer(compute, size, processes, bandwidth, latency)`` → seconds."""
    for case in (
        (12.0, 5e6, 4, 2e6, 0.4),
        (8.0, 6e6, 2, 1e6, 0.1),
        (5.0, 9e6, 1, 1e6, 0.3),
        (100.0, 2e6, 50, 1e5, 0.01),
    ):
        compute, size, many, bandwidth, latency = case
        share, turns = 2 * (many - 1) / many, 2 * (many - 1)
        right = seconds_of_step(*case)
        moved, waits = share * size / bandwidth, turns * latency
        known = {
            "each process computes its part only: divide the work": compute + moved + waits,
            "the bytes are not moved once, but 2 (W - 1) / W times": compute / many + size / bandwidth + waits,
            "that moves the bytes half as often: there and back are 2 (W - 1) / W": compute / many + moved / 2 + waits,
            "that waits once: there are 2 (W - 1) turns": compute / many + moved + latency,
            "that waits for half of the turns": compute / many + moved + waits / 2,
            "that waits 2 W times: with one process there is nobody to wait for": compute / many
            + moved
            + waits
            + 2 * latency,
            "nobody shares the waiting: leave it undivided": compute / many + moved + waits / many,
            "the moved bytes are missing": compute / many + waits,
            "the waiting is missing": compute / many + moved,
            "the work is missing": moved + waits,
            "divide the bytes by the bandwidth": compute / many + share * size * bandwidth + waits,
        }
        said = f"for {compute:g} s of work, {size:g} bytes, {many} processes, {bandwidth:g} bytes/s, {latency:g} s"
        if wrong := wrong_value(number(answer(*case)), right, _clues(known, right), said):
            return wrong
    return None
