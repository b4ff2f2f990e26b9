"""Tests of explanations: does the map say what the model does, and is what was planted found?

A map is an attribution ``(N, C, H, W)`` or ``(N, 1, H, W)``. A score means little alone: compute the same for the
controls (``course_lib.explain.controls``) and print both.
"""

from collections.abc import Callable

import torch
from scipy.stats import rankdata
from torch import Tensor
from torch.nn.functional import cosine_similarity

from course_lib.errors import CourseError, check_positive, check_whole_number
from course_lib.metrics.ranking import highest_first

Value = Callable[[Tensor], Tensor]  # images (N, C, H, W) → (N,)
Explain = Callable[[Tensor], Tensor]  # images → attributions


def sum_channels(attribution: Tensor) -> Tensor:
    """One number per pixel ``(N, H·W)``, channels summed.

    Args:
        attribution: ``(N, C, H, W)``.
    """
    return attribution.sum(1).flatten(1)


@torch.no_grad()
def insertion_deletion(
    value: Value, images: Tensor, attribution: Tensor, fill: Tensor | float = -1.0, steps: int = 28, seed: int = 0
) -> dict[str, Tensor]:
    """How the value rises and falls as pixels come and go, most important first (Petsiuk, Das and Saenko 2018).

    Args:
        value: images → one number each ``(N,)``, such as a class's probability.
        images: ``(N, C, H, W)`` in [−1, 1].
        attribution: the maps, ``(N, C, H, W)`` or ``(N, 1, H, W)``.
        fill: a brightness, or pictures ``(N, C, H, W)`` (other real images keep what the model sees in the distribution
            it was trained on; black does not).
        steps: equal parts in which the pixels go.
        seed: of the random order in which equal pixels go; by their place, a map that gives many pixels the same would
            be scored for where they stand.

    Returns:
        "insertion": mean value while pixels appear on ``fill`` (higher is better); "deletion": mean value while they
        give way to ``fill`` (lower is better): ``(N,)`` each.

    Raises:
        CourseError: for maps that do not fit the images or hold NaN, for less than one step, for a ``value`` that is
            not one number an image.
    """
    check_same_place(images, attribution)
    _finite(attribution)
    check_whole_number("steps", steps)
    n, _, height, width = images.shape
    pixels = height * width
    rank = torch.empty(n, pixels, dtype=torch.long, device=images.device)
    order = highest_first(sum_channels(attribution), seed)
    rank.scatter_(1, order, torch.arange(pixels, device=images.device).expand(n, -1))
    rank = rank.view(n, 1, height, width)
    nothing = torch.as_tensor(fill, dtype=images.dtype, device=images.device).expand_as(images)
    curves: dict[str, list[Tensor]] = {"insertion": [], "deletion": []}
    for step in range(steps + 1):
        first = rank < step * pixels / steps
        curves["insertion"].append(_valued(value, torch.where(first, images, nothing)))
        curves["deletion"].append(_valued(value, torch.where(first, nothing, images)))
    return {name: torch.trapezoid(torch.stack(curve, 1), dim=1) / steps for name, curve in curves.items()}


