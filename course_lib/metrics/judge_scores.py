"""What the judge says of images: which digits it sees, how sure it is, and how far they are from real ones."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.data.pixels import check_images
from course_lib.errors import CourseError
from course_lib.metrics.frechet import frechet_distance
from course_lib.models.judge import Judge

Source = Tensor | Callable[[int], Tensor]  # images, or a sampler that draws n of them
SAMPLES = 4000


@dataclass(frozen=True)
class JudgeReport:
    """A generator in five numbers, from ``n`` images.

    Attributes:
        confidence: the judge's mean highest probability, in [0.1, 1]; real digits: about 0.98.
        sure: share of images with a highest probability above 0.9, in [0, 1].
        classes: how many of the ten digits make up at least 1 % of the images.
        entropy: of the histogram of digits, divided by log 10: 1 when all ten are equally frequent, 0 for one only.
        frechet: squared distance between the judge's features of these and of the reference images, ≥ 0.
        n: how many images.
    """

    confidence: float
    sure: float
    classes: int
    entropy: float
    frechet: float
    n: int

    def __str__(self) -> str:
        return (
            f"confidence {self.confidence:.3f} · surer than 0.9: {self.sure:.0%} · digits {self.classes} of 10 · "
            f"class entropy {self.entropy:.3f} · "
            f"Fréchet distance {self.frechet:.{0 if self.frechet >= 10 else 1}f}"
        )


@torch.no_grad()
def judge_outputs(images: Tensor, judge: Judge, batch: int = 500) -> tuple[Tensor, Tensor]:
    """What the judge says of images, on the CPU.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1], of the judge's shape (28×28, grey, if it names none).
        judge: in eval mode.
        batch: images that are asked about together.

    Returns:
        Probabilities ``(N, classes)``, and features ``(N, 128)``.

    Raises:
        CourseError: for images of another shape or range, or a judge in train mode.
    """
    channels, *sides = getattr(judge, "shape", (1, 28, 28))
    check_images(images, channels=channels)
    if [*images.shape[2:]] != sides:
        (h, w), (height, width) = images.shape[2:], sides
        raise CourseError(
            f"images are {h}×{w} pixels: the judge sees {height}×{width}; cut 32×32 to 28×28 with "
            "images[..., 2:30, 2:30], or train a Judge(size=…) on your own."
        )
    device = next(judge.parameters()).device
    if judge.training:
        raise CourseError("the judge is in train mode, where it judges at random: call judge.eval() first.")
    features = torch.cat([judge.features(part.to(device)).cpu() for part in images.split(batch)])
    return judge.last(features.to(device)).softmax(1).cpu(), features


def evaluate(source: Source, judge: Judge, reference: Tensor, n: int = SAMPLES) -> JudgeReport:
    """The report on images, or on what a sampler draws, against ``reference`` images.

    The course's convention: 4,000 samples of the averaged generator against the 4,000 training digits.

    Args:
        source: images ``(N, 1, 28, 28)``, or a sampler.
        judge: in eval mode.
        reference: real images; or the judge's features of them, ``judge_outputs(images, judge)[1]``, which whoever
            compares several heaps with them computes once.
        n: how many a sampler draws.

    Example:
        >>> from course_lib import zoo
        >>> from course_lib.data import load
        >>> from course_lib.metrics import evaluate
        >>> report = evaluate(zoo.load("dcgan-digits"), zoo.load("judge"), load("digits").images, n=500)
        >>> report.classes
        10
    """
    images = draw_samples(source, n)
    probabilities, features = judge_outputs(images, judge)
    real_features = reference if reference.ndim == 2 else judge_outputs(reference, judge)[1]
    top, _ = probabilities.max(1)
    histogram = class_counts(probabilities)
    return JudgeReport(
        confidence=top.mean().item(),
        sure=(top > 0.9).double().mean().item(),
        classes=_covered(histogram),
        entropy=class_entropy(histogram),
        frechet=frechet_distance(features, real_features),
        n=len(images),
    )


def class_histogram(source: Source, judge: Judge, n: int = SAMPLES) -> Tensor:
    """How many images the judge takes for each digit: int64 ``(10,)``.

    Args:
        source: images, or a sampler.
        judge: in eval mode.
        n: how many a sampler draws.
    """
    return class_counts(judge_outputs(draw_samples(source, n), judge)[0])


def classes_covered(source: Source, judge: Judge, n: int = SAMPLES, share: float = 0.01) -> int:
    """How many digits make up at least ``share`` of the images.

    Args:
        source: images, or a sampler.
        judge: in eval mode.
        n: how many a sampler draws.
        share: in [0, 1]; the default 1 % is a tenth of their due.
    """
    return _covered(class_histogram(source, judge, n), share)


def mean_confidence(source: Source, judge: Judge, n: int = SAMPLES) -> float:
    """Mean of the judge's highest probability, in [0.1, 1].

    Args:
        source: images, or a sampler.
        judge: in eval mode.
        n: how many a sampler draws.
    """
    return judge_outputs(draw_samples(source, n), judge)[0].max(1).values.mean().item()


def class_entropy(histogram: Tensor) -> float:
    """−Σ p log p / log K of counts: 1 when all classes are equally frequent, 0 when there is only one.

    Args:
        histogram: counts ``(K,)``, K at least 2.

    Raises:
        CourseError: for anything else.

    Example:
        >>> import torch
        >>> from course_lib.metrics import class_entropy
        >>> round(class_entropy(torch.tensor([50, 50, 0, 0])), 3)
        0.5
    """
    p = shares(histogram)
    return abs(torch.special.xlogy(p, p).sum().item()) / math.log(len(p))


def shares(histogram: Tensor) -> Tensor:
    """Each count's share of all, float64 ``(K,)`` on the CPU.

    Args:
        histogram: counts ``(K,)``, K at least 2.

    Raises:
        CourseError: for anything else.
    """
    if histogram.ndim != 1 or len(histogram) < 2 or not (histogram >= 0).all() or histogram.sum() <= 0:
        raise CourseError(f"histogram {histogram.tolist()[:12]} is not a list of at least two counts with one above 0.")
    p = histogram.cpu().double()
    return p / p.sum()


def class_counts(probabilities: Tensor) -> Tensor:
    """How many images each class is the likeliest of: int64 ``(K,)``.

    Args:
        probabilities: of each image's classes ``(N, K)``.
    """
    return torch.bincount(probabilities.argmax(1), minlength=probabilities.shape[1])


def _covered(histogram: Tensor, share: float = 0.01) -> int:
    return int((histogram >= share * histogram.sum()).sum())


def draw_samples(source: Source, n: int = SAMPLES) -> Tensor:
    """The pictures themselves, or those that a sampler draws.

    Args:
        source: images, or a sampler.
        n: how many a sampler draws.

    Raises:
        CourseError: for fewer than two.
    """
    images = source if isinstance(source, Tensor) else source(n)
    if len(images) < 2:
        raise CourseError(f"{len(images)} images are too few to measure: use at least 2, better {SAMPLES:,}.")
    return images
