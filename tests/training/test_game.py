"""The game: it plays the algorithm it says it plays, learns, and touches nothing it should not."""

import copy
import math

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from training_games import KINDS, blobs, digest, game, runtime, same, train, weights

from course_lib.losses import R1
from course_lib.metrics import frechet_distance
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator
from course_lib.models.points import PointDiscriminator, PointGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game
from course_lib.training.game import frozen


def textbook(generator, discriminator, data, steps, rt, lr, batch):
    """The loop as tutorials write it: labels, detach, two passes, plain Adam."""
    adam_g = torch.optim.Adam(generator.parameters(), lr, (0.5, 0.9))
    adam_d = torch.optim.Adam(discriminator.parameters(), lr, (0.5, 0.9))
    ones, zeros = torch.ones(batch, 1), torch.zeros(batch, 1)
    losses = []
    for (real, _), n in zip(data.stream(batch, rt), range(1, steps + 1), strict=False):
        fake = generator(torch.randn(batch, generator.latent, generator=rt.stream("latent", n)))
        adam_d.zero_grad()
        d_loss = bce(discriminator(real), ones) + bce(discriminator(fake.detach()), zeros)
        d_loss.backward()
        adam_d.step()
        adam_g.zero_grad()
        g_loss = bce(discriminator(fake), ones)
        g_loss.backward()
        adam_g.step()
        losses.append((d_loss.item(), g_loss.item()))
    return losses


@pytest.mark.parametrize(
    "build",
    [
        lambda: (MLPGenerator(8, (16,)), MLPDiscriminator((16,))),
        lambda: (DCGenerator(8, 4), DCDiscriminator(4)),
        lambda: (DCGenerator(8, 4), DCDiscriminator(4, norm=None, head="pool")),
    ],
    ids=["mlp", "batch norm", "one pass"],
)
def test_it_is_the_textbooks_loop_only_faster(build):
    rt, data, n = runtime(), blobs(), 6
    with rt.seeded("w"):
        ours = build()
    theirs = copy.deepcopy(ours)
    records = list(Game(*ours, batch=8, lr=1e-3).steps(data, n, rt))
    losses = textbook(*theirs, data, n, rt, 1e-3, 8)
    assert [(r.d_loss, r.g_loss) for r in records] == [pytest.approx(pair, abs=1e-4) for pair in losses]
    for mine, theirs_ in zip(ours, theirs, strict=True):
        for name, value in mine.state_dict().items():
            torch.testing.assert_close(value, theirs_.state_dict()[name], rtol=1e-3, atol=2e-4)


def test_the_discriminator_learns_to_tell_a_fixed_generator_from_the_data():
    g = game("mlp minimax", lr=1e-12, lr_d=2e-3)
    records = train(g, 60)
    assert records[-1].d_loss < 0.2 * records[0].d_loss
    assert records[-1].d_real > 0.9 and records[-1].d_fake < 0.1


def test_both_together_bring_the_samples_nearer_to_the_data():
    data = blobs()

    def distance(g):
        return frechet_distance(g.sampler()(96).flatten(1)[:, ::9], data.images.flatten(1)[:, ::9])

    with runtime().seeded("weights"):
        g = Game(MLPGenerator(16, (64,), slope=0.2), MLPDiscriminator((64,)), batch=16, lr=2e-3)
    before = distance(g)
    train(g, 300, data)
    assert distance(g) < 0.4 * before


def test_lr_and_lr_d_are_the_step_sizes_of_g_and_d():
    """Adam's first step has the length of its step size for every weight with a gradient."""
    g = game(lr=1e-3, lr_d=5e-3)
    before = weights(g.generator), weights(g.discriminator)
    train(g, 1)
    for network, old, lr in ((g.generator, before[0], 1e-3), (g.discriminator, before[1], 5e-3)):
        longest = max((p - old[k]).abs().max() for k, p in network.state_dict().items())
        assert longest == pytest.approx(lr, rel=0.01)


# ---- what a step does to whom ----


class Watched(Game):
    """Notes who has which gradients around each half of a step."""

    def d_step(self, batch):
        assert not batch.fake.requires_grad, "the discriminator's step must not reach the generator"
        self.before_d = weights(self.generator), [p.grad for p in self.generator.parameters()]
        out = super().d_step(batch)
        assert same(weights(self.generator), self.before_d[0])
        assert all(a is b for a, b in zip([p.grad for p in self.generator.parameters()], self.before_d[1], strict=True))
        return out

    def g_step(self, batch):
        assert batch.fake.requires_grad
        old = {k: p.detach().clone() for k, p in self.discriminator.named_parameters()}
        grads = [p.grad.clone() for p in self.discriminator.parameters()]
        out = super().g_step(batch)
        for (name, p), grad in zip(self.discriminator.named_parameters(), grads, strict=True):
            assert torch.equal(p, old[name]), "the generator's step moved the discriminator"
            assert torch.equal(p.grad, grad), "the generator's step left a gradient on the discriminator"
            assert p.requires_grad
        assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in self.generator.parameters())
        self.looked = True
        return out


@pytest.mark.parametrize("norm", ["batch", "spectral", None])
def test_each_half_of_a_step_trains_its_own_network_only(norm):
    g = Watched(DCGenerator(8, 4), DCDiscriminator(4, norm=norm), batch=8, penalties=[R1(0.1)])
    train(g, 3)
    assert g.looked


def test_frozen_gives_back_exactly_what_it_took_even_after_an_error():
    network = MLPDiscriminator((4,))
    network.body[1].bias.requires_grad_(False)
    before = [p.requires_grad for p in network.parameters()]
    with pytest.raises(ZeroDivisionError), frozen(network):
        assert not any(p.requires_grad for p in network.parameters())
        _ = 1 / 0
    assert [p.requires_grad for p in network.parameters()] == before


