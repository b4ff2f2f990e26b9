"""The checks of notebook 08: HiResCAM, importance of one part, and which trap a colleague fell into."""

import torch

from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import mistake

_CAUSES = ("cut off at zero", "flattened head", "wrong baseline", "batch norm")
_TRUE = {"A": "wrong baseline", "B": "cut off at zero", "C": "batch norm", "D": "flattened head"}


def _layer():
    g = torch.Generator().manual_seed(8)
    return torch.randn(3, 4, 5, 5, generator=g), torch.randn(3, 4, 5, 5, generator=g)


@check("hires",
       todo="return the signed HiResCAM of the maps and slopes",
       shows="right: slopes times maps where they are, summed over the maps, nothing cut off")
def hires(answer):
    """``answer(maps, slopes)``: twice (N, K, h, w) → (N, 1, h, w)."""
    maps, slopes = _layer()
    got = torch.as_tensor(answer(maps.clone(), slopes.clone()))
    product = maps * slopes
    right = product.sum(1, keepdim=True)
    known = [
        ((slopes.mean((2, 3), keepdim=True) * maps).sum(1, keepdim=True),
         "that is Grad-CAM: it averages the slopes over the positions first"),
        (right.clamp(min=0), "the negative parts are gone: the signed map keeps what speaks against"),
        (product.mean(1, keepdim=True), "the maps were averaged: add them up"),
        (right.abs(), "the signs are gone: take no absolute value"),
        (slopes.sum(1, keepdim=True), "that adds up the slopes only: multiply them by the maps"),
        (product, "that is one map for each of the K: add them up along axis 1"),
        (right[:, 0], "the sum has dropped axis 1: keep it, with keepdim=True"),
    ]  # fmt: skip
    for wrong, sentence in known:
        if got.shape == wrong.shape and torch.allclose(got, wrong, atol=1e-5):
            return sentence
    if got.shape != right.shape:
        return f"it returned the shape {tuple(got.shape)} for maps (3, 4, 5, 5): expected (3, 1, 5, 5)"
    return None if torch.allclose(got, right, atol=1e-5) else "the values are not the sum over k of slopes times maps"


@check("importance_of",
       todo="return how far the score falls when the part is replaced by that of cover",
       shows="right: the score before minus the score after, and the images are as they were")
def importance_of(answer):
    """``answer(score, images, part, cover)``: images and cover (N, 1, H, W), part bool (H, W) → one number."""
    g = torch.Generator().manual_seed(9)
    images, cover = torch.rand(6, 1, 4, 4, generator=g) - 0.2, torch.rand(6, 1, 4, 4, generator=g) - 0.9
    part = torch.zeros(4, 4, dtype=torch.bool)
    part[:2, 1:3] = True

    def score(x):
        return (x * torch.arange(16.0).view(4, 4)).sum((1, 2, 3)).mean()

    def after(inside, outside):
        return (score(images) - score(torch.where(part, inside, outside))).item()

    before = images.clone()
    value = torch.as_tensor(answer(score, images, part.clone(), cover.clone()))
    assert value.numel() == 1, f"it returned {value.numel()} numbers, expected one"
    got, right = value.double().item(), after(cover, images)
    if not torch.equal(images, before):
        return "it changed the images it was given: torch.where makes new ones"
    known = {
        -right: "the sign is turned: a part that the score needs must get a positive number",
        after(images, cover): "that replaced everything *but* the part: cover goes inside, images outside",
        after(torch.tensor(-1.0), images): "the part was painted black: put in that of cover",
        after(torch.tensor(0.0), images): "the part was set to 0, which is grey: put in that of cover",
        (score(images) - right).item(): "that is the score after the replacing: how far did it fall?",
        (score(images) - score(cover)).item(): "all of the picture was replaced: only the part should be",
    }
    if abs(got - right) > 1e-4:
        return mistake(got, known, 1e-4) or f"for a known score it gives {got:.4g}, expected {right:.4g}"
    return None


@check("cause",
       todo="replace … by one of the four causes",
       shows="right: each complaint is one trap", function=False)
def cause(answer):
    """``{"A": cause, …, "D": cause}``; nothing is judged before all four are filled in."""
    clue = {
        "A": "nothing is seen where the picture is like what it is compared with: what would show missing glasses?",
        "B": "D is sure, and all that it sees speaks against the target: what does the published method do with that?",
        "C": "which layer answers otherwise in eval mode than in the batches of the training?",
        "D": "the two marks look the same and differ in place only: which kind of head lets a map lose the place?",
    }
    return misnamed(answer, _TRUE, _CAUSES, lambda letter, _: clue[letter])
