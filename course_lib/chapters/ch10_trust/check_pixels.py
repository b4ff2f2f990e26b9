"""The checks of lesson 10.3: deletion, an order in which equals are shuffled, and a verdict on one run."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value

_IMAGE, _FILL = torch.tensor([4.0, 1.0, 3.0, 2.0]), torch.tensor([0.0, 0.5, 0.0, 0.0])
_ORDER = torch.tensor([0, 2, 3, 1])  # 4 goes first, then 3, 2, 1


@check(
    "deletion",
    todo="take the pixels out one by one, the most important first, and return the mean of the values",
    shows="right: from the whole image to the fill, the most important pixel first",
)
def deletion(answer: Any) -> str | None:
    """``answer(value, image, order, fill)``: value (P,) → number; (P,), (P,), (P,) → mean of the P + 1 values.

    The trapezoid rule, the area under the curve over shares of pixels, is as right: papers use both.
    """
    wrong = _deleted(answer, torch.sum, _IMAGE, _ORDER, _FILL, "for pixels 4, 1, 3, 2 and value = their sum")
    if wrong:
        return wrong
    g = torch.Generator().manual_seed(10)
    image, fill = torch.rand(7, generator=g), torch.rand(7, generator=g)
    return _deleted(
        answer,
        lambda x: (x * torch.arange(1.0, 8)).sum().square(),
        image,
        torch.randperm(7, generator=g),
        fill,
        "for 7 pixels and a curved value",
    )


def _deleted(
    answer: Any, of: Callable[[Tensor], Tensor], image: Tensor, order: Tensor, fill: Tensor, when: str
) -> str | None:
    given, filled, seen = image.clone(), fill.clone(), []

    def value(picture: Tensor) -> Tensor:
        assert isinstance(picture, torch.Tensor) and picture.shape == image.shape, (
            f"value takes one picture of {len(image)} pixels, ({len(image)},), and was given "
            f"{tuple(picture.shape) if isinstance(picture, torch.Tensor) else type(picture).__name__}"
        )
        seen.append(picture.clone())
        return of(picture)

    got = number(answer(value, given, order.clone(), filled))
    if not given.equal(image) or not filled.equal(fill):
        return "it wrote into the image or the fill that it was given: work on a clone"
    curve, once = _curve(of, image, order, fill), [of(image)]
    for pixel in order:
        once.append(of(torch.where(torch.arange(len(image)) == pixel, fill, image)))
    area, back = torch.trapezoid(curve), _curve(of, fill, order, image)
    insertion = "that is insertion: begin with the image, and end with the fill"
    known = {
        insertion if seen and seen[0].equal(fill) else "the least important pixel went first": _curve(
            of, image, order.flip(0), fill
        ).mean(),
        insertion: back.mean(),
        "the curve begins with the whole image, before any pixel is gone": curve[1:].mean(),
        "the curve ends with the fill, when all pixels are gone": curve[:-1].mean(),
        "one pixel at a time was taken out and put back: the curve needs them to stay out": torch.stack(once).mean(),
        "that is the sum of the values: take their mean": curve.sum(),
        "that is the area over whole pixels: divide it by their number": area,
        "a pixel taken out gets the value it has in fill, which is not always 0": _curve(
            of, image, order, 0 * fill
        ).mean(),
        "a pixel taken out gets the value it has in fill, which is not its mean": _curve(
            of, image, order, fill.mean().expand_as(fill)
        ).mean(),
        "the pixels went in reading order: take them in the order that is given": _curve(
            of, image, torch.arange(len(image)), fill
        ).mean(),
        "order says which pixel goes first, second, …: it is not a rank of each pixel": _curve(
            of, image, order.argsort(), fill
        ).mean(),
        "this is the median of the values: take their mean": curve.median(),
    }
    return None if abs(got - area / len(image)) < 1e-5 else wrong_value(got, curve.mean(), known, when)


def _curve(of: Callable[[Tensor], Tensor], image: Tensor, order: Tensor, fill: Tensor) -> Tensor:
    """The P + 1 values as the pixels of ``order`` go, one after the other."""
    picture, values = image.clone(), [of(image)]
    for pixel in order:
        picture[pixel] = fill[pixel]
        values.append(of(picture))
    return torch.stack(values)


@check(
    "order",
    todo="return the pixels from the highest value to the lowest, with equal ones in a random order",
    shows="right: higher values come first, and which of the equals comes first is chance",
)
def order(answer: Any) -> str | None:
    """``answer(values, generator)``: (P,), a generator on the CPU → P positions, the highest value's first."""
    digit = torch.tensor([0.0, 3.0, 0.0, 1.0, 3.0, 0.0, 2.0, 3.0])
    close = torch.tensor([1000.0, 1000.001, 1000.0, 1000.001, -1000.0, -1000.0])
    for values in (digit, close, torch.zeros(5)):
        rows = [_ordered(answer, values, seed) for seed in range(40)]
        if _ordered(answer, values, 0) != rows[0]:
            return "the same seed gave another order: draw from the generator that is given"
        for end, extreme, word in ((0, values.max(), "first"), (-1, values.min(), "last")):
            equals = (values == extreme).nonzero().flatten().tolist()
            ever = sorted({row[end] for row in rows})
            if ever != equals:
                return (
                    f"pixels {equals} of {values.tolist()} are equal, and in 40 orders only {ever} ever came {word}: "
                    "equals should go at random"
                )
    return None


