"""The checks of lesson 12.1: the masked gradient, how far it turns, and a normalisation mended."""

import math
from typing import Any

import torch

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value


@check(
    "masked_gradient",
    todo="return the slope times 1 + alpha · M, where M is each picture's own map, its sizes over the greatest",
    shows="right: each picture has its own M between 0 and 1, and the slope grows by at most the share alpha",
)
def masked_gradient(answer: Any) -> str | None:
    """``answer(slope, attribution, alpha)``: (N, 1, H, W), (N, 1, H, W), number → (N, 1, H, W)."""
    g = torch.Generator().manual_seed(5)
    for n, side, alpha in ((3, 4, 0.2), (5, 6, 1.0), (1, 3, 0.2)):
        slope = torch.randn(n, 1, side, side, generator=g)
        why = torch.randn(n, 1, side, side, generator=g) * torch.logspace(-3, 2, n).view(-1, 1, 1, 1)
        given, shown = slope.clone(), why.clone()
        got = table(answer(given, shown, alpha), slope.shape)
        assert torch.equal(given, slope) and torch.equal(shown, why), "what was handed in has changed: work on copies"
        flat = why.flatten(1)
        most = flat.abs().amax(1).view(-1, 1, 1, 1)
        low, high = (v.view(-1, 1, 1, 1) for v in (flat.amin(1), flat.amax(1)))
        known = {
            "M has the greatest value of the whole batch under it: take each picture's own": slope
            * (1 + alpha * why.abs() / why.abs().max()),
            "M has negative values: take the sizes first": [
                slope * (1 + alpha * why / most),
                slope * (1 + alpha * why / high),
            ],
            "the 1 is missing: where M is 0, the slope stays as it is": slope * alpha * why.abs() / most,
            "alpha is missing": slope * (1 + why.abs() / most),
            "the mask is added to the slope: multiply by it": slope + alpha * why.abs() / most,
            "that is a factor: multiply the slope by it": 1 + alpha * why.abs() / most,
            "M is not divided by the picture's greatest size": slope * (1 + alpha * why.abs()),
            "M runs from the lowest value to the highest: a map that is 0 somewhere says “nothing here”": slope
            * (1 + alpha * (why - low) / (high - low).clamp(min=1e-12)),
        }
        right = slope * (1 + alpha * why.abs() / most)
        if wrong := wrong_value(got, right, known, f"for {n} pictures and alpha = {alpha}", 1e-4):
            return wrong
    return None


@check(
    "turn_at",
    todo="return the angle between the slope and the masked slope, in degrees",
    shows="right: the angle grows and falls again with p",
)
def turn_at(answer: Any) -> str | None:
    """``answer(p, alpha)``: share of the squared length where M is 1, and the strength → degrees."""
    for p, alpha in ((0.3, 0.2), (0.7, 1.0), (0.05, 3.0)):
        got = number(answer(p, alpha))
        dot, square = 1 + alpha * p, 1 + (2 * alpha + alpha**2) * p
        cosine = dot / math.sqrt(square)
        right = math.degrees(math.acos(cosine))
        known = {
            "that is in radians: math.degrees turns it into degrees": math.acos(cosine),
            "that is the cosine: math.acos gives the angle": cosine,
            "the length is the root of its square": [
                math.degrees(math.acos(max(-1.0, min(1.0, dot / square)))),
                math.acos(max(-1.0, min(1.0, dot / square))),
            ],
            "the other part of the slope is missing: where M is 0, it stays as it is": math.degrees(
                math.acos(min(1.0, (1 + alpha) * p / math.sqrt((1 + alpha) ** 2 * p)))
            ),
            "that is 90° minus the angle: use acos, not asin": math.degrees(math.asin(cosine)),
            "that is the masked slope's length, and no angle": math.sqrt(square),
            "that is the bound of all p: use this p": math.degrees(math.asin(alpha / (2 + alpha))),
        }
        if wrong := wrong_value(got, right, known, f"for p = {p} and alpha = {alpha}", 1e-6):
            return wrong
    return None


@check(
    "mended",
    todo="return masks in which each caught picture's map is stretched by its own greatest value",
    shows="right: a caught picture's mask reaches 1, whatever else is in the batch",
)
def mended(answer: Any) -> str | None:
    """``answer(maps, fooled)``: (N, 1, H, W) from 0 on, bool (N,) → (N, 1, H, W) in [0, 1]; 1 where fooled."""
    g = torch.Generator().manual_seed(9)
    for fooled in ([True, False, False, True], [False, False], [True, False, True, False, False]):
        which = torch.tensor(fooled)
        maps = torch.rand(len(which), 1, 4, 5, generator=g) * torch.logspace(-3, 0.5, len(which)).view(-1, 1, 1, 1)
        given = maps.clone()
        got = table(answer(given, which.clone()), maps.shape)
        assert torch.equal(given, maps), "the maps that were handed in have changed: work on a copy"
        flag = which.view(-1, 1, 1, 1)
        own = maps / maps.amax((1, 2, 3), keepdim=True)
        together = torch.where(flag, 1.0, maps)
        low = together.min()
        shift = maps - maps.amin((1, 2, 3), keepdim=True)
        known = {
            "that is the mask as it was released: the ones are stretched together with the maps": (together - low)
            / (together - low).max().clamp(min=1e-12),
            "all maps are stretched by one greatest value: take each picture's own": [
                torch.where(flag, 1.0, maps / maps.max()),
                torch.where(flag, 1.0, maps / maps[~which].max()),
            ],
            "nothing is stretched yet": together,
            "pictures that fooled D have a 1 everywhere: keep that": [own, torch.where(flag, 0.0, own)],
            "it is the other way round: 1 where D was fooled, the map where it was not": torch.where(flag, own, 1.0),
            "the lowest value became 0: divide by the greatest, and subtract nothing": torch.where(
                flag, 1.0, shift / shift.amax((1, 2, 3), keepdim=True)
            ),
        }
        if wrong := wrong_value(got, torch.where(flag, 1.0, own), known, f"for fooled = {fooled}", 1e-5):
            return wrong
    return None
