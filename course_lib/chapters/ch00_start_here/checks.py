"""The checks of chapter 00: pixels in [−1, 1], an average picture, one unit of a network, the share read rightly."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import gap, number, table, wrong_value


@check(
    "to_range",
    todo="return the image as floats, with 0 at −1 and 255 at 1",
    shows="right: 0 became −1, 255 became 1, and the numbers between lie evenly between them",
)
def to_range(answer: Any) -> str | None:
    """``answer(image)``: uint8 array of any shape in 0…255 → float array of the same shape in [−1, 1]."""
    steps = np.arange(256, dtype=np.uint8)
    images = np.array([[0, 51, 102], [153, 204, 255]], np.uint8), steps.reshape(4, 8, 8), steps[128:], steps[5:6]
    return next((wrong for image in images if (wrong := _wrong(answer, image))), None)


def _wrong(answer: Any, image: np.ndarray) -> str | None:
    given = image.copy()
    result = answer(given)
    if hasattr(result, "detach"):
        result = result.detach().cpu().numpy()
    assert isinstance(result, np.ndarray), f"it returned a {type(result).__name__}, expected an array like the image"
    assert result.shape == image.shape, f"the shape changed from {image.shape} to {result.shape}"
    assert (given == image).all(), "the image that was handed in has changed: compute a new array instead"
    assert result.dtype != np.uint8, (
        "the result is still uint8, which holds neither fractions nor negative numbers: convert to float first"
    )
    assert result.dtype.kind == "f", f"the result has the type {result.dtype}, expected floats"
    result = result.astype(float)
    assert np.isfinite(result).all(), f"{(~np.isfinite(result)).sum()} of {result.size} numbers are not finite"
    right, whole = image / 127.5 - 1, image.astype(float)
    if np.allclose(result, right, atol=1e-3):
        return None
    known = {
        "the result lies in [0, 1]: it still has to be doubled, and then moved down by 1": whole / 255,
        "the result lies in [0, 2]: move it down by 1": whole / 127.5,
        "the result lies in [−½, ½]: it still has to be doubled": right / 2,
        "black and white are swapped: 0 must become −1, and 255 must become 1": -right,
        "255 became 0.992: the largest number is 255, so half the range is 127.5, not 128": whole / 128 - 1,
        "numbers above 127 wrapped around: uint8 holds nothing above 255, so convert to float before doubling": np.uint8(
            image * np.uint8(2)
        )
        / 255.0
        - 1,
        "−1 and 1 are right, but the numbers between are not: // drops the fraction, and / keeps it": image // 127.5
        - 1,
        "the image was standardised (minus its mean, by its spread), which depends on the image; 0 must become −1": (
            whole - whole.mean()
        )
        / max(whole.std(), 1e-9),
        "the image's own darkest and brightest pixel were taken for 0 and 255: an image need not have either": 2
        * (whole - whole.min())
        / max(np.ptp(whole), 1)
        - 1,
        "the image's own brightest pixel was taken for 255: an image need not have one": 2 * whole / max(whole.max(), 1)
        - 1,
        "nothing has changed but the type: 0 must become −1, and 255 must become 1": whole,
    }
    for sentence, wrong in known.items():
        if np.allclose(result, wrong, atol=1e-4):
            return f"{sentence} ({gap(result, right)})"
    if image.size == 6 and np.allclose([result[0, 0], result[-1, -1]], [-1, 1], atol=1e-3):
        return (
            f"−1 and 1 are right, but the numbers between are not: 51 became {result[0, 1]:.3g} instead of −0.6; "
            "equal steps in p must give equal steps in x"
        )
    return (
        f"{image.flat[0]} became {result.flat[0]:.3g} and {image.flat[-1]} became {result.flat[-1]:.3g}, expected "
        f"{right.flat[0]:.3g} and {right.flat[-1]:.3g}: a straight line from −1 at 0 to 1 at 255"
    )


@check(
    "average_digit",
    todo="return the average picture of those whose label is `digit`",
    shows="right: the pictures of that digit alone, averaged pixel by pixel",
)
def average_digit(answer: Any) -> str | None:
    """``answer(images, labels, digit)``: ``(N, 1, H, W)``, ``(N,)``, a digit → ``(1, H, W)``."""
    for n, side, digit, seed in ((12, 4, 7, 1), (30, 28, 0, 2), (5, 3, 2, 3)):
        draw = torch.Generator().manual_seed(seed)
        images = torch.rand(n, 1, side, side, generator=draw) * 2 - 1
        labels = torch.randint(0, 3, (n,), generator=draw)
        labels[labels == digit] = 9
        labels[1 : n : 2 if n < 20 else 4] = digit
        got = table(answer(images.clone(), labels.clone(), digit))
        if wrong := _average(got, images, labels, digit):
            return wrong
    return None


def _average(got: Tensor, images: Tensor, labels: Tensor, digit: int) -> str | None:
    chosen = images[labels == digit]
    right = chosen.mean(0)
    if got.shape == chosen.shape:
        return "these are the pictures of that digit: they still have to be averaged"
    if got.numel() == 1:
        return f"it returned one number, the average over everything; expected a picture of shape {tuple(right.shape)}"
    if got.shape != right.shape:
        return f"it returned the shape {tuple(got.shape)}, expected that of one picture, {tuple(right.shape)}"
    return wrong_value(
        got,
        right,
        {
            "that is the average of all pictures: choose those whose label is `digit` first": images.mean(0),
            "that is the sum: an average divides by how many there are": chosen.sum(0),
            "the sum was divided by the number of all pictures, expected that of this digit's": chosen.sum(0)
            / len(images),
            "that is the picture at the place `digit`: compare the labels with `digit`": images[digit % len(images)],
            "that is one of the pictures of this digit, expected their average": list(chosen),
            "that is the average of all pictures that do *not* show this digit": images[labels != digit].mean(0),
            "that is the median, expected the mean": chosen.median(0).values,
        },
    )


@check(
    "unit",
    todo="return what the unit gives: the sum of weights times numbers, plus the bias, and 0 where that is negative",
    shows="right: multiplied, added up, and cut at 0, for 3 numbers as for 784",
)
def unit(answer: Any) -> str | None:
    """``answer(x, weights, bias)``: ``(n,)``, ``(n,)``, a number → max(0, Σ w x + b), one number."""
    draw = torch.Generator().manual_seed(0)
    many = torch.randn(2, 784, generator=draw)
    trials = (
        ([1.0, 2.0, 3.0], [0.5, -1.0, 2.0], 0.25),  # 4.75
        ([1.0, 2.0, 3.0], [0.5, 1.0, -2.0], 0.25),  # -3.25
        ([2.0, 1.0], [1.5, -1.0], -5.0),  # 2 without the bias, −3 with it
        ([1.0, -2.0], [-1.0, 1.0], 4.0),  # −3 without the bias, 1 with it
        ([1000.0], [1.0], 0.0),
        ([-1000.0], [1.0], 0.0),
        (many[0].tolist(), many[1].tolist(), 60.0),
    )
    for xs, ws, bias in trials:
        x, weights = torch.tensor(xs), torch.tensor(ws)
        got = answer(x.clone(), weights.clone(), bias)
        many_numbers = getattr(got, "shape", ()) == x.shape and len(xs) > 1
        if many_numbers:
            return f"it returned {len(xs)} numbers, one for each x: add them up, with .sum(), to one"
        if wrong := _unit(number(got), x.double(), weights.double(), bias):
            return wrong
    return None


def _unit(got: float, x: Tensor, weights: Tensor, bias: float) -> str | None:
    total = (x * weights).sum()
    right = (total + bias).clamp(min=0)
    what = f"for a sum of {total:.4g} and a bias of {bias:g}"
    return wrong_value(
        got,
        right,
        {
            f"{what}: what is negative has to become 0": total + bias,
            f"{what}: the bias is missing": [total.clamp(min=0), total],
            f"{what}: the cut at 0 comes last, after the bias has been added": total.clamp(min=0) + bias,
            f"{what}: what is negative has to become 0, not positive": (total + bias).abs(),
            f"{what}: the bias has to be added, not taken away": (total - bias).clamp(min=0),
            f"{what}: that is the mean of weight times number, expected the sum": (total / len(x) + bias).clamp(min=0),
            f"{what}: each product was cut at 0, expected only their sum": (
                (x * weights).clamp(min=0).sum() + bias
            ).clamp(min=0),
            f"{what}: each product got the bias, expected it once": (total + len(x) * bias).clamp(min=0),
            f"{what}: the numbers were added without their weights": (x.sum() + bias).clamp(min=0),
            f"{what}: that is a sigmoid of the sum, expected the sum, cut at 0": (total + bias).sigmoid(),
        },
        opening=what,
        within=1e-4,
    )


@check(
    "share_right",
    todo="return the share of pictures that are read rightly, without the two faults",
    shows="right: the place of the highest probability is what is read, and the result is a share",
)
def share_right(answer: Any) -> str | None:
    """``answer(chances, labels)``: ``(N, 10)`` probabilities, ``(N,)`` → the share read rightly, in [0, 1]."""
    for n, classes, seed in ((40, 10, 1), (10, 10, 2), (7, 3, 3), (1, 10, 4)):
        draw = torch.Generator().manual_seed(seed)
        chances = torch.softmax(2 * torch.randn(n, classes, generator=draw), 1)
        labels = chances.argmax(1)
        labels[: n // 4] = (labels[: n // 4] + 1) % classes  # a quarter is read wrongly
        got = number(answer(chances.clone(), labels.clone()))
        if wrong := _share(got, chances, labels):
            return wrong
    return None


def _share(got: float, chances: Tensor, labels: Tensor) -> str | None:
    read = chances.argmax(1)
    right = (read == labels).double()
    known = {
        "the highest *probability* was compared with the label: what is read is its place": (
            chances.max(1).values == labels
        )
        .double()
        .mean(),
        "that is how many are right: a share divides by how many there are": right.sum(),
        "that is the share in percent, expected a number from 0 to 1": 100 * right.mean(),
        "that is the share that is read *wrongly*": 1 - right.mean(),
        "that is the mean confidence: it does not ask the labels": chances.max(1).values.mean(),
        "that is the mean probability of the right digit, expected the share of right answers": chances[
            torch.arange(len(labels)), labels
        ].mean(),
        "that is how many are right, divided by the number of digits, expected by that of pictures": right.sum()
        / chances.shape[1],
        "the lowest probability was taken, expected the highest": (chances.argmin(1) == labels).double().mean(),
    }
    return wrong_value(
        got, right.mean(), known, opening=f"of {len(labels)} pictures {int(right.sum())} are read rightly"
    )
