"""VAE networks: shapes, widths, where the decoder begins, and the class that is given."""

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.models import MLPVAE, Bernoulli, ConvVAE, Gaussian, count_parameters
from course_lib.training import Sampler

BUILD = {
    "mlp": lambda **k: MLPVAE(6, (12, 10), **k),
    "conv": lambda **k: ConvVAE(6, 4, hidden=10, **k),
}
kinds = pytest.mark.parametrize("kind", BUILD)


def images(n=5, channels=1, size=28):
    return torch.rand(n, channels, size, size, generator=torch.Generator().manual_seed(0)) * 2 - 1


def linears(network):
    return [(m.in_features, m.out_features) for m in network.modules() if isinstance(m, nn.Linear)]


def test_a2s_network():
    vae = MLPVAE()
    assert linears(vae.encoder) == [(784, 400), (400, 200)] and linears(vae.posterior) == [(200, 40)]
    assert linears(vae.decoder) == [(20, 200), (200, 400), (400, 784)]
    assert count_parameters(vae) == sum(a * b + b for a, b in linears(vae)) == 801_224
    assert vae.latent == 20 and vae.classes == 0 and vae.likelihood == Bernoulli()


def test_burdas_network():
    vae = MLPVAE(50, (200, 200), activation="tanh")
    assert linears(vae.encoder) == [(784, 200), (200, 200)] and linears(vae.posterior) == [(200, 100)]
    assert sum(isinstance(m, nn.Tanh) for m in vae.modules()) == 4
    assert not any(isinstance(m, nn.ReLU) for m in vae.modules())


def test_without_a_hidden_layer_both_networks_are_linear():
    vae = MLPVAE(3, (), classes=2)
    assert linears(vae.posterior) == [(784 + 2, 6)] and linears(vae.decoder) == [(3 + 2, 784)]
    assert not any(isinstance(m, nn.ReLU) for m in vae.modules())
    assert vae.reconstruct(images(), torch.tensor([0, 1, 0, 1, 1])).shape == (5, 1, 28, 28)


@kinds
@pytest.mark.parametrize("size", [28, 32])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("classes", [0, 4])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_shapes(kind, size, channels, classes, layout):
    vae, x = BUILD[kind](size=size, channels=channels, classes=classes), images(5, channels, size)
    vae = vae.to(memory_format=layout)
    labels = torch.tensor([0, 3, 1, 2, 2]) if classes else None
    mean, log_var = vae.encode(x, labels)
    assert mean.shape == log_var.shape == (5, 6)
    assert vae.decode(mean, labels).shape == x.shape
    for made in (vae.reconstruct(x, labels), vae(torch.randn(5, 6), labels), vae(torch.randn(5, 6))):
        assert made.shape == x.shape and made.abs().max() <= 1


@kinds
def test_mean_and_variance_are_parts_of_their_own(kind):
    vae, x = BUILD[kind](), images()
    mean, log_var = (part.detach().clone() for part in vae.encode(x))
    with torch.no_grad():
        vae.posterior.bias[6:] += 1  # the second half is the log variance
    torch.testing.assert_close(vae.encode(x)[0], mean, rtol=0, atol=0)
    torch.testing.assert_close(vae.encode(x)[1], log_var + 1)


@kinds
@pytest.mark.parametrize("likelihood", [Bernoulli(), Gaussian(0.2)])
def test_it_decodes_like_a_generator_and_reconstructs_from_the_means(kind, likelihood):
    vae, x, z = BUILD[kind](likelihood=likelihood).eval(), images(), torch.randn(5, 6)
    assert vae.likelihood is likelihood
    assert vae(z).equal(likelihood.mean(vae.decode(z)))
    assert vae.reconstruct(x).equal(vae(vae.encode(x)[0])) and vae.reconstruct(x).equal(vae.reconstruct(x))
    sampler = Sampler(vae)
    assert sampler(7).shape == (7, 1, 28, 28) and sampler(7).equal(sampler(7))
    torch.testing.assert_close(sampler.decode(z), vae(z).detach())


# ---- where the decoder begins ----


@kinds
def test_the_decoder_can_begin_at_the_mean_image(kind):
    x = images(50, 3)
    x[:, 1] = 0.3 * x[:, 1] + 0.6
    x[:, 2, :9] = -0.99  # far from the rest: the mean of the logits is not the logit of the mean
    for likelihood in (Bernoulli(), Gaussian()):
        vae = BUILD[kind](likelihood=likelihood, channels=3)
        with torch.no_grad():
            vae.decoder.last.weight.zero_()  # then the bias is all there is
        vae.init_output_bias(x)
        want = x.mean(0) if kind == "mlp" else x.mean((0, 2, 3))[:, None, None].expand(3, 28, 28)
        torch.testing.assert_close(vae(torch.randn(4, 6))[0], want, rtol=0, atol=1e-5)


def test_beginning_at_pixels_that_are_always_black_stays_finite():
    vae = BUILD["mlp"]()
    vae.init_output_bias(-torch.ones(5, 1, 28, 28))
    assert torch.isfinite(vae.decoder.last.bias).all() and (vae.decoder.last.bias < -6).all()


# ---- the class that is given ----


@kinds
def test_the_class_reaches_both_networks_of_its_own_image(kind):
    vae, x, z = BUILD[kind](classes=3).eval(), images(), torch.randn(5, 6)
    a, b = torch.tensor([0, 1, 2, 0, 1]), torch.tensor([0, 1, 2, 0, 2])  # differ in the last alone
    for run in (
        lambda labels: vae.encode(x, labels)[0],
        lambda labels: vae.encode(x, labels)[1],
        lambda labels: vae.decode(z, labels),
        lambda labels: vae.reconstruct(x, labels),
    ):
        same = (run(a) == run(b)).flatten(1).all(1)
        assert same.tolist() == [True, True, True, True, False]


@kinds
def test_without_labels_classes_are_drawn_in_turn(kind):
    vae, z = BUILD[kind](classes=3).eval(), torch.randn(7, 6)
    assert vae(z).equal(vae(z, torch.tensor([0, 1, 2, 0, 1, 2, 0])))
    assert not vae(z).equal(vae(z, torch.zeros(7, dtype=torch.int64)))


# ---- refusals ----


@kinds
def test_a_conditional_vae_without_labels_is_told_so(kind):
    vae = BUILD[kind](classes=3)
    for run in (lambda: vae.encode(images()), lambda: vae.decode(torch.randn(5, 6)), lambda: vae.reconstruct(images())):
        with pytest.raises(CourseError, match="given one of 3 classes: pass the labels"):
            run()


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: MLPVAE(activation="gelu"), ["activation", "'gelu'", "'relu'", "'tanh'"]),
        (lambda: ConvVAE(size=30), ["size", "30", "28", "32"]),
    ],
)
def test_settings_that_make_no_network_are_refused(build, named):
    with pytest.raises(CourseError) as refusal:
        build()
    assert all(word in str(refusal.value) for word in named) and "\n" not in str(refusal.value)
