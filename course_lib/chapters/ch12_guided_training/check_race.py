"""The checks of lesson 12.2: the luck in a table, the sign-flip test, and what a report has left out."""

from typing import Any

import numpy as np

from course_lib.chapters.ch12_guided_training.verdict import signs
from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import number, wrong_value


@check(
    "by_luck",
    todo="return the chance that the least of so many equally good games is not the one without a mask",
    shows="right: the best of three masks that do nothing beats “none” in three rows of four",
)
def by_luck(answer: Any) -> str | None:
    """``answer(masks)``: how many masks there are → the chance that the best of them is better than "none"."""
    for masks in (1, 3, 9):
        right = masks / (masks + 1)
        known: dict[str, object] = {
            "that is the chance that the game without a mask is the best: ask for the contrary": 1 / (masks + 1),
            "that counts the masks only: the game without one is drawn, too": (masks - 1) / masks,
            "that is the chance that *every* mask beats it: one is enough": [1 / (masks + 1), 0.5**masks],
            "that treats each mask as a new coin: all are compared with the same game without one, so they win or lose "
            "together more often": 1 - 0.5**masks,
        }
        for sentence in [s for s, v in known.items() if np.isclose(right, np.asarray(v, float)).any()]:
            del known[sentence]  # for one mask some mistakes give the right number
        if wrong := wrong_value(number(answer(masks)), right, known, f"for {masks} masks"):
            return wrong
    return None


@check(
    "flip_test",
    todo="return the share of all sign patterns whose mean is at least as far from 0 as the measured one",
    shows="right: ten pairs of one sign get 2/1,024, the least that ten can give",
)
def flip_test(answer: Any) -> str | None:
    """``answer(differences)``: a list of numbers → p."""
    g = np.random.default_rng(12)
    cases = [[0.5] * 6, [1.0, -1.0], list(g.normal(0.6, 1, 8)), list(g.normal(-0.6, 1, 7)), [3.0]]
    for values in cases:
        x = np.asarray(values)
        means = signs(len(x)) @ x / len(x)
        far = np.abs(means) >= abs(x.mean()) - 1e-9
        known: dict[str, object] = {
            "that counts one side only: a mean as far *below* 0 is as surprising": [
                (means >= x.mean() - 1e-9).mean(),
                (means <= x.mean() + 1e-9).mean(),
            ],
            "that leaves out patterns exactly as far, among them the measured one: use “at least as far”": (
                np.abs(means) > abs(x.mean()) + 1e-9
            ).mean(),
            "that is the share of patterns that are *nearer* to 0": 1 - far.mean(),
            "that is the number of patterns: divide by how many there are": far.sum(),
        }
        right = far.mean()
        known = {s: v for s, v in known.items() if not np.isclose(right, np.asarray(v, float)).any()}
        if wrong := wrong_value(number(answer(list(values))), right, known, f"for {len(x)} differences", within=1e-6):
            return wrong
    return None


_CLUES = {
    "P": "would a mask that says nothing, of the same size, not do the same?",
    "Q": "what else do both masks do to the gradient, besides making it uneven?",
    "R": "what else could the time of a guided step have been spent on?",
    "S": "how often would the best of so many be called better if none was?",
}


@check(
    "left_out",
    function=False,
    todo="name what is missing in each report, as in {'P': 'cost', …}",
    shows="right: each control answers one objection, and no other does",
)
def left_out(answer: Any) -> str | None:
    """``answer``: report → "permuted", "constant", "cost" or "many tests"."""
    right = {"P": "permuted", "Q": "constant", "R": "cost", "S": "many tests"}
    return misnamed(answer, right, tuple(right.values()), lambda letter, _: _CLUES[letter])
