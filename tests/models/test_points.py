"""Networks for points: shapes, scale and options; the minibatch layers against the papers' formulas as plain loops."""

import math

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.models import MinibatchDiscrimination, MinibatchStddev, PointDiscriminator, PointGenerator
from course_lib.models.mlp import has_batch_statistics


def linears(network):
    return [m for m in network.modules() if isinstance(m, nn.Linear)]


@pytest.mark.parametrize("dim", [1, 2, 5])
@pytest.mark.parametrize("hidden", [(), (7,), (9, 8, 7)])
def test_shapes_and_widths(dim, hidden):
    g = PointGenerator(3, hidden, dim=dim)
    assert g.latent == 3 and g(torch.randn(6, 3)).shape == (6, dim)
    assert [m.out_features for m in linears(g)] == [*hidden, dim]
    d = PointDiscriminator(hidden, dim=dim, pack=2)
    assert d(torch.randn(6, 2 * dim)).shape == (6, 1) and d.features(torch.randn(6, 2 * dim)).shape[0] == 6
    assert [m.out_features for m in linears(d)] == [*hidden, 1] and linears(d)[0].in_features == 2 * dim


@pytest.mark.parametrize(
    ("norm", "minibatch", "kind", "count"),
    [
        (None, None, nn.BatchNorm1d, 0),
        ("batch", None, nn.BatchNorm1d, 3),
        (None, "discrimination", MinibatchDiscrimination, 1),
        (None, "stddev", MinibatchStddev, 1),
        ("batch", "stddev", MinibatchStddev, 1),
        ("spectral", "discrimination", MinibatchDiscrimination, 1),
    ],
)
def test_options_put_in_what_they_name(norm, minibatch, kind, count):
    d = PointDiscriminator(norm=norm, minibatch=minibatch)
    assert sum(isinstance(m, kind) for m in d.modules()) == count
    assert d(torch.randn(8, 2)).shape == (8, 1)
    assert d.head.in_features == 128 + {"discrimination": 16, "stddev": 1, None: 0}[minibatch]
    assert has_batch_statistics(d) == (norm == "batch" or minibatch is not None)
    one_more = torch.cat([x := torch.randn(8, 2), torch.randn(1, 2)])
    if not has_batch_statistics(d):
        torch.testing.assert_close(d.eval()(one_more)[:8], d(x))


def test_batch_norm_of_the_generator_and_none():
    assert sum(isinstance(m, nn.BatchNorm1d) for m in PointGenerator(norm="batch").modules()) == 3
    assert not any(isinstance(m, nn.BatchNorm1d) for m in PointGenerator().modules())
    norms = [m for m in PointGenerator(norm="batch", hidden=(5, 5)).modules() if isinstance(m, nn.BatchNorm1d)]
    assert norms[0] is not norms[1], "two layers share one norm"


@pytest.mark.parametrize(("name", "kind"), [("relu", nn.ReLU), ("leaky", nn.LeakyReLU), ("tanh", nn.Tanh)])
def test_activations(name, kind):
    for network in (PointGenerator(activation=name), PointDiscriminator(activation=name)):
        assert sum(isinstance(m, kind) for m in network.modules()) == 3


def test_spectral_norm_is_on_every_layer_and_makes_its_largest_singular_value_one():
    d = PointDiscriminator((32, 16), norm="spectral")
    for _ in range(200):
        d(torch.randn(4, 2))  # in train mode each pass refines the estimate
    layers = linears(d)
    assert len(layers) == 3
    for layer in layers:
        assert torch.linalg.matrix_norm(layer.weight, 2).item() == pytest.approx(1, abs=1e-3)


def test_scale_multiplies_what_g_makes_and_divides_what_d_sees():
    torch.manual_seed(0)
    g, d = PointGenerator(), PointDiscriminator()
    z, x = torch.randn(5, 2), torch.randn(5, 2)
    made, judged, features = g(z), d(x), d.features(x)
    g.scale = d.scale = 4.0
    torch.testing.assert_close(g(z), 4 * made)
    torch.testing.assert_close(d(4 * x), judged)
    torch.testing.assert_close(d.features(4 * x), features)
    assert PointGenerator(scale=3.0).scale == PointDiscriminator(scale=3.0).scale == 3.0


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: PointGenerator(activation="elu"), "activation 'elu'.*'relu'"),
        (lambda: PointGenerator(norm="spectral"), "norm 'spectral'.*'batch'"),
        (lambda: PointDiscriminator(activation="elu"), "activation 'elu'"),
        (lambda: PointDiscriminator(norm="layer"), "norm 'layer'.*'spectral'"),
        (lambda: PointDiscriminator(minibatch="std"), "minibatch 'std'.*'stddev'"),
    ],
)
def test_unknown_options_are_refused_with_the_valid_ones(build, said):
    with pytest.raises(CourseError, match=said):
        build()


