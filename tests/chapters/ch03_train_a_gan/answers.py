"""Answers to chapter 03's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy, logsigmoid, softplus
from torch.nn.functional import binary_cross_entropy_with_logits as bce


def stub(*logits):
    raise NotImplementedError("your turn")


def d(real, fake):
    return softplus(-real).mean() + softplus(fake).mean()


def step(fake_of=lambda g, z: g(z).detach(), loss=d):
    def answer(generator, discriminator, real, z):
        loss(discriminator(real), discriminator(fake_of(generator, z))).backward()

    return answer


def no_grad(g, z):
    with torch.no_grad():
        return g(z)


def freezes_d(g, discriminator, real, z):
    discriminator.requires_grad_(False)
    d(discriminator(real), discriminator(g(z))).backward()


def detaches_real_too(g, discriminator, real, z):
    d(discriminator(real).detach(), discriminator(g(z).detach())).backward()


def forgets_backward(g, discriminator, real, z):
    d(discriminator(real), discriminator(g(z).detach()))


def empties_g(g, discriminator, real, z):
    step(lambda g, z: g(z))(g, discriminator, real, z)
    g.zero_grad(set_to_none=False)


def freezes_g(g, discriminator, real, z):
    g.requires_grad_(False)
    step(lambda g, z: g(z))(g, discriminator, real, z)


def steps_too(g, discriminator, real, z):
    step()(g, discriminator, real, z)
    torch.optim.SGD(discriminator.parameters(), 0.1).step()


def twice(g, discriminator, real, z):
    step()(g, discriminator, real, z)
    step()(g, discriminator, real, z)


def given_part_only(g, discriminator, real, z):
    fake = g(z)  # noqa: F841
    raise NotImplementedError


def together(g, discriminator, real, z):
    both = discriminator(torch.cat([real, g(z).detach()]))
    d(both[: len(real)], both[len(real) :]).backward()


def together_with_labels(g, discriminator, real, z):
    both = discriminator(torch.cat([real, g(z).detach()]))
    bce(both, torch.cat([torch.ones(len(real), 1), torch.zeros(len(z), 1)])).backward()


def fake_first(g, discriminator, real, z):
    with torch.no_grad():
        fake = g(z)
    of_fake = discriminator(fake)
    (bce(of_fake, torch.zeros_like(of_fake)) - logsigmoid(discriminator(real)).mean()).backward()


def two_backwards(g, discriminator, real, z):
    discriminator.zero_grad()
    softplus(-discriminator(real)).mean().backward()
    softplus(discriminator(g(z).detach())).mean().backward()


def frees_g_again(g, discriminator, real, z):
    g.requires_grad_(False)
    d(discriminator(real), discriminator(g(z))).backward()
    g.requires_grad_(True)


def in_eval(g, discriminator, real, z):
    discriminator.eval()
    step()(g, discriminator, real, z)
    discriminator.train()


def stays_in_eval(g, discriminator, real, z):
    discriminator.eval()
    step()(g, discriminator, real, z)


def of_probabilities(r, f):
    return -(r.sigmoid().log().mean() + (1 - f.sigmoid()).log().mean())


def clamped(r, f):
    return binary_cross_entropy(r.sigmoid(), torch.ones_like(r)) + binary_cross_entropy(f.sigmoid(), 0 * f)


def by_loop(r, f):
    total = 0.0
    for one in r:
        total = total + softplus(-one).sum() / len(r)
    for one in f:
        total = total + softplus(one).sum() / len(f)
    return total


def by_hand(a):
    """softplus, written so that nothing overflows."""
    return a.clamp(min=0) + torch.log1p(torch.exp(-a.abs()))


PATIENTS = {
    "A": "discriminator too strong",
    "B": "diverged",
    "C": "collapsed",
    "D": "healthy",
    "E": "oscillating",
    "F": "saturated",
}


def shares(r, f):
    return (r > 0).float().mean(), (f < 0).float().mean()


def counted(sizes):
    total = 0
    for i in range(1, len(sizes)):
        total += (sizes[i - 1] + 1) * sizes[i]
    return total


def ema(average, weights, decay):
    return {
        k: decay * v + (1 - decay) * weights[k] if v.is_floating_point() else weights[k] for k, v in average.items()
    }


def ema_in_place(average, weights, decay):
    for name, old in average.items():
        if old.is_floating_point():
            old.mul_(decay).add_(weights[name], alpha=1 - decay)
        else:
            old.copy_(weights[name])
    return average


def ema_lerp(average, weights, decay):
    new = {}
    for name in weights:
        if "num_batches" in name:
            new[name] = weights[name]
        else:
            new[name] = torch.lerp(average[name], weights[name], 1 - decay)
    return new


def changes(sides):
    return sum(a != b for a, b in pairwise(sides))


def swings(values, low=0.25, high=0.5):
    return changes([v > high for v in values if v < low or v > high])


def swings_by_state(values, low=0.25, high=0.5):
    state, found = None, 0
    for v in values:
        now = "high" if v > high else "low" if v < low else state
        found += state is not None and now != state
        state = now
    return found


def swings_by_numpy(values, low=0.25, high=0.5):
    v = np.asarray(values, dtype=float)
    v = v[(v < low) | (v > high)]
    return int(np.abs(np.diff((v > high).astype(int))).sum())


def momentum(w, m, g, lr, beta):
    m = beta * m + g
    return w - lr * m, m


def momentum_in_place(w, m, g, lr, beta):
    m.mul_(beta).add_(g)
    w -= lr * m
    return w, m


def rmsprop(w, v, g, lr, beta, eps=1e-8):
    v = beta * v + (1 - beta) * g * g
    return w - lr * g / (v.sqrt() + eps), v


def rmsprop_eps_inside(w, v, g, lr, beta, eps=1e-8):
    v = beta * v + (1 - beta) * g**2
    return [w - lr * g / torch.sqrt(v + eps), v]


def he(outputs, inputs):
    return torch.randn(outputs, inputs) * math.sqrt(2 / inputs)


def he_by_torch(outputs, inputs):
    return nn.init.kaiming_normal_(torch.empty(outputs, inputs), nonlinearity="relu")


def he_uniform(outputs, inputs):
    end = (6 / inputs) ** 0.5
    return nn.Parameter((torch.rand(outputs, inputs) * 2 - 1) * end)


ORDER = "CGIBEDFHA"
FAULTS = {"no real picture": 6, "labels swapped": 4, "no logit": 6, "moves both networks": 2}
LOST = {"P": "way", "Q": "source", "R": "both", "S": "neither"}
CARRIED = {"P": True, "Q": False, "R": False, "S": True}

ANSWERS = {
    "order": (
        ORDER,
        ...,
        {
            "got int": 7,
            "lacking: A": ORDER[:-1],
            "there is no line J": ORDER + "J",
            "line C stands there 2 times": "C" + ORDER,
            "nothing is drawn yet": "GCIBEDFHA",
            "no discriminator's loss yet": "CIBGEDFHA",
            "the discriminator steps before": "CGIEBDFHA",
            "leaves slopes in the discriminator": "CGBEIDFHA",
            "so the discriminator does not move": "CGBIEDFHA",
            "so the generator does not move": "CGIBEDHFA",
            "the generator steps before its slopes": "CGIBEDFAH",
            "line H comes after I": "CGIDBFHEA",
            "changes, in place": "CGDIBEFHA",
        },
    ),
    "accuracy": (
        lambda r, f: sum(shares(r, f)) / 2,
        stub,
        {
            "all pictures together": lambda r, f: torch.cat([r > 0, f < 0]).float().mean(),
            "a logit below 0": lambda r, f: ((r > 0).float().mean() + (f > 0).float().mean()) / 2,
            "how often it is wrong": lambda r, f: 1 - sum(shares(r, f)) / 2,
            "real pictures alone": lambda r, f: shares(r, f)[0],
            "take their mean": lambda r, f: sum(shares(r, f)),
            "in percent": lambda r, f: 50 * sum(shares(r, f)),
            "for logits it is 0": lambda r, f: ((r > 0.5).float().mean() + (f < 0.5).float().mean()) / 2,
            "how many answers": lambda r, f: (r > 0).sum() + (f < 0).sum(),
            "got 0.": lambda r, f: (r.sigmoid().mean() + 1 - f.sigmoid().mean()) / 2,
            "True or False": lambda r, f: r[0] > 0,
        },
    ),
    "weights_of": (
        counted,
        stub,
        {
            "the biases are missing": lambda s: sum(a * b for a, b in pairwise(s)),
            "one for each input": lambda s: sum((b + 1) * a for a, b in pairwise(s)),
            "the inputs have no biases": lambda s: sum(a * b for a, b in pairwise(s)) + sum(s),
            "one a layer": lambda s: sum(a * b + 1 for a, b in pairwise(s)),
            "the first layer alone": lambda s: s[0] * s[1] + s[1],
            "the biases alone": lambda s: sum(s[1:]),
            "got 78": lambda s: math.prod(s[:2]) * s[-1] / 163.84,
        },
    ),
    "a1_faults": (
        FAULTS,
        ...,
        {
            "got list": [6, 4, 6, 2],
            "no others": FAULTS | {"too slow": 1},
            "not yet answered: no logit": FAULTS | {"no logit": ...},
            "expected a line from 1 to 9": FAULTS | {"labels swapped": 10},
            "which draws": FAULTS | {"no real picture": 5},
            "where each of the two turns": FAULTS | {"labels swapped": 8},
            "where a logit becomes": FAULTS | {"no logit": 9},
            "which weights are theirs": FAULTS | {"moves both networks": 9},
        },
    ),
    "side": (
        lambda n, k, s, m: (n + 2 * m - k) // s + 1,
        stub,
        {
            "the first place is missing": lambda n, k, s, m: (n + 2 * m - k) // s,
            "both ends": lambda n, k, s, m: (n + m - k) // s + 1,
            "the margin is missing": lambda n, k, s, m: (n - k) // s + 1,
            "takes room": lambda n, k, s, m: (n + 2 * m) // s + 1,
            "counts every pixel": lambda n, k, s, m: n + 2 * m - k + 1,
            "runs the other way": lambda n, k, s, m: (n - 1) * s - 2 * m + k,
            "round down": lambda n, k, s, m: (n + 2 * m - k) / s + 1,
            "for n = 7": lambda n, k, s, m: round((n + 2 * m - k) / s + 0.1) + 1,
        },
    ),
    "averaged": (
        ema,
        stub,
        {
            "parts are swapped": lambda a, w, d: ema(w, a, d) | {k: v for k, v in w.items() if "num" in k},
            "same weight": lambda a, w, d: {k: d * (v + w[k]) if v.is_floating_point() else w[k] for k, v in a.items()},
            "in full": lambda a, w, d: {k: d * v + w[k] if v.is_floating_point() else w[k] for k, v in a.items()},
            "whole number": lambda a, w, d: {k: d * v + (1 - d) * w[k] for k, v in a.items()},
            "'norm.running_mean' is missing": lambda a, w, d: {"0.weight": d * a["0.weight"] + (1 - d) * w["0.weight"]},
            "this is the old average": lambda a, w, d: a | {k: v for k, v in w.items() if "num" in k},
            "these are the new weights": lambda a, w, d: w,
            "the weights have changed": lambda a, w, d: [v.zero_() for v in w.values()] and a,
            "returned a list": lambda a, w, d: list(ema(a, w, d).values()),
            "the shape": lambda a, w, d: {k: v.sum() for k, v in ema(a, w, d).items()},
        },
    ),
    "steady": (
        "BD",
        ...,
        {
            "got int": 2,
            "there is no way F": "BF",
            "batch at hand": "ABD",
            "no_grad() keeps": "BCD",
            "among 500": "BDE",
            "B is missing": "D",
            "D is missing": "B",
            "got none": " ",
        },
    ),
    "variety_of": (
        lambda x: x.std(0).mean(),
        stub,
        {
            "all numbers together": lambda x: x.std(),
            "within each picture": lambda x: x.flatten(1).std(1).mean(),
            "mean brightness": lambda x: x.mean((1, 2, 3)).std(),
            "variances": lambda x: x.var(0).mean(),
            "sum over the pixels": lambda x: x.std(0).sum(),
            "9 numbers": lambda x: x.std(0),
        },
    ),
    "swings": (
        swings,
        stub,
        {
            "counted as low": lambda values, low=0.25, high=0.5: changes([v > high for v in values]),
            "counted as high": lambda values, low=0.25, high=0.5: changes([v > low for v in values]),
            "only the ways up": lambda values, low=0.25, high=0.5: sum(
                b and not a for a, b in pairwise([v > high for v in values if v < low or v > high])
            ),
            "only the ways down": lambda values, low=0.25, high=0.5: sum(
                a and not b for a, b in pairwise([v > high for v in values if v < low or v > high])
            ),
            "above the upper limit": lambda values, low=0.25, high=0.5: sum(v > high for v in values),
            "outside the limits": lambda values, low=0.25, high=0.5: sum(v < low or v > high for v in values),
            "with the limits 0.4": lambda values, low=0.25, high=0.5: swings(values),
            "raised": lambda values, low=0.25, high=0.5: swings(values, low, high) + 0 * values[0],
        },
    ),
    "slopes_at": (
        lambda a: (-a.sigmoid(), -(-a).sigmoid()),
        stub,
        {
            "swapped": lambda a: (-(-a).sigmoid(), -a.sigmoid()),
            "both signs": lambda a: (a.sigmoid(), 1 - a.sigmoid()),
            "the second sign": lambda a: (-a.sigmoid(), (-a).sigmoid()),
            "the first sign": lambda a: (a.sigmoid(), -(-a).sigmoid()),
            "taken at a": lambda a: (-a.sigmoid(), -a.sigmoid()),
            "losses themselves": lambda a: (-softplus(a), softplus(-a)),
            "NaN": lambda a: (-torch.exp(a) / (1 + torch.exp(a)), -1 / (1 + torch.exp(a))),
            "the shape (6,)": lambda a: -a.sigmoid(),
        },
    ),
    "first_weights": (
        he,
        stub,
        {
            "ReLU drops half of it": lambda o, i: torch.randn(o, i) / i**0.5,
            "PyTorch's own": lambda o, i: nn.Linear(i, o).weight,
            "number of *inputs*": lambda o, i: torch.randn(o, i) * (2 / o) ** 0.5,
            "both directions": lambda o, i: nn.init.xavier_normal_(torch.empty(o, i)),
            "multiply by its root": lambda o, i: torch.randn(o, i) * 2 / i,
            "not scaled": lambda o, i: torch.randn(o, i),
            "made up for": lambda o, i: torch.randn(o, i) * 2 / i**0.5,
            "not 0: torch.randn": lambda o, i: torch.rand(o, i) * (2 / i) ** 0.5,
            "all weights are 0": lambda o, i: torch.zeros(o, i),
            "the shape (300, 400)": lambda o, i: he(i, o),
            "the mean square is wrong": lambda o, i: he(o, i) * 3,
        },
    ),
    "lost": (
        LOST,
        ...,
        {
            "got str": "way",
            "not yet answered: S": {k: v for k, v in LOST.items() if k != "S"},
            "expected one of way": LOST | {"P": "depth"},
            "P: a millionth": LOST | {"P": "both"},
            "Q: nearly all": LOST | {"Q": "way"},
            "R: two millionths": LOST | {"R": "source"},
            "S: most arrives": LOST | {"S": "source"},
        },
    ),
    "momentum_step": (
        momentum,
        stub,
        {
            "old m": lambda w, m, g, lr, beta: (w - lr * m, beta * m + g),
            "up the slope": lambda w, m, g, lr, beta: (w + lr * (beta * m + g), beta * m + g),
            "mean of slopes": lambda w, m, g, lr, beta: momentum(w, m, g * (1 - beta), lr, beta),
            "slope alone": lambda w, m, g, lr, beta: (w - lr * g, beta * m + g),
            "step size": lambda w, m, g, lr, beta: (w - (beta * m + g), beta * m + g),
            "swapped": lambda w, m, g, lr, beta: momentum(w, m, g, lr, beta)[::-1],
            "the shape (3,)": lambda w, m, g, lr, beta: momentum(w, m, g, lr, beta)[0],
        },
    ),
    "rmsprop_step": (
        rmsprop,
        stub,
        {
            "root is missing": lambda w, v, g, lr, beta: (
                w - lr * g / (beta * v + (1 - beta) * g**2 + 1e-8),
                beta * v + (1 - beta) * g**2,
            ),
            "old v": lambda w, v, g, lr, beta: (w - lr * g / (v.sqrt() + 1e-8), beta * v + (1 - beta) * g**2),
            "up the slope": lambda w, v, g, lr, beta: (
                2 * w - rmsprop(w, v, g, lr, beta)[0],
                beta * v + (1 - beta) * g**2,
            ),
            "counts in full": lambda w, v, g, lr, beta: (
                w - lr * g / ((beta * v + g**2).sqrt() + 1e-8),
                beta * v + g**2,
            ),
            "slope alone": lambda w, v, g, lr, beta: (w - lr * g, beta * v + (1 - beta) * g**2),
            "swapped": lambda w, v, g, lr, beta: rmsprop(w, v, g, lr, beta)[::-1],
            "NaN": lambda w, v, g, lr, beta: rmsprop(w, v, g, lr, beta, eps=0.0),
        },
    ),
    "carried": (
        CARRIED,
        ...,
        {
            "got list": [True, False, False, True],
            "not yet answered: Q": CARRIED | {"Q": None},
            "P: expected True or False": CARRIED | {"P": "yes"},
            "P is carried": CARRIED | {"P": False},
            "Q is not carried": CARRIED | {"Q": True},
            "R is not carried": CARRIED | {"R": True},
            "S is carried": CARRIED | {"S": False},
        },
    ),
    "diagnosis": (
        PATIENTS,
        ...,
        {
            "got list": list(PATIENTS.values()),
            "no other letters": PATIENTS | {"G": "healthy"},
            "not yet diagnosed: A, C": PATIENTS | {"A": None, "C": ...},
            "patient B: 'exploded' is none of the six": PATIENTS | {"B": "exploded"},
            "5 of 6 are right. Look at patient D again": PATIENTS | {"D": "collapsed"},
            "4 of 6": PATIENTS | {"A": "saturated", "F": "discriminator too strong"},
            "something else comes first": PATIENTS | {"F": "discriminator too strong"},
            "lie flat on 0": PATIENTS | {"A": "saturated"},
            "into the hundreds": PATIENTS | {"E": "diverged"},
            "1 of 6": dict.fromkeys(PATIENTS, "healthy"),
        },
    ),
    "d_loss": (
        lambda r, f: bce(r, torch.ones_like(r)) + bce(f, torch.zeros_like(f)),
        stub,
        {
            "A1's mistake": lambda r, f: -d(r, f),
            "A2's shared loss": lambda r, f: softplus(-f).mean(),
            "both terms want high": lambda r, f: d(r, -f),
            "double sigmoid": lambda r, f: d(r.sigmoid(), f.sigmoid()),
            "summed over the batch": lambda r, f: softplus(-r).sum() + softplus(f).sum(),
            "swapped": lambda r, f: d(f, r),
            "real images are missing": lambda r, f: softplus(f).mean(),
            "fake images are missing": lambda r, f: softplus(-r).mean(),
            "half of the loss": lambda r, f: d(r, f) / 2,
            "unequal numbers": lambda r, f: (softplus(-r).sum() + softplus(f).sum()) / len(r),
            "shape (4, 1)": lambda r, f: softplus(-r) + softplus(f),
            "lost its gradient": lambda r, f: d(r, f).item(),
            "no gradient reaches the fake": lambda r, f: d(r, f.detach()),
            "no gradient reaches the real": lambda r, f: d(r, f).detach(),
            "not finite": lambda r, f: (r.sigmoid() - 2).log().mean(),
            "on the test logits": lambda r, f: d(r, f) + 1,
            "TypeError": lambda logits: d(logits, logits),
            "with logits of ±1000 the loss is wrong (got inf": of_probabilities,
            "its logarithm is lost": clamped,
            "loss is wrong (got 14.4": lambda r, f: -((r.sigmoid() + 1e-8) * (1 - f.sigmoid() + 1e-8)).log().mean(),
            "overflow": lambda r, f: torch.log(1 + torch.exp(-r)).mean() + torch.log(1 + torch.exp(f)).mean(),
            "does it know the size": lambda r, f: (softplus(-r).sum() + softplus(f).sum()) / 4,
            "with a batch of 1": lambda r, f: d(r, f) if len(r) > 1 else d(r, f).log() * torch.nan,
            "mean was taken before": lambda r, f: softplus(f.mean()) + softplus(-r.mean()),
            "Wasserstein": lambda r, f: f.mean() - r.mean(),
            "hinge": lambda r, f: torch.relu(1 - r).mean() + torch.relu(1 + f).mean(),
            "slope of the loss by the fake": lambda r, f: d(r, f.detach()) + f.mean() - f.mean(),
        },
    ),
    "detach": (
        step(),
        stub,
        {
            "into the generator": step(lambda g, z: g(z)),
            "discriminator was frozen": freezes_d,
            "no gradient": forgets_backward,
            "raised RuntimeError": lambda g, dd, real, z: d(dd(real).detach(), dd(g(z)).detach()).backward(),
            "given gradients and then emptied": empties_g,
            "still frozen afterwards": freezes_g,
            "weights have changed": steps_too,
            "called twice": twice,
            "real ones": detaches_real_too,
            "wrong way": step(loss=lambda r, f: d(f, r)),
            "sign of the loss": step(loss=lambda r, f: -d(r, f)),
            "summed": step(loss=lambda r, f: softplus(-r).sum() + softplus(f).sum()),
            "double sigmoid": step(loss=lambda r, f: d(r.sigmoid(), f.sigmoid())),
            "generator's loss": step(loss=lambda r, f: softplus(-f).mean()),
            "add the fake ones": step(loss=lambda r, f: softplus(-r).mean()),
            "is not that of": step(loss=lambda r, f: d(r, f) * 3),
            "in one batch": together,
            "half of the loss": together_with_labels,
            "ran in eval mode": in_eval,
            "left in eval mode": stays_in_eval,
            "with logits of ±1000": step(loss=of_probabilities),
            "is the loss made of softplus": step(loss=clamped),
        },
    ),
    "g_loss": (
        lambda f: bce(f, torch.ones_like(f)),
        stub,
        {
            "saturating loss": lambda f: torch.log(1 - f.sigmoid()).mean(),
            "trained to be caught": lambda f: softplus(f).mean(),
            "sign is reversed": lambda f: f.sigmoid().log().mean(),
            "double sigmoid": lambda f: softplus(-f.sigmoid()).mean(),
            "summed": lambda f: softplus(-f).sum(),
            "Wasserstein": lambda f: -f.mean(),
            "logarithm": lambda f: -f.sigmoid().mean(),
            "no gradient reaches": lambda f: softplus(-f.detach()).mean(),
            "with logits of ±1000 the loss is wrong (got inf": lambda f: -torch.log(torch.sigmoid(f)).mean(),
            "±1000 the loss is wrong (got 25": lambda f: binary_cross_entropy(f.sigmoid(), torch.ones_like(f)),
            "±1000 the loss is wrong (got 5.": lambda f: -(f.sigmoid() + 1e-8).log().mean(),
            "mean was taken before": lambda f: softplus(-f.mean()),
            "mean probability": lambda f: -f.sigmoid().mean().log(),
            "a batch of 1 ": lambda f: softplus(-f).sum() / 4,
        },
    ),
}
RIGHT_TOO = {
    "order": [list(ORDER), "c, g, i, b, e, d, f, h, a", "ICGBEFDHA", "CDFHAGIBE", "CGBEDHAIF"],
    "accuracy": [
        lambda r, f: torch.cat([(r > 0).float() / len(r), (f < 0).float() / len(f)]).sum() / 2,
        lambda r, f: 0.5 * (r.sigmoid() > 0.5).double().mean() + 0.5 * (f.sigmoid() < 0.5).double().mean(),
        lambda r, f: (sum(x.item() > 0 for x in r) / len(r) + sum(x.item() < 0 for x in f) / len(f)) / 2,
    ],
    "weights_of": [
        lambda s: sum(s[i] * s[i + 1] + s[i + 1] for i in range(len(s) - 1)),
        lambda s: sum(p.numel() for a, b in pairwise(s) for p in nn.Linear(a, b).parameters()),
        lambda s: torch.tensor(counted(s)),
    ],
    "a1_faults": [
        FAULTS | {"no real picture": 3},
        FAULTS | {"no logit": 8, "moves both networks": 1},
        dict(reversed(FAULTS.items())),
    ],
    "side": [
        lambda n, k, s, m: len(range(0, n + 2 * m - k + 1, s)),
        lambda n, k, s, m: math.floor((n + 2 * m - k) / s + 1),
        lambda n, k, s, m: nn.Conv1d(1, 1, k, s, m)(torch.zeros(1, 1, n)).shape[-1],
    ],
    "averaged": [ema_in_place, ema_lerp, lambda a, w, d: dict(reversed(ema(a, w, d).items()))],
    "steady": ["DB", ["B", "D"], {"b", "d"}, "B, D"],
    "variety_of": [
        lambda x: x.numpy().std(axis=0).mean(),
        lambda x: x.var(dim=0).sqrt().mean().item(),
        lambda x: x.flatten(1).std(0).mean(),
    ],
    "swings": [swings_by_state, swings_by_numpy],
    "slopes_at": [
        lambda a: [-torch.sigmoid(a), torch.sigmoid(a) - 1],
        lambda a: torch.stack([-a.sigmoid(), -(1 - a.sigmoid())]),
        lambda a: (-1 / (1 + torch.exp(-a)), -1 / (1 + torch.exp(a))),
    ],
    "first_weights": [he_by_torch, he_uniform, lambda o, i: he(o, i).numpy()],
    "lost": [{k: v.upper() for k, v in LOST.items()}, {k: f" {v}" for k, v in LOST.items()}],
    "momentum_step": [momentum_in_place, lambda w, m, g, lr, beta: list(momentum(w, m, g, lr, beta))],
    "rmsprop_step": [rmsprop_eps_inside, lambda w, v, g, lr, beta: torch.stack(rmsprop(w, v, g, lr, beta))],
    "carried": [dict(reversed(CARRIED.items())), dict(CARRIED)],
    "d_loss": [
        d,
        lambda r, f: (softplus(-r) + softplus(f)).mean(),
        lambda r, f: nn.BCEWithLogitsLoss()(r, torch.ones(r.shape)) + nn.BCEWithLogitsLoss()(f, torch.zeros(f.shape)),
        lambda r, f: -(logsigmoid(r).mean() + logsigmoid(-f).mean()),
        lambda r, f: bce(torch.stack([r, f]), torch.stack([torch.ones_like(r), torch.zeros_like(f)])) * 2,
        lambda r, f: softplus(-r).sum() / len(r) + softplus(f).sum() / len(f),
        lambda r, f: d(r.double(), f.double()),
        lambda r, f: nn.Softplus()(-r.squeeze(1)).mean() + nn.Softplus()(f.squeeze(1)).mean(),
        lambda r, f: torch.logaddexp(-r, 0 * r).mean() + torch.logaddexp(f, 0 * f).mean(),
        lambda r, f: by_hand(-r).mean() + by_hand(f).mean(),
        lambda r, f: d(r, f)[None],
        by_loop,
    ],
    "detach": [
        step(no_grad),
        fake_first,
        two_backwards,
        frees_g_again,
        step(loss=lambda r, f: (softplus(-r) + softplus(f)).mean()),
    ],
    "g_loss": [
        lambda f: softplus(-f).mean(),
        lambda f: -logsigmoid(f).mean(),
        lambda f: nn.BCEWithLogitsLoss()(f, torch.ones(len(f), 1)),
        lambda f: (softplus(f) - f).mean(),
        lambda f: sum(softplus(-one) for one in f) / len(f),
        lambda f: by_hand(-f.double()).mean(),
    ],
    "diagnosis": [
        {k: v.upper() for k, v in PATIENTS.items()},
        {k: f" {v} " for k, v in PATIENTS.items()},
        dict(reversed(PATIENTS.items())),
    ],
}
