"""The checks of notebook 02: two losses to write, and the mistakes of A1's and A2's losses to find."""

import torch
from torch.nn.functional import relu, softplus

from course_lib.learn.exercises import check

_REAL = torch.tensor([[2.0], [-0.5], [1.2], [0.3]])
_FAKE = torch.tensor([[-1.5], [0.8], [0.1], [-2.2]])


@check("ls_d",
       todo="return the discriminator's least-squares loss with the targets 1 for real and −1 for fake scores",
       shows="right: each score is pulled to its own target, the harder the further away it is")
def ls_d(answer):
    """``answer(real_scores, fake_scores)`` → ½·mean((real − 1)²) + ½·mean((fake + 1)²), Mao et al. 2017, eq. 8."""
    right = _ls(_REAL, _FAKE)
    known = {
        "the target of the fake scores is 0 here, as in the text above; this exercise wants −1": _ls(_REAL, _FAKE - 1),
        "real and fake are swapped: real scores are to be pulled to 1, fake ones to −1": _ls(_FAKE, _REAL),
        "both are pulled to 1, so discriminator and generator would want the same": _ls(_REAL, _FAKE - 2),
        "the factor ½ in front of the squares is missing: without it every slope is twice as large": 2 * right,
        "there is a factor ½ too many: the mean of the two parts was taken, instead of ½ for each square": right / 2,
        "the losses are summed over the batch: take the mean": right * len(_REAL),
        "the scores went through a sigmoid first: here they are plain numbers, which must be able to reach −1":
            _ls(_REAL.sigmoid(), _FAKE.sigmoid()),
        "the sign is reversed: minimising this drives the scores away from their targets": -right,
        "the distances are not squared": (_REAL - 1).abs().mean() / 2 + (_FAKE + 1).abs().mean() / 2,
        "the fake scores are missing": (_REAL - 1).square().mean() / 2,
        "the real scores are missing": (_FAKE + 1).square().mean() / 2,
    }
    return _judged(answer, right, known)


@check("relativistic_hinge",
       todo="return the hinge loss of the pairs: nothing to pay where the real logit leads by at least 1",
       shows="right: only the lead of the real one over the fake one counts, and a lead of 1 is enough")
def relativistic_hinge(answer):
    """``answer(real_logits, fake_logits)`` → mean(relu(1 − (real − fake))) (Jolicoeur-Martineau 2019)."""
    lead = _REAL - _FAKE
    right = relu(1 - lead).mean()
    known = {
        "this is the plain hinge loss, which asks each logit for itself: ask for the difference of the two":
            (relu(1 - _REAL) + relu(1 + _FAKE)).mean(),
        "the lead has the wrong sign: the real logit is to be the higher one, so real − fake is to be large":
            relu(1 + lead).mean(),
        "the mean was taken before the relu, so that a pair that is far ahead makes up for one that is behind: first "
        "relu, then mean": relu(1 - lead.mean()),
        "the relu is missing: without it a lead is rewarded without end, as in the Wasserstein loss": (1 - lead).mean(),
        "the margin of 1 is missing: a lead of almost nothing would be enough": relu(-lead).mean(),
        "this is the relativistic loss of the text above, with softplus: here a lead of 1 is to cost nothing at all":
            softplus(-lead).mean(),
        "the losses are summed over the batch: take the mean": relu(1 - lead).sum(),
        "the sign is reversed: minimising this makes the real ones fall behind": -right,
        "each real logit was compared with every fake one: compare them pair by pair, the first with the first":
            relu(1 - (_REAL - _FAKE.T)).mean(),
    }
    return _judged(answer, right, known)


@check("a1",
       todo="return two losses, the discriminator's and the generator's, with A1's mistakes repaired",
       shows="right: the discriminator learns to be right, and the generator hears most when it is seen through")
