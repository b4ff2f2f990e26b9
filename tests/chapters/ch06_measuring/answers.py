"""Answers to notebook 06's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math

import numpy as np
import torch


def stub(*args):
    raise NotImplementedError("your turn")


def frechet(ma, sa, mb, sb):
    return (ma - mb) ** 2 + (sa - sb) ** 2


def inside(distances, radii):
    return distances < radii[:, None]


def share(distances, radii):
    return inside(distances, radii).any(0).double().mean()


GUILTY = {"A": "misses a class", "B": "blurred", "C": "copies"}

ANSWERS = {
    "frechet_1d": (
        frechet,
        stub,
        {
            "root of it": lambda *x: frechet(*x) ** 0.5,
            "the differences themselves": lambda ma, sa, mb, sb: abs(ma - mb) + abs(sa - sb),
            "add afterwards": lambda ma, sa, mb, sb: (abs(ma - mb) + abs(sa - sb)) ** 2,
            "means only": lambda ma, sa, mb, sb: (ma - mb) ** 2,
            "spreads only": lambda ma, sa, mb, sb: (sa - sb) ** 2,
            "squares the difference of the variances": lambda ma, sa, mb, sb: (ma - mb) ** 2 + (sa**2 - sb**2) ** 2,
            "should be a minus": lambda ma, sa, mb, sb: (ma - mb) ** 2 + (sa + sb) ** 2,
            "nothing taken away": lambda ma, sa, mb, sb: (ma - mb) ** 2 + sa**2 + sb**2,
            "variances as it is": lambda ma, sa, mb, sb: (ma - mb) ** 2 + abs(sa**2 - sb**2),
            "expected 34": lambda ma, sa, mb, sb: 3.0,
            "for N(3, 0.5²) and N(3, 0.5²)": lambda ma, sa, mb, sb: frechet(ma, sa, mb, sb) + 2 * (ma == mb),
            "equal Gaussians must": lambda ma, sa, mb, sb: (ma - mb) ** 2 + sa**2 + sb**2 - sa * sb,
            "taken for variances": lambda ma, sa, mb, sb: (ma - mb) ** 2 + (sa**0.5 - sb**0.5) ** 2,
            "half of it": lambda *x: frechet(*x) / 2,
            "is taken away": lambda ma, sa, mb, sb: (ma - mb) ** 2 - (sa - sb) ** 2,
            "for N(-2.5, 3²)": lambda ma, sa, mb, sb: frechet(ma, sa, abs(mb), sb) if ma >= 0 else (ma + mb) ** 2,
            "returned 2 numbers": lambda ma, sa, mb, sb: [(ma - mb) ** 2, (sa - sb) ** 2],
            "finite": lambda *x: math.nan,
        },
    ),
    "precision": (
        share,
        stub,
        {
            "every point counted": lambda d, r: 1.0,
            "once for each ball": lambda d, r: inside(d, r).sum() / d.shape[1],
            "(real, generated) pairs": lambda d, r: inside(d, r).double().mean(),
            "not lie in all balls": lambda d, r: inside(d, r).all(0).double().mean(),
            "how many points": lambda d, r: inside(d, r).any(0).sum(),
            "the number of real points": lambda d, r: inside(d, r).any(0).sum() / len(r),
            "every real ball counted": lambda d, r: inside(d, r).any(1).double().mean(),
            "the smallest one": lambda d, r: (d < r.min()).any(0).double().mean(),
            "the largest one": lambda d, r: (d < r.max()).any(0).double().mean(),
            "their mean": lambda d, r: (d < r.mean()).any(0).double().mean(),
            "the nearest real point": lambda d, r: (d.amin(0) < r[d.argmin(0)]).double().mean(),
            "*outside* all balls": lambda d, r: 1 - share(d, r),
            "column j": lambda d, r: (d < r).any(0).double().mean() if d.shape[0] == d.shape[1] else share(d, r),
            "for a table of 6 × 9 distances: got 0.3": lambda d, r: 0.3,
            "for a table of 1 × 4 distances": lambda d, r: max(share(d, r), 0.25),
            "returned 9 numbers": lambda d, r: inside(d, r).any(0),
            "raised": lambda d, r: (d < r).any(0).double().mean(),
        },
    ),
    "cheat": (
        GUILTY,
        ...,
        {
            "still to name: B": GUILTY | {"B": ...},
            "none of these": GUILTY | {"C": "a copier"},
            "1 of 3 are right; not 'copies' for A: its Fréchet distance would be below that of new real digits, 0.6": (
                GUILTY | {"A": "copies", "C": "misses a class"}
            ),
            "its class entropy clearly below": GUILTY | {"B": "misses a class"},
            "its recall would break down (new real digits have 0.9": GUILTY | {"C": "blurred"},
            "'blurred' is named twice": GUILTY | {"C": "blurred"},
            "got list": list(GUILTY.values()),
            "expected {": {"A": "copies"},
        },
    ),
}
RIGHT_TOO = {
    "frechet_1d": [
        lambda ma, sa, mb, sb: ma**2 - 2 * ma * mb + mb**2 + sa**2 + sb**2 - 2 * sa * sb,
        lambda ma, sa, mb, sb: (ma - mb) ** 2 + sa**2 + sb**2 - 2 * math.sqrt(sa**2 * sb**2),
        lambda ma, sa, mb, sb: (ma - mb).square() + (sa - sb).square(),
        lambda ma, sa, mb, sb: np.float32((ma - mb) ** 2 + (sa - sb) ** 2),
        lambda ma, sa, mb, sb: torch.tensor([ma - mb, sa - sb]).square().sum(),
        lambda ma, sa, mb, sb: np.hypot(ma - mb, sa - sb) ** 2,
    ],
    "precision": [
        lambda d, r: (d - r[:, None]).amin(0).lt(0).float().mean(),
        lambda d, r: (r > d.T).any(1).float().mean().item(),
        lambda d, r: np.mean((d.numpy() < r.numpy()[:, None]).any(axis=0)),
        lambda d, r: sum(any(d[i, j] < r[i] for i in range(len(r))) for j in range(d.shape[1])) / d.shape[1],
        lambda d, r: (inside(d, r).sum(0) > 0).sum() / d.shape[1],
        lambda d, r: torch.stack([(column < r).any() for column in d.T]).double().mean(),
    ],
    "cheat": [
        {k: v.title() for k, v in GUILTY.items()},
        dict(reversed(GUILTY.items())),
        {k: f" {v}" for k, v in GUILTY.items()},
    ],
}
