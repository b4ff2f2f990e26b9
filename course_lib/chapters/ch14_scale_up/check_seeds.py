"""The checks of lesson 14.3: write a file at once, how much faster it can get, how many seeds, four faulty reports."""

import math
from typing import Any

from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import number, wrong_value


class _Disk:
    """A disk that remembers what it would hold had the program been killed at each call: half a text, or no rename."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files, self.had_it_failed = dict(files), list[dict[str, str]]()

    def write(self, name: Any, text: Any) -> None:
        self.had_it_failed.append(self.files | {str(name): str(text)[: len(str(text)) // 2]})
        self.files[str(name)] = str(text)

    def rename(self, name: Any, other: Any) -> None:
        self.had_it_failed.append(dict(self.files))
        if str(name) not in self.files:
            raise FileNotFoundError(f"rename({name!r}, …): there is no such file yet; write it first")
        self.files[str(other)] = self.files.pop(str(name))


@check(
    "write_at_once",
    todo="write the text under another name, then rename that file to name",
    shows="right: whenever it is killed, the file is the whole old or the whole new one",
    returns=False,
)
def write_at_once(answer: Any) -> str | None:
    """``answer(name, text, write, rename)``: two texts, and what a disk can do."""
    name, old, new = "seed-3.json", "old " * 20, "new " * 20
    for before in ({}, {name: old}):
        disk = _Disk(before)
        answer(name, new, disk.write, disk.rename)
        if disk.files.get(name) != new:
            return f"afterwards {name} holds {disk.files.get(name, 'nothing')[:12]!r}… and not the text"
        if left := sorted(set(disk.files) - {name}):
            return f"{left[0]!r} is left over: rename it, it is needed no more"
        for call, files in enumerate(disk.had_it_failed, 1):
            if name not in files and before:
                return f"killed at call {call}: the old {name} is gone, and there is no new one"
            if files.get(name) not in (None, old, new):
                return f"killed at call {call}: {name} holds half a text; write under another name first"
    return None


@check(
    "fastest",
    todo="return the seconds with so many workers",
    shows="right: what is done one after the other never gets faster",
)
def fastest(answer: Any) -> str | None:
    """``answer(serial, parallel, workers)``: seconds, seconds, a whole number → seconds."""
    for serial, parallel, workers in ((3.0, 12.0, 2), (5.0, 90.0, 9), (0.0, 10.0, 4), (2.0, 7.0, 1)):
        right = serial + parallel / workers
        known = {
            "that divides what is done one after the other, too": (serial + parallel) / workers,
            "that is how many times as fast: the seconds are asked for": (serial + parallel) / right,
            "that leaves out what is done one after the other": parallel / workers,
            "that divides the wrong part": serial / workers + parallel,
            "the rest is shared by the workers: divide it": serial + parallel * workers,
        }
        apart: dict[str, object] = {said: value for said, value in known.items() if abs(value - right) > 1e-6}
        said = f"for {serial:g} s, {parallel:g} s and {workers} workers"
        if wrong := wrong_value(number(answer(serial, parallel, workers)), right, apart, said):
            return wrong
    return None


@check(
    "seeds_needed",
    todo="return the fewest trainings of each setting for at most 5 wrong winners of 100",
    shows="right: it takes many where settings are close, or where one training says little",
)
def seeds_needed(answer: Any) -> str | None:
    """``answer(difference, one, other)``: the means' difference, two standard deviations → a whole number."""
    for difference, one, other in ((0.5, 1.0, 1.0), (0.1, 0.3, 0.4), (2.0, 1.0, 3.0), (1.0, 0.2, 0.1)):
        exact = 1.645**2 * (one**2 + other**2) / difference**2
        known = {
            "round up: there is no part of a training": exact,
            "rounded down, it is one too few": math.floor(exact),
            "add the squares of the two, not the two": math.ceil(1.645**2 * (one + other) ** 2 / difference**2),
            "the scatter of both counts": math.ceil(1.645**2 * one**2 / difference**2),
            "that is √n: square it": math.ceil(1.645 * math.hypot(one, other) / difference),
            "1.645 must be squared, too": math.ceil(1.645 * (one**2 + other**2) / difference**2),
        }
        right = math.ceil(exact)
        apart: dict[str, object] = {said: value for said, value in known.items() if abs(value - right) > 1e-6}
        said = f"for a difference of {difference:g} and scatters of {one:g} and {other:g}"
        if wrong := wrong_value(number(answer(difference, one, other)), right, apart, said):
            return wrong
    return None


_CLUES = {
    "P": "how would the mean of all twenty look?",
    "Q": "what do the three that are missing have in common?",
    "R": "by which seeds was the step size chosen?",
    "S": "did all the results come out of the same program?",
}


@check(
    "what_misled",
    function=False,
    todo="name what is wrong in each report, as in {'P': 'other code', …}",
    shows="right: all seeds, none left out, none tuned on, one program",
)
def what_misled(answer: Any) -> str | None:
    """``answer``: report → "best of many", "left out", "tuned on them" or "other code"."""
    right = {"P": "best of many", "Q": "left out", "R": "tuned on them", "S": "other code"}
    return misnamed(answer, right, tuple(right.values()), lambda letter, _: _CLUES[letter])
