"""The checks of what is counted in chapter 08: pairs of logits, deletion, an effect's share, a map's mass, holes."""

from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value


@check(
    "above",
    todo="return the share of pairs in which the real logit is higher, equal ones counted half",
    shows="right: all pairs are counted, and equal logits count half",
)
def above(answer: Any) -> str | None:
    """``answer(real, fake)``: logits (N,) and (M,) → one number from 0 to 1."""
    cases = [
        (torch.tensor([1.2, 0.3, -0.4, 2.0, 1.1]), torch.tensor([0.5, -0.6, 0.9])),
        (torch.tensor([2.0, 1.0, 1.0, -1.0]), torch.tensor([1.0, 0.0, -1.0, -1.0])),
        (torch.tensor([1000.0, -1000.0]), torch.tensor([0.0, 999.0, -1000.0])),
        (torch.tensor([0.5]), torch.tensor([0.5, 0.5])),
    ]
    return next((wrong for real, fake in cases if (wrong := _above(answer, real, fake))), None)


def _above(answer: Any, real: Tensor, fake: Tensor) -> str | None:
    got = number(answer(real.clone(), fake.clone()))
    difference = real[:, None] - fake[None]
    over, equal = ((difference > 0).double().mean().item(), (difference == 0).double().mean().item())
    right = over + equal / 2
    known: dict[str, object] = {
        "equal pairs do not count at all there: each counts half": over,
        "equal pairs count in full there: each counts half": over + equal,
        "that is the number of pairs, not their share": right * difference.numel(),
        "the order is turned: the real logit is to be the higher one": 1 - right,
        "that is the mean difference: only its sign counts, not its size": difference.double().mean().item(),
        "that is the share of right answers with the cut at 0: compare each real logit with each fake one": (
            ((real > 0).double().mean() + (fake < 0).double().mean()) / 2
        ).item(),
        "equal pairs were counted half, and the others were left out": equal / 2,
        "each real logit was compared with one fake one only: there are N · M pairs": [
            (real[:n] > fake[:n]).double().mean().item() for n in (min(len(real), len(fake)),)
        ],
    }
    return wrong_value(got, right, known, f"for {len(real)} real and {len(fake)} fake logits")


@check(
    "deletion",
    todo="return the mean value while the pixels are replaced in the given order",
    shows="right: the untouched picture, one more pixel gone each time, and at last all of them",
)
def deletion(answer: Any) -> str | None:
    """``answer(value, picture, order, cover)``: (1, 1, H, W), numbers of pixels, (1, 1, H, W) → one number."""
    return next((wrong for size in ((3, 4), (2, 2), (5, 1)) if (wrong := _deletion(answer, *size))), None)


