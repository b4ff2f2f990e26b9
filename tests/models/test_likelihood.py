"""What decoder outputs mean: log-likelihoods against torch.distributions, samples against their chances."""

import math

import pytest
import torch
from torch import distributions

from course_lib.errors import CourseError
from course_lib.models import Bernoulli, Gaussian, binarised
from course_lib.models.likelihood import from_zero_one, to_zero_one


def draws(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_the_two_ranges():
    x = torch.tensor([-1.0, -0.5, 0.0, 1.0])
    assert to_zero_one(x).tolist() == [0, 0.25, 0.5, 1] and from_zero_one(to_zero_one(x)).equal(x)


@pytest.mark.parametrize("draws_of_z", [(), (3,), (2, 3)])
def test_bernoulli_is_torchs_on_black_and_white_images(draws_of_z):
    outputs, x = 3 * draws(*draws_of_z, 4, 2, 5, 6), draws(4, 2, 5, 6, seed=1).sign()
    found = Bernoulli().log_prob(x, outputs)
    expected = distributions.Bernoulli(logits=outputs).log_prob((x > 0).double().expand_as(outputs)).sum((-1, -2, -3))
    assert found.shape == (*draws_of_z, 4)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("sigma", [0.1, 0.5, 2.0])
@pytest.mark.parametrize("draws_of_z", [(), (3,)])
def test_gaussian_is_torchs(sigma, draws_of_z):
    outputs, x = draws(*draws_of_z, 4, 2, 5, 6), draws(4, 2, 5, 6, seed=1)
    found = Gaussian(sigma).log_prob(x, outputs)
    assert found.shape == (*draws_of_z, 4)
    expected = distributions.Normal(outputs, sigma).log_prob(x).sum((-1, -2, -3))
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


def test_bernoulli_sums_to_one_over_black_and_white_pixels_and_not_over_grey_ones():
    """Why grey images have a loss there and no log-likelihood: its integral over [0, 1] is not 1."""
    output = torch.full((1, 1, 1, 1), 0.7, dtype=torch.float64)
    both = torch.tensor([-1.0, 1.0], dtype=torch.float64).view(2, 1, 1, 1)
    assert Bernoulli().log_prob(both, output.expand(2, 1, 1, 1)).exp().sum().item() == pytest.approx(1, abs=1e-12)
    u = torch.linspace(0, 1, 10001, dtype=torch.float64).view(-1, 1, 1, 1)
    integral = Bernoulli().log_prob(from_zero_one(u), output.expand(10001, 1, 1, 1)).exp().mean()
    chance = 1 / (1 + math.exp(-0.7))
    assert integral.item() == pytest.approx((2 * chance - 1) / 0.7, abs=1e-3) and integral < 0.6


def test_gaussian_has_its_greatest_density_at_the_image_and_integrates_to_one():
    x = torch.linspace(-6, 6, 12001, dtype=torch.float64).view(-1, 1, 1, 1)
    density = Gaussian(0.7).log_prob(x, torch.full_like(x, 0.2)).exp()
    assert density.sum().item() * 0.001 == pytest.approx(1, abs=1e-9)
    assert x[density.argmax()].item() == pytest.approx(0.2)


@pytest.mark.parametrize("extreme", [-1e4, 1e4])
def test_extreme_logits_stay_finite(extreme):
    outputs = torch.full((2, 1, 2, 2), extreme)
    x = torch.tensor([1.0, -1.0]).view(2, 1, 1, 1).expand(2, 1, 2, 2)
    wrong, right = (1, 0) if extreme > 0 else (0, 1)
    values = Bernoulli().log_prob(x, outputs)
    assert values[wrong] == -4e4 and values[right] == 0


def test_means_are_images():
    outputs = 4 * draws(3, 1, 4, 4)
    torch.testing.assert_close(Bernoulli().mean(outputs), 2 * torch.sigmoid(outputs) - 1)
    mean = Gaussian().mean(outputs)
    assert mean.min() == -1 and mean.max() == 1
    assert mean[outputs.abs() < 1].equal(outputs[outputs.abs() < 1])


def test_bernoulli_samples_are_white_with_their_chance():
    outputs = torch.tensor([-2.0, 0.0, 1.5]).view(1, 3, 1, 1).expand(20_000, 3, 1, 1)
    images = Bernoulli().sample(outputs, torch.Generator().manual_seed(0))
    assert set(images.unique().tolist()) == {-1.0, 1.0}
    chance = outputs[0].sigmoid().flatten()
    error = (chance * (1 - chance) / 20_000).sqrt()
    assert ((to_zero_one(images).mean(0).flatten() - chance).abs() < 4 * error).all()


def test_gaussian_samples_have_its_noise_and_stay_in_range():
    outputs = torch.tensor([0.0, 0.2, 5.0]).view(1, 3, 1, 1).expand(20_000, 3, 1, 1)
    images = Gaussian(0.1).sample(outputs, torch.Generator().manual_seed(0))[..., 0, 0]
    assert (images[:, 2] == 1).all() and images.abs().max() <= 1
    assert ((images[:, :2].mean(0) - outputs[0, :2, 0, 0]).abs() < 4 * 0.1 / 20_000**0.5).all()
    assert ((images[:, :2].std(0) - 0.1).abs() < 4 * 0.1 / 40_000**0.5).all()


def test_binarised_is_white_with_the_pixels_brightness():
    grey = torch.tensor([-1.0, -0.6, 0.0, 0.9, 1.0]).view(1, 5, 1, 1).expand(20_000, 5, 1, 1)
    images = binarised(grey, torch.Generator().manual_seed(0))
    assert images.dtype == torch.float32 and set(images.unique().tolist()) == {-1.0, 1.0}
    share, chance = to_zero_one(images).mean(0).flatten(), to_zero_one(grey[0]).flatten()
    assert share[0] == 0 and share[-1] == 1
    assert ((share - chance).abs() <= 4 * (chance * (1 - chance) / 20_000).sqrt()).all()
    again, other = (binarised(grey, torch.Generator().manual_seed(s)) for s in (0, 1))
    assert images.equal(again) and not images.equal(other)


@pytest.mark.parametrize("sigma", [0, -0.5, float("nan")])
def test_a_sigma_that_is_none_is_refused(sigma):
    with pytest.raises(CourseError, match=f"sigma={sigma}: use a standard deviation above 0"):
        Gaussian(sigma)