def _ordered(answer: Any, values: Tensor, seed: int) -> list[int]:
    given = values.clone()
    got = table(answer(given, torch.Generator().manual_seed(seed)))
    assert given.equal(values), "the values that were handed in have changed: leave them as they are"
    p = len(values)
    assert got.shape == (p,), f"expected {p} positions, got the shape {tuple(got.shape)}"
    assert sorted(got.tolist()) == list(range(p)), (
        f"expected each position from 0 to {p - 1} once, got {[round(v, 3) for v in got.tolist()]}"
    )
    rising = values[got.long()].diff() > 0
    if rising.any():
        at = int(rising.nonzero()[0])
        a, b = values[got.long()][at : at + 2].tolist()
        turned = values[got.long()].diff().ge(0).all()
        why = "that begins with the lowest" if turned else "a lower value comes before a higher one"
        if values[got.long().argsort()].diff().le(0).all():
            why = "that is the rank of each pixel: return which pixel comes first, second, …"
        raise AssertionError(f"{why} ({a:.7g} before {b:.7g})")
    return [int(v) for v in got.tolist()]


_CASES = (  # score, controls, higher is better → does it pass?, what to say
    (0.7, (0.5, 0.6, 0.2), True, True, "0.7 is higher than 0.5, 0.6 and 0.2: it passes"),
    (0.7, (0.5, 0.9, 0.2), True, False, "a control reaches 0.9, and it never saw the model: 0.7 proves nothing"),
    (0.1, (0.5, 0.2, 0.3), False, True, "where lower is better, 0.1 beats 0.5, 0.2 and 0.3"),
    (0.25, (0.5, 0.2, 0.3), False, False, "where lower is better, 0.25 does not beat the control with 0.2"),
    (0.6, (0.5, 0.6, 0.2), True, False, "0.6 against 0.6 is a draw, and a draw with a control proves nothing"),
    (0.95, (0.97, 0.1, 0.1), True, False, "the mean of the controls is low, but one of them reaches 0.97"),
    (0.4, (0.3, 0.2, 0.45), True, False, "the last of the controls reaches 0.45, and 0.4 does not beat it"),
    (-0.1, (-0.3, -0.2), True, True, "−0.1 is higher than −0.3 and −0.2: scores may be negative, and controls be two"),
    (0.2, (0.2,), False, False, "0.2 against 0.2 is a draw, where lower is better, too"),
)


@check(
    "passes",
    todo="return True if the score beats every control, else False",
    shows="right: one control that does as well is enough to prove nothing",
)
def passes(answer: Any) -> str | None:
    """``answer(score, controls, higher)``: number, {name: number}, bool → bool."""
    for score, scores, higher, right, why in _CASES:
        got = answer(score, dict(zip(("random", "intensity", "Sobel"), scores, strict=False)), higher)
        if isinstance(got, torch.Tensor | np.ndarray | np.generic) and np.asarray(got).size == 1:
            got = got.item()
        assert isinstance(got, bool), f"expected True or False, got {type(got).__name__}"
        if got != right:
            return f"{why} (got {got}, expected {right})"
    return None
