"""A guide scales the image gradient of any game, and nothing else."""

import math

import pytest
import torch
from torch import nn

from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.losses import LOSSES, R1
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import DiffAugment, FeatureMatchingGame, Game, Pack, UnrolledGame
from course_lib.training.guides import ConstantMask, Guide, between_0_and_1, saliency


@pytest.fixture
def runtime():
    return Runtime.auto(seed=3, device="cpu", profile="smoke")


def trained(runtime, guide, kind=Game, networks=None, steps=4, **settings):
    data = load("digits", runtime)
    with runtime.seeded("weights"):
        pair = networks() if networks else (MLPGenerator(8, (32,)), MLPDiscriminator((32,), dropout=0.3))
        game = kind(*pair, guide=guide, batch=8, **settings)
    for _ in game.steps(data, steps, runtime):
        pass
    return game


def weights(game, of="generator"):
    return torch.cat([p.detach().flatten() for p in getattr(game, of).state_dict().values() if p.is_floating_point()])


def with_batch_norm():
    return DCGenerator(8), DCDiscriminator()


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"loss": "Wasserstein"},
        {"views": [DiffAugment()], "penalties": [R1(0.1)]},
        {"networks": lambda: (MLPGenerator(8, (32,)), MLPDiscriminator((32,), channels=2)), "views": [Pack(2)]},
        {"kind": UnrolledGame},
        {"kind": FeatureMatchingGame},
        {"networks": with_batch_norm},
    ],
    ids=["plain", "Wasserstein", "augmented, R1", "packed", "unrolled", "feature matching", "batch norm"],
)
def test_a_guide_of_strength_0_changes_no_bit_and_one_of_1_does(runtime, settings):
    plain, none, strong = (
        trained(runtime, guide, **settings)
        for guide in (None, Guide(saliency, strength=0.0), Guide(saliency, strength=1.0))
    )
    for player in ("generator", "discriminator"):
        assert torch.equal(weights(plain, player), weights(none, player))
    assert not torch.equal(weights(plain), weights(strong))


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_the_generators_gradient_is_multiplied_where_the_mask_is(runtime, loss):
    """By hand: what G gets is the loss's image gradient times the factor, through G."""
    with runtime.seeded("weights"):
        generator, discriminator = MLPGenerator(8, (32,)), MLPDiscriminator((32,))
    factor = 1 + torch.rand(4, 1, 28, 28)
    game = Game(
        generator, discriminator, loss, guide=lambda critic, images, step: factor, optimiser="sgd", lr=1.0, batch=4
    )
    before = [p.detach().clone() for p in generator.parameters()]
    data, n = load("digits", runtime), 1
    real, z = data.images[:4], torch.randn(4, 8, generator=runtime.stream("latent", n))
    fake = generator(z)
    x = fake.detach().requires_grad_()
    needed = real if game.loss.g_needs_real else None
    logits = game.critic(torch.cat([real, x])).chunk(2) if needed is not None else (None, game.critic(x))
    (slope,) = torch.autograd.grad(game.loss.g(*logits), x)
    expected = torch.autograd.grad(fake, list(generator.parameters()), slope * factor)
    game.step(real, runtime, players="g")
    for old, new, by in zip(before, generator.parameters(), expected, strict=True):
        assert torch.allclose(old - by, new.detach(), atol=1e-6)


def test_it_begins_when_it_is_told_to(runtime):
    late = Guide(saliency, strength=1.0, start=4)
    assert torch.equal(weights(trained(runtime, None)), weights(trained(runtime, late)))
    assert late.means == {}
    trained(runtime, late, steps=6)
    assert sorted(late.means) == [4, 5]


def test_a_constant_mask_replays_anothers_means(runtime):
    guide = Guide(saliency)
    trained(runtime, guide)
    constant = ConstantMask(guide.means)
    assert constant(None, torch.zeros(2, 1, 28, 28), 2).item() == pytest.approx(1 + 0.2 * guide.means[2])
    assert constant(None, torch.zeros(2, 1, 28, 28), 99) is None
    assert not torch.equal(weights(trained(runtime, None)), weights(trained(runtime, constant)))


