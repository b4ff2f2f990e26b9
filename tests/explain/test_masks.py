"""Masks for a guided training are the explanations of the same names, for a whole batch at once."""

import pytest
import torch
from torch import nn

from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.explain import deep_shap, grid_segments, lime_weights, realness
from course_lib.explain.guides import ACTIVATIONS, DeepShapMask, LimeMask
from course_lib.explain.segments import compose
from course_lib.models import DCDiscriminator, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game, Pack
from course_lib.training.guides import Guide


@pytest.fixture(scope="module")
def digits():
    return load("digits", Runtime.auto(seed=0, device="cpu")).images


@pytest.fixture
def discriminator():
    torch.manual_seed(1)
    return MLPDiscriminator((48, 24)).eval()


def test_deep_shap_is_shaps(discriminator, digits):
    images, background = digits[:4], digits[50:60]
    mine = DeepShapMask(discriminator, background)(discriminator, images, 0)
    assert torch.allclose(mine, deep_shap(discriminator, 0, images, background), atol=1e-5)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_deep_shap_adds_up(activation, digits):
    torch.manual_seed(2)
    net = nn.Sequential(
        nn.Conv2d(1, 4, 5, 3), activation(), nn.Flatten(), nn.Linear(256, 8), activation(), nn.Linear(8, 1)
    )
    images, background = digits[:3], digits[50:55]
    found = DeepShapMask(net, background)(net, images, 0)
    with torch.no_grad():
        rise = net(images)[:, 0] - net(background).mean()
    assert torch.allclose(found.sum((1, 2, 3)), rise, atol=1e-4)


def test_an_image_that_is_its_own_background_gets_nothing(discriminator, digits):
    """Every pair is 0/0: the slope of the activation itself is passed on, and multiplied by 0."""
    found = DeepShapMask(discriminator, digits[:1])(discriminator, digits[:1], 0)
    assert found.abs().max() == 0


def test_where_a_pair_agrees_the_slope_goes_on():
    """Both pictures give the unit −1, by other pixels: the secant is 0/0, and f's own slope, 0.2, is passed on."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(2, 1), nn.LeakyReLU(0.2))
    with torch.no_grad():
        net[1].weight.copy_(torch.tensor([[1.0, 1.0]]))
        net[1].bias.fill_(-1.0)
    x, b = torch.tensor([[[[1.0, -1.0]]]]), torch.tensor([[[[-1.0, 1.0]]]])
    assert torch.allclose(DeepShapMask(net, b)(net, x, 0), torch.tensor([[[[0.4, -0.4]]]]))


def test_the_rule_leaves_no_hook_and_no_gradient(discriminator, digits):
    DeepShapMask(discriminator, digits[:2])(discriminator, digits[5:7], 0)
    assert not any(part._forward_hooks for part in discriminator.modules())
    assert all(p.grad is None for p in discriminator.parameters())
    with pytest.raises(RuntimeError, match="stop"):
        DeepShapMask(discriminator, digits[:2])(lambda x: (_ for _ in ()).throw(RuntimeError("stop")), digits[5:7], 0)
    assert not any(part._forward_hooks for part in discriminator.modules())


def test_in_place_is_refused():
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 4), nn.LeakyReLU(0.2, inplace=True), nn.Linear(4, 1))
    with pytest.raises(CourseError, match="inplace=False"):
        DeepShapMask(net, torch.zeros(2, 1, 28, 28))(net, torch.rand(2, 1, 28, 28), 0)


def test_lime_is_limes_fit_of_each_image(discriminator, digits):
    images, segments, mask = digits[:3], grid_segments(28, 28), LimeMask(samples=80, seed=4)
    found = mask(discriminator, images, 7)
    g = torch.Generator().manual_seed(4 * 1_000_003 + 7)
    rows = (torch.rand(80, 49, generator=g) < 0.5).float()
    rows[0] = 1
    for image, map_ in zip(images, found, strict=True):
        with torch.no_grad():
            values = realness(discriminator(compose(image, torch.full_like(image, -1.0), segments, rows)))
        coefficients, _ = lime_weights(rows, values)
        assert torch.allclose(map_[0], coefficients.float()[segments], atol=1e-4)


def test_lime_of_packs_gives_both_of_a_pair_the_same(digits):
    torch.manual_seed(3)
    discriminator = MLPDiscriminator((16,), channels=2).eval()
    found = LimeMask()(lambda x: discriminator(Pack(2)(x, 0)), digits[:4], 0)
    assert found.shape == (4, 1, 28, 28)
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[1], found[2])


def test_another_step_is_another_draw(discriminator, digits):
    first, again, later = (LimeMask()(discriminator, digits[:2], step) for step in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, later)


def test_too_few_samples_are_refused(discriminator, digits):
    with pytest.raises(CourseError, match="49 samples for 49 segments"):
        LimeMask(samples=49)(discriminator, digits[:2], 0)


@pytest.mark.parametrize("kind", ["DeepSHAP", "LIME"])
@pytest.mark.parametrize("convolutional", [False, True])
def test_they_guide_a_game_and_leave_its_chance_alone(kind, convolutional, digits):
    runtime = Runtime.auto(seed=5, device="cpu", profile="smoke")

    def trained(strength):
        with runtime.seeded("weights"):
            d = DCDiscriminator() if convolutional else MLPDiscriminator((16,), dropout=0.5)
            g = MLPGenerator(4, (16,))
        if convolutional:
            for part in d.modules():
                if hasattr(part, "inplace"):
                    part.inplace = False
        mask = LimeMask() if kind == "LIME" else DeepShapMask(d, digits[:2])
        game = Game(g, d, guide=None if strength is None else Guide(mask, strength), batch=4)
        for _ in range(2):
            game.step(digits[:4], runtime)
        return torch.cat([p.detach().flatten() for p in (*g.parameters(), *d.state_dict().values())])

    assert torch.equal(trained(None), trained(0.0))
    assert not torch.equal(trained(None), trained(1.0))