def localisation(attribution: Tensor, mask: Tensor, ignore: Tensor | None = None) -> dict[str, Tensor]:
    """How well a map finds a planted part, in float64 on the CPU.

    Equal pixels share: a constant map scores what guessing does.

    Args:
        attribution: the maps, ``(N, C, H, W)`` or ``(N, 1, H, W)``.
        mask: bool ``(H, W)`` or ``(N, H, W)``, the part.
        ignore: bool ``(H, W)``, pixels that count neither as the part nor as the rest.

    Returns:
        ``(N,)`` each. "auc": chance that a pixel of the part has more attribution than another; 0.5 is guessing.
        "pointing": 1 where the highest pixel lies in it (Zhang et al. 2018). "iou": overlap of the part with as many of
        the highest pixels. "mass": share of the positive attribution inside; 0 where nothing is positive. "chance": the
        part's share of the image, what "pointing" and "mass" come to by guessing.

    Raises:
        CourseError: for a mask that is not bool, does not fit, is empty or full; for maps that hold NaN.

    Example:
        >>> import torch
        >>> from course_lib.metrics.faithfulness import localisation
        >>> mask = torch.zeros(4, 4, dtype=torch.bool)
        >>> mask[:2, :2] = True
        >>> found = localisation(mask[None, None].float(), mask)  # the map is the mask itself
        >>> found["auc"].item(), found["iou"].item(), found["chance"].item()
        (1.0, 1.0, 0.25)
    """
    _finite(attribution)
    a = sum_channels(attribution).cpu()  # float64 below, which not every device has
    if mask.dtype != torch.bool or mask.shape[-2:] != attribution.shape[-2:] or mask.shape[:-2] not in ((), (len(a),)):
        raise _no_mask(mask, attribution)
    inside = mask.to(a.device).expand(len(a), *mask.shape[-2:]).flatten(1)  # (N, P)
    if ignore is not None:
        if ignore.dtype != torch.bool or ignore.shape != attribution.shape[-2:]:
            raise _no_mask(ignore, attribution)
        counted = ~ignore.flatten().to(a.device)
        a, inside = a[:, counted], inside[:, counted]
    k = inside.sum(1).double()
    rest = a.shape[1] - k
    if not (k > 0).all() or not (rest > 0).all():
        raise _no_mask(mask, attribution)
    auc = ((_ranks(a) * inside).sum(1) - k * (k + 1) / 2) / (k * rest)  # from the sum of ranks: Mann and Whitney
    best = a == a.amax(1, keepdim=True)
    last = a.sort(1, descending=True).values.gather(1, k.long()[:, None] - 1)  # the k-th highest
    above, level = a > last, a == last
    share = (k - above.sum(1)) / level.sum(1)  # how many of the pixels at the k-th highest value still find room
    both = (above & inside).sum(1) + share * (level & inside).sum(1)
    positive = a.double().clamp(min=0)
    mass = (positive * inside).sum(1) / positive.sum(1).clamp(min=1e-12)
    return {
        "auc": auc,
        "pointing": (best & inside).sum(1).double() / best.sum(1),
        "iou": both / (2 * k - both),
        "mass": mass,
        "chance": k / a.shape[1],
    }


@torch.no_grad()
def infidelity(
    value: Value, images: Tensor, attribution: Tensor, sigma: float = 0.2, samples: int = 50, seed: int = 0
) -> Tensor:
    """E[(I·φ − (f(x) − f(x − I)))²] over normal perturbations I (Yeh et al. 2019, definition 2.1, section 3).

    Each map is first scaled by the factor that suits it best. The factor is fitted to the same perturbations, so a map
    that says nothing comes to about 1 − 1/``samples``.

    Args:
        value: images → one number each ``(N,)``.
        images: ``(N, C, H, W)`` in [−1, 1].
        attribution: the maps, ``(N, C, H, W)`` or ``(N, 1, H, W)``.
        sigma: standard deviation of the perturbations, in the units of [−1, 1].
        samples: how many perturbations.
        seed: of them.

    Returns:
        ``(N,)``, as a share of E[(f(x) − f(x − I))²]: 1 says nothing, 0 all.

    Raises:
        CourseError: as ``insertion_deletion``; for a ``sigma`` not above 0.
    """
    check_same_place(images, attribution)
    _finite(attribution)
    check_whole_number("samples", samples)
    check_positive("sigma", sigma)
    g, here = torch.Generator().manual_seed(seed), _valued(value, images)
    promised, changed = [], []
    for _ in range(samples):
        noise = sigma * torch.randn(images.shape, generator=g).to(images)
        promised.append((noise * attribution).flatten(1).sum(1))
        changed.append(here - _valued(value, images - noise))
    p, c = (torch.stack(each, 1).cpu().double() for each in (promised, changed))  # (N, samples)
    scale = (p * c).sum(1, keepdim=True) / (p * p).sum(1, keepdim=True).clamp(min=1e-12)
    return ((scale * p - c) ** 2).sum(1) / (c**2).sum(1).clamp(min=1e-12)


