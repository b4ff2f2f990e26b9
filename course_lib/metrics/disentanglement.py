"""Does each number of a code stand for one cause? Scores for data whose causes (*factors*) are known.

They need no model: a table of codes ``(N, codes)`` and one of factors ``(N, factors)``, row by row of the same images,
or a function that draws such rows.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from course_lib.errors import CourseError, check_whole_number
from course_lib.metrics.ranking import highest

BINS = 20


def mutual_information(codes: Tensor, factors: Tensor, bins: int = BINS) -> tuple[Tensor, Tensor]:
    """How many nats each code tells of each factor.

    Columns with more than ``bins`` different values are cut into ``bins`` of equal width. From few rows the information
    is overestimated, by about (bins − 1)²/2N nats.

    Args:
        codes: ``(N, codes)``.
        factors: ``(N, factors)``, of the same images row by row.
        bins: at least 2.

    Returns:
        The information ``(codes, factors)``, and each factor's entropy ``(factors,)``.

    Raises:
        CourseError: for tables that do not fit, are not finite, or have a factor that never changes.
    """
    if codes.ndim != 2 or factors.ndim != 2 or len(codes) != len(factors) or len(codes) < 2:
        raise CourseError(
            f"codes {tuple(codes.shape)} and factors {tuple(factors.shape)} do not fit: use (N, codes) "
            "and (N, factors), one row an image."
        )
    check_whole_number("bins", bins, least=2)  # with 1 every code tells nothing
    if not (torch.isfinite(codes).all() and torch.isfinite(factors).all()):
        raise CourseError("a code or a factor is NaN or infinite: use finite numbers.")
    a, b = ([_binned(column, bins) for column in table.cpu().T] for table in (codes, factors))
    entropies = torch.stack([_entropy(f) for f in b])
    if (entropies == 0).any():
        raise CourseError(f"factor {int(entropies.argmin())} never changes: nothing can tell of it; leave it out.")
    information = torch.stack([torch.stack([_entropy(c) + _entropy(f) - _entropy(c * bins + f) for f in b]) for c in a])
    return information.clamp(min=0), entropies


def mig(codes: Tensor, factors: Tensor, bins: int = BINS) -> tuple[float, Tensor]:
    """Mutual information gap (Chen, Li, Grosse and Duvenaud 2018, equation 6).

    For each factor, what the best code tells of it minus what the second-best tells, as a share of its entropy.
    1: one code a factor, and it tells all. 0: two codes tell the same, or nobody tells anything.

    Args:
        codes: ``(N, codes)``, at least two codes.
        factors: ``(N, factors)``, of the same images row by row.
        bins: see :func:`mutual_information`.

    Returns:
        The mean over the factors, and each factor's gap ``(factors,)``, in [0, 1].

    Raises:
        CourseError: for one code only; see :func:`mutual_information`.

    Example:
        >>> import torch
        >>> from course_lib.metrics.disentanglement import mig
        >>> factors = torch.cartesian_prod(torch.arange(4), torch.arange(4))
        >>> score, _ = mig(factors, factors)  # each factor has a code of its own
        >>> round(score, 3)
        1.0
    """
    information, entropies = mutual_information(codes, factors, bins)
    if len(information) < 2:
        raise CourseError("one code only: the gap needs a second-best one.")
    best = information.topk(2, dim=0).values  # (2, factors)
    gaps = (best[0] - best[1]) / entropies
    return gaps.mean().item(), gaps


def factor_vae_score(
    draw: Callable[[int, int], Tensor], factors: int, *, votes: int = 800, rows: int = 64, seed: int = 0
) -> float:
    """Kim and Mnih's score (2018, section 4), in [0, 1]; by chance 1/``factors``, or somewhat more.

    Hold one factor and let the others change; the code that varies least votes for that factor. The score is the share
    of right votes, where each code stands for the factor that it voted for most often in the first half and is judged
    on the second half. Equals are chosen from at random.

    Args:
        draw: ``draw_points(k, n)`` gives codes ``(n, codes)`` of n images that share factor k.
        factors: how many there are.
        votes: how many are cast.
        rows: images for each vote.
        seed: of the factors that are held, and of the choice among equals.

    Raises:
        CourseError: when no code ever changes.
    """
    g = torch.Generator().manual_seed(seed)
    held = torch.randint(factors, (votes,), generator=g)
    spread = torch.cat([draw(k, 200) for k in range(factors)]).var(0)  # (codes,)
    used = spread > 0  # a code that never changes would win every vote
    if not used.any():
        raise CourseError("no code changes from image to image: there is nothing to vote with.")
    moved = torch.stack([(draw(k, rows).var(0) / spread).masked_fill(~used, float("inf")) for k in held.tolist()]).cpu()
    still = highest(-moved, seed)  # (votes,)
    half = votes // 2
    table = torch.zeros(len(spread), factors)
    table.index_put_((still[:half], held[:half]), torch.ones(half), accumulate=True)
    return (highest(table, seed)[still[half:]] == held[half:]).double().mean().item()


def _binned(column: Tensor, bins: int) -> Tensor:
    """Whole numbers from 0 to bins − 1: the values themselves where they are few, else bins of equal width."""
    values, index = column.unique(return_inverse=True)
    if len(values) <= bins:
        return index
    low, high = column.min(), column.max()
    return ((column - low) / (high - low) * bins).long().clamp(max=bins - 1)


def _entropy(index: Tensor) -> Tensor:
    p = torch.bincount(index).cpu().double() / len(index)
    return -torch.special.xlogy(p, p).sum()
