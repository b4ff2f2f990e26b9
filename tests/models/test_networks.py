"""Networks: what goes in, what comes out, and that nothing in them is dead."""

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.models import DCDiscriminator, DCGenerator, Judge, MLPDiscriminator, MLPGenerator, count_parameters
from course_lib.models.mlp import has_batch_statistics, is_convolutional


@pytest.fixture(autouse=True)
def fixed_weights():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


SIZES = [28, 32, 64]
CHANNELS = [1, 3]
GENERATORS = {
    "mlp": lambda **k: MLPGenerator(16, (24,), **k),
    "mlp-deep-sigmoid": lambda **k: MLPGenerator(16, (24, 20), output="sigmoid", slope=0.2, **k),
    "dc": lambda **k: DCGenerator(16, width=4, **k),
}
DISCRIMINATORS = {
    "mlp": lambda **k: MLPDiscriminator((24, 16), dropout=0.3, **k),
    **{
        f"dc-{norm}-{head}": lambda norm=norm, head=head, **k: DCDiscriminator(4, norm=norm, head=head, **k)
        for norm in ("batch", "spectral", None)
        for head in ("flat", "pool")
    },
}


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_makes_images_in_the_courses_range(name, size, channels):
    generator = GENERATORS[name](size=size, channels=channels)
    images = generator(10 * torch.randn(3, generator.latent))
    assert images.shape == (3, channels, size, size)
    assert images.dtype == torch.float32
    assert images.abs().max() <= 1
    assert generator.latent == 16


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", DISCRIMINATORS)
def test_a_discriminator_returns_one_logit_an_image(name, size, channels):
    discriminator = DISCRIMINATORS[name](size=size, channels=channels)
    logits = discriminator(torch.rand(3, channels, size, size) * 2 - 1)
    assert logits.shape == (3, 1)
    assert not any(isinstance(m, nn.Sigmoid) for m in discriminator.modules()), "logits, not probabilities"


@pytest.mark.parametrize("output", ["tanh", "sigmoid"])
def test_the_last_layer_reaches_both_ends_of_the_range(output):
    generator = MLPGenerator(8, (), output=output)
    nn.init.normal_(generator.last[0].weight, std=50)
    images = generator(torch.randn(50, 8))
    assert images.min() < -0.99 and images.max() > 0.99 and images.abs().max() <= 1


@pytest.mark.parametrize("output", ["tanh", "sigmoid"])
def test_an_mlp_generator_is_these_formulas(output):
    generator = MLPGenerator(8, (12,), output=output, slope=0.2)
    z = torch.randn(5, 8)
    first, last = generator.body[0], generator.last[0]
    hidden = nn.functional.leaky_relu(z @ first.weight.T + first.bias, 0.2)
    x = (hidden @ last.weight.T + last.bias).view(5, 1, 28, 28)
    torch.testing.assert_close(generator(z), x.tanh() if output == "tanh" else 2 * x.sigmoid() - 1)


def loss_of(network, batch):
    # Squares of differently weighted outputs: no gradient vanishes for reasons of symmetry.
    out = network(batch)
    return (out * torch.arange(1.0, out.numel() + 1).view_as(out)).sum().square()


