"""Answers to the checks of lesson 12.1."""

import math

import numpy as np
import torch


def stub(*args):
    raise NotImplementedError("your turn")


def sizes(why):
    return why.abs() / why.abs().amax((1, 2, 3), keepdim=True)


def masked(slope, why, alpha):
    return slope * (1 + alpha * sizes(why))


def masked_one_by_one(slope, why, alpha):
    return torch.stack([s + alpha * s * w.abs() / w.abs().max() for s, w in zip(slope, why, strict=True)])


def masked_by_numpy(slope, why, alpha):
    size = np.abs(why.numpy())
    return slope.numpy() * (1 + alpha * size / size.max(axis=(1, 2, 3), keepdims=True))


def masked_in_place(slope, why, alpha):
    slope *= 1 + alpha * sizes(why)
    return slope


def turn(p, alpha):
    return math.degrees(math.acos((1 + alpha * p) / math.sqrt(1 + (2 * alpha + alpha**2) * p)))


def turn_of_vectors(p, alpha):
    a = np.array([math.sqrt(p), math.sqrt(1 - p)])
    b = a * np.array([1 + alpha, 1])
    return np.degrees(np.arccos(a @ b / np.linalg.norm(b)))


def turn_by_tangent(p, alpha):
    return math.degrees(math.atan2(alpha * math.sqrt(p * (1 - p)), 1 + alpha * p))


def flagged(fooled):
    return fooled[:, None, None, None]


def own(maps):
    return maps / maps.amax((1, 2, 3), keepdim=True)


def mended(maps, fooled):
    return torch.where(flagged(fooled), 1.0, own(maps))


def mended_by_index(maps, fooled):
    m = torch.ones_like(maps)
    m[~fooled] = own(maps)[~fooled]
    return m


def mended_by_loop(maps, fooled):
    return [(one * 0 + 1 if f else one / one.max()).tolist() for one, f in zip(maps, fooled, strict=True)]


def released(maps, fooled):
    m = torch.where(flagged(fooled), 1.0, maps)
    return (m - m.min()) / (m.max() - m.min())


def mended_in_place(maps, fooled):
    maps /= maps.amax((1, 2, 3), keepdim=True)
    maps[fooled] = 1
    return maps


ANSWERS = {
    "masked_gradient": (
        masked,
        stub,
        {
            "take each picture's own": lambda s, w, a: s * (1 + a * w.abs() / w.abs().max()),
            "take the sizes first": lambda s, w, a: s * (1 + a * w / w.abs().amax((1, 2, 3), keepdim=True)),
            "the 1 is missing": lambda s, w, a: s * a * sizes(w),
            "alpha is missing": lambda s, w, a: s * (1 + sizes(w)),
            "added to the slope": lambda s, w, a: s + a * sizes(w),
            "that is a factor": lambda s, w, a: 1 + a * sizes(w),
            "not divided": lambda s, w, a: s * (1 + a * w.abs()),
            "has changed": masked_in_place,
        },
    ),
    "turn_at": (
        turn,
        stub,
        {
            "in radians": lambda p, a: math.radians(turn(p, a)),
            "that is the cosine": lambda p, a: math.cos(math.radians(turn(p, a))),
            "root of its square": lambda p, a: math.degrees(math.acos((1 + a * p) / (1 + (2 * a + a**2) * p))),
            "use acos": lambda p, a: 90 - turn(p, a),
            "the bound of all p": lambda p, a: math.degrees(math.asin(a / (2 + a))),
            "no angle": lambda p, a: math.sqrt(1 + (2 * a + a**2) * p),
            "for p = 0.3": lambda p, a: 5.2,
        },
    ),
    "mended": (
        mended,
        stub,
        {
            "as it was released": released,
            "by one greatest value": lambda m, f: torch.where(flagged(f), 1.0, m / m.max()),
            "nothing is stretched": lambda m, f: torch.where(flagged(f), 1.0, m),
            "keep that": lambda m, f: own(m),
            "the other way round": lambda m, f: torch.where(flagged(f), own(m), 1.0),
            "have changed": mended_in_place,
        },
    ),
}

RIGHT_TOO = {
    "masked_gradient": [masked_one_by_one, masked_by_numpy],
    "turn_at": [turn_of_vectors, turn_by_tangent],
    "mended": [mended_by_index, mended_by_loop],
}
