"""Kernel distance (KID): the squared maximum mean discrepancy between two clouds of features, without bias."""

import torch
from torch import Tensor

from course_lib.errors import CourseError
from course_lib.metrics.frechet import checked_pair


def kernel_distance(a: Tensor, b: Tensor) -> float:
    """Mean k(a, a') + mean k(b, b') − 2 mean k(a, b), k(x, y) = (x·y/d + 1)³ (Bińkowski et al. 2018, equation 4).

    Pairs of a vector with itself are left out: in expectation 0 for two samples of one distribution, so a single value
    may be below 0.

    Args:
        a: features ``(N, d)``.
        b: features ``(M, d)``.

    Raises:
        CourseError: for fewer than two vectors, different d, or NaN.
    """
    a, b = checked_pair(a, b)

    def kernel(x: Tensor, y: Tensor) -> Tensor:
        return (x @ y.T / x.shape[1] + 1) ** 3

    def within(x: Tensor) -> Tensor:
        k = kernel(x, x)
        return (k.sum() - k.trace()) / (len(x) * (len(x) - 1))

    return (within(a) + within(b) - 2 * kernel(a, b).mean()).item()


def kernel_distance_spread(a: Tensor, b: Tensor, subsets: int = 20, size: int = 1000, seed: int = 0) -> Tensor:
    """``kernel_distance`` on random subsets: ``(subsets,)``.

    Their mean is the published KID, their spread its uncertainty.

    Args:
        a: features ``(N, d)``.
        b: features ``(M, d)``.
        subsets: how many.
        size: vectors of each cloud in a subset.
        seed: of the choice.

    Raises:
        CourseError: for subsets of fewer than two vectors or of more than there are (all would be the same, and their
            spread no uncertainty); what :func:`kernel_distance` refuses.
    """
    a, b = checked_pair(a, b)
    most = min(len(a), len(b))
    if not 2 <= size <= most:
        raise CourseError(f"size={size!r}: use from 2 to {most} vectors a subset, better at most half of them.")
    if subsets < 1:
        raise CourseError(f"subsets={subsets!r}: use a whole number of at least 1, better 20.")
    g = torch.Generator().manual_seed(seed)

    def some(x: Tensor) -> Tensor:
        return x[torch.randperm(len(x), generator=g)[:size]]

    return torch.tensor([kernel_distance(some(a), some(b)) for _ in range(subsets)])