@pytest.mark.parametrize(
    ("name", "size"), [("judge", 28), *((n, s) for n in (*GENERATORS, *DISCRIMINATORS) for s in SIZES)]
)
def test_a_gradient_reaches_every_parameter(name, size):
    if name == "judge":
        network, batch = Judge(8), torch.randn(6, 1, 28, 28).clamp(-1, 1)
    elif name in GENERATORS and not name.startswith("dc-"):
        network, batch = GENERATORS[name](size=size), torch.randn(6, 16)
    else:
        network, batch = DISCRIMINATORS[name](size=size), torch.randn(6, 1, size, size).clamp(-1, 1)
    loss_of(network, batch).backward()
    dead = [k for k, p in network.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert not dead


def test_spectral_norm_brings_every_layers_largest_singular_value_to_one():
    discriminator = DCDiscriminator(8, norm="spectral")
    x = torch.randn(4, 1, 28, 28)
    for _ in range(100):  # each forward pass is one power iteration
        discriminator(x)
    discriminator.eval()
    layers = [m for m in discriminator.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(layers) == 3
    for layer in layers:
        assert torch.linalg.svdvals(layer.weight.detach().flatten(1))[0] == pytest.approx(1, abs=0.01)


def test_norms_are_where_they_are_said_to_be():
    def count(network, kind):
        return sum(isinstance(m, kind) for m in network.modules())

    assert count(DCDiscriminator(4, size=64), nn.BatchNorm2d) == 3  # four layers, none in the first
    assert count(DCDiscriminator(4, norm="spectral"), nn.BatchNorm2d) == 0
    assert count(DCDiscriminator(4, norm=None), nn.BatchNorm2d) == 0
    assert not any("parametrizations" in k for k in DCDiscriminator(4, norm=None).state_dict())
    assert count(MLPDiscriminator((4, 4), dropout=0.3), nn.Dropout) == 2
    assert count(MLPDiscriminator((4, 4)), nn.Dropout) == 0


def test_the_pool_head_does_not_care_where_a_feature_is():
    x = -torch.ones(1, 1, 32, 32)
    x[..., 8:16, 8:16] = 1
    moved = x.roll((8, 4), dims=(2, 3))
    pool, flat = (DCDiscriminator(4, norm=None, head=head, size=32).eval() for head in ("pool", "flat"))
    torch.testing.assert_close(pool(x), pool(moved))
    assert not torch.allclose(flat(x), flat(moved))


def test_dcgans_initial_weights():
    for network in (DCGenerator(width=16), DCDiscriminator(16)):
        kernels = torch.cat(
            [
                m.weight.detach().flatten()
                for m in network.modules()
                if isinstance(m, nn.Conv2d | nn.ConvTranspose2d | nn.Linear)
            ]
        )
        assert kernels.std() == pytest.approx(0.02, rel=0.05)
        gains = torch.cat([m.weight.detach() for m in network.modules() if isinstance(m, nn.BatchNorm2d)])
        assert gains.mean() == pytest.approx(1, abs=0.02) and 0.005 < gains.std() < 0.04


def test_the_judge_gives_logits_and_128_features_that_lead_to_them():
    judge = Judge().eval()
    x = torch.rand(5, 1, 28, 28) * 2 - 1
    features = judge.features(x)
    assert features.shape == (5, 128) and features.min() >= 0
    assert judge(x).shape == (5, 10)
    torch.testing.assert_close(judge.last(features), judge(x))


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: MLPGenerator(output="relu"), ["output", "'relu'", "'tanh'", "'sigmoid'"]),
        (lambda: DCGenerator(size=30), ["size", "30", "28", "32", "64"]),
        (lambda: DCDiscriminator(size=30), ["size", "30", "28"]),
        (lambda: DCDiscriminator(norm="layer"), ["norm", "'layer'", "'batch'", "'spectral'", "None"]),
        (lambda: DCDiscriminator(head="mean"), ["head", "'mean'", "'flat'", "'pool'"]),
    ],
)
def test_unknown_options_are_refused_with_the_valid_ones(build, named):
    with pytest.raises(CourseError) as refusal:
        build()
    assert all(word in str(refusal.value) for word in named)


def test_the_questions_that_training_asks_of_networks():
    assert has_batch_statistics(DCGenerator(width=4)) and has_batch_statistics(DCDiscriminator(4))
    assert not has_batch_statistics(DCDiscriminator(4, norm="spectral")) and not has_batch_statistics(MLPGenerator())
    assert is_convolutional(DCDiscriminator(4)) and is_convolutional(DCDiscriminator(4, norm="spectral"))
    assert not is_convolutional(MLPDiscriminator())
    layer = nn.Linear(3, 2)
    assert count_parameters(layer) == 8
    layer.bias.requires_grad_(False)
    assert count_parameters(layer) == 6


def test_the_articles_networks_have_the_articles_sizes():
    assert count_parameters(MLPGenerator(128, (128,), output="sigmoid")) == 128 * 128 + 128 + 128 * 784 + 784
    assert count_parameters(MLPDiscriminator((1024, 512), dropout=0.3)) == 785 * 1024 + 1025 * 512 + 513
