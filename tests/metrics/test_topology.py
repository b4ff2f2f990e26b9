"""Holes and pieces of shapes that have as many."""

import pytest
import torch

from course_lib.errors import CourseError
from course_lib.metrics.topology import (
    bootstrap_band,
    cloud_diagram,
    count_holes,
    merging_distance_gap,
    merging_distances,
    picture_diagram,
)


def rings(*boxes, ink=1.0, paper=-1.0):
    image = torch.full((1, 1, 20, 20), paper)
    for top, left, bottom, right in boxes:
        image[..., top:bottom, left:right] = ink
        image[..., top + 1 : bottom - 1, left + 1 : right - 1] = paper
    return image


def circle(n, seed, noise=0.05):
    g = torch.Generator().manual_seed(seed)
    angle = 2 * torch.pi * torch.rand(n, generator=g)
    return torch.stack([angle.cos(), angle.sin()], 1) + noise * torch.randn(n, 2, generator=g)


def disc(n, seed):
    g = torch.Generator().manual_seed(seed)
    angle, radius = 2 * torch.pi * torch.rand(n, generator=g), torch.rand(n, generator=g).sqrt()
    return torch.stack([radius * angle.cos(), radius * angle.sin()], 1)


@pytest.mark.parametrize(
    ("boxes", "holes"), [([], 0), ([(2, 2, 9, 9)], 1), ([(1, 1, 8, 8), (10, 3, 18, 12)], 2), ([(0, 0, 20, 20)], 1)]
)
def test_holes_of_drawn_rings(boxes, holes):
    assert count_holes(rings(*boxes)).tolist() == [holes]


def test_a_hole_is_as_deep_as_its_ring_is_brighter():
    grey = rings((2, 2, 9, 9), ink=0.2, paper=-0.4)
    ((birth, death),) = picture_diagram(grey[0]).tolist()
    assert (birth, death) == (pytest.approx(0.2), pytest.approx(-0.4))
    assert count_holes(grey, depth=0.59).tolist() == [1] and count_holes(grey, depth=0.61).tolist() == [0]


def test_a_gap_opens_the_ring_and_a_grey_one_half():
    ring = rings((2, 2, 9, 9))
    ring[..., 2, 5] = -1.0
    assert count_holes(ring).tolist() == [0]
    ring[..., 2, 5] = 0.0  # closed once the threshold has sunk to 0: depth 1
    assert count_holes(ring, 0.9).tolist() == [1] and count_holes(ring, 1.1).tolist() == [0]


def test_pieces_of_a_picture():
    found = picture_diagram(rings((1, 1, 8, 8), (10, 3, 18, 12))[0], 0)
    assert found.shape == (2, 2) and (found[:, 0] == 1).all()


def test_merging_distances_are_those_of_a_spanning_tree():
    import networkx

    x = torch.randn(40, 5, generator=torch.Generator().manual_seed(0)).double()
    graph = networkx.from_numpy_array(torch.cdist(x, x).numpy())
    edges = sorted(edge["weight"] for _, _, edge in networkx.minimum_spanning_edges(graph))
    assert merging_distances(x).tolist() == pytest.approx(edges)


def test_and_are_the_rips_diagrams_deaths():
    x = torch.randn(30, 3, generator=torch.Generator().manual_seed(1))
    deaths = cloud_diagram(x, 0)[:, 1]
    assert torch.allclose(deaths[deaths.isfinite()].sort().values, merging_distances(x), atol=1e-6)


def test_equal_points_merge_at_nothing():
    x = torch.cat([torch.zeros(3, 2), torch.ones(2, 2)])
    assert merging_distances(x).tolist() == pytest.approx([0, 0, 0, 2**0.5])


@pytest.mark.parametrize(
    ("cloud", "holes"),
    [(circle(150, 0), 1), (disc(150, 1), 0), (torch.cat([circle(120, 2), circle(120, 3) + 3]), 2)],
    ids=["circle", "disc", "two circles"],
)
def test_holes_of_a_cloud_that_outlive_chance(cloud, holes):
    diagram = cloud_diagram(cloud)
    assert int((diagram[:, 1] - diagram[:, 0] > 2 * bootstrap_band(cloud)).sum()) == holes


def test_a_dropped_cluster_widens_the_gap_and_another_draw_does_not():
    def clusters(k, n, seed):
        g = torch.Generator().manual_seed(seed)
        centres = 10 * torch.randn(k, 8, generator=torch.Generator().manual_seed(9))
        return centres[torch.randint(0, k, (n,), generator=g)] + torch.randn(n, 8, generator=g)

    same = merging_distance_gap(clusters(6, 200, 0), clusters(6, 200, 1))
    shrunk = merging_distance_gap(clusters(6, 200, 0), 0.5 * clusters(6, 200, 1))
    assert shrunk > 3 * same > 0
    assert merging_distance_gap(clusters(6, 50, 0), clusters(6, 50, 0)) == 0


def test_longest_cuts_what_lives_on():
    assert cloud_diagram(circle(60, 4), 0, longest=1.0)[:, 1].max() <= 1.0


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: picture_diagram(torch.zeros(3, 8, 8)), r"\(3, 8, 8\)"),
        (lambda: picture_diagram(torch.zeros(1, 8, 8), 2), "dimension=2"),
        (lambda: cloud_diagram(torch.zeros(5, 2), 2), "dimension=2"),
        (lambda: count_holes(torch.zeros(1, 1, 8, 8), 0), "depth"),
        (lambda: merging_distances(torch.zeros(1, 2)), "at least two"),
        (lambda: merging_distance_gap(torch.zeros(5, 2), torch.zeros(6, 2)), "5 and 6 points"),
        (lambda: bootstrap_band(torch.zeros(5, 2), share=1.0), "share=1.0"),
    ],
)
def test_what_has_no_topology_is_refused(make, said):
    with pytest.raises(CourseError, match=said):
        make()
