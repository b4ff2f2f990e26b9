"""Pictures without the ink that a map points at: the test of a map's highest pixels."""

from torch import Tensor

from course_lib.metrics.ranking import highest_first

INK = -0.9  # brighter than this is ink


def blacken(pictures: Tensor, scores: Tensor, k: int) -> Tensor:
    """Copies of pictures in which the ``k`` pixels with ink that score highest are black.

    Args:
        pictures: ``(N, 1, H, W)`` in [−1, 1].
        scores: of the pixels, the same shape: a map, or random numbers for a control; equals go at random.
        k: how many; where a picture has less ink, all of it.

    Returns:
        ``(N, 1, H, W)``.
    """
    flat, ranked = pictures.flatten(1).clone(), scores.flatten(1)
    ranked = ranked.masked_fill(flat <= INK, -float("inf"))
    highest = highest_first(ranked)[:, :k]  # what has no ink comes last, and is black already
    return flat.scatter(1, highest, -1.0).view_as(pictures)
