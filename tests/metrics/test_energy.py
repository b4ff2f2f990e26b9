"""The energy distance against scipy and a plain loop; noise cannot win it, nor a heap that sits on a mode."""

import pytest
import torch
from scipy import stats

from course_lib.data.noise import blurred, box_noise
from course_lib.data.toy import grid, ring
from course_lib.errors import CourseError
from course_lib.metrics import energy_distance


def cloud(n, d=2, seed=0, shift=0.0):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) + shift


@pytest.mark.parametrize(("n", "m", "shift"), [(50, 50, 0.0), (20, 70, 1.5), (2, 3, -4.0)])
def test_on_the_line_it_is_the_square_of_scipys(n, m, shift):
    a, b = cloud(n, 1), cloud(m, 1, seed=1, shift=shift)
    theirs = stats.energy_distance(a[:, 0].numpy(), b[:, 0].numpy()) ** 2  # theirs is the root
    assert energy_distance(a, b) == pytest.approx(theirs, rel=1e-9, abs=1e-12)


def test_in_the_plane_it_is_the_plain_loops():
    a, b = cloud(7), cloud(5, seed=1, shift=0.3)

    def mean(x, y):
        return sum((p - q).norm().item() for p in x for q in y) / (len(x) * len(y))

    assert energy_distance(a, b) == pytest.approx(2 * mean(a, b) - mean(a, a) - mean(b, b), rel=1e-9)


def test_it_is_symmetric_in_the_unit_of_the_points_and_zero_for_itself():
    a, b = cloud(40), cloud(30, seed=1, shift=1.0)
    assert energy_distance(a, b) == pytest.approx(energy_distance(b, a))
    assert energy_distance(3 * a, 3 * b) == pytest.approx(3 * energy_distance(a, b))
    for far in (100, 1e6):  # by a matrix product, squares of 10¹² would swallow the distances
        assert energy_distance(a + far, b + far) == pytest.approx(energy_distance(a, b), rel=1e-6)
    assert energy_distance(a, a[torch.randperm(40)]) < 1e-12


def test_rounding_takes_no_distance_below_zero():
    clouds = [cloud(40, seed=seed) for seed in range(20)]  # of these, four would be
    assert all(
        0 <= energy_distance(a, a[torch.randperm(40, generator=torch.Generator().manual_seed(i))]) < 1e-12
        for i, a in enumerate(clouds)
    )


@pytest.mark.parametrize("mixture", [ring(), grid()], ids=lambda m: m.name)
def test_noise_and_heaps_are_told_from_the_truth(mixture):
    """What modes, quality and KL cannot do: true points are at least three times nearer than any of these."""
    g = torch.Generator().manual_seed(0)
    true, other = (mixture.sample(2500, g)[0] for _ in range(2))
    ours = energy_distance(other, true)
    half = mixture.centres[: mixture.modes // 2].repeat(2500 // (mixture.modes // 2), 1)
    for worse in (box_noise(true, 2500, g), blurred(mixture, 2500, g), mixture.centres[:1].expand(2500, 2), half):
        assert energy_distance(worse, true) > 3 * ours


@pytest.mark.parametrize(("a", "b"), [(cloud(5, 3), cloud(5, 2)), (cloud(1), cloud(5)), (cloud(5) / 0, cloud(5))])
def test_what_cannot_be_compared_is_refused(a, b):
    with pytest.raises(CourseError):
        energy_distance(a, b)
