"""Checks of chapter 03 whose answers are functions that return one number: shares, counts, sides of maps."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch

from course_lib.learn.exercises import check
from course_lib.learn.numbers import near, number, wrong_value


@check(
    "accuracy",
    todo="return the share of right answers from the logits of real and of drawn pictures",
    shows="right: half the share among real pictures, and half the share among drawn ones",
)
def accuracy(answer: Any) -> str | None:
    """``answer(real_logits, fake_logits)``, (N, 1) and (M, 1) → a number from 0 to 1."""
    real, fake = torch.tensor([[2.0], [-0.5], [1.2], [0.3]]), torch.tensor([[-1.5], [0.8], [-2.2]])
    for r, f, opening in (
        (real, fake, ""),
        (real * 500, fake * 500, "with logits of ±1000"),
        (real[:1], fake, "with 1 real and 3 drawn pictures"),
    ):
        of_real, of_fake = (r > 0).double().mean(), (f < 0).double().mean()
        known = {
            "this is the share among all pictures together: where there are more of one kind, it counts more": (
                ((r > 0).sum() + (f < 0).sum()) / (len(r) + len(f))
            ),
            "for drawn pictures the right answer is “drawn”, a logit below 0": (of_real + 1 - of_fake) / 2,
            "this is how often it is wrong": 1 - (of_real + of_fake) / 2,
            "this is the share among the real pictures alone": of_real,
            "this is the share among the drawn pictures alone": of_fake,
            "this is the sum of the two shares: take their mean": of_real + of_fake,
            "this is in percent: return a number from 0 to 1": 50 * (of_real + of_fake),
            "½ is the border for probabilities; for logits it is 0": (
                (r > 0.5).double().mean() + (f < 0.5).double().mean()
            )
            / 2,
            "this is how many answers are right: divide by how many there are": (r > 0).sum() + (f < 0).sum(),
        }
        if wrong := wrong_value(number(answer(r.clone(), f.clone())), (of_real + of_fake) / 2, known, opening):
            return wrong
    return None


@check(
    "weights_of",
    todo="return how many weights and biases a chain of linear layers of these sizes has",
    shows="right: A1's generator has 117,648, A2's 1,956,624",
)
def weights_of(answer: Any) -> str | None:
    """``answer(sizes)``: the numbers of units from input to output → a whole number."""
    for sizes in ((128, 128, 784), (100, 1024, 1024, 784), (5, 3)):
        pairs, inner = list(pairwise(sizes)), sum(a * b for a, b in pairwise(sizes))
        known = {
            "the biases are missing: each output of a layer has one": inner,
            "the inputs have no biases: each *output* of a layer has one": inner + sum(sizes),
            "each layer has a bias for each output, and here it is one for each input": inner + sum(sizes[:-1]),
            "each layer has a bias for each output, and here it is one a layer": inner + len(pairs),
            "these are the biases alone": sum(sizes[1:]),
            "this is the first layer alone: add up all of them": sizes[0] * sizes[1] + sizes[1],
        }
        right = inner + sum(sizes[1:])
        if wrong := wrong_value(number(answer(tuple(sizes))), right, known, f"for the sizes {sizes}", 1e-9):
            return wrong
    return None


@check(
    "side",
    todo="return how many places the patch has along one side",
    shows="right: 28 becomes 14, then 7, with k = 4, s = 2 and m = 1",
)
def side(answer: Any) -> str | None:
    """``answer(n, k, s, m)`` → ⌊(n + 2m − k)/s⌋ + 1."""
    for n, k, s, m in ((20, 4, 2, 3), (28, 4, 2, 1), (14, 4, 2, 1), (28, 3, 1, 1), (7, 4, 2, 1), (5, 5, 1, 0)):
        wide = n + 2 * m
        known = {
            "the first place is missing: the patch stands there before any move": (wide - k) // s,
            "the margin is on both ends of a side": (n + m - k) // s + 1,
            "the margin is missing": (n - k) // s + 1,
            "the patch itself takes room: it cannot start in the last k − 1 pixels": wide // s + 1,
            "the moves of s pixels are missing: this counts every pixel where the patch fits": wide - k + 1,
            "this is the side after a transposed convolution, which runs the other way": (n - 1) * s - 2 * m + k,
            "a move that does not fit in full does not count: round down": (wide - k) / s + 1,
        }
        if wrong := wrong_value(
            number(answer(n, k, s, m)), (wide - k) // s + 1, known, f"for n = {n}, k = {k}, s = {s}, m = {m}"
        ):
            return wrong
    return None


@check(
    "variety_of",
    todo="return the mean, over the pixels, of each pixel's standard deviation over the pictures",
    shows="right: pictures that are all alike have none, however many strokes each has",
)
def variety_of(answer: Any) -> str | None:
    """``answer(pictures)``, (N, 1, H, W) → scalar ``pictures.std(0).mean()``."""
    for shape in ((6, 1, 3, 3), (4, 1, 28, 28)):
        x = torch.sin(torch.arange(float(torch.Size(shape).numel())) ** 1.5).reshape(shape)
        right, flat = x.std(0).mean(), x.std(0, correction=0).mean()
        got = number(answer(x.clone()))
        if near(torch.tensor(got).double(), flat.double()):  # NumPy's way, which divides by N
            continue
        known = {
            "this is the deviation of all numbers together, within a picture as well": [x.std(), x.std(correction=0)],
            "this is the deviation within each picture: compare the pictures with one another": x.flatten(1)
            .std(1)
            .mean(),
            "this is how much the pictures' mean brightness differs": x.flatten(1).mean(1).std(),
            "these are variances: take the roots, the standard deviations, before the mean": x.var(0).mean(),
            "this is the sum over the pixels: take the mean": x.std(0).sum(),
        }
        if wrong := wrong_value(got, right, known, f"for pictures of shape {shape}"):
            return wrong
    return None


@check(
    "swings",
    todo="return how often the values go from low to high, or back",
    shows="right: what lies between the limits does not count",
)
def swings(answer: Any) -> str | None:
    """``answer(values, low=0.25, high=0.5)`` → a whole number."""
    cases: tuple[tuple[list[float], tuple[float, ...]], ...] = (
        ([0.1, 0.9, 0.8, 0.7, 0.4, 0.2, 0.6], ()),
        ([0.1, 0.4, 0.6, 0.3, 0.1, 0.9], ()),
        ([0.1, 0.4, 0.1, 0.4], ()),
        ([0.6, 0.4, 0.9, 0.1], ()),
        ([0.3, 0.35, 0.45], ()),
        ([], ()),
        ([0.3, 0.7, 0.5, 0.3, 0.9], (0.4, 0.6)),
    )
    for values, limits in cases:
        low, high = limits or (0.25, 0.5)
        clear = [v > high for v in values if v < low or v > high]
        every = [v > high for v in values]
        known = {
            "what lies between the limits was counted as low: leave it out": _changes(every),
            "what lies between the limits was counted as high: leave it out": _changes([v > low for v in values]),
            "only the ways up were counted: the ways down are swings, too": sum(
                b and not a for a, b in pairwise(clear)
            ),
            "only the ways down were counted: the ways up are swings, too": sum(
                a and not b for a, b in pairwise(clear)
            ),
            "these are the values above the upper limit: count the changes from low to high and back": sum(every),
            "these are the values outside the limits: count the changes among them": len(clear),
        }
        opening = f"for {values}" + (f" with the limits {low} and {high}" if limits else "")
        if wrong := wrong_value(number(answer(list(values), *limits)), _changes(clear), known, opening):
            return wrong
    return None


def _changes(sides: Sequence[bool]) -> int:
    return sum(a != b for a, b in pairwise(sides))
