"""Precision, recall, density and coverage against the authors' package and by hand; copies found and none invented."""

import math

import numpy as np
import pytest
import torch
from prdc import compute_prdc

from course_lib.errors import CourseError
from course_lib.metrics import copying, precision_recall


def cloud(n, d=8, seed=0, scale=1.0, shift=0.0):
    return scale * torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) + shift


def numbers(found):
    return found.precision, found.recall, found.density, found.coverage


@pytest.mark.parametrize("k", [1, 3, 5, 10])
@pytest.mark.parametrize(
    ("real", "fake"),
    [
        (cloud(200), cloud(200, seed=1)),
        (cloud(150), cloud(80, seed=1, scale=0.5)),
        (cloud(90, 128), cloud(160, 128, 1, 1.1)),
        (cloud(100, 2), cloud(100, 2, 1, 0.3, 1.0)),
        (cloud(60, 1), cloud(50, 1, 1)),
    ],
)
def test_it_is_the_authors_package(real, fake, k):
    theirs = compute_prdc(real.numpy(), fake.numpy(), k)
    ours = numbers(precision_recall(real, fake, k))
    assert ours == pytest.approx([theirs[name] for name in ("precision", "recall", "density", "coverage")], abs=1e-12)


@pytest.mark.parametrize("k", [1, 2, 4])
def test_it_is_the_definition_as_plain_loops(k):
    real, fake = cloud(25, 3).numpy(), cloud(18, 3, 1, 1.3, 0.2).numpy()

    def radii(x):
        return [sorted(np.linalg.norm(x[i] - x[j]) for j in range(len(x)) if j != i)[k - 1] for i in range(len(x))]

    def inside(points, centres, radius):
        return np.array([[np.linalg.norm(p - c) < r for c, r in zip(centres, radius, strict=True)] for p in points])

    in_real, in_fake = inside(fake, real, radii(real)), inside(real, fake, radii(fake))
    plain = in_real.any(1).mean(), in_fake.any(1).mean(), in_real.sum(1).mean() / k, in_real.any(0).mean()
    assert numbers(precision_recall(torch.tensor(real), torch.tensor(fake), k)) == pytest.approx(plain, abs=1e-12)


def test_by_hand():
    """Real points 0, 1, 3, 7 (radii 1, 1, 2, 4 for k = 1), generated 0.5, 1.5 and 20 (radii 1, 1 and 18.5)."""
    real, fake = torch.tensor([[0.0], [1.0], [3.0], [7.0]]), torch.tensor([[0.5], [1.5], [20.0]])
    found = precision_recall(real, fake, 1)
    assert found.precision == pytest.approx(2 / 3)  # 0.5 and 1.5
    assert found.recall == 1  # 0, 1 near 0.5; 3 and 7 in the wide ball of 20
    assert found.density == pytest.approx((2 + 2 + 0) / 3)  # 0.5 in the balls of 0, 1; 1.5 in those of 1, 3
    assert found.coverage == pytest.approx(3 / 4)
    assert str(found) == "precision 0.67 · recall 1.00 · density 1.33 · coverage 0.75"


def test_what_the_four_shares_tell_apart():
    real = cloud(400, 2)
    same, narrow = precision_recall(real, cloud(400, 2, 1)), precision_recall(real, cloud(400, 2, 1, 0.1))
    spread, far = precision_recall(real, cloud(400, 2, 1, 4.0)), precision_recall(real, cloud(400, 2, 1, 1, 50.0))
    assert min(numbers(same)) > 0.9 and same.density == pytest.approx(1, abs=0.15)
    assert narrow.precision > 0.99 and narrow.recall < 0.2 and narrow.coverage < 0.2
    assert spread.precision < 0.5 and spread.recall > 0.9
    assert numbers(far) == (0, 0, 0, 0)


def test_one_outlying_real_vector_lifts_precision_but_not_density():
    real = torch.cat([cloud(200, 2), torch.full((1, 2), 60.0).double()])
    fake = cloud(200, 2, 1, shift=15.0)  # far from all but within the outlier's ball
    found = precision_recall(real, fake)
    assert found.precision > 0.99 and found.density < 0.25 and found.coverage < 0.01


@pytest.mark.parametrize("k", [0, -1, True, 2.0, 20, 30, None])
def test_a_k_that_is_none_is_refused(k):
    with pytest.raises(CourseError, match="use a whole number from 1 to 19"):
        precision_recall(cloud(30), cloud(20), k)


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (cloud(1), cloud(9), "N of at least 2"),
        (cloud(9), cloud(9, 3), "8 and 3"),
        (cloud(9), cloud(9) * float("inf"), "NaN or infinity"),
    ],
)
def test_clouds_that_are_none_are_refused(a, b, said):
    for measure in (lambda: precision_recall(a, b, 1), lambda: copying(a, b, b), lambda: copying(b, b, a)):
        with pytest.raises(CourseError, match=said) as refusal:
            measure()
        assert "\n" not in str(refusal.value)


# ---- copies ----


def test_copies_are_found_with_what_they_were_copied_from():
    train, heldout = cloud(300), cloud(200, seed=1)
    which = torch.randperm(300, generator=torch.Generator().manual_seed(0))[:120]
    found = copying(train[which], train, heldout)
    assert found.score == 1 and found.copies == 1 and found.nearest.equal(which)
    assert str(found) == "copying score 1.000 (0.5: none) · suspected copies 100.0% (1 % is due)"
    blurred = copying(train[which] + cloud(120, seed=2, scale=0.05), train, heldout)
    assert blurred.score > 0.99 and blurred.nearest.equal(which)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("d", [2, 32])
def test_honest_data_score_a_half_within_the_interval(d, seed):
    train, heldout, fake = (cloud(n, d, 10 * seed + i) for i, n in enumerate((800, 1000, 1200)))
    found = copying(fake, train, heldout)
    error = math.sqrt((1000 + 1200 + 1) / (12 * 1000 * 1200))  # of the area under the curve (Mann and Whitney 1947)
    assert abs(found.score - 0.5) < 4 * error
    assert abs(found.copies - 0.01) < 4 * math.sqrt(0.01 * 0.99 * (1 / 1000 + 1 / 1200))


def test_far_data_score_below_a_half():
    train, heldout = cloud(300), cloud(200, seed=1)
    assert copying(cloud(200, seed=2, scale=1.5), train, heldout).score < 0.3
    gone = copying(cloud(200, seed=2, shift=50), train, heldout)
    assert gone.score == 0 and gone.copies == 0


def test_a_few_copies_among_honest_data_are_counted():
    train, heldout, fake = cloud(500), cloud(500, seed=1), cloud(500, seed=2)
    fake[:100] = train[:100]
    found = copying(fake, train, heldout)
    assert 0.2 <= found.copies < 0.25 and 0.55 < found.score < 0.7


def test_the_score_is_the_share_of_pairs_and_ties_count_half():
    train = torch.tensor([[0.0], [10.0]])
    fake, heldout = torch.tensor([[1.0], [2.0], [4.0]]), torch.tensor([[12.0], [3.0]])  # distances 1, 2, 4 and 2, 3
    found = copying(fake, train, heldout)
    assert found.score == pytest.approx((1 + 1 + 0.5 + 1 + 0 + 0) / 6)
    assert found.nearest.tolist() == [0, 0, 0] and copying(heldout, train, fake).nearest.tolist() == [1, 0]
    same = copying(heldout, train, heldout)
    assert same.score == 0.5
