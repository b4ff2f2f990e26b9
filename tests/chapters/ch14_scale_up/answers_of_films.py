"""Answers to the checks of lesson 14.6."""

import numpy as np
import torch


def stub(*args):
    raise NotImplementedError("your turn")


def centre(frames):
    ink = (frames + 1) / 2
    rows, columns = torch.arange(frames.shape[1]), torch.arange(frames.shape[2])
    total = ink.sum((1, 2))
    return torch.stack([(ink.sum(2) * rows).sum(1) / total, (ink.sum(1) * columns).sum(1) / total], 1)


def centre_by_einsum(frames):
    ink = (frames + 1) / 2
    ink = ink / ink.sum((1, 2), keepdim=True)
    row = torch.einsum("thw,h->t", ink, torch.arange(ink.shape[1]).float())
    column = torch.einsum("thw,w->t", ink, torch.arange(ink.shape[2]).float())
    return torch.stack((row, column), dim=-1)


def centre_by_numpy(frames):
    found = []
    for frame in frames.numpy().astype(float):
        ink = frame + 1
        rows, columns = np.indices(ink.shape)
        found.append([np.average(rows, weights=ink), np.average(columns, weights=ink)])
    return np.array(found)


def centre_of_black_too(frames):
    rows, columns = torch.arange(frames.shape[1]), torch.arange(frames.shape[2])
    total = frames.sum((1, 2))
    return torch.stack([(frames.sum(2) * rows).sum(1) / total, (frames.sum(1) * columns).sum(1) / total], 1)


def brightest(frames):
    at = frames.flatten(1).argmax(1)
    return torch.stack([at // frames.shape[2], at % frames.shape[2]], 1)


def pairs(digits):
    same = digits[:, :, None] == digits[:, None]
    length = digits.shape[1]
    return (same.sum((1, 2)) - length).double().mean() / (length * (length - 1))


def pairs_by_loops(digits):
    found = [a == b for row in digits.tolist() for i, a in enumerate(row) for b in row[:i]]
    return sum(found) / len(found)


def pairs_by_counting(digits):
    shares = []
    for row in digits:
        counts = torch.bincount(row, minlength=10).double()
        shares.append((counts * (counts - 1)).sum() / (len(row) * (len(row) - 1)))
    return torch.stack(shares).mean()


def across(digits):
    flat = digits.flatten()
    return (flat[:, None] == flat).double().mean()


RIGHT = {"P": "still pictures", "Q": "order", "R": "variety", "S": "untrained"}

ANSWERS = {
    "ink_centre": (
        centre,
        stub,
        {
            "changed places": lambda f: centre(f).flip(1),
            "counts from 1": lambda f: centre(f) + 1,
            "black (−1) still weighs": centre_of_black_too,
            "divide by the ink": lambda f: centre(f) * ((f + 1) / 2).sum((1, 2))[:, None],
            "brightest pixel": brightest,
            "the shape": lambda f: centre(f).mean(0),
        },
    ),
    "same_digit": (
        pairs,
        stub,
        {
            "always equals itself": lambda d: (d[:, :, None] == d[:, None]).double().mean(),
            "neighbours only": lambda d: (d.diff(dim=1) == 0).double().mean(),
            "commonest digit": lambda d: (d == d.mode(1).values[:, None]).double().mean(),
            "all frames agree": lambda d: (d == d[:, :1]).all(1).double().mean(),
            "different clips": across,
            "divide by how many": lambda d: pairs(d) * d.shape[1] * (d.shape[1] - 1),
            "how often they differ": lambda d: 1 - pairs(d),
        },
    ),
    "what_misleads": (
        RIGHT,
        dict.fromkeys("PQRS", ...),
        {
            "the smallest jerk": RIGHT | {"P": "order"},
            "were shuffled": RIGHT | {"Q": "untrained"},
            "nobody wants": RIGHT | {"R": "still pictures"},
            "beside what": RIGHT | {"S": "variety"},
        },
    ),
}

RIGHT_TOO = {
    "ink_centre": [centre_by_einsum, centre_by_numpy],
    "same_digit": [pairs_by_loops, pairs_by_counting],
    "what_misleads": [{k: v.upper() for k, v in RIGHT.items()}, dict(reversed(RIGHT.items()))],
}
