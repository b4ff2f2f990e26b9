"""Importance of one part at a time, where the answer is known: a linear score, and a clue that stands twice."""

import pytest
import torch

from course_lib.errors import CourseError
from course_lib.explain.importance import importance_by_intervention, importance_by_retraining, without_top
from course_lib.explain.segments import grid_segments

SEGMENTS = grid_segments(8, 8, 4)  # four of them


def pictures(n: int = 40) -> torch.Tensor:
    return torch.rand(n, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_intervention_recovers_the_weights_of_a_linear_score():
    weights = torch.tensor([3.0, 0.0, -1.0, 0.5])[SEGMENTS]  # (8, 8)
    images, fill = pictures(), pictures().flip(0)
    got = importance_by_intervention(lambda x: (weights * x).sum((1, 2, 3)).mean(), images, SEGMENTS, -1.0)
    expected = torch.stack([(weights * (images + 1) * (k == SEGMENTS)).sum((1, 2, 3)).mean() for k in range(4)])
    assert torch.allclose(got.float(), expected, atol=1e-4) and got.dtype == torch.float64
    same = importance_by_intervention(lambda x: (weights * x).sum((1, 2, 3)).mean(), images, SEGMENTS, fill)
    assert same.abs().max() < 1e-3  # on average the others have as much


def test_of_two_equal_clues_intervention_finds_both_and_retraining_neither():
    def score_of(kept):  # the best model: it reads whichever clue it was trained with, half from each of two
        return lambda images: sum(float((images[:, :, k == SEGMENTS] > 0).float().mean()) for k in kept) / len(kept)

    marked = -torch.ones(10, 1, 8, 8)
    marked[:, :, (SEGMENTS == 0) | (SEGMENTS == 3)] = 1

    def trained(keep):
        clues = [k for k in (0, 3) if keep[k == SEGMENTS].all()]
        return score_of(clues)(marked)

    assert importance_by_intervention(score_of([0, 3]), marked, SEGMENTS).tolist() == [0.5, 0, 0, 0.5]
    assert importance_by_retraining(trained, SEGMENTS).tolist() == [0, 0, 0, 0]


def test_retraining_trains_once_with_all_and_once_without_each():
    asked = []
    importance_by_retraining(lambda keep: asked.append(keep) or float(keep.sum()), SEGMENTS)
    assert len(asked) == 5 and asked[0].all() and [int((~keep).sum()) for keep in asked[1:]] == [16] * 4
    assert importance_by_retraining(lambda keep: float(keep.sum()), SEGMENTS).tolist() == [16] * 4


def test_the_top_of_a_map_is_filled_in_each_image():
    images, attribution = pictures(3), torch.randn(3, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    got = without_top(images, attribution, 0.25, fill=0.5)
    changed = got != images
    assert changed.flatten(1).sum(1).tolist() == [16] * 3 and (got[changed] == 0.5).all()
    for one, where in zip(attribution, changed, strict=True):
        assert one[where].min() > one[~where].max()
    assert torch.equal(without_top(images, attribution, 0), images)
    assert (without_top(images, attribution, 1, images.flip(0)) == images.flip(0)).all()


def test_bad_requests_are_refused_in_a_sentence():
    with pytest.raises(CourseError, match=r"use int64 \(H, W\)"):
        importance_by_intervention(lambda x: 0.0, pictures(), SEGMENTS[:5])
    with pytest.raises(CourseError, match="share="):
        without_top(pictures(), pictures(), 1.5)
    with pytest.raises(CourseError, match="agree in number"):
        without_top(pictures(3), pictures(4), 0.5)
