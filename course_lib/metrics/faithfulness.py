"""Tests of explanations: does the map say what the model does, and is what was planted found?

A map is an attribution ``(N, C, H, W)`` or ``(N, 1, H, W)``. A score means little alone: compute the same for the
controls (``course_lib.explain.controls``) and print both.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import cosine_similarity

from course_lib.errors import CourseError

Value = Callable[[Tensor], Tensor]  # images (N, C, H, W) → (N,)
Explain = Callable[[Tensor], Tensor]  # images → attributions


def flat(attribution: Tensor) -> Tensor:
    """One number per pixel ``(N, H·W)``, channels summed."""
    return attribution.sum(1).flatten(1)


@torch.no_grad()
def insertion_deletion(value: Value, images: Tensor, attribution: Tensor, fill: Tensor | float = -1.0,
                       steps: int = 28) -> dict[str, Tensor]:  # fmt: skip
    """Petsiuk, Das and Saenko 2018. Pixels go in order of the map, most important first, in ``steps`` equal parts.

    "insertion": mean value while they appear on ``fill`` (higher is better); "deletion": mean value while they give way
    to ``fill`` (lower is better): ``(N,)`` each. fill: a brightness, or pictures ``(N, C, H, W)`` (other real images
    keep what the model sees in the distribution it was trained on; black does not).
    """
    _same_place(images, attribution)
    n, _, height, width = images.shape
    pixels = height * width
    rank = torch.empty(n, pixels, dtype=torch.long, device=images.device)
    order = flat(attribution).argsort(1, descending=True)
    rank.scatter_(1, order, torch.arange(pixels, device=images.device).expand(n, -1))
    rank = rank.view(n, 1, height, width)
    nothing = torch.as_tensor(fill, dtype=images.dtype, device=images.device).expand_as(images)
    curves = {"insertion": [], "deletion": []}
    for step in range(steps + 1):
        first = rank < step * pixels / steps
        curves["insertion"].append(value(torch.where(first, images, nothing)))
        curves["deletion"].append(value(torch.where(first, nothing, images)))
    return {name: torch.trapezoid(torch.stack(curve, 1), dim=1) / steps for name, curve in curves.items()}


def localisation(attribution: Tensor, mask: Tensor) -> dict[str, Tensor]:
    """How well a map finds a planted part; ``mask`` bool ``(H, W)`` or ``(N, H, W)``. ``(N,)`` each:

    "auc": chance that a pixel of the part has more attribution than another; 0.5 is guessing. "pointing": 1 where the
    highest pixel lies in it (Zhang et al. 2018). "iou": overlap of the part with as many of the highest pixels.
    "mass": share of the positive attribution inside.
    """
    a = flat(attribution)
    inside = mask.to(a.device).expand(len(a), *mask.shape[-2:]).flatten(1)
    if inside.shape != a.shape or not inside.any(1).all() or inside.all(1).any():
        raise CourseError(f"a mask of shape {tuple(mask.shape)} for maps of {tuple(attribution.shape)}: use bool "
                          "(H, W) or (N, H, W), neither empty nor full.")  # fmt: skip
    k = inside.sum(1)
    auc, iou = [], []
    for row, part in zip(a, inside, strict=True):
        higher = row[part][:, None] - row[~part][None]
        auc.append((higher > 0).double().mean() + 0.5 * (higher == 0).double().mean())
        top = torch.zeros_like(part)
        top[row.topk(int(part.sum())).indices] = True
        iou.append((top & part).sum() / (top | part).sum())
    positive = a.clamp(min=0)
    mass = (positive * inside).sum(1) / positive.sum(1).clamp(min=1e-12)
    pointing = inside.gather(1, a.argmax(1, keepdim=True))[:, 0].double()
    return {"auc": torch.stack(auc), "pointing": pointing, "iou": torch.stack(iou).double(), "mass": mass.double(),
            "chance": k.double() / a.shape[1]}  # fmt: skip


@torch.no_grad()
def infidelity(value: Value, images: Tensor, attribution: Tensor, sigma: float = 0.2, samples: int = 50,
               seed: int = 0) -> Tensor:  # fmt: skip
    """E[(I·φ − (f(x) − f(x − I)))²] over normal perturbations I, each map first scaled by the factor that suits it best
    (Yeh et al. 2019, definition 2.1, section 3): ``(N,)`` as a share of E[(f(x) − f(x − I))²]: 1 says nothing, 0 all."""
    _same_place(images, attribution)
    g, here = torch.Generator().manual_seed(seed), value(images)
    promised, changed = [], []
    for _ in range(samples):
        noise = sigma * torch.randn(images.shape, generator=g).to(images)
        promised.append((noise * attribution).flatten(1).sum(1))
        changed.append(here - value(images - noise))
    p, c = torch.stack(promised, 1).double(), torch.stack(changed, 1).double()  # (N, samples)
    scale = (p * c).sum(1, keepdim=True) / (p * p).sum(1, keepdim=True).clamp(min=1e-12)
    return ((scale * p - c) ** 2).sum(1) / (c**2).sum(1).clamp(min=1e-12)


def sensitivity(explain: Explain, images: Tensor, radius: float = 0.1, samples: int = 10, seed: int = 0) -> Tensor:
    """Largest relative change of the map, ‖φ(x + e) − φ(x)‖/‖φ(x)‖, over ``samples`` uniform e in ±radius (Yeh et al.
    2019, definition 3.1): ``(N,)``. A constant map is best, so it needs its controls."""
    g, base = torch.Generator().manual_seed(seed), explain(images).flatten(1)
    worst = torch.zeros(len(images)).to(base)
    for _ in range(samples):
        shift = radius * (2 * torch.rand(images.shape, generator=g) - 1).to(images)
        moved = explain((images + shift).clamp(-1, 1)).flatten(1)
        worst = torch.maximum(worst, (moved - base).norm(dim=1) / base.norm(dim=1).clamp(min=1e-12))
    return worst


def rank_correlation(a: Tensor, b: Tensor, absolute: bool = False) -> Tensor:
    """Spearman's correlation of two maps, image by image: ``(N,)`` in [−1, 1]; ties get their mean rank; 0 where a map
    is constant. absolute: of the absolute values (Adebayo et al. 2018 report both)."""
    x, y = (flat(m).abs() if absolute else flat(m) for m in (a, b))
    if x.shape != y.shape:
        raise CourseError(f"maps of shapes {tuple(a.shape)} and {tuple(b.shape)}: compare maps of the same images.")
    x, y = (_ranks(m) for m in (x, y))
    return cosine_similarity(x - x.mean(1, keepdim=True), y - y.mean(1, keepdim=True), dim=1)


def _ranks(x: Tensor) -> Tensor:
    """Ranks along each row, tied values sharing their mean: ``(N, P)`` float64."""
    found = []
    for row in x:
        _, place, count = row.unique(return_inverse=True, return_counts=True)
        last = count.cumsum(0).double()
        found.append((last - (count - 1) / 2)[place])
    return torch.stack(found)


def _same_place(images: Tensor, attribution: Tensor) -> None:
    if len(images) != len(attribution) or images.shape[-2:] != attribution.shape[-2:]:
        raise CourseError(f"maps of shape {tuple(attribution.shape)} for images {tuple(images.shape)}: they must agree "
                          "in number, height and width.")  # fmt: skip
