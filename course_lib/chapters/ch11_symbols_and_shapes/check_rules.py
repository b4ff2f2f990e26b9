"""The checks of lesson 11.1: a majority as control, five rules for a classifier, and a leak that is closed."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from course_lib import zoo
from course_lib.data import load
from course_lib.explain.concepts import CONCEPTS, measure_concepts
from course_lib.explain.rules import Rule, RuleList
from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value

WANTED, MOST_RULES = 0.38, 5


@check(
    "majority",
    todo="return the share of new pictures that get the answer most frequent among the seen ones",
    shows="right: chosen on what was seen, scored on what was not",
)
def majority(answer: Any) -> str | None:
    """``answer(seen, unseen)``: int64 ``(N,)``, ``(M,)`` → one number."""
    g = torch.Generator().manual_seed(41)
    cases = [
        (torch.tensor([3, 3, 3, 1, 1, 7, 3]), torch.tensor([1, 1, 1, 3, 7, 7, 1, 3])),
        (torch.tensor([0, 1, 1, 1]), torch.tensor([0, 0, 0, 1, 0])),
        (
            torch.cat([torch.randint(0, 10, (40,), generator=g), torch.full((20,), 6)]),
            torch.randint(0, 10, (30,), generator=g),
        ),
        (torch.tensor([9, 9, 2]), torch.tensor([2, 4, 4])),
    ]
    for seen, unseen in cases:
        got = number(answer(seen.clone(), unseen.clone()))
        most = seen.bincount().argmax()
        known = {
            "that is the most frequent answer itself: return how often it is right on the unseen ones": most.double(),
            "that chooses on the unseen pictures, which must only score": unseen.bincount().max() / len(unseen),
            "that scores on the seen pictures: score on the unseen ones": (seen == most).double().mean(),
            "that is how many agree: divide by how many there are": (unseen == most).sum().double(),
            "that is guessing evenly among the answers: always give the most frequent one": [
                torch.tensor(1 / len(seen.unique())),
                torch.tensor(0.1),
            ],
        }
        when = f"for seen answers {seen[:8].tolist()}{' …' * (len(seen) > 8)}"
        if wrong := wrong_value(got, (unseen == most).double().mean(), known, when):
            return wrong
    return None


@check(
    "five_rules",
    todo="return at most five rules and the answer where none holds",
    shows="right: five rules agree with the network on far more held-out digits than a majority does",
)
def five_rules(answer: Any) -> str | None:
    """``answer()``: a list of rules (``Rule``), and a class for where none holds."""
    given = answer()
    assert isinstance(given, tuple) and len(given) == 2, (
        "return two things: the list of rules, and a class for the rest"
    )
    rules, otherwise = given
    assert isinstance(rules, list | tuple) and all(isinstance(one, Rule) for one in rules), (
        "the first thing is a list of rules, such as [Rule('loops', '>=', 2, 8)]"
    )
    if len(rules) > MOST_RULES:
        return f"these are {len(rules)} rules: at most {MOST_RULES}"
    assert otherwise in range(10) and all(one.answer in range(10) for one in rules), "an answer is a class from 0 to 9"
    concepts, says = _held_out()
    said = RuleList(rules, int(otherwise), list(CONCEPTS))(concepts)
    agreed = (said == says).double().mean().item()
    if agreed >= WANTED:
        return None
    wrong = [(((said == a) & (says == b)).sum().item(), a, b) for a in range(10) for b in range(10) if a != b]
    many, a, b = max(wrong)
    idle = _idle(rules, concepts)
    hint = f"rule {idle + 1} never decides" if idle is not None else f"{many} times the rules say {a} where it says {b}"
    return f"they agree with the network on {agreed:.0%} of the held-out digits, {WANTED:.0%} are asked: {hint}"


@cache
def _held_out() -> tuple[Tensor, Tensor]:
    held_out = load("digits", split="test")
    with torch.no_grad():
        return measure_concepts(held_out.images), zoo.load("digit-cnn")(held_out.images).argmax(1)


def _idle(rules: Sequence[Rule], concepts: Tensor) -> int | None:
    open_ = torch.ones(len(concepts), dtype=torch.bool)
    for i, rule in enumerate(rules):
        now = open_ & torch.from_numpy(rule.holds(concepts[:, list(CONCEPTS).index(rule.concept)].numpy()))
        if not now.any():
            return i
        open_ &= ~now
    return None


@check(
    "levelled",
    todo="return the pictures so changed that their brightest pixel tells real from drawn no longer",
    shows="right: the brightest pixel tells nothing now, and no picture has visibly changed",
)
def levelled(answer: Any) -> str | None:
    """``answer(images)``: ``(N, 1, H, W)`` in [−1, 1] → the same shape."""
    g = torch.Generator().manual_seed(43)
    shades = torch.randint(0, 256, (200, 1, 6, 6), generator=g)
    shades[:, 0, 2, 2] = 255  # a real picture has a white pixel
    real = shades / 127.5 - 1
    drawn = torch.tanh(3 * torch.randn(200, 1, 6, 6, generator=g).clamp(-1, 1))
    drawn[:, 0, 2, 2] = torch.tanh(3.9 + torch.rand(200, generator=g))  # nearly white
    out = []
    for images in (real, drawn):
        kept = images.clone()
        got = table(answer(kept), images.shape)
        assert kept.equal(images), "the pictures that were handed in have changed: work on new ones"
        out.append(got)
    moved = max((a - b).abs().max().item() for a, b in zip(out, (real, drawn), strict=True))
    if moved == 0:
        return "no picture has changed: the brightest pixel tells as much as before"
    if moved > 0.02:
        return f"a pixel has moved by {moved:.2g}: a step of one of 256 shades is 0.0078, so change it by less"
    brightest = [images.amax((1, 2, 3)) for images in out]
    above = (brightest[0][:, None] - brightest[1][None]).sign().mean().item() / 2 + 0.5
    if abs(above - 0.5) > 0.1:
        over = max(images.max().item() for images in out) > 1 + 1e-6
        return (
            f"in {max(above, 1 - above):.0%} of all pairs the brightest pixels still tell which picture is real: "
            "treat both kinds alike, so that each has the same values to choose from"
            + (" (a white pixel is above 1 now: go to 0 … 255 before you round)" if over else "")
        )
    return None
