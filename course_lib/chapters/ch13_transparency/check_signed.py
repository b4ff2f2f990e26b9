"""The checks of lesson 13.2: what differs in a folder, a label washed off, and what follows from a signature."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import torch

from course_lib.audit import credentials
from course_lib.chapters.ch13_transparency.attacks import LABEL, chunks, pixels
from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed


@check(
    "differences",
    todo="return the names that changed, those that are new, and those that are lost, as three sets",
    shows="right: a renamed file is one lost and one new",
)
def differences(answer: Any) -> str | None:
    """``answer(before, after)``: two dicts name → hash → (changed, new, lost)."""
    cases = [
        ({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "9", "d": "3"}),
        ({}, {"x": "1"}),
        ({"x": "1", "y": "1"}, {"y": "1"}),
        ({"x": "1", "y": "2"}, {"x": "2", "y": "1"}),
    ]
    for before, after in cases:
        got = answer(dict(before), dict(after))
        parts = _three(got)
        changed = {name for name in before if after.get(name, before[name]) != before[name]}
        right = (changed, set(after) - set(before), set(before) - set(after))
        if parts == right:
            continue
        asked = f"for {before} → {after}"
        if parts == (right[0], right[2], right[1]):
            return f"{asked}: new and lost have changed places"
        if parts[0] == changed | right[1] | right[2]:
            return f"{asked}: changed is only what is in both, with another hash"
        if not parts[0] and changed:
            return f"{asked}: a file of the same name may have another hash"
        return f"{asked}: got {tuple(map(sorted, parts))}, expected {tuple(map(sorted, right))}"
    return None


def _three(got: object) -> tuple[set[str], ...]:
    assert isinstance(got, tuple | list) and len(got) == 3, "return three sets: changed, new, lost"
    for one in got:
        plain = isinstance(one, Iterable) and not isinstance(one, str | bytes | dict | torch.Tensor)
        assert plain and all(isinstance(name, str) for name in one), "each of the three is a set of names"
    return tuple(set(one) for one in got)


@cache
def _labelled() -> tuple[bytes, bytes]:
    picture = torch.linspace(-1, 1, 28 * 28).view(1, 28, 28)
    png = credentials.as_png(picture)
    return png, credentials.sign(png, credentials.new_identity("Ada"))


@check(
    "washed_file",
    todo="return the file without its label, with the same pixels",
    shows="right: no label, and not a pixel has changed",
)
def washed_file(answer: Any) -> str | None:
    """``answer(png)``: bytes → bytes."""
    plain, labelled = _labelled()
    got = answer(labelled)
    if not isinstance(got, bytes | bytearray):
        return f"it returned a {type(got).__name__}: return the bytes of a file"
    got = bytes(got)
    if got[:8] != plain[:8]:
        return "this is no PNG: its first 8 bytes have to stay"
    try:
        names = [name for name, _ in chunks(got)]
        seen = pixels(got)
    except (OSError, SyntaxError, ValueError):  # what Pillow says of a broken file
        return "no program can open this file: each chunk has to stay whole, with its checksum"
    if LABEL in names:
        return "the label is still there: the chunk caBX has to go"
    if seen.shape != (28, 28) or (seen != pixels(plain)).any():
        return "the label is gone, but the pixels have changed, too"
    return None


@check(
    "follows",
    function=False,
    todo="say of each sentence whether it follows, as in {'P': 'yes', …}",
    shows="right: a trusted label tells whose key it was and that nothing changed since",
)
def follows(answer: Any) -> str | None:
    """``answer``: sentence → "yes" or "no"."""
    clues = {
        "P": "what does one need to sign as Ada?",
        "Q": "could Ada have signed a photograph as generated?",
        "R": "what did the reader say when one pixel had changed under a kept label?",
        "S": "what became of the label when the picture was saved again?",
    }
    right = {"P": "yes", "Q": "no", "R": "yes", "S": "no"}
    return misnamed(answer, right, ("yes", "no"), lambda letter, _: clues[letter])
