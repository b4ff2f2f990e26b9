"""How far apart two distributions on the line are: KL, JSD, Wasserstein-1, and the value of a GAN's game.

A density is given by its values at ``x``, the midpoints of equal cells (:func:`midpoints`); an integral is the sum of
the values times the cell's width. Everything is float64, takes many densities at once (``(…, n)`` → ``(…)``), and is
differentiable, so that the slope by a generator's parameter can be asked for. Logarithms are natural ones.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from course_lib.errors import CourseError

TINY = 1e-300  # a density below is 0 for a logarithm: 0 · log(TINY) is 0, and 0 · log(0) is not a number
AREA = 1e-3  # how far from 1 the area under a density may be


def midpoints(low: float, high: float, n: int = 4000) -> Tensor:
    """The midpoints ``(n,)`` of ``n`` equal cells, float64.

    Args:
        low: where the first begins.
        high: where the last ends.
        n: how many, at least 2.

    Raises:
        CourseError: for an empty interval, or less than two cells.

    Example:
        >>> from course_lib.metrics.divergence import midpoints
        >>> midpoints(0, 1, n=4)
        tensor([0.1250, 0.3750, 0.6250, 0.8750], dtype=torch.float64)
    """
    if isinstance(n, bool) or not isinstance(n, int) or n < 2:
        raise CourseError(f"n={n!r} cells: use a whole number of at least 2.")
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise CourseError(f"no cells fit between {low!r} and {high!r}: use two finite numbers, the lower one first.")
    edges = torch.linspace(low, high, n + 1, dtype=torch.float64)
    return (edges[1:] + edges[:-1]) / 2


def integral(values: Tensor, x: Tensor) -> Tensor:
    """∫ f(x) dx, ``(…)``: the sum of a function's values times the cells' width.

    Args:
        values: of the function at the cells, ``(…, n)``.
        x: the cells ``(n,)``.
    """
    return values.sum(-1) * (x[-1] - x[0]) / (len(x) - 1)


def gaussian(x: Tensor, mean: float | Tensor, sigma: float = 1.0) -> Tensor:
    """The density of N(mean, sigma²) at the cells: ``(n,)``, or ``(…, n)`` for several means.

    Args:
        x: the cells ``(n,)``.
        mean: a number, or ``(…, 1)``.
        sigma: standard deviation, above 0.

    Raises:
        CourseError: for another sigma.
    """
    if not 0 < sigma < math.inf:
        raise CourseError(f"sigma={sigma!r} is no standard deviation: use a number above 0.")
    return torch.exp(-((x - mean) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))


def optimal_discriminator(p: Tensor, q: Tensor) -> Tensor:
    """D*(x) = p(x) / (p(x) + q(x)) (Goodfellow et al. 2014, proposition 1): ``(…, n)``, in [0, 1].

    ½ where both are 0 and no point falls.

    Args:
        p: density of the data ``(…, n)``.
        q: density of the generator ``(…, n)``.
    """
    both = p + q
    return torch.where(both > 0, p / both.clamp_min(TINY), 0.5)


def gan_value(p: Tensor, q: Tensor, logits: Tensor, x: Tensor) -> Tensor:
    """V = ∫ p log D + q log(1 − D) dx of a discriminator D = σ(logits) (the paper's equation 1): ``(…)``.

    Args:
        p: density of the data ``(…, n)``.
        q: density of the generator ``(…, n)``.
        logits: of the discriminator at the cells, ``(…, n)``.
        x: the cells ``(n,)``.
    """
    p, q = _densities(p, q, x)
    # An infinite logit costs nothing where no point falls. Masked before the product: 0 · log 0 is not a number, and
    # neither is its slope, even when its value is thrown away.
    real = p * logsigmoid(torch.where(p > 0, logits, 0.0))
    fake = q * logsigmoid(torch.where(q > 0, -logits, 0.0))
    return integral(real + fake, x)


def optimal_value(p: Tensor, q: Tensor, x: Tensor) -> Tensor:
    """V of the optimal discriminator, ∫ p log D* + q log(1 − D*) dx: ``(…)``, from −log 4 (p = q) to 0 (no overlap).

    Args:
        p: density of the data ``(…, n)``.
        q: density of the generator ``(…, n)``.
        x: the cells ``(n,)``.
    """
    p, q = _densities(p, q, x)
    return integral(_p_log(p, p, p + q) + _p_log(q, q, p + q), x)


def kl(p: Tensor, q: Tensor, x: Tensor) -> Tensor:
    """KL(p ‖ q) = ∫ p log(p/q) dx in nats, ``(…)``: at least 0, infinite where p has density and q has none.

    Not symmetric.
    A computer's q is 0 about 38 standard deviations from a Gaussian's mean, and so the divergence infinite out there.

    Args:
        p: density ``(…, n)``.
        q: density ``(…, n)``.
        x: the cells ``(n,)``.

    Example:
        >>> from course_lib.metrics.divergence import gaussian, kl, midpoints
        >>> x = midpoints(-10, 10)
        >>> round(kl(gaussian(x, 0), gaussian(x, 1), x).item(), 4)  # ½ (0 − 1)²
        0.5
    """
    p, q = _densities(p, q, x)
    apart = ((p > 0) & (q == 0)).any(-1)
    return torch.where(apart, math.inf, integral(_p_log(p, p, q), x))


def jsd(p: Tensor, q: Tensor, x: Tensor) -> Tensor:
    """½ KL(p ‖ m) + ½ KL(q ‖ m) with m = (p + q)/2 (Lin 1991): from 0 (p = q) to log 2 (no overlap), symmetric.

    Args:
        p: density ``(…, n)``.
        q: density ``(…, n)``.
        x: the cells ``(n,)``.
    """
    p, q = _densities(p, q, x)
    m = (p + q) / 2
    return integral(_p_log(p, p, m) + _p_log(q, q, m), x) / 2


def w1(p: Tensor, q: Tensor, x: Tensor) -> Tensor:
    """Wasserstein-1: the least mean distance by which mass must move to turn p into q, in units of ``x``.

    On the line it is the area between the two distribution functions, ∫ |F − G| dx, which equals the mean distance
    of their quantiles, ∫₀¹ |F⁻¹ − G⁻¹| du (Vallender 1974).

    Args:
        p: density ``(…, n)``.
        q: density ``(…, n)``.
        x: the cells ``(n,)``.
    """
    p, q = _densities(p, q, x)
    width = (x[-1] - x[0]) / (len(x) - 1)
    return integral(((p - q).cumsum(-1) * width).abs(), x)


def w1_samples(a: Tensor, b: Tensor) -> Tensor:
    """Wasserstein-1 of two samples of the same size: sort both, then the mean distance of partners.

    Args:
        a: numbers ``(n,)``.
        b: numbers ``(n,)``.

    Raises:
        CourseError: for samples of different sizes, or with numbers that are not finite.

    Example:
        >>> import torch
        >>> from course_lib.metrics.divergence import w1_samples
        >>> w1_samples(torch.tensor([0.0, 1.0]), torch.tensor([3.0, 2.0])).item()
        2.0
    """
    for name, sample in (("a", a), ("b", b)):
        if sample.ndim != 1 or not len(sample) or not torch.isfinite(sample).all():
            raise CourseError(f"sample {name} has shape {tuple(sample.shape)}: expected finite numbers (n,).")
    if len(a) != len(b):
        raise CourseError(f"samples of {len(a)} and {len(b)} points: draw as many from each: all need a partner.")
    return (a.cpu().double().sort().values - b.cpu().double().sort().values).abs().mean()


def _p_log(weight: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """weight · log(a / b), and 0 where the weight is 0, with a slope that stays finite there."""
    return weight * (a.clamp_min(TINY).log() - b.clamp_min(TINY).log())


def _densities(p: Tensor, q: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
    if x.ndim != 1 or len(x) < 2:
        raise CourseError(f"x has shape {tuple(x.shape)}: expected the midpoints of equal cells (n,), see midpoints().")
    steps = x.diff()
    if not (steps > 0).all() or not torch.allclose(steps, steps.mean(), rtol=1e-3):
        raise CourseError("x does not rise in equal steps: make it with midpoints(low, high, n).")
    return _density("p", p, x), _density("q", q, x)


def _density(name: str, density: Tensor, x: Tensor) -> Tensor:
    if density.ndim < 1 or density.shape[-1] != len(x):
        raise CourseError(f"{name} has shape {tuple(density.shape)}: expected one value at each of the {len(x)} x.")
    if not torch.isfinite(density).all() or (density < 0).any():
        raise CourseError(f"{name} has values that are negative or not finite: a density has neither.")
    density = density.double()
    area = integral(density, x).detach()
    furthest = area.flatten()[(area - 1).abs().argmax()].item()
    if abs(furthest - 1) > AREA:
        raise CourseError(
            f"the area under {name} is {furthest:.4g} from {x[0]:.4g} to {x[-1]:.4g}, expected 1: "
            "take a wider range or more cells, so that all of the density is seen."
        )
    return density
