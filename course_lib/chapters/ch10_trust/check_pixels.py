"""The checks of lesson 10.3: deletion by insertion, a fill that turns a verdict, and equals in a random order."""

from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value


@check(
    "deletion",
    todo="return the area under the deletion curve, with the help of `area`",
    shows="right: deletion is insertion with the roles of the image and the fill exchanged",
)
def deletion(answer: Any) -> str | None:
    """``answer(area, image, attribution, fill)``: (image, attribution, fill) → insertion's area; (P,) each → number."""
    g = torch.Generator().manual_seed(10)
    for p in (4, 7):
        image, fill, attribution = (
            torch.rand(p, generator=g),
            torch.rand(p, generator=g) - 1,
            torch.randn(p, generator=g),
        )
        weights = torch.rand(p, generator=g) + 0.5

        def area(image: Any, attribution: Any, fill: Any, weights: Tensor = weights) -> float:
            for what, one in (("image", image), ("attribution", attribution), ("fill", fill)):
                assert isinstance(one, Tensor) and one.shape == weights.shape, (
                    f"area takes image, attribution and fill, a tensor of {len(weights)} pixels each; its {what} was "
                    f"{tuple(one.shape) if isinstance(one, Tensor) else type(one).__name__}"
                )
            return _inserted(weights, image, attribution.argsort(descending=True), fill, curved=True)

        given = image.clone(), attribution.clone(), fill.clone()
        got = number(answer(area, *given))
        if not all(a.equal(b) for a, b in zip(given, (image, attribution, fill), strict=True)):
            return "the image, the attribution or the fill that were handed in have changed: leave them as they are"
        inserted, right = area(image, attribution, fill), area(fill, attribution, image)
        known = {
            "that is insertion: it begins with the fill, deletion with the image": inserted,
            "that is 1 − insertion: what is missing above a curve is not the area under the other one": 1 - inserted,
            "that is minus insertion: no area is turned round by its sign": -inserted,
            "that is 1 − deletion: return the area itself": 1 - right,
            "the order does not know the attribution: the most important pixels go first": [
                area(fill, image, image),
                area(fill, fill, image),
                area(fill, torch.zeros(p), image),
            ],
            "signs count: negative attributions go last": area(fill, attribution.abs(), image),
            "what takes the pixels' place is the fill that is given": [
                area(torch.full((p,), -1.0), attribution, image),
                area(torch.zeros(p), attribution, image),
            ],
        }
        if wrong := wrong_value(got, right, known, f"for {p} pixels"):
            return wrong
    return None


def _inserted(weights: Tensor, image: Tensor, order: Tensor, fill: Tensor, curved: bool = False) -> float:
    """The area under the insertion curve of a model that adds up weights times pixels (and squares the sum)."""
    picture = fill.clone().to(weights)
    heights = [(picture * weights).sum()]
    for pixel in order:
        picture[pixel] = image[pixel]
        heights.append((picture * weights).sum())
    curve = torch.stack(heights)
    return (torch.trapezoid(curve.square() if curved else curve) / len(order)).item()


@check(
    "lucky_fill",
    todo="return a fill on which the order `poor` inserts better than `good`",
    shows="right: on black `good` wins, on your fill `poor`, and neither map has changed",
)
def lucky_fill(answer: Any) -> str | None:
    """``answer(weights, image, good, poor)``: (P,), (P,), P positions twice → a fill (P,)."""
    g = torch.Generator().manual_seed(12)
    for p in (4, 9, 5, 8, 6, 7, 3):  # several, since any fill wins now and then
        weights, image = (
            torch.randn(p, generator=g, dtype=torch.float64),
            torch.rand(p, generator=g, dtype=torch.float64),
        )
        black = -torch.ones_like(image)
        good = (weights * (image - black)).argsort(descending=True)
        handed = weights.clone(), image.clone(), good.clone(), good.flip(0)
        fill = table(answer(*handed), (p,), "the fill has")
        if not all(a.equal(b) for a, b in zip(handed, (weights, image, good, good.flip(0)), strict=True)):
            return "the weights, the image or an order that were handed in have changed: work on a clone"
        by_good, by_poor = (_inserted(weights, image, order, fill) for order in (good, good.flip(0)))
        if by_poor > by_good + 1e-9:
            continue
        if fill.equal(image):
            return "this fill is the image itself: no pixel changes anything, and both orders get the same"
        if fill.equal(black):
            return f"this fill is black: there good wins, {by_good:.2f} to {by_poor:.2f}"
        tie = abs(by_good - by_poor) < 1e-9
        why = "both orders get the same" if tie else "good still inserts better"
        return (
            f"{why}, {by_good:.2f} to {by_poor:.2f} for {p} pixels: which pixel comes late in good, and early in poor?"
        )
    return None


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
