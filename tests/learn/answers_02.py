"""Answers to notebook 02's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from torch.nn.functional import logsigmoid, relu, softplus


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


ANSWERS = {
    "ls_d": (ls(-1), stub, {
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
    }),
    "relativistic_hinge": (lambda r, f: relu(1 - (r - f)).mean(), stub, {
        "plain hinge": lambda r, f: relu(1 - r).mean() + relu(1 + f).mean(),
        "wrong sign": lambda r, f: relu(1 - (f - r)).mean(),
        "first relu, then mean": lambda r, f: relu(1 - r.mean() + f.mean()),
        "relu is missing": lambda r, f: (1 - r + f).mean(),
        "margin": lambda r, f: relu(f - r).mean(),
        "with softplus": lambda r, f: softplus(f - r).mean(),
        "summed": lambda r, f: relu(1 - r + f).sum(),
        "sign is reversed": lambda r, f: -relu(1 - r + f).mean(),
        "pair by pair": lambda r, f: relu(1 - r + f.squeeze(1)).mean(),
        "no gradient reaches the real": lambda r, f: relu(1 - r.detach() + f).mean(),
    }),
    "a1": (lambda r, f: (-logsigmoid(r).mean() - logsigmoid(-f).mean(), -logsigmoid(f).mean()), stub, {
        "still A1's: minimising it": lambda r, f: (-d(r, f), g(f)),
        "still A1's: its first term": lambda r, f: (d(r, f), a1(r, f)),
        "but it saturates": lambda r, f: (d(r, f), logsigmoid(-f).mean()),
        "the term of the real pictures": lambda r, f: (d(r, f), -logsigmoid(r).mean() - logsigmoid(f).mean()),
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
        "on the test logits the generator's loss": lambda r, f: (d(r, f), g(f) + 1),
    }),
    "a2_bug": ((4, "A"), None, {
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
    }),
}
RIGHT_TOO = {
    "ls_d": [lambda r, f: ((r - 1) ** 2 + (f + 1) ** 2).mean() / 2],
    "relativistic_hinge": [lambda r, f: torch.clamp(1 - r + f, min=0).mean()],
    "a1": [lambda r, f: [d(r, f), g(f)],
           lambda r, f: (bce(r, torch.ones_like(r)) + bce(f, torch.zeros_like(f)), bce(f, torch.ones_like(f)))],
    "a2_bug": [[4, " a"]],
}
