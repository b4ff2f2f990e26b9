"""The checks of lessons 07.3 and 07.4 on maps: covering, Grad-CAM, a blind spot of it, sums, black pixels."""

import itertools
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value
from course_lib.learn.wording import number_text


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
    return wrong_value(got.reshape(h, w), right, known, when, within=1e-4)


@check(
    "grad_cam",
    todo="return the maps, added up with their mean slopes as weights, cut off at 0",
    shows="right: one mean slope a map, a sum over the maps, and nothing below 0",
)
def grad_cam(answer: Any) -> str | None:
    """``answer(maps, slopes)``: (N, K, h, w) each → (N, 1, h, w), at least 0."""
    g = torch.Generator().manual_seed(2)
    for n, k, h, w, size in ((2, 3, 4, 4, 1), (1, 5, 2, 3, 1), (3, 1, 3, 2, 1), (2, 4, 3, 3, 1000)):
        maps, slopes = (size * torch.randn(n, k, h, w, generator=g) for _ in range(2))
        got = table(answer(maps.clamp(min=0), slopes.clone()))
        assert got.numel() == n * h * w, f"it returned the shape {tuple(got.shape)}, expected ({n}, 1, {h}, {w})"
        when = f"for {n} pictures, {k} maps of {h} × {w}{' of sizes around 1,000' if size > 1 else ''}"
        if wrong := _grad_cam(got.reshape(n, 1, h, w), when, maps.clamp(min=0).double(), slopes.double()):
            return wrong
    return None


def _grad_cam(got: Tensor, when: str, maps: Tensor, slopes: Tensor) -> str | None:
    alpha = slopes.mean((2, 3), keepdim=True)  # (N, K, 1, 1)

    def added(weights: Tensor, cut: bool = True) -> Tensor:
        signed = (weights * maps).sum(1, keepdim=True)
        return signed.clamp(min=0) if cut else signed

    right = added(alpha)
    known = {
        "cut off what is negative: max(0, …) of the sum": added(alpha, cut=False),
        "sizes were taken: what is negative becomes 0": added(alpha, cut=False).abs(),
        "the slopes were not averaged over places: that is HiResCAM": [added(slopes), added(slopes, cut=False)],
        "the maps are added up, not averaged": right / maps.shape[1],
        "the slopes were added up over places: take their mean": right * maps[0, 0].numel(),
        "maps with a negative weight stay in the sum: cut off at 0 *after* adding up": added(alpha.clamp(min=0)),
        "one weight for each map, not one for all: average over the places alone": added(
            slopes.mean((1, 2, 3), keepdim=True)
        ),
        "each picture has its own weights: do not average over the pictures": added(alpha.mean(0, keepdim=True)),
        "the maps and the slopes are swapped": (maps.mean((2, 3), keepdim=True) * slopes)
        .sum(1, keepdim=True)
        .clamp(min=0),
        "the maps were added up without their weights": maps.sum(1, keepdim=True),
    }
    return wrong_value(got, right, known, when, within=1e-4)


@check(
    "blind",
    todo="return two tensors (1, 1, h, w): a map and its slopes",
    shows="right: the logit hangs on this map, and Grad-CAM shows nothing of it",
)
def blind(answer: Any) -> str | None:
    """``answer()``: → a map and its slopes for which Grad-CAM is 0 everywhere, and HiResCAM's sum at least 1."""
    pair = answer()
    assert isinstance(pair, tuple | list) and len(pair) == 2, (
        f"it returned a {type(pair).__name__}, expected two tensors: the map, the slopes"
    )
    maps, slopes = (table(one, what=f"the {name} are") for name, one in zip(("maps", "slopes"), pair, strict=True))
    for name, one in (("map", maps), ("slopes", slopes)):
        assert one.ndim == 4 and one.shape[:2] == (1, 1) and one.numel(), (
            f"the {name} have the shape {tuple(one.shape)}, expected (1, 1, h, w)"
        )
    assert maps.shape == slopes.shape, f"a map {tuple(maps.shape)} with slopes {tuple(slopes.shape)}: use one shape"
    if (maps < 0).any():
        return f"the map has {maps.min():.3g} in it: after a ReLU nothing is below 0"
    alpha, here = slopes.mean().item(), (slopes * maps).sum().item()
    cam = (alpha * maps).max().item()  # what is negative is cut off
    if cam > 1e-6:
        return (
            f"Grad-CAM still shows {number_text(cam)} somewhere: the mean slope is {number_text(alpha)}, make it 0 or "
            "less"
        )
    if here < 1:
        turned = ": the signs are turned" if here <= -1 else ""
        return (
            f"HiResCAM sums to {number_text(here)}, expected at least 1{turned}; be bright where the slope is positive"
        )
    return None


