"""Answers to chapter 01's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math

import numpy as np
import torch
from scipy.stats import wasserstein_distance
from torch.nn.functional import kl_div, logsigmoid, softplus
from torch.special import xlogy

from course_lib.metrics.divergence import gaussian

LOG4 = math.log(4)


def stub(*lists):
    raise NotImplementedError("your turn")


def kl(p, q):
    return xlogy(p, p / q).sum()


def halves(p, q):
    return (kl(p, (p + q) / 2) + kl(q, (p + q) / 2)) / 2


def one_direction_of_nan(p, q):
    m = (p + q) / 2
    return ((p * (p / m).log()).sum() + (q * (q / m).log()).sum()) / 2


def line(x, a, b):
    return (a - b) * x - (a**2 - b**2) / 2


def three_steps(x):
    return torch.where(x > 1.5, 0.9, torch.where(x > 0.5, 0.5, 0.1))


def overlap(theta):
    return max(0.0, 1 - abs(theta))


def with_fakes(k):
    D = 1 / (1 + k)
    return D, math.log(D) + k * math.log(1 - D)


def w1(a, b):
    return (a.repeat_interleave(len(b)).sort().values - b.repeat_interleave(len(a)).sort().values).abs().mean()


def score(real, fake):
    return -softplus(-real).mean() - softplus(fake).mean()


def believed(theta, psi):
    return torch.sigmoid(torch.tensor(float(psi * theta))).item()


def both(theta, psi, lr):
    return theta + lr * believed(theta, psi) * psi, psi - lr * believed(theta, psi) * theta


def in_turn(theta, psi, lr):
    psi = psi - lr * believed(theta, psi) * theta
    return theta + lr * believed(theta, psi) * psi, psi


def in_turn_with_old_answer(theta, psi, lr):
    D = believed(theta, psi)
    psi = psi - lr * D * theta
    return theta + lr * D * psi, psi


def generator_first(theta, psi, lr):
    D = believed(theta, psi)
    theta = theta + lr * D * psi
    return theta, psi - lr * D * theta


def overflows(theta, psi, lr):
    D = 1 / (1 + math.exp(-psi * theta))
    return theta + lr * D * psi, psi - lr * D * theta


ANSWERS = {
    "my_discriminator": (
        three_steps,
        stub,
        {
            "a coin's score": lambda x: torch.full_like(x, 0.5),
            "not yet better than": lambda x: torch.where(x > 1, 0.95, 0.05),
            "answer less surely where": lambda x: torch.where(x > 1, 0.85, 0.15),
            "worse than a coin": lambda x: torch.where(x > 1, 0.9999, 0.0001),
            "swapped": lambda x: 1 - three_steps(x),
            "between 0 and 1": lambda x: 2 * x - 2,
            "exactly 0": lambda x: (x > 1).double(),
            "look at each x by itself": lambda x: torch.sigmoid(2 * (x - x.mean())),
            "expected (1200,)": lambda x: 0.5,
        },
    ),
    "best_logit": (
        line,
        stub,
        {
            "this is the probability": lambda x, a, b: torch.sigmoid(line(x, a, b)),
            "sign is reversed": lambda x, a, b: -line(x, a, b),
            "twice too large": lambda x, a, b: (a - b) * x - (a**2 - b**2),
            "constant is missing": lambda x, a, b: (a - b) * x,
            "constant has the wrong sign": lambda x, a, b: (a - b) * x + (a**2 - b**2) / 2,
            "use a and b": lambda x, a, b: 2 * x - 2,
            "log p alone": lambda x, a, b: -((x - a) ** 2) / 2,
            "the factor ½": lambda x, a, b: (x - b) ** 2 - (x - a) ** 2,
            "at x = ±1000": lambda x, a, b: gaussian(x, a).log() - gaussian(x, b).log(),
            "for a = 2, b = 0": lambda x, a, b: line(x, a, b) + 1,
        },
    ),
    "distance_from_score": (
        lambda V: (V + LOG4) / 2,
        stub,
        {
            "this is twice the JSD": lambda V: V + LOG4,
            "log 4 has the wrong sign": lambda V: (V - LOG4) / 2,
            "sign is reversed": lambda V: -(V + LOG4) / 2,
            "only V was halved": lambda V: V / 2 + LOG4,
            "log 2 instead of log 4": lambda V: (V + math.log(2)) / 2,
            "solve it for the JSD": lambda V: -LOG4 + 2 * V,
            "for V = -1.000": lambda V: V,
        },
    ),
    "more_fakes": (
        with_fakes,
        stub,
        {
            "the answer for k = 1": lambda k: (0.5, -LOG4),
            "share of the generated": lambda k: (k / (1 + k), with_fakes(k)[1]),
            "divide by all of them": lambda k: (1 / k, with_fakes(k)[1]),
            "this is the logit": lambda k: (-math.log(k), with_fakes(k)[1]),
            "the score for k = 1": lambda k: (1 / (1 + k), -LOG4),
            "count k times": lambda k: (1 / (1 + k), -math.log(1 + k) + math.log(k / (1 + k))),
            "not to the real ones": lambda k: (1 / (1 + k), -k * math.log(1 + k) + math.log(k / (1 + k))),
            "the mean over all numbers": lambda k: (1 / (1 + k), with_fakes(k)[1] / (1 + k)),
            "generated part is missing": lambda k: (1 / (1 + k), -math.log(1 + k)),
            "real part is missing": lambda k: (1 / (1 + k), k * math.log(k / (1 + k))),
            "not log D": lambda k: (1 / (1 + k), -(1 + k) * math.log(1 + k)),
            "sign is reversed": lambda k: (1 / (1 + k), -with_fakes(k)[1]),
            "expected (2,)": lambda k: 1 / (1 + k),
            "the score, for k = 4": lambda k: (1 / (1 + k), -1.0),
        },
    ),
    "box_score": (
        lambda theta: -LOG4 * overlap(theta),
        stub,
        {
            "not a negative one": lambda theta: -LOG4 * (1 - abs(theta)),
            "θ can be negative": lambda theta: -LOG4 * min(1, max(0, 1 - theta)),
            "this is the JSD": lambda theta: math.log(2) * (1 - overlap(theta)),
            "width of the overlap": overlap,
            "together log 4": lambda theta: -math.log(2) * overlap(theta),
            "sign is reversed": lambda theta: LOG4 * overlap(theta),
            "of what does not overlap": lambda theta: -LOG4 * (1 - overlap(theta)),
            "this is W₁": abs,
            "for θ = 0.25": lambda theta: 0.0,
        },
    ),
    "w1_of_sizes": (
        w1,
        stub,
        {
            "largest numbers are still left out": lambda a, b: (
                (a.sort().values[: min(len(a), len(b))] - b.sort().values[: min(len(a), len(b))]).abs().mean()
            ),
            "smallest numbers are left out": lambda a, b: (
                (a.sort().values[-min(len(a), len(b)) :] - b.sort().values[-min(len(a), len(b)) :]).abs().mean()
            ),
            "distance of the means": lambda a, b: (a.mean() - b.mean()).abs(),
            "all pairs": lambda a, b: (a[:, None] - b).abs().mean(),
            "added up": lambda a, b: w1(a, b) * len(a) * len(b),
            "not sorted": lambda a, b: (a.repeat_interleave(len(b)) - b.repeat_interleave(len(a))).abs().mean(),
            "squared": lambda a, b: (
                (a.repeat_interleave(len(b)).sort().values - b.repeat_interleave(len(a)).sort().values).square().mean()
            ),
            "for [0.0, 1.0, 2.0, 3.0]": lambda a, b: 0.3,
        },
    ),
    "generator_slope": (
        lambda w, believed: -w * believed.mean(),
        stub,
        {
            "sign is reversed": lambda w, believed: w * believed.mean(),
            "w is missing": lambda w, believed: -believed.mean(),
            "1 − D stands": lambda w, believed: -w * (1 - believed).mean(),
            "added up": lambda w, believed: -w * believed.sum(),
            "not its slope": lambda w, believed: (1 - believed).log().mean(),
            "probability D itself": lambda w, believed: -w * (believed * (1 - believed)).mean(),
            "expected one": lambda w, believed: -w * believed,
            "for w = 1.5": lambda w, believed: -w * believed.mean() + 1,
        },
    ),
    "share_at_two": (
        lambda r, s: (r / s) / (r / s + 1),
        stub,
        {
            "width is missing": lambda r, s: r / (r + 1),
            "s divides": lambda r, s: r * s / (r * s + 1),
            "odds": lambda r, s: r / s,
            "swapped": lambda r, s: 1 / (r / s + 1),
            "logit": lambda r, s: math.log(r / s),
            "not 1/s²": lambda r, s: r / s**2 / (r / s**2 + 1),
            "share r is missing": lambda r, s: 1 / (1 + s),
            "for r = 0.25": lambda r, s: 5 / 11,
        },
    ),
    "at_once": (
        both,
        stub,
        {
            "that is “in turn”": in_turn,
            "both have to step from the old place": in_turn_with_old_answer,
            "from the new θ": generator_first,
            "wrong order": lambda theta, psi, lr: both(theta, psi, lr)[::-1],
            "G climbs": lambda theta, psi, lr: (2 * theta - both(theta, psi, lr)[0], both(theta, psi, lr)[1]),
            "D descends": lambda theta, psi, lr: (both(theta, psi, lr)[0], 2 * psi - both(theta, psi, lr)[1]),
            "both go the wrong way": lambda theta, psi, lr: both(theta, psi, -lr),
            "D is missing": lambda theta, psi, lr: (theta + lr * psi, psi - lr * theta),
            "1 − D stands": lambda theta, psi, lr: (
                theta + lr * (1 - believed(theta, psi)) * psi,
                psi - lr * (1 - believed(theta, psi)) * theta,
            ),
            "lr is missing": lambda theta, psi, lr: both(theta, psi, 1),
            "the steps alone": lambda theta, psi, lr: (
                lr * believed(theta, psi) * psi,
                -lr * believed(theta, psi) * theta,
            ),
            "along its own number": lambda theta, psi, lr: (
                theta + lr * believed(theta, psi) * theta,
                psi - lr * believed(theta, psi) * psi,
            ),
            "overflows": overflows,
            "expected (2,)": lambda theta, psi, lr: both(theta, psi, lr)[0],
        },
    ),
    "faults": (
        "acb",
        ...,
        {
            "game A: w stays at 0.3, so D takes no step": "bcb",
            "θ rises to where D says": "ccb",
            "neither walks the wrong way": "dcb",
            "game B: w rises": "aab",
            "rightly": "abb",
            "only one of the two is wrong": "adb",
            "does learn something": "aca",
            "says “real” on the left": "acc",
            "of the two only D is wrong": "acd",
            "three letters": "ac",
            "got a list": ["a", "c", "b"],
        },
    ),
    "bound": (
        lambda real, fake: (score(real, fake) + LOG4) / 2,
        stub,
        {
            "score V itself": score,
            "twice the bound": lambda real, fake: score(real, fake) + LOG4,
            "only V was halved": lambda real, fake: score(real, fake) / 2 + LOG4,
            "log 4 has the wrong sign": lambda real, fake: (score(real, fake) - LOG4) / 2,
            "D's loss, −V": lambda real, fake: (-score(real, fake) + LOG4) / 2,
            "sign is reversed": lambda real, fake: -(score(real, fake) + LOG4) / 2,
            "swapped": lambda real, fake: (score(-real, -fake) + LOG4) / 2,
            "real ones alone": lambda real, fake: (-softplus(-real).mean() + LOG4) / 2,
            "generated ones alone": lambda real, fake: (-softplus(fake).mean() + LOG4) / 2,
            "each kind has its own mean": lambda real, fake: (
                (-2 * softplus(torch.cat([-real, fake])).mean() + LOG4) / 2
            ),
            "added up": lambda real, fake: (-softplus(-real).sum() - softplus(fake).sum() + LOG4) / 2,
            "both kinds were counted as real": lambda real, fake: (
                (-softplus(-real).mean() - softplus(-fake).mean() + LOG4) / 2
            ),
            "not finite": lambda real, fake: (
                (real.sigmoid().log().mean() + (1 - fake.sigmoid()).log().mean() + LOG4) / 2
            ),
            "for 7 real and 4 generated": lambda real, fake: (score(real, fake) + LOG4) / 2 + 1,
        },
    ),
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
            "the most that a best D loses": "badb",
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
    "my_discriminator": [
        lambda x: torch.sigmoid(2 * x - 2),
        lambda x: [0.95 if one > 2 else 0.75 if one > 1 else 0.25 if one > 0 else 0.05 for one in x],
        lambda x: 1 / (1 + np.exp(-1.5 * (x.numpy() - 1))),
        lambda x: gaussian(x, 2.0) / (gaussian(x, 2.0) + gaussian(x, 0.0)),
    ],
    "best_logit": [
        lambda x, a, b: (x - b) ** 2 / 2 - (x - a) ** 2 / 2,
        lambda x, a, b: (a - b) * (x - (a + b) / 2),
        lambda x, a, b: [float((a - b) * one - (a * a - b * b) / 2) for one in x],
        lambda x, a, b: torch.distributions.Normal(a, 1).log_prob(x) - torch.distributions.Normal(b, 1).log_prob(x),
    ],
    "distance_from_score": [
        lambda V: V / 2 + math.log(2),
        lambda V: 0.5 * (np.log(4) + V),
        lambda V: torch.tensor(V + 2 * math.log(2)) / 2,
    ],
    "more_fakes": [
        lambda k: torch.tensor(with_fakes(k)),
        lambda k: [1 / (1 + k), k * math.log(k) - (1 + k) * math.log(1 + k)],
    ],
    "box_score": [
        lambda theta: 0 if abs(theta) >= 1 else -(1 - abs(theta)) * LOG4,
        lambda theta: 2 * math.log(0.5) * max(0, 1 - abs(theta)),
        lambda theta: -torch.tensor(1 - abs(theta)).clamp(min=0) * LOG4,
        lambda theta: -LOG4 + 2 * math.log(2) * min(1, abs(theta)),
    ],
    "w1_of_sizes": [
        lambda a, b: wasserstein_distance(a.numpy(), b.numpy()),
        lambda a, b: (
            (a.sort().values.repeat_interleave(len(b)) - b.sort().values.repeat_interleave(len(a))).abs().mean()
        ),
        lambda a, b: np.abs(np.sort(np.repeat(a.numpy(), len(b))) - np.sort(np.repeat(b.numpy(), len(a)))).mean(),
        lambda a, b: w1(b, a).item(),
    ],
    "generator_slope": [
        lambda w, believed: (-w * believed).mean().item(),
        lambda w, believed: -w * sum(believed) / len(believed),
        lambda w, believed: -w * np.mean(believed.numpy()),
    ],
    "share_at_two": [
        lambda r, s: r / (r + s),
        lambda r, s: (
            gaussian(torch.zeros(1), 0.0, s).item()
            * r
            / (gaussian(torch.zeros(1), 0.0, s) * r + gaussian(torch.zeros(1), 0.0))
        ),
        lambda r, s: 1 - 1 / (r / s + 1),
    ],
    "at_once": [
        lambda theta, psi, lr: list(both(theta, psi, lr)),
        lambda theta, psi, lr: torch.tensor(both(theta, psi, lr)),
        lambda theta, psi, lr: tuple(torch.tensor(one) for one in both(theta, psi, lr)),
    ],
    "faults": ["ACB", "a c b", "a, c, b"],
    "bound": [
        lambda real, fake: ((score(real, fake) + LOG4) / 2).item(),
        lambda real, fake: (logsigmoid(real).mean() + logsigmoid(-fake).mean()) / 2 + math.log(2),
        lambda real, fake: -(softplus(-real).mean() + softplus(fake).mean() - LOG4) / 2,
    ],
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
