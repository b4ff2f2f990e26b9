"""The checks of notebook 07: Shapley by coalitions, occlusion, overlap of two maps, broken integrated gradients."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from course_lib.learn.exercises import check
from course_lib.learn.numbers import mistake, number


def _gloves(players: set) -> float:
    return float(min(0 in players, (1 in players) + (2 in players)))


def _odd(players: set) -> float:
    """Four players: 0 and 1 earn only together, 2 earns alone, 3 never adds anything; nobody earns 5."""
    return 5.0 + 6 * ({0, 1} <= set(players)) + 2 * (2 in players)


@check("shapley",
       todo="return the Shapley values of all n players",
       shows="right: it gives 2/3, 1/6, 1/6 for the gloves, and nothing to whom adds nothing")
def shapley(answer):
    """``answer(value, n)``: value of a set of players → n numbers."""
    got, right = _numbers(answer(_gloves, 3), 3), [2 / 3, 1 / 6, 1 / 6]
    known = {
        (0.0, 0.0, 0.0): "everyone gets 0: look at coalitions larger than the empty one, too",
        (1.0, 0.0, 0.0): "that is what is lost when one leaves all the others: take the mean over all coalitions",
        (3 / 4, 1 / 4, 1 / 4): "that counts every coalition alike: weigh it by s! (n − s − 1)! / n!",
        (3.0, 1.0, 1.0): "the rises were added up without their weights s! (n − s − 1)! / n!",
        (1 / 3, 1 / 6, 1 / 6): "the largest coalitions are missing: sizes go up to n − 1, with that included",
        (2.0, 0.5, 0.5): "three times too much: divide by n!, not by (n − 1)!",
    }
    if not _near(got, right):
        for values, sentence in known.items():
            if _near(got, values):
                return sentence
        return f"for the gloves it gives {[round(v, 3) for v in got]}, expected [0.667, 0.167, 0.167]"
    got = _numbers(answer(_odd, 4), 4)
    if _near(got, [4.25, 4.25, 3.25, 1.25]):
        return "what the empty coalition earns belongs to nobody: take rises, v(S ∪ {i}) − v(S)"
    return None if _near(got, [3, 3, 2, 0]) else (
        f"four players, where 0 and 1 earn 6 together and 2 earns 2: it gives {[round(v, 3) for v in got]}, expected "
        "[3, 3, 2, 0]")  # fmt: skip


@check("occlusion",
       todo="return by how much the value falls, on the pixels of each covered square",
       shows="right: every square knows what it was worth")
def occlusion(answer):
    """``answer(value, picture, side)``: (1, 8, 12) in [−1, 1] → (8, 12)."""
    g = torch.Generator().manual_seed(7)
    weights, picture = (2 * torch.rand(1, 8, 12, generator=g) - 1 for _ in range(2))
    before = picture.clone()
    rise = (weights * (picture + 1))[0]  # what each pixel adds over black

    def value(pictures: Tensor) -> Tensor:
        assert pictures.ndim == 4, f"value was given a tensor of shape {tuple(pictures.shape)}: it takes (N, 1, H, W)"
        return (weights * (pictures + 1)).sum((1, 2, 3))

    got = torch.as_tensor(answer(value, picture, 4))
    assert got.numel() == 96, f"it returned {tuple(got.shape)}, expected (8, 12)"
    if not torch.equal(picture, before):
        return "the picture itself was changed: cover a copy, else every square stays black for the next"
    fall = torch.zeros(8, 12)
    grey = torch.zeros(8, 12)
    for top, left in ((t, c) for t in (0, 4) for c in (0, 4, 8)):
        here = (slice(top, top + 4), slice(left, left + 4))
        fall[here], grey[here] = rise[here].sum(), (weights[0] * picture[0])[here].sum()
    got = got.reshape(8, 12).double()
    for wrong, sentence in ((-fall, "the sign is turned: where a needed square is covered the value falls"),
                            (grey, "covered with 0, which is grey: black is −1"),
                            (rise.sum() - fall, "that shows only the square and hides the rest: do it the other way"),
                            (fall / 16, "that was divided by the number of pixels: write the whole fall in each"),
                            (rise, "that covers single pixels: cover squares of side × side")):  # fmt: skip
        if torch.allclose(got, wrong.double(), atol=1e-4):
            return sentence
    return None if torch.allclose(got, fall.double(), atol=1e-4) else (
        "the falls are not those of squares side by side, beginning at 0, side, 2·side …")  # fmt: skip


@check("jaccard",
       todo="return how many of the k highest places both maps share, divided by how many either has",
       shows="right: 1 for the same places, 0 for none in common")
def jaccard(answer):
    """``answer(a, b, k)``: two maps, a whole number → [0, 1]."""
    a = torch.tensor([[9.0, 8.0, 7.0, 6.0], [0.0, -1.0, -20.0, -30.0]])
    b = torch.tensor([[9.0, 1.0, 7.5, 0.5], [8.0, -25.0, -2.0, 0.0]])
    got = number(answer(a, b, 3))  # {0, 1, 2} and {0, 4, 2}
    known = {2 / 3: "divided by k: the union has more places than k as soon as the maps differ",
             2: "that is how many they share: divide by how many either has",
             1 / 5: "those are the places of largest *size*: take the highest values, negative ones speak against",
             1.0: "it says that all agree: compare the *places* of the highest values"}  # fmt: skip
    if abs(got - 0.5) > 1e-6:
        return mistake(got, known) or f"two shared places of four gives {got:.4g}, expected 0.5"
    same, none = number(answer(a, 2 * a, 4)), number(answer(a, -a, 4))
    return None if (same, none) == (1, 0) else f"for equal maps it gives {same}, for opposite ones {none}, not 1 and 0"


class _Model(nn.Module):
    """Not linear, and different in train mode."""

    def __init__(self):
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(3)
            self.body = nn.Sequential(nn.Flatten(), nn.Linear(36, 16), nn.Softplus(), nn.Dropout(), nn.Linear(16, 10))
        self.trained = False

    def forward(self, x: Tensor) -> Tensor:
        self.trained |= self.training
        return self.body(x)


@check("repaired",
       todo="repair the four mistakes, and return the attributions",
       shows="right: of the logit, in eval mode, from the baseline, each picture for itself")
def repaired(answer):
    """``answer(model, x, baseline, k, steps)``: → attributions like ``x``."""
    g = torch.Generator().manual_seed(8)
    model = _Model()
    x, baseline = (2 * torch.rand(3, 1, 6, 6, generator=g) - 1 for _ in range(2))
    got = answer(model, x.clone(), baseline.clone(), 4, 50)
    if model.trained:
        return "the model ran in train mode, where dropout makes every answer a different one: eval()"
    got = torch.as_tensor(got).detach()
    assert got.shape == x.shape, f"it returned {tuple(got.shape)}, expected {tuple(x.shape)}"
    model.eval()
    right = _ig(model, x, baseline)
    known = {"they are of the probability: explain the logit, without the softmax": _ig(model, x, baseline, True),
             "each picture's slope was divided by the number of pictures: sum, instead of mean": right / 3,
             "the way must begin at the baseline, and the slopes be multiplied by x − baseline": _ig(model, x, 0 * x),
             "multiply the mean slope by x − baseline: how far each pixel moved": right * x / (x - baseline),
             "divide by the number of steps: the mean slope, not the sum": right * 50}  # fmt: skip
    for sentence, wrong in known.items():
        if torch.allclose(got, wrong, rtol=0.02, atol=1e-5):
            return sentence
    with torch.no_grad():
        gap = (got.sum((1, 2, 3)) - (model(x) - model(baseline))[:, 4]).abs().max().item()
    if not gap < 5e-3:
        return f"they do not add up to logit(x) − logit(baseline), by {gap:.2g}: not all four are repaired"
    return None if torch.allclose(got, right, rtol=0.05, atol=5e-3) else "they add up, but are not the mean slope's"


def _ig(model: nn.Module, x: Tensor, start: Tensor, softmax: bool = False) -> Tensor:
    total = torch.zeros_like(x)
    for i in range(50):
        point = (start + (i + 0.5) / 50 * (x - start)).requires_grad_(True)
        out = model(point)
        total += torch.autograd.grad((out.softmax(1) if softmax else out)[:, 4].sum(), point)[0]
    return (x - start) * total / 50


def _near(got: Sequence[float], wanted: Sequence[float]) -> bool:
    return all(abs(a - b) < 1e-6 for a, b in zip(got, wanted, strict=True))


def _numbers(result, n: int) -> list[float]:
    got = torch.as_tensor(result).double().flatten().tolist()
    assert len(got) == n, f"it returned {len(got)} numbers for {n} players"
    return got
