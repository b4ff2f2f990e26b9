"""What a measure of generated pictures is to those who use one without knowing which: a uniform call, and the facts.

The functions of this folder stay as they are: of clouds of features, of histograms. :class:`FunctionMetric` puts one
behind the uniform call of :class:`Metric`, by what it reads of a judge's answers. To add one: a function in a file
here, and its ``FunctionMetric`` in ``METRICS`` (``metrics/__init__.py``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from torch import Tensor

from course_lib.metrics.judge_scores import Source, draw_samples, judge_outputs
from course_lib.models.judge import Judge

Reads = Literal["probabilities", "features"]


class Metric(Protocol):
    """A measure of a generator's pictures against real ones, and what others need to know of it."""

    @property
    def name(self) -> str:
        """What it is called in tables."""

    @property
    def reads(self) -> Reads:
        """Which of a judge's answers it looks at; see ``judge_outputs``."""

    @property
    def best(self) -> float:
        """What new data of the same distribution would score, up to chance: the nearer to it, the better."""

    def __call__(self, fake: Source, real: Source, judge: Judge) -> float:
        """One number. Scores of other numbers of pictures, or by another judge, are not to be compared with it.

        Args:
            fake: the generator's pictures ``(N, C, H, W)`` in [−1, 1], or a sampler that draws them.
            real: pictures of the data, ``(M, C, H, W)``, or what draws them.
            judge: in eval mode.
        """


@dataclass(frozen=True)
class FunctionMetric:
    """A function of two sets of answers behind the uniform call of :class:`Metric`.

    Attributes:
        name: what it is called in tables.
        of: the judge's answers to generated and to real pictures, ``(N, d)`` and ``(M, d)`` → a number. Who has answers
            asks it directly, so that the judge is not asked again for each measure.
        reads: which answers.
        best: what new data of the same distribution would score.

    Example:
        >>> from course_lib import zoo
        >>> from course_lib.data import load
        >>> from course_lib.metrics import METRICS
        >>> precision, real = METRICS["precision"], load("digits", split="test").images
        >>> precision(-real[:500], real[500:], zoo.load("judge")) < 0.5 < precision.best  # negatives are no digits
        True
    """

    name: str
    of: Callable[[Tensor, Tensor], float]
    reads: Reads = "features"
    best: float = 0.0

    def __call__(self, fake: Source, real: Source, judge: Judge) -> float:
        """As in :class:`Metric`.

        Args:
            fake, real, judge: as there.

        Raises:
            CourseError: for fewer than two pictures, for those of another shape or range than the judge's, for a judge
                in train mode; what ``of`` refuses.
        """
        which = ("probabilities", "features").index(self.reads)
        seen = [judge_outputs(draw_samples(source), judge)[which] for source in (fake, real)]
        return self.of(*seen)
