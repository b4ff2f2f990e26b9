"""Answers to 14.2's exercises: right ones, the stub, and wrong ones by what is said of them."""

import math

import numpy as np
import torch


def stub(*given):
    return ...


def unfinished(slopes, scale): ...


def least(work, size, peak, bandwidth):
    return max(work / peak, size / bandwidth)


def least_by_branch(work, size, peak, bandwidth):
    if work / size > peak / bandwidth:  # more operations a byte than the machine has
        return torch.tensor(work / peak)
    return torch.tensor(size / bandwidth, dtype=torch.float64)


def least_by_rate(work, size, peak, bandwidth):
    """The roofline as it is usually written: operations a second, at most."""
    return work / np.minimum(peak, work / size * bandwidth) if work else size / bandwidth


def broken(slopes):
    return any(not torch.isfinite(slope).all() for slope in slopes)


def scaler(slopes, scale):
    if broken(slopes):
        return None, scale / 2
    return [slope.float() / scale for slope in slopes], scale


def scaler_in_double(slopes, scale):
    row = torch.cat([slope.double().flatten() for slope in slopes])
    if not math.isfinite(row.sum().item()):
        return [None, 0.5 * scale]
    return tuple(slope.double() / scale for slope in slopes), scale


def scaler_by_factor(slopes, scale):
    found = [slope.to(torch.float32) * (1 / scale) for slope in slopes]
    fine = all(map(bool, (torch.isfinite(one).all() for one in found)))
    return (found, torch.tensor(scale)) if fine else (None, torch.tensor(scale / 2))


def with_slopes(change):
    return lambda slopes, scale: (None, scale / 2) if broken(slopes) else (change(slopes, scale), scale)


def with_scale(fine, bad):
    return lambda slopes, scale: (
        (None, bad(scale)) if broken(slopes) else ([s.float() / scale for s in slopes], fine(scale))
    )


def same(scale):
    return scale


def halved(scale):
    return scale / 2


UNFAIR = {"P": "did not wait", "Q": "warm-up counted", "R": "two changes", "S": "another result"}

ANSWERS = {
    "seconds_at_least": (
        least,
        stub,
        {
            "do not add them": lambda w, s, p, b: w / p + s / b,
            "not done before both are": lambda w, s, p, b: min(w / p, s / b),
            "forgets the bytes": lambda w, s, p, b: w / p,
            "forgets the operations": lambda w, s, p, b: s / b,
            "operations *a second*": lambda w, s, p, b: max(w * p, s * b),
            "seconds are asked for": lambda w, s, p, b: 1 / least(w, s, p, b),
        },
    ),
    "unscaled": (
        scaler,
        unfinished,
        {
            "expected two things": lambda slopes, scale: [slope.float() / scale for slope in slopes],
            "divide in float32": with_slopes(lambda slopes, scale: [slope / scale for slope in slopes]),
            "the scale is still in them": with_slopes(lambda slopes, scale: [slope.float() for slope in slopes]),
            "multiplied once more": with_slopes(lambda slopes, scale: [slope.float() * scale for slope in slopes]),
            "return None for the slopes": lambda slopes, scale: ([s.float() / scale for s in slopes], scale),
            "so return the slopes": lambda slopes, scale: (None, scale),
            "a list of 2 tensors": with_slopes(lambda slopes, scale: [slopes[0].float() / scale]),
            "has to fall": with_scale(same, same),
            "a larger scale breaks more": with_scale(same, lambda scale: 2 * scale),
            "keep the scale": with_scale(halved, halved),
            "is enough": with_scale(same, lambda scale: scale / 4),
        },
    ),
    "what_is_unfair": (
        UNFAIR,
        ...,
        {
            "still to name": UNFAIR | {"S": ...},
            "none of these": UNFAIR | {"P": "too fast"},
            "when the clock was stopped": UNFAIR | {"P": "another result", "S": "did not wait"},
            "like all the others": UNFAIR | {"Q": "two changes"},
            "what else was changed": UNFAIR | {"R": "another result"},
            "the pictures": UNFAIR | {"S": "warm-up counted"},
        },
    ),
}

RIGHT_TOO = {
    "seconds_at_least": [least_by_branch, least_by_rate],
    "unscaled": [scaler_in_double, scaler_by_factor],
    "what_is_unfair": [dict(reversed(UNFAIR.items())), {k: v.upper() for k, v in UNFAIR.items()}],
}
