"""Whom lesson 13.7 asks about: classes and strokes of the digits, a planted minority, and truncated latents."""

from dataclasses import replace

import torch
from torch import Tensor

from course_lib.audit import shares
from course_lib.data import ImageData
from course_lib.metrics import judge_outputs
from course_lib.models import Judge
from course_lib.training import Sampler

MINORITY = (5, 6, 7, 8, 9)  # of the planted imbalance
DUE = 0.1  # their share


def imbalanced(data: ImageData) -> ImageData:
    """All digits 0 to 4, and so few of 5 to 9 that they are a tenth of the whole, each equally often.

    Args:
        data: with equal shares.
    """
    rows = []
    for k in range(10):
        mine = (data.labels == k).nonzero()[:, 0]
        few = round(len(mine) * DUE / (1 - DUE))
        rows.append(mine[:few] if k in MINORITY else mine)
    keep = torch.cat(rows).sort().values
    return replace(
        data, images=data.images[keep], labels=data.labels[keep], sha256=data._derived(f"{DUE:.0%} {MINORITY}")
    )


def minority_read(images: Tensor, judge: Judge) -> float:
    """The share of pictures that the judge takes for a minority class.

    Args:
        images: ``(N, 1, 28, 28)``.
        judge: of digits.
    """
    read = judge_outputs(images, judge)[0].argmax(1)
    return torch.isin(read, torch.tensor(MINORITY)).double().mean().item()


def minority_expected(heldout: ImageData, judge: Judge) -> float:
    """What share the judge would read in real digits with the planted shares: its own errors included.

    Args:
        heldout: real digits with equal shares.
        judge: of digits.
    """
    small = torch.isin(heldout.labels, torch.tensor(MINORITY, device=heldout.labels.device))
    major, minor = (minority_read(heldout.images[rows], judge) for rows in (~small, small))
    return (1 - DUE) * major + DUE * minor


def negatives(data: ImageData, share: float, seed: int) -> tuple[ImageData, float]:
    """The data with some pictures turned into black ink on white paper.

    Args:
        data: white ink on black paper.
        share: of pictures that are turned, by lot.
        seed: of the lot.

    Returns:
        The data, and the share that was drawn.
    """
    which = torch.rand(len(data), generator=torch.Generator().manual_seed(seed)) < share
    images = torch.where(which.to(data.images.device).view(-1, 1, 1, 1), -data.images, data.images)
    turned = replace(data, images=images, sha256=data._derived(f"{share} of them turned, {seed}"))
    return turned, which.double().mean().item()


def share_negative(images: Tensor) -> float:
    """The share of pictures whose paper is white: brighter than grey on average. No network is asked.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1].
    """
    return (images.mean((1, 2, 3)) > 0).double().mean().item()


def truncated(sampler: Sampler, n: int, psi: float, seed: int = 0) -> Tensor:
    """Pictures of latents that were shrunk towards 0.

    Args:
        sampler: of the generator.
        n: how many.
        psi: factor on each latent; 1 leaves it.
        seed: of the latents.
    """
    return sampler.decode(psi * sampler.z(n, seed))


def stroke_groups(images: Tensor) -> dict[str, Tensor]:
    """Tenths of real digits by their strokes.

    Args:
        images: real digits.

    Returns:
        Name of a tenth → bool ``(N,)``.
    """
    groups = {}
    for name, (low, high) in {"thickness": ("thinnest", "thickest"), "slant": ("left", "right")}.items():
        values = shares.strokes(images)[name]
        limits = values.quantile(torch.tensor([0.1, 0.9]).double())
        words = {"thinnest": "thinnest tenth", "thickest": "thickest tenth"}
        groups[words.get(low, f"leaning {low} most")] = values <= limits[0]
        groups[words.get(high, f"leaning {high} most")] = values >= limits[1]
    return groups


def portrait(
    images: Tensor, real: ImageData, judge: Judge, least: float, strokes: dict[str, Tensor]
) -> dict[str, float]:
    """Shares and tails of a heap of pictures.

    Args:
        images: ``(N, 1, 28, 28)``.
        real: the data, for the classes' due shares.
        judge: of digits.
        least: ink of a real picture, see ``shares.least_ink``.
        strokes: of the real pictures, ``shares.strokes``.

    Returns:
        "variation" of the classes against the data's; "blank"; "one": read as 1 by the judge, which is not asked about
        ink; "thin", "thick", "left", "right": where a tenth of the data lies.
    """
    probabilities = judge_outputs(images, judge)[0]
    due = torch.bincount(real.labels.cpu(), minlength=10)
    blank = shares.is_blank(images, least)
    mine = shares.strokes(images)
    thin, thick = shares.tails(mine["thickness"], strokes["thickness"])
    left, right = shares.tails(mine["slant"], strokes["slant"])
    counts = torch.bincount(probabilities.argmax(1), minlength=10)
    found = {"variation": shares.variation(counts, due), "blank": blank.double().mean().item()}
    found |= {"one": counts[1].item() / len(images), "thin": thin, "thick": thick, "left": left, "right": right}
    return {name: round(value, 4) for name, value in found.items()}


def gaps(images: Tensor, heldout: ImageData, judge: Judge, groups: dict[str, Tensor]) -> dict[str, float]:
    """Coverage of each group of held-out digits: which share of them has a picture nearby.

    Args:
        images: generated ``(N, 1, 28, 28)``.
        heldout: real digits.
        judge: whose features are compared.
        groups: name → bool for each held-out digit.

    Returns:
        "all", classes "0" … "9", and the groups → coverage.
    """
    real, fake = (judge_outputs(x, judge)[1] for x in (heldout.images, images))
    hit = shares.covered(real, fake)
    found = {"all": hit.double().mean().item()}
    found |= {str(k): v for k, v in shares.by_group(hit, heldout.labels).items()}
    found |= {name: hit[rows].double().mean().item() for name, rows in groups.items()}
    return {name: round(value, 4) for name, value in found.items()}
