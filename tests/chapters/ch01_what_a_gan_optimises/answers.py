"""Answers to notebook 01's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math

import numpy as np
import torch
from torch.nn.functional import kl_div
from torch.special import xlogy


def stub(*lists):
    raise NotImplementedError("your turn")


def kl(p, q):
    return xlogy(p, p / q).sum()


def halves(p, q):
    return (kl(p, (p + q) / 2) + kl(q, (p + q) / 2)) / 2


def one_direction_of_nan(p, q):
    m = (p + q) / 2
    return ((p * (p / m).log()).sum() + (q * (q / m).log()).sum()) / 2


ANSWERS = {
    "best_discriminator": (
        lambda p, q, k: p / (p + k * q),
        stub,
        {
            "best one for k = 1": lambda p, q, k: p / (p + q),
            "swapped": lambda p, q, k: k * q / (p + k * q),
            "weighs the real ones": lambda p, q, k: k * p / (k * p + q),
            "divided by k": lambda p, q, k: p / (p + q) / k,
            "odds": lambda p, q, k: p / (k * q),
            "logit": lambda p, q, k: (p / (k * q)).log(),
            "hard decision": lambda p, q, k: (p > k * q).double(),
            "back to a/y": lambda p, q, k: torch.sigmoid(p - k * q),
            "use k itself": lambda p, q, k: p / (p + 3 * q),
            "do not add up": lambda p, q, k: (p / (p + k * q)).sum(),
            "a table of": lambda p, q, k: 0.5,
            "for k = 3, p = 0.3 …, q = 0.1 …: at [": lambda p, q, k: p + 1,
            "k was added": lambda p, q, k: p / (p + q + k),
            "it is right: use k itself": lambda p, q, k: p / (p + 3 * q),
            "for k = 1": lambda p, q, k: p / (p + k * q) if len(p) == 5 else p,
        },
    ),
    "jsd": (
        halves,
        stub,
        {
            "sum of the two": lambda p, q: 2 * halves(p, q),
            "only one of the two": lambda p, q: kl(p, (p + q) / 2),
            "only the KL of q": lambda p, q: kl(q, (p + q) / 2),
            "half of one KL": lambda p, q: kl(p, (p + q) / 2) / 2,
            "sums to 2": lambda p, q: (kl(p, p + q) + kl(q, p + q)) / 2,
            "wrong order": lambda p, q: (kl((p + q) / 2, p) + kl((p + q) / 2, q)) / 2,
            "mean of KL(p ‖ q)": lambda p, q: (kl(p, q) + kl(q, p)) / 2,
            "this is KL(p ‖ q)": kl,
            "sign is reversed": lambda p, q: -halves(p, q),
            "in bits": lambda p, q: halves(p, q) / torch.tensor(2.0).log(),
            "square root": lambda p, q: halves(p, q).sqrt(),
            "NaN": one_direction_of_nan,
            "returned 5 numbers (shape (5,)), expected one": lambda p, q: p,
            "for two lists of five probabilities: got": lambda p, q: halves(p, q) + 1,
            "mean over the list": lambda p, q: halves(p, q) / len(p),
            "total variation": lambda p, q: (p - q).abs().sum() / 2,
            "KL(p ‖ q) + KL(q ‖ p)": lambda p, q: kl(p, q) + kl(q, p),
            "for two lists with a 0 each": lambda p, q: halves(p, q) + (len(p) == 3),
        },
    ),
    "which": (
        "cadb",
        ...,
        {
            "question 1: V goes to": "aadb",
            "the most that it can lose": "badb",
            "question 1: D is ½ everywhere": "dadb",
            "JSD goes to its highest": "cbdb",
            "grows without end": "ccdb",
            "the other player's": "cddb",
            "V is flat there": "caab",
            "as flat as V": "cabb",
            "question 3: D's loss is −V": "cacb",
            "learned nothing": "cada",
            "a loss near 0": "cadc",
            "overfits": "cadd",
            "question 1: V goes to its lowest, −log 4, because the best D is then a coin; question 2": "abab",
            "four letters": "cad",
            "got a list": ["c", "a", "d", "b"],
        },
    ),
}
RIGHT_TOO = {
    "best_discriminator": [
        lambda p, q, k: 1 / (1 + k * q / p),
        lambda p, q, k: 1 - k * q / (p + k * q),
        lambda p, q, k: torch.sigmoid(p.log() - q.log() - math.log(k)),
        lambda p, q, k: p.numpy() / (p.numpy() + k * q.numpy()),
        lambda p, q, k: torch.stack([a / (a + k * b) for a, b in zip(p, q, strict=True)]),
        lambda p, q, k: [float(a / (a + k * b)) for a, b in zip(p, q, strict=True)],
        lambda p, q, k: p.float() / (p.float() + k * q.float()),
    ],
    "jsd": [
        lambda p, q: halves(p, q).item(),
        lambda p, q: halves(q, p),
        lambda p, q: np.float32(halves(p, q)),
        lambda p, q: sum(kl(one, (p + q) / 2) for one in (p, q)) / 2,
        lambda p, q: xlogy(p, p).sum() / 2 + xlogy(q, q).sum() / 2 - xlogy((p + q) / 2, (p + q) / 2).sum(),
        lambda p, q: sum(kl_div(((p + q) / 2).log(), one, reduction="sum") for one in (p, q)) / 2,
    ],
    "which": ["CADB", "c a d b", "c, a, d, b"],
}
