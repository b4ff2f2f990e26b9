"""The bounds against the linear VAE's exact numbers, against torch.distributions and against their formulas."""

import itertools
import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.distributions import Bernoulli, Normal, kl_divergence

from course_lib.errors import CourseError
from course_lib.losses.elbo import ELBO, IWAE, kl_to_standard_normal, log_weights, reparameterise
from course_lib.models import MLPVAE, LinearVAE


def draws(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def gradients(vae, loss):
    return torch.autograd.grad(loss, [p for p in vae.parameters() if p.requires_grad])


@pytest.fixture
def small():
    """A float64 VAE of 4×4 images, five black and white ones, and three draws of noise."""
    torch.manual_seed(0)
    vae = MLPVAE(3, (8, 7), size=4).double()
    return vae, draws(5, 1, 4, 4).sign(), draws(3, 5, 3, seed=1)


@pytest.fixture
def linear():
    """A linear VAE whose encoder is wrong, and points."""
    vae = LinearVAE(2, 4, 0.6, seed=2)
    with torch.no_grad():
        vae.A.copy_(torch.linalg.pinv(vae.W) + 0.1 * draws(2, 4, seed=3))
        vae.log_var.copy_(torch.tensor([-1.0, -0.4]))
    return vae, vae.sample(6, seed=4).detach()


def corners(latent, n):
    """Noise of ±1 in every combination, ``(2^latent, n, latent)``: its mean of a quadratic is the exact expectation."""
    each = torch.tensor(list(itertools.product((-1.0, 1.0), repeat=latent)), dtype=torch.float64)
    return each[:, None].expand(-1, n, -1)


# ---- the parts ----


def test_reparameterised_draws_have_the_mean_and_variance_asked_for():
    mean, log_var = torch.tensor([0.5, -2.0]).double(), torch.tensor([-1.0, 0.8]).double()
    z, n = reparameterise(mean.expand(50_000, 2), log_var.expand(50_000, 2), draws(50_000, 2)), 50_000
    sd = (0.5 * log_var).exp()
    assert ((z.mean(0) - mean).abs() < 4 * sd / n**0.5).all()
    assert ((z.std(0) - sd).abs() < 4 * sd / (2 * n) ** 0.5).all()
    noise = draws(3, 4, 2)
    torch.testing.assert_close(reparameterise(mean.expand(4, 2), log_var.expand(4, 2), noise), mean + sd * noise)


def test_the_closed_form_kl_is_torchs():
    mean, log_var = 2 * draws(7, 3), 1.5 * draws(7, 3, seed=1)
    found = kl_to_standard_normal(mean, log_var)
    expected = kl_divergence(Normal(mean, (0.5 * log_var).exp()), Normal(torch.zeros(7, 3).double(), 1.0))
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)
    assert found.shape == (7, 3) and (found > 0).all()
    assert kl_to_standard_normal(torch.zeros(2), torch.zeros(2)).tolist() == [0, 0]


# ---- against the exact numbers ----


def test_the_elbo_and_its_gradients_are_the_closed_forms(linear):
    vae, x = linear
    terms = ELBO(samples=4)(vae, x, corners(2, 6))
    exact = vae.elbo(x).mean()
    assert terms.bound.item() == pytest.approx(exact.item(), abs=1e-10)
    assert terms.loss.item() == pytest.approx(-exact.item(), abs=1e-10)
    for ours, theirs in zip(gradients(vae, terms.loss), gradients(vae, -exact), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)


def test_log_weights_have_the_elbo_as_their_mean(linear):
    vae, x = linear
    torch.testing.assert_close(log_weights(vae, x, corners(2, 6)).mean(0), vae.elbo(x), rtol=1e-10, atol=1e-10)


def test_by_monte_carlo_too(linear):
    vae, x = linear
    w = log_weights(vae, x, draws(40_000, 6, 2, seed=5)).detach()
    error = w.std(0) / 40_000**0.5
    assert error.max() < 0.05 and ((w.mean(0) - vae.elbo(x)).abs() < 4 * error).all()


def test_iwae_rises_with_k_and_stays_below_the_log_likelihood(linear):
    """In expectation; each difference is above 0 by more than its 99.99 % interval."""
    vae, x = linear
    bounds = {}
    for k in (1, 3, 10, 50):
        noise = draws(k, 6 * 4000, 2, seed=k)
        w = log_weights(vae, x.repeat(4000, 1, 1, 1), noise).detach().view(k, 4000, 6)
        each = (w.logsumexp(0) - math.log(k)).mean(1)  # (4000,): repetitions of the mean over the points
        bounds[k] = (each.mean().item(), each.std().item() / 4000**0.5)
        terms = IWAE(k)(vae, x.repeat(4000, 1, 1, 1), noise)
        assert terms.bound.item() == pytest.approx(bounds[k][0], abs=1e-10) and terms.loss == -terms.bound
    exact = vae.log_prob(x).mean().item()
    assert abs(bounds[1][0] - vae.elbo(x).mean().item()) < 4 * bounds[1][1]
    rising = [*bounds.values(), (exact, 0.0)]
    for (low, e), (high, f) in itertools.pairwise(rising):
        assert high - low > 4 * math.hypot(e, f), rising
    assert exact - bounds[50][0] < 0.1 * (exact - bounds[1][0])


