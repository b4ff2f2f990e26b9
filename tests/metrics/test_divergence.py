"""Divergences on the line: closed forms, bounds, symmetries, slopes, and the GAN's identity."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import norm, wasserstein_distance

from course_lib.data.toy import line
from course_lib.errors import CourseError
from course_lib.metrics import divergence as d

X = d.midpoints(-40, 40, 8000)
LOG2, LOG4 = math.log(2), math.log(4)
means, sigmas = st.floats(-5, 5), st.floats(0.3, 3)
quick = settings(max_examples=40, deadline=None, derandomize=True)


def box(left, width=1.0):
    return ((left < X) & (left + width > X)).double() / width


def kl_gaussians(a, s, b, t):
    """KL(N(a, s²) ‖ N(b, t²)) in nats."""
    return math.log(t / s) + (s**2 + (a - b) ** 2) / (2 * t**2) - 0.5


def w1_gaussians(a, s, b, t):
    """The mean of a folded normal: a Gaussian's quantile is μ + σz, so W1 = E|Δμ + Δσ·z| (Leone and others 1961)."""
    return folded_normal_mean(abs(a - b), abs(s - t)) if s != t else abs(a - b)


def folded_normal_mean(shift, spread):
    return spread * math.sqrt(2 / math.pi) * math.exp(-((shift / spread) ** 2) / 2) + shift * math.erf(
        shift / spread / math.sqrt(2)
    )


def test_cells_are_midpoints_of_equal_steps():
    assert d.midpoints(0, 1, 4).tolist() == [0.125, 0.375, 0.625, 0.875]
    assert d.integral(X**2 * d.gaussian(X, 0.0, 2.0), X).item() == pytest.approx(4, abs=1e-9)


def test_gaussian_is_scipys_density():
    ours = d.gaussian(X, 1.5, 0.7)
    assert torch.allclose(ours, torch.from_numpy(norm(1.5, 0.7).pdf(X.numpy())), atol=1e-14)


def test_the_optimal_discriminator_is_the_share_of_the_real():
    p, q = torch.tensor([1.0, 0.0, 3.0, 0.0]).double(), torch.tensor([1.0, 2.0, 1.0, 0.0]).double()
    assert d.optimal_discriminator(p, q).tolist() == [0.5, 0.0, 0.75, 0.5]


@quick
@given(means, sigmas, means, sigmas)
def test_kl_has_its_closed_form(a, s, b, t):
    measured = d.kl(d.gaussian(X, a, s), d.gaussian(X, b, t), X).item()
    if not math.isinf(measured):  # where a narrow q has underflowed to 0
        assert measured == pytest.approx(kl_gaussians(a, s, b, t), rel=1e-6, abs=1e-9)
    else:
        assert t * 38 < max(40 - b, 40 + b)


@quick
@given(means, sigmas, means, sigmas)
def test_the_best_value_is_minus_log_4_plus_two_jsd(a, s, b, t):
    p, q = d.gaussian(X, a, s), d.gaussian(X, b, t)
    jsd = d.jsd(p, q, X).item()
    assert d.optimal_value(p, q, X).item() == pytest.approx(-LOG4 + 2 * jsd, abs=1e-9)
    assert -1e-12 <= jsd <= LOG2 + 1e-12
    assert jsd == pytest.approx(d.jsd(q, p, X).item(), abs=1e-12)


@quick
@given(means, sigmas, means, sigmas)
def test_w1_of_gaussians_has_its_closed_form(a, s, b, t):
    p, q = d.gaussian(X, a, s), d.gaussian(X, b, t)
    assert d.w1(p, q, X).item() == pytest.approx(w1_gaussians(a, s, b, t), abs=1e-4)


@quick
@given(means, sigmas, means)
def test_w1_of_gaussians_with_equal_spread_is_the_distance_of_the_means(a, s, b):
    assert d.w1(d.gaussian(X, a, s), d.gaussian(X, b, s), X).item() == pytest.approx(abs(a - b), abs=1e-6)


@quick
@given(means, sigmas, st.lists(st.floats(-3, 3), min_size=3, max_size=3))
def test_no_discriminator_beats_the_optimal_one(b, t, bend):
    p, q = d.gaussian(X, 0.0), d.gaussian(X, b, t)
    best_logits = d.optimal_discriminator(p, q).clamp(1e-12, 1 - 1e-12).logit()
    bent = best_logits + bend[0] + bend[1] * X.sin() + bend[2] * (2 * X).cos()
    assert d.gan_value(p, q, bent, X) <= d.optimal_value(p, q, X) + 1e-9


@quick
@given(means, means, means)
def test_w1_obeys_the_triangle(a, b, c):
    p, q, r = (d.gaussian(X, m, s) for m, s in ((a, 1.0), (b, 0.5), (c, 2.0)))
    assert d.w1(p, r, X) <= d.w1(p, q, X) + d.w1(q, r, X) + 1e-9


@quick
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=20), st.randoms())
def test_w1_of_samples_is_scipys(a, chance):
    b = [chance.uniform(-100, 100) for _ in a]
    ours = d.w1_samples(torch.tensor(a), torch.tensor(b)).item()
    assert ours == pytest.approx(wasserstein_distance(a, b), abs=1e-4)


def test_value_of_the_optimal_logits_is_the_best_value():
    p, q = d.gaussian(X, 0.0), d.gaussian(X, 1.0)
    assert d.gan_value(p, q, 0.5 - X, X).item() == pytest.approx(d.optimal_value(p, q, X).item(), abs=1e-12)
    assert d.gan_value(p, q, torch.zeros_like(X), X).item() == pytest.approx(-LOG4, abs=1e-12)


