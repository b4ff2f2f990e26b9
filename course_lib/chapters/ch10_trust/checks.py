"""The checks of notebook 10: deletion, a validation without a leak, the right baseline, and a fair verdict."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import explain, near, number, table

_IMAGE, _FILL = torch.tensor([4.0, 1.0, 3.0, 2.0]), torch.tensor([0.0, 0.5, 0.0, 0.0])
_ORDER = torch.tensor([0, 2, 3, 1])  # 4 goes first, then 3, 2, 1

# A score, how many examples it is of, how many of these had been trained on, which they are, how many were trained on.
_Scored: TypeAlias = tuple[float, int, int, set[int], int]


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
    return None if abs(got - area / len(image)) < 1e-5 else explain(got, curve.mean(), known, when)


def _curve(of: Callable[[Tensor], Tensor], image: Tensor, order: Tensor, fill: Tensor) -> Tensor:
    """The P + 1 values as the pixels of ``order`` go, one after the other."""
    picture, values = image.clone(), [of(image)]
    for pixel in order:
        picture[pixel] = fill[pixel]
        values.append(of(picture))
    return torch.stack(values)


@check(
    "validate",
    todo="train on one part of the data, and return the score on the other",
    shows="right: nothing that was scored had been trained on",
)
def validate(answer: Any) -> str | None:
    """``answer(data, train, score)``: a list; list → model; (model, list) → number. Returns the held-out score.

    Each network is judged by what *it* was trained on, so folds, and a last training on everything, are right.
    """
    data, trained = list(range(100)), dict[str, list[int]]()
    clean, leaked = list[_Scored](), list[_Scored]()

    def train(part: Any) -> str:
        model = f"model {len(trained) + 1}"
        trained[model] = _examples(part, "train")
        return model

    def score(model: str, part: Any) -> float:
        assert isinstance(model, str) and model in trained, "score takes the model that train returned"
        tested = _examples(part, "score")
        assert tested, "score was given no examples"
        value = 0.25 + (0.618 * (len(clean) + len(leaked) + 1)) % 0.5  # no two alike, nor like the mean of others
        shared = set(tested) & set(trained[model])
        (leaked if shared else clean).append((value, len(tested), len(shared), set(tested), len(set(trained[model]))))
        return value

    result = answer(data, train, score)
    if not trained:
        return "nothing was trained: call train with a part of the data"
    if not clean and not leaked:
        return "nothing was scored: call score with the model and the held-out part"
    got = number(result)
    if not clean or _is_of(got, leaked) or (leaked and _is_of(got, clean + leaked) and not _is_of(got, clean)):
        _, tested, shared, _, _ = max(leaked, key=lambda one: one[2])
        return f"{shared} of the {tested} scored examples had been trained on: that is the leak"
    if not _is_of(got, clean):
        mean = sum(one[0] for one in clean) / len(clean)
        what = "score gave" if len(clean) == 1 else f"the mean of the {len(clean)} scores is"
        return f"it returned {got:.4g}, but {what} {mean:.4g}: return that"
    held_out, fewest = set().union(*(one[3] for one in clean)), min(one[4] for one in clean)
    largest = max(one[1] for one in clean)
    if len(held_out) < 5 or largest > 50 or fewest < 50:
        return (
            f"{fewest} of 100 examples trained on and {len(held_out)} held out: keep at least half for training, "
            "and hold out from 5 to 50"
        )
    return None


def _examples(part: Any, by: str) -> list[int]:
    assert hasattr(part, "__getitem__") and not isinstance(part, str | dict), (
        f"{by} takes a list of examples, and was given a {type(part).__name__}"
    )
    found = [int(one) for one in part]
    assert set(found) <= set(range(100)), f"something was used by {by} that is not in data"
    return found


def _is_of(got: float, scores: list[_Scored]) -> bool:
    """Whether ``got`` is one of the scores, or their mean, plain or by the number of examples."""
    if not scores:
        return False
    values, sizes = np.array([s[0] for s in scores]), np.array([s[1] for s in scores])
    right = [*values, values.mean(), (values * sizes).sum() / sizes.sum()]
    return min(abs(got - one) for one in right) < 1e-6


@check(
    "baseline",
    todo="return the picture to begin from when the question is “why class k?”",
    shows="right: what class k lacks is credited, because the baseline has it",
)
def baseline(answer: Any) -> str | None:
    """``answer(images, labels, k)``: (N, 1, H, W), (N,), int → (1, 1, H, W) or (1, H, W)."""
    g = torch.Generator().manual_seed(11)
    first = torch.linspace(-1, 1, 48).view(6, 1, 2, 4) ** 3, torch.tensor([0, 1, 1, 2, 0, 2])
    second = 2 * torch.rand(11, 1, 3, 3, generator=g) - 1, torch.tensor([7, 3, 0, 0, 3, 7, 7, 1, 0, 3, 0])
    return _baseline(answer, *first, 1) or _baseline(answer, *second, 0)


def _baseline(answer: Any, images: Tensor, labels: Tensor, k: int) -> str | None:
    given = images.clone()
    got = table(answer(given, labels.clone(), k))
    h, w = images.shape[-2:]
    assert got.numel() == h * w, f"expected one picture of {h} × {w} pixels, got the shape {tuple(got.shape)}"
    assert given.equal(images), "the images that were handed in have changed: choose from them, and change none"
    got, others = got.reshape(1, h, w), images[labels != k]
    by_class = [images[labels == c].mean(0) for c in labels.unique() if c != k]
    if near(got, torch.stack(by_class).mean(0).double()):
        return None  # each other class counts alike, however many images it has
    known = {
        "that is the mean of class k itself: what it lacks, this lacks, too": images[labels == k].mean(0),
        "that is the mean of all images, with class k among them": images.mean(0),
        "that is black: where class k is black, nothing can be credited": -torch.ones(1, h, w),
        "that is grey, all 0: no picture of any class": torch.zeros(1, h, w),
        "that is white, all 1: no picture of any class": torch.ones(1, h, w),
        "that is the sum of the other images: divide by how many there are": others.sum(0),
        "that divides by the number of all images, though only those that are not of class k were added": others.sum(0)
        / len(images),
        "that is the median, pixel by pixel, which is no mean": others.median(0).values,
        "that is one image: its own accidents would be credited; take a mean": list(images),
        "that is the mean of one other class: take every image that is not of class k": by_class,
    }
    return explain(got, others.mean(0), known, "that is not the mean of the images whose label is not k")


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
