"""Checks of chapter 03 whose answers are letters, or a choice for each of some cases: say what speaks against one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from course_lib.learn.exercises import check

_LINES = {
    "A": "moves the generator's weights",
    "B": "finds the discriminator's slopes",
    "C": "draws",
    "D": "computes the generator's loss",
    "E": "moves the discriminator's weights",
    "F": "clears the generator's slopes",
    "G": "computes the discriminator's loss",
    "H": "finds the generator's slopes",
    "I": "clears the discriminator's slopes",
}
# (earlier, later, what goes wrong otherwise)
_ORDER = (
    ("C", "G", "nothing is drawn yet, so the discriminator's loss cannot be computed"),
    ("C", "D", "nothing is drawn yet, so the generator's loss cannot be computed"),
    ("G", "B", "there is no discriminator's loss yet to find slopes of"),
    ("D", "H", "there is no generator's loss yet to find slopes of"),
    ("B", "E", "the discriminator steps before its slopes are found"),
    ("H", "A", "the generator steps before its slopes are found"),
)


@check(
    "order",
    function=False,
    todo="give the nine letters in an order that works, as one text",
    shows="right: each turn clears, computes and steps before the next one finds slopes",
)
def order(answer: Any) -> str | None:
    """``answer``: the letters A to I in an order in which the loop works. Either player may have the first turn."""
    given = _letters(answer)
    if odd := [letter for letter in given if letter not in _LINES]:
        return f"there is no line {odd[0]}: the nine lines are A to I"
    if twice := [letter for letter in _LINES if given.count(letter) > 1]:
        return f"line {twice[0]} stands there {given.count(twice[0])} times: each line is used once"
    if lacking := [letter for letter in _LINES if letter not in given]:
        return f"lacking: {', '.join(lacking)} (line {lacking[0]} {_LINES[lacking[0]]})"
    at = {letter: given.index(letter) for letter in _LINES}
    for earlier, later, wrong in _ORDER:
        if at[earlier] > at[later]:
            return f"line {later} comes before line {earlier}: {wrong}"
    for clears, finds, steps, who in (("I", "B", "E", "discriminator"), ("F", "H", "A", "generator")):
        if at[finds] < at[clears] < at[steps]:
            return (
                f"line {clears} stands between {finds} and {steps}: the slopes that were just found are thrown "
                f"away, so "
                f"the {who} does not move"
            )
    after_clearing = given[at["I"] :] + given[: at["I"]]  # the loop goes round: clearing may come after the step, too
    if after_clearing.index("H") < after_clearing.index("E"):
        return (
            "line H comes after I and before the next E: the generator's turn leaves slopes in the discriminator, "
            "too, and its step follows the sum of both"
        )
    if at["D"] < at["E"] < at["H"]:
        return (
            "line E stands between D and H: it changes, in place, weights that H still needs as they were when the "
            "loss was computed, and PyTorch raises an error"
        )
    return None


_FAULTS: dict[str, tuple[tuple[int, ...], str]] = {
    "no real picture": ((6, 3), "see which pictures the discriminator is asked about"),
    "labels swapped": ((4,), "find where each of the two turns gets its label"),
    "no logit": ((6, 8), "find where a logit becomes a probability"),
    "moves both networks": ((2, 1), "find where the optimisers are told which weights are theirs"),
}
_CODE = (
    "collects the weights of both networks",
    "makes the two optimisers",
    "fetches a batch of real pictures",
    "goes through the two turns, each with its label",
    "draws",
    "asks the discriminator",
    "clears the slopes",
    "computes the loss and its slopes",
    "moves the weights",
)


@check(
    "a1_faults",
    function=False,
    todo="give the number of a line for each fault, as in {'no real picture': 1, …}",
    shows="right: four faults, and none of them raises an error",
)
def a1_faults(answer: Any) -> str | None:
    """``answer``: fault → the number of its line in A1's code."""
    if wrong := _misfit(answer, _FAULTS, range(1, 10), "a line from 1 to 9"):
        return wrong
    for fault, (lines, look) in _FAULTS.items():
        if answer[fault] not in lines:
            return f"“{fault}” is not in line {answer[fault]}, which {_CODE[answer[fault] - 1]}: {look}"
    return None


_NOT_STEADY = {
    "A": "A is train mode: batch norm takes the mean and spread of the batch at hand",
    "C": "C is train mode as well: no_grad() keeps no record for slopes, and leaves the mode as it is",
    "E": "E is train mode: among 500 neighbours each one counts less, and still counts",
}
_STEADY = {
    "B": "B is missing: in eval mode batch norm uses what was collected in training, whatever stands beside the latent",
    "D": "D is missing: a Sampler draws in eval mode, and puts the generator back into its mode afterwards",
}


