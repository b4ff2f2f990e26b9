"""The checks of lesson 14.6: the centre of ink, whether the digit stays the same, and four faulty reports."""

from typing import Any

import torch
from torch import Tensor

from course_lib.chapters.ch14_scale_up.film_measures import agreement, centres
from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import number, table, wrong_value


@check(
    "ink_centre",
    todo="return the row and the column of the centre of ink, for each frame",
    shows="right: brightness weighs the pixels, and black weighs nothing",
)
def ink_centre(answer: Any) -> str | None:
    """``answer(frames)``: ``(T, H, W)`` in [−1, 1] → ``(T, 2)``, row and column."""
    g = torch.Generator().manual_seed(4)
    few = torch.full((2, 5, 8), -1.0)
    few[0, 1, 6] = 1.0
    few[1, 3, 2], few[1, 4, 2] = 1.0, 0.0
    for frames in (few, torch.rand(3, 9, 7, generator=g) * 2 - 1):
        right = centres(frames[None])[0]
        got = table(answer(frames.clone()), right.shape)
        ink = (frames.double() + 1) / 2
        total = ink.sum((1, 2))[:, None]
        middle = (torch.tensor(frames.shape[1:]).double() - 1) / 2
        known: dict[str, object] = {
            "row and column have changed places": right.flip(1),
            "that counts from 1: the first row and column are number 0": right + 1,
            "black (−1) still weighs: make it 0 first, as (frames + 1) / 2": _weighted(frames.double()),
            "divide by the ink of the frame, the sum of its brightness": [
                right * total,
                right * total / ink[0].numel(),
            ],
            "that is the brightest pixel, not the centre of all ink": _brightest(frames),
            "that is the distance from the middle of the frame": [right - middle, middle - right],
            "divide by each frame's own ink, not by that of all frames": right * total / total.sum(),
        }
        if wrong := wrong_value(
            got, right, known, f"for {len(frames)} frames of {frames.shape[1]} × {frames.shape[2]}"
        ):
            return wrong
    return None


def _weighted(weights: Tensor) -> Tensor:
    rows, columns = (torch.arange(side).double() for side in weights.shape[1:])
    found = torch.stack([(weights.sum(2) * rows).sum(1), (weights.sum(1) * columns).sum(1)], 1)
    return found / weights.sum((1, 2))[:, None]


def _brightest(frames: Tensor) -> Tensor:
    at = frames.flatten(1).argmax(1)
    return torch.stack([at // frames.shape[2], at % frames.shape[2]], 1).double()


@check(
    "same_digit",
    todo="return how often two different frames of one clip show the same digit",
    shows="right: pairs within a clip, and no frame with itself",
)
def same_digit(answer: Any) -> str | None:
    """``answer(digits)``: what is read in each frame, int64 ``(N, T)`` → one number."""
    g = torch.Generator().manual_seed(6)
    cases = [torch.tensor([[4, 9, 4, 9, 4], [2, 2, 2, 5, 0]]), torch.tensor([[7, 7, 1]])]
    cases += [torch.randint(10, (30, 6), generator=g) // torch.randint(1, 6, (30, 1), generator=g)]
    for digits in cases:
        n, length = digits.shape
        right = agreement(digits)
        equal = (digits[:, :, None] == digits[:, None]).double()  # (N, T, T)
        flat = digits.flatten()
        known: dict[str, object] = {
            "a frame always equals itself: leave those pairs out": equal.mean().item(),
            "those are neighbours only: compare any two frames of a clip": (
                (digits.diff(dim=1) == 0).double().mean().item()
            ),
            "that is the share of the clip's commonest digit: compare pairs": (
                (digits == digits.mode(1).values[:, None]).double().mean().item()
            ),
            "that asks whether all frames agree: count pairs": (digits == digits[:, :1]).all(1).double().mean().item(),
            "that compares with the first frame only: any two are meant": (
                (digits[:, 1:] == digits[:, :1]).double().mean().item()
            ),
            "frames of different clips were compared, too": [
                (flat[:, None] == flat).double().mean().item(),
                ((flat[:, None] == flat).double().sum().item() - len(flat)) / (len(flat) * (len(flat) - 1)),
            ],
            "that counts pairs: divide by how many there are": [
                right * n * length * (length - 1),
                right * n * length * (length - 1) / 2,
                right * length * (length - 1),
                right * length * (length - 1) / 2,
            ],
            "that is how often they differ": 1 - right,
            "there are T·(T − 1) pairs, if (s, t) and (t, s) both count": [right / 2, right * 2],
        }
        apart = {said: values for said, values in known.items() if not _gives(values, right)}
        if wrong := wrong_value(number(answer(digits.clone())), right, apart, f"for {n} clips of {length} frames"):
            return wrong
    return None


def _gives(values: Any, right: float) -> bool:
    """Whether this mistake goes unnoticed here."""
    return any(abs(float(value) - right) < 1e-6 for value in (values if isinstance(values, list) else [values]))


_CLUES = {
    "P": "which doctored clips have the smallest jerk of all?",
    "Q": "what does this number say of clips whose frames were shuffled?",
    "R": "which clips get this number although nobody wants them?",
    "S": "beside what must a share stand before it says anything of the training?",
}


@check(
    "what_misleads",
    function=False,
    todo="name what each report overlooks, as in {'P': 'order', …}",
    shows="right: each measure is blind to something, and the doctored clips show to what",
)
def what_misleads(answer: Any) -> str | None:
    """``answer``: report → "still pictures", "order", "variety" or "untrained"."""
    right = {"P": "still pictures", "Q": "order", "R": "variety", "S": "untrained"}
    return misnamed(answer, right, tuple(right.values()), lambda letter, _: _CLUES[letter])
