"""The checks of notebook 03: the two losses as functions of logits, where the gradient must not flow, the clinic."""

import torch
from torch import nn
from torch.nn.functional import softplus

from course_lib.errors import CourseError
from course_lib.files import recorded
from course_lib.learn.clinic import DIAGNOSES, second_opinion
from course_lib.learn.exercises import check
from course_lib.learn.slopes import unreached

_REAL = torch.tensor([[2.0], [-0.5], [1.2], [0.3]])
_FAKE = torch.tensor([[-1.5], [0.8], [0.1], [-2.2]])


@check("d_loss",
       todo="return the discriminator's loss from its logits on real and on generated images",
       shows="right: low when real logits are high and fake logits low, and no probability was ever formed")
def d_loss(answer):
    """``answer(real_logits, fake_logits)``, each (N, 1) → scalar softplus(−real).mean() + softplus(fake).mean()."""
    real, fake = _REAL.clone().requires_grad_(), _FAKE.clone().requires_grad_()
    value = _scalar(answer(real, fake))
    r, f = _REAL, _FAKE
    right = softplus(-r).mean() + softplus(f).mean()
    known = {
        "the sign is reversed (A1's mistake): minimising this trains the discriminator to be wrong": -right,
        "real and fake are swapped: real images should get high logits, fake ones low": _d(f, r),
        "this is the generator's loss: with A2's shared loss both players want the same, so there is no game":
            softplus(-f).mean(),
        "both terms want high logits, so discriminator and generator would want the same (A2's shared loss): "
        "the term for the fake images should want low ones": _d(r, -f),
        "the logits went through a sigmoid first, and the loss squashes them again (a double sigmoid): "
        "leave the sigmoid out": _d(r.sigmoid(), f.sigmoid()),
        "the losses are summed over the batch: take the mean, or the step grows with the batch size":
            softplus(-r).sum() + softplus(f).sum(),
        "the real images are missing: their term should be low when real logits are high": softplus(f).mean(),
        "the fake images are missing: their term should be low when fake logits are low": softplus(-r).mean(),
        "this is half of the loss: add the two means instead of averaging them": right / 2,
    }
    explained = _explain(value, right, known)
    # Equal batches hide a loss that is right only in number, and a loss cut off from the logits cannot train anything.
    return explained or _uneven(answer) or _connected(value, {"real": real, "fake": fake})


@check("detach", returns=False,
       todo="make the discriminator's loss and call backward, with the generated images detached",
       shows="right: the discriminator has its gradient, and the generator was left alone")
def detach(answer):
    """``answer(generator, discriminator, real, z)`` calls backward on D's loss; no gradient may reach G."""
    generator, discriminator, real, z = _players()
    before = [p.detach().clone() for p in (*generator.parameters(), *discriminator.parameters())]
    trainable = [p.requires_grad for p in (*generator.parameters(), *discriminator.parameters())]
    answer(generator, discriminator, real, z)
    weights = (*generator.parameters(), *discriminator.parameters())
    assert all(torch.equal(a, b) for a, b in zip(before, weights, strict=True)), (
        "the weights have changed: only call backward here, the optimiser takes its step elsewhere")
    frozen = sum(not p.requires_grad for p in discriminator.parameters())
    assert not frozen, "the discriminator was frozen: it is the one that learns here, cut the generator off instead"
    assert all(p.grad is not None for p in discriminator.parameters()), (
        "the discriminator received no gradient: make its loss from its logits and call `.backward()`")
    reached = [p for p in generator.parameters() if p.grad is not None]
    assert not any(p.grad.abs().sum() > 0 for p in reached), (
        "the gradient ran through the fake images into the generator: use `fake.detach()` "
        "(or make them under `torch.no_grad()`)")
    assert not reached, "the generator was given gradients and then emptied: do not let them get there"
    assert trainable == [p.requires_grad for p in weights], (
        "the generator is still frozen afterwards, so it could never learn: detach its images instead")
    return _right_gradient(discriminator)


@check("g_loss",
       todo="return the generator's non-saturating loss from the logits of its images",
       shows="right: its gradient is −(1−D), strongest when the discriminator sees through every fake")
def g_loss(answer):
    """``answer(fake_logits)``, (N, 1) → scalar softplus(−fake).mean()."""
    fake = _FAKE.clone().requires_grad_()
    value = _scalar(answer(fake))
    f = _FAKE
    right = softplus(-f).mean()
    known = {
        "this is the saturating loss: its gradient by the logit is −D, nearly 0 when D rejects the fake and the "
        "generator needs it most; the non-saturating loss has −(1−D)": -softplus(f).mean(),
        "the sign is wrong: the generator is trained to be caught": softplus(f).mean(),
        "the sign is reversed: minimising this pushes the logits of fakes down": -right,
        "the logits went through a sigmoid first, and the loss squashes them again (a double sigmoid): "
        "leave the sigmoid out": softplus(-f.sigmoid()).mean(),
        "the loss is summed over the batch: take the mean, or the step grows with the batch size": softplus(-f).sum(),
        "this is minus the mean logit (the Wasserstein loss): apply log σ to the logits before the mean": -f.mean(),
        "this is minus the probability itself: take its logarithm": -f.sigmoid().mean(),
    }
    return _explain(value, right, known) or _connected(value, {"fake": fake})


