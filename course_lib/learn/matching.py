"""The check of an exercise that asks which is which: a name for each of A, B, C and so on."""

from collections.abc import Callable, Mapping, Sequence


def misnamed(
    answer: object, right: Mapping[str, str], choices: Sequence[str], clue: Callable[[str, str], str]
) -> str | None:
    """What to look at again in ``answer``, or None when all names are ``right``.

    Nothing is judged before each letter has one of the ``choices``.

    Args:
        answer: ``{"A": name, …}``.
        right: letter → its name.
        choices: the names to choose from.
        clue: (letter, the name given to it) → a question that helps and tells nothing.

    Raises:
        AssertionError: with the sentence for the learner, for an answer of another shape.
    """
    letters = ", ".join(f'"{letter}": …' for letter in right)
    shape = f"expected {{{letters}}}, "
    assert isinstance(answer, Mapping), f"{shape}got {type(answer).__name__}"
    assert set(answer) == set(right), f"{shape}got the keys {', '.join(map(str, answer)) or 'of none'}"
    if still := [letter for letter, value in answer.items() if value is ... or value is None]:
        return f"still to name: {', '.join(still)}"
    named = {letter: value.strip().lower() if isinstance(value, str) else value for letter, value in answer.items()}
    for letter, value in named.items():
        if not isinstance(value, str) or value not in choices:
            return (
                f"{answer[letter]!r:.60} for {letter} is none of these: {', '.join(repr(choice) for choice in choices)}"
            )
    wrong = [letter for letter in right if named[letter] != right[letter]]
    if not wrong:
        return None
    twice = [name for name in choices if [*named.values()].count(name) > 1 and [*right.values()].count(name) == 1]
    hint = f" ({twice[0]!r} is named twice: each is here once)" if twice else ""
    return (
        f"{len(right) - len(wrong)} of {len(right)} are right{hint}; not {named[wrong[0]]!r} for {wrong[0]}: "
        f"{clue(wrong[0], named[wrong[0]])}"
    )
