"""The checks of chapter 02: losses to write, and the mistakes of A1's and A2's losses to find; more in two modules."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from course_lib.chapters.ch02_losses.score_checks import best_ls, one_sided, r1, settles, two_sided, which_score
from course_lib.chapters.ch02_losses.slope_checks import logit_where, ns_slope, once_squashed, second_sigmoid, zero_sum
from course_lib.learn.exercises import check
from course_lib.learn.gradients import gradients, scalar, wrong_loss
from course_lib.learn.numbers import gap, near, wrong_value

__all__ = [
    "a1",
    "a2_bug",
    "best_ls",
    "logit_where",
    "ls_d",
    "ns_slope",
    "once_squashed",
    "one_sided",
    "r1",
    "relativistic_hinge",
    "second_sigmoid",
    "settles",
    "two_sided",
    "which_score",
    "zero_sum",
]

_Pair: TypeAlias = Callable[[Tensor, Tensor], Tensor]  # a loss of the real and the fake logits
_REAL = torch.tensor([[2.0], [-0.5], [1.2], [0.3]])
_FAKE = torch.tensor([[-1.5], [0.8], [0.1], [-2.2]])


def _ls(real: Tensor, fake: Tensor) -> Tensor:
    return 0.5 * (real - 1).square().mean() + 0.5 * (fake + 1).square().mean()


@check(
    "ls_d",
    todo="return the discriminator's least-squares loss with the targets 1 for real and −1 for fake scores",
    shows="right: each score is pulled to its own target, the harder the further away it is",
)
def ls_d(answer: Any) -> str | None:
    """``answer(real_scores, fake_scores)`` → ½·mean((real − 1)²) + ½·mean((fake + 1)²), Mao et al. 2017, eq. 8."""
    known = {
        "the target of the fake scores is 0 here, as in the text above; this exercise wants −1": lambda r, f: _ls(
            r, f - 1
        ),
        "real and fake are swapped: real scores are to be pulled to 1, fake ones to −1": lambda r, f: _ls(f, r),
        "both are pulled to 1, so discriminator and generator would want the same": lambda r, f: _ls(r, f - 2),
        "the factor ½ in front of the squares is missing: without it every slope is twice as large": lambda r, f: (
            2 * _ls(r, f)
        ),
        "there is a factor ½ too many: the mean of the two parts was taken, instead of ½ for each square": lambda r, f: (
            _ls(r, f) / 2
        ),
        "the losses are summed over the batch: take the mean": lambda r, f: _ls(r, f) * len(r),
        "the scores went through a sigmoid first: here they are plain numbers, which must be able to reach −1": lambda r, f: (
            _ls(r.sigmoid(), f.sigmoid())
        ),
        "the sign is reversed: minimising this drives the scores away from their targets": lambda r, f: -_ls(r, f),
        "the distances are not squared": lambda r, f: (r - 1).abs().mean() / 2 + (f + 1).abs().mean() / 2,
        "the fake scores are missing": lambda r, f: (r - 1).square().mean() / 2,
        "the real scores are missing": lambda r, f: (f + 1).square().mean() / 2,
        "the mean was taken before the square: scores on both sides of the target cancel out": lambda r, f: (
            0.5 * (r.mean() - 1).square() + 0.5 * (f.mean() + 1).square()
        ),
        "½ stands inside the square, which makes it ¼": lambda r, f: _ls(r, f) / 2,
    }
    return wrong_loss(answer, _ls, known, {"real scores": _REAL, "fake scores": _FAKE}, ((1, 1), (7, 7), (4, 2)))


@check(
    "relativistic_hinge",
    todo="return the hinge loss of the pairs: nothing to pay where the real logit leads by at least 1",
    shows="right: only the lead of the real one over the fake one counts, and a lead of 1 is enough",
)
def relativistic_hinge(answer: Any) -> str | None:
    """``answer(real_logits, fake_logits)`` → mean(relu(1 − (real − fake))) (Jolicoeur-Martineau 2019)."""

    def right(r: Tensor, f: Tensor) -> Tensor:
        return relu(1 - (r - f)).mean()

    known = {
        "this is the plain hinge loss, which asks each logit for itself: ask for the difference of the two": lambda r, f: (
            (relu(1 - r) + relu(1 + f)).mean()
        ),
        "the lead has the wrong sign: the real logit is to be the higher one, so real − fake is to be large": lambda r, f: (
            relu(1 + r - f).mean()
        ),
        "the mean was taken before the relu, so that a pair that is far ahead makes up for one that is behind: first "
        "relu, then mean": lambda r, f: relu(1 - (r - f).mean()),
        "the relu is missing: without it a lead is rewarded without end, as in the Wasserstein loss": lambda r, f: (
            1 - r + f
        ).mean(),
        "the margin of 1 is missing: a lead of almost nothing would be enough": lambda r, f: relu(f - r).mean(),
        "this is the relativistic loss of the text above, with softplus: here a lead of 1 is to cost nothing at all": lambda r, f: (
            softplus(f - r).mean()
        ),
        "the losses are summed over the batch: take the mean": lambda r, f: relu(1 - r + f).sum(),
        "the sign is reversed: minimising this makes the real ones fall behind": lambda r, f: -right(r, f),
        "each real logit was compared with every fake one: compare them pair by pair, the first with the first": lambda r, f: (
            relu(1 - (r - f.T)).mean()
        ),
        "each real logit was compared with the mean of the fake ones (or the other way round): compare pair by pair": lambda r, f: (
            relu(1 - (r - f.mean())).mean()
        ),
        "what is missing was squared: pay it as it is": lambda r, f: relu(1 - r + f).square().mean(),
        "this is half of the loss": lambda r, f: right(r, f) / 2,
    }
    return wrong_loss(answer, right, known, {"real logits": _REAL, "fake logits": _FAKE}, ((1, 1), (7, 7)))


def _d(r: Tensor, f: Tensor) -> Tensor:
    return softplus(-r).mean() + softplus(f).mean()


def _g(r: Tensor, f: Tensor) -> Tensor:
    return softplus(-f).mean()


_D_MISTAKES = {
    "the discriminator's loss is still A1's: minimising it makes D(x) small on real pictures, so D learns to be wrong": lambda r, f: (
        -_d(r, f)
    ),
    "the two losses are the wrong way round: first the discriminator's, then the generator's": _g,
    "in the discriminator's loss real and fake are swapped": lambda r, f: _d(f, r),
    "the discriminator's loss lacks the real pictures": lambda r, f: softplus(f).mean(),
    "the discriminator's loss lacks the drawn pictures": lambda r, f: softplus(-r).mean(),
    "in the discriminator's loss only one of the two signs was turned": lambda r, f: (
        softplus(-r).mean() - softplus(f).mean()
    ),
    "in the discriminator's loss only the sign of the drawn pictures' term was turned": lambda r, f: (
        softplus(f).mean() - softplus(-r).mean()
    ),
    "in the discriminator's loss the logits go through a sigmoid twice: these losses take logits": lambda r, f: _d(
        r.sigmoid(), f.sigmoid()
    ),
}
_G_MISTAKES = {
    "the generator's loss is still A1's: its first term gives it no slope, and its second one saturates": lambda r, f: (
        softplus(-r).mean() - softplus(f).mean()
    ),
    "the generator's loss depends on the generator alone now, but it saturates: its slope is −D, next to nothing where "
    "D is sure; the exercise asks for the one with the slope −(1 − D)": lambda r, f: -softplus(f).mean(),
    "the generator's loss wants its own pictures to be recognised as fake": lambda r, f: softplus(f).mean(),
    "the generator has the discriminator's loss: then they co-operate, which is A2's mistake": _d,
    "the generator's loss is minus the discriminator's: that is the minimax game, which saturates; the exercise "
    "asks for the slope −(1 − D)": lambda r, f: -_d(r, f),
    "the generator's loss has its sign reversed: minimising it pushes the logits of drawn pictures down": lambda r, f: (
        -_g(r, f)
    ),
    "the generator's loss is half of what gives the slope −(1 − D)": lambda r, f: _g(r, f) / 2,
    "the generator's loss has only the real pictures in it, which it cannot change": lambda r, f: softplus(-r).mean(),
    "in the generator's loss the logits go through a sigmoid twice: these losses take logits": lambda r, f: softplus(
        -f.sigmoid()
    ).mean(),
}


@check(
    "a1",
    todo="return two losses, the discriminator's and the generator's, with A1's mistakes repaired",
    shows="right: the discriminator learns to be right, and the generator's slope is largest in size where D is sure",
)
def a1(answer: Any) -> str | None:
    """``answer(real_logits, fake_logits)`` → (D's loss, G's non-saturating loss).

    The exercise asks for slopes, so slopes are judged: D's may have any positive factor, G's are −(1 − D) of each
    picture or their mean, and a term that a player cannot change is no mistake.
    """
    ends = torch.tensor([[1000.0], [-1000.0], [60.0], [-2.0]])
    return (
        _both(answer, _REAL, _FAKE, "on the test logits")
        or _both(answer, ends, -ends, "with logits of ±1000")
        or _both(answer, ends, ends, "with logits of ±1000")
        or _both(answer, _REAL[:1], _FAKE[:1], "for one pair")
        or _both(answer, _REAL.repeat(2, 1), _FAKE.repeat(2, 1) - 1, "with a batch of 8")
    )


def _both(answer: Any, real: Tensor, fake: Tensor, when: str) -> str | None:
    inputs = {"real logits": real.clone().requires_grad_(), "fake logits": fake.clone().requires_grad_()}
    both = answer(*(x * 1.0 for x in inputs.values()))
    assert isinstance(both, tuple | list) and len(both) == 2, (
        "it returned one value or another number of them than two: `return d_loss, g_loss`"
    )
    whose = "the discriminator's loss", "the generator's loss"
    d, g = (scalar(value, name) for value, name in zip(both, whose, strict=True))
    return _steers(d, _d, _D_MISTAKES, inputs, f"{when} {whose[0]}", None) or _steers(
        g,
        _g,
        _G_MISTAKES,
        {"fake logits": inputs["fake logits"]},
        f"{when} {whose[1]}",
        (1.0, float(len(fake))),
        real=inputs["real logits"],
    )


def _steers(
    loss: Tensor,
    right: _Pair,
    mistakes: Mapping[str, _Pair],
    inputs: Mapping[str, Tensor],
    opening: str,
    factors: tuple[float, ...] | None,
    real: Tensor | None = None,
) -> str | None:
    """None when the slopes of ``loss`` are those of ``right``, times one of ``factors`` (None: any above 0)."""
    leaves = [inputs["real logits"] if real is None else real, inputs["fake logits"]]
    got, every = gradients(loss, inputs), gradients(right(*leaves), inputs)
    wanted = {name: slope for name, slope in every.items() if slope is not None}
    for name, slope in got.items():
        if slope is None and near(loss.detach().double(), right(*leaves).detach().double()):
            return f"the number is right, but no gradient reaches the {name}: do not detach or convert them"
        assert slope is None or torch.isfinite(slope).all(), (
            f"{opening}: its slope by the {name} is not finite; use softplus or logsigmoid, not the logarithm of a "
            "sigmoid"
        )
    flat = torch.cat([torch.zeros_like(w) if (g := got[name]) is None else g for name, w in wanted.items()]).double()
    goal = torch.cat([*wanted.values()]).double()
    times = ((flat * goal).sum() / goal.square().sum()).item()
    if near(flat, times * goal, 1e-4 * abs(times)) and (
        times > 1e-6 if factors is None else any(abs(times - one) < 1e-4 * one for one in factors)
    ):
        return None
    value = loss.detach().double()
    found = {sentence: mistake(*leaves) for sentence, mistake in mistakes.items()}
    named = [sentence for sentence, wrong in found.items() if near(value, wrong.detach().double())]
    if named:
        return wrong_value(value, right(*leaves), {named[0]: found[named[0]]})
    return f"{opening} has a wrong slope: {gap(flat, goal)} (its value is {value.item():.4g})"


_LINES = {
    1: "line 1 is as it should be: the generator's pictures are shown to the discriminator",
    2: "line 2 is as it should be: the discriminator sees real pictures too (in A1's code it does not)",
    3: "line 3 is as it should be: real pictures get the label 1, drawn ones 0, so D learns to be right",
    5: "line 5 is as it should be: two players, two optimisers; what they minimise is decided further up",
}
_OPTIONS = {
    "B": "minus the discriminator's loss does make it a game, the minimax one; but the generator's slope is then −D, "
    "next to nothing where it is seen through: one of the options has the slope −(1 − D)",
    "C": "a sigmoid before a loss that expects logits squashes twice: the slope shrinks to less than 0.27 of what it "
    "should be, and vanishes where D is sure",
    "D": "that is the part of the shared loss that depends on the generator: it still helps D to recognise fakes",
}


@check(
    "a2_bug",
    function=False,
    todo='set `a2_bug` to the number of the wrong line and the letter of its repair, such as (1, "D")',
    shows="right: now the two want opposite things of a drawn picture's logit",
)
def a2_bug(answer: Any) -> str | None:
    """``(line, letter)``."""
    assert isinstance(answer, tuple | list) and len(answer) == 2, (
        f'expected a pair such as (1, "D"), got {type(answer).__name__}'
    )
    line, letter = answer
    assert not isinstance(line, bool) and hasattr(type(line), "__index__") and 1 <= line <= 5, (
        f"the line is {line!r:.60}, expected a whole number from 1 to 5"
    )
    assert isinstance(letter, str) and letter.strip().upper() in ("A", "B", "C", "D"), (
        f'the repair is {letter!r:.60}, expected "A", "B", "C" or "D"'
    )
    return _LINES.get(int(line)) or _OPTIONS.get(letter.strip().upper())
