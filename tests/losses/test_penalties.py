"""Gradient penalties: closed forms for a linear and a quadratic critic, and a gradient for the critic's weights."""

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.losses import PENALTIES, R1, R2, GradientPenalty, WeightClip, squared_gradient_norm
from course_lib.models import DCDiscriminator, MLPDiscriminator

EACH = pytest.mark.parametrize("kind", PENALTIES.values(), ids=PENALTIES)


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


@pytest.mark.parametrize("length", [0.0, 0.3, 1.0, 2.5])
def test_wgan_gp_of_a_linear_critic_is_the_squared_distance_of_its_slope_from_one(length, images):
    w = torch.full((16,), length / 4, dtype=torch.float64, requires_grad=True)  # ‖w‖ = length
    value = GradientPenalty(10.0)(lambda x: x.flatten(1) @ w[:, None] + 7, *images)
    assert value.item() == pytest.approx(10 * (length - 1) ** 2, abs=2e-5)
    (by_w,) = torch.autograd.grad(value, w)
    assert torch.isfinite(by_w).all()
    if length:
        torch.testing.assert_close(by_w, (20 * (length - 1) * w / length).detach(), rtol=0, atol=1e-9)


def test_wgan_gp_looks_between_a_real_example_and_its_own_fake_one(images):
    """On D(x) = ½‖x‖² the slope is x itself, so the critic sees at which points it is asked."""
    real, fake = images
    asked = []

    def critic(x):
        asked.append(x.detach().clone())
        return 0.5 * x.flatten(1).square().sum(1, keepdim=True)

    values = [GradientPenalty(1.0)(critic, real, fake) for _ in range(200)]
    t = torch.stack([((x - real) / (fake - real)).flatten(1) for x in asked])  # (200, 5, 16)
    assert (t - t[..., :1]).abs().max() < 1e-6  # one t an example, the same for all its pixels
    t = t[..., 0]
    assert t.min() >= 0 and t.max() <= 1 and (t[:, 0] != t[:, 1]).all()
    assert abs(t.mean() - 0.5) < 0.05 and abs(t.std() - 12**-0.5) < 0.03  # uniform; 1,000 draws
    lengths = asked[-1].flatten(1).norm(dim=1)
    torch.testing.assert_close(values[-1], (lengths - 1).square().mean())


def test_wgan_gp_repeats_with_the_global_generator(images):
    def value():
        torch.manual_seed(3)
        return GradientPenalty()(lambda x: x.flatten(1).square().sum(1, keepdim=True), *images)

    assert value() == value()


def test_wgan_gp_refuses_batches_that_would_broadcast(images):
    with pytest.raises(CourseError, match=r"\(1, 1, 4, 4\).*same shape"):
        GradientPenalty()(lambda x: x.flatten(1).sum(1, keepdim=True), images[0][:1], images[1])


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
@EACH
def test_second_order_gradients_reach_every_weight_of_the_critic(kind, critic):
    x = torch.rand(4, 1, 28, 28) * 2 - 1
    kind()(critic, x, x).backward()
    reached = {k for k, p in critic.named_parameters() if p.grad is not None and p.grad.abs().sum() > 0}
    # A bias moves D(x) but, through piecewise linear layers, not its slope.
    assert {k for k, _ in critic.named_parameters() if not k.endswith("bias")} <= reached
    critic.zero_grad()


@EACH
def test_second_order_gradients_are_right(kind, images):
    layer = nn.Sequential(nn.Flatten(), nn.Linear(16, 3), nn.Tanh(), nn.Linear(3, 1)).double()
    weight = layer[1].weight.detach().clone().requires_grad_(True)

    def by_weight(w):
        torch.manual_seed(0)  # WGAN-GP's points
        return kind()(lambda x: torch.func.functional_call(layer, {"1.weight": w}, (x,)), *images)

    assert torch.autograd.gradcheck(by_weight, (weight,))


def test_the_slope_agrees_with_finite_differences(images):
    layer = nn.Sequential(nn.Flatten(), nn.Linear(16, 5), nn.Tanh(), nn.Linear(5, 1)).double()
    x, h = images[0], 1e-6
    steps = h * torch.eye(16, dtype=torch.float64).view(16, 1, 1, 4, 4)
    with torch.no_grad():
        slopes = torch.stack([(layer(x + step) - layer(x - step)) / (2 * h) for step in steps])  # (16, 5, 1)
    torch.testing.assert_close(squared_gradient_norm(layer, x), slopes.square().sum(0)[:, 0], rtol=1e-6, atol=1e-10)


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


@EACH
def test_examples_get_no_gradient_from_a_penalty_and_are_left_as_they_were(kind, images):
    z = torch.ones((), dtype=torch.float64, requires_grad=True)
    a = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    real, fake = images[0].clone(), (images[1] * z).detach()
    value = kind()(lambda x: a * x.flatten(1).square().sum(1, keepdim=True), real, fake)
    value.backward()
    assert value.shape == () and torch.isfinite(value) and a.grad is not None and z.grad is None
    assert torch.equal(real, images[0]) and not real.requires_grad and not fake.requires_grad


@EACH
def test_a_linear_critic_pays_what_the_penalty_says_of_its_slope(kind, images):
    for length in (0.3, 1.0, 2.5):
        w = torch.full((16,), length / 4, dtype=torch.float64)  # ‖w‖ = length
        expected = kind().at_gradient_norm(length)
        if expected is not None:
            paid = kind()(lambda x, w=w: x.flatten(1) @ w[:, None] + 7, *images)
            assert paid.item() == pytest.approx(expected, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("limit", [0.01, 0.5])
def test_clipping_cuts_every_weight_to_the_limit_and_leaves_smaller_ones(limit):
    critic = MLPDiscriminator((9,), size=4)
    for p in critic.parameters():
        nn.init.uniform_(p, -1, 1)
    before = [p.detach().clone() for p in critic.parameters()]
    WeightClip(limit)(critic)
    for old, new in zip(before, critic.parameters(), strict=True):
        torch.testing.assert_close(new.detach(), old.clamp(-limit, limit), rtol=0, atol=0)
        assert new.requires_grad and new.grad is None
    assert any((old.abs() > limit).any() for old in before)


@pytest.mark.parametrize("limit", [0, -0.01, float("nan"), float("inf"), "0.01", None])
def test_a_limit_without_a_meaning_is_refused(limit):
    with pytest.raises(CourseError, match=r"limit=.*0\.01 is the paper's"):
        WeightClip(limit)


@pytest.mark.parametrize(
    "settings",
    [
        {"gamma": -1.0},
        {"gamma": float("nan")},
        {"gamma": float("inf")},
        {"gamma": "1"},
        {"every": 0},
        {"every": -2},
        {"every": 1.5},
        {"every": True},
    ],
)
@EACH
def test_settings_without_a_meaning_are_refused(kind, settings):
    (name,) = settings
    if hasattr(kind, name):  # not every penalty has both
        with pytest.raises(CourseError, match=name):
            kind(**settings)
