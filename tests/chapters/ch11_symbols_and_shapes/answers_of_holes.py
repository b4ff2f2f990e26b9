"""Answers to lesson 11.6's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math

import numpy as np
import torch


def stub(*args):
    raise NotImplementedError("your turn")


def holes(picture, pieces, corners=True):
    return [(-q, -p) for p, q in pieces(-picture, corners) if q > -math.inf]


def holes_in_a_loop(picture, pieces):
    found = []
    for appeared, met in pieces(0 - picture, corners=True):
        if not math.isinf(met):
            found.append([-met, -appeared])
    return found


def holes_as_a_tensor(picture, pieces):
    rows = torch.tensor(pieces(-torch.as_tensor(picture), True), dtype=torch.float64)
    return -rows[rows[:, 1].isfinite()].flip(1)


def with_outside(picture, pieces):
    return [(-q, -p) for p, q in pieces(-picture, True)]


def spoilt(picture, pieces):
    picture *= -1
    return [(-q, -p) for p, q in pieces(picture, True) if q > -math.inf]


def diamond():
    return [[-1, -1, -1, -1, -1], [-1, -1, 1, -1, -1], [-1, 1, -1, 1, -1], [-1, -1, 1, -1, -1], [-1] * 5]


def two_in_a_ring():
    picture = -np.ones((6, 6))
    picture[1:5, 1:5] = 1
    picture[2, 2] = picture[3, 3] = -1  # one hole; by sides two
    return picture


def ring(size=5, ink=1.0):
    picture = -np.ones((size, size))
    picture[1:-1, 1:-1], picture[2:-2, 2:-2] = ink, -1
    return picture


def no_frame():
    return -np.array(diamond())


ANSWERS = {
    "which_ends": (
        lambda a, b, t: (min(a, b), t),
        stub,
        {
            "ends the older piece": lambda a, b, t: (max(a, b), t),
            "birth comes first": lambda a, b, t: (t, min(a, b)),
            "takes the births of both pieces": lambda a, b, t: (max(a, b), min(a, b)),
            "how long it lived": lambda a, b, t: (min(a, b), min(a, b) - t),
            "1 of 2 numbers differ": lambda a, b, t: (b, t),
            "expected (2,)": lambda a, b, t: min(a, b) - t,
        },
    ),
    "holes": (
        holes,
        stub,
        {
            "never ends is the paper outside": with_outside,
            "at sides only": lambda picture, pieces: holes(picture, pieces, False),
            "birth and death are exchanged": lambda picture, pieces: [(d, b) for b, d in holes(picture, pieces)],
            "as they are": lambda picture, pieces: [r for r in pieces(-picture, True) if r[1] > -math.inf],
            "the signs are those of": lambda picture, pieces: [(-b, -d) for b, d in holes(picture, pieces)],
            "the picture has changed": spoilt,
            "expected a list of rows": lambda picture, pieces: len(holes(picture, pieces)),
            "0 holes, expected 1": lambda picture, pieces: [],
        },
    ),
    "caught": (
        two_in_a_ring,
        stub,
        {
            "he finds 1 holes, and there are 1": ring,
            "he finds 0 holes, and there are 0": lambda: -np.ones((4, 4)),
            "at most 7": lambda: ring(9),
            "from −1 to 1": lambda: ring(5, 255.0),
            "the frame is not all paper": no_frame,
            "expected rows of numbers": lambda: np.array(diamond())[None],
        },
    ),
}
RIGHT_TOO = {
    "which_ends": [
        lambda a, b, t: [b if a > b else a, t],
        lambda a, b, t: torch.tensor([min(a, b), t]),
        lambda a, b, t: np.array(sorted([a, b, t])[::-1][1:]),
    ],
    "holes": [holes_in_a_loop, holes_as_a_tensor, lambda p, f: np.array(holes(p, f)).reshape(-1, 2)],
    "caught": [diamond, lambda: torch.tensor(diamond()), lambda: np.array(diamond()) * 0.5 - 0.5],
}
