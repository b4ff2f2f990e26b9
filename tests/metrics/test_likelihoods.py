"""−log p(x) by importance sampling: against the linear VAE's exact number, and image by image by its formula."""

import math

import pytest
import torch

from course_lib.errors import CourseError
from course_lib.losses.elbo import log_weights
from course_lib.metrics import log_likelihoods, nll
from course_lib.models import MLPVAE, Gaussian, LinearVAE


def small(**settings):
    torch.manual_seed(0)
    return MLPVAE(3, (8, 7), size=4, **settings)


def black_and_white(n=5, size=4):
    return torch.randn(n, 1, size, size, generator=torch.Generator().manual_seed(0)).sign()


# ---- exactness ----


def test_with_the_true_posterior_any_number_of_samples_is_exact():
    vae = LinearVAE(1, 5)
    vae.solve()
    x = vae.sample(7).detach()
    for samples in (1, 2, 30):
        torch.testing.assert_close(log_likelihoods(vae, x, samples), vae.log_prob(x).detach(), rtol=1e-10, atol=1e-10)
        assert nll(vae, x, samples).value == pytest.approx(-vae.log_prob(x).mean().item(), abs=1e-10)


def test_with_a_good_encoder_it_comes_within_a_ten_thousandth_of_the_log_likelihood():
    """40 images × 50,000 draws. The causes are nearly independent, so that the best q is nearly the posterior."""
    vae = LinearVAE(2, 4, 0.5, seed=1)
    with torch.no_grad():
        vae.W.copy_(torch.tensor([[2.0, 0.06], [0.0, 1.5], [0.01, 0.3], [0.5, 0.0]]))
    vae.solve()
    x = vae.sample(40).detach()
    exact, bound = -vae.log_prob(x).mean().item(), -vae.elbo(x).mean().item()
    found = nll(vae, x, 50_000).value
    assert bound - exact > 5e-4, "else the ELBO alone would pass"
    assert found == pytest.approx(exact, abs=1e-4)


