"""The highest pixels with ink become black, and nothing else."""

import torch

from course_lib.chapters.ch07_explain_a_classifier.blacken import blacken


def test_only_the_highest_ink_becomes_black():
    picture = torch.tensor([[[[1.0, 0.5], [-1.0, 0.0]]]])
    scores = torch.tensor([[[[0.1, -2.0], [9.0, 3.0]]]])
    assert blacken(picture, scores, 1).flatten().tolist() == [1.0, 0.5, -1.0, -1.0]
    assert blacken(picture, scores, 2).flatten().tolist() == [-1.0, 0.5, -1.0, -1.0]
    assert (blacken(picture, scores, 50) == -1).all()
    assert picture[0, 0, 0, 0] == 1, "the picture itself stays"
