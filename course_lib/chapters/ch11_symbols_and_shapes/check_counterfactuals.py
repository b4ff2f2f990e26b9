"""The checks of lesson 11.4: the lead of a class, a random move as long, and the nearest class that was reached."""

from typing import Any

import torch

from course_lib.learn.exercises import check
from course_lib.learn.numbers import table, wrong_value


@check(
    "lead",
    todo="return the wanted logit minus the highest of the others",
    shows="right: it is above 0 exactly where the wanted class is the answer",
)
def lead(answer: Any) -> str | None:
    """``answer(logits, wanted)``: (N, K), int64 (N,) → (N,)."""
    g = torch.Generator().manual_seed(41)
    for n, k, size in ((6, 10, 3.0), (20, 3, 1.0), (4, 10, 1000.0)):
        logits = size * torch.randn(n, k, generator=g)
        wanted = torch.randint(0, k, (n,), generator=g)
        wanted[0] = logits[0].argmax()  # one that is the answer already
        given = logits.clone()
        got = table(answer(given, wanted.clone()), (n,))
        assert given.equal(logits), "the logits have changed: work on a copy"
        own = logits.gather(1, wanted[:, None])[:, 0]
        others = logits.scatter(1, wanted[:, None], float("-inf"))
        known = {
            "that is the wanted logit alone: subtract the highest of the others": own,
            "that is never above 0: the highest of *all* logits was subtracted, also the wanted one": own
            - logits.amax(1),
            "that is the other way round": others.amax(1) - own,
            "the mean of the others was subtracted: take the highest": own - (logits.sum(1) - own) / (k - 1),
            "the mean of all was subtracted: take the highest of the others": own - logits.mean(1),
            "that says where the wanted class is the answer: return the difference": (logits.argmax(1) == wanted),
        }
        if wrong := wrong_value(got, own - others.amax(1), known, f"for {n} pictures of {k} classes"):
            return wrong
    return None


@check(
    "as_far",
    todo="go as far as `end` is from `start`, in the direction of `noise`",
    shows="right: equally far, and elsewhere",
)
def as_far(answer: Any) -> str | None:
    """``answer(start, end, noise)``: three times (N, L) → (N, L)."""
    g = torch.Generator().manual_seed(42)
    for n, k in ((5, 10), (1, 3), (4, 64)):
        start, noise = torch.randn(n, k, generator=g), 3 * torch.randn(n, k, generator=g)
        end = start + torch.rand(n, 1, generator=g) * 4 * torch.randn(n, k, generator=g)
        got = table(answer(start.clone(), end.clone(), noise.clone()), (n, k))
        way, far, length = end - start, (end - start).norm(dim=1, keepdim=True), noise.norm(dim=1, keepdim=True)
        known = {
            "that is the step: add it to start": far * noise / length,
            "the noise keeps its own length: divide by it": [start + far * noise, start + noise],
            "that is one step of length 1: multiply by the distance from start to end": start + noise / length,
            "one length was taken for all rows: take each row's own": [
                start + way.norm() * noise / noise.norm(),
                start + far * noise / noise.norm(),
                start + way.norm() * noise / length,
            ],
            "that starts at end: begin at start": end + far * noise / length,
            "the length of end was taken: take that of end − start": start
            + end.norm(dim=1, keepdim=True) * noise / length,
            "the noise was added to the way: go in its direction alone": end + noise,
        }
        if wrong := wrong_value(got, start + far * noise / length, known, f"for {n} rows"):
            return wrong
    return None


@check(
    "nearest",
    todo="return the place of the nearest class that was reached, −1 where none was",
    shows="right: a search that failed counts for nothing",
)
def nearest(answer: Any) -> str | None:
    """``answer(moved, reached)``: (N, K), bool (N, K) → int (N,)."""
    g = torch.Generator().manual_seed(43)
    for n, k in ((8, 9), (3, 2), (1, 4)):
        moved, reached = 0.1 + torch.rand(n, k, generator=g), torch.rand(n, k, generator=g) < 0.6
        reached[-1] = False
        if n > 1:
            reached[0], reached[0, moved[0].argmin()] = True, False
        got = table(answer(moved.clone(), reached.clone()), (n,))
        inf = float("inf")
        far = moved.masked_fill(~reached, inf)
        none = ~reached.any(1)
        known = {
            "classes that were not reached are among them": [moved.argmin(1), moved.argmin(1).masked_fill(none, -1)],
            "where no class was reached, return −1": far.argmin(1),
            "these are the farthest: take the nearest": moved.masked_fill(~reached, -inf)
            .argmax(1)
            .masked_fill(none, -1),
            "an unreached class got the distance 0, so it is the nearest: give it an infinite one": [
                (moved * reached).argmin(1),
                (moved * reached).argmin(1).masked_fill(none, -1),
            ],
            "these are the distances: return the places": far.amin(1),
        }
        if wrong := wrong_value(got, far.argmin(1).masked_fill(none, -1), known, f"for {n} pictures"):
            return wrong
    return None