def _deletion(answer: Any, h: int, w: int) -> str | None:
    g = torch.Generator().manual_seed(h)
    picture, cover = torch.rand(1, 1, h, w, generator=g), torch.rand(1, 1, h, w, generator=g) - 1
    weights = torch.randn(1, h, w, generator=g)
    order = torch.randperm(h * w, generator=g).tolist()

    def value(pictures: Tensor) -> Tensor:
        assert isinstance(pictures, Tensor) and pictures.shape[1:] == (1, h, w), (
            f"value was given {tuple(getattr(pictures, 'shape', ()))}: it takes pictures (N, 1, {h}, {w})"
        )
        found = (weights * pictures).sum((1, 2, 3))
        return found + found.square()  # curved: what is gone already counts

    def values(by: list[int], start: Tensor, fill: Tensor, one: bool = False) -> list[float]:
        left, found = start.clone(), [value(start).item()]
        for pixel in by:
            left = start.clone() if one else left
            left.view(-1)[pixel] = fill.view(-1)[pixel]
            found.append(value(left).item())
        return found

    def mean(of: list[float]) -> float:
        return sum(of) / len(of)

    given, covering = picture.clone(), cover.clone()
    got = number(answer(value, given, list(order), covering))
    if not torch.equal(given, picture) or not torch.equal(cover, covering):
        return "the picture or the cover itself was changed: work on a copy, .clone()"
    right = values(order, picture, cover)
    black = torch.full_like(picture, -1.0)
    known: dict[str, object] = {
        "the untouched picture is missing: its value counts, too": mean(right[1:]),
        "the last picture is missing, in which all pixels are replaced": mean(right[:-1]),
        "both the untouched picture and the last one are missing": mean(right[1:-1]),
        "that is the sum: take the mean": sum(right),
        "that divides by the number of pixels: there is one picture more": sum(right) / (h * w),
        "that is the value of the last picture: take the mean of all on the way": right[-1],
        "the least important pixel goes first there, or pixels come in instead of going: follow the order as it is": (
            mean(values(order[::-1], picture, cover))
        ),
        "the order was not used: pixels went row by row": mean(values(list(range(h * w)), picture, cover)),
        "only one pixel is gone at a time: those before stay replaced": mean(values(order, picture, cover, one=True)),
        "pixels become black there: they become those of the cover": mean(values(order, picture, black)),
        "pixels become 0 there, which is grey: they become those of the cover": mean(
            values(order, picture, torch.zeros_like(picture))
        ),
        "that is how far the value fell on average: return the mean value itself": right[0] - mean(right),
    }
    return wrong_value(got, mean(right), known, f"for a picture of {h} × {w}", within=1e-4)


@check(
    "share_left",
    todo="return which share of the mark's effect is left after the move",
    shows="right: both effects are measured from the pictures without a mark",
)
def share_left(answer: Any) -> str | None:
    """``answer(none, at_home, moved)``: three mean values of fakeness → one number."""
    cases = ((-0.2, 0.6, 0.2), (1.0, 3.0, 1.0), (0.0, -2.0, -2.0), (-1000.0, 1000.0, -1500.0), (0.5, 1.5, 3.0))
    for none, home, moved in cases:
        got = number(answer(none, home, moved))
        right = (moved - none) / (home - none)
        known: dict[str, object] = {
            "that is the moved mark's effect itself: divide it by the effect at home": moved - none,
            "that compares the fakeness, not its changes: take off that without a mark, twice": moved / home,
            "the change is divided by the fakeness at home: divide by what the mark changed there": (moved - none)
            / home,
            "that is the share that was lost: how much is left?": 1 - right,
            "the fraction stands upside down": 1 / right if right else [],
            "the size has no sign: moved, a mark may even speak against": abs(right),
            "it was cut off at 0 and 1: leave the number as it is": min(1.0, max(0.0, right)),
            "that is in per cent: return the share": 100 * right,
        }
        said = wrong_value(got, right, known, f"for {none:g} without, {home:g} at home and {moved:g} moved")
        if said:
            return said
    return None


