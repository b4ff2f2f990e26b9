"""Answers to the checks of lesson 13.3."""

import copy

import numpy as np
from scipy.stats import binom


def stub(*args):
    raise NotImplementedError("your turn")


def share(claimed, fresh):
    return (1 + sum(value <= claimed for value in fresh)) / (1 + len(fresh))


def energy(facts):
    return facts | {"energy": facts["energy"] | {"watt hours": [1e-4, 2e-4]}}


def in_place(facts):
    facts["words"]["intended use"] = "Anything at all."
    return facts


def kinder(facts):
    new = copy.deepcopy(facts)
    new["words"]["ethics"] = "Every writer was asked and paid."
    return new


def lowest(facts):
    one = facts["measures"]["frechet"]
    return facts | {"measures": facts["measures"] | {"frechet": one | {"value": one["low"]}}}


def changed(part, **changes):
    return lambda facts: facts | {part: facts[part] | changes}


def smaller(facts):
    one = facts["measures"]["frechet"]
    return facts | {"measures": facts["measures"] | {"frechet": one | {"value": one["value"] / 2}}}


ANSWERS = {
    "best_beats": (
        lambda p, k: 1 - (1 - p) ** k,
        stub,
        {
            "that all are better": lambda p, k: p**k,
            "that none is better": lambda p, k: (1 - p) ** k,
            "do not add up": lambda p, k: min(1.0, p * k),
            "exactly one": lambda p, k: k * p * (1 - p) ** (k - 1),
            "that not all": lambda p, k: 1 - p**k,
        },
    ),
    "chance_of": (
        share,
        stub,
        {
            "count it, too": lambda c, fresh: sum(v <= c for v in fresh) / len(fresh),
            "at most as far": lambda c, fresh: (1 + sum(v >= c for v in fresh)) / (1 + len(fresh)),
            "equally good counts": lambda c, fresh: (1 + sum(v < c for v in fresh)) / (1 + len(fresh)),
            "divide by how many": lambda c, fresh: 1 + sum(v <= c for v in fresh),
        },
    ),
    "quiet_lie": (
        energy,
        stub,
        {
            "nothing has changed": lambda facts: facts,
            "the audit finds it: measure frechet": smaller,
            "the audit finds it: data: pictures": changed("data", pictures=60_000),
            "the audit finds it: failure": lambda facts: facts | {"failures": {}},
            "cannot be read": lambda facts: {"frechet": 4.1},
            "the whole records": lambda facts: "4.1",
        },
    ),
}

RIGHT_TOO = {
    "best_beats": [
        lambda p, k: 1 - np.prod([1 - p] * k),
        lambda p, k: binom.sf(0, k, p),
    ],
    "chance_of": [
        lambda c, fresh: np.mean(np.array([c, *fresh]) <= c),
        lambda c, fresh: sorted([*fresh, c]).index(c) / (len(fresh) + 1) + ([*fresh, c].count(c)) / (len(fresh) + 1),
    ],
    "quiet_lie": [in_place, kinder, lowest],
}
