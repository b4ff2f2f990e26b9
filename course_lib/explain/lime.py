"""LIME: a small linear model that agrees with the large one near one image (Ribeiro, Singh and Guestrin 2016)."""

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError, check_positive, check_whole_number
from course_lib.explain.segments import compose, count_segments, fill_like
from course_lib.explain.targets import Target, target_values
from course_lib.explain.validation import check_picture
from course_lib.models.wrappers import Output


def nearness(coalitions: Tensor, kernel_width: float) -> Tensor:
    """How much each row weighs ``(M,)``: by its cosine distance to the whole image, see :func:`lime_weights`.

    Args:
        coalitions: 0/1 rows ``(M, players)``.
        kernel_width: above 0.
    """
    return torch.exp(-((1 - coalitions.mean(1).sqrt()) ** 2) / kernel_width**2)


def lime_weights(
    coalitions: Tensor, values: Tensor, *, kernel_width: float = 0.25, ridge: float = 1.0
) -> tuple[Tensor, float]:
    """Weighted ridge regression of values on 0/1 rows.

    A row weighs exp(−d²/kernel_width²), d = 1 − √(share of segments on): the cosine distance to the whole image. The
    intercept is not shrunk.

    Args:
        coalitions: 0/1 rows ``(M, players)``.
        values: ``(M,)``.
        kernel_width: above 0.
        ridge: at least 0.

    Returns:
        Coefficients ``(players,)``, float64 on the CPU, and the weighted R² in (−∞, 1] on the *same* rows: with few
        rows the coefficients follow them, and it is near 1 whatever they are worth. See :func:`lime_unseen_r2`.

    Raises:
        CourseError: for rows and values that do not belong together; for a width not above 0, a ridge below 0.
    """
    kernel_width, ridge = check_positive("kernel_width", kernel_width), check_positive("ridge", ridge, zero_too=True)
    if coalitions.ndim != 2 or values.shape != coalitions.shape[:1]:
        raise CourseError(
            f"rows of shape {tuple(coalitions.shape)} with values {tuple(values.shape)}: use (M, players) and (M,)."
        )
    z, y = coalitions.cpu().double(), values.cpu().double()
    weights = nearness(z, kernel_width)
    z_mean, y_mean = (weights[:, None] * z).sum(0) / weights.sum(), (weights * y).sum() / weights.sum()
    zc, yc = z - z_mean, y - y_mean
    coefficients = torch.linalg.solve(
        zc.T @ (weights[:, None] * zc) + ridge * torch.eye(z.shape[1]).double(), zc.T @ (weights * yc)
    )
    missed = (weights * (yc - zc @ coefficients) ** 2).sum()
    return coefficients, (1 - missed / (weights * yc**2).sum().clamp(min=1e-12)).item()


def lime_unseen_r2(
    coalitions: Tensor, values: Tensor, *, folds: int = 5, kernel_width: float = 0.25, ridge: float = 1.0
) -> float:
    """The weighted R² of :func:`lime_weights` on rows that it was not fitted to, in (−∞, 1].

    0: no better than a constant. Each of ``folds`` equal parts of the rows is foretold from the others
    (cross-validation).

    Args:
        coalitions: 0/1 rows ``(M, players)``.
        values: ``(M,)``.
        folds: from 2 to M.
        kernel_width, ridge: as for :func:`lime_weights`.

    Raises:
        CourseError: as ``lime_weights``; for ``folds`` below 2 or beyond the number of rows.
    """
    if not 2 <= check_whole_number("folds", folds) <= len(coalitions):
        raise CourseError(f"folds={folds!r} for {len(coalitions)} rows: use a whole number from 2 to that number.")
    z, y = coalitions.cpu().double(), values.cpu().double()
    weights = nearness(z, kernel_width)
    part, missed, constant = torch.arange(len(y)) % folds, 0.0, 0.0
    for k in range(folds):
        seen, new = part != k, part == k
        beta, _ = lime_weights(z[seen], y[seen], kernel_width=kernel_width, ridge=ridge)
        share = weights[seen] / weights[seen].sum()
        start = share @ y[seen]  # what a constant foretells
        missed += (weights[new] * (y[new] - start - (z[new] - share @ z[seen]) @ beta) ** 2).sum().item()
        constant += (weights[new] * (y[new] - start) ** 2).sum().item()
    return 1 - missed / max(constant, 1e-12)


@torch.no_grad()
def lime_samples(
    model: nn.Module,
    target: Target,
    image: Tensor,
    segments: Tensor,
    *,
    samples: int = 1000,
    fill: Tensor | float = -1.0,
    seed: int = 0,
    at_once: int = 500,
    output: Output = None,
) -> tuple[Tensor, Tensor]:
    """What :func:`lime` fits its line to.

    Args:
        model, target, image, segments, samples, fill, seed, at_once, output: as for ``lime``, which refuses the same.

    Returns:
        0/1 rows ``(samples, players)``, the first of them all 1 (the image itself), and the model's answers
        ``(samples,)``.

    Raises:
        CourseError: as ``lime``.
    """
    many, nothing = count_segments(segments, check_picture(image)), fill_like(image, fill)
    if check_whole_number("samples", samples) <= many:
        raise CourseError(f"{samples!r} samples for {many} segments: use more samples than segments.")
    g = torch.Generator().manual_seed(seed)
    coalitions = (torch.rand(samples, many, generator=g) < 0.5).float()
    coalitions[0] = 1  # the image itself
    values = torch.cat(
        [
            target_values(model, target, compose(image, nothing, segments, part.to(image.device)), output).cpu()
            for part in coalitions.split(check_whole_number("at_once", at_once))
        ]
    )
    return coalitions, values


@torch.no_grad()
def lime(
    model: nn.Module,
    target: Target,
    image: Tensor,
    segments: Tensor,
    *,
    samples: int = 1000,
    fill: Tensor | float = -1.0,
    kernel_width: float = 0.25,
    ridge: float = 1.0,
    seed: int = 0,
    at_once: int = 500,
    output: Output = None,
) -> tuple[Tensor, float]:
    """The linear model's coefficient of each segment, on its pixels; and how far that model may be believed.

    Segments are switched off at random, each with chance ½, and replaced by ``fill``.

    Args:
        model: in eval mode.
        target: what is explained.
        image: ``(C, H, W)`` in [−1, 1].
        segments: int64 ``(H, W)``, numbered from 0.
        samples: pictures that the model is asked about, more than there are segments.
        fill: a brightness, or a picture that broadcasts to ``image``.
        kernel_width, ridge: as for :func:`lime_weights`.
        seed: of the choice of segments.
        at_once: pictures that the model is asked about together.
        output: of a model that gives a tuple, dict or named tuple, the part to be explained (see
            ``forward.model_outputs``).

    Returns:
        The attribution ``(1, 1, H, W)``, and the weighted R² of the fit.

    Raises:
        CourseError: for fewer samples than segments, or segments that do not fit the image; see ``targets.scores``.
    """
    coalitions, values = lime_samples(
        model, target, image, segments, samples=samples, fill=fill, seed=seed, at_once=at_once, output=output
    )
    coefficients, r2 = lime_weights(coalitions, values, kernel_width=kernel_width, ridge=ridge)
    return coefficients.to(image.dtype)[segments.cpu()][None, None].to(image.device), r2
