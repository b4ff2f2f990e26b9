"""The checks of chapter 03: the two losses, where the gradient must not flow, the clinic; and those of two files more."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from course_lib.chapters.ch03_train_a_gan.checks_choices import a1_faults, carried, lost, order, steady
from course_lib.chapters.ch03_train_a_gan.checks_numbers import accuracy, side, swings, variety_of, weights_of
from course_lib.chapters.ch03_train_a_gan.checks_steps import (
    averaged,
    first_weights,
    momentum_step,
    rmsprop_step,
    slopes_at,
)
from course_lib.chapters.ch03_train_a_gan.diagnoses import DIAGNOSES, second_opinion
from course_lib.errors import CourseError
from course_lib.files import recorded
from course_lib.learn.exercises import check
from course_lib.learn.gradients import wrong_loss
from course_lib.learn.numbers import gap, near

__all__ = [
    "a1_faults",
    "accuracy",
    "averaged",
    "carried",
    "d_loss",
    "detach",
    "diagnosis",
    "first_weights",
    "g_loss",
    "lost",
    "momentum_step",
    "order",
    "rmsprop_step",
    "side",
    "slopes_at",
    "steady",
    "swings",
    "variety_of",
    "weights_of",
]

_Loss: TypeAlias = Callable[[nn.Module, Tensor, Tensor], Tensor]  # of D, real and fake images
_Players: TypeAlias = tuple[nn.Module, nn.Module, Tensor, Tensor]  # G, D, real images, noise

_REAL = torch.tensor([[2.0], [-0.5], [1.2], [0.3]])
_FAKE = torch.tensor([[-1.5], [0.8], [0.1], [-2.2]])


def _d(real: Tensor, fake: Tensor) -> Tensor:
    return softplus(-real).mean() + softplus(fake).mean()


_D_MISTAKES = {
    "the sign is reversed (A1's mistake): minimising this trains the discriminator to be wrong": lambda r, f: -_d(r, f),
    "real and fake are swapped: real images should get high logits, fake ones low": lambda r, f: _d(f, r),
    "this is the generator's loss: with A2's shared loss both players want the same, so there is no game": lambda r, f: (
        softplus(-f).mean()
    ),
    "both terms want high logits, so discriminator and generator would want the same (A2's shared loss): "
    "the term for the fake images should want low ones": lambda r, f: _d(r, -f),
    "the logits went through a sigmoid first, and the loss squashes them again (a double sigmoid): "
    "leave the sigmoid out": lambda r, f: _d(r.sigmoid(), f.sigmoid()),
    "the losses are summed over the batch: take the mean, or the step grows with the batch size": lambda r, f: (
        softplus(-r).sum() + softplus(f).sum()
    ),
    "the real images are missing: their term should be low when real logits are high": lambda r, f: softplus(f).mean(),
    "the fake images are missing: their term should be low when fake logits are low": lambda r, f: softplus(-r).mean(),
    "this is half of the loss: add the two means instead of averaging them": lambda r, f: _d(r, f) / 2,
    "the mean was taken before the softplus: a picture that is judged well hides one that is judged badly": lambda r, f: (
        softplus(-r.mean()) + softplus(f.mean())
    ),
    "this is the Wasserstein loss, the difference of the mean logits: the softplus is missing": lambda r, f: (
        f.mean() - r.mean()
    ),
    "this is the hinge loss: L_D is made of softplus": lambda r, f: (1 - r).relu().mean() + (1 + f).relu().mean(),
}


@check(
    "d_loss",
    todo="return the discriminator's loss from its logits on real and on generated images",
    shows="right: low when real logits are high and fake logits low, and no probability was ever formed",
)
def d_loss(answer: Any) -> str | None:
    """``answer(real_logits, fake_logits)``, each (N, 1) → scalar softplus(−real).mean() + softplus(fake).mean()."""
    # Equal batches hide a loss that divides both parts by one of the sizes.
    return wrong_loss(
        answer, _d, _D_MISTAKES, {"real logits": _REAL, "fake logits": _FAKE}, sizes=((1, 1), (7, 7), (4, 2))
    )


@check(
    "detach",
    returns=False,
    todo="make the discriminator's loss and call backward, with the generated images detached",
    shows="right: the discriminator has its gradient, and the generator was left alone",
)
def detach(answer: Any) -> str | None:
    """``answer(generator, discriminator, real, z)`` calls backward on D's loss; no gradient may reach G."""
    return (
        _turn(answer, _players(), _TURNS)
        or _turn(answer, _players(batch_norm=True), _WITH_BATCH_NORM, "with batch norm in the discriminator ")
        or _turn(answer, _players(size=1500.0), {}, "with logits of ±1000 (is the loss made of softplus?) ")
    )


