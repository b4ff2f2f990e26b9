"""The Fréchet distance against closed forms, and against scipy's and torchmetrics' matrix square roots."""

import numpy as np
import pytest
import scipy.linalg
import torch
from torchmetrics.image.fid import _compute_fid

from course_lib.errors import CourseError
from course_lib.metrics import frechet_distance


def cloud(n, mean, root, seed=0):
    """``n`` vectors whose *sample* mean and covariance are exactly ``mean`` and ``root^T root``."""
    d = len(root)
    x = torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    x = x - x.mean(0)
    whitener = torch.linalg.inv(torch.linalg.cholesky(x.T.cov()))
    return x @ whitener.T @ root + mean


def matrix(d, seed):
    return torch.randn(d, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_the_constructed_clouds_have_the_moments_they_should():
    root = matrix(6, 1)
    x = cloud(50, torch.arange(6.0), root)
    torch.testing.assert_close(x.mean(0), torch.arange(6.0, dtype=torch.float64))
    torch.testing.assert_close(x.T.cov(), root.T @ root)


def test_independent_gaussians_closed_form():
    """Diagonal covariances: Σ (μ₁ − μ₂)² + Σ (σ₁ − σ₂)²."""
    s1, s2 = torch.tensor([1.0, 2.0, 0.5, 3.0]).double(), torch.tensor([2.0, 2.0, 1.5, 0.1]).double()
    m1, m2 = torch.tensor([0.0, 1.0, 0.0, -2.0]).double(), torch.tensor([0.5, 1.0, 3.0, 0.0]).double()
    exact = ((m1 - m2) ** 2 + (s1 - s2) ** 2).sum().item()
    assert frechet_distance(cloud(40, m1, s1.diag(), 1), cloud(60, m2, s2.diag(), 2)) == pytest.approx(exact, rel=1e-10)


def test_one_dimension_and_rotation():
    x = torch.randn(30, 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    x = (x - x.mean()) / x.std()
    assert frechet_distance(2 * x, 5 * x + 1) == pytest.approx(1 + 9, rel=1e-10)
    a, b = cloud(40, torch.zeros(5), matrix(5, 1), 1), cloud(50, torch.ones(5), matrix(5, 2), 2)
    turn = torch.linalg.qr(matrix(5, 9)).Q
    assert frechet_distance(a @ turn, b @ turn) == pytest.approx(frechet_distance(a, b), rel=1e-10)


@pytest.mark.parametrize("d", [3, 20, 128])
def test_it_agrees_with_scipys_square_root_and_with_torchmetrics(d):
    a, b = cloud(4 * d, torch.zeros(d), matrix(d, 1), 1), cloud(5 * d, torch.full((d,), 0.3), matrix(d, 2), 2)
    cov_a, cov_b, shift = a.T.cov(), b.T.cov(), (a.mean(0) - b.mean(0)).square().sum()
    root = scipy.linalg.sqrtm((cov_a @ cov_b).numpy())
    by_scipy = (shift + cov_a.trace() + cov_b.trace()).item() - 2 * np.trace(root).real
    by_torchmetrics = _compute_fid(a.mean(0), cov_a, b.mean(0), cov_b).item()
    ours = frechet_distance(a, b)
    assert ours == pytest.approx(by_scipy, rel=1e-8)
    assert ours == pytest.approx(by_torchmetrics, rel=1e-8)


def test_zero_for_the_same_cloud_and_for_its_rows_in_another_order():
    x = torch.randn(300, 40, generator=torch.Generator().manual_seed(0)).relu()
    assert frechet_distance(x, x) == pytest.approx(0, abs=1e-10)
    assert frechet_distance(x, x.flip(0)) == pytest.approx(0, abs=1e-10)


def test_symmetric_and_never_negative():
    for seed in range(10):
        a, b = (torch.randn(7 + seed, 12, generator=torch.Generator().manual_seed(100 * s + seed)) for s in (1, 2))
        assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a), rel=1e-10)
        assert frechet_distance(a, b) >= 0


def test_singular_covariances_are_exact():
    """A generator that always draws the same image: Σ = 0, so the distance is ‖μ − x‖² + tr Σ."""
    real = cloud(50, torch.ones(6), matrix(6, 3))
    collapsed = torch.full((20, 6), 2.0, dtype=torch.float64)
    exact = 6 + real.T.cov().trace().item()
    assert frechet_distance(real, collapsed) == pytest.approx(exact, rel=1e-10)
    # fewer vectors than dimensions, on the same line: (σ₁ − σ₂)² along it
    line = torch.tensor([[1.0, -1.0, 0.0, 2.0]]).double()
    steps = torch.tensor([[-1.0], [0.0], [1.0]]).double()
    exact = (1 - 3) ** 2 * line.square().sum().item()
    assert frechet_distance(steps @ line, 3 * steps @ line) == pytest.approx(exact, rel=1e-10)
    # a feature that is always 0, as after ReLU, changes nothing
    a, b = cloud(50, torch.zeros(4), matrix(4, 1)), cloud(50, torch.ones(4), matrix(4, 2))
    dead = torch.zeros(50, 3).double()
    assert frechet_distance(torch.cat([a, dead], 1), torch.cat([b, dead], 1)) == pytest.approx(frechet_distance(a, b))


def test_features_far_from_zero_keep_their_digits():
    a, b = cloud(60, torch.zeros(4), matrix(4, 1)), cloud(60, torch.zeros(4), matrix(4, 2))
    assert frechet_distance(a + 1e4, b + 1e4) == pytest.approx(frechet_distance(a, b), rel=1e-6)


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (torch.zeros(5, 3), torch.zeros(5, 4), "3 and 4"),
        (torch.zeros(1, 3), torch.zeros(5, 3), "at least 2"),
        (torch.zeros(5), torch.zeros(5, 3), r"\(N, d\)"),
        (torch.zeros(5, 3, 1), torch.zeros(5, 3), r"\(N, d\)"),
        (torch.full((5, 3), float("nan")), torch.zeros(5, 3), "NaN"),
        (torch.zeros(5, 3), torch.full((5, 3), float("inf")), "infinity"),
    ],
)
def test_features_that_make_no_sense_are_refused(a, b, said):
    with pytest.raises(CourseError, match=said):
        frechet_distance(a, b)
