"""Checks of lessons 2.3 and 2.4: best scores to derive and to recognise, penalties to write and to repair."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from course_lib.learn.exercises import check
from course_lib.learn.gradients import scalar
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import gap, near, number, table, wrong_value
from course_lib.losses import squared_gradient_norm

_P = torch.tensor([0.3, 0.05, 0.2, 0.0, 0.4], dtype=torch.float64)
_Q = torch.tensor([0.1, 0.25, 0.2, 0.3, 0.0], dtype=torch.float64)


@check(
    "best_ls",
    todo="return the best score where the densities are p and q",
    shows="right: 1 where only real data are, −1 where only drawn ones are, 0 where both are equally frequent",
)
def best_ls(answer: Any) -> str | None:
    """``answer(p, q)``: densities ``(N,)`` → (p − q)/(p + q)."""
    for p, q in ((_P, _Q), (3 * _P, 3 * _Q), (_P[:1], _Q[:1]), (_P[:, None], _Q[:, None])):
        known = {
            "that is the best score for the targets 1 and 0; the fake scores' target is −1 here": p / (p + q),
            "the sign is reversed: it is to be positive where real data are the more frequent": (q - p) / (p + q),
            "it is not divided by p + q: collecting s gives (p + q)·s": p - q,
            "only the sign is there: that is the hinge's best score": (p - q).sign(),
            "only twice what it should be": 2 * (p - q) / (p + q),
            "only half of what it should be: both squares have the same ½, which drops out": (p - q) / (p + q) / 2,
            "divided by p alone": (p - q) / p,
            "divided by the difference: p + q is what s is collected with": (p + q) / (p - q),
        }
        if wrong := wrong_value(table(answer(p.clone(), q.clone()), p.shape), (p - q) / (p + q), _finite(known)):
            return wrong
    return None


def _finite(known: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {words: value for words, value in known.items() if torch.isfinite(value).all()}


@check(
    "two_sided",
    todo="return the best probability D for the labels a and b",
    shows="right: D lies between b and a, and soft labels on drawn data lift it where nothing is real",
)
def two_sided(answer: Any) -> str | None:
    """``answer(p, q, a, b)``: densities ``(N,)`` and two labels → (a·p + b·q)/(p + q)."""
    for a, b in ((0.9, 0.1), (0.8, 0.3), (0.9, 0.0), (1.0, 0.0), (1.0, 0.2)):
        p, q = _P, _Q
        known = {
            "b is not used: drawn data ask for the probability b, too": a * p / (p + q),
            "a is not used: real data ask for the probability a": (p + b * q) / (p + q),
            "a and b are exchanged: a belongs to the real data, p": (b * p + a * q) / (p + q),
            "drawn data ask for b, not for 1 − b": (a * p + (1 - b) * q) / (p + q),
            "the sum below has no labels: each slope is D − label, so D is collected with p + q": (a * p + b * q)
            / (a * p + b * q + (1 - a) * p),
            "the sum below has no labels: D is collected with p + q": a * p / (a * p + b * q),
            "that is the best D without smoothing": p / (p + q),
            "the numerator is not divided by p + q": a * p + b * q,
            "b·q has the wrong sign: the slope of the drawn part is q(D − b)": (a * p - b * q) / (p + q),
            "that is the logit: asked for is the probability": torch.logit((a * p + b * q) / (p + q)),
        }
        right = (a * p + b * q) / (p + q)
        mine = table(answer(p.clone(), q.clone(), a, b), p.shape)
        wrong = {words: value for words, value in _finite(known).items() if not near(value, right)}
        if said := wrong_value(mine, right, wrong, f"for a = {a:g} and b = {b:g}"):
            return said
    return None


_SCORES = ("standard", "least squares", "hinge", "wasserstein")
PANELS = {"A": "wasserstein", "B": "standard", "C": "least squares", "D": "hinge"}  # of lesson 2.3's nameless figure


@check(
    "which_score",
    function=False,
    todo='name the loss of each panel, such as {"A": "hinge", …}',
    shows="right: the range of a score, and its slope, tell which loss taught it",
)
def which_score(answer: Any) -> str | None:
    """``{"A": loss, …}``, with the names of ``_SCORES``."""
    clue = {
        "standard": "log(p/q) is any number, and becomes very low where hardly anything is real: does this one?",
        "least squares": "p/(p + q) is a share: does this score stay between 0 and 1?",
        "hinge": "the hinge's best score takes two values only: does this one?",
        "wasserstein": "with slopes of at most 1 it climbs by 1 for each step of 1, wherever the data lie: does it?",
    }
    return misnamed(answer, PANELS, _SCORES, lambda _, name: clue[name])


@check(
    "settles",
    todo="return the weight at which R1 and the price balance",
    shows="right: the further apart the heaps, the harder the price pulls; the larger γ, the harder R1 holds",
)
def settles(answer: Any) -> str | None:
    """``answer(m, gamma)`` → 2m/γ."""
    for m, gamma in ((3.0, 4.0), (1.0, 10.0), (0.5, 0.2), (-2.0, 5.0), (0.0, 3.0), (1000.0, 8.0)):
        known = {
            "that is the answer for heaps around 1 and −1: the means are m and −m now": 2 / gamma,
            "that is half of it: f − r is −mw − mw": m / gamma,
            "that is twice as much: the slope of γ/2·w² is γw": 4 * m / gamma,
            "that is upside down: γw = 2m": gamma / (2 * m) if m else 0.0,
            "γ is multiplied instead of divided by: the stronger the penalty, the smaller the weight": 2 * m * gamma,
            "that is R1 *and* R2: here only R1 charges": m / gamma,
            "the sign is reversed: −2m + γw = 0": -2 * m / gamma,
            "that is where WGAN-GP would settle": 1 + m / gamma,
            "that is the slope of the price alone": -2 * m,
        }
        right = 2 * m / gamma
        wrong = {words: value for words, value in known.items() if value != right}
        if said := wrong_value(number(answer(m, gamma)), right, wrong, f"for m = {m:g} and γ = {gamma:g}"):
            return said
    return None


@check(
    "one_sided",
    todo="return the penalty: γ times the mean square of what each slope has above 1",
    shows="right: a slope below 1 costs nothing, so there is no ridge at 0, and the one weight leaves the wrong side",
)
def one_sided(answer: Any) -> str | None:
    """``answer(steep, gamma)``: sizes of slopes ``(N,)`` → γ·mean(relu(steep − 1)²)."""
    steep = torch.tensor([0.0, 0.4, 1.0, 1.5, 3.0, 0.9], dtype=torch.float64)
    for slopes, gamma in (
        (steep, 10.0),
        (steep, 0.5),
        (steep[3:5], 2.0),
        (steep[:2], 7.0),
        (steep[3:4], 1.0),
        (1000 * steep, 1.0),
    ):
        over = torch.relu(slopes - 1)
        right = gamma * over.square().mean()
        known = {
            "that is WGAN-GP's own: slopes below 1 are to cost nothing": gamma * (slopes - 1).square().mean(),
            "what is too much is not squared": gamma * over.mean(),
            "the mean was taken before the relu: a flat place makes up for a steep one; first relu, then mean": gamma
            * torch.relu(slopes.mean() - 1).square(),
            "the mean was taken before the square": gamma * over.mean().square(),
            "the losses are summed over the points: take the mean": gamma * over.square().sum(),
            "γ is missing": over.square().mean(),
            "there is a factor ½, which is R1's": right / 2,
            "the relu lets through what lies *below* 1: charge for slopes above": gamma
            * torch.relu(1 - slopes).square().mean(),
            "the whole slope is charged for where it is above 1: charge only for what lies above": gamma
            * (slopes * (slopes > 1)).square().mean(),
            "the square comes before the relu: (slope − 1)² is positive on both sides": gamma
            * torch.relu((slopes - 1).square()).mean(),
        }
        wrong = {words: value for words, value in known.items() if not near(value, right)}
        got = answer(slopes.clone(), gamma)
        mine = number(got, "the penalty is")
        if said := wrong_value(
            mine, right, wrong, f"for the slopes {[f'{s:g}' for s in slopes.tolist()]} and γ = {gamma:g}"
        ):
            return said
        assert isinstance(got, Tensor), f"the value is right, but it is a {type(got).__name__}: D learns from a tensor"
    return None


class _Bent(nn.Module):
    """A critic whose slope differs from place to place and depends on its weights."""

    def __init__(self, inputs: int):
        super().__init__()
        weights = torch.linspace(-1.0, 1.2, 3 * inputs, dtype=torch.float64)
        self.first = nn.Parameter(weights.reshape(inputs, 3))
        self.last = nn.Parameter(torch.tensor([[1.0], [-0.7], [0.4]], dtype=torch.float64))

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(x.flatten(1) @ self.first) @ self.last  # (N, 1)


@check(
    "r1",
    todo="return R1's penalty, from which the critic's weights can learn",
    shows="right: the penalty's slope reaches the critic's weights, so D pays for being steep",
)
def r1(answer: Any) -> str | None:
    """``answer(critic, real, gamma)`` → γ/2 · mean ‖∇ critic(real)‖², differentiable by the critic's weights."""
    shapes = ((4, 2), (1, 2), (7, 3), (3, 1, 2, 2))
    return next((wrong for shape in shapes if (wrong := _r1(answer, shape, 4.0 if shape[0] == 4 else 0.5))), None)


