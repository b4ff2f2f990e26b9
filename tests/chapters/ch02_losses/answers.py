"""Answers to notebook 02's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

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
}
RIGHT_TOO = {
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
