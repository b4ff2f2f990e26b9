"""Gradient penalties: closed forms for a linear and a quadratic critic, and a gradient for the critic's weights."""

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.models import DCDiscriminator, MLPDiscriminator
from course_lib.penalties import R1, R2, squared_gradient_norm


@pytest.fixture
def images():
    g = torch.Generator().manual_seed(0)
    return [torch.rand(5, 1, 4, 4, generator=g, dtype=torch.float64) * 2 - 1 for _ in range(2)]


@pytest.mark.parametrize("penalty", [R1, R2])
def test_a_linear_critic_has_the_same_gradient_everywhere(penalty, images):
    w = torch.arange(16, dtype=torch.float64).div(10).requires_grad_(True)
    value = penalty(3.0)(lambda x: x.flatten(1) @ w[:, None] + 7, *images)
    torch.testing.assert_close(value, 3.0 / 2 * w.square().sum())
    (by_w,) = torch.autograd.grad(value, w)
    torch.testing.assert_close(by_w, 3.0 * w.detach())


@pytest.mark.parametrize(("penalty", "side"), [(R1, 0), (R2, 1)])
def test_a_quadratic_critic_tells_real_from_fake(penalty, side, images):
    """D(x) = a‖x‖² + b: ∇D = 2a·x, so the penalty is γ/2 · 4a²·E‖x‖² over its own images only."""
    a = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    value = penalty(0.5)(lambda x: a * x.flatten(1).square().sum(1, keepdim=True) + 2, *images)
    mean_square = images[side].flatten(1).square().sum(1).mean()
    torch.testing.assert_close(value, 0.5 / 2 * 4 * a**2 * mean_square)
    (by_a,) = torch.autograd.grad(value, a)
    torch.testing.assert_close(by_a, (0.5 / 2 * 8 * a * mean_square).detach())


def test_the_norm_is_taken_per_image(images):
    norms = squared_gradient_norm(lambda x: x.flatten(1).square().sum(1, keepdim=True), images[0])
    torch.testing.assert_close(norms, 4 * images[0].flatten(1).square().sum(1))


@pytest.mark.parametrize(
    "critic",
    [MLPDiscriminator((9, 9)), DCDiscriminator(4, norm=None), DCDiscriminator(4, norm="spectral", head="pool")],
    ids=["mlp", "dc", "spectral"],
)
@pytest.mark.parametrize("penalty", [R1(), R2()])
def test_second_order_gradients_reach_every_weight_of_the_critic(penalty, critic):
    x = torch.rand(4, 1, 28, 28) * 2 - 1
    penalty(critic, x, x).backward()
    reached = {k for k, p in critic.named_parameters() if p.grad is not None and p.grad.abs().sum() > 0}
    # A bias moves D(x) but, through piecewise linear layers, not its slope.
    assert {k for k, _ in critic.named_parameters() if not k.endswith("bias")} <= reached
    critic.zero_grad()


def test_second_order_gradients_are_right(images):
    layer = nn.Sequential(nn.Flatten(), nn.Linear(16, 3), nn.Tanh(), nn.Linear(3, 1)).double()
    weight = layer[1].weight.detach().clone().requires_grad_(True)

    def by_weight(w):
        return R1(2.0)(lambda x: torch.func.functional_call(layer, {"1.weight": w}, (x,)), *images)

    assert torch.autograd.gradcheck(by_weight, (weight,))


def test_the_images_are_left_as_they_were_and_no_grad_does_not_matter(images):
    real, fake = images
    with torch.no_grad():
        value = R1()(lambda x: x.flatten(1).sum(1, keepdim=True), real, fake)
    assert value == 8  # ½·16 pixels, each with slope 1
    assert not real.requires_grad and real.grad is None


def test_the_generator_gets_no_gradient_from_a_penalty_on_its_images(images):
    z = torch.ones((), dtype=torch.float64, requires_grad=True)
    a = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    R2()(lambda x: a * x.flatten(1).square().sum(1, keepdim=True), images[0], images[1] * z).backward()
    assert z.grad is None and a.grad is not None


@pytest.mark.parametrize("settings", [{"gamma": -1.0}, {"every": 0}, {"every": -2}, {"every": 1.5}])
@pytest.mark.parametrize("penalty", [R1, R2])
def test_settings_without_a_meaning_are_refused(penalty, settings):
    with pytest.raises(CourseError, match=next(iter(settings))):
        penalty(**settings)
