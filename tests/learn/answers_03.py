"""Answers to notebook 03's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from torch.nn.functional import softplus


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


PATIENTS = {"A": "discriminator too strong", "B": "diverged", "C": "collapsed", "D": "healthy", "E": "oscillating",
            "F": "saturated"}  # fmt: skip

ANSWERS = {
    "diagnosis": (PATIENTS, ..., {
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
    }),
    "d_loss": (lambda r, f: bce(r, torch.ones_like(r)) + bce(f, torch.zeros_like(f)), stub, {
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
    }),
    "detach": (step(), stub, {
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
    }),
    "g_loss": (lambda f: bce(f, torch.ones_like(f)), stub, {
        "saturating loss": lambda f: torch.log(1 - f.sigmoid()).mean(),
        "trained to be caught": lambda f: softplus(f).mean(),
        "sign is reversed": lambda f: f.sigmoid().log().mean(),
        "double sigmoid": lambda f: softplus(-f.sigmoid()).mean(),
        "summed": lambda f: softplus(-f).sum(),
        "Wasserstein": lambda f: -f.mean(),
        "logarithm": lambda f: -f.sigmoid().mean(),
        "no gradient reaches": lambda f: softplus(-f.detach()).mean(),
    }),
}
RIGHT_TOO = {"d_loss": [d], "detach": [step(no_grad)], "g_loss": [lambda f: softplus(-f).mean()]}