def _r1(answer: Any, shape: tuple[int, ...], gamma: float) -> str | None:
    real = torch.linspace(-1.5, 1.1, torch.Size(shape).numel(), dtype=torch.float64).reshape(shape)
    critic = _Bent(real[0].numel())
    squares = squared_gradient_norm(critic, real)
    right = gamma / 2 * squares.mean()
    n, pixels = len(real), real[0].numel()
    known = {
        "the factor ½ is missing: R1 is γ/2 times the mean": 2 * right,
        "γ is missing": right / gamma,
        "the squares are summed over the batch: take the mean over the pictures": n * right,
        "the mean runs over the numbers of a picture, too: add their squares up, and take the mean over pictures": right
        / pixels,
        "the slope of the *mean* logit was taken, which is N times too small: take that of the sum": right / n**2,
        "the length itself is charged: take its square": gamma / 2 * squares.sqrt().mean(),
        "that is WGAN-GP's, which wants a slope of 1: R1 wants 0": gamma * (squares.sqrt() - 1).square().mean(),
        "that is half of WGAN-GP's, which wants a slope of 1: R1 wants 0": gamma
        / 2
        * (squares.sqrt() - 1).square().mean(),
    }
    wrong = {words: value.detach() for words, value in known.items() if not near(value.detach(), right.detach())}
    before, flag = real.clone(), real.requires_grad
    value = scalar(answer(critic, real, gamma), "the penalty")
    if said := wrong_value(value.detach(), right.detach(), wrong, f"for a batch of shape {shape}"):
        return said
    assert torch.equal(real.detach(), before), "the pictures were changed: work on a copy, real.detach()"
    weights = list(critic.parameters())
    goal = torch.autograd.grad(right, weights)
    mine = torch.autograd.grad(value, weights, allow_unused=True) if value.requires_grad else [None] * len(weights)
    if all(one is None for one in mine):
        return (
            "the value is right, but no gradient reaches the critic's weights, so D never learns from it: the slope "
            "was computed without a graph that can be followed again"
        )
    for one, other in zip(mine, goal, strict=True):
        if one is None or not near(one.double(), other.double(), 1e-4):
            off = gap(torch.zeros_like(other) if one is None else one, other)
            return f"the value is right, but not its slope by the critic's weights: {off}"
    assert real.requires_grad == flag, "`real` itself asks for gradients now: work on a copy, real.detach()"
    return None
