"""Answers to notebook 04's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math

import numpy as np
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


def nearest_only(points, centres, sigma):
    distance, which = torch.cdist(points, centres).min(1)
    return len(which[distance < 3 * sigma].unique())


def in_a_square(points, centres, sigma):
    return ((points[:, None] - centres).abs() < 3 * sigma).all(2).any(0).sum()


def by_loop(points, centres, sigma):
    return sum(any(math.dist(p, c) < 3 * sigma for p in points.tolist()) for c in centres.tolist())


def kl_by_loop(counts):
    total, k = counts.sum().item(), len(counts)
    return sum(n / total * math.log(n / total * k) for n in counts.tolist() if n)


ANSWERS = {
    "count_modes": (
        lambda x, c, s: near(x, c, s).any(0).sum(),
        stub,
        {
            "counts the points": lambda x, c, s: near(x, c, s).any(1).sum(),
            "every pair": lambda x, c, s: near(x, c, s).sum(),
            "too few": lambda x, c, s: near(x, c, s, 1.0).any(0).sum(),
            "(not its square)": lambda x, c, s: (torch.cdist(x, c) < 3 * s**2).any(0).sum(),
            "squared, and 3": lambda x, c, s: (torch.cdist(x, c) ** 2 < 3 * s).any(0).sum(),
            "every mode": lambda x, c, s: len(c),
            "(got 6, expected 4)": lambda x, c, s: len(torch.cdist(x, c).argmin(1).unique()),
            "nearest mode only": nearest_only,
            "a square of the circle": in_a_square,
            "number of points": lambda x, c, s: len(x),
            "no mode": lambda x, c, s: 0,
            "for 11 points and 7 modes, σ = 0.1: got 77": lambda x, c, s: 77,
            "(got 3, expected 4)": lambda x, c, s: (~near(x, c, s).any(0)).sum(),
            "for 40 points and 25 modes": lambda x, c, s: near(x, c, s).any(0).sum() + (len(x) == 40),
            "returned 7 numbers": lambda x, c, s: near(x, c, s).any(0),
        },
    ),
    "kl": (
        kl,
        stub,
        {
            "entropy": lambda n: -xlogy(shares(n), shares(n)).sum(),
            "p alone": lambda n: xlogy(shares(n), shares(n)).sum(),
            "sign is reversed": lambda n: -kl(n),
            "other direction": lambda n: -(shares(n) * len(n)).log().mean(),
            "divided by their sum": lambda n: xlogy(n.double(), n.double() * len(n)).sum(),
            "in bits": lambda n: kl(n) / math.log(2),
            "mean over the modes": lambda n: kl(n) / len(n),
            "NaN": lambda n: (shares(n) * (shares(n) * len(n)).log()).sum(),
            "for the counts 6, 3, 1, 2: got 0.5": lambda n: 0.5,
            "counts the empty modes, too": lambda n: kl(n[n > 0]),
            "base 10": lambda n: kl(n) / math.log(10),
            "the largest of them": lambda n: xlogy(n / n.max(), n / n.max() * len(n)).sum(),
            "softmax": lambda n: xlogy(n.double().softmax(0), n.double().softmax(0) * len(n)).sum(),
            "p / K in it": lambda n: xlogy(shares(n), shares(n) / len(n)).sum(),
            "for the counts 4, 4, 4": lambda n: xlogy(shares(n), shares(n) * 4).sum(),
            "it gave 4 numbers": lambda n: shares(n),
        },
    ),
    "pack": (
        lambda x, size: x.reshape(len(x) // size, -1),
        stub,
        {
            "each point is in several packs": lambda x, size: torch.cat([x.roll(-i, 0) for i in range(size)], 1),
            "3 packs of 2": lambda x, size: x.reshape(size, -1),
            "gave shape (6, 2)": lambda x, size: x,
            "torn apart": lambda x, size: x.T.reshape(len(x) // size, -1),
            "the first pack is [-0.0, -1.0": lambda x, size: -x.reshape(len(x) // size, -1),
            "points from far apart": lambda x, size: torch.cat(x.chunk(size), 1),
            "again and again": lambda x, size: x[::size].repeat(1, size),
            "within a pack, all x": lambda x, size: x.reshape(len(x) // size, size, -1).mT.reshape(len(x) // size, -1),
            "still apart": lambda x, size: x.reshape(len(x) // size, size, -1),
            "8 points of 2 numbers in packs of 2": lambda x, size: x.reshape(2, -1),
            "turned round": lambda x, size: x.flip(0).reshape(len(x) // size, -1),
            "cut off": lambda x, size: x.detach().reshape(len(x) // size, -1),
            "expected a tensor": lambda x, size: x.reshape(len(x) // size, -1).tolist(),
        },
    ),
}
RIGHT_TOO = {
    "count_modes": [
        by_loop,
        lambda x, c, s: ((x[:, None] - c) ** 2).sum(2).sqrt().amin(0).lt(3 * s).sum().item(),
        lambda x, c, s: torch.cdist(c, x).min(dim=1).values.le(3 * s).float().sum(),
        lambda x, c, s: ((x[:, None] - c).square().sum(-1) < (3 * s) ** 2).any(0).count_nonzero(),
        lambda x, c, s: np.any(torch.cdist(x, c).numpy() < 3 * s, axis=0).sum(),
        lambda x, c, s: len(set(near(x, c, s).nonzero()[:, 1].tolist())),
    ],
    "kl": [
        kl_by_loop,
        lambda n: math.log(len(n)) + xlogy(shares(n), shares(n)).sum(),
        lambda n: torch.nn.functional.kl_div(
            torch.full((len(n),), 1 / len(n)).double().log(), shares(n), reduction="sum"
        ),
        lambda n: (shares(n) * (shares(n) * len(n) + 1e-12).log()).sum(),
        lambda n: (shares(n)[n > 0] * (shares(n)[n > 0] * len(n)).log()).sum().float(),
        lambda n: np.float64(kl(n)),
        lambda n: torch.einsum("k,k->", shares(n), (shares(n) * len(n)).clamp(min=1e-30).log()),
    ],
    "pack": [
        lambda x, size: torch.cat([x[i::size] for i in range(size)], 1),
        lambda x, size: x.view(-1, size * x.shape[1]),
        lambda x, size: x.unflatten(0, (-1, size)).flatten(1),
        lambda x, size: torch.stack([x[i : i + size].flatten() for i in range(0, len(x), size)]),
        lambda x, size: torch.stack([part.ravel() for part in x.split(size)]),
    ],
}
