"""Answers to chapter 02's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn.functional import (
    binary_cross_entropy,
    hinge_embedding_loss,
    logsigmoid,
    margin_ranking_loss,
    mse_loss,
    relu,
    softplus,
)
from torch.nn.functional import binary_cross_entropy_with_logits as bce


def stub(real, fake):
    raise NotImplementedError("your turn")


def stub_of_one(x):
    raise NotImplementedError("your turn")


def ls(target, share=0.5):
    return lambda r, f: share * (r - 1).square().mean() + share * (f - target).square().mean()


def d(r, f):
    return softplus(-r).mean() + softplus(f).mean()


def g(f):
    return softplus(-f).mean()


def a1(r, f):
    return -logsigmoid(r).mean() + logsigmoid(-f).mean()


def probabilities(r, f):
    return binary_cross_entropy(r.sigmoid(), r.new_ones(r.shape)) + binary_cross_entropy(f.sigmoid(), 0 * f)


def hinge_by_loop(r, f):
    total = 0.0
    for one, other in zip(r, f, strict=True):
        total = total + max(torch.zeros(1), 1 - (one - other))
    return total / len(r)


def dead_r1(critic, real, gamma):  # as the lesson prints it: no graph
    real = real.detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(real).sum(), real)
    return 0.5 * gamma * slope.flatten(1).square().sum(1).mean()


def slope_of(critic, real, of=torch.sum):
    real = real.detach().requires_grad_()
    (slope,) = torch.autograd.grad(of(critic(real)), real, create_graph=True)
    return slope.flatten(1)


def r1(critic, real, gamma):
    return gamma / 2 * slope_of(critic, real).square().sum(1).mean()


def r1_by_loop(critic, real, gamma):
    total = 0.0
    for one in real.detach():
        x = one[None].clone().requires_grad_(True)
        total = total + torch.autograd.grad(critic(x).squeeze(), x, create_graph=True)[0].norm() ** 2
    return gamma / 2 * total / len(real)


def r1_by_func(critic, real, gamma):
    slopes = torch.func.vmap(torch.func.grad(lambda x: critic(x[None]).squeeze()))(real)
    return 0.5 * gamma * slopes.flatten(1).pow(2).sum(dim=1).mean()


def r1_in_place(critic, real, gamma):
    value = r1(critic, real, gamma)
    real.mul_(2)
    return value


def r1_that_asks_for_gradients(critic, real, gamma):
    real.requires_grad_()
    (slope,) = torch.autograd.grad(critic(real).sum(), real, create_graph=True)
    return gamma / 2 * slope.flatten(1).square().sum(1).mean()


def half_dead_r1(critic, real, gamma):
    return r1(critic, real, gamma).detach() + 0 * sum(w.sum() for w in critic.parameters())


NAMES = {"A": "learned nothing", "B": "healthy", "C": "second sigmoid", "D": "labels swapped"}
PANELS = {"A": "Wasserstein", "B": "standard", "C": "least squares", "D": "hinge"}

ANSWERS = {
    "ls_d": (
        ls(-1),
        stub,
        {
            "wants −1": ls(0),
            "swapped": lambda r, f: ls(-1)(f, r),
            "both are pulled to 1": ls(1),
            "½ in front of the squares is missing": ls(-1, 1),
            "½ too many": ls(-1, 0.25),
            "summed": lambda r, f: 0.5 * ((r - 1).square().sum() + (f + 1).square().sum()),
            "sigmoid": lambda r, f: ls(-1)(r.sigmoid(), f.sigmoid()),
            "sign is reversed": lambda r, f: -ls(-1)(r, f),
            "not squared": lambda r, f: 0.5 * ((r - 1).abs().mean() + (f + 1).abs().mean()),
            "fake scores are missing": lambda r, f: 0.5 * (r - 1).square().mean(),
            "real scores are missing": lambda r, f: 0.5 * (f + 1).square().mean(),
            "shape (4, 1)": lambda r, f: 0.5 * ((r - 1).square() + (f + 1).square()),
            "a float has lost": lambda r, f: ls(-1)(r, f).item(),
            "no gradient reaches the fake": lambda r, f: ls(-1)(r, f.detach()),
            "on the test logits": lambda r, f: ls(-1)(r, f) + 1,
            "before the square": lambda r, f: 0.5 * (r.mean() - 1) ** 2 + 0.5 * (f.mean() + 1) ** 2,
            "with a batch of 1 ": lambda r, f: 0.5 * ((r - 1).square().sum() + (f + 1).square().sum()) / 4,
            "unequal numbers": lambda r, f: 0.5 * ((r - 1).square().sum() + (f + 1).square().sum()) / len(r),
            "slope of the loss by the real": lambda r, f: ls(-1)(r.detach(), f) + r.mean() - r.mean().detach(),
        },
    ),
    "relativistic_hinge": (
        lambda r, f: relu(1 - (r - f)).mean(),
        stub,
        {
            "plain hinge": lambda r, f: relu(1 - r).mean() + relu(1 + f).mean(),
            "wrong sign": lambda r, f: relu(1 - (f - r)).mean(),
            "first relu, then mean": lambda r, f: relu(1 - r.mean() + f.mean()),
            "relu is missing": lambda r, f: (1 - r + f).mean(),
            "margin": lambda r, f: relu(f - r).mean(),
            "with softplus": lambda r, f: softplus(f - r).mean(),
            "summed": lambda r, f: relu(1 - r + f).sum(),
            "sign is reversed": lambda r, f: -relu(1 - r + f).mean(),
            "pair by pair": lambda r, f: relu(1 - r + f.squeeze(1)).mean(),
            "mean of the fake ones": lambda r, f: relu(1 - r + f.mean()).mean(),
            "was squared": lambda r, f: relu(1 - r + f).square().mean(),
            "half of the loss": lambda r, f: relu(1 - r + f).mean() / 2,
            "no gradient reaches the real": lambda r, f: relu(1 - r.detach() + f).mean(),
        },
    ),
    "a1": (
        lambda r, f: (-logsigmoid(r).mean() - logsigmoid(-f).mean(), -logsigmoid(f).mean()),
        stub,
        {
            "still A1's: minimising it": lambda r, f: (-d(r, f), g(f)),
            "still A1's: its first term": lambda r, f: (d(r, f), a1(r, f)),
            "but it saturates": lambda r, f: (d(r, f), logsigmoid(-f).mean()),
            "real pictures in it, which it cannot": lambda r, f: (d(r, f), softplus(-r).mean()),
            "the discriminator's loss is not finite (it is inf)": lambda r, f: (
                -r.sigmoid().log().mean() + g(-f),
                g(f),
            ),
            "with logits of ±1000 the discriminator's loss": lambda r, f: (probabilities(r, f), g(f)),
            "±1000 the generator's loss has a wrong slope": lambda r, f: (d(r, f), -(f.sigmoid() + 1e-8).log().mean()),
            "half of what gives the slope": lambda r, f: (d(r, f), g(f) / 2),
            "generator's loss has its sign reversed": lambda r, f: (d(r, f), -g(f)),
            "generator's loss the logits go through a sigmoid": lambda r, f: (d(r, f), g(f.sigmoid())),
            "discriminator's loss the logits go through a sigmoid": lambda r, f: (d(r.sigmoid(), f.sigmoid()), g(f)),
            "term was turned": lambda r, f: (softplus(f).mean() - softplus(-r).mean(), g(f)),
            "for one pair": lambda r, f: (d(r, f), g(f) * (len(f) > 1)),
            "recognised as fake": lambda r, f: (d(r, f), softplus(f).mean()),
            "A2's mistake": lambda r, f: (d(r, f), d(r, f)),
            "minimax game": lambda r, f: (d(r, f), -d(r, f)),
            "wrong way round": lambda r, f: (g(f), d(r, f)),
            "only one of the two signs": lambda r, f: (a1(r, f), g(f)),
            "real and fake are swapped": lambda r, f: (d(f, r), g(f)),
            "lacks the real": lambda r, f: (softplus(f).mean(), g(f)),
            "lacks the drawn": lambda r, f: (softplus(-r).mean(), g(f)),
            "return d_loss, g_loss": d,
            "not finite": lambda r, f: ((r.sigmoid() - 2).log().mean(), g(f)),
            "no gradient reaches the fake": lambda r, f: (d(r, f), g(f).detach()),
            "on the test logits the generator's loss": lambda r, f: (d(r, f), g(f) * 3),
        },
    ),
    "a2_bug": (
        (4, "A"),
        None,
        {
            "line 1 is as it should be": (1, "A"),
            "line 2 is as it should be": (2, "A"),
            "line 3 is as it should be": (3, "D"),
            "line 5 is as it should be": (5, "B"),
            "the minimax one": (4, "B"),
            "squashes twice": (4, "C"),
            "still helps D": (4, "D"),
            "expected a pair": 4,
            "from 1 to 5": (6, "A"),
            "the repair is": (4, "E"),
        },
    ),
    "ns_slope": (
        lambda f: -torch.sigmoid(-f),
        stub_of_one,
        {
            "minimax's slope": lambda f: -torch.sigmoid(f),
            "the inner slope is missing": lambda f: torch.sigmoid(-f),
            "that is D": torch.sigmoid,
            "the price itself": lambda f: softplus(-f),
            "f is a logit": lambda f: -(1 - f),
            "straight line": lambda f: -torch.ones_like(f),
            "slope of the sigmoid": lambda f: -torch.sigmoid(f) * torch.sigmoid(-f),
            "expected (5, 1)": lambda f: -torch.sigmoid(-f).mean(),
            "±1000": lambda f: -torch.exp(-f) / (1 + torch.exp(-f)),
        },
    ),
    "logit_where": (
        lambda n: -math.log(n),
        stub_of_one,
        {
            "the sign is missing": lambda n: math.log(n),
            "one part in n; the ratio": lambda n: -math.log(n - 1),
            "the ratio itself": lambda n: 1 / n,
            "minus n": lambda n: -n,
            "a probability": lambda n: 1 / (1 + n),
            "base 10": lambda n: -math.log10(n),
            "base 2": lambda n: -math.log2(n),
            "turn that round": lambda n: math.exp(-n),
            "for n = 1:": lambda n: -math.log(n) if n > 1 else -1.0,
            "expected a finite number": lambda n: float("nan"),
        },
    ),
    "once_squashed": (
        lambda r, f: softplus(-r).mean() + softplus(f).mean(),
        stub,
        {
            "still two sigmoids": lambda r, f: d(r.sigmoid(), f.sigmoid()),
            "real pictures are still": lambda r, f: d(r.sigmoid(), f),
            "drawn pictures are still": lambda r, f: d(r, f.sigmoid()),
            "each other's label": lambda r, f: d(f, r),
            "the sign is reversed": lambda r, f: -d(r, f),
            "the drawn pictures are missing": lambda r, f: softplus(-r).mean(),
            "the real pictures are missing": lambda r, f: softplus(f).mean(),
            "half of the loss": lambda r, f: d(r, f) / 2,
            "summed": lambda r, f: softplus(-r).sum() + softplus(f).sum(),
            "both have the label 1": lambda r, f: g(r) + g(f),
            "both have the label 0": lambda r, f: g(-r) + g(-f),
            "±1000": probabilities,
            "not finite": lambda r, f: -(r.sigmoid() - 2).log().mean() + g(-f),
            "no gradient reaches the fake": lambda r, f: d(r, f.detach()),
            "expected one number": lambda r, f: softplus(-r) + softplus(f),
        },
    ),
    "second_sigmoid": (
        NAMES,
        None,
        {
            "answers ½ to everything": NAMES | {"A": "second sigmoid"},
            "do its answers agree": NAMES | {"B": "labels swapped"},
            "what would a sure D pay": NAMES | {"C": "learned nothing"},
            "what about the labels": NAMES | {"D": "healthy"},
            "is none of these": NAMES | {"D": "broken"},
            "got the keys": {"A": "healthy"},
            "got list": list(NAMES.values()),
            "still to name: B": NAMES | {"B": ...},
        },
    ),
    "best_ls": (
        lambda p, q: (p - q) / (p + q),
        stub,
        {
            "the targets 1 and 0": lambda p, q: p / (p + q),
            "the sign is reversed": lambda p, q: (q - p) / (p + q),
            "not divided by p + q": lambda p, q: p - q,
            "hinge's best score": lambda p, q: (p - q).sign(),
            "twice what": lambda p, q: 2 * (p - q) / (p + q),
            "only half of": lambda p, q: (p - q) / (p + q) / 2,
            "infinite": lambda p, q: (p - q) / p,
            "expected (5,)": lambda p, q: ((p - q) / (p + q)).mean(),
            "got": lambda p, q: p * q,
        },
    ),
    "two_sided": (
        lambda p, q, a, b: (a * p + b * q) / (p + q),
        lambda p, q, a, b: ...,
        {
            "b is not used": lambda p, q, a, b: a * p / (p + q),
            "a is not used": lambda p, q, a, b: (p + b * q) / (p + q),
            "exchanged": lambda p, q, a, b: (b * p + a * q) / (p + q),
            "not for 1 − b": lambda p, q, a, b: (a * p + (1 - b) * q) / (p + q),
            "the sum below has no labels": lambda p, q, a, b: a * p / (a * p + b * q),
            "without smoothing": lambda p, q, a, b: p / (p + q),
            "not divided": lambda p, q, a, b: a * p + b * q,
            "wrong sign": lambda p, q, a, b: (a * p - b * q) / (p + q),
            "that is the logit": lambda p, q, a, b: torch.logit((a * p + b * q) / (p + q)),
            "for a = 1": lambda p, q, a, b: (a * p + b * q) / (p + q) + (a == 1 and b == 0),
        },
    ),
    "which_score": (
        PANELS,
        None,
        {
            "does it": PANELS | {"B": "Wasserstein"},
            "becomes very low": PANELS | {"C": "standard"},
            "between 0 and 1": PANELS | {"B": "least squares", "C": "hinge"},
            "two values only": PANELS | {"C": "hinge", "D": "least squares"},
            "is named twice": PANELS | {"D": "standard"},
            "is none of these": PANELS | {"A": "relativistic"},
            "still to name": PANELS | {"D": ...},
        },
    ),
    "settles": (
        lambda m, gamma: 2 * m / gamma,
        stub,
        {
            "around 1 and −1": lambda m, gamma: 2 / gamma,
            "half of it": lambda m, gamma: m / gamma,
            "twice as much": lambda m, gamma: 4 * m / gamma,
            "upside down": lambda m, gamma: gamma / (2 * m) if m else 0.0,
            "instead of divided": lambda m, gamma: 2 * m * gamma,
            "the sign is reversed": lambda m, gamma: -2 * m / gamma,
            "WGAN-GP would": lambda m, gamma: 1 + m / gamma,
            "for m = 0": lambda m, gamma: 2 * m / gamma + 0.5 * (m == 0),
        },
    ),
    "one_sided": (
        lambda steep, gamma: gamma * torch.relu(steep - 1).square().mean(),
        stub,
        {
            "WGAN-GP's own": lambda steep, gamma: gamma * (steep - 1).square().mean(),
            "not squared": lambda steep, gamma: gamma * torch.relu(steep - 1).mean(),
            "first relu, then mean": lambda steep, gamma: gamma * torch.relu(steep.mean() - 1).square(),
            "before the square": lambda steep, gamma: gamma * torch.relu(steep - 1).mean().square(),
            "summed": lambda steep, gamma: gamma * torch.relu(steep - 1).square().sum(),
            "γ is missing": lambda steep, gamma: torch.relu(steep - 1).square().mean(),
            "R1's": lambda steep, gamma: gamma / 2 * torch.relu(steep - 1).square().mean(),
            "lies *below* 1": lambda steep, gamma: gamma * torch.relu(1 - steep).square().mean(),
            "the whole slope": lambda steep, gamma: gamma * (steep * (steep > 1)).square().mean(),
            "D learns from a tensor": lambda steep, gamma: gamma * torch.relu(steep - 1).square().mean().item(),
            "expected one": lambda steep, gamma: gamma * torch.relu(steep - 1).square(),
        },
    ),
    "r1": (
        r1,
        lambda critic, real, gamma: ...,
        {
            "no gradient reaches the critic's weights": dead_r1,
            "factor ½ is missing": lambda c, x, k: k * slope_of(c, x).square().sum(1).mean(),
            "γ is missing": lambda c, x, k: r1(c, x, 1.0),
            "summed over the batch": lambda c, x, k: k / 2 * slope_of(c, x).square().sum(),
            "numbers of a picture": lambda c, x, k: k / 2 * slope_of(c, x).square().mean(),
            "the *mean* logit": lambda c, x, k: k / 2 * slope_of(c, x, torch.mean).square().sum(1).mean(),
            "the length itself": lambda c, x, k: k / 2 * slope_of(c, x).norm(dim=1).mean(),
            "that is WGAN-GP's": lambda c, x, k: k * (slope_of(c, x).norm(dim=1) - 1).square().mean(),
            "half of WGAN-GP's": lambda c, x, k: k / 2 * (slope_of(c, x).norm(dim=1) - 1).square().mean(),
            "were changed": r1_in_place,
            "asks for gradients now": r1_that_asks_for_gradients,
            "not its slope": half_dead_r1,
            "a float has lost": lambda c, x, k: r1(c, x, k).item(),
        },
    ),
    "zero_sum": (
        lambda price: lambda r, f: -price(r, f),
        stub_of_one,
        {
            "A2's mistake": lambda price: price,
            "are exchanged: give": lambda price: lambda r, f: -price(f, r),
            "the logits are exchanged, or": lambda price: lambda r, f: price(f, r),
            "or their signs are turned": lambda price: lambda r, f: price(-r, -f),
            "1 minus the price": lambda price: lambda r, f: 1 - price(r, f),
            "one over": lambda price: lambda r, f: 1 / price(r, f),
            "half of the opposite": lambda price: lambda r, f: -price(r, f) / 2,
            "expected a function": lambda price: -price(torch.zeros(1), torch.zeros(1)),
            "no gradient reaches f": lambda price: lambda r, f: -price(r, f.detach()),
            "expected a tensor of prices": lambda price: lambda r, f: -price(r, f).sum().item(),
        },
    ),
}
RIGHT_TOO = {
    "ns_slope": [
        lambda f: torch.sigmoid(f) - 1,
        lambda f: -(1 - torch.sigmoid(f)),
        lambda f: -1 / (1 + torch.exp(f)),
        lambda f: f.neg().sigmoid().neg(),
        lambda f: -torch.exp(-softplus(f)),
    ],
    "logit_where": [
        lambda n: math.log(1 / n),
        lambda n: -np.log(n),
        lambda n: -torch.log(torch.tensor(n, dtype=torch.float64)),
        lambda n: -math.log10(n) / math.log10(math.e),
    ],
    "once_squashed": [
        lambda r, f: (softplus(-r) + softplus(f)).mean(),
        lambda r, f: bce(r, torch.ones_like(r)) + bce(f, torch.zeros_like(f)),
        lambda r, f: -logsigmoid(r).mean() - logsigmoid(-f).mean(),
        lambda r, f: (
            nn.BCEWithLogitsLoss()(r, torch.ones(len(r), 1)) + nn.BCEWithLogitsLoss()(f, torch.zeros(len(f), 1))
        ),
    ],
    "second_sigmoid": [
        dict(reversed(NAMES.items())),
        {letter: f" {name.upper()}" for letter, name in NAMES.items()},
    ],
    "best_ls": [
        lambda p, q: 2 * p / (p + q) - 1,
        lambda p, q: p / (p + q) - q / (p + q),
        lambda p, q: (p.numpy() - q.numpy()) / (p.numpy() + q.numpy()),
    ],
    "two_sided": [
        lambda p, q, a, b: a * p / (p + q) + b * q / (p + q),
        lambda p, q, a, b: b + (a - b) * p / (p + q),
        lambda p, q, a, b: torch.sigmoid(torch.log((a * p + b * q) / ((1 - a) * p + (1 - b) * q))),
    ],
    "which_score": [{letter: name.lower() for letter, name in PANELS.items()}, dict(reversed(PANELS.items()))],
    "settles": [
        lambda m, gamma: m * 2.0 / gamma,
        lambda m, gamma: (m + m) / gamma,
        lambda m, gamma: torch.tensor(2 * m / gamma),
    ],
    "one_sided": [
        lambda steep, gamma: gamma * (steep.clamp(min=1) - 1).pow(2).mean(),
        lambda steep, gamma: (gamma * torch.relu(steep - 1) ** 2).sum() / len(steep),
        lambda steep, gamma: gamma * (torch.maximum(steep, torch.ones_like(steep)) - 1).square().mean(),
        lambda steep, gamma: gamma * ((steep - 1).square() * (steep > 1)).mean(),
    ],
    "r1": [
        r1_by_loop,
        r1_by_func,
        lambda c, x, k: k / 2 * slope_of(c, x).norm(dim=1).square().mean(),
        lambda c, x, k: 0.5 * k * (slope_of(c, x) ** 2).sum() / len(x),
    ],
    "zero_sum": [
        lambda price: lambda r, f: price(r, f) * (-1),
        lambda price: lambda r, f: 0 - price(r, f),
        lambda price: lambda *both: -price(*both),
    ],
    "ls_d": [
        lambda r, f: ((r - 1) ** 2 + (f + 1) ** 2).mean() / 2,
        lambda r, f: 0.5 * mse_loss(r, torch.ones_like(r)) + 0.5 * mse_loss(f, -torch.ones_like(f)),
        lambda r, f: nn.MSELoss()(r, torch.ones_like(r)) / 2 + nn.MSELoss()(f, -torch.ones_like(f)) / 2,
        lambda r, f: ((r - 1).pow(2).sum() / len(r) + (f + 1).pow(2).sum() / len(f)) / 2,
        lambda r, f: sum((one - 1) ** 2 for one in r) / len(r) / 2 + sum((one + 1) ** 2 for one in f) / len(f) / 2,
        lambda r, f: torch.einsum("ni,ni->", r - 1, r - 1) / len(r) / 2 + (f + 1).square().mean() / 2,
        lambda r, f: ls(-1)(r.double(), f.double()),
    ],
    "relativistic_hinge": [
        lambda r, f: torch.clamp(1 - r + f, min=0).mean(),
        lambda r, f: torch.maximum(1 - (r - f), torch.zeros_like(r)).mean(),
        lambda r, f: nn.ReLU()(1 + f - r).sum() / len(r),
        lambda r, f: margin_ranking_loss(r, f, torch.ones_like(r), margin=1.0),
        lambda r, f: hinge_embedding_loss(r - f, -torch.ones_like(r), margin=1.0),
        lambda r, f: relu(1 - r.double() + f.double()).mean(),
        hinge_by_loop,
    ],
    "a1": [
        lambda r, f: [d(r, f), g(f)],
        lambda r, f: (bce(r, torch.ones_like(r)) + bce(f, torch.zeros_like(f)), bce(f, torch.ones_like(f))),
        lambda r, f: (-(logsigmoid(r).mean() + logsigmoid(-f).mean()), -logsigmoid(f).mean()),
        lambda r, f: (-(logsigmoid(r) + logsigmoid(-f)).mean(), -logsigmoid(f).mean()),
        lambda r, f: (d(r, f), -logsigmoid(r).mean() - logsigmoid(f).mean()),  # its first term is a constant for G
        lambda r, f: (d(r, f) / 2, g(f)),  # a mean over both: the same slopes, half as long
        lambda r, f: (bce(torch.cat([r, f]), torch.cat([torch.ones_like(r), torch.zeros_like(f)])), g(f)),
        lambda r, f: (d(r, f), softplus(-f).sum()),  # −(1 − D) of each picture, to the letter
        lambda r, f: (d(r.double(), f.double()), g(f.double())),
        lambda r, f: (d(r, f), sum(softplus(-one) for one in f) / len(f)),
    ],
    "a2_bug": [[4, " a"], (4, "a"), (np.int64(4), "A")],
}
