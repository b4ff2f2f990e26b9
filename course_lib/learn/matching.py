"""The check of an exercise that asks which is which: a name for each of A, B, C, …"""

from collections.abc import Callable, Mapping, Sequence


def misnamed(answer, right: Mapping[str, str], choices: Sequence[str], clue: Callable[[str, str], str]) -> str | None:
    """What to look at again in ``answer``, ``{"A": name, …}``, or None when all names are ``right``.

    choices: the names to choose from. clue: (letter, the name given to it) → a question that helps and tells nothing.
    Nothing is judged before each letter has one of the ``choices``.

    Raises:
        AssertionError: with the sentence for the learner, for an answer of another shape.
    """
    letters = ", ".join(f'"{letter}": …' for letter in right)
    assert isinstance(answer, dict) and set(answer) == set(right), f"expected {{{letters}}}"
    if any(value is ... or value is None for value in answer.values()):
        return f"still to name: {', '.join(letter for letter, value in answer.items() if value in (..., None))}"
    for letter, value in answer.items():
        if value not in choices:
            return f"{value!r} for {letter} is none of these: {', '.join(repr(choice) for choice in choices)}"
    wrong = [letter for letter, value in answer.items() if value != right[letter]]
    return f"not {answer[wrong[0]]!r} for {wrong[0]}: {clue(wrong[0], answer[wrong[0]])}" if wrong else None
