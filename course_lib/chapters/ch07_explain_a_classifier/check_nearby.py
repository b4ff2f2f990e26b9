"""The checks of lesson 07.2: how well a sum fits, whether two maps agree, broken integrated gradients."""

from typing import Any

import torch
from torch import Tensor, nn

from course_lib.learn.exercises import check
from course_lib.learn.numbers import gap, number, table, wrong_value


@check(
    "r2",
    todo="return the share of the variance that the guesses explain",
    shows="right: 1 for perfect guesses, 0 for the weighted mean, below 0 for worse ones",
)
def r2(answer: Any) -> str | None:
    """``answer(y, guess, w)``: answers, guesses, weights, ``(M,)`` each → a number of at most 1."""
    g = torch.Generator().manual_seed(4)
    y, noise, w = 3 * torch.randn(40, generator=g) + 5, torch.randn(40, generator=g), torch.rand(40, generator=g)
    ones = torch.ones(40)
    trials = {
        "for guesses that are nearly right": (y, y + noise, w),
        "for equal weights": (y, y + 2 * noise, ones),
        "for guesses that are off by the same everywhere": (y, y + 1.5, w),
        "for guesses that are worse than the mean": (y, 9 - y, w),
        "for the weighted mean as guess": (y, ones * (w * y).sum() / w.sum(), w),
        "for answers around 1,000": (1000 + y, 1000 + y + noise, 7 * w),
        "for three answers, one of which weighs nothing": (*torch.tensor([[1.0, 2, 40], [1.5, 2, 0], [1, 2, 0]]),),
        "for perfect guesses": (y, y.clone(), w),
    }
    for when, (answers, guess, weights) in trials.items():
        got = number(answer(answers.clone(), guess.clone(), weights.clone()))
        if wrong := _r2(got, when, *(one.double() for one in (answers, guess, weights))):
            return wrong
    return None


def _r2(got: float, when: str, y: Tensor, guess: Tensor, w: Tensor) -> str | None:
    ones, centre = torch.ones_like(y), (w * y).sum() / w.sum()

    def missed(start: Tensor, weights: Tensor = w) -> Tensor:
        return (weights * (y - start) ** 2).sum()

    right = 1 - missed(guess) / missed(centre)
    known = {
        "that is the share that is *not* explained: take it from 1": 1 - right,
        "the weights are missing: pictures near the whole one count more": 1
        - missed(guess, ones) / missed(y.mean(), ones),
        "compare with the *weighted* mean of the answers": 1 - missed(guess) / missed(y.mean()),
        "the total is the distance from the weighted mean, not from 0": 1 - missed(guess) / missed(torch.zeros(())),
        "the distances are squared": 1 - (w * (y - guess).abs()).sum() / (w * (y - centre).abs()).sum(),
        "upside down: divide what is missed by the total": 1 - missed(centre) / missed(guess).clamp(min=1e-12),
        "that is the mean squared error: divide it by that of the weighted mean, and take it from 1": [
            missed(guess) / w.sum(),
            missed(guess) / len(y),
        ],
        "that is the squared correlation, which forgives an error that is the same everywhere": _correlation(y, guess)
        ** 2,
        "it is never below 0 here, but guesses can be worse than the mean": right.clamp(min=0),
    }
    return wrong_value(got, right, known, when, within=1e-4)


def _correlation(a: Tensor, b: Tensor) -> Tensor:
    return torch.corrcoef(torch.stack([a, b]))[0, 1].nan_to_num()


@check(
    "jaccard",
    todo="return how many of the k highest places both maps share, divided by how many either has",
    shows="right: 1 for the same places, 0 for none in common",
)
def jaccard(answer: Any) -> str | None:
    """``answer(a, b, k)``: two maps, a whole number → [0, 1]."""
    a = torch.tensor([[9.0, 8.0, 7.0, 6.0], [0.0, -1.0, -20.0, -30.0]])
    b = torch.tensor([[9.0, 1.0, 7.5, 0.5], [8.0, -25.0, -2.0, 0.0]])
    g = torch.Generator().manual_seed(1)
    c, d = (torch.randperm(60, generator=g).view(1, 6, 10) - 30.0 for _ in range(2))
    trials = (c, d, 20), (a, b, 3), (a, 2 * a, 4), (a, -a, 4), (c, c + 0.6 * d, 7), (d, c, 60), (c, c.flip(2), 1)
    return next((wrong for trial in trials if (wrong := _jaccard(answer, *trial))), None)


