"""The checks of notebook 09: a fair share for two, a direction that holds others, units ranked by what they do."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import explain, near, table

_WORTHS = (  # what nobody, the first alone, the second alone and both are worth
    (1.0, 3.0, 2.0, 9.0),  # nobody earns something, and two earn more than both
    (0.0, -2.0, 5.0, 1.0),
    (0.5, 0.5, 0.5, -1.25),
)


@check(
    "fair",
    todo="return the two Shapley values of a game for two",
    shows="right: the mean gain over both orders of arriving, and the two sum to what both earn over nobody",
)
def fair(answer: Any) -> str | None:
    """``answer(value)`` → (first, second), for ``value(a, b)`` with a, b 0 or 1."""
    return next((wrong for worth in _WORTHS if (wrong := _fair(answer, *worth))), None)


def _fair(answer: Any, nobody: float, one: float, two: float, both: float) -> str | None:
    got = table(answer(lambda a, b: (nobody, two, one, both)[2 * int(a) + int(b)]))
    assert got.numel() == 2, f"it returned {got.numel()} number{'s' * (got.numel() != 1)}, expected a pair of numbers"
    right = ((one - nobody + both - two) / 2, (two - nobody + both - one) / 2)
    known = {
        "this is what each loses for the group by leaving (one at a time): what takes two is counted twice": (
            both - two,
            both - one,
        ),
        "this is what each earns alone: what takes two is left out": (one - nobody, two - nobody),
        "this is what each alone is worth, the worth of nobody included": (one, two),
        "these are sums over the two orders: take their mean": (2 * right[0], 2 * right[1]),
        "the two shares are swapped": right[::-1],
        "nobody at all earns 1 here: what each brings alone is measured against value(0, 0)": (
            (one + both - two) / 2,
            (two + both - one) / 2,
        ),
        "both get the same, whatever they bring: look at who adds what": ((both - nobody) / 2,) * 2,
        "both get half of what both earn: look at who adds what, over nobody": (both / 2,) * 2,
        "the signs are reversed: what is there with the number on, minus what is there without": (-right[0], -right[1]),
        "this is one order of arriving only, first then second: take the mean of both orders": (
            one - nobody,
            both - one,
        ),
        "this is one order of arriving only, second then first: take the mean of both orders": (
            both - two,
            two - nobody,
        ),
    }
    when = f"for a game in which nobody earns {nobody:g}, the first {one:g}, the second {two:g} and both {both:g}"
    return explain(got.flatten(), right, known, when, within=1e-6)


@check(
    "hold_others",
    todo="return the part of n at right angles to all rows of others, at length 1",
    shows="right: by the fitted lines the other properties stay, and the own one rises",
)
def hold_others(answer: Any) -> str | None:
    """``answer(n, others)``: (latent,) and (k, latent) → (latent,) of length 1."""
    return next((wrong for k, latent in ((2, 6), (1, 3), (4, 9)) if (wrong := _hold(answer, k, latent))), None)


def _hold(answer: Any, k: int, latent: int) -> str | None:
    g = torch.Generator().manual_seed(9)
    n, others = torch.randn(latent, generator=g), torch.randn(k, latent, generator=g)
    others[1:] += 1.5 * others[0]  # not at right angles to one another
    given = n.clone(), others.clone()
    got = table(answer(*given), what="it gave")
    assert got.shape == (latent,), f"for {latent} latents it gave shape {tuple(got.shape)}, expected ({latent},)"
    assert torch.equal(given[0], n) and torch.equal(given[1], others), "it changed what it was given: work on copies"
    n, others = n.double(), others.double()
    q = torch.linalg.qr(others.T).Q
    rest, shadow = n - q @ (q.T @ n), q @ (q.T @ n)
    right = rest / rest.norm()
    at_once = n - (others @ n / others.square().sum(1)) @ others
    in_turn, raw = n, n - others.T @ (others @ n)
    for row in others:
        in_turn = in_turn - (in_turn @ row) / (row @ row) * row
    by_mean = n - (n @ others.mean(0)) / others.mean(0).square().sum() * others.mean(0)
    known = {
        "the direction is right, its length is not 1: divide by its length": [
            rest,
            rest / n.norm(),
            rest / rest.square().sum(),
            rest / rest.abs().sum(),
            rest / rest.abs().max(),
        ],
        "this is n at length 1: the others are not held": n / n.norm(),
        "this is n as it came in: the others are not held, and its length is not 1": n,
        "this is the part of n along the others, the one to take away": [shadow, shadow / shadow.norm()],
        "the sign is reversed: the own property would fall": -right,
        "all shadows were taken from n at once: the rows are not at right angles, so some part is taken twice; make "
        "them an orthonormal basis first": at_once / at_once.norm(),
        "one shadow was taken after the other: the second step disturbs the first; make the rows an orthonormal basis": in_turn
        / in_turn.norm(),
        "the rows were used as if they had length 1 and right angles: make them an orthonormal basis": raw / raw.norm(),
        "only the mean of the others is held: hold each of them": by_mean / by_mean.norm(),
    }
    wrong = explain(got, right, known, "another direction", within=1e-4)
    if wrong is None:
        return None
    left = (others @ got).abs()
    if wrong.startswith("another") and left.max() > 1e-3:
        return (
            f"multiplied with row {int(left.argmax())} of others it gives {left.max():.3f}, expected 0: that "
            f"property would change ({wrong})"
        )
    return f"it holds the others, but is not the part of n that is left: {wrong}" if wrong.startswith("an") else wrong


@check(
    "effects_of",
    todo="return, for each unit, how far the mean property falls when its map is held at its mean",
    shows="right: an experiment a unit, each on its own, and the maps are as they were",
)
def effects_of(answer: Any) -> str | None:
    """``answer(maps, tail)``: (N, K, h, w), maps → (N,); gives (K,)."""
    return next((wrong for size in ((4, 3, 2, 2), (2, 5, 3, 1)) if (wrong := _effects(answer, size))), None)


def _effects(answer: Any, size: tuple[int, ...]) -> str | None:
    n, k = size[:2]
    maps = torch.rand(size, generator=torch.Generator().manual_seed(3))
    maps[:, 1] += 1.0
    before = maps.clone()

    def tail(x: Tensor) -> Tensor:
        assert isinstance(x, Tensor) and x.shape == before.shape, (
            f"tail takes maps of shape {tuple(size)}, and was given {tuple(getattr(x, 'shape', ()))}"
        )
        x = x.double()
        return (2 * x[:, 0] ** 2 - x[:, 1] ** 2 + 0.3 * x[:, 0] * x[:, -1] * x[:, 1]).sum((1, 2))

    got = table(answer(maps, tail))
    if not torch.equal(maps, before):
        return "the maps were changed: work on a clone, or the next unit is asked in a damaged network"
    assert got.shape == (k,), f"for {k} units it gave shape {tuple(got.shape)}, expected ({k},)"

    def falls(held: Callable[[Tensor], Tensor], piling: bool = False, others: bool = False) -> Tensor:
        out, x = [], before.clone()
        for unit in range(k):
            x = x if piling else before.clone()
            for one in [i for i in range(k) if i != unit] if others else [unit]:
                x[:, one] = held(before[:, one])
            out.append(tail(before).mean() - tail(x).mean())
        return torch.stack(out)

    whole, right = tail(before).mean(), falls(lambda m: m.mean())
    known = {
        "the sign is reversed: a fall is before minus after": -right,
        "the units are held at 0: hold each at its own mean": falls(lambda m: 0 * m),
        "the ablations pile up: begin with a fresh clone for each unit": falls(lambda m: m.mean(), piling=True),
        "each image's own mean was used: take the mean over images and places": falls(
            lambda m: m.mean((1, 2), keepdim=True).expand_as(m)
        ),
        "the mean was taken over the images only, place by place: take it over images and places": falls(
            lambda m: m.mean(0).expand_as(m)
        ),
        "all units were held at one mean, that of all maps: hold each at its own": falls(lambda m: before.mean()),
        "all units but the one were held: hold one, and leave the others": falls(lambda m: m.mean(), others=True),
        "this is the sum over the images: take their mean": n * right,
        "this is what is left after the ablation: take it from what was before": whole - right,
        "this is the fall as a share of what was before: how far does it fall?": right / whole,
        "the sizes of the falls have no sign: a unit may push the property down": right.abs(),
        "this is how bright each unit is: a correlation at best; switch it off": before.mean((0, 2, 3)),
        "the units were held at their median or at their largest value: hold each at its own mean": [
            falls(lambda m: m.median()),
            falls(lambda m: m.max()),
        ],
    }
    wrong = explain(got, right, known, "the effects are not those of the units held at their means", within=1e-4)
    off = [unit for unit in range(k) if not near(got[unit], right[unit], 1e-4)]
    return f"{wrong} (wrong for unit{'s' * (len(off) > 1)} {', '.join(map(str, off))} of {k})" if wrong else None
