"""The checks of notebook 07: Shapley by coalitions, occlusion, overlap of two maps, broken integrated gradients."""

import itertools
import math
from collections.abc import Callable, Collection
from typing import Any

import torch
from torch import Tensor, nn

from course_lib.chapters.ch07_explain_a_classifier.games import GAMES, Game
from course_lib.learn.exercises import check
from course_lib.learn.numbers import explain, gap, number, table


@check(
    "shapley",
    todo="return the Shapley values of all n players",
    shows="right: it gives 2/3, 1/6, 1/6 for the gloves, and nothing to whom adds nothing",
)
def shapley(answer: Any) -> str | None:
    """``answer(value, n)``: value of a set of players → n numbers."""
    return next((wrong for when, game in GAMES.items() if (wrong := _shapley(answer, when, *game))), None)


def _shapley(answer: Any, when: str, value: Game, n: int) -> str | None:
    def players(coalition: Collection[int]) -> float:
        assert set(coalition) <= set(range(n)), (
            f"value was asked about {sorted(coalition)}: the players are 0 to {n - 1}"
        )
        return value(coalition)

    result = answer(players, n)
    if isinstance(result, dict) and set(result) == set(range(n)):
        result = [result[player] for player in range(n)]
    got, right = table(result), _owed(value, n)
    assert got.numel() == n, f"it returned {got.numel()} numbers for {n} players"
    got, everyone, last = got.flatten(), set(range(n)), n - 1
    known = {
        "everyone gets 0: look at coalitions larger than the empty one, too": torch.zeros(n),
        "that is what is lost when one leaves all the others: take the mean over all coalitions": [
            value(everyone) - value(everyone - {i}) for i in range(n)
        ],
        "that is what each earns alone: take the mean over all coalitions, not over the empty one": torch.tensor(
            [value({i}) - value(set()) for i in range(n)]
        ),
        "that counts every coalition alike: weigh it by s! (n − s − 1)! / n!": _owed(
            value, n, lambda s: 1 / 2 ** (n - 1)
        ),
        "the rises were added up without their weights s! (n − s − 1)! / n!": _owed(value, n, lambda s: 1),
        "the largest coalitions are missing: sizes go up to n − 1, with that included": _owed(
            value, n, lambda s: _weight(s, n) * (s < last)
        ),
        "the empty coalition is missing: sizes begin at 0": _owed(value, n, lambda s: _weight(s, n) * (s > 0)),
        "n times too much: divide by n!, not by (n − 1)!": n * right,
        "the weight is s! (n − s)! / n!: it should have n − s − 1 in it": _owed(
            value, n, lambda s: _weight(s, n) * (n - s)
        ),
        "what the empty coalition earns belongs to nobody: take rises, v(S ∪ {i}) − v(S)": right + value(set()) / n,
        "the values were added up, and not the rises v(S ∪ {i}) − v(S)": _owed(lambda s: value(s), n, rises=False),
        "the signs are reversed: v(S ∪ {i}) − v(S)": -right,
        "everyone gets the same: whoever adds more is owed more": torch.full((n,), right.sum().item() / n),
    }
    known = {s: torch.tensor(w) if isinstance(w, list) else w for s, w in known.items()} if n > 1 else {}
    if wrong := explain(got, right, known, when, within=1e-6):
        spread = (table(answer(value, n)).flatten() - got).abs().max()
        sampled = "; asked twice it gives two answers: this exercise wants all coalitions, not a sample of orders"
        missing = f"; they sum to {got.sum():.4g}, and all players earn {right.sum():.4g} over nobody"
        return (
            f"{wrong}; all values: {[round(v, 3) for v in got.tolist()]}, expected "
            f"{[round(v, 3) for v in right.tolist()]}{sampled if spread > 0 else ''}"
            f"{missing if abs(got.sum() - right.sum()) > 1e-6 else ''}"
        )
    return None


def _weight(s: int, n: int) -> float:
    return math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n)


def _owed(value: Game, n: int, weight: Callable[[int], float] | None = None, rises: bool = True) -> Tensor:
    out = torch.zeros(n, dtype=torch.float64)
    for i in range(n):
        others = [j for j in range(n) if j != i]
        for s in range(n):
            for group in itertools.combinations(others, s):
                rise = value({*group, i}) - (value(set(group)) if rises else 0)
                out[i] += (weight(s) if weight else _weight(s, n)) * rise
    return out


@check(
    "occlusion",
    todo="return by how much the value falls, on the pixels of each covered square",
    shows="right: every square knows what it was worth",
)
def occlusion(answer: Any) -> str | None:
    """``answer(value, picture, side)``: (1, H, W) in [−1, 1] → (H, W)."""
    sizes = ((8, 12, 4), (6, 4, 2), (5, 5, 5), (3, 6, 1))
    return next((wrong for size in sizes if (wrong := _occlusion(answer, *size))), None)


def _occlusion(answer: Any, h: int, w: int, side: int) -> str | None:
    g = torch.Generator().manual_seed(7)
    weights, picture = (2 * torch.rand(1, h, w, generator=g) - 1 for _ in range(2))
    given = picture.clone()

    def value(pictures: Tensor) -> Tensor:
        assert isinstance(pictures, Tensor) and pictures.shape[1:] == (1, h, w), (
            f"value was given {tuple(getattr(pictures, 'shape', ()))}: it takes pictures (N, 1, {h}, {w})"
        )
        found = (weights * (pictures + 1)).sum((1, 2, 3))
        return found + 0.05 * found.square()  # curved: what is covered already counts

    def falls(size: int = side, fill: float | None = -1.0, alone: bool = False, piling: bool = False) -> Tensor:
        out, left = torch.zeros(h, w), picture.clone()
        for top, start in itertools.product(range(0, h, size), range(0, w, size)):
            here = (slice(top, top + size), slice(start, start + size))
            left = left if piling else picture.clone()
            hidden = torch.full_like(picture, -1.0) if alone else left
            hidden[0][here] = picture[0][here] if alone else (picture.mean() if fill is None else fill)
            out[here] = (value(picture[None]) - value(hidden[None])).item()
        return out

    got = table(answer(value, given, side))
    assert got.numel() == h * w, f"it returned the shape {tuple(got.shape)}, expected ({h}, {w})"
    if not torch.equal(given, picture):
        return "the picture itself was changed: cover a copy, else every square stays black for the next"
    right, whole = falls(), value(picture[None]).item()
    known = {"the sign is turned: where a needed square is covered the value falls": -right}
    if side > 1:
        known |= {
            "covered with 0, which is grey: black is −1": falls(fill=0.0),
            "covered with 1, which is white: black is −1": falls(fill=1.0),
            "covered with the picture's mean: black is −1": falls(fill=None),
            "that shows only the square and hides the rest: do it the other way": falls(alone=True),
            "the squares stay covered: begin with a fresh copy of the picture for each": falls(piling=True),
            "that was divided by the number of pixels: write the whole fall in each": right / side**2,
            "that is the value after covering: write by how much it fell": whole - right,
            "that covers single pixels: cover squares of side × side": falls(1),
            "the sizes of the falls have no sign: covering may raise the value, too": right.abs(),
            "only the first pixel of each square was written: the fall belongs into all of its pixels": right
            * ((torch.arange(h) % side == 0)[:, None] & (torch.arange(w) % side == 0)),
        }
    when = f"for a picture of {h} × {w} and side {side} (the squares lie side by side, beginning at 0, side, 2·side …)"
    return explain(got.reshape(h, w), right, known, when, within=1e-4)


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
    wrong = explain(got, both / either, known, maps, within=1e-6)
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
