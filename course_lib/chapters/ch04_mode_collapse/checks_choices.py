"""Checks of chapter 04 whose answers are a choice for each of some cases: say what speaks against one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from course_lib.learn.exercises import check

_HEAPS = {
    "P": ("collapsed", "nearly all points are on a mode, and a KL near log 8 = 2.08 means: nearly all on one"),
    "Q": ("noise", "seven modes and equal shares, but 1 in 200 points lies on a mode, as of points thrown anywhere"),
    "R": ("good", "all modes, nearly all points on one, equal shares, and the energy distance of two true clouds"),
    "S": ("uneven", "all modes are hit, and nearly every point is on one; the KL says that some are hardly hit"),
}
_HEAP_WORDS = ("good", "collapsed", "uneven", "noise")


@check(
    "heaps",
    function=False,
    todo="say of each cloud what it is, as in {'P': 'good', …}",
    shows="right: each number is blind to something, and four together leave one reading",
)
def heaps(answer: Any) -> str | None:
    """``answer``: cloud → "good", "collapsed", "uneven" or "noise"."""
    return _choices(answer, _HEAPS, _HEAP_WORDS)


_CHASE = {
    "P": (True, "where D is fixed, one point is where G's loss is least, and it is the same for every latent"),
    "Q": (False, "D alone for 1,000 steps came down to about 1/9 at a heap: it can say so, and needs time"),
    "R": (False, "only the step size changed, and the heap opened: the loss was the same in both games"),
    "S": (False, "the lesson's heap moves on, at one balance; what every collapse does, one game cannot show"),
}


@check(
    "chase",
    function=False,
    todo="say True or False of each sentence, as in {'P': True, …}",
    shows="right: neither the loss alone nor a blind D makes this heap; here a larger step of D opens it",
)
def chase(answer: Any) -> str | None:
    """``answer``: sentence → whether it is true of this lesson's games."""
    return _choices(answer, _CHASE, (True, False))


_UNFAIR = {
    "P": ("noise", "modes and KL alone: points thrown anywhere have most modes and a small KL, too"),
    "Q": ("control", "the game without the cure got its worst step size, and the one with it its best"),
    "R": ("luck", "of forty trainings the best one is shown; the others are not"),
    "S": ("cost", "steps are equal and a step costs seven times as much: give the control as many seconds"),
}
_UNFAIR_WORDS = ("noise", "control", "luck", "cost")


@check(
    "unfair",
    function=False,
    todo="name what is missing in each report, as in {'P': 'cost', …}",
    shows="right: a fair race needs noise beside it, a control as well set, all seeds, and the cost",
)
def unfair(answer: Any) -> str | None:
    """``answer``: report → "noise", "control", "luck" or "cost"."""
    return _choices(answer, _UNFAIR, _UNFAIR_WORDS)


_ILL = {
    "P": ("collapsed", "few classes, and most pictures lie where real ones lie"),
    "Q": ("failed", "few classes, and no picture lies where real ones lie: the judge must name a digit all the same"),
    "R": ("failed", "the classes are even, but no picture lies where real ones lie: even shares can be had by noise"),
    "S": ("neither", "all classes, and most pictures lie where real ones lie"),
}
_ILL_WORDS = ("collapsed", "failed", "neither")


@check(
    "ill",
    function=False,
    todo="say of each generator what it suffers from, as in {'P': 'failed', …}",
    shows="right: collapse is few classes drawn well; without good pictures the training failed",
)
def ill(answer: Any) -> str | None:
    """``answer``: generator → "collapsed", "failed" or "neither"."""
    return _choices(answer, _ILL, _ILL_WORDS)


def _choices(answer: object, cases: Mapping[str, tuple[object, str]], choices: Sequence[object]) -> str | None:
    """How many are right and what speaks against the first wrong choice; None when all are right."""
    of_truth = True in choices
    kind: Callable[[object], bool] = lambda value: isinstance(value, bool if of_truth else str)  # noqa: E731
    words = "True or False" if of_truth else f"one of {', '.join(map(str, choices))}"
    names = ", ".join(cases)
    if not isinstance(answer, dict):
        return f"expected a dictionary with the keys {names}, got {type(answer).__name__}"
    if odd := [key for key in answer if not isinstance(key, str) or key not in cases]:
        return f"the keys are {names}: no others (got {str(odd[0])[:40]})"
    given = {key: one.strip().lower() if isinstance(one, str) else one for key, one in answer.items()}
    if open_ := [case for case in cases if given.get(case) is None or given[case] is ...]:
        return f"not yet answered: {', '.join(open_)}"
    for case in cases:
        if not kind(given[case]) or given[case] not in choices:
            return f"{case}: expected {words}, got {str(given[case])[:40]!r}"
    wrong = [case for case, (right, _) in cases.items() if given[case] != right]
    if not wrong:
        return None
    return f"{len(cases) - len(wrong)} of {len(cases)} are right. Look at {wrong[0]} again: {cases[wrong[0]][1]}"
