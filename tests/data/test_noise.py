"""Clouds that no training made: where they lie, and that the blur is just enough to merge neighbouring modes."""

import math

import pytest
import torch

from course_lib.data.noise import blurred, box_noise, control_clouds, merging_sigma
from course_lib.data.toy import Mixture, grid, line, ring
from course_lib.errors import CourseError
from course_lib.runtime import Runtime


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_box_noise_fills_the_box_of_the_points_evenly():
    points = torch.tensor([[0.0, -1.0], [2.0, 5.0], [1.0, 0.0]])
    noise = box_noise(points, 20_000, generator())
    assert noise.shape == (20_000, 2) and noise.dtype == torch.float32
    low, high = noise.min(0).values, noise.max(0).values
    assert torch.allclose(low, torch.tensor([0.0, -1.0]), atol=0.01) and (low >= torch.tensor([0.0, -1.0])).all()
    assert torch.allclose(high, torch.tensor([2.0, 5.0]), atol=0.01) and (high <= torch.tensor([2.0, 5.0])).all()
    for quarter in noise.chunk(4):
        assert torch.allclose(quarter.mean(0), torch.tensor([1.0, 2.0]), atol=0.1)


def test_a_blurred_cloud_has_the_variance_of_data_and_noise():
    noise = blurred(grid(), 50_000, generator(), sigma=0.7)
    assert noise.var(0).mean().item() == pytest.approx(8 + 0.05**2 + 0.7**2, rel=0.03)  # 8: of −4, −2, 0, 2, 4
    assert torch.allclose(blurred(ring(), 500, generator(), sigma=0.0), ring().sample(500, generator())[0])


@pytest.mark.parametrize("mixture", [line(0.0, 2.0, sigma=0.2), line(-3.0, 1.0, sigma=0.5)], ids=["2", "4"])
def test_the_default_is_the_least_noise_that_makes_two_modes_one_bump(mixture):
    def peaks(sigma):
        both = Mixture("blurred", mixture.centres, math.hypot(mixture.sigma, sigma))
        x = torch.linspace(-5, 5, 4001, dtype=torch.float64)[:, None]
        density = both.density(x)
        return int(((density[1:-1] > density[:-2]) & (density[1:-1] > density[2:])).sum())

    sigma = merging_sigma(mixture)
    assert peaks(0.95 * sigma) == 2 and peaks(1.01 * sigma) == 1


def test_the_courses_two_mixtures():
    assert merging_sigma(grid()) == pytest.approx(math.sqrt(1 - 0.05**2))
    assert merging_sigma(ring()) == pytest.approx(math.sqrt(math.sin(math.pi / 8) ** 2 - 0.01**2), rel=1e-6)


@pytest.mark.parametrize("of", [line(0.0), line(0.0, 1.0, sigma=0.5), line(1.0, 1.0, sigma=0.1)], ids=str)
def test_modes_that_do_not_stand_apart_are_refused(of):
    with pytest.raises(CourseError, match="nothing for noise to merge"):
        merging_sigma(of)


@pytest.mark.parametrize("points", [torch.zeros(0, 2), torch.zeros(3)], ids=lambda p: str(tuple(p.shape)))
def test_a_box_needs_points(points):
    with pytest.raises(CourseError, match="a box needs"):
        box_noise(points, 10, generator())


def test_the_untrained_clouds_are_box_noise_and_blurred_data_of_their_streams():
    runtime = Runtime.auto(device="cpu", seed=3)
    points = grid().sample(500, generator())[0]
    uniform, blur = control_clouds(grid(), points, 200, runtime).values()
    assert uniform.equal(box_noise(points, 200, runtime.stream("uniform noise")))
    assert blur.equal(blurred(grid(), 200, runtime.stream("data + noise")))
