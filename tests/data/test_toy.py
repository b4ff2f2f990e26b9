"""Toy mixtures: the published radii, spacings and σ, and a density that is the samples' own."""

import math

import pytest
import torch

from course_lib.data import toy
from course_lib.errors import CourseError
from course_lib.runtime import Runtime

RUNTIME = Runtime.auto(device="cpu", seed=3, profile="smoke")
PLANE = [toy.ring(), toy.grid(), toy.spiral(), toy.ring(modes=3, radius=2.0, sigma=0.5)]


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("mixture", [toy.line(2.0), toy.line(-2.0, 2.0, sigma=0.6), toy.line(0.0, 1.0, 5.0, sigma=0.1)])
def test_a_density_on_the_line_has_area_1(mixture):
    x = torch.linspace(-10, 10, 20001, dtype=torch.float64)
    assert torch.trapezoid(mixture.density(x[:, None]), x).item() == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("mixture", PLANE, ids=lambda m: f"{m.name}{m.modes}")
def test_a_density_in_the_plane_has_volume_1(mixture):
    """Summed over a fine grid around each mode; where two grids overlap, a point belongs to the nearer mode."""
    steps = mixture.sigma * torch.linspace(-6, 6, 121, dtype=torch.float64)
    offsets = torch.cartesian_prod(steps, steps)
    total = 0.0
    for k, centre in enumerate(mixture.centres.double()):
        points = centre + offsets
        nearest = torch.cdist(points, mixture.centres.double()).argmin(1) == k  # no point is counted twice
        total += mixture.density(points[nearest]).sum().item() * (steps[1] - steps[0]).item() ** 2
    assert total == pytest.approx(1, abs=5e-3)


@pytest.mark.parametrize("mixture", [*PLANE, toy.line(-2.0, 2.0, sigma=0.6)], ids=lambda m: f"{m.name}{m.modes}")
def test_samples_follow_the_density(mixture):
    """Modes equally often, and around each of them standard normal noise times σ."""
    points, modes = mixture.sample(40_000, chance())
    assert points.shape == (40_000, mixture.dim) and points.dtype == torch.float32
    counts = torch.bincount(modes, minlength=mixture.modes)
    assert (counts - 40_000 / mixture.modes).abs().max() < 4 * math.sqrt(40_000 / mixture.modes)
    residual = (points - mixture.centres[modes]) / mixture.sigma
    assert residual.mean(0).abs().max() < 0.03
    assert (residual.std(0) - 1).abs().max() < 0.02
    assert (residual.square().sum(1).mean() - mixture.dim).abs() < 0.05


def test_shares_of_samples_are_areas_under_the_density():
    mixture = toy.line(-2.0, 2.0, sigma=0.6)
    points = mixture.sample(100_000, chance())[0][:, 0]
    for low, high in ((-3, -1.5), (-1, 1), (1.5, 4)):
        x = torch.linspace(low, high, 2001, dtype=torch.float64)
        area = torch.trapezoid(mixture.density(x[:, None]), x).item()
        assert ((points > low) & (points < high)).double().mean().item() == pytest.approx(area, abs=0.006)


def test_log_density_is_finite_far_away_and_in_the_points_precision():
    far = toy.ring().log_density(torch.full((1, 2), 50.0))
    assert torch.isfinite(far).all() and far < -1e6
    assert toy.ring().density(torch.zeros(1, 2, dtype=torch.float64)).dtype == torch.float64
    lone = toy.line(1.0, sigma=2.0).log_density(torch.tensor([[1.0]])).item()
    assert lone == pytest.approx(-math.log(2 * math.sqrt(2 * math.pi)), abs=1e-6)


def test_the_ring_has_eight_distinct_modes_at_radius_1():
    ring = toy.mixture("ring")
    assert (ring.modes, ring.dim, ring.sigma) == (8, 2, 0.01)
    assert torch.allclose(ring.centres.norm(dim=1), torch.ones(8))
    apart = torch.cdist(ring.centres, ring.centres) + 9 * torch.eye(8)
    assert torch.allclose(apart.min(1).values, torch.full((8,), 2 * math.sin(math.pi / 8)))  # all eight, evenly


def test_the_grid_is_five_by_five_two_apart():
    grid = toy.mixture("grid")
    assert (grid.modes, grid.dim, grid.sigma) == (25, 2, 0.05)
    assert sorted({*grid.centres.flatten().tolist()}) == [-4, -2, 0, 2, 4]
    assert len({tuple(c) for c in grid.centres.tolist()}) == 25


def test_the_spiral_is_evenly_spaced_from_the_middle_to_radius_1():
    spiral = toy.mixture("spiral")
    radius = spiral.centres.double().norm(dim=1)
    angle = radius * 2 * math.pi * 1.75  # r = angle / last angle
    length = (angle * (1 + angle**2).sqrt() + angle.asinh()) / 2  # of Archimedes' spiral, from its middle
    assert length.diff().max() / length.diff().min() < 1.05
    assert radius[-1].item() == pytest.approx(1, abs=0.01) and radius[0] < 0.05
    gaps = spiral.centres.diff(dim=0).norm(dim=1)
    assert gaps.max() < 5 * spiral.sigma  # so close that they form one line


def test_a_line_has_its_centres_sigma_and_name():
    line = toy.line(-1.0, 3.0, sigma=0.5, name="two")
    assert (line.name, line.modes, line.dim, line.sigma) == ("two", 2, 1, 0.5)
    assert line.centres.tolist() == [[-1.0], [3.0]]


def test_drawing_is_reproducible_and_follows_the_seed():
    first, again = (toy.draw_points("ring", RUNTIME, 500) for _ in range(2))
    other = toy.draw_points("ring", RUNTIME.with_seed(4), 500)
    assert torch.equal(first.points, again.points) and first.sha256 == again.sha256
    assert not torch.equal(first.points, other.points) and first.sha256 != other.sha256
    assert first.name == "ring" and first.shape == (2,) and len(first) == 500
    assert torch.equal(torch.cdist(first.points, first.mixture.centres).argmin(1), first.labels)
    batch, labels = next(first.batches(64, chance()))
    assert batch.shape == (64, 2) and labels.shape == (64,)


BAD = {
    "unknown mixture 'rings': use one of 'ring'": lambda: toy.draw_points("rings", RUNTIME),
    "unknown mixture 'line'": lambda: toy.mixture("line"),
    "centres have shape": lambda: toy.Mixture("flat", torch.zeros(3), 1.0),
    r"shape \(0, 2\)": lambda: toy.Mixture("none", torch.zeros(0, 2), 1.0),
    "finite numbers": lambda: toy.line(math.nan),
    "sigma=0": lambda: toy.line(1.0, sigma=0),
    "sigma=-1.0": lambda: toy.ring(sigma=-1.0),
    "sigma=inf": lambda: toy.grid(sigma=math.inf),
    "cannot draw 0": lambda: toy.ring().sample(0, chance()),
    "cannot draw True": lambda: toy.ring().sample(True, chance()),
    "cannot draw 2.5": lambda: toy.draw_points("ring", RUNTIME, 2.5),
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input_is_refused_in_one_sentence(words):
    with pytest.raises(CourseError, match=words) as refusal:
        BAD[words]()
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")
