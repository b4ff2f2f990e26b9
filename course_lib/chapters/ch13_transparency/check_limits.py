"""The checks of lesson 13.7: a band of chance, an auditor who may say "no digit", and limits that are judged."""

from typing import Any

import torch

from course_lib.audit.shares import least_ink, read_classes
from course_lib.data import load
from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import number, table, wrong_value


@check(
    "standard_errors",
    todo="return how many standard errors the counted share lies from the due one",
    shows="right: of honest shares 95 in 100 lie within 2",
)
def standard_errors(answer: Any) -> str | None:
    """``answer(count, n, due)``: whole numbers, share → one number."""
    for count, n, due in ((130, 1000, 0.1), (40, 1000, 0.1), (3, 60, 0.2), (50, 500, 0.1)):
        share, error = count / n, (due * (1 - due) / n) ** 0.5
        right = (share - due) / error
        known: dict[str, object] = {
            "that is the other way round: above its due is positive": -right if right else 9e9,
            "the count is divided by n, its standard error as well: √(due (1 − due) / n)": (
                (share - due) / (due * (1 - due) * n) ** 0.5
            ),
            "take the root: that is a variance": (share - due) / (due * (1 - due) / n),
            "a share's error has two factors: due and 1 − due": (share - due) / (due / n) ** 0.5,
            "divide by n under the root": (share - due) / (due * (1 - due)) ** 0.5,
            "compare shares, not the count": (count - due) / error,
            "that is the difference; divide it by its standard error": share - due,
            "use the due share for the error: what would chance do if all were in order?": (
                (share - due) / (share * (1 - share) / n) ** 0.5
            ),
        }
        known = {s: v for s, v in known.items() if abs(float(v) - right) > 1e-6}  # type: ignore[arg-type]
        if wrong := wrong_value(number(answer(count, n, due)), right, known, f"for {count} of {n}, due {due:g}"):
            return wrong
    return None


@check(
    "with_no_digit",
    todo="return 11 counts: ten classes, and last the pictures with less ink than least",
    shows="right: a blank page is no 1",
)
def with_no_digit(answer: Any) -> str | None:
    """``answer(images, probabilities, least)``: ``(N, 1, 28, 28)``, ``(N, 10)``, a share of pixels → 11 counts."""
    digits = load("digits").take(60)
    least = least_ink(digits.images)
    g = torch.Generator().manual_seed(4)
    images = torch.cat([digits.images, -torch.ones(15, 1, 28, 28), torch.full((5, 1, 28, 28), -0.3)])
    images = images[torch.randperm(80, generator=g)]
    blank = (images > 0).flatten(1).double().mean(1) < least
    probabilities = torch.rand(80, 10, generator=g).softmax(1)
    probabilities[blank] = torch.eye(10)[1]
    right = read_classes(probabilities, blank).double()
    everything = torch.bincount(probabilities.argmax(1), minlength=10).double()
    known = {
        "the blank pictures are counted twice: take them out of the judge's classes": torch.cat(
            [everything, blank.sum()[None].double()]
        ),
        "“no digit” comes last": torch.cat([right[-1:], right[:-1]]),
        "these are shares: return counts": right / right.sum(),
        "these are the blank ones: turn the comparison round": read_classes(probabilities, ~blank).double(),
        "ink is a pixel above 0: grey of −0.3 is none": torch.cat(
            [torch.bincount(probabilities[(images > -1).flatten(1).any(1)].argmax(1), minlength=10), torch.tensor([15])]
        ).double(),
    }
    return wrong_value(table(answer(images.clone(), probabilities.clone(), least), (11,)), right, known)


_CLUES = {
    "P": "what does the owner of the weights leave out when he draws?",
    "Q": "what did a search of the latents draw from weights that never saw a 7?",
    "R": "who counted, and who had chosen what may pass?",
    "S": "of how many pictures, and what would a count of 0 of 50 allow?",
}


@check(
    "what_fails",
    function=False,
    todo="name what fails in each promise, as in {'P': 'weights', …}",
    shows="right: a limit is worth what an attack on it shows",
)
def what_fails(answer: Any) -> str | None:
    """``answer``: promise → "weights", "parts", "same reader" or "too few"."""
    right = {"P": "weights", "Q": "parts", "R": "same reader", "S": "too few"}
    return misnamed(answer, right, tuple(right.values()), lambda letter, _: _CLUES[letter])