@check(
    "mass",
    todo="return for each map the share of its positive values that lies in the mask",
    shows="right: negative values do not count, and a map without positive ones gets 0",
)
def mass(answer: Any) -> str | None:
    """``answer(found, mask)``: maps (N, 1, H, W) and bool (H, W) → (N,)."""
    for n, h, w, size in ((3, 5, 4, 1.0), (1, 3, 6, 1000.0), (4, 4, 4, 1.0)):
        g = torch.Generator().manual_seed(n)
        found, mask = size * torch.randn(n, 1, h, w, generator=g), torch.zeros(h, w, dtype=torch.bool)
        mask[:2, 1:3] = True
        if n == 4:
            found[1] = -found[1].abs()  # a map that only speaks against
            found[2] = 0
        given = found.clone()
        result = answer(given, mask.clone())
        if torch.is_tensor(result) and bool(result.isnan().any()):
            return "it returned NaN for a map without any positive value: such a map gets 0"
        got = table(result)
        if not torch.equal(given, found):
            return "the maps themselves were changed: .clamp makes a new tensor, .clamp_ does not"
        if got.numel() == 1 < n:
            return f"it returned one number for {n} maps: sum over the axes 1, 2 and 3 only"
        assert got.numel() == n, f"it returned the shape {tuple(got.shape)}, expected ({n},)"
        positive = found.double().clamp(min=0)
        inside, whole = (positive * mask).sum((1, 2, 3)), positive.sum((1, 2, 3))
        right = inside / whole.clamp(min=1e-12)
        with_sign = found.double()
        known: dict[str, object] = {
            "negative values count there: first drop what speaks against": (with_sign * mask).sum((1, 2, 3))
            / with_sign.sum((1, 2, 3)),
            "negative values count with their size there: only the positive ones shall": (with_sign.abs() * mask).sum(
                (1, 2, 3)
            )
            / with_sign.abs().sum((1, 2, 3)).clamp(min=1e-12),
            "that is the mass inside: divide it by the map's whole mass": inside,
            "that is the share outside the mask": (whole - inside) / whole.clamp(min=1e-12),
            "that counts pixels: add up their values": ((positive > 0) & mask).sum((1, 2, 3)).double()
            / (positive > 0).sum((1, 2, 3)).clamp(min=1),
            "that divides the mass inside by the mass outside: divide by all of it": inside
            / (whole - inside).clamp(min=1e-12),
            "all maps were divided by one sum: each has its own": inside / whole.sum(),
            "means were divided, not sums: the mask is smaller than the map": (inside / mask.sum())
            / (whole / mask.numel()).clamp(min=1e-12),
        }
        if said := wrong_value(got.reshape(n), right, known, f"for {n} maps of {h} × {w}"):
            return said
    return None


@check(
    "holes",
    todo="return pictures that are black at each map's highest pixels and grey elsewhere",
    shows="right: each picture has its own holes, and nothing else",
)
def holes(answer: Any) -> str | None:
    """``answer(maps, count)``: maps (N, 1, H, W) and a number of pixels → (N, 1, H, W)."""
    for n, h, w, count in ((3, 4, 5, 3), (1, 6, 2, 1), (2, 3, 3, 9), (2, 4, 4, 0)):
        g = torch.Generator().manual_seed(n + count)
        maps = torch.randperm(n * h * w, generator=g).view(n, 1, h, w) - n * h * w // 2 - 0.25  # no two sizes are equal
        given = maps.clone()
        got = table(answer(given, count))
        if not torch.equal(given, maps):
            return "the maps themselves were changed: make new pictures"
        assert got.shape == maps.shape, f"it returned the shape {tuple(got.shape)}, expected {tuple(maps.shape)}"

        def cut(by: Tensor, k: int, shape: torch.Size = maps.shape) -> Tensor:
            rows = by.flatten(1)
            return torch.zeros_like(rows).scatter_(1, rows.topk(k, dim=1).indices, -1.0).view(shape)

        right = cut(maps, count)
        known: dict[str, object] = {
            "the lowest pixels were cut: the map's highest are the first to go": cut(-maps, count),
            "all pictures have the same holes: each map cuts its own": [
                right[:1].expand_as(maps),
                cut(maps.mean(0, keepdim=True), count, maps[:1].shape).expand_as(maps),
            ],
            "the holes are white there: black is −1": -right,
            "black and grey are swapped: −1 in the holes, 0 elsewhere": -1 - right,
            "the highest by size were cut: a large negative value ranks low": cut(maps.abs(), count),
            "what is left shows the map: grey, 0, outside of the holes": torch.where(right < 0, -1.0, maps),
            "one pixel too many was cut": cut(maps, min(count + 1, h * w)),
            "one pixel too few was cut": cut(maps, max(count - 1, 0)),
            "the highest of all maps together were cut: each picture loses as many of its own": [
                cut(maps.view(1, 1, 1, -1), k, maps.shape) for k in (count, n * count)
            ],
        }
        if said := wrong_value(got, right, known, f"for {n} maps of {h} × {w} and {count} pixels"):
            return said
    return None
