"""Checks of lesson 09.2: units ranked by what they do, cells against their mean."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import near, table, wrong_value


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
    wrong = wrong_value(got, right, known, "the effects are not those of the units held at their means", within=1e-4)
    off = [unit for unit in range(k) if not near(got[unit], right[unit], 1e-4)]
    return f"{wrong} (wrong for unit{'s' * (len(off) > 1)} {', '.join(map(str, off))} of {k})" if wrong else None


@check(
    "linearised",
    todo="return, for each cell, slope times distance from the mean, summed over the channels",
    shows="right: for a linear network it is the experiment itself",
)
def linearised(answer: Any) -> str | None:
    """``answer(slopes, maps, mean_maps)``: twice (N, K, h, w), and (K, h, w) → (N, h, w)."""
    return next((wrong for size in ((4, 3, 2, 2), (1, 5, 3, 4)) if (wrong := _linearised(answer, size))), None)


def _linearised(answer: Any, size: tuple[int, ...]) -> str | None:
    n, k, high, wide = size
    g = torch.Generator().manual_seed(5)
    s, A = torch.randn(size, generator=g), torch.randn(size, generator=g) + 1
    mean = torch.randn(k, high, wide, generator=g) + 1
    given = s.clone(), A.clone(), mean.clone()
    got = table(answer(*given))
    if not all(torch.equal(a, b) for a, b in zip(given, (s, A, mean), strict=True)):
        return "it changed what it was given: work on copies"
    if got.shape == size:
        return "the channels are still apart: add them up, .sum(1)"
    if got.shape == (n, k):
        return "it was added up over the places: each cell keeps its own value, add up the channels"
    if got.shape == (high, wide) and n > 1:
        return "it was added up over the pictures, too: each keeps its own map"
    assert got.shape == (n, high, wide), f"it gave shape {tuple(got.shape)}, expected {(n, high, wide)}"
    s, A, mean = s.double(), A.double(), mean.double()
    slope = s.mean((2, 3), keepdim=True)
    right = (s * (A - mean)).sum(1)
    known = {
        "this is Grad-CAM: the slopes' mean of each channel, compared with nothing": (slope * A).sum(1),
        "this is HiResCAM: the maps are compared with 0, take their mean away first": (s * A).sum(1),
        "take each cell's own slope: their mean over the places forgets where": (slope * (A - mean)).sum(1),
        "the mean was taken from the sum without its slope: s · (A − mean), both times s": (s * A - mean).sum(1),
        "the sign is reversed: what the cell is, minus what it is on average": -right,
        "this is the mean over the channels: their effects add up": right / k,
        "the slopes are missing: this is the distance from the mean": (A - mean).sum(1),
        "the sizes have no sign: a cell may take ink away": [right.abs(), (s * (A - mean)).abs().sum(1)],
        "negative values were cut off, as Grad-CAM does: keep them": right.clamp(min=0),
        "the mean of these pictures' maps was taken: use the one that is given": (s * (A - A.mean(0))).sum(1),
    }
    return wrong_value(got, right, known, f"for maps of shape {tuple(size)}", within=1e-4)