def a1(answer):
    """``answer(real_logits, fake_logits)`` → (D's loss, G's non-saturating loss)."""
    real, fake = _REAL.clone().requires_grad_(), _FAKE.clone().requires_grad_()
    both = answer(real, fake)
    assert isinstance(both, tuple | list) and len(both) == 2, (
        "it returned one value or another number of them than two: `return d_loss, g_loss`")
    d, g = (_scalar(value, name) for value, name in zip(both, ("the discriminator's", "the generator's"), strict=True))
    right_d, right_g = softplus(-_REAL).mean() + softplus(_FAKE).mean(), softplus(-_FAKE).mean()
    known_d = {
        "the discriminator's loss is still A1's: minimising it makes D(x) small on real pictures, so D learns to be "
        "wrong": -right_d,
        "the two losses are the wrong way round: first the discriminator's, then the generator's": right_g,
        "in the discriminator's loss real and fake are swapped": softplus(-_FAKE).mean() + softplus(_REAL).mean(),
        "the discriminator's loss lacks the real pictures": softplus(_FAKE).mean(),
        "the discriminator's loss lacks the drawn pictures": softplus(-_REAL).mean(),
        "in the discriminator's loss only one of the two signs was turned": softplus(-_REAL).mean()
            - softplus(_FAKE).mean(),
    }
    known_g = {
        "the generator's loss is still A1's: its first term does not depend on the generator, and its second saturates":
            softplus(-_REAL).mean() - softplus(_FAKE).mean(),
        "the generator's loss depends on the generator alone now, but it saturates: its slope is −D, next to nothing "
        "where D is sure; the exercise asks for the one with the slope −(1 − D)": -softplus(_FAKE).mean(),
        "in the generator's loss the saturating term was replaced, but the term of the real pictures is still there, "
        "which the generator cannot change": softplus(-_REAL).mean() + softplus(-_FAKE).mean(),
        "the generator's loss wants its own pictures to be recognised as fake": softplus(_FAKE).mean(),
        "the generator has the discriminator's loss: then they co-operate, which is A2's mistake": right_d,
        "the generator's loss is minus the discriminator's: that is the minimax game, which saturates; the exercise "
        "asks for the slope −(1 − D)": -right_d,
    }
    return (_explain(d, right_d, known_d, "the discriminator's loss") or _reaches(d, {"real": real, "fake": fake})
            or _explain(g, right_g, known_g, "the generator's loss") or _reaches(g, {"fake": fake}))


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


@check("a2_bug", function=False,
       todo="set `a2_bug` to the number of the wrong line and the letter of its repair, such as (1, \"D\")",
       shows="right: now the two want opposite things of a drawn picture's logit")
def a2_bug(answer):
    """``(line, letter)``."""
    assert isinstance(answer, tuple | list) and len(answer) == 2, "expected a pair such as (1, \"D\")"
    line, letter = answer
    assert not isinstance(line, bool) and isinstance(line, int) and 1 <= line <= 5, (
        f"the line is {line!r}, expected a whole number from 1 to 5")
    assert isinstance(letter, str) and letter.strip().upper() in ("A", "B", "C", "D"), (
        f"the repair is {letter!r}, expected \"A\", \"B\", \"C\" or \"D\"")
    return _LINES.get(line) or _OPTIONS.get(letter.strip().upper())


def _ls(real, fake):
    return 0.5 * (real - 1).square().mean() + 0.5 * (fake + 1).square().mean()


def _judged(answer, right, known):
    real, fake = _REAL.clone().requires_grad_(), _FAKE.clone().requires_grad_()
    value = _scalar(answer(real, fake), "the")
    return _explain(value, right, known, "the loss") or _reaches(value, {"real": real, "fake": fake})


def _scalar(value, whose):
    assert isinstance(value, torch.Tensor), (
        f"{whose} loss is a {type(value).__name__}, expected a tensor with one number: a float has lost its gradient")
    assert value.numel() == 1, (
        f"{whose} loss has the shape {tuple(value.shape)}, expected one number: take the mean over the batch")
    assert torch.isfinite(value).all(), f"{whose} loss is not finite: use softplus or logsigmoid, not log of a sigmoid"
    return value.reshape(())


def _explain(value, right, known, what):
    if torch.isclose(value.float(), right, atol=1e-5):
        return None
    for sentence, number in known.items():
        if torch.isclose(value.float(), number, atol=1e-5):
            return sentence
    return f"on the test logits {what} is {value.item():.4f}, expected {right.item():.4f}"


def _reaches(value, logits):
    gradients = [None] * len(logits)
    if value.requires_grad:
        gradients = torch.autograd.grad(value, list(logits.values()), allow_unused=True, retain_graph=True)
    for name, gradient in zip(logits, gradients, strict=True):
        if gradient is None:
            return f"the number is right, but no gradient reaches the {name} logits: do not detach or convert them"
    return None