def test_with_the_true_posterior_every_weight_is_the_likelihood():
    vae = LinearVAE(1, 4, 0.6)
    vae.solve()
    x = vae.sample(5).detach()
    w = log_weights(vae, x, draws(9, 5, 1))
    torch.testing.assert_close(w, vae.log_prob(x).expand(9, 5), rtol=1e-10, atol=1e-10)


# ---- against torch.distributions ----


def test_the_terms_of_one_batch(small):
    vae, x, noise = small
    mean, log_var = vae.encode(x)
    q = Normal(mean, (0.5 * log_var).exp())
    z = mean + noise * q.stddev
    white = (x > 0).double()
    log_likelihood = torch.stack([Bernoulli(logits=vae.decode(part)).log_prob(white).sum((1, 2, 3)) for part in z])
    kl = kl_divergence(q, Normal(torch.zeros_like(mean), 1.0)).sum(1)
    terms = ELBO(samples=3)(vae, x, noise)
    torch.testing.assert_close(terms.reconstruction, -log_likelihood.mean())
    torch.testing.assert_close(terms.kl, kl.mean())
    torch.testing.assert_close(terms.bound, log_likelihood.mean() - kl.mean())
    torch.testing.assert_close(terms.loss, -terms.bound)

    w = log_likelihood + (Normal(0.0, 1.0).log_prob(z) - q.log_prob(z)).sum(-1)  # (3, 5)
    torch.testing.assert_close(log_weights(vae, x, noise), w, rtol=1e-11, atol=1e-11)
    terms = IWAE(3)(vae, x, noise)
    torch.testing.assert_close(terms.bound, w.exp().mean(0).log().mean())
    torch.testing.assert_close(terms.reconstruction, -log_likelihood.mean())
    torch.testing.assert_close(terms.kl, kl.mean())


def test_iwae_of_one_sample_is_the_elbo_with_its_kl_by_monte_carlo(small):
    vae, x, noise = small
    mean, log_var = vae.encode(x)
    q, z = Normal(mean, (0.5 * log_var).exp()), mean + noise[0] * (0.5 * log_var).exp()
    sampled_kl = (q.log_prob(z) - Normal(0.0, 1.0).log_prob(z)).sum(1).mean()
    one, elbo = IWAE(1)(vae, x, noise[:1]), ELBO()(vae, x, noise[:1])
    torch.testing.assert_close(one.bound, -elbo.reconstruction - sampled_kl, rtol=1e-11, atol=1e-11)
    assert one.bound != elbo.bound


def test_several_samples_are_the_mean_of_single_ones(small):
    vae, x, noise = small
    singles = torch.stack([ELBO()(vae, x, noise[i : i + 1]).loss for i in range(3)])
    torch.testing.assert_close(ELBO(samples=3)(vae, x, noise).loss, singles.mean())


# ---- what the settings do ----


@pytest.mark.parametrize("beta", [0.0, 0.25, 4.0])
def test_beta_weighs_the_kl_in_the_loss_alone(small, beta):
    plain, weighted = (ELBO(b)(*small) for b in (1.0, beta))
    torch.testing.assert_close(weighted.loss, plain.reconstruction + beta * plain.kl)
    assert (weighted.bound, weighted.reconstruction, weighted.kl) == (plain.bound, plain.reconstruction, plain.kl)


def test_free_bits_are_granted_to_each_latent_on_average_over_the_batch(small):
    vae, x, noise = small
    each = kl_to_standard_normal(*vae.encode(x)).mean(0)
    free = each.sort().values[:2].mean().item()  # one latent below, two above
    terms, plain = ELBO(free_bits=free)(vae, x, noise), ELBO()(vae, x, noise)
    torch.testing.assert_close(terms.loss, plain.reconstruction + each.clamp(min=free).sum())
    torch.testing.assert_close(
        ELBO(3.0, free)(vae, x, noise).loss, plain.reconstruction + 3 * each.clamp(min=free).sum()
    )
    assert terms.bound == plain.bound and terms.kl == plain.kl
    by_image = kl_to_standard_normal(*vae.encode(x)).clamp(min=free).mean(0).sum()
    assert by_image > each.clamp(min=free).sum() + 1e-4, "the batch must tell the two readings apart"


def test_a_latent_within_its_free_bits_feels_no_kl(small):
    vae, x, noise = small
    with torch.no_grad():  # nothing of z reaches the images, so that the KL alone moves the encoder
        vae.decoder.body[0].weight.zero_()
    means = vae.encode(x)[0].detach().clone().requires_grad_()
    log_vars = torch.zeros_like(means, requires_grad=True)
    vae.encode = lambda images, labels=None: (means, log_vars)
    each = kl_to_standard_normal(means, log_vars).mean(0)
    smallest = each.argmin()
    free = each.sort().values[:2].mean().item()
    (slope,) = torch.autograd.grad(ELBO(free_bits=free)(vae, x, noise).loss, means)
    assert (slope[:, smallest] == 0).all()
    others = [i for i in range(3) if i != smallest]
    torch.testing.assert_close(slope[:, others], means.detach()[:, others] / 5)