@check("diagnosis", function=False,
       todo="give each patient one of the six diagnoses, as in {'A': 'healthy', 'B': …}",
       shows="right: all six, from their curves and pictures alone")
def diagnosis(answer):
    """``answer``: patient → diagnosis. Says how many are right, and of the first wrong one what speaks against it."""
    patients = recorded("clinic")["runs"]
    assert isinstance(answer, dict), (
        f"expected a dictionary {{'A': 'healthy', 'B': …}}, got {type(answer).__name__}")
    assert set(answer) <= set(patients), f"the patients are {', '.join(patients)}: no other letters"
    open_ = [letter for letter in patients if answer.get(letter) in (None, ...)]
    assert not open_, f"not yet diagnosed: {', '.join(open_)}"
    for letter, name in answer.items():
        try:
            second_opinion(patients[letter], name)
        except CourseError:
            return f"patient {letter}: {name!r} is none of the six: {', '.join(DIAGNOSES)}"
    opinions = {letter: second_opinion(patients[letter], answer[letter]) for letter in patients}
    wrong = {letter: sentence for letter, (right, sentence) in opinions.items() if not right}
    if not wrong:
        return None
    letter = next(iter(wrong))
    return f"{len(patients) - len(wrong)} of {len(patients)} are right. Look at patient {letter} again: {wrong[letter]}"


def _d(real, fake):
    return softplus(-real).mean() + softplus(fake).mean()


def _scalar(value):
    assert isinstance(value, torch.Tensor), (
        f"it returned a {type(value).__name__}, expected a tensor with one number: a float has lost its gradient")
    assert value.numel() == 1, (
        f"it returned a tensor of shape {tuple(value.shape)}, expected one number: take the mean over the batch")
    assert torch.isfinite(value).all(), "the loss is not finite: do not take the logarithm of a sigmoid, use softplus"
    return value.reshape(())


def _explain(value, right, known):
    if torch.isclose(value.float(), right, atol=1e-5):
        return None
    for sentence, number in known.items():
        if torch.isclose(value.float(), number, atol=1e-5):
            return sentence
    return f"on the test logits it gives {value.item():.4f}, expected {right.item():.4f}"


def _uneven(answer):
    real, fake = _REAL, _FAKE[:2]
    value = _scalar(answer(real, fake))
    if torch.isclose(value.float(), _d(real, fake), atol=1e-5):
        return None
    return "with unequal numbers of real and fake images it is wrong: take the mean of each part, then add"


def _connected(value, logits):
    if name := unreached(value, logits):
        return f"the number is right, but no gradient reaches the {name} logits: do not detach or convert them"
    return None


def _players():
    """A small generator and discriminator with the same weights each time, real images (4, 6) and noise (4, 3)."""
    def fill(net, start):
        for i, p in enumerate(net.parameters()):
            p.data = torch.sin(torch.arange(p.numel(), dtype=torch.float32) + start + i).reshape(p.shape) * 0.7
        return net

    generator = fill(nn.Sequential(nn.Linear(3, 6), nn.Tanh()), 1)
    discriminator = fill(nn.Sequential(nn.Linear(6, 5), nn.LeakyReLU(0.2), nn.Linear(5, 1)), 4)
    real = torch.cos(torch.arange(24, dtype=torch.float32)).reshape(4, 6)
    return generator, discriminator, real, torch.sin(torch.arange(12, dtype=torch.float32)).reshape(4, 3) * 2


def _right_gradient(learned):
    generator, discriminator, real, z = _players()
    with torch.no_grad():
        fake = generator(z)

    weights = list(discriminator.parameters())

    def gradient(loss):
        return torch.cat([g.flatten() for g in torch.autograd.grad(loss, weights, retain_graph=True)])

    d_real, d_fake = discriminator(real), discriminator(fake)
    got = torch.cat([p.grad.flatten() for p in learned.parameters()])
    shapes = [
        (None, _d(d_real, d_fake)),
        ("the gradient points the wrong way: real images should get high logits, fake ones low", _d(d_fake, d_real)),
        ("the sign of the loss is reversed (A1's mistake)", -_d(d_real, d_fake)),
        ("the loss is summed over the batch: take the mean", softplus(-d_real).sum() + softplus(d_fake).sum()),
        ("backward was called twice: the gradients were added up", 2 * _d(d_real, d_fake)),
        ("only the fake images are in the loss: add the real ones", softplus(d_fake).mean()),
        ("only the real images are in the loss: add the fake ones", softplus(-d_real).mean()),
        ("the logits went through a sigmoid before the loss (a double sigmoid): leave it out",
         _d(d_real.sigmoid(), d_fake.sigmoid())),
        ("this is the generator's loss: here fake images should get low logits", softplus(-d_fake).mean()),
    ]
    for sentence, loss in shapes:
        if torch.allclose(got, gradient(loss), atol=1e-5):
            return sentence
    return ("the discriminator's gradient is not that of softplus(−D(real)).mean() + softplus(D(fake)).mean() "
            "(the notebook's `d_loss`)")
