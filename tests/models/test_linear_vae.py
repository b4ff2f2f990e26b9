"""The linear VAE's closed forms, each against another way to the same number."""

import itertools
import math

import pytest
import torch
from torch.distributions import MultivariateNormal, kl_divergence

from course_lib.models import LinearVAE

SIZES = [(1, 2, 0.5), (2, 5, 0.5), (3, 4, 1.3), (2, 2, 0.1), (4, 3, 0.7)]  # latent, dim, sigma


def some(latent, dim, sigma, how, seed=3):
    """A VAE with its first encoder, a random one, or the best; and points that it did and did not make."""
    vae = LinearVAE(latent, dim, sigma, seed)
    with torch.no_grad():
        if how == "random":
            g = torch.Generator().manual_seed(9)
            vae.A.copy_(torch.randn(vae.A.shape, generator=g, dtype=torch.float64))
            vae.log_var.copy_(torch.randn(latent, generator=g, dtype=torch.float64))
    if how == "best":
        vae.solve()
    x = vae.sample(6, seed=5).detach()
    x[3:] = 2 * x[3:] + 1
    return vae, x


cases = pytest.mark.parametrize(
    ("latent", "dim", "sigma", "how"), [(*s, how) for s in SIZES for how in ("first", "random", "best")]
)


@cases
def test_the_bound_and_its_gap_are_the_log_likelihood(latent, dim, sigma, how):
    vae, x = some(latent, dim, sigma, how)
    torch.testing.assert_close(vae.elbo(x) + vae.elbo_gap(x), vae.log_prob(x), rtol=1e-10, atol=1e-10)
    assert (vae.elbo_gap(x) > -1e-10).all()


@cases
def test_the_gap_is_torchs_divergence(latent, dim, sigma, how):
    vae, x = some(latent, dim, sigma, how)
    (mean, log_var), (true_mean, covariance) = vae.encode(x), vae.true_posterior(x)
    q, p = MultivariateNormal(mean, torch.diag_embed(log_var.exp())), MultivariateNormal(true_mean, covariance)
    torch.testing.assert_close(vae.elbo_gap(x), kl_divergence(q, p), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("latent", "dim", "sigma"), SIZES)
def test_bayes_rule(latent, dim, sigma):
    """log p(z) + log p(x|z) − log p(z|x) is log p(x), whichever z is asked."""
    vae, x = some(latent, dim, sigma, "first")
    z = torch.randn(6, latent, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    prior = MultivariateNormal(torch.zeros(latent).double(), torch.eye(latent).double())
    joint = prior.log_prob(z) + vae.likelihood.log_prob(x, vae.decode(z))
    posterior = MultivariateNormal(*vae.true_posterior(x)).log_prob(z)
    torch.testing.assert_close(joint - posterior, vae.log_prob(x), rtol=1e-9, atol=1e-9)


def test_log_prob_is_the_integral_over_the_latent():
    vae, x = some(1, 2, 0.5, "first")
    z = torch.linspace(-12, 12, 20001, dtype=torch.float64)[:, None]
    outputs = vae.decode(z)[:, None].expand(-1, len(x), -1, -1, -1)  # (grid, N, C, 1, 1)
    joint = vae.likelihood.log_prob(x, outputs) - 0.5 * z.square() - 0.5 * math.log(2 * math.pi)
    integral = (joint.logsumexp(0) + math.log(24 / 20000)).detach()
    torch.testing.assert_close(integral, vae.log_prob(x).detach(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("latent", [1, 2, 3])
def test_the_bound_is_its_definition_integrated_exactly(latent):
    """log p(x|z) is quadratic in z, so the mean over z = mean ± s in each latent is the exact expectation."""
    vae, x = some(latent, 4, 0.6, "random")
    mean, log_var = vae.encode(x)
    corners = torch.tensor(list(itertools.product((-1.0, 1.0), repeat=latent)), dtype=torch.float64)[:, None]
    z = mean + (0.5 * log_var).exp() * corners  # (2^latent, N, latent)
    outputs = torch.stack([vae.decode(part) for part in z])
    kl = kl_divergence(
        torch.distributions.Normal(mean, (0.5 * log_var).exp()),
        torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean)),
    ).sum(1)
    expected = vae.likelihood.log_prob(x, outputs).mean(0) - kl
    torch.testing.assert_close(vae.elbo(x), expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(("latent", "dim", "sigma"), SIZES)
def test_solve_finds_where_no_encoder_of_its_kind_does_better(latent, dim, sigma):
    vae, x = some(latent, dim, sigma, "first")
    x = torch.cat([x, vae.sample(20, seed=8).detach()])
    before = vae.elbo_gap(x).mean()
    vae.solve()
    best = vae.elbo_gap(x).mean()
    slopes = torch.autograd.grad(best, [vae.A, vae.log_var])
    assert best < before and all(s.abs().max() < 1e-8 for s in slopes)
    if latent == 1:  # one latent has no other to be independent of
        assert abs(best) < 1e-12
        torch.testing.assert_close(vae.encode(x)[0], vae.true_posterior(x)[0])
    else:
        assert best > 1e-4


def test_samples_have_the_mean_and_covariance_of_log_prob():
    vae, n = LinearVAE(2, 3, 0.5, seed=1), 100_000
    x = vae.sample(n, seed=2).detach().flatten(1)
    want = (vae.W @ vae.W.T + 0.25 * torch.eye(3)).detach()
    error = want.diagonal().sqrt() / n**0.5
    assert ((x.mean(0) - vae.b.detach()).abs() < 5 * error).all()
    spread = ((want.diagonal()[:, None] * want.diagonal() + want.square()) / n).sqrt()  # of a sample covariance
    assert ((x.T.cov() - want).abs() < 5 * spread).all()
    assert x.equal(vae.sample(n, seed=2).flatten(1)) and not x.equal(vae.sample(n, seed=3).flatten(1))


def test_it_is_float64_and_repeats_by_its_seed():
    a, b, other = LinearVAE(seed=4), LinearVAE(seed=4), LinearVAE(seed=5)
    assert all(p.dtype == torch.float64 for p in a.parameters()) and a.W.shape == (5, 2)
    assert a.W.equal(b.W) and a.A.equal(b.A) and not a.W.equal(other.W)
    assert a.sample(3).shape == (3, 5, 1, 1) and a(torch.zeros(2, 2).double()).shape == (2, 5, 1, 1)
