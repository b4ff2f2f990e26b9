"""Counting holes by the Euler number, and the lesson's four ways, beside scikit-image."""

import numpy as np
import pytest
import torch
from skimage.measure import euler_number, label

from course_lib.chapters.ch11_symbols_and_shapes import hole_pictures
from course_lib.chapters.ch11_symbols_and_shapes.hole_counters import accuracies, euler_holes, smoothed


def noisy(n, seed=0):
    return torch.randn(n, 1, 12, 12, generator=torch.Generator().manual_seed(seed)).clamp(-1, 1)


@pytest.mark.parametrize("level", [-0.5, 0.0, 0.7, 2.0])
def test_holes_are_scikit_images(level):
    images = noisy(30)
    framed = [np.pad(image[0].numpy() > level, 1) for image in images]
    wanted = [label(ink, connectivity=1).max() - euler_number(ink, connectivity=1) for ink in framed]
    assert euler_holes(images, level).tolist() == wanted


def test_smoothing_closes_a_gap_of_one_pixel():
    ring = torch.full((1, 1, 12, 12), -1.0)
    ring[..., 2:10, 2:10], ring[..., 4:8, 4:8] = 1.0, -1.0
    ring[..., 2:4, 6] = -1.0
    assert euler_holes(ring, 0.0).tolist() == [0] and euler_holes(smoothed(ring), -0.2).tolist() == [1]


def test_only_ink_that_touches_at_a_corner_alone_is_marked():
    ink = torch.tensor([[1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]]).bool()
    assert sorted(map(tuple, hole_pictures._corners(ink).tolist())) == [(1.5, 0.5), (2.5, 1.5)]


def test_smoothing_adds_no_ink_at_the_border():
    paper = torch.full((1, 1, 12, 12), -1.0)
    assert smoothed(paper).allclose(paper)


def test_each_way_is_chosen_on_the_others_and_judged_on_the_rest():
    others, images = noisy(80, 1), noisy(12, 2)
    found = accuracies(others, euler_holes(others, 0.3), images, euler_holes(images, 0.3))
    assert found["one threshold"] == (1.0, 0.3)
    assert all(0 <= share <= 1 for share, _ in found.values()) and len(found) == 4