def test_the_mean_over_pixels_is_a_large_beta_with_small_gradients():
    torch.manual_seed(0)
    vae, x, noise = MLPVAE(3, (8,)).double(), draws(5, 1, 28, 28).sign(), draws(1, 5, 3, seed=1)
    averaged, weighted = ELBO(pixels="mean")(vae, x, noise), ELBO(beta=784)(vae, x, noise)
    torch.testing.assert_close(averaged.loss, averaged.reconstruction / 784 + averaged.kl)
    assert averaged.bound == weighted.bound
    for a, b in zip(gradients(vae, averaged.loss), gradients(vae, weighted.loss), strict=True):
        torch.testing.assert_close(a, b / 784, rtol=1e-10, atol=1e-14)
        assert b.abs().max() > 0


# ---- numbers that a computer can hold ----


def test_weights_of_minus_ten_thousand_and_less(linear):
    vae, x = linear
    far = x + 200
    noise = draws(20, 6, 2)
    w = log_weights(vae, far, noise).detach()
    assert w.max() < -1e4 and (w.exp() == 0).all()
    expected = np.logaddexp.reduce(w.numpy(), axis=0) - math.log(20)
    terms = IWAE(20)(vae, far, noise)
    assert terms.bound.item() == pytest.approx(expected.mean(), rel=1e-12)
    assert all(torch.isfinite(g).all() and g.abs().max() > 0 for g in gradients(vae, terms.loss))


@pytest.mark.parametrize("loss", [ELBO(samples=2), ELBO(2.0, 0.05, 2), ELBO(samples=2, pixels="mean"), IWAE(2)])
def test_gradients_are_the_slopes_of_the_loss(small, loss):
    vae, x, noise = small
    noise = noise[:2]
    vae = vae.requires_grad_(False)
    for network in (vae.encoder, vae.decoder.body):  # a corner of ReLU has no slope
        for i, part in enumerate(network):
            if isinstance(part, nn.ReLU):
                network[i] = nn.Tanh()
    chosen = [vae.posterior.weight, vae.posterior.bias, vae.decoder.last.bias]
    names = ["posterior.weight", "posterior.bias", "decoder.last.bias"]

    def of(*values):
        class Loss(nn.Module):
            def __init__(self):
                super().__init__()
                self.vae = vae

            def forward(self):
                return loss(self.vae, x, noise).loss

        named = {f"vae.{name}": value for name, value in zip(names, values, strict=True)}
        return torch.func.functional_call(Loss(), named, ())

    assert torch.autograd.gradcheck(of, [p.detach().clone().requires_grad_() for p in chosen])


# ---- the class that is given ----


@pytest.mark.parametrize("loss", [ELBO, IWAE])
def test_each_draw_is_decoded_with_its_own_images_class(loss):
    torch.manual_seed(0)
    vae, x, noise = MLPVAE(3, (8,), size=4, classes=4).double(), draws(5, 1, 4, 4).sign(), draws(3, 5, 3, seed=1)
    labels = torch.tensor([0, 3, 1, 1, 2])
    together = loss(samples=3)(vae, x, noise, labels)
    rows = [loss(samples=3)(vae, x[i : i + 1], noise[:, i : i + 1], labels[i : i + 1]).bound for i in range(5)]
    torch.testing.assert_close(together.bound, torch.stack(rows).mean())
    w = log_weights(vae, x, noise, labels)
    one_by_one = torch.cat([log_weights(vae, x, noise[i : i + 1], labels) for i in range(3)])
    torch.testing.assert_close(w, one_by_one)
    with pytest.raises(CourseError, match="pass the labels"):
        loss()(vae, x, noise)


# ---- refusals ----


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: ELBO(beta=-1), "beta=-1"),
        (lambda: ELBO(beta=float("nan")), "beta=nan"),
        (lambda: ELBO(free_bits=-0.1), r"free_bits=-0\.1"),
        (lambda: ELBO(free_bits=float("nan")), "free_bits=nan"),
        (lambda: ELBO(beta="4"), "beta='4'"),
        (lambda: ELBO(free_bits=None), "free_bits=None"),
        (lambda: ELBO(pixels="max"), "unknown pixels 'max': use one of 'sum', 'mean'"),
        (lambda: ELBO(samples=0), "samples=0"),
        (lambda: ELBO(samples=True), "samples=True"),
        (lambda: ELBO(samples=1.5), r"samples=1\.5"),
        (lambda: IWAE(0), "samples=0"),
        (lambda: IWAE("5"), "samples='5'"),
    ],
)
def test_settings_that_make_no_bound_are_refused(build, said):
    with pytest.raises(CourseError, match=said) as refusal:
        build()
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")
