"""Who is drawn how often, and who is not: shares of groups the luck of counting, tails, and a "no digit" answer."""

from collections.abc import Sequence

import torch
from scipy.stats import binom
from torch import Tensor

from course_lib.errors import CourseError
from course_lib.explain.concepts import INK, cleaned, slant, thickness
from course_lib.metrics.frechet import checked_pair
from course_lib.metrics.judge_scores import class_counts
from course_lib.metrics.judge_scores import shares as of_counts

BY_CHANCE = 0.95  # of honest draws lie within a band


def chance_band(share: float, n: int) -> tuple[float, float]:
    """Where the share of n honest draws lies in 95 of 100 cases, by the binomial distribution.

    Args:
        share: the true one, in [0, 1].
        n: draws, at least 1.

    Returns:
        The lowest and the highest share.

    Raises:
        CourseError: for another share or number.

    Example:
        >>> from course_lib.audit.shares import chance_band
        >>> chance_band(0.1, 1000)
        (0.082, 0.119)
    """
    if not 0 <= share <= 1 or n < 1:
        raise CourseError(f"share={share!r} of n={n!r} draws: use a share from 0 to 1 and at least one draw.")
    low, high = binom.ppf([(1 - BY_CHANCE) / 2, (1 + BY_CHANCE) / 2], n, share)
    return float(low) / n, float(high) / n


def variation(counts: Tensor, due: Tensor) -> float:
    """Half the summed differences of two lists of shares: the share of pictures that would have to change groups.

    Args:
        counts: of pictures in each group ``(K,)``.
        due: counts or shares to compare with ``(K,)``.

    Returns:
        From 0 (the same) to 1 (no group in common): the total variation.

    Raises:
        CourseError: for lists of different lengths, or of nothing.
    """
    if counts.shape != due.shape:
        raise CourseError(f"{tuple(counts.shape)} and {tuple(due.shape)} do not fit: use one number a group in both.")
    return 0.5 * (of_counts(counts) - of_counts(due)).abs().sum().item()


def variation_by_chance(due: Tensor, n: int, *, draws: int = 1000, seed: int = 0) -> float:
    """What the variation of n honest draws stays below in 95 of 100 cases.

    Args:
        due: counts or shares ``(K,)``.
        n: pictures in a draw.
        draws: simulated.
        seed: of them.
    """
    p, g = of_counts(due), torch.Generator().manual_seed(seed)
    drawn = torch.multinomial(p.expand(draws, -1), n, replacement=True, generator=g)  # (draws, n)
    counts = torch.stack([(drawn == k).sum(1) for k in range(len(p))], 1).double()  # (draws, K)
    return (0.5 * (counts / n - p).abs().sum(1)).quantile(BY_CHANCE).item()


def least_ink(real: Tensor) -> float:
    """How little ink a real picture has, at least: the share of its pixels that are ink.

    Args:
        real: pictures ``(N, 1, H, W)`` in [−1, 1].
    """
    return _ink(real).min().item()


def is_blank(images: Tensor, least: float) -> Tensor:
    """Which pictures have less ink than any real one, bool ``(N,)``: no digit, whatever a judge says.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1].
        least: of :func:`least_ink`.
    """
    return _ink(images) < least


def read_classes(probabilities: Tensor, blank: Tensor) -> Tensor:
    """Counts of classes, and one more for "no digit", int64 ``(K + 1,)``.

    Args:
        probabilities: of a judge, ``(N, K)``.
        blank: which pictures are none, bool ``(N,)``.
    """
    return torch.cat([class_counts(probabilities[~blank]), blank.sum()[None]])


def strokes(images: Tensor) -> dict[str, Tensor]:
    """Thickness and slant of each picture.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1].

    Returns:
        "thickness" in pixels, "slant" in pixels to the right for each pixel up: ``(N,)`` each, NaN without ink.
    """
    inks = [cleaned(ink) for ink in (images[:, 0] > INK).cpu().numpy()]
    measured = {"thickness": thickness, "slant": slant}
    return {
        name: torch.tensor([of(ink) if ink.any() else float("nan") for ink in inks], dtype=torch.double)
        for name, of in measured.items()
    }


def tails(values: Tensor, reference: Tensor, share: float = 0.1) -> tuple[float, float]:
    """How many lie where the lowest and the highest tenth of a reference lie.

    Args:
        values: ``(N,)``; NaN lies nowhere.
        reference: of real pictures ``(M,)``.
        share: of a tail, in (0, ½).

    Returns:
        Two shares of all values; both are ``share`` when the two have one distribution.
    """
    low, high = reference.double().quantile(torch.tensor([share, 1 - share]).double()).tolist()
    return (values < low).double().mean().item(), (values > high).double().mean().item()


def covered(real: Tensor, fake: Tensor, k: int = 5) -> Tensor:
    """Which real pictures have a generated one nearer than their k-th real neighbour, bool ``(N,)``.

    The mean over all is ``metrics.precision_recall(...).coverage``; over a group it says how well the group is drawn.

    Args:
        real: features ``(N, d)``.
        fake: features ``(M, d)``.
        k: from 1 to N − 1.

    Raises:
        CourseError: for another k, different d, or NaN.
    """
    real, fake = checked_pair(real, fake)
    if not 1 <= k < len(real):
        raise CourseError(f"k={k!r}: use a whole number from 1 to {len(real) - 1}.")
    radius = torch.cdist(real, real).kthvalue(k + 1, dim=1).values  # + 1: itself
    return torch.cdist(real, fake).min(1).values < radius


def by_group(hit: Tensor, groups: Sequence[int] | Tensor) -> dict[int, float]:
    """The share of hits in each group.

    Args:
        hit: bool ``(N,)``.
        groups: which each belongs to ``(N,)``.

    Returns:
        Group → share.
    """
    groups = torch.as_tensor(groups).cpu()
    return {k: hit[groups == k].double().mean().item() for k in groups.unique().tolist()}


def _ink(images: Tensor) -> Tensor:
    return (images > INK).flatten(1).double().mean(1).cpu()
