"""Energy distance: how far one cloud of points is from another, with nothing to set."""

import torch
from torch import Tensor

from course_lib.metrics.frechet import checked_pair


def energy_distance(a: Tensor, b: Tensor) -> float:
    """2 E‖x − y‖ − E‖x − x'‖ − E‖y − y'‖ over all pairs of points (Székely and Rizzo 2013, equation 5.4).

    Never below 0, 0 for equal clouds only, in the unit of the points.
    Two samples of one distribution score about E‖x − x'‖ · (1/N + 1/M) and not 0: compare clouds of the same size.

    Args:
        a: points ``(N, d)``.
        b: points ``(M, d)``.

    Raises:
        CourseError: for fewer than two points, different d, or NaN.
    """
    a, b = checked_pair(a, b)

    def apart(x: Tensor, y: Tensor) -> float:
        return torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist").mean().item()

    return max(2 * apart(a, b) - apart(a, a) - apart(b, b), 0.0)