@check(
    "completed",
    todo="return the maps, shifted so that each sums to its total",
    shows="right: any map can be made complete, noise too",
)
def completed(answer: Any) -> str | None:
    """``answer(maps, total)``: (N, 1, H, W) and (N,) → (N, 1, H, W), each map shifted as a whole."""
    g = torch.Generator().manual_seed(6)
    for n, h, w in ((3, 4, 5), (1, 2, 2), (2, 28, 28)):
        maps, total = torch.randn(n, 1, h, w, generator=g), 10 * torch.randn(n, generator=g)
        for when, one in (("", maps), (" that sum to 0", maps - maps.mean((1, 2, 3), keepdim=True))):
            got = table(answer(one.clone(), total.clone()), (n, 1, h, w))
            if wrong := _completed(got, f"for {n} maps of {h} × {w}{when}", one.double(), total.double()):
                return wrong
    return None


def _completed(got: Tensor, when: str, maps: Tensor, total: Tensor) -> str | None:
    pixels, sums, wanted = maps[0].numel(), maps.sum((1, 2, 3), keepdim=True), total.view(-1, 1, 1, 1)
    right = maps + (wanted - sums) / pixels
    known = {
        "each pixel got the whole of what is missing: divide it by the number of pixels": maps + wanted - sums,
        "what the map sums to already has to be taken away from the total": maps + wanted / pixels,
        "that is the total spread evenly: keep the map's own differences": (wanted / pixels).expand_as(maps),
        "the maps were scaled, so their zero stays; shift them": maps * wanted / sums,
        "the sign is turned: add what is missing, total − sum": maps - (wanted - sums) / pixels,
        "each map has its own total: take no mean over the batch": maps
        + (total.mean() - maps.sum() / len(maps)) / pixels,
        "divide by the pixels of one map, not of all maps": maps + (wanted - sums) / maps.numel(),
        "the maps are as they were": maps,
    }
    if wrong := wrong_value(got, right, known, when, within=1e-4):
        off = (got.sum((1, 2, 3)) - total).abs().max().item()
        return f"{wrong}; a sum misses its total by {number_text(off)}"
    return None


@check(
    "on_black",
    todo="return which share of the maps' size lies on black pixels",
    shows="right: between 0 and 1, whatever the signs",
)
def on_black(answer: Any) -> str | None:
    """``answer(maps, pictures)``: (N, 1, H, W) each → a share in [0, 1], over all pictures together."""
    g = torch.Generator().manual_seed(9)
    for n, h, w in ((3, 5, 4), (1, 2, 3), (2, 9, 9)):
        pictures = torch.tensor([-1.0, -0.95, -0.4, 0.0, 1.0])[torch.randint(5, (n, 1, h, w), generator=g)]
        maps = torch.randn(n, 1, h, w, generator=g) * (1 + torch.arange(n).view(-1, 1, 1, 1))
        pictures[0, 0, 0, 0], maps[0, 0, 0, 0] = -1, -3
        got = number(answer(maps.clone(), pictures.clone()))
        if wrong := _on_black(got, f"for {n} maps of {h} × {w}", maps.double(), pictures):
            return wrong
    return None


def _on_black(got: float, when: str, maps: Tensor, pictures: Tensor) -> str | None:
    black, size = pictures == -1, maps.abs()
    each = (size * black).sum((1, 2, 3)) / size.sum((1, 2, 3))
    right = (size * black).sum() / size.sum()
    known = {
        "signs cancel each other: take the sizes, .abs()": (maps * black).sum() / maps.sum(),
        "the sizes below need .abs() as well: divide by the sum of the sizes": (size * black).sum() / maps.sum(),
        "take the size of each pixel before adding up, not of the sum": (maps * black).sum().abs() / size.sum(),
        "that is the share of *pixels* that are black: weigh each by the map's size there": black.double().mean(),
        "black is −1, not 0": (size * (pictures == 0)).sum() / size.sum(),
        "that counts dark grey as black: black is −1 exactly": [
            (size * (pictures < level)).sum() / size.sum() for level in (0.0, -0.9, -0.5)
        ],
        "that is the share on the ink: 1 minus what is asked for": 1 - right,
        "all pictures together: the mean of each picture's share is another number": each.mean(),
        "that is a mean size on black: divide the *sums*": size[black].mean() / size.mean(),
        "that is a sum: divide it by the sum over all pixels": (size * black).sum(),
    }
    return wrong_value(got, right, known, when, within=1e-5)