def _turn(answer: Any, players: _Players, mistakes: Mapping[str, _Loss], when: str = "") -> str | None:
    generator, discriminator, real, z = players
    weights = (*generator.parameters(), *discriminator.parameters())
    before = [p.detach().clone() for p in weights]
    right, known = _gradient(_separate, players), {s: _gradient(turn, players) for s, turn in mistakes.items()}
    answer(generator, discriminator, real.clone(), z.clone())
    assert all(torch.equal(a, b) for a, b in zip(before, weights, strict=True)), (
        "the weights have changed: only call backward here, the optimiser takes its step elsewhere"
    )
    frozen = sum(not p.requires_grad for p in discriminator.parameters())
    assert not frozen, "the discriminator was frozen: it is the one that learns here, cut the generator off instead"
    assert all(p.grad is not None for p in discriminator.parameters()), (
        "the discriminator received no gradient: make its loss from its logits and call `.backward()`"
    )
    reached = [p.grad for p in generator.parameters() if p.grad is not None]
    assert not any(grad.abs().sum() > 0 for grad in reached), (
        "the gradient ran through the fake images into the generator: use `fake.detach()` "
        "(or make them under `torch.no_grad()`)"
    )
    assert not reached, "the generator was given gradients and then emptied: do not let them get there"
    assert all(p.requires_grad for p in generator.parameters()), (
        "the generator is still frozen afterwards, so it could never learn: detach its images instead"
    )
    assert generator.training and discriminator.training, "a network was left in eval mode: training goes on with it"
    got = torch.cat([p.grad.flatten() for p in discriminator.parameters() if p.grad is not None])
    if near(got, right):
        return None
    for sentence, gradient in known.items():
        if near(got, gradient):
            return f"{sentence} (D's gradient, weight by weight: {gap(got, right)})"
    return (
        f"{when}the discriminator's gradient is not that of softplus(−D(real)).mean() + softplus(D(fake)).mean() "
        f"(the notebook's `d_loss`): {gap(got, right)}"
    )


