"""Answers to the checks of lesson 13.1."""

import copy
import json
import statistics

import numpy as np


def stub(*args):
    raise NotImplementedError("your turn")


def drawn(draw, n):
    return [draw(seed) for seed in range(n)]


def ranged(draw, n):
    values = drawn(draw, n)
    return sum(values) / n, min(values), max(values)


def by_numpy(draw, n):
    x = np.array(drawn(draw, n))
    return np.array([x.mean(), x.min(), x.max()])


def sorted_first(draw, n):
    values = sorted(drawn(draw, n))
    return [statistics.mean(values), values[0], values[-1]]


def lavish(draw, n):
    return sum(drawn(draw, n)) / n, min(drawn(draw, n)), max(drawn(draw, n))


def by_sd(draw, n):
    values = drawn(draw, n)
    sd = statistics.stdev(values) if n > 1 else 0.0
    return statistics.mean(values), statistics.mean(values) - sd, statistics.mean(values) + sd


def reordered(*order):
    return lambda draw, n: [ranged(draw, n)[i] for i in order]


RIGHT = {"P": "what it was measured on", "Q": "new data", "R": "groups", "S": "the others"}


def mend(document):
    new = copy.deepcopy(document)
    card = new["components"][0]["modelCard"]
    card["modelParameters"] = card.pop("modelParamters")
    for one in card["quantitativeAnalysis"]["performanceMetrics"]:
        one["value"] = str(one["value"])
    return new


def mend_in_place(document):
    card = document["components"][0]["modelCard"]
    card["modelParameters"] = card.pop("modelParamters")
    for one in card["quantitativeAnalysis"]["performanceMetrics"]:
        one["value"] = f"{one['value']}"
    return document


def mend_as_text(document):
    text = json.dumps(document).replace("modelParamters", "modelParameters")
    new = json.loads(text)
    for one in new["components"][0]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"]:
        one["value"] = json.dumps(one["value"])
    return new


def half(document):
    new = copy.deepcopy(document)
    card = new["components"][0]["modelCard"]
    card["modelParameters"] = card.pop("modelParamters")
    return new


def emptied(document):
    new = copy.deepcopy(document)
    new["components"][0]["modelCard"] = {}
    return new


def forged(document):
    new = mend(document)
    new["components"][0]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"][0]["value"] = "4.1"
    return new


ANSWERS = {
    "with_range": (
        ranged,
        stub,
        {
            "have changed places": reordered(0, 2, 1),
            "the mean comes first": reordered(1, 0, 2),
            "the median": lambda draw, n: (statistics.median_low(v := drawn(draw, n)), min(v), max(v)),
            "middle of lowest and highest": lambda draw, n: (
                (min(v := drawn(draw, n)) + max(v)) / 2,
                min(v),
                max(v),
            ),
            "a standard deviation is another range": by_sd,
            "keep the values in a list": lavish,
        },
    ),
    "lacking": (
        RIGHT,
        dict.fromkeys("PQRS", ...),
        {
            "in whose features": RIGHT | {"P": "groups"},
            "by heart": RIGHT | {"Q": "the others"},
            "no 4 was ever drawn": RIGHT | {"R": "new data"},
            "the eleventh game": RIGHT | {"S": "groups"},
        },
    ),
    "mended_document": (
        mend,
        stub,
        {
            "the schema: Additional properties": lambda document: document,
            "the schema: ": half,
            "something is lost": emptied,
            "does not say the same": forged,
            "a str": lambda document: json.dumps(mend(document)),
        },
    ),
}

RIGHT_TOO = {
    "with_range": [by_numpy, sorted_first],
    "lacking": [{k: v.upper() for k, v in RIGHT.items()}, dict(reversed(RIGHT.items()))],
    "mended_document": [mend_in_place, mend_as_text],
}