def test_with_a_worse_encoder_within_its_standard_error():
    vae = LinearVAE(2, 5, 0.5, seed=2)
    vae.solve()
    x, k = vae.sample(6).detach(), 50_000
    noise = torch.randn(k, 6, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    ratios = (log_weights(vae, x, noise) - vae.log_prob(x)).exp().detach()  # w / p(x): 1 on average
    error = ratios.std(0) / k**0.5
    found = log_likelihoods(vae, x, k, seed=5)
    assert error.max() < 0.02 and vae.elbo_gap(x).min() > 5 * error.max()
    assert ((found - vae.log_prob(x)).abs() < 4 * error).all()


def test_few_samples_err_upwards_and_one_is_the_elbo_on_average():
    vae = LinearVAE(2, 5, 0.5, seed=2)
    vae.solve()
    x = vae.sample(3).detach().repeat(4000, 1, 1, 1)
    exact, elbo = -vae.log_prob(x).mean().item(), -vae.elbo(x).mean().item()
    found = {k: -log_likelihoods(vae, x, k) for k in (1, 5)}
    error = {k: v.view(4000, 3).mean(1).std().item() / 4000**0.5 for k, v in found.items()}
    assert found[1].mean().item() == pytest.approx(elbo, abs=4 * error[1])
    assert found[1].mean() - found[5].mean() > 4 * math.hypot(error[1], error[5])
    assert found[5].mean() - exact > 4 * error[5]


# ---- the formula ----


@pytest.mark.parametrize(("samples", "at_once"), [(7, 3), (3, 7), (4, 4), (2, 5), (6, 3), (1, 1)])
def test_any_portion_at_once_is_the_plain_formula(samples, at_once):
    """The same noise in one piece gives the same number, and no more images than asked for are held."""
    vae, x = small(likelihood=Gaussian(0.4)).eval(), black_and_white()
    held, decode = [], vae.decode
    vae.decode = lambda z, labels=None: held.append(len(z)) or decode(z, labels)
    found = log_likelihoods(vae, x, samples, seed=4, at_once=at_once)
    assert max(held) <= at_once and sum(held) == 5 * samples
    g, many, rows = torch.Generator().manual_seed(4), max(1, at_once // samples), []
    for start in range(0, 5, many):
        part = x[start : start + many]
        sizes = [min(at_once, samples - first) for first in range(0, samples, at_once)]
        noise = torch.cat([torch.randn(k, len(part), 3, generator=g) for k in sizes])
        rows.append(log_weights(vae, part, noise).double().exp().mean(0).log())
    assert found.dtype == torch.float64 and found.shape == (5,)
    torch.testing.assert_close(found, torch.cat(rows).detach(), rtol=1e-6, atol=1e-6)


def test_weights_of_minus_ten_thousand_are_no_trouble():
    vae = LinearVAE(2, 5, 0.02)
    far = vae.sample(3).detach() + 30
    found = log_likelihoods(vae, far, 100)
    assert torch.isfinite(found).all() and found.max() < -1e4


def test_value_and_interval():
    vae, x = small(), black_and_white(9)
    found, each = nll(vae, x, 20, seed=3), -log_likelihoods(vae, x, 20, seed=3)
    error = each.std().item() / 3
    assert (found.n, found.samples) == (9, 20) and found.value == pytest.approx(each.mean().item(), abs=1e-12)
    assert (found.low, found.high) == pytest.approx((found.value - 1.96 * error, found.value + 1.96 * error))
    assert nll(vae, x, 20, seed=3) == found != nll(vae, x, 20, seed=4)
    interval = f"{found.low:.2f} to {found.high:.2f}"
    assert str(found) == f"{found.value:.2f} nats (95 %: {interval}; 9 images, 20 samples each)"


def test_labels_go_with_their_images():
    vae, x, labels = small(classes=3), black_and_white(), torch.tensor([0, 2, 1, 1, 0])
    pairs, encode = [], vae.encode

    def spy(images, given):
        pairs.extend((image.flatten().tolist(), label) for image, label in zip(images, given.tolist(), strict=True))
        return encode(images, given)

    vae.encode = spy
    found = log_likelihoods(vae, x, 20, labels=labels, at_once=40)  # two images at once
    assert pairs == [(image.flatten().tolist(), label) for image, label in zip(x, labels.tolist(), strict=True)]
    assert not found.equal(log_likelihoods(vae, x, 20, labels=labels.flip(0), at_once=40))
    with pytest.raises(CourseError, match="pass the labels"):
        nll(small(classes=3), x, 5)


@pytest.mark.parametrize("training", [True, False])
def test_it_measures_in_eval_mode_and_leaves_mode_and_weights(training):
    vae, x, modes = small(), black_and_white(), []
    vae.decoder.register_forward_hook(lambda network, *_: modes.append(network.training))
    vae.train(training)
    nll(vae, x, 3)
    assert vae.training == training and not any(modes) and modes
    assert all(p.grad is None for p in vae.parameters())
    vae.decode = None
    with pytest.raises(TypeError):
        nll(vae, x, 3)
    assert vae.training == training


# ---- refusals ----


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (lambda vae, x: nll(vae, x[:1]), "1 images are too few"),
        (lambda vae, x: log_likelihoods(vae, x[:0]), "no images"),
        (lambda vae, x: nll(vae, 0.9 * x), r"grey.*binarised\(images, generator\)"),
        (lambda vae, x: nll(vae, (x + 1) / 2), "grey"),
        (lambda vae, x: nll(vae, x, 0), "samples=0"),
        (lambda vae, x: nll(vae, x, True), "samples=True"),
        (lambda vae, x: log_likelihoods(vae, x, 2.0), r"samples=2\.0"),
    ],
)
def test_what_has_no_log_likelihood_is_refused(measure, said):
    with pytest.raises(CourseError, match=said) as refusal:
        measure(small(), black_and_white())
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")


def test_grey_images_have_one_under_a_gaussian():
    assert math.isfinite(nll(small(likelihood=Gaussian()), 0.5 * black_and_white(), 5).value)