@pytest.mark.parametrize("kind", KINDS)
def test_the_generator_runs_forward_once_a_step(kind):
    g = game(kind)
    steps = g.steps(blobs(), 4, runtime())
    calls = []
    g.generator.register_forward_hook(lambda *_: calls.append(1))
    list(steps)
    assert len(calls) == 4


def test_the_reported_numbers_are_those_of_the_step():
    g = game("mlp minimax")
    before = copy.deepcopy((g.generator, g.discriminator))
    (record,) = train(g, 1)
    real, _ = next(blobs().stream(8, runtime()))
    fake = before[0](torch.randn(8, 16, generator=runtime().stream("latent", 1)))
    assert record.step == 1
    assert record.d_real == pytest.approx(before[1](real).sigmoid().mean().item(), abs=1e-6)
    assert record.d_fake == pytest.approx(before[1](fake).sigmoid().mean().item(), abs=1e-6)


def test_a_lazy_penalty_is_asked_every_so_often_and_weighs_as_much_more():
    asked = []

    class Constant:
        every = 3

        def __call__(self, critic, real, fake):
            asked.append((real.shape, fake.shape, fake.requires_grad))
            return torch.tensor(1.0)

    g = game("mlp minimax", penalties=[Constant()])
    plain = game("mlp minimax")
    extra = [a.d_loss - b.d_loss for a, b in zip(train(g, 6), train(plain, 6), strict=True)]
    assert extra == pytest.approx([3, 0, 0, 3, 0, 0], abs=1e-5)
    assert asked == [((8, 1, 28, 28), (8, 1, 28, 28), False)] * 2


# ---- the running average ----


@pytest.mark.parametrize("decay", [0.0, 0.3, 0.99])
def test_the_average_follows_its_formula_buffers_and_all(decay):
    g = game("dc batch norm", ema=decay)
    average = {k: v.double() for k, v in weights(g.generator).items()}
    for record in g.steps(blobs(), 5, runtime()):
        d = min(decay, (1 + record.step) / (10 + record.step))
        for k, v in g.generator.state_dict().items():
            average[k] = d * average[k] + (1 - d) * v.double() if v.is_floating_point() else v.double()
    ours = g.ema.module.state_dict()
    assert any("running_var" in k for k in ours)
    for k, v in ours.items():
        torch.testing.assert_close(v.double(), average[k], rtol=1e-5, atol=1e-7)
    assert not any(p.requires_grad for p in g.ema.module.parameters()) and not g.ema.module.training


def test_the_sampler_draws_from_the_average_or_from_the_latest():
    g = game("dc batch norm")
    train(g, 5)
    assert g.sampler().generator is g.ema.module and g.sampler(ema=False).generator is g.generator
    assert not torch.equal(g.sampler()(4), g.sampler(ema=False)(4))


# ---- the iterator ----


def test_nothing_is_trained_before_it_is_asked_for():
    g = game("spectral r1 r2")
    before = weights(g.generator), weights(g.discriminator), weights(g.ema.module)
    steps = g.steps(blobs(), 3, runtime())
    assert all(same(weights(m), b) for m, b in zip((g.generator, g.discriminator, g.ema.module), before, strict=True))
    assert (g.step_number, steps.done, steps.total, len(steps)) == (0, 0, 3, 3)
    next(steps)
    assert (g.step_number, steps.done) == (1, 1)
    assert steps.trainer is g
    assert [r.step for r in steps] == [2, 3]
    assert next(steps, "at the end") == "at the end"


@pytest.mark.parametrize("kind", ["mlp dropout", "dc batch norm"])
def test_training_in_pieces_is_training_in_one_go(kind):
    whole, pieces = game(kind), game(kind)
    train(whole, 11)
    for n in (1, 0, 4, 6):
        train(pieces, n)
    assert digest(whole) == digest(pieces)


def test_two_iterators_that_take_turns_train_the_same_game():
    whole, turns = game(), game()
    train(whole, 12)
    a, b = turns.steps(blobs(), 6, runtime()), turns.steps(blobs(), 6, runtime())
    for _ in range(3):
        next(a), next(b), next(b), next(a)
    assert digest(whole) == digest(turns)


def test_the_seed_decides_everything_and_nobody_elses_dice_matter():
    a, b, c = game(), game(), game()
    train(a, 5)
    state = torch.get_rng_state()
    for _ in b.steps(blobs(), 5, runtime()):
        torch.randn(7)  # a picture drawn between two steps
        b.generator.eval(), b.generator.train()
    torch.set_rng_state(state)
    train(c, 5, rt=runtime(4))
    assert torch.equal(state, torch.get_rng_state()), "training used the global generator"
    assert digest(a) == digest(b) != digest(c)


def test_networks_are_put_into_train_mode():
    g = game()
    g.generator.eval(), g.discriminator.eval()
    g.steps(blobs(), 1, runtime())
    assert g.generator.training and g.discriminator.training


def test_a_generator_put_in_its_place_draws_from_latents_of_its_own():
    """Notebook 04 lets D alone learn against one that draws true points."""

    class Still(torch.nn.Module):
        latent = 3

        def forward(self, z):
            assert z.shape[1] == 3
            return z[:, :2]

    game = Game(PointGenerator(8, (16,)), PointDiscriminator((16,)), batch=4)
    game.generator = Still()
    record = game.step(torch.randn(4, 2), Runtime.auto(device="cpu", seed=1), players="d")
    assert math.isfinite(record.as_dict()["d_loss"])