@check(
    "steady",
    function=False,
    todo="give the letters of the ways in which neighbours do not matter, as one text",
    shows="right: only the mode decides, not slopes and not the size of the batch",
)
def steady(answer: Any) -> str | None:
    """``answer``: the letters, of A to E, of the ways to draw in which neighbours do not matter."""
    given = _letters(answer)
    if odd := [letter for letter in given if letter not in _NOT_STEADY and letter not in _STEADY]:
        return f"there is no way {odd[0]}: they are A to E"
    return next((why for letter, why in _NOT_STEADY.items() if letter in given), None) or next(
        (why for letter, why in _STEADY.items() if letter not in given), None
    )


_LOST = {
    "P": (
        "way",
        "a millionth is left of the gradient between the last layer and the first; at D = 0.4 the loss has a slope",
    ),
    "Q": ("source", "nearly all arrives at the first layer; but minimax's slope is −D, here −0.001"),
    "R": ("both", "two millionths are left on the way, and minimax's slope is −D, here −0.001"),
    "S": ("neither", "most arrives at the first layer, and the non-saturating slope is −(1 − D), here nearly −1"),
}


@check(
    "lost",
    function=False,
    todo="say of each generator where its gradient gets lost, as in {'P': 'way', …}",
    shows="right: the ratio tells of the way, D and the loss tell of the source",
)
def lost(answer: Any) -> str | None:
    """``answer``: generator → "way", "source", "both" or "neither"."""
    answer = _lower(answer)
    choices = ("way", "source", "both", "neither")
    if wrong := _misfit(answer, _LOST, choices, f"one of {', '.join(choices)}"):
        return wrong
    return next((f"{case}: {why}" for case, (right, why) in _LOST.items() if answer[case] != right), None)


_CARRIED = {
    "P": (True, "it names its setting, and the claim “at most 0.85 of SGD's” holds on all five seeds"),
    "Q": (False, "it names no setting: after 900 steps RMSprop was far ahead, after 4,000 it was last"),
    "R": (False, "with He's first weights the three layers' distance falls from step to step"),
    "S": (True, "both means are near 147 there, and on some seeds the loser is even ahead"),
}


@check(
    "carried",
    function=False,
    todo="say True or False of each sentence, as in {'P': True, …}",
    shows="right: a sentence holds for the settings that were run, and no further",
)
def carried(answer: Any) -> str | None:
    """``answer``: sentence → whether the recorded runs carry it."""
    if wrong := _misfit(answer, _CARRIED, (True, False), "True or False", lambda value: isinstance(value, bool)):
        return wrong
    return next(
        (
            f"{case} is {'' if right else 'not '}carried: {why}"
            for case, (right, why) in _CARRIED.items()
            if answer[case] != right
        ),
        None,
    )


def _letters(answer: object) -> list[str]:
    """The letters of a text, or of a list of letters, in capitals."""
    if isinstance(answer, list | tuple | set) and all(isinstance(one, str) for one in answer):
        answer = "".join(answer)
    assert isinstance(answer, str), f'expected letters as a text, such as "AB", got {type(answer).__name__}'
    found = [one.upper() for one in answer if one.isalnum()]
    assert found, 'expected letters as a text, such as "AB", got none'
    return found


def _lower(answer: object) -> object:
    """A dictionary's texts in small letters; anything else as it is."""
    if not isinstance(answer, dict):
        return answer
    return {key: one.strip().lower() if isinstance(one, str) else one for key, one in answer.items()}


def _misfit(
    answer: object,
    cases: Mapping[str, object],
    choices: Sequence[object],
    words: str,
    kind: Callable[[object], bool] = lambda value: isinstance(value, str | int) and not isinstance(value, bool),
) -> str | None:
    """Why ``answer`` is no choice for each of ``cases``, or None."""
    names = ", ".join(cases)
    if not isinstance(answer, dict):
        return f"expected a dictionary with the keys {names}, got {type(answer).__name__}"
    if odd := [key for key in answer if not isinstance(key, str) or key not in cases]:
        return f"the keys are {names}: no others (got {str(odd[0])[:40]})"
    if open_ := [case for case in cases if answer.get(case) is None or answer[case] is ...]:
        return f"not yet answered: {', '.join(open_)}"
    for case in cases:
        if not kind(answer[case]) or answer[case] not in choices:
            return f"{case}: expected {words}, got {str(answer[case])[:40]!r}"
    return None
