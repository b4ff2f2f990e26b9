"""Answers to notebook 06's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math


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
    "frechet_1d": (frechet, stub, {
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
        "equal Gaussians": lambda ma, sa, mb, sb: frechet(ma, sa, mb, sb) + (ma == mb),
        "returned 2 numbers": lambda ma, sa, mb, sb: [(ma - mb) ** 2, (sa - sb) ** 2],
        "finite": lambda *x: math.nan,
    }),
    "precision": (share, stub, {
        "every point counted": lambda d, r: 1.0,
        "counted twice": lambda d, r: inside(d, r).sum() / d.shape[1],
        "(real, generated) pairs": lambda d, r: inside(d, r).double().mean(),
        "not lie in all balls": lambda d, r: inside(d, r).all(0).double().mean(),
        "how many points": lambda d, r: inside(d, r).any(0).sum(),
        "the smallest one": lambda d, r: (d < r.min()).any(0).double().mean(),
        "the largest one": lambda d, r: (d < r.max()).any(0).double().mean(),
        "three of them": lambda d, r: 0.3,
        "outside all balls": lambda d, r: max(share(d, r), 0.25),
        "returned 6 numbers": lambda d, r: inside(d, r).any(0),
        "raised": lambda d, r: (d < r).any(0).double().mean(),
    }),
    "cheat": (GUILTY, ..., {
        "still to name: B": GUILTY | {"B": ...},
        "none of these": GUILTY | {"C": "a copier"},
        "whose copying score": GUILTY | {"A": "copies", "C": "misses a class"},
        "whose class entropy": GUILTY | {"B": "misses a class"},
        "whose recall": GUILTY | {"C": "blurred"},
        "expected {": {"A": "copies"},
    }),
}
RIGHT_TOO = {
    "frechet_1d": [lambda ma, sa, mb, sb: ma**2 - 2 * ma * mb + mb**2 + sa**2 + sb**2 - 2 * sa * sb],
    "precision": [lambda d, r: (d - r[:, None]).amin(0).lt(0).float().mean()],
}