def test_permuting_keeps_each_images_values_and_no_place():
    raw = torch.randn(3, 1, 28, 28)
    straight, mixed = Guide(lambda *_: raw), Guide(lambda *_: raw, arrange="permuted")
    images = torch.zeros(3, 1, 28, 28)
    a, b = straight(None, images, 0), mixed(None, images, 0)
    assert torch.equal(a.flatten(1).sort(1).values, b.flatten(1).sort(1).values)
    assert not torch.equal(a, b)
    assert straight.means[0] == pytest.approx(mixed.means[0])
    assert not torch.equal(mixed(None, images, 1), b)  # anew at each step


def test_saliency_is_the_logits_slope():
    critic = nn.Sequential(nn.Flatten(), nn.Linear(4, 1))
    with torch.no_grad():
        critic[1].weight.copy_(torch.tensor([[1.0, -2.0, 0.0, 4.0]]))
    m = between_0_and_1(saliency(critic, torch.rand(5, 1, 2, 2), 0), torch.zeros(5, 1, 2, 2))
    assert torch.allclose(m, torch.tensor([0.25, 0.5, 0.0, 1.0]).view(1, 1, 2, 2).expand(5, -1, -1, -1))


@pytest.mark.parametrize("strength", [0.2, 1.0, 9.0])
def test_the_gradient_turns_by_at_most_the_bound(strength):
    """A factor in [1, 1 + α] turns a vector by at most arcsin(α / (2 + α)): 5.2° for 0.2. Two numbers reach it."""
    bound = math.asin(strength / (2 + strength))
    g = torch.randn(2000, 784, dtype=torch.double)
    turned = g * (1 + strength * torch.rand_like(g))
    angle = torch.nn.functional.cosine_similarity(g, turned).clamp(max=1).acos()
    assert angle.max() <= bound + 1e-9
    worst = torch.tensor([math.sqrt(1 + strength), 1.0], dtype=torch.double)
    factor = torch.tensor([1.0, 1 + strength], dtype=torch.double)
    reached = torch.nn.functional.cosine_similarity(worst, worst * factor, dim=0).acos()
    assert reached.item() == pytest.approx(bound)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Guide(saliency, strength=-1), "strength=-1"),
        (lambda: Guide(saliency, strength=float("nan")), "strength=nan"),
        (lambda: Guide(saliency, start=-1), "start=-1"),
        (lambda: Guide(saliency, arrange="sorted"), "arrangement 'sorted'"),
        (lambda: Guide(lambda *_: torch.ones(2, 28, 28))(None, torch.zeros(2, 1, 28, 28), 0), r"shape \(2, 28, 28\)"),
        (lambda: Guide(lambda *_: torch.ones(2, 3, 8, 8))(None, torch.zeros(2, 1, 8, 8), 0), r"\(2, 3, 8, 8\)"),
        (lambda: Guide(lambda *_: torch.full((1, 1, 8, 8), torch.nan))(None, torch.zeros(1, 1, 8, 8), 0), "NaN"),
        (lambda: Game(MLPGenerator(8), MLPDiscriminator(), guide="saliency"), "guide"),
        (lambda: Game(MLPGenerator(8), MLPDiscriminator(), guide=Guide), "guide"),
    ],
)
def test_what_is_no_guide_is_refused_in_a_sentence(make, said):
    with pytest.raises(CourseError, match=said):
        make()


def test_settings_name_it(runtime):
    game = Game(MLPGenerator(8), MLPDiscriminator(), guide=Guide(saliency, 0.5))
    assert game.settings()["guide"] == "Guide(mask=saliency, strength=0.5, start=0, arrange='as it is')"
    assert "guide" not in Game(MLPGenerator(8), MLPDiscriminator()).settings()
