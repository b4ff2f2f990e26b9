"""The checks of lessons 08.2 to 08.4: HiResCAM, importance of one part, and which trap a colleague fell into."""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import softplus

from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import number, table, wrong_value

_CAUSES = ("cut off at zero", "flattened head", "wrong baseline", "batch norm")
_TRUE = {"A": "wrong baseline", "B": "cut off at zero", "C": "batch norm", "D": "flattened head"}


@check(
    "hires",
    todo="return the signed HiResCAM of the maps and slopes",
    shows="right: slopes times maps where they are, summed over the maps, nothing cut off",
)
def hires(answer: Any) -> str | None:
    """``answer(maps, slopes)``: twice (N, K, h, w) → (N, 1, h, w)."""
    return next((wrong for size in ((3, 4, 5, 5), (1, 2, 3, 6), (2, 1, 4, 2)) if (wrong := _hires(answer, size))), None)


def _hires(answer: Any, size: tuple[int, ...]) -> str | None:
    g = torch.Generator().manual_seed(8)
    maps, slopes = torch.randn(size, generator=g), torch.randn(size, generator=g)
    got, product = table(answer(maps.clone(), slopes.clone())), maps * slopes
    right, k = product.sum(1, keepdim=True), size[1]
    shapes = {
        product.shape: f"that is one map for each of the {k}: add them up along axis 1",
        right[:, 0].shape: "the sum has dropped axis 1: keep it, with keepdim=True",
        right[0].shape: "the sum runs over the images, too: each keeps a map of its own",
        (size[0], k): "the sum runs over the positions: a map keeps them, and loses the K maps' axis",
        (size[0], k, 1, 1): "the sum runs over the positions: a map keeps them, and loses the K maps' axis",
    }
    if got.shape != right.shape:
        hint = f": {shapes[tuple(got.shape)]}" if tuple(got.shape) in shapes else ""
        return f"it returned the shape {tuple(got.shape)} for maps {size}, expected {tuple(right.shape)}{hint}"
    known = {
        "that is Grad-CAM: it averages the slopes over the positions first": (
            slopes.mean((2, 3), keepdim=True) * maps
        ).sum(1, keepdim=True),
        "that is Grad-CAM, cut off at 0: it averages the slopes over the positions first": (
            slopes.mean((2, 3), keepdim=True) * maps
        )
        .sum(1, keepdim=True)
        .relu(),
        "the negative parts are gone: the signed map keeps what speaks against": right.clamp(min=0),
        "each product was cut off at 0 before the sum: what speaks against belongs in it": product.relu().sum(
            1, keepdim=True
        ),
        "the maps were averaged: add them up": product.mean(1, keepdim=True),
        "the signs are gone: take no absolute value": [right.abs(), product.abs().sum(1, keepdim=True)],
        "that adds up the slopes only: multiply them by the maps": slopes.sum(1, keepdim=True),
        "that adds up the maps only: multiply them by the slopes": maps.sum(1, keepdim=True),
        "the slopes and the maps were summed first: multiply place by place, map by map, and then add": slopes.sum(
            1, keepdim=True
        )
        * maps.sum(1, keepdim=True),
        "that is the largest of the K maps at each place: add them up": product.amax(1, keepdim=True),
        "the sign is turned": -right,
        "it was scaled to its largest value: leave the numbers as they are": [
            right / right.abs().max(),
            right / right.abs().amax((2, 3), keepdim=True),
        ],
    }
    if k == 1:  # one map is its own sum, mean and maximum
        known = {}
    return wrong_value(got, right, known, f"that is not the sum over k of slopes times maps, for maps {size}")


@check(
    "importance_of",
    todo="return how far the score falls when the part is replaced by that of cover",
    shows="right: the score before minus the score after, and the images are as they were",
)
def importance_of(answer: Any) -> str | None:
    """``answer(score, images, part, cover)``: images and cover (N, 1, H, W), part bool (H, W) → one number."""
    return _importance(answer, 6, 4, 4) or _importance(answer, 2, 5, 3) or _importance(answer, 1, 4, 6)


def _importance(answer: Any, n: int, h: int, w: int) -> str | None:
    g = torch.Generator().manual_seed(9)
    images, cover = torch.rand(n, 1, h, w, generator=g) - 0.2, torch.rand(n, 1, h, w, generator=g) - 0.9
    part = torch.zeros(h, w, dtype=torch.bool)
    part[:2, 1:3] = True
    weights = torch.arange(h * w * 1.0).view(h, w) - 3

    def score(x: Tensor) -> Tensor:
        assert isinstance(x, torch.Tensor) and x.ndim == 4, "score takes images (N, 1, H, W)"
        return softplus((x * weights).sum((1, 2, 3)) / 8).square().mean()  # curved: the mean of a cover is no cover

    def after(inside: Tensor, outside: Tensor) -> Tensor:
        return score(torch.where(part, inside, outside))

    before, given, covering = score(images), images.clone(), cover.clone()
    got = number(answer(score, given, part.clone(), covering))
    if not torch.equal(images, given) or not torch.equal(cover, covering):
        return "it changed the images it was given: torch.where makes new ones"
    right, hidden = before - after(cover, images), torch.where(part, cover, images)
    known = {
        "the sign is turned: a part that the score needs must get a positive number": -right,
        "that replaced everything *but* the part: cover goes inside, images outside": before - after(images, cover),
        "the part was painted black: put in that of cover": before - after(torch.tensor(-1.0), images),
        "the part was set to 0, which is grey: put in that of cover": before - after(torch.tensor(0.0), images),
        "that is the score after the replacing: how far did it fall?": before - right,
        "all of the picture was replaced: only the part should be": before - score(cover),
        "the mean of the covers was put in: each image gets the part of its own cover": before
        - after(cover.mean(0), images),
        "one and the same cover was put into all images: each gets the part of its own": before
        - after(cover[:1], images),
        "that is the fall as a share of the score: how far did it fall?": right / before,
        "the size of the fall has no sign: a score can rise as well": right.abs(),
        "the fall is that of the first image alone": score(images[:1]) - score(hidden[:1]),
        "the falls were added up over the images: score takes their mean already": n * right,
    }
    return wrong_value(got, right, known, f"for a known score of {n} images")


@check("cause", todo="replace … by one of the four causes", shows="right: each complaint is one trap", function=False)
def cause(answer: Any) -> str | None:
    """``{"A": cause, …, "D": cause}``; nothing is judged before all four are filled in."""
    clue = {
        "A": "nothing is seen where the picture is like what it is compared with: what would show missing glasses?",
        "B": "D is sure, and its map is negative everywhere: what does the published method do with that?",
        "C": "which layer answers otherwise in eval mode than in the batches of the training?",
        "D": "the two marks look the same and differ in place only: which kind of head lets a map lose the place?",
    }
    return misnamed(answer, _TRUE, _CAUSES, lambda letter, _: clue[letter])
