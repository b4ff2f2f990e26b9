"""Fréchet distance: how far apart two clouds of feature vectors are, judged by their means and covariances."""

import torch
from torch import Tensor

from course_lib.errors import CourseError


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """‖μa − μb‖² + tr(Σa + Σb − 2(Σa Σb)^½) of two clouds of features (Heusel et al. 2017, equation 6).

    Computed in float64 on the CPU. The trace of the square root is taken as the sum of the singular values of
    La^T Lb, where La, Lb are square roots of the covariances: it needs no matrix square root of a non-symmetric
    product, and stays exact when a covariance is singular (a collapsed generator's is).

    Args:
        a: features ``(N, d)``.
        b: features ``(M, d)``.

    Returns:
        The squared distance, at least 0.

    Raises:
        CourseError: for fewer than two vectors, different d, or NaN.

    Example:
        >>> import torch
        >>> from course_lib.metrics import frechet_distance
        >>> x = torch.randn(50, 4, generator=torch.Generator().manual_seed(0))
        >>> round(frechet_distance(x, x + 3), 3)  # same covariance, means 3 apart in each of 4 numbers
        36.0
    """
    a, b = checked_pair(a, b)
    mean_a, mean_b = a.mean(0), b.mean(0)
    root_a, root_b = _root(a - mean_a), _root(b - mean_b)  # Σ = root^T root
    cross = torch.linalg.svdvals(root_a @ root_b.T).sum()
    distance = (mean_a - mean_b).square().sum() + root_a.square().sum() + root_b.square().sum() - 2 * cross
    return max(distance.item(), 0.0)


def checked_pair(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Two clouds of vectors in one space, in float64 on the CPU.

    Args:
        a: ``(N, d)``.
        b: ``(M, d)``.

    Returns:
        Both.

    Raises:
        CourseError: for fewer than two vectors, different d, or NaN.
    """
    a, b = _checked(a), _checked(b)
    if a.shape[1] != b.shape[1]:
        raise CourseError(f"features have {a.shape[1]} and {b.shape[1]} numbers: expected the same feature space.")
    return a, b


def _checked(features: Tensor) -> Tensor:
    if features.ndim != 2 or len(features) < 2:
        raise CourseError(f"features have shape {tuple(features.shape)}: expected (N, d) with N of at least 2.")
    features = features.detach().cpu().double()
    if not torch.isfinite(features).all():
        raise CourseError("features contain NaN or infinity: look at the images they were made from.")
    return features


def _root(centred: Tensor) -> Tensor:
    """R ``(r, d)`` with R^T R = the sample covariance of the rows, r = min(N, d)."""
    return torch.linalg.qr(centred / (len(centred) - 1) ** 0.5, mode="r").R
