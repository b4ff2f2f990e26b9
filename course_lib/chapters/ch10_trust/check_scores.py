"""The checks of lessons 10.4 and 10.5: sensitivity, AUC, the right baseline; margins, a coin's luck, a report."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import near, number, table, wrong_value


@check(
    "max_sensitivity",
    todo="return the largest relative change of the map over all shifts",
    shows="right: frozen noise gets 0, and doubling a map changes nothing",
)
def max_sensitivity(answer: Any) -> str | None:
    """``answer(explain, image, shifts)``: (1, 1, H, W) → map; (1, 1, H, W); (S, 1, H, W) → one number."""
    g = torch.Generator().manual_seed(23)
    weights, frozen = torch.randn(1, 1, 3, 4, generator=g), torch.randn(1, 1, 3, 4, generator=g)
    explainers: dict[str, Callable[[Tensor], Tensor]] = {
        "a map that is the square of the image": lambda image: image**2,
        "a map that is 1,000 times image times weights": lambda image: 1000 * image * weights,
        "frozen noise": lambda image: frozen.clone(),
    }
    for what, explainer in explainers.items():
        for count in (5, 1):
            image = torch.rand(1, 1, 3, 4, generator=g)
            shifts = 0.2 * torch.rand(count, 1, 3, 4, generator=g) - 0.1
            if wrong := _sensitive(answer, explainer, image, shifts, f"for {what} and {count} shifts"):
                return wrong
    return None


def _sensitive(
    answer: Any, explainer: Callable[[Tensor], Tensor], image: Tensor, shifts: Tensor, when: str
) -> str | None:
    def asked(picture: Tensor) -> Tensor:
        assert isinstance(picture, Tensor) and picture.shape == image.shape, (
            f"explain takes one image, {tuple(image.shape)}, and was given "
            f"{tuple(picture.shape) if isinstance(picture, Tensor) else type(picture).__name__}"
        )
        return explainer(picture)

    got = number(answer(asked, image.clone(), shifts.clone()))
    before = explainer(image)
    moved = [explainer(image + shift[None]) for shift in shifts]
    change = torch.stack([(m - before).norm() for m in moved])
    shares = change / before.norm()
    known = {
        "that is the mean over the shifts: take the largest": shares.mean(),
        "that is the least change: take the largest": shares.min(),
        "that is not relative: divide by the size of the map before": change.max(),
        "that divides by the map after the shift: divide by the one before": torch.stack(
            [(m - before).norm() / m.norm() for m in moved]
        ).max(),
        "that is the square: take the root of the sum of squares, the norm": shares.max() ** 2,
        "that is the largest change of one pixel: take the norm over all": torch.stack(
            [(m - before).abs().max() / before.abs().max() for m in moved]
        ).max(),
        "that is the sum of absolute changes: take the root of the sum of squares, the norm": torch.stack(
            [(m - before).abs().sum() / before.abs().sum() for m in moved]
        ).max(),
        "that is relative to the shift: divide by the size of the map": torch.stack(
            [c / shift.norm() for c, shift in zip(change, shifts, strict=True)]
        ).max(),
    }
    return wrong_value(got, shares.max(), known, when)


@check(
    "auc",
    todo="return the chance that a pixel inside outranks one outside, a draw counting one half",
    shows="right: a constant map gets ½, as guessing does",
)
def auc(answer: Any) -> str | None:
    """``answer(inside, outside)``: two lists of attributions, of any lengths → one number."""
    cases = (
        ([3.0, 1.0, 2.5], [0.0, 2.0, 1.5, 4.0, 2.5]),
        ([1000.0, -1000.0], [0.0, 0.5, -1000.0]),
        ([0.0, 0.0, 0.0], [0.0, 0.0]),
        ([0.2], [0.9, 0.1, 0.2, 0.3]),
    )
    for inside, outside in cases:
        a, b = torch.tensor(inside), torch.tensor(outside)
        got = number(answer(a.clone(), b.clone()))
        wins, draws = (a[:, None] > b).double().mean(), (a[:, None] == b).double().mean()
        known = {
            "a draw counts as a win: let it count one half": wins + draws,
            "a draw counts as lost: let it count one half": wins,
            "that is the chance of a pixel outside: ask for the one inside": 1 - wins - draws / 2,
            "that is the pointing game: whether the highest pixel lies inside": float(a.max() > b.max()),
            "that is the difference of the means, which is no chance": (a.mean() - b.mean()).double(),
            "these are the pairs that are won: divide by how many pairs there are": (wins + draws / 2)
            * a.numel()
            * b.numel(),
            "that compares each pixel inside with the mean outside: compare with each": (a > b.mean()).double().mean(),
        }
        if wrong := wrong_value(got, wins + draws / 2, known, f"for {inside} inside and {outside} outside"):
            return wrong
    return None


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
    return wrong_value(got, others.mean(0), known, "that is not the mean of the images whose label is not k")


@check(
    "luck",
    todo="return how probable it is that a coin wins on at least `needed` of `seeds`",
    shows="right: 9 of 10 comes by luck once in 93 times, 4 of 5 in every fifth",
)
def luck(answer: Any) -> str | None:
    """``answer(seeds, needed)``: whole numbers → a probability."""
    for seeds, needed in ((10, 8), (10, 9), (5, 4), (1, 1), (10, 0), (60, 31)):
        got = number(answer(seeds, needed))

        def ways(numbers: range, of: int = seeds) -> float:
            return sum(math.comb(of, k) for k in numbers) / 2**of

        known = {
            f"that is for exactly {needed}: more than {needed} passes, too": ways(range(needed, needed + 1)),
            f"that is for more than {needed}: {needed} is enough": ways(range(needed + 1, seeds + 1)),
            f"that is for all {seeds}": ways(range(seeds, seeds + 1)),
            f"that is for at most {needed}: at least {needed} is asked for": ways(range(needed + 1)),
            "that is the chance to fail: take it from 1": ways(range(needed)),
            "that is how many ways there are: divide by all 2 to the number of seeds": ways(range(needed, seeds + 1))
            * 2**seeds,
            f"that is the chance of one row of {needed} wins: they may stand anywhere": 0.5**needed,
            "that is a share of the seeds, and no probability": needed / seeds,
        }
        if wrong := wrong_value(got, ways(range(needed, seeds + 1)), known, f"for {needed} of {seeds}", 1e-7):
            return wrong
    return None


@check(
    "margins",
    todo="return for each seed by how much the method beats the best control of that seed",
    shows="right: seed by seed against the best control, and above 0 means better, whichever way is better",
)
def margins(answer: Any) -> str | None:
    """``answer(method, controls, higher)``: seed → score; name → the same; bool → a number for each seed, in order."""
    method = {100: 0.70, 101: 0.40, 102: -0.10}
    controls = {
        "random": {100: 0.30, 101: 0.45, 102: -0.50},
        "intensity": {100: 0.60, 101: 0.20, 102: -0.30},
        "Sobel": {100: 0.50, 101: 0.10, 102: -0.05},
    }
    first = {seed: method[seed] for seed in (101,)}
    return (
        _margins(answer, method, controls, True)
        or _margins(answer, method, controls, False)
        or _margins(answer, first, {"random": {101: 0.45}}, True)
    )


def _margins(
    answer: Any, method: Mapping[int, float], controls: Mapping[str, Mapping[int, float]], higher: bool
) -> str | None:
    result = answer(dict(method), {name: dict(scores) for name, scores in controls.items()}, higher)
    if isinstance(result, Mapping) and set(result) == set(method):
        result = [result[seed] for seed in method]
    got = table(list(result) if isinstance(result, tuple) else result, (len(method),))
    scores = torch.tensor(list(method.values()), dtype=torch.float64)
    rows = torch.tensor([[row[seed] for seed in method] for row in controls.values()], dtype=torch.float64)
    best, worst = (rows.amax(0), rows.amin(0)) if higher else (rows.amin(0), rows.amax(0))
    sign = 1 if higher else -1
    over = (rows.max() if higher else rows.min()).expand_as(scores)
    known = {
        "above 0 should mean better: turn the sign": -sign * (scores - best),
        "that is against the best of all seeds: compare within each seed": sign * (scores - over),
        "that is against the mean of the controls: one that does as well is enough": sign * (scores - rows.mean(0)),
        "that is against the weakest control: take the best": sign * (scores - worst),
        "that is against the first control alone": sign * (scores - rows[0]),
        "that is the best control's score: take the difference": best,
        "that says whether, not by how much": (sign * (scores - best) > 0).double(),
    }
    when = f"where {'higher' if higher else 'lower'} is better"
    return wrong_value(got, sign * (scores - best), known, when)


_CLUES = {
    "P": "which maps did not take part in this comparison?",
    "Q": "could any map of single pixels have got much more?",
    "R": "what does each of the two maps promise?",
    "S": "would they have agreed if nothing had been learned?",
}


@check(
    "objections",
    function=False,
    todo="name what each line of the report leaves out, as in {'P': …}",
    shows="right: each line has true numbers, and each leaves out the number beside it",
)
def objections(answer: Any) -> str | None:
    """``answer``: line → "stronger control", "perfect map", "other question" or "fresh weights"."""
    right = {"P": "stronger control", "Q": "perfect map", "R": "other question", "S": "fresh weights"}
    return misnamed(answer, right, tuple(right.values()), lambda letter, _: _CLUES[letter])