def _separate(d: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    return _d(d(real), d(fake))


def _together(d: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    return _d(*d(torch.cat([real, fake])).chunk(2))


def _in_eval(d: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    d.eval()
    loss = _separate(d, real, fake)
    d.train()
    return loss


_TURNS = {
    "the gradient points the wrong way: real images should get high logits, fake ones low": lambda d, real, fake: _d(
        d(fake), d(real)
    ),
    "the sign of the loss is reversed (A1's mistake)": lambda d, real, fake: -_separate(d, real, fake),
    "the loss is summed over the batch: take the mean": lambda d, real, fake: len(real) * _separate(d, real, fake),
    "backward was called twice: the gradients were added up": lambda d, real, fake: 2 * _separate(d, real, fake),
    "this is half of the loss: add the two means instead of averaging them (a mean over real and fake together does)": lambda d, real, fake: (
        _separate(d, real, fake) / 2
    ),
    "only the fake images are in the loss: add the real ones": lambda d, real, fake: softplus(d(fake)).mean(),
    "only the real images are in the loss: add the fake ones": lambda d, real, fake: softplus(-d(real)).mean(),
    "the logits went through a sigmoid before the loss (a double sigmoid): leave it out": lambda d, real, fake: _d(
        d(real).sigmoid(), d(fake).sigmoid()
    ),
    "this is the generator's loss: here fake images should get low logits": lambda d, real, fake: softplus(
        -d(fake)
    ).mean(),
}
_WITH_BATCH_NORM = {
    "real and fake images went through the discriminator in one batch: where it has batch norm, they share one mean "
    "and spread then, and each shows what the other is; call it once with the real ones, once with the fake ones": _together,
    "the discriminator ran in eval mode: while it learns, its batch norm takes the batch's own mean and spread": _in_eval,
}


@check(
    "g_loss",
    todo="return the generator's non-saturating loss from the logits of its images",
    shows="right: its gradient is −(1−D), strongest when the discriminator sees through every fake",
)
def g_loss(answer: Any) -> str | None:
    """``answer(fake_logits)``, (N, 1) → scalar softplus(−fake).mean()."""
    known = {
        "this is the saturating loss: its gradient by the logit is −D, nearly 0 when D rejects the fake and the "
        "generator needs it most; the non-saturating loss has −(1−D)": lambda f: -softplus(f).mean(),
        "the sign is wrong: the generator is trained to be caught": lambda f: softplus(f).mean(),
        "the sign is reversed: minimising this pushes the logits of fakes down": lambda f: -softplus(-f).mean(),
        "the logits went through a sigmoid first, and the loss squashes them again (a double sigmoid): "
        "leave the sigmoid out": lambda f: softplus(-f.sigmoid()).mean(),
        "the loss is summed over the batch: take the mean, or the step grows with the batch size": lambda f: softplus(
            -f
        ).sum(),
        "this is minus the mean logit (the Wasserstein loss): apply log σ to the logits before the mean": lambda f: (
            -f.mean()
        ),
        "this is minus the probability itself: take its logarithm": lambda f: -f.sigmoid().mean(),
        "the mean was taken before the softplus: first −log σ of each logit, then the mean": lambda f: softplus(
            -f.mean()
        ),
        "this is −log of the mean probability: first the logarithm of each, then the mean": lambda f: (
            -f.sigmoid().mean().log()
        ),
    }
    return wrong_loss(answer, lambda f: softplus(-f).mean(), known, {"fake logits": _FAKE}, sizes=((1,), (7,)))


@check(
    "diagnosis",
    function=False,
    todo="give each patient one of the six diagnoses, as in {'A': 'healthy', 'B': …}",
    shows="right: all six, from their curves and pictures alone",
)
def diagnosis(answer: Any) -> str | None:
    """``answer``: patient → diagnosis. Says how many are right, and of the first wrong one what speaks against it."""
    patients = recorded("clinic")["runs"]
    assert isinstance(answer, dict), f"expected a dictionary {{'A': 'healthy', 'B': …}}, got {type(answer).__name__}"
    assert set(answer) <= set(patients), (
        f"the patients are {', '.join(patients)}: no other letters (got {', '.join(map(str, answer))})"
    )
    open_ = [letter for letter in patients if answer.get(letter) is None or answer[letter] is ...]
    assert not open_, f"not yet diagnosed: {', '.join(open_)}"
    answer = {letter: name.strip().lower() if isinstance(name, str) else name for letter, name in answer.items()}
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


def _gradient(turn: _Loss, players: _Players) -> Tensor:
    """The discriminator's gradient of ``turn(discriminator, real, fake)``, flat; leaves nothing behind."""
    generator, discriminator, real, z = players
    with torch.no_grad():
        fake = generator(z)
    loss = turn(discriminator, real, fake)
    found = torch.autograd.grad(loss, list(discriminator.parameters()))
    return torch.cat([g.flatten() for g in found])


def _players(batch_norm: bool = False, size: float = 1.0) -> _Players:
    """A small generator and discriminator with the same weights each time, real images (4, 6) and noise (4, 3).

    batch_norm: in the discriminator. size: what its last layer is multiplied by.
    """

    def fill(net: nn.Sequential, start: int) -> nn.Sequential:
        for i, p in enumerate(net.parameters()):
            p.data = torch.sin(torch.arange(p.numel(), dtype=torch.float32) + start + i).reshape(p.shape) * 0.7
        return net

    generator = fill(nn.Sequential(nn.Linear(3, 6), nn.Tanh()), 1)
    norm = [nn.BatchNorm1d(5)] if batch_norm else []
    last = nn.Linear(5, 1)
    discriminator = fill(nn.Sequential(nn.Linear(6, 5), *norm, nn.LeakyReLU(0.2), last), 4)
    last.weight.data *= size
    real = torch.cos(torch.arange(24, dtype=torch.float32)).reshape(4, 6)
    return generator, discriminator, real, torch.sin(torch.arange(12, dtype=torch.float32)).reshape(4, 3) * 2
