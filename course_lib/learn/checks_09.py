"""The checks of notebook 09: a fair share for two, a direction that holds others, units ranked by what they do."""

import torch
from torch import Tensor

from course_lib.learn.exercises import check

_WORTH = {(0, 0): 1.0, (1, 0): 3.0, (0, 1): 2.0, (1, 1): 9.0}  # nobody earns something, and two earn more than both


@check("fair",
       todo="return the two Shapley values of a game for two",
       shows="right: the mean gain over both orders of arriving, and the two sum to what both earn over nobody")
def fair(answer):
    """``answer(value)`` → (first, second), for ``value(a, b)`` with a, b 0 or 1."""
    got = answer(lambda a, b: _WORTH[int(a), int(b)])
    try:
        first, second = (float(v) for v in got)
    except (TypeError, ValueError):
        return f"it returned {type(got).__name__}: expected a pair of numbers, (first, second)"
    nobody, one, two, both = _WORTH[0, 0], _WORTH[1, 0], _WORTH[0, 1], _WORTH[1, 1]
    right = ((one - nobody + both - two) / 2, (two - nobody + both - one) / 2)
    known = {
        "this is what each loses for the group by leaving (one at a time): what takes two is counted twice":
            (both - two, both - one),
        "this is what each earns alone: what takes two is left out": (one - nobody, two - nobody),
        "these are sums over the two orders: take their mean": (2 * right[0], 2 * right[1]),
        "the two shares are swapped": right[::-1],
        "nobody at all earns 1 here: what each brings alone is measured against value(0, 0)":
            ((one + both - two) / 2, (two + both - one) / 2),
        "both get the same, whatever they bring: look at who adds what": ((both - nobody) / 2,) * 2,
    }
    return _named((first, second), right, known)


@check("hold_others",
       todo="return the part of n at right angles to all rows of others, at length 1",
       shows="right: by the fitted lines the other properties stay, and the own one rises")
def hold_others(answer):
    """``answer(n, others)``: (latent,) and (k, latent) → (latent,) of length 1."""
    g = torch.Generator().manual_seed(9)
    n, others = torch.randn(6, generator=g).double(), torch.randn(2, 6, generator=g).double()
    others[1] += 1.5 * others[0]  # not at right angles to one another
    got = answer(n.clone(), others.clone())
    assert isinstance(got, Tensor), f"it returned {type(got).__name__}, expected a tensor"
    assert got.shape == (6,), f"for 6 latents it gave shape {tuple(got.shape)}, expected (6,)"
    assert torch.isfinite(got).all(), "a number in it is not finite"
    q = torch.linalg.qr(others.T).Q
    rest = n - q @ (q.T @ n)
    right = rest / rest.norm()
    at_once = n - (others @ n / others.square().sum(1)) @ others
    in_turn, raw = n, n - others.T @ (others @ n)
    for row in others:
        in_turn = in_turn - (in_turn @ row) / (row @ row) * row
    shadow = q @ (q.T @ n)
    known = {
        "the direction is right, its length is not 1: divide by its length": rest,
        "this is n at length 1: the others are not held": n / n.norm(),
        "this is the part of n along the others, the one to take away": shadow / shadow.norm(),
        "the sign is reversed: the own property would fall": -right,
        "all shadows were taken from n at once: the rows are not at right angles, so some part is taken twice; make "
        "them an orthonormal basis first": at_once / at_once.norm(),
        "one shadow was taken after the other: the second step disturbs the first; make the rows an orthonormal basis":
            in_turn / in_turn.norm(),
        "the rows were used as if they had length 1 and right angles: make them an orthonormal basis":
            raw / raw.norm(),
    }
    for sentence, wrong in {None: right, **known}.items():
        if torch.allclose(got.double(), wrong, atol=1e-5):
            return sentence
    left = (others @ got.double()).abs().max().item()
    if left > 1e-4:
        return f"multiplied with a row of others it gives {left:.3f}, expected 0: that property would change"
    return "it holds the others, but is not the part of n that is left: another direction"


@check("effects_of",
       todo="return, for each unit, how far the mean property falls when its map is held at its mean",
       shows="right: an experiment a unit, each on its own, and the maps are as they were")
def effects_of(answer):
    """``answer(maps, tail)``: (N, K, h, w), maps → (N,); gives (K,)."""
    maps = torch.rand(4, 3, 2, 2, generator=torch.Generator().manual_seed(3)).double()
    maps[:, 1] += 1.0
    before = maps.clone()

    def tail(x: Tensor) -> Tensor:
        return (2 * x[:, 0] ** 2 - x[:, 1] ** 2 + 3 * x[:, 0] * x[:, 2]).sum((1, 2))

    got = answer(maps, tail)
    assert isinstance(got, Tensor), f"it returned {type(got).__name__}, expected a tensor: torch.stack makes one"
    if not torch.equal(maps, before):
        return "the maps were changed: work on a clone, or the next unit is asked in a damaged network"
    assert got.shape == (3,), f"for 3 units it gave shape {tuple(got.shape)}, expected (3,)"

    def falls(held, piling: bool = False) -> Tensor:
        out, x = [], before.clone()
        for k in range(3):
            x = x if piling else before.clone()
            x[:, k] = held(before[:, k])
            out.append(tail(before).mean() - tail(x).mean())
        return torch.stack(out)

    right = falls(lambda m: m.mean())
    known = {
        "the sign is reversed: a fall is before minus after": -right,
        "the units are held at 0: hold each at its own mean": falls(lambda m: 0 * m),
        "the ablations pile up: begin with a fresh clone for each unit": falls(lambda m: m.mean(), piling=True),
        "each image's own mean was used: take the mean over images and places":
            falls(lambda m: m.mean((1, 2), keepdim=True).expand_as(m)),
        "the mean was taken over the images only, place by place: take it over images and places":
            falls(lambda m: m.mean(0).expand_as(m)),
        "all units were held at one mean, that of all maps: hold each at its own": falls(lambda m: before.mean()),
        "this is the sum over the images: take their mean": 4 * right,
        "this is what is left after the ablation: take it from what was before": tail(before).mean() - right,
        "this is how bright each unit is: a correlation at best; switch it off": before.mean((0, 2, 3)),
    }
    for sentence, wrong in {None: right, **known}.items():
        if torch.allclose(got.double(), wrong, atol=1e-6):
            return sentence
    return f"the first unit's effect is {got[0].item():.4f}, expected {right[0].item():.4f}"


def _named(got: tuple[float, float], right: tuple[float, float], known: dict) -> str | None:
    for sentence, wrong in {None: right, **known}.items():
        if max(abs(a - b) for a, b in zip(got, wrong, strict=True)) < 1e-6:
            return sentence
    return f"for the test game it gives ({got[0]:.3f}, {got[1]:.3f}), expected ({right[0]:.3f}, {right[1]:.3f})"
