"""Which part of the pictures matters, one part at a time: for this model (intervention), or at all (retraining).

The two answer different questions. Where two parts carry the same clue, a model may use both, and one trained without
either of them does as well.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from course_lib.errors import CourseError
from course_lib.explain.segments import count_segments, fill_like
from course_lib.explain.validation import check_pictures
from course_lib.metrics.faithfulness import check_same_place, sum_channels
from course_lib.metrics.ranking import highest_first


@torch.no_grad()
def importance_by_intervention(
    score: Callable[[Tensor], float], images: Tensor, segments: Tensor, fill: Tensor | float = -1.0
) -> Tensor:
    """How far the score falls when one segment is filled: float64 ``(segments,)``.

    The model stays as it is, so each segment costs one look at the images (Breiman 2001, section 10, does this with
    shuffled features).

    Args:
        score: images ``(N, C, H, W)`` → one number.
        images: ``(N, C, H, W)`` in [−1, 1].
        segments: int64 ``(H, W)``, numbered from 0.
        fill: a brightness, or pictures that broadcast to ``images`` (others of the data keep it in what the model
            knows).

    Raises:
        CourseError: for segments that do not fit the images.

    Example:
        >>> import torch
        >>> from course_lib.explain import grid_segments
        >>> from course_lib.explain.importance import importance_by_intervention
        >>> corner = lambda images: images[:, :, :2, :2].mean().item()
        >>> importance_by_intervention(corner, torch.ones(3, 1, 4, 4), grid_segments(4, 4, side=2))
        tensor([2., 0., 0., 0.], dtype=torch.float64)
    """
    many = count_segments(segments, check_pictures(images))
    cover = fill_like(images, fill)
    whole = float(score(images))
    parts = [segments.to(images.device) == k for k in range(many)]
    return torch.tensor([whole - float(score(torch.where(part, cover, images))) for part in parts]).double()


def importance_by_retraining(trained_score: Callable[[Tensor], float], segments: Tensor) -> Tensor:
    """How far the score falls when the model is trained anew without one segment: float64 ``(segments,)``.

    The method of article A5, and remove-and-retrain with single features (Hooker et al. 2019): one training for each
    segment, and one with all.

    Args:
        trained_score: gets ``keep`` (bool ``(H, W)``, False where pixels are to be taken away, in training and in
            testing), trains a new model from the same start, and returns its score on pictures that it was not trained
            on.
        segments: int64 ``(H, W)``, numbered from 0.
    """
    everything = torch.ones_like(segments, dtype=torch.bool)
    whole = float(trained_score(everything))
    return torch.tensor([whole - float(trained_score(segments != k)) for k in range(int(segments.max()) + 1)]).double()


def without_top(
    images: Tensor, attribution: Tensor, share: float, fill: Tensor | float = -1.0, seed: int = 0
) -> Tensor:
    """Images ``(N, C, H, W)`` with the pixels that a map ranks highest filled.

    What remove-and-retrain trains on (Hooker et al. 2019).

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        attribution: the maps, ``(N, C or 1, H, W)``.
        share: of the pixels that is filled, in [0, 1].
        fill: a brightness, or pictures that broadcast to ``images``.
        seed: of the random order of equal pixels.

    Raises:
        CourseError: for a share outside of [0, 1], or a map that does not fit.
    """
    if not 0 <= share <= 1:
        raise CourseError(f"share={share!r}: use a number from 0 (nothing) to 1 (everything).")
    check_same_place(images, attribution)
    ranked = highest_first(sum_channels(attribution), seed)  # (N, H·W)
    gone = torch.zeros_like(ranked, dtype=torch.bool)
    gone.scatter_(1, ranked[:, : round(share * ranked.shape[1])], True)
    cover = fill_like(images, fill)
    return torch.where(gone.view(len(images), 1, *images.shape[-2:]), cover, images)