def max_sensitivity(explain: Explain, images: Tensor, radius: float = 0.1, samples: int = 10, seed: int = 0) -> Tensor:
    """Largest relative change of the map, ‖φ(x + e) − φ(x)‖/‖φ(x)‖, under small shifts e of the image: ``(N,)``.

    Yeh et al. 2019, definition 3.1. A map that never changes is best, whatever it says, so it needs its controls.

    Args:
        explain: images → maps.
        images: ``(N, C, H, W)`` in [−1, 1].
        radius: shifts are uniform in ±radius.
        samples: how many shifts.
        seed: of them.
    """
    check_whole_number("samples", samples)
    check_positive("radius", radius)
    g, base = torch.Generator().manual_seed(seed), explain(images).flatten(1)
    worst = torch.zeros(len(images)).to(base)
    for _ in range(samples):
        shift = radius * (2 * torch.rand(images.shape, generator=g) - 1).to(images)
        moved = explain((images + shift).clamp(-1, 1)).flatten(1)
        worst = torch.maximum(worst, (moved - base).norm(dim=1) / base.norm(dim=1).clamp(min=1e-12))
    return worst


def rank_correlation(a: Tensor, b: Tensor, absolute: bool = False, where: Tensor | None = None) -> Tensor:
    """Spearman's correlation of two maps, image by image: ``(N,)`` in [−1, 1]; 0 where a map is constant.

    Ties get their mean rank.

    Args:
        a: maps ``(N, C, H, W)``.
        b: maps of the same images.
        absolute: of the absolute values (Adebayo et al. 2018 report both).
        where: bool ``(N, 1, H, W)``, compare these pixels only: elsewhere both maps may be 0, and so many shared ties
            are agreement about nothing.

    Raises:
        CourseError: for maps of different sizes or with NaN; for a ``where`` with fewer than 2 pixels in some image.
    """
    x, y = (sum_channels(m).cpu().abs() if absolute else sum_channels(m).cpu() for m in (a, b))  # float64 below
    if x.shape != y.shape:
        raise CourseError(f"maps of shapes {tuple(a.shape)} and {tuple(b.shape)}: compare maps of the same images.")
    _finite(a, b)
    if where is None:
        where = torch.ones_like(a[:, :1], dtype=torch.bool)
    chosen = where.flatten(1).to(x.device)
    if chosen.shape != x.shape or chosen.dtype != torch.bool or not (chosen.sum(1) > 1).all():
        raise CourseError(
            f"where has shape {tuple(where.shape)} for maps {tuple(a.shape)}: use bool (N, 1, H, W) with "
            "at least 2 pixels in each image."
        )
    found = []
    for row, column, kept in zip(x, y, chosen, strict=True):
        r, c = (_ranks(v[kept][None]) for v in (row, column))  # (1, pixels kept)
        found.append(cosine_similarity(r - r.mean(), c - c.mean()))
    return torch.cat(found)


def _ranks(x: Tensor) -> Tensor:
    """Ranks along each row from 1, tied values sharing their mean: ``(N, P)`` float64."""
    return torch.from_numpy(rankdata(x.detach().double().numpy(), axis=1))


def _valued(value: Value, images: Tensor) -> Tensor:
    values = value(images)
    if not isinstance(values, Tensor) or values.shape != (len(images),):
        shape = tuple(values.shape) if isinstance(values, Tensor) else type(values).__name__
        raise CourseError(
            f"value gave {shape} for {len(images)} images: it must give one number per image, "
            f"({len(images)},), such as a class's probability."
        )
    return values


def check_same_place(images: Tensor, attribution: Tensor) -> None:
    """Refuse maps of another number, height or width than their images.

    Args:
        images: ``(N, C, H, W)``.
        attribution: the maps.

    Raises:
        CourseError: for such maps.
    """
    if len(images) != len(attribution) or images.shape[-2:] != attribution.shape[-2:]:
        raise CourseError(
            f"maps of shape {tuple(attribution.shape)} for images {tuple(images.shape)}: they must agree "
            "in number, height and width."
        )


def _finite(*maps: Tensor) -> None:
    if not all(torch.isfinite(m).all() for m in maps):
        raise CourseError("a map holds NaN or infinity: look at how it was computed before it is scored.")


def _no_mask(mask: Tensor, attribution: Tensor) -> CourseError:
    return CourseError(
        f"a mask of shape {tuple(mask.shape)} and {mask.dtype} for maps of {tuple(attribution.shape)}: "
        "use bool (H, W) or (N, H, W), neither empty nor full."
    )
