"""The checks of lesson 14.2: the least time of a call, scaled slopes, and four reports about speed."""

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import number, table, wrong_value


@check(
    "seconds_at_least",
    todo="return the seconds that a call needs at least: it computes and it moves bytes, at the same time",
    shows="right: the slower of the two decides",
)
def seconds_at_least(answer: Any) -> str | None:
    """``answer(work, size, peak, bandwidth)``: operations, bytes, and how many of each a second → seconds."""
    cases = ((8.0, 2.0, 4.0, 8.0), (1.0, 30.0, 4.0, 8.0), (0.0, 3.0, 7.0, 2.0))
    got = torch.tensor([number(answer(*case)) for case in cases])
    work, size, peak, bandwidth = torch.tensor(cases).T
    computing, moving = work / peak, size / bandwidth
    right = torch.maximum(computing, moving)
    known = {
        "it does both at the same time: do not add them": computing + moving,
        "it is not done before both are": torch.minimum(computing, moving),
        "that forgets the bytes": computing,
        "that forgets the operations": moving,
        "divide: peak is operations *a second*": torch.maximum(work * peak, size * bandwidth),
        "that is how many times a second: seconds are asked for": 1 / right,
    }
    return wrong_value(got, right, known, "for three calls, of (8, 2), (1, 30) and (0, 3) operations and bytes")


def _slopes(scale: float, broken: str = "") -> list[Tensor]:
    """Two tensors of small slopes, times a scale, in fp16; "inf" or "nan" stands in the second."""
    g = torch.Generator().manual_seed(2)
    true = [1e-6 * torch.randn(3, 4, generator=g), 1e-6 * torch.randn(5, generator=g)]
    scaled = [(scale * slope).half() for slope in true]
    if broken:
        scaled[1][2] = float(broken)
    return scaled


@check(
    "unscaled",
    todo="return the slopes in float32 without the scale, and the next scale; None for the slopes where one is broken",
    shows="right: a step is left out rather than spoilt, and the next one is scaled less",
)
def unscaled(answer: Any) -> str | None:
    """``answer(slopes, scale)``: fp16 tensors and a number → (float32 tensors, or None; the next scale)."""
    for scale, broken in ((65536.0, ""), (1024.0, ""), (65536.0, "inf"), (4096.0, "nan"), (4096.0, "-inf")):
        given = _slopes(scale, broken)
        got = answer([slope.clone() for slope in given], scale)
        if not isinstance(got, tuple | list) or len(got) != 2 or isinstance(got[0], Tensor):
            return f"expected two things, slopes and the next scale (got {type(got).__name__})"
        told = f"scale {scale:g}, " + (f"one slope is {broken}" if broken else "all slopes are finite")
        wrong = _wrong_slopes(got[0], given, scale, broken, told)
        if wrong := wrong or _wrong_scale(number(got[1], "as the scale it returned"), scale, bool(broken), told):
            return wrong
    return None


def _wrong_slopes(got: Any, given: list[Tensor], scale: float, broken: str, told: str) -> str | None:
    if broken:
        return None if got is None else f"{told}: a step with it would spoil every weight; return None for the slopes"
    if got is None:
        return f"{told}: nothing is broken, so return the slopes"
    if not isinstance(got, tuple | list) or len(got) != len(given):
        return f"{told}: expected a list of {len(given)} tensors"
    for mine, slope in zip(got, given, strict=True):
        if isinstance(mine, Tensor) and mine.dtype == torch.float16:
            return "divide in float32: in fp16 the small slopes are lost after all; call .float() first"
        right = slope.float() / scale
        # Compared as multiples of the largest, for all of them are tiny.
        largest = right.abs().max().item()
        mine = table(mine, right.shape, "as slopes it returned") / largest
        known: Mapping[str, object] = {
            "the scale is still in them: divide by it": slope.float() / largest,
            "they were multiplied once more: divide by the scale": slope.float() * scale / largest,
        }
        if wrong := wrong_value(mine, right / largest, known, f"{told}, as multiples of the largest slope"):
            return wrong
    return None


def _wrong_scale(got: float, scale: float, broken: bool, told: str) -> str | None:
    right = scale / 2 if broken else scale
    known = {
        "after a broken slope the scale has to fall: halve it": scale,
        "a larger scale breaks more: halve it": 2 * scale,
        "nothing broke: keep the scale": scale / 2,
        "one half of the scale is enough": scale / 4,
    }
    apart: dict[str, object] = {said: value for said, value in known.items() if not math.isclose(value, right)}
    return wrong_value(got, right, apart, f"{told}, next scale")


_CLUES = {
    "P": "what was the GPU doing when the clock was stopped?",
    "Q": "is the first step like all the others?",
    "R": "what else was changed?",
    "S": "what would the pictures say?",
}


@check(
    "what_is_unfair",
    function=False,
    todo="name what is wrong in each report, as in {'P': 'two changes', …}",
    shows="right: wait, warm up, change one thing, and look at what comes out",
)
def what_is_unfair(answer: Any) -> str | None:
    """``answer``: report → "did not wait", "warm-up counted", "two changes" or "another result"."""
    right = {"P": "did not wait", "Q": "warm-up counted", "R": "two changes", "S": "another result"}
    return misnamed(answer, right, tuple(right.values()), lambda letter, _: _CLUES[letter])
