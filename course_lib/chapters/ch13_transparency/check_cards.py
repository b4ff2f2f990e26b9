"""The checks of lesson 13.1: a number with its range, what four cards leave out, a document that a schema accepts."""

import copy
from collections.abc import Callable
from typing import Any

import torch

from course_lib.audit import materials
from course_lib.chapters.ch13_transparency.small import broken_document
from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import table, wrong_value


class _Drawn:
    """A draw that counts how often it is asked."""

    def __init__(self, values: list[float]):
        self.values = values
        self.asked: list[int] = []

    def __call__(self, seed: int) -> float:
        self.asked.append(seed)
        return self.values[seed]


@check(
    "with_range",
    todo="return the mean, the lowest and the highest of n draws",
    shows="right: each set of samples was drawn once",
)
def with_range(answer: Any) -> str | None:
    """``answer(draw, n)``: function of a seed, whole number → (mean, lowest, highest)."""
    for values, n in (([47.2, 46.1, 49.0, 46.8, 47.5, 99.0], 5), ([3.0, -1.0, 0.5], 2), ([8.25], 1)):
        draw = _Drawn(values)
        got = table(answer(draw, n), (3,))
        x = torch.tensor(values[:n], dtype=torch.float64)
        right = torch.stack([x.mean(), x.min(), x.max()])
        known = {
            "lowest and highest have changed places": right[[0, 2, 1]],
            "the mean comes first": [right[[1, 0, 2]], right[[1, 2, 0]], right[[2, 1, 0]]],
            "that is the median: the mean is asked for": torch.stack([x.median(), x.min(), x.max()]),
            "that is the middle of lowest and highest: take the mean of all": torch.stack(
                [(x.min() + x.max()) / 2, x.min(), x.max()]
            ),
            "that is the width of the range: return its two ends": torch.stack(
                [x.mean(), x.max() - x.min(), x.max() - x.min()]
            ),
        }
        if n > 1:
            sd = x.std()
            known["mean ± a standard deviation is another range: take the lowest and highest draw"] = torch.stack(
                [x.mean(), x.mean() - sd, x.mean() + sd]
            )
        if wrong := wrong_value(got, right, known, f"for {n} draws"):
            return wrong
        if sorted(draw.asked) != list(range(n)):
            return f"it drew with the seeds {draw.asked}, expected each of 0 to {n - 1} once: keep the values in a list"
    return None


_CLUES = {
    "P": "a distance between what and what, in whose features?",
    "Q": "what would a generator score that has learned these very digits by heart?",
    "R": "could that mean be so high if no 4 was ever drawn?",
    "S": "what would you expect of the eleventh game?",
}


@check(
    "lacking",
    function=False,
    todo="name what each card leaves out, as in {'P': 'groups', …}",
    shows="right: each gap makes a true number mislead",
)
def lacking(answer: Any) -> str | None:
    """``answer``: card → "what it was measured on", "new data", "groups" or "the others"."""
    right = {"P": "what it was measured on", "Q": "new data", "R": "groups", "S": "the others"}
    return misnamed(answer, right, tuple(right.values()), lambda letter, _: _CLUES[letter])


def _first(document: dict[str, Any]) -> dict[str, Any]:
    return document["components"][0]["modelCard"]


@check(
    "mended_document",
    todo="return a document that the schema accepts and that says the same",
    shows="right: the schema accepts it, and nothing was lost",
)
def mended_document(answer: Any) -> str | None:
    """``answer(document)``: dict → dict."""
    return _mended(answer, broken_document()) or _mended(answer, _other())


def _other() -> dict[str, Any]:
    document = broken_document()
    _first(document)["quantitativeAnalysis"]["performanceMetrics"] = [
        {"type": "coverage", "value": 0.25},
        {"type": "precision", "value": 0.75},
    ]
    return document


def _mended(answer: Callable[[dict[str, Any]], Any], given: dict[str, Any]) -> str | None:
    before = copy.deepcopy(given)
    got = answer(given)
    if not isinstance(got, dict):
        return f"it returned a {type(got).__name__}: return the whole document, a dict"
    try:
        said = materials.fault(got)
    except (TypeError, ValueError) as problem:
        return f"this cannot be written as JSON ({str(problem).splitlines()[0]})"
    if said:
        return f"the schema: {said[:150]}"
    try:
        card = _first(got)
        task = card["modelParameters"]["task"]
        measures = [(one["type"], float(one["value"])) for one in card["quantitativeAnalysis"]["performanceMetrics"]]
    except (KeyError, IndexError, TypeError, ValueError):
        return "the schema accepts it, but something is lost: task and measures have to stay"
    wanted = [(one["type"], one["value"]) for one in _first(before)["quantitativeAnalysis"]["performanceMetrics"]]
    if task != _first(before)["modelParamters"]["task"] or measures != wanted:
        return "the schema accepts it, but it does not say the same: task and measures have to stay as they were"
    return None