# ---- minibatch discrimination ----


def salimans(f, tensor, kernels, size):
    """o(x_i)_b = Σ_{j≠i} exp(−‖M_{i,b} − M_{j,b}‖₁), over N − 1, number by number."""
    m = (f @ tensor).tolist()
    out = torch.zeros(len(f), kernels, dtype=torch.float64)
    for i in range(len(f)):
        for b in range(kernels):
            for j in range(len(f)):
                if j != i:
                    l1 = sum(abs(m[i][b * size + c] - m[j][b * size + c]) for c in range(size))
                    out[i, b] += math.exp(-l1) / max(len(f) - 1, 1)
    return out


@pytest.mark.parametrize(("n", "kernels", "size"), [(1, 2, 3), (2, 1, 1), (7, 3, 4), (5, 16, 8)])
def test_minibatch_discrimination_is_the_papers_formula(n, kernels, size):
    torch.manual_seed(n)
    layer = MinibatchDiscrimination(6, kernels, size).double()
    f = torch.randn(n, 6, dtype=torch.float64)
    out = layer(f)
    assert out.shape == (n, 6 + kernels) and out[:, :6].equal(f)
    expected = salimans(f, layer.tensor.detach(), kernels, size)
    torch.testing.assert_close(out[:, 6:].detach(), expected, rtol=1e-10, atol=1e-12)


def test_identical_examples_are_as_close_as_can_be_and_varied_ones_are_not():
    torch.manual_seed(0)
    layer, f = MinibatchDiscrimination(6), torch.randn(10, 6)
    same, varied = layer(f[:1].expand(10, 6))[:, 6:], layer(3 * f)[:, 6:]
    torch.testing.assert_close(same, torch.ones(10, 16))
    assert (varied < 0.6).all() and (varied >= -1e-6).all()


def test_its_gradient_reaches_the_features_and_the_tensor():
    torch.manual_seed(1)
    layer = MinibatchDiscrimination(3, 2, 2).double()
    f = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda f, t: torch.func.functional_call(layer, {"tensor": t}, f), (f, layer.tensor))


# ---- minibatch standard deviation ----


@pytest.mark.parametrize("n", [2, 3, 9])
def test_minibatch_stddev_is_the_mean_of_the_features_standard_deviations(n):
    torch.manual_seed(n)
    f = torch.randn(n, 5, dtype=torch.float64)
    out = MinibatchStddev()(f)
    spread = 0.0
    for column in f.T.tolist():
        mean = sum(column) / n
        spread += math.sqrt(sum((v - mean) ** 2 for v in column) / n) / 5
    assert out.shape == (n, 6) and out[:, :5].equal(f)
    torch.testing.assert_close(out[:, 5], torch.full((n,), spread, dtype=torch.float64), rtol=1e-6, atol=1e-7)


def test_stddev_of_one_repeated_example_is_about_zero_and_its_gradient_finite():
    f = torch.randn(1, 5).expand(8, 5).clone().requires_grad_(True)
    out = MinibatchStddev()(f)
    assert 0 <= out[0, 5] < 2e-4
    out.sum().backward()
    assert torch.isfinite(f.grad).all()


@pytest.mark.parametrize("minibatch", ["discrimination", "stddev"])
def test_the_discriminator_can_tell_a_batch_of_copies_from_a_varied_one(minibatch):
    """Without the layer an example's logit does not depend on the batch around it; with it, it does."""
    torch.manual_seed(0)
    varied = torch.randn(16, 2)
    copies = varied[:1].expand(16, 2)
    plain, d = PointDiscriminator(), PointDiscriminator(minibatch=minibatch)
    torch.testing.assert_close(plain(varied)[0], plain(copies)[0])
    assert (d(varied)[0] - d(copies)[0]).abs() > 1e-3
