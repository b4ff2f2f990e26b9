"""Answers to notebook 03's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

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

ANSWERS = {
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
