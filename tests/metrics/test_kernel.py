"""The kernel distance against torchmetrics, torch-fidelity and a plain loop; its expectation is the true one."""

import numpy as np
import pytest
import torch
from torch_fidelity.metric_kid import kernel_mmd
from torchmetrics.image.kid import poly_mmd

from course_lib.errors import CourseError
from course_lib.metrics import kernel_distance, kernel_distance_spread


def cloud(n, d=8, seed=0, scale=1.0, shift=0.0):
    return scale * torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) + shift


PAIRS = [
    (cloud(30), cloud(30, seed=1)),
    (cloud(50, 3), cloud(50, 3, 1, 2.0, 0.5)),
    (cloud(200, 128), cloud(200, 128, 1, shift=0.2)),
    (cloud(2), cloud(2, seed=1)),
]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_it_is_torchmetrics_and_torch_fidelitys(a, b):
    ours = kernel_distance(a, b)
    assert ours == pytest.approx(poly_mmd(a, b).item(), rel=1e-9, abs=1e-12)
    theirs = kernel_mmd(
        a.numpy(),
        b.numpy(),
        kid_kernel="poly",
        kid_kernel_poly_degree=3,
        kid_kernel_poly_gamma=None,
        kid_kernel_poly_coef0=1.0,
    )
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("n", "m"), [(5, 9), (9, 5), (2, 7)])
def test_clouds_of_different_sizes_are_the_plain_loop(n, m):
    """The two packages take equal sizes only."""
    a, b = cloud(n).numpy(), cloud(m, seed=1, shift=0.3).numpy()

    def k(x, y):
        return (np.dot(x, y) / len(x) + 1) ** 3

    def within(x):
        return np.mean([k(x[i], x[j]) for i in range(len(x)) for j in range(len(x)) if i != j])

    plain = within(a) + within(b) - 2 * np.mean([k(x, y) for x in a for y in b])
    assert kernel_distance(torch.tensor(a), torch.tensor(b)) == pytest.approx(plain, rel=1e-10)
    assert kernel_distance(torch.tensor(b), torch.tensor(a)) == pytest.approx(plain, rel=1e-10)


@pytest.mark.parametrize("n", [3, 10, 100])
def test_for_one_distribution_it_is_zero_on_average_whatever_the_size(n):
    values = torch.tensor([kernel_distance(cloud(n, 4, 2 * s), cloud(n, 4, 2 * s + 1)) for s in range(600)]).double()
    assert abs(values.mean()) < 4 * values.std() / 600**0.5
    assert (values < 0).any() and (values > 0).any()


def test_its_mean_is_the_distance_of_the_distributions():
    """One dimension, N(0, 1) against N(1, 1): (xy + 1)³ has Σ c (E xⁱ − E yⁱ)², c = 3, 3, 1, over i = 1, 2, 3."""
    exact = 3 * (0 - 1) ** 2 + 3 * (1 - 2) ** 2 + 1 * (0 - 4) ** 2
    values = torch.tensor([kernel_distance(cloud(40, 1, 2 * s), cloud(25, 1, 2 * s + 1, shift=1)) for s in range(800)])
    assert abs(values.mean() - exact) < 4 * values.std() / 800**0.5


def test_float32_features_are_measured_in_float64():
    a, b = cloud(60, 64, shift=3).float(), cloud(60, 64, 1, shift=3).float()
    assert kernel_distance(a, b) == kernel_distance(a.double(), b.double())


# ---- the published form: subsets ----


def test_subsets_have_the_distance_as_their_mean_and_repeat_by_seed():
    a, b = cloud(400, shift=0.4), cloud(500, seed=1)
    values = kernel_distance_spread(a, b, subsets=200, size=50)
    assert values.shape == (200,) and len(values.unique()) == 200
    assert abs(values.mean().item() - kernel_distance(a, b)) < 4 * values.std().item() / 200**0.5
    again, other = (kernel_distance_spread(a, b, 200, 50, seed) for seed in (0, 1))
    assert values.equal(again) and not values.equal(other)
    assert kernel_distance_spread(a, b, 200, 200).std() < 0.7 * values.std()


def test_a_subset_takes_no_vector_twice():
    a, b = cloud(30), cloud(30, seed=1)
    values = kernel_distance_spread(a, b, subsets=5, size=30)
    torch.testing.assert_close(values, torch.full((5,), kernel_distance(a, b)))


# ---- refusals ----


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (lambda a: kernel_distance(a[:1], a), "N of at least 2"),
        (lambda a: kernel_distance(a, a[:, :3]), "8 and 3"),
        (lambda a: kernel_distance(a * float("nan"), a), "NaN"),
        (lambda a: kernel_distance(a[0], a), "shape"),
        (lambda a: kernel_distance_spread(a, a, size=31), "size=31: use from 2 to 30"),
        (lambda a: kernel_distance_spread(a, a[:20], size=21), "size=21: use from 2 to 20"),
        (lambda a: kernel_distance_spread(a, a, size=1), "size=1"),
        (lambda a: kernel_distance_spread(a, a, subsets=0, size=9), "subsets=0"),
    ],
)
def test_what_has_no_distance_is_refused(measure, said):
    with pytest.raises(CourseError, match=said) as refusal:
        measure(cloud(30))
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")
