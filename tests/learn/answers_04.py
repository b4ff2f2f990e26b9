"""Answers to notebook 04's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math

import torch
from torch.special import xlogy


def stub(*args):
    raise NotImplementedError("your turn")


def near(points, centres, sigma, reach=3.0):
    return torch.cdist(points, centres) < reach * sigma  # (N, modes)


def shares(counts):
    return counts.double() / counts.sum()


def kl(counts):
    p = shares(counts)
    return xlogy(p, p * len(p)).sum()


def only_for_distinct(points, centres, sigma):
    return near(points, centres, sigma).any(0).sum() if sigma < 0.5 else len(points) + 1


ANSWERS = {
    "count_modes": (lambda x, c, s: near(x, c, s).any(0).sum(), stub, {
        "counts the points": lambda x, c, s: near(x, c, s).any(1).sum(),
        "only one mode": lambda x, c, s: near(x, c, s, 2.5).any(0).sum(),
        "every mode": lambda x, c, s: len(c),
        "number of points": lambda x, c, s: len(x),
        "no mode": lambda x, c, s: 0,
        "around four modes": lambda x, c, s: 7,
        "two other modes": only_for_distinct,
        "returned 4 numbers": lambda x, c, s: near(x, c, s).any(0),
    }),
    "kl": (kl, stub, {
        "entropy": lambda n: -xlogy(shares(n), shares(n)).sum(),
        "p alone": lambda n: xlogy(shares(n), shares(n)).sum(),
        "sign is reversed": lambda n: -kl(n),
        "other direction": lambda n: -(shares(n) * len(n)).log().mean(),
        "divided by their sum": lambda n: xlogy(n.double(), n.double() * len(n)).sum(),
        "in bits": lambda n: kl(n) / math.log(2),
        "mean over the modes": lambda n: kl(n) / len(n),
        "NaN": lambda n: (shares(n) * (shares(n) * len(n)).log()).sum(),
        "it gives 0.5000": lambda n: 0.5,
        "for 5, 0, 5, 0": lambda n: kl(n[n > 0]) if (n == 0).any() else kl(n),
        "returned 4 numbers": lambda n: shares(n),
    }),
    "pack": (lambda x, size: x.reshape(len(x) // size, -1), stub, {
        "each point is in several packs": lambda x, size: torch.cat([x.roll(-i, 0) for i in range(size)], 1),
        "3 packs of 2": lambda x, size: x.reshape(size, -1),
        "gave shape (6, 2)": lambda x, size: x,
        "torn apart": lambda x, size: x.T.reshape(len(x) // size, -1),
        "the first pack is": lambda x, size: torch.cat(x.chunk(size), 1),
        "cut off": lambda x, size: x.detach().reshape(len(x) // size, -1),
        "expected a tensor": lambda x, size: x.reshape(len(x) // size, -1).tolist(),
    }),
}
RIGHT_TOO = {"pack": [lambda x, size: torch.cat([x[i::size] for i in range(size)], 1)]}
