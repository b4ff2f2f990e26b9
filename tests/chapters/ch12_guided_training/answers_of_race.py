"""Answers to the checks of lesson 12.2."""

import itertools

import numpy as np
from scipy.stats import permutation_test


def stub(*args):
    raise NotImplementedError("your turn")


def patterns(values):
    return [np.dot(signs, values) for signs in itertools.product((1, -1), repeat=len(values))]


def flip(values):
    sums = patterns(values)
    return sum(abs(s) >= abs(sum(values)) - 1e-9 for s in sums) / len(sums)


def flip_by_scipy(values):
    if len(values) == 1:
        return 1.0
    return permutation_test(
        (np.asarray(values),), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    ).pvalue


def flip_by_half(values):
    """The first sign may stay: its opposite patterns are as far from 0."""
    rest = [values[0] + s for s in patterns(values[1:])] if len(values) > 1 else [values[0]]
    return np.mean([abs(s) >= abs(sum(values)) - 1e-9 for s in rest])


RIGHT = {"P": "permuted", "Q": "constant", "R": "cost", "S": "many tests"}

ANSWERS = {
    "by_luck": (
        lambda masks: 1 - 1 / (masks + 1),
        stub,
        {
            "that is the chance that the game without a mask is the best": lambda masks: 1 / (masks + 1),
            "the game without one is drawn, too": lambda masks: (masks - 1) / masks,
            "one is enough": lambda masks: 0.5**masks,
            "a new coin": lambda masks: 1 - 0.5**masks,
            "expected 0.5": lambda masks: masks,
        },
    ),
    "flip_test": (
        flip,
        stub,
        {
            "one side only": lambda v: np.mean([s >= sum(v) - 1e-9 for s in patterns(v)]),
            "at least as far": lambda v: np.mean([abs(s) > abs(sum(v)) + 1e-9 for s in patterns(v)]),
            "divide by how many": lambda v: sum(abs(s) >= abs(sum(v)) - 1e-9 for s in patterns(v)),
            "*nearer* to 0": lambda v: 1 - flip(v),
            "for 6 differences": lambda v: flip(v) / 2 + 0.3,
        },
    ),
    "left_out": (
        RIGHT,
        dict.fromkeys("PQRS", ...),
        {
            "would a mask that says nothing": RIGHT | {"P": "cost"},
            "besides making it uneven": RIGHT | {"Q": "permuted"},
            "what else could the time": RIGHT | {"R": "many tests"},
            "how often would the best": RIGHT | {"S": "cost"},
        },
    ),
}

RIGHT_TOO = {
    "by_luck": [lambda masks: masks / (1 + masks), lambda masks: np.float32(masks) / (masks + 1)],
    "flip_test": [flip_by_scipy, flip_by_half],
    "left_out": [{k: v.upper() for k, v in RIGHT.items()}, dict(reversed(RIGHT.items()))],
}
