"""The checks of lesson 12.3: the best window of a map, what a rule loses, and a window hidden."""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from course_lib.learn.exercises import check
from course_lib.learn.numbers import gap, near, number, table, wrong_value


@check(
    "window",
    todo="return the row and the column of the first pixel of the window with the highest mean",
    shows="right: windows at the border are looked at, too",
)
def window(answer: Any) -> str | None:
    """``answer(picture, side)``: (H, W), whole number → (top, left)."""
    g = torch.Generator().manual_seed(3)
    plain, corner = torch.randn(9, 12, generator=g), torch.zeros(8, 6)
    corner[6:, 4:] = 1.0
    corner[2, 2] = 3.0
    negative = -1 - torch.rand(7, 7, generator=g)
    for picture, side in ((plain, 4), (corner, 2), (negative, 3)):
        given = picture.clone()
        got = table(answer(given, side)).flatten()
        assert got.numel() == 2, f"expected two numbers, (top, left), got {got.numel()}"
        assert torch.equal(given, picture), "the map that was handed in has changed: work on a copy"
        means = avg_pool2d(picture[None, None], side, 1)[0, 0]
        right = _place(means)
        row, column = (int(i) for i in right)
        known = {
            "these are column and row: the row comes first": right.flip(0),
            "that is the highest pixel: a window counts by its mean": _place(picture),
            "that is the window's middle: return its first pixel": right + side // 2,
            "that is its last pixel: return its first": right + side - 1,
            "that counts from 1: Python counts from 0": right + 1,
            "that is the window with the lowest mean": _place(-means),
            "that is the largest size of a mean: the sign counts": _place(means.abs()),
            "the windows do not overlap: move by one pixel": _place(avg_pool2d(picture[None, None], side)[0, 0]) * side,
            "windows that touch the last row or column are missing": _place(means[:-1, :-1]),
        }
        if near(got, right.double()):
            continue
        for sentence, wrong in known.items():
            if near(got, wrong.double()):
                return f"{sentence} (for windows of {side}: {gap(got, right)})"
        return f"for windows of {side}: got {got.int().tolist()}, expected {[row, column]}"
    return None


def _place(means: Tensor) -> Tensor:
    return torch.tensor(divmod(int(means.argmax()), means.shape[1]))


@check(
    "regret",
    todo="return by how much the kept distance of the chosen checkpoint is above the least kept distance",
    shows="right: chosen by one number, judged by another",
)
def regret(answer: Any) -> str | None:
    """``answer(score, kept)``: two lists of numbers, one a checkpoint → one number; the least score is chosen."""
    for score, kept in (
        ([0.9, 0.2, 0.5, 0.4], [60.0, 52.0, 41.0, 45.0]),
        ([30.0, 20.0, 10.0], [33.0, 24.0, 15.0]),
        ([0.3, 0.7, 0.8, 0.9, 0.6], [70.0, 40.0, 38.0, 39.0, 38.5]),
    ):
        got = number(answer(list(score), list(kept)))
        at = score.index(min(score))
        known = {
            "that is its distance: subtract the least one": kept[at],
            "that chooses and judges by the same numbers": min(score) - min(kept),
            "that chooses by the kept distances, which nobody knows when choosing": 0.0 if at != _arg(kept) else 1e9,
            "that chooses the largest score: the least is best": kept[score.index(max(score))] - min(kept),
            "that is against the last checkpoint: compare with the best": kept[at] - kept[-1],
            "that is against the mean: compare with the best": kept[at] - sum(kept) / len(kept),
            "the sign is turned: worse than the best is above 0": min(kept) - kept[at],
            "that is the score of the chosen one": min(score),
        }
        if wrong := wrong_value(got, kept[at] - min(kept), known, f"for the scores {score} and distances {kept}"):
            return wrong
    return None


def _arg(numbers: list[float]) -> int:
    return numbers.index(min(numbers))


@check(
    "hidden",
    todo="return new pictures that are black (−1) in the window, and leave the old ones as they are",
    shows="right: the window is black in every picture, and the data are as they were",
)
def hidden(answer: Any) -> str | None:
    """``answer(images, top, left, side)``: (N, C, H, W), three whole numbers → (N, C, H, W)."""
    g = torch.Generator().manual_seed(4)
    for shape, top, left, side in (((3, 1, 8, 9), 2, 5, 3), ((2, 3, 6, 6), 0, 0, 2), ((1, 1, 5, 7), 1, 4, 3)):
        images = 2 * torch.rand(shape, generator=g) - 1
        given = images.clone()
        result = answer(given, top, left, side)
        assert torch.equal(given, images), "what was handed in has changed: the data would lose the mark for good"
        got = table(result, images.shape)
        place = torch.zeros(shape[-2:], dtype=torch.bool)
        place[top : top + side, left : left + side] = True
        turned = torch.zeros(shape[-2:], dtype=torch.bool)
        turned[left : left + side, top : top + side] = True
        first = images.clone()
        first[0, :, top : top + side, left : left + side] = -1
        known = {
            "nothing is hidden": images,
            "0 is grey in these pictures, black is −1": torch.where(place, 0.0, images),
            "all *but* the window is hidden": torch.where(place, images, -1.0),
            "rows and columns are swapped": torch.where(turned, -1.0, images),
            "only the first picture is hidden: do it to each of the batch": first,
            "the window got brighter: black is −1": torch.where(place, 1.0, images),
        }
        right = torch.where(place, -1.0, images)
        if wrong := wrong_value(got, right, known, f"for a window of {side} at ({top}, {left})"):
            return wrong
        slopes = images.clone().requires_grad_()
        again = answer(slopes, top, left, side)
        assert isinstance(again, Tensor) and again.requires_grad, "the slope is lost: G must learn through what is left"
    return None
