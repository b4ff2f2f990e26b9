"""How many modes of the data a generator has found, and how well it hits them."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.data.toy import Mixture
from course_lib.errors import CourseError
from course_lib.metrics.judge_scores import Source, judge_outputs, shares
from course_lib.models.judge import Judge

SAMPLES = 2500  # VEEGAN's, and PacGAN's after it
SIGMAS = 3.0
TIE = 1e-4  # modes whose distances from a point differ by less than this, in units of σ, are equally near to it


@dataclass(frozen=True)
class ModeReport:
    """Samples measured against a mixture.

    None of the numbers can tell noise spread evenly over all modes from a generator that has learned where these lie
    roughly: see :func:`~course_lib.metrics.energy.energy_distance`.

    Attributes:
        modes: how many of the ``total`` modes have at least one sample within 3σ.
        total: how many modes there are.
        high_quality: share of the samples within 3σ of a mode, in [0, 1]; true samples in the plane: 0.989.
        kl: of the histogram "nearest mode of each sample" from the uniform one, in nats; 0 when all modes are equally
            frequent. What the papers call reverse KL, KL(generated ‖ real).
        jsd: of the same histograms; symmetric, and at most log 2.
        n: how many samples.
    """

    modes: int
    total: int
    high_quality: float
    kl: float
    jsd: float
    n: int

    def __str__(self) -> str:
        return (
            f"modes {self.modes} of {self.total} · high quality {self.high_quality:.1%} · "
            f"KL {self.kl:.2f} · JSD {self.jsd:.3f}"
        )


def measure_modes(source: Source, mixture: Mixture, n: int = SAMPLES, seed: int = 0) -> ModeReport:
    """Points measured by PacGAN's protocol (Lin et al. 2018, section 4.1).

    A point as near to several modes (within ``TIE`` · σ) is given to one of them at random: the order in which the
    modes are listed must not count.

    Args:
        source: points ``(N, dim)``, or a sampler that draws them.
        mixture: with the true modes.
        n: how many a sampler draws.
        seed: of the choice among equally near modes.

    Raises:
        CourseError: for points of another dimension, or that are not finite.

    Example:
        >>> import torch
        >>> from course_lib.data import mixture
        >>> from course_lib.metrics import measure_modes
        >>> ring = mixture("ring")
        >>> points, _ = ring.sample(2500, torch.Generator().manual_seed(0))
        >>> measure_modes(points[points[:, 0] > 0.1], ring).modes  # those on the right only
        3
    """
    points = source if isinstance(source, Tensor) else source(n)
    if points.ndim != 2 or points.shape[1] != mixture.dim or not len(points):
        raise CourseError(
            f"points have shape {tuple(points.shape)}: {mixture.name!r} needs (N, {mixture.dim}) with N of at least 1."
        )
    if not torch.isfinite(points).all():
        raise CourseError("points contain NaN or infinity: the generator has diverged.")
    distances = torch.cdist(points.cpu().double(), mixture.centres.cpu().double())  # (N, modes)
    distance = distances.min(1).values
    tied = distances <= distance[:, None] + TIE * mixture.sigma
    lots = torch.rand(distances.shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    nearest = torch.where(tied, lots, -1.0).argmax(1)  # the one mode that is nearest, or one of the tied
    good = distance < SIGMAS * mixture.sigma
    histogram = torch.bincount(nearest, minlength=mixture.modes)
    return ModeReport(
        modes=int(nearest[good].unique().numel()),
        total=mixture.modes,
        high_quality=good.double().mean().item(),
        kl=kl_from_uniform(histogram),
        jsd=jsd_from_uniform(histogram),
        n=len(points),
    )


def kl_from_uniform(histogram: Tensor) -> float:
    """Σ p log(p·K) of counts, in nats: 0 when all K are equally frequent, log K when there is only one.

    Args:
        histogram: counts ``(K,)``, K at least 2.
    """
    p = shares(histogram)
    return max((torch.special.xlogy(p, p).sum() + math.log(len(p))).item(), 0.0)


def jsd_from_uniform(histogram: Tensor) -> float:
    """½ KL(p ‖ m) + ½ KL(u ‖ m) with m = (p + u)/2, u uniform, in nats: between 0 and log 2.

    Args:
        histogram: counts ``(K,)``, K at least 2.
    """
    p = shares(histogram)
    u = torch.full_like(p, 1 / len(p))
    m = (p + u) / 2
    return max(0.5 * sum((torch.special.xlogy(q, q) - torch.special.xlogy(q, m)).sum().item() for q in (p, u)), 0.0)


def stacked_classes(images: Tensor, judge: Judge) -> Tensor:
    """Which of the 1,000 modes each stack is: int64 ``(N,)``, 100·a + 10·b + c.

    Args:
        images: stacks of three digits ``(N, 3, 28, 28)`` in [−1, 1].
        judge: of digits, in eval mode.

    Raises:
        CourseError: for other images.
    """
    if images.ndim != 4 or images.shape[1] != 3:
        raise CourseError(f"images have shape {tuple(images.shape)}: expected stacks of three digits (N, 3, 28, 28).")
    digits = [judge_outputs(images[:, i : i + 1].contiguous(), judge)[0].argmax(1) for i in range(3)]
    return 100 * digits[0] + 10 * digits[1] + digits[2]