def test_an_infinite_logit_costs_nothing_where_no_point_falls():
    logits = torch.where(X < 1.5, math.inf, -math.inf)
    assert d.gan_value(box(0), box(2), logits, X) == 0
    assert d.gan_value(box(0), box(2), -logits, X) == -math.inf


def test_where_both_densities_are_zero_nothing_is_added_and_no_slope_is_nan():
    """0 log 0 = 0: between and beside the boxes p, q or both are exactly 0."""
    for theta in (0.5, 3.0):
        p, q = box(0).requires_grad_(), box(theta).requires_grad_()
        sure = torch.where(X < 1.5, math.inf, -math.inf)  # right for theta = 3
        for measured in (
            d.kl(p, q, X),
            d.jsd(p, q, X),
            d.optimal_value(p, q, X),
            d.w1(p, q, X),
            d.gan_value(p, q, sure, X),
            d.optimal_discriminator(p, q).sum(),
        ):
            assert not measured.isnan()
            if measured.isfinite():
                assert all(slope.isfinite().all() for slope in torch.autograd.grad(measured, (p, q)))


@pytest.mark.parametrize("theta", [0, 0.25, 0.5, 1, 2, 5])
def test_boxes_are_exact(theta):
    p, q = box(0), box(theta)
    assert d.jsd(p, q, X).item() == pytest.approx(min(theta, 1) * LOG2, abs=1e-12)
    assert d.w1(p, q, X).item() == pytest.approx(theta, abs=1e-12)
    assert d.kl(p, q, X).item() == (0 if theta == 0 else math.inf)
    assert d.optimal_value(p, q, X).item() == pytest.approx(-LOG4 + 2 * min(theta, 1) * LOG2, abs=1e-12)


def test_jsd_is_scipys():
    p, q = line(-2.0, 2.0, sigma=0.6).density(X[:, None]), d.gaussian(X, 1.0)
    near = X.abs() < 12  # scipy's is infinite once a mixture of tiny densities rounds to 0
    theirs = jensenshannon(p[near].numpy(), q[near].numpy()) ** 2
    assert d.jsd(p, q, X).item() == pytest.approx(theirs, abs=1e-9)


def slope(distance, theta):
    theta = torch.tensor(theta, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(distance(d.gaussian(X, 2.0), d.gaussian(X, theta), X), theta)[0].item()


@pytest.mark.parametrize("theta", [-30.0, -18.0, -3.0, 0.0, 1.0, 5.0])
def test_slopes_are_finite_and_those_of_differences(theta):
    p, h = d.gaussian(X, 2.0), 1e-4
    for distance in (d.optimal_value, d.jsd, d.w1):
        up, down = (distance(p, d.gaussian(X, theta + e), X).item() for e in (h, -h))
        assert slope(distance, theta) == pytest.approx((up - down) / (2 * h), abs=1e-6)


def test_without_overlap_the_value_is_blind_and_w1_is_not():
    assert abs(slope(d.optimal_value, -18.0)) < 1e-15
    assert slope(d.w1, -18.0) == pytest.approx(-1, abs=1e-9)


def test_many_densities_at_once():
    thetas = torch.tensor([-1.0, 0.0, 2.0]).double()
    p, q = d.gaussian(X, 0.0), d.gaussian(X, thetas[:, None])
    for distance in (d.optimal_value, d.jsd, d.kl, d.w1):
        one_by_one = [distance(p, d.gaussian(X, theta), X) for theta in thetas]
        assert torch.allclose(distance(p, q, X), torch.stack(one_by_one))


def test_float32_densities_are_computed_in_float64():
    p = d.gaussian(X, 0.0).float()
    assert d.jsd(p, d.gaussian(X, 1.0), X).dtype == torch.float64


GOOD = d.gaussian(X, 0.0)
BAD = {
    "cells": lambda: d.midpoints(0, 1, 1),
    "use two finite numbers": lambda: d.midpoints(2, 1, 10),
    "between nan": lambda: d.midpoints(math.nan, 1, 10),
    "no standard deviation": lambda: d.gaussian(X, 0.0, 0.0),
    "sigma=-1": lambda: d.gaussian(X, 0.0, -1),
    "sigma=inf": lambda: d.gaussian(X, 0.0, math.inf),
    "area under p is 0.5": lambda: d.jsd(GOOD / 2, GOOD, X),
    "area under q is 0.5": lambda: d.w1(GOOD, d.gaussian(X, 40.0), X),
    "negative": lambda: d.kl(GOOD, -GOOD, X),
    "not finite": lambda: d.optimal_value(GOOD * math.nan, GOOD, X),
    "one value at each": lambda: d.jsd(GOOD[:-1], GOOD, X),
    "equal steps": lambda: d.jsd(GOOD, GOOD, X**3),
    "x has shape": lambda: d.jsd(GOOD, GOOD, X[:, None]),
    "all need a partner": lambda: d.w1_samples(torch.zeros(3), torch.zeros(4)),
    "sample b": lambda: d.w1_samples(torch.zeros(3), torch.tensor([0, 1, math.inf])),
    "sample a": lambda: d.w1_samples(torch.zeros(3, 1), torch.zeros(3)),
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input_is_refused_in_one_sentence(words):
    with pytest.raises(CourseError, match=words) as refusal:
        BAD[words]()
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")
