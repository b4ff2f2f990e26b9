"""Answers to chapter 04's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math
from itertools import pairwise

import numpy as np
import torch
from torch.special import xlogy


def stub(*args):
    raise NotImplementedError("your turn")


def near(points, centres, sigma, reach=3.0):
    return torch.cdist(points, centres) < reach * sigma  # (N, modes)


def shares(counts):
    return counts.double() / counts.sum()


def kl(counts):
    p = shares(counts)
    return xlogy(p, p * len(p)).sum()


def nearest_only(points, centres, sigma):
    distance, which = torch.cdist(points, centres).min(1)
    return len(which[distance < 3 * sigma].unique())


def in_a_square(points, centres, sigma):
    return ((points[:, None] - centres).abs() < 3 * sigma).all(2).any(0).sum()


def by_loop(points, centres, sigma):
    return sum(any(math.dist(p, c) < 3 * sigma for p in points.tolist()) for c in centres.tolist())


def kl_by_loop(counts):
    total, k = counts.sum().item(), len(counts)
    return sum(n / total * math.log(n / total * k) for n in counts.tolist() if n)


def middle_way(clouds):
    middles = [cloud.mean(0) for cloud in clouds]
    return sum((b - a).norm() for a, b in pairwise(middles))


def wins(cure, controls):
    return [mine < min(rivals) for mine, *rivals in zip(cure, *controls, strict=True)]


def by_rule(cure, controls):
    return sum(wins(cure, controls)) >= (9 if len(cure) == 10 else len(cure))


def entropy(counts):
    return -xlogy(shares(counts), shares(counts)).sum()


def number_of(digits):
    return digits @ torch.tensor([100, 10, 1])


def chosen(right, wrong):
    """The four cases of a choice: (solution, stub, wrong answers), of which ``wrong`` has those about one case each."""
    return (
        right,
        ...,
        {f"3 of 4 are right. Look at {case} again": right | {case: other} for case, other in wrong.items()}
        | {
            "not yet answered: Q": {key: value for key, value in right.items() if key != "Q"},
            "no others (got T)": right | {"T": right["P"]},
            "R: expected": right | {"R": "perhaps"},
            "expected a dictionary": list(right.values()),
        },
    )


HEAPS = {"P": "collapsed", "Q": "noise", "R": "good", "S": "uneven"}
CHASE = {"P": True, "Q": False, "R": False, "S": False}
UNFAIR = {"P": "noise", "Q": "control", "R": "luck", "S": "cost"}
ILL = {"P": "collapsed", "Q": "failed", "R": "failed", "S": "neither"}


ANSWERS = {
    "heaps": chosen(HEAPS, {"P": "good", "Q": "good", "R": "uneven", "S": "good"}),
    "chase": chosen(CHASE, {"P": False, "Q": True, "R": True, "S": True}),
    "unfair": chosen(UNFAIR, {"P": "luck", "Q": "cost", "R": "control", "S": "control"}),
    "ill": chosen(ILL, {"P": "failed", "Q": "collapsed", "R": "neither", "S": "collapsed"}),
    "best_belief": (
        lambda modes, hit: hit / (hit + modes),
        stub,
        {
            "the probability of “generated”": lambda modes, hit: modes / (hit + modes),
            "right for one mode only": lambda modes, hit: 1 / (1 + modes),
            "a ratio": lambda modes, hit: (1 / modes) / (1 / hit),
            "this is ½": lambda modes, hit: 0.5,
            "p alone": lambda modes, hit: 1 / modes,
            "for 8 modes, 2 of them hit: got 0.3": lambda modes, hit: 0.3,
            "for 25 modes": lambda modes, hit: hit / (hit + 8),
        },
    ),
    "way": (
        middle_way,
        stub,
        {
            "from the first stop to the last": lambda clouds: (clouds[-1].mean(0) - clouds[0].mean(0)).norm(),
            "mean of the moves": lambda clouds: middle_way(clouds) / (len(clouds) - 1),
            "squared": lambda clouds: sum((b.mean(0) - a.mean(0)).square().sum() for a, b in pairwise(clouds)),
            "without a root": lambda clouds: sum((b.mean(0) - a.mean(0)).abs().sum() for a, b in pairwise(clouds)),
            "largest move": lambda clouds: max((b.mean(0) - a.mean(0)).norm() for a, b in pairwise(clouds)),
            "single points were followed": lambda clouds: sum((b - a).norm(dim=1).mean() for a, b in pairwise(clouds)),
            "a heap that comes back, 4 stops: got 0.5": lambda clouds: 0.5,
            "large numbers": lambda clouds: min(float(middle_way(clouds)), 100.0),
        },
    ),
    "beats_all": (
        by_rule,
        stub,
        {
            "and the second on 2 of 5 seeds: expected False": lambda cure, controls: by_rule(cure, controls[:1]),
            "1 of 10 seeds, by far: expected True": lambda cure, controls: all(wins(cure, controls)),
            "1 of 5 seeds: expected False": lambda cure, controls: sum(wins(cure, controls)) >= len(cure) - 1,
            "1 of 10 seeds, by far: expected True, got False": lambda cure, controls: (
                sum(cure) < min(map(sum, controls))
            ),
            "another one each time: expected False": lambda cure, controls: all(
                by_rule(cure, [control]) for control in controls
            ),
            "as far as a control": lambda cure, controls: (
                sum(mine <= min(rivals) for mine, *rivals in zip(cure, *controls, strict=True))
                >= (9 if len(cure) == 10 else len(cure))
            ),
            "all of 5 seeds: expected True": lambda cure, controls: sum(wins(cure, controls)) >= 9,
            "one for the whole race": wins,
        },
    ),
    "evenness": (
        lambda n: entropy(n) / math.log(len(n)),
        stub,
        {
            "not divided by log K": entropy,
            "take it from 1": lambda n: kl(n) / math.log(len(n)),
            "divide by log K, and take": kl,
            "divided by K": lambda n: entropy(n) / len(n),
            "1 − KL": lambda n: 1 - kl(n),
            "NaN": lambda n: -(shares(n) * shares(n).log()).sum() / math.log(len(n)),
            "length of the list": lambda n: entropy(n) / math.log(max(2, int((n > 0).sum()))),
            "classes that were hit": lambda n: (n > 0).float().mean(),
            "base 2": lambda n: entropy(n) / math.log(2) / math.log(len(n)),
            "sign is reversed": lambda n: -entropy(n) / math.log(len(n)),
        },
    ),
    "kinds": (
        lambda digits: len(number_of(digits).unique()),
        stub,
        {
            "sum of the digits": lambda digits: len(digits.sum(1).unique()),
            "order of the digits": lambda digits: len(number_of(digits.sort(1).values).unique()),
            "how many stacks": len,
            "different digits": lambda digits: len(digits.unique()),
            "missing": lambda digits: 1000 - len(number_of(digits).unique()),
            "for 8 stacks: got 77": lambda digits: 77,
            "returned 7 numbers": lambda digits: number_of(digits).unique(),
        },
    ),
    "count_modes": (
        lambda x, c, s: near(x, c, s).any(0).sum(),
        stub,
        {
            "counts the points": lambda x, c, s: near(x, c, s).any(1).sum(),
            "every pair": lambda x, c, s: near(x, c, s).sum(),
            "too few": lambda x, c, s: near(x, c, s, 1.0).any(0).sum(),
            "(not its square)": lambda x, c, s: (torch.cdist(x, c) < 3 * s**2).any(0).sum(),
            "squared, and 3": lambda x, c, s: (torch.cdist(x, c) ** 2 < 3 * s).any(0).sum(),
            "every mode": lambda x, c, s: len(c),
            "(got 6, expected 4)": lambda x, c, s: len(torch.cdist(x, c).argmin(1).unique()),
            "nearest mode only": nearest_only,
            "a square of the circle": in_a_square,
            "number of points": lambda x, c, s: len(x),
            "no mode": lambda x, c, s: 0,
            "for 11 points and 7 modes, σ = 0.1: got 77": lambda x, c, s: 77,
            "(got 3, expected 4)": lambda x, c, s: (~near(x, c, s).any(0)).sum(),
            "for 40 points and 25 modes": lambda x, c, s: near(x, c, s).any(0).sum() + (len(x) == 40),
            "returned 7 numbers": lambda x, c, s: near(x, c, s).any(0),
        },
    ),
    "kl": (
        kl,
        stub,
        {
            "entropy": lambda n: -xlogy(shares(n), shares(n)).sum(),
            "p alone": lambda n: xlogy(shares(n), shares(n)).sum(),
            "sign is reversed": lambda n: -kl(n),
            "other direction": lambda n: -(shares(n) * len(n)).log().mean(),
            "divided by their sum": lambda n: xlogy(n.double(), n.double() * len(n)).sum(),
            "in bits": lambda n: kl(n) / math.log(2),
            "mean over the modes": lambda n: kl(n) / len(n),
            "NaN": lambda n: (shares(n) * (shares(n) * len(n)).log()).sum(),
            "for the counts 6, 3, 1, 2: got 0.5": lambda n: 0.5,
            "counts the empty modes, too": lambda n: kl(n[n > 0]),
            "base 10": lambda n: kl(n) / math.log(10),
            "the largest of them": lambda n: xlogy(n / n.max(), n / n.max() * len(n)).sum(),
            "softmax": lambda n: xlogy(n.double().softmax(0), n.double().softmax(0) * len(n)).sum(),
            "p / K in it": lambda n: xlogy(shares(n), shares(n) / len(n)).sum(),
            "for the counts 4, 4, 4": lambda n: xlogy(shares(n), shares(n) * 4).sum(),
            "it gave 4 numbers": lambda n: shares(n),
        },
    ),
    "pack": (
        lambda x, size: x.reshape(len(x) // size, -1),
        stub,
        {
            "each point is in several packs": lambda x, size: torch.cat([x.roll(-i, 0) for i in range(size)], 1),
            "3 packs of 2": lambda x, size: x.reshape(size, -1),
            "gave shape (6, 2)": lambda x, size: x,
            "torn apart": lambda x, size: x.T.reshape(len(x) // size, -1),
            "the first pack is [-0.0, -1.0": lambda x, size: -x.reshape(len(x) // size, -1),
            "points from far apart": lambda x, size: torch.cat(x.chunk(size), 1),
            "again and again": lambda x, size: x[::size].repeat(1, size),
            "within a pack, all x": lambda x, size: x.reshape(len(x) // size, size, -1).mT.reshape(len(x) // size, -1),
            "still apart": lambda x, size: x.reshape(len(x) // size, size, -1),
            "8 points of 2 numbers in packs of 2": lambda x, size: x.reshape(2, -1),
            "turned round": lambda x, size: x.flip(0).reshape(len(x) // size, -1),
            "cut off": lambda x, size: x.detach().reshape(len(x) // size, -1),
            "expected a tensor": lambda x, size: x.reshape(len(x) // size, -1).tolist(),
        },
    ),
}
RIGHT_TOO = {
    "heaps": [
        {key: f" {value.upper()} " for key, value in HEAPS.items()},
        dict(reversed(HEAPS.items())),
        dict(zip("PQRS", HEAPS.values(), strict=True)),
    ],
    "chase": [dict(reversed(CHASE.items())), {"P": 1 == 1} | dict.fromkeys("QRS", False), CHASE | {}],
    "unfair": [
        {key: value.capitalize() for key, value in UNFAIR.items()},
        dict(reversed(UNFAIR.items())),
        dict(zip("PQRS", UNFAIR.values(), strict=True)),
    ],
    "ill": [
        {key: f"{value} " for key, value in ILL.items()},
        dict(reversed(ILL.items())),
        {key: value.title() for key, value in ILL.items()},
    ],
    "best_belief": [
        lambda modes, hit: (1 / modes) / (1 / modes + 1 / hit),
        lambda modes, hit: 1 / (1 + modes / hit),
        lambda modes, hit: torch.tensor(hit / (hit + modes)),
        lambda modes, hit: np.divide(hit, hit + modes),
    ],
    "way": [
        lambda clouds: torch.stack([cloud.mean(0) for cloud in clouds]).diff(dim=0).norm(dim=1).sum().item(),
        lambda clouds: sum(math.dist(a.mean(0).tolist(), b.mean(0).tolist()) for a, b in pairwise(clouds)),
        lambda clouds: sum(np.linalg.norm(b.numpy().mean(0) - a.numpy().mean(0)) for a, b in pairwise(clouds)),
        lambda clouds: sum(
            ((clouds[i].mean(0) - clouds[i + 1].mean(0)) ** 2).sum().sqrt() for i in range(len(clouds) - 1)
        ),
    ],
    "beats_all": [
        lambda cure, controls: wins(cure, controls).count(False) <= (1 if len(cure) >= 10 else 0),
        lambda cure, controls: torch.tensor(wins(cure, controls)).sum() >= len(cure) - (len(cure) >= 10),
        lambda cure, controls: (
            np.sum(np.array(cure) < np.min(controls, axis=0)) >= (9 if len(cure) == 10 else len(cure))
        ),
        lambda cure, controls: int(by_rule(cure, controls)),
    ],
    "evenness": [
        lambda n: 1 - kl(n) / math.log(len(n)),
        lambda n: torch.distributions.Categorical(shares(n)).entropy() / math.log(len(n)),
        lambda n: -sum(p * math.log(p) for p in shares(n).tolist() if p) / math.log(len(n)),
        lambda n: float(-xlogy(shares(n), shares(n)).sum() / torch.tensor(len(n)).log()),
    ],
    "kinds": [
        lambda digits: len(set(map(tuple, digits.tolist()))),
        lambda digits: len(digits.unique(dim=0)),
        lambda digits: (torch.bincount(number_of(digits), minlength=1000) > 0).sum(),
        lambda digits: len({f"{a}{b}{c}" for a, b, c in digits.tolist()}),
    ],
    "count_modes": [
        by_loop,
        lambda x, c, s: ((x[:, None] - c) ** 2).sum(2).sqrt().amin(0).lt(3 * s).sum().item(),
        lambda x, c, s: torch.cdist(c, x).min(dim=1).values.le(3 * s).float().sum(),
        lambda x, c, s: ((x[:, None] - c).square().sum(-1) < (3 * s) ** 2).any(0).count_nonzero(),
        lambda x, c, s: np.any(torch.cdist(x, c).numpy() < 3 * s, axis=0).sum(),
        lambda x, c, s: len(set(near(x, c, s).nonzero()[:, 1].tolist())),
    ],
    "kl": [
        kl_by_loop,
        lambda n: math.log(len(n)) + xlogy(shares(n), shares(n)).sum(),
        lambda n: torch.nn.functional.kl_div(
            torch.full((len(n),), 1 / len(n)).double().log(), shares(n), reduction="sum"
        ),
        lambda n: (shares(n) * (shares(n) * len(n) + 1e-12).log()).sum(),
        lambda n: (shares(n)[n > 0] * (shares(n)[n > 0] * len(n)).log()).sum().float(),
        lambda n: np.float64(kl(n)),
        lambda n: torch.einsum("k,k->", shares(n), (shares(n) * len(n)).clamp(min=1e-30).log()),
    ],
    "pack": [
        lambda x, size: torch.cat([x[i::size] for i in range(size)], 1),
        lambda x, size: x.view(-1, size * x.shape[1]),
        lambda x, size: x.unflatten(0, (-1, size)).flatten(1),
        lambda x, size: torch.stack([x[i : i + size].flatten() for i in range(0, len(x), size)]),
        lambda x, size: torch.stack([part.ravel() for part in x.split(size)]),
    ],
}