def _jaccard(answer: Any, a: Tensor, b: Tensor, k: int) -> str | None:
    got = number(answer(a.clone(), b.clone(), k))

    def places(x: Tensor, y: Tensor) -> tuple[int, int]:
        one, two = (set(m.flatten().topk(k).indices.tolist()) for m in (x, y))
        return len(one & two), len(one | two)

    def share(x: Tensor, y: Tensor) -> float:
        return places(x, y)[0] / places(x, y)[1]

    both, either = places(a, b)
    values = [set(m.flatten().topk(k).values.tolist()) for m in (a, b)]
    n, same = a.numel(), (a > a.median()) == (b > b.median())
    known = {
        "it says that all agree: compare the *places* of the highest values": 1.0,
        "that is the share of places that only one has: 1 minus the index": 1 - both / either,
        "divided by k: the union has more places than k as soon as the maps differ": both / k,
        "that is how many they share: divide by how many either has": both,
        "divided by the number of all places: divide by how many are among the highest of either": both / n,
        "divided by 2k, which counts shared places twice: divide by how many either has": both / (2 * k),
        "those are the places of largest *size*: take the highest values, negative ones speak against": share(
            a.abs(), b.abs()
        ),
        "those are the *lowest* places": share(-a, -b),
        "compare the *places* of the highest values, not the values": len(set.intersection(*values))
        / len(set.union(*values)),
        "it says that none agree: compare the *places* of the highest values": 0.0,
        "the whole maps were compared: look at the k highest places only": same.double().mean().item(),
    }
    maps = f"for two maps of {n} places, of whose {k} highest {both} are shared and {either} are in either"
    wrong = wrong_value(got, both / either, known, maps, within=1e-6)
    return wrong if wrong is None or wrong.startswith(maps) else f"{wrong}, {maps}"


class _Model(nn.Module):
    """Not linear, and different in train mode."""

    def __init__(self) -> None:
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(3)
            self.body = nn.Sequential(nn.Flatten(), nn.Linear(36, 16), nn.Softplus(), nn.Dropout(), nn.Linear(16, 10))
        self.trained = False

    def forward(self, x: Tensor) -> Tensor:
        self.trained |= self.training
        return self.body(x)


@check(
    "repaired",
    todo="repair the four mistakes, and return the attributions",
    shows="right: of the logit, in eval mode, from the baseline, each picture for itself",
)
def repaired(answer: Any) -> str | None:
    """``answer(model, x, baseline, k, steps)``: → attributions like ``x``."""
    return _repaired(answer, 3, 4) or _repaired(answer, 1, 0)


def _repaired(answer: Any, n: int, k: int) -> str | None:
    g = torch.Generator().manual_seed(8)
    model = _Model()
    x, baseline = (2 * torch.rand(n, 1, 6, 6, generator=g) - 1 for _ in range(2))
    result = answer(model, x.clone(), baseline.clone(), k, 50)
    if model.trained:
        return "the model ran in train mode, where dropout makes every answer a different one: eval()"
    got = table(result, x.shape)
    model.eval()
    right = _ig(model, x, baseline, k).double()
    known = {
        "they are of the probability: explain the logit, without the softmax": _ig(model, x, baseline, k, softmax=True),
        "each picture's slope was divided by the number of pictures: sum, instead of mean": right / n if n > 1 else [],
        "the way must begin at the baseline, and the slopes be multiplied by x − baseline": [
            _ig(model, x, 0 * x, k),
            _ig(model, x, 0 * x, k, shift=-0.5),
        ],
        "multiply the mean slope by x − baseline: how far each pixel moved": right * x / (x - baseline),
        "that is the mean slope alone: multiply it by x − baseline, how far each pixel moved": right / (x - baseline),
        "divide by the number of steps: the mean slope, not the sum": right * 50,
        "the sign is turned: from the baseline to x": -right,
        "that is the gradient at x times x − baseline: take the mean slope on the way": _ig(
            model, x, baseline, k, steps=1, shift=0.5
        ),
        "the sizes have no sign: a pixel may speak against the class": right.abs(),
    }
    with torch.no_grad():
        change = (model(x) - model(baseline))[:, k].double()
    off = (got.sum((1, 2, 3)) - change).abs().max().item()
    for sentence, wrong in known.items():
        if any(_near(got, one.double()) for one in (wrong if isinstance(wrong, list) else [wrong])):
            return f"{sentence} ({gap(got, right)}; their sum misses logit(x) − logit(baseline) by {off:.2g})"
    # Any rule for the integral will do: its first or last step too many or too few is 1/50 of the way.
    if not off < 0.02 * change.abs().max().item() + 5e-3:
        return (
            f"they do not add up to logit(x) − logit(baseline), by {off:.2g} of {change.abs().max():.2g}: not all "
            f"four are repaired ({gap(got, right)})"
        )
    ends = _ig(model, x, baseline, k, shift=0.5) - _ig(model, x, baseline, k, shift=-0.5)
    allowed = 1.5 * ends.abs().double() + 0.02 * right.abs() + 1e-3
    if ((got - right).abs() <= allowed).all():
        return None
    return f"they add up, but are not the mean slope's: {gap(got, right)}"


def _near(got: Tensor, wrong: Tensor) -> bool:
    """Within 2 %, as two rules for the integral differ."""
    return torch.allclose(got, wrong, rtol=0.02, atol=1e-5)


def _ig(
    model: nn.Module, x: Tensor, start: Tensor, k: int, softmax: bool = False, steps: int = 50, shift: float = 0.0
) -> Tensor:
    """shift: 0 the middle of each step, −0.5 its beginning, 0.5 its end."""
    total = torch.zeros_like(x)
    for i in range(steps):
        point = (start + (i + 0.5 + shift) / steps * (x - start)).requires_grad_(True)
        out = model(point)
        total += torch.autograd.grad((out.softmax(1) if softmax else out)[:, k].sum(), point)[0]
    return (x - start) * total / steps
