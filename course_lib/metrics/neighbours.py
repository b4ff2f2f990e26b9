"""What nearest neighbours say of two clouds of features: quality and variety apart, and copies.

A ball around each real vector reaches to its k-th nearest real neighbour; together the balls are where real data lie.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.errors import CourseError
from course_lib.metrics.frechet import checked_pair


@dataclass(frozen=True)
class PrecisionRecall:
    """Four shares (Kynkäänniemi et al. 2019; Naeem et al. 2020).

    Attributes:
        precision: of generated vectors that lie in any real ball, in [0, 1]: quality.
        recall: of real vectors that lie in any generated ball, in [0, 1]: variety.
        density: real balls around a generated vector, divided by k: quality, which one outlying real ball cannot lift;
            1 for data of the same distribution, may exceed 1.
        coverage: of real balls with a generated vector inside, in [0, 1]: variety.
    """

    precision: float
    recall: float
    density: float
    coverage: float

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.2f} · recall {self.recall:.2f} · density {self.density:.2f} · "
            f"coverage {self.coverage:.2f}"
        )


def precision_recall(real: Tensor, fake: Tensor, k: int = 5) -> PrecisionRecall:
    """Precision, recall, density and coverage of generated features against real ones.

    Args:
        real: features ``(N, d)``.
        fake: features ``(M, d)``.
        k: a ball reaches to the k-th nearest neighbour; from 1 to below both numbers of vectors.

    Raises:
        CourseError: for another k, different d, or NaN.
    """
    real, fake = checked_pair(real, fake)
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k < min(len(real), len(fake)):
        raise CourseError(f"k={k!r}: use a whole number from 1 to {min(len(real), len(fake)) - 1}.")
    real_radius, fake_radius = (torch.cdist(x, x).kthvalue(k + 1, dim=1).values for x in (real, fake))  # +1: itself
    apart = torch.cdist(real, fake)  # (N, M)
    in_real = apart < real_radius[:, None]
    return PrecisionRecall(
        precision=in_real.any(0).double().mean().item(),
        recall=(apart < fake_radius[None]).any(1).double().mean().item(),
        density=in_real.double().sum(0).mean().item() / k,
        coverage=(apart.min(1).values < real_radius).double().mean().item(),
    )


@dataclass(frozen=True)
class Copying:
    """Whether generated vectors lie nearer to the training data than new real data do.

    Attributes:
        score: the chance that a generated vector is nearer to its nearest training vector than a held-out real one to
            its own: 0.5 is that of honest new data, 1 that of copies; below 0.5 they lie farther away (Meehan et al.
            2020).
        copies: share of generated vectors nearer to training data than 99 % of the held-out ones, in [0, 1]; 0.01 is
            due.
        nearest: of each generated vector, which training vector is nearest, int64 ``(M,)``.
    """

    score: float
    copies: float
    nearest: Tensor

    def __str__(self) -> str:
        return f"copying score {self.score:.3f} (0.5: none) · suspected copies {self.copies:.1%} (1 % is due)"


def copying(fake: Tensor, train: Tensor, heldout: Tensor) -> Copying:
    """The test for memorised training data, on features or flat pixels.

    Args:
        fake: generated ``(M, d)``.
        train: training data ``(N, d)``.
        heldout: real data that nothing was trained on ``(H, d)``.

    Raises:
        CourseError: for fewer than two vectors, different d, or NaN.

    Example:
        >>> import torch
        >>> from course_lib.metrics import copying
        >>> x = torch.randn(300, 5, generator=torch.Generator().manual_seed(0))
        >>> copying(fake=x[:100], train=x[:200], heldout=x[200:]).score  # the first hundred are copies
        1.0
    """
    fake, train = checked_pair(fake, train)
    heldout, _ = checked_pair(heldout, train)
    distance, nearest = torch.cdist(fake, train).min(1)
    usual = torch.cdist(heldout, train).min(1).values
    # Ties count half: then identical sets score 0.5, and the score is the area under the ROC curve.
    above = (usual[None] > distance[:, None]).double() + 0.5 * (usual[None] == distance[:, None]).double()
    return Copying(above.mean().item(), (distance < usual.quantile(0.01)).double().mean().item(), nearest)
