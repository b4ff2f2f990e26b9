"""Answers to lesson 11.4's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import torch
from torch.nn.functional import normalize


def stub(*args):
    raise NotImplementedError("your turn")


def own(logits, wanted):
    return logits.gather(1, wanted[:, None])[:, 0]


def lead(logits, wanted):
    return own(logits, wanted) - logits.scatter(1, wanted[:, None], float("-inf")).amax(1)


def by_the_two_highest(logits, wanted):
    top = logits.topk(2, 1)
    best = torch.where(top.indices[:, 0] == wanted, top.values[:, 1], top.values[:, 0])
    return own(logits, wanted) - best


def row_by_row(logits, wanted):
    found = []
    for row, k in zip(logits.tolist(), wanted.tolist(), strict=True):
        found.append(row[k] - max(value for i, value in enumerate(row) if i != k))
    return found


def in_place(logits, wanted):
    value = own(logits, wanted)
    logits[torch.arange(len(wanted)), wanted] = float("-inf")
    return value - logits.amax(1)


def length(x):
    return x.norm(dim=1, keepdim=True)


def as_far(start, end, noise):
    return start + length(end - start) * noise / length(noise)


def each_row(start, end, noise):
    return torch.stack([s + (e - s).norm() * n / n.norm() for s, e, n in zip(start, end, noise, strict=True)])


def nearest(moved, reached):
    return moved.masked_fill(~reached, float("inf")).argmin(1).masked_fill(~reached.any(1), -1)


def with_where(moved, reached):
    far = torch.where(reached, moved, moved.max() + 1)
    return torch.where(reached.any(1), far.argmin(1), -1)


def listed(moved, reached):
    found = []
    for row, yes in zip(moved.tolist(), reached.tolist(), strict=True):
        some = [(far, k) for k, far in enumerate(row) if yes[k]]
        found.append(min(some)[1] if some else -1)
    return found


ANSWERS = {
    "lead": (
        lead,
        stub,
        {
            "the wanted logit alone": own,
            "never above 0": lambda logits, wanted: own(logits, wanted) - logits.amax(1),
            "the other way round": lambda logits, wanted: -lead(logits, wanted),
            "the mean of all": lambda logits, wanted: own(logits, wanted) - logits.mean(1),
            "return the difference": lambda logits, wanted: logits.argmax(1) == wanted,
            "work on a copy": in_place,
        },
    ),
    "as_far": (
        as_far,
        stub,
        {
            "add it to start": lambda start, end, noise: as_far(start, end, noise) - start,
            "keeps its own length": lambda start, end, noise: start + length(end - start) * noise,
            "one step of length 1": lambda start, end, noise: start + noise / length(noise),
            "take each row's own": lambda start, end, noise: start + (end - start).norm() * noise / noise.norm(),
            "begin at start": lambda start, end, noise: end + as_far(start, end, noise) - start,
            "that of end − start": lambda start, end, noise: start + length(end) * noise / length(noise),
        },
    ),
    "nearest": (
        nearest,
        stub,
        {
            "not reached are among them": lambda moved, reached: moved.argmin(1),
            "return −1": lambda moved, reached: moved.masked_fill(~reached, float("inf")).argmin(1),
            "take the nearest": lambda moved, reached: torch.where(
                reached.any(1), moved.masked_fill(~reached, -1).argmax(1), -1
            ),
            "got the distance 0": lambda moved, reached: (moved * reached).argmin(1),
            "the shape": lambda moved, reached: moved.argmin(1, keepdim=True),
        },
    ),
}

RIGHT_TOO = {
    "lead": [by_the_two_highest, row_by_row],
    "as_far": [each_row, lambda start, end, noise: start + length(end - start) * normalize(noise, dim=1)],
    "nearest": [with_where, listed],
}
