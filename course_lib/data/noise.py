"""Clouds that no training made: whoever praises a generator's cloud has to tell it from these."""

import math

import torch
from torch import Tensor

from course_lib.data.toy import Mixture
from course_lib.errors import CourseError
from course_lib.runtime import Runtime


def box_noise(points: Tensor, n: int, generator: torch.Generator) -> Tensor:
    """Points ``(n, dim)`` spread evenly over the box of ``points``.

    It knows where the data lie, and nothing else.

    Args:
        points: ``(N, dim)``; the box goes from the least to the greatest of each coordinate.
        n: how many are drawn.
        generator: on the CPU.

    Raises:
        CourseError: when ``points`` is no such table, or is empty.
    """
    if points.ndim != 2 or not len(points):
        raise CourseError(f"points have shape {tuple(points.shape)}: a box needs (N, dim) with N of at least 1.")
    low, high = points.min(0).values, points.max(0).values
    return low + (high - low) * torch.rand(n, points.shape[1], generator=generator).to(points)


def blurred(mixture: Mixture, n: int, generator: torch.Generator, sigma: float | None = None) -> Tensor:
    """True points of ``mixture`` plus Gaussian noise: ``(n, dim)`` float32.

    Such a cloud knows the shape of the data at large, and no mode.

    Args:
        mixture: where the points come from.
        n: how many are drawn.
        generator: on the CPU.
        sigma: standard deviation of the noise; None: :func:`merging_sigma`.
    """
    points, _ = mixture.sample(n, generator)
    sigma = merging_sigma(mixture) if sigma is None else sigma
    return points + sigma * torch.randn(points.shape, generator=generator)


def control_clouds(mixture: Mixture, points: Tensor, n: int, runtime: Runtime) -> dict[str, Tensor]:
    """The two clouds that a trained generator is compared with, as the recordings of chapter 04 draw them.

    Args:
        mixture: what the data were drawn from.
        points: the data ``(N, dim)``, whose box the first cloud fills.
        n: how many points are drawn of each.
        runtime: whose streams "uniform noise" and "data + noise" draw them.

    Returns:
        Name of the stream → :func:`box_noise` or :func:`blurred` points ``(n, dim)``, on the CPU.
    """
    return {
        "uniform noise": box_noise(points.cpu(), n, runtime.stream("uniform noise")),
        "data + noise": blurred(mixture, n, runtime.stream("data + noise")),
    }


def merging_sigma(mixture: Mixture) -> float:
    """The least noise in which two neighbouring modes become one bump: √(d²/4 − σ²), d the least distance of centres.

    Two equal Gaussians d apart have two peaks exactly while d is more than twice their standard deviation (Helguero
    1904); noise of this size makes the standard deviation of every mode d/2.

    Args:
        mixture: with centres d apart and standard deviation σ.

    Raises:
        CourseError: for fewer than two modes, or modes that are one bump already.

    Example:
        >>> from course_lib.data import mixture
        >>> from course_lib.data.noise import merging_sigma
        >>> round(merging_sigma(mixture("grid")), 3)  # its modes are 2 apart
        0.999
    """
    distances = torch.cdist(mixture.centres.double(), mixture.centres.double())
    between = distances[~torch.eye(mixture.modes, dtype=torch.bool)]
    nearest = between.min().item() if len(between) else 0.0
    if nearest <= 2 * mixture.sigma:
        raise CourseError(f"{mixture.name!r} has no two modes that stand apart: there is nothing for noise to merge.")
    return math.sqrt(nearest**2 / 4 - mixture.sigma**2)
