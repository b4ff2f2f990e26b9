"""The checks of lesson 14.1: a size for a folder's pictures, whether a generator learned, and four faulty folders."""

from collections.abc import Mapping
from typing import Any

from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import number
from course_lib.models.dcgan import PLANS

SIZES = sorted(PLANS)
_FOLDERS = (
    ([48], [60]),
    ([61], [44]),
    ([50], [50]),
    ([64, 90, 40], [64, 90, 40]),
    ([1000, 700], [2000, 900]),
    ([31, 200], [200, 200]),
    ([20, 64], [64, 64]),
)


@check(
    "size_for",
    todo="return the largest of SIZES that enlarges no picture's middle square, or the smallest where all would",
    shows="right: no picture is blown up, and none is shrunk more than it must be",
)
def size_for(answer: Any) -> str | None:
    """``answer(heights, widths)``: lists of pixels → one of ``SIZES``."""
    for heights, widths in _FOLDERS:
        sides = [min(pair) for pair in zip(heights, widths, strict=True)]
        got, right = number(answer(list(heights), list(widths))), _largest(min(sides))
        what = f"pictures of {', '.join(f'{h}×{w}' for h, w in zip(heights, widths, strict=True))} (height × width)"
        longer = min(max(pair) for pair in zip(heights, widths, strict=True))
        above = [size for size in SIZES if size > right]
        known = {
            "that looks at one side alone: the middle square has the shorter one": [
                _largest(side) for side in (min(heights), min(widths), longer)
            ],
            "that is the square's own side: the networks come in the sizes of SIZES": [min(sides)],
            "that looks at the largest picture: the smallest decides": [_largest(max(sides))],
            "that is the next larger size, so the smallest picture is blown up": above[:1],
        }
        if got != right:
            said = next((words for words, values in known.items() if got in values), "it is none that fits")
            return f"for {what} it returned {got:g}: {said}"
    return None


def _largest(side: int) -> int:
    return max((size for size in SIZES if size <= side), default=SIZES[0])


_UNTRAINED = {"frechet": 180.0, "precision": 0.0, "coverage": 0.02, "copying": 0.01}
_REAL = {"frechet": 0.6, "precision": 0.98, "coverage": 0.96, "copying": 0.52}
_GENERATORS = {
    "a good generator": {"frechet": 12.0, "precision": 0.8, "coverage": 0.7, "copying": 0.3},
    "one that draws a single class": {"frechet": 110.0, "precision": 0.97, "coverage": 0.24, "copying": 0.45},
    "one that hands out training pictures": {"frechet": 0.6, "precision": 0.98, "coverage": 0.96, "copying": 1.0},
    "one that hardly learned": {"frechet": 150.0, "precision": 0.05, "coverage": 0.04, "copying": 0.02},
    "one beyond the real pictures": {"frechet": 0.3, "precision": 1.0, "coverage": 0.99, "copying": 0.6},
}


@check(
    "learned",
    todo="return {measure: True or False} by the two rules above",
    shows="right: a number is read between nothing and the best that can be had",
)
def learned(answer: Any) -> str | None:
    """``answer(generator, untrained, real)``: dicts measure → number, all three → dict measure → bool."""
    for name, measures in _GENERATORS.items():
        got = answer(dict(measures), dict(_UNTRAINED), dict(_REAL))
        shape = "expected {" + ", ".join(f'"{measure}": True or False' for measure in measures) + "}"
        assert isinstance(got, Mapping), f"{shape}, got {type(got).__name__}"
        assert set(got) == set(measures), f"{shape}, got the keys {', '.join(map(str, got)) or 'of none'}"
        for measure, value in measures.items():
            right = _passes(measure, value)
            if not isinstance(got[measure], bool):
                return f"{shape}: for {measure} it is {got[measure]!r:.40}"
            if got[measure] != right:
                return f"{name} has {measure} {value:g}, and yours says {got[measure]}: {_why(measure, value)}"
    return None


def _passes(measure: str, value: float) -> bool:
    if measure == "copying":
        return value <= _REAL[measure] + 0.1
    return abs(value - _REAL[measure]) < abs(value - _UNTRAINED[measure])


def _why(measure: str, value: float) -> str:
    if measure == "copying":
        return f"only a number more than 0.1 above the real pictures' ({_REAL[measure]:g}) speaks of copies"
    near = "real" if _passes(measure, value) else "untrained"
    return (
        f"from it to the untrained generator ({_UNTRAINED[measure]:g}) and to the real pictures ({_REAL[measure]:g}), "
        f"the {near} one is nearer"
    )


_CLUES = {
    "P": "the judge was trained on sound faces. What does it say about the labels here?",
    "Q": "look at the mean pictures: what has one class that the others have not?",
    "R": "look at how many pictures each class has",
    "S": "look at how many pictures are there a second time",
}


@check(
    "what_is_wrong",
    function=False,
    todo="name what is wrong with each folder, as in {'P': 'rare class', …}",
    shows="right: what no check can refuse, a person can find",
)
def what_is_wrong(answer: Any) -> str | None:
    """``answer``: folder → "mark in one class", "twice the same", "wrong labels" or "rare class"."""
    right = {"P": "wrong labels", "Q": "mark in one class", "R": "rare class", "S": "twice the same"}
    return misnamed(answer, right, tuple(sorted(right.values())), lambda letter, _: _CLUES[letter])
