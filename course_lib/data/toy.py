"""Toy data whose truth is known: mixtures of Gaussians in one or two dimensions, with their density and modes.

Ring and grid follow PacGAN (Lin et al. 2018, section 4.1), as it followed VEEGAN (Srivastava et al. 2017).
"""

import hashlib
import math
from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.data.batches import BatchedData
from course_lib.errors import CourseError, one_of
from course_lib.runtime import Runtime


@dataclass(frozen=True)
class Mixture:
    """Equally likely Gaussians.

    Attributes:
        name: of the mixture.
        centres: ``(modes, dim)``, where the Gaussians are.
        sigma: standard deviation of each, above 0.

    Raises:
        CourseError: for centres that are no such table, or another sigma.
    """

    name: str
    centres: Tensor
    sigma: float

    def __post_init__(self) -> None:
        if self.centres.ndim != 2 or not len(self.centres) or not torch.isfinite(self.centres).all():
            raise CourseError(f"centres have shape {tuple(self.centres.shape)}: expected finite numbers (modes, dim).")
        if not 0 < self.sigma < math.inf:
            raise CourseError(f"sigma={self.sigma!r} is no standard deviation: use a number above 0.")

    @property
    def modes(self) -> int:
        """How many Gaussians there are."""
        return self.centres.shape[0]

    @property
    def dim(self) -> int:
        """How many coordinates a point has."""
        return self.centres.shape[1]

    def sample(self, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Points of the mixture, and the mode that each came from, on the CPU.

        Args:
            n: how many, at least 1.
            generator: on the CPU.

        Returns:
            float32 ``(n, dim)``, and int64 ``(n,)``.

        Raises:
            CourseError: for another ``n``.
        """
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise CourseError(f"cannot draw {n!r} points: use a whole number of at least 1.")
        mode = torch.randint(self.modes, (n,), generator=generator)
        noise = torch.randn(n, self.dim, generator=generator)
        return (self.centres[mode] + self.sigma * noise).float(), mode

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x): ``(N,)``, in the points' precision: log of the mean of the Gaussians' densities.

        Args:
            x: points ``(N, dim)``.
        """
        squared = (x[:, None, :] - self.centres.to(x)).square().sum(2)  # (N, modes)
        each = -squared / (2 * self.sigma**2) - self.dim * math.log(self.sigma * math.sqrt(2 * math.pi))
        return each.logsumexp(1) - math.log(self.modes)

    def density(self, x: Tensor) -> Tensor:
        """p(x): ``(N,)``.

        Args:
            x: points ``(N, dim)``.

        Example:
            >>> import torch
            >>> from course_lib.data import mixture
            >>> at_a_mode = mixture("grid").density(torch.zeros(1, 2))  # 1/25 · 1/(2π · 0.05²)
            >>> round(at_a_mode.item(), 3)
            2.546
        """
        return self.log_density(x).exp()


def ring(modes: int = 8, radius: float = 1.0, sigma: float = 0.01) -> Mixture:
    """Gaussians evenly on a circle around the origin.

    The angles are k·2π/modes: a linspace that ends at 2π would set two on one spot.

    Args:
        modes: how many.
        radius: of the circle.
        sigma: standard deviation of each.
    """
    angle = 2 * math.pi * torch.arange(modes) / modes
    return Mixture("ring", radius * torch.stack([angle.cos(), angle.sin()], 1), sigma)


def grid(side: int = 5, spacing: float = 2.0, sigma: float = 0.05) -> Mixture:
    """Gaussians around the origin in rows and columns: at −4, −2, 0, 2, 4 in both directions.

    Args:
        side: how many in a row.
        spacing: from one to the next.
        sigma: standard deviation of each.
    """
    line = spacing * (torch.arange(side) - (side - 1) / 2)
    return Mixture("grid", torch.cartesian_prod(line, line), sigma)


def spiral(modes: int = 40, turns: float = 1.75, sigma: float = 0.03) -> Mixture:
    """Gaussians along a spiral from the middle to radius 1, evenly spaced on it, so close that they form one line.

    Args:
        modes: how many.
        turns: of the spiral.
        sigma: standard deviation of each.
    """
    fine = torch.linspace(0.25, 2 * math.pi * turns, 4000, dtype=torch.float64)
    curve = torch.stack([fine * fine.cos(), fine * fine.sin()], 1) / fine[-1]
    length = (curve[1:] - curve[:-1]).norm(dim=1).cumsum(0)
    at = torch.searchsorted(length, torch.linspace(0, length[-1].item(), modes, dtype=torch.float64)).clamp(max=3999)
    return Mixture("spiral", curve[at].float(), sigma)


def line(*centres: float, sigma: float = 1.0, name: str = "line") -> Mixture:
    """Gaussians on the real line.

    Args:
        *centres: where they are.
        sigma: standard deviation of each.
        name: of the mixture.
    """
    return Mixture(name, torch.tensor(centres, dtype=torch.float32)[:, None], sigma)


MIXTURES = {"ring": ring, "grid": grid, "spiral": spiral}


def mixture(name: str) -> Mixture:
    """A mixture by its name.

    Args:
        name: ``"ring"`` (8 modes, radius 1, σ 0.01), ``"grid"`` (25 modes, 2 apart, σ 0.05) or ``"spiral"`` (one line).
    """
    return MIXTURES[one_of("mixture", name, MIXTURES)]()


@dataclass(frozen=True)
class PointData(BatchedData):
    """Points drawn once from a mixture, for training.

    Attributes:
        points: float32 ``(N, dim)``, on the device.
        labels: int64 ``(N,)``, the mode that each came from.
        mixture: where they come from.
        sha256: of the points.
    """

    points: Tensor
    labels: Tensor
    mixture: Mixture
    sha256: str

    @property
    def examples(self) -> Tensor:
        """The points, ``(N, dim)``."""
        return self.points

    @property
    def name(self) -> str:
        """Of the mixture."""
        return self.mixture.name


def draw_points(of: Mixture | str, runtime: Runtime, n: int = 100_000) -> PointData:
    """Fixed points of a mixture, on the runtime's device.

    Args:
        of: the mixture, or its name.
        runtime: whose seed draws them.
        n: how many (PacGAN trains on 100,000).

    Raises:
        CourseError: for an unknown mixture's name.
    """
    of = mixture(of) if isinstance(of, str) else of
    points, modes = of.sample(n, runtime.stream("points", of.name))
    digest = hashlib.sha256(points.numpy().tobytes()).hexdigest()
    return PointData(points.to(runtime.device), modes.to(runtime.device), of, digest)
