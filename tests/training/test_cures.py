"""PacGAN really packs, and the unrolled generator really looks ahead."""

import copy

import pytest
import torch
from torch import nn
from torch.func import functional_call
from training_games import blobs, game, runtime, same, train, weights

from course_lib.losses import R1, NonSaturating
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator
from course_lib.training import Batch, Game, Pack, UnrolledGame

# ---- packing ----


class Spread(nn.Module):
    """Looks only at the difference between the images of a pack: blind without packing."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(1.0))
        self.seen = []

    def forward(self, x):
        self.seen.append(tuple(x.shape))
        return self.w * (x[:, :1] - x[:, -1:]).square().flatten(1).mean(1, keepdim=True)  # (N, 1)


@pytest.mark.parametrize("pack", [2, 4])
def test_the_discriminator_sees_pack_images_at_once(pack):
    g = Game(MLPGenerator(4, (8,)), Spread(), views=[Pack(pack)], batch=8)
    train(g, 2)
    assert {(c, h, w) for _, c, h, w in g.discriminator.seen} == {(pack, 28, 28)}
    assert g.critic(blobs().images[:8]).shape == (8 // pack, 1)


def test_a_pack_holds_whole_different_images_in_order():
    g = Game(MLPGenerator(4, (8,)), Spread(), views=[Pack(2)], batch=8)
    g.discriminator = nn.Identity()
    images = blobs(8, channels=3).images
    packed = g.critic(images)
    assert packed.shape == (4, 6, 28, 28)
    for i in range(4):
        assert torch.equal(packed[i, :3], images[2 * i]) and torch.equal(packed[i, 3:], images[2 * i + 1])


def test_real_and_fake_images_never_share_a_pack():
    """Each pack is all real or all fake, also where both go through the network in one pass."""
    g = Game(MLPGenerator(4, (8,)), Spread(), views=[Pack(2)], batch=8)
    train(g, 1)
    g.discriminator.seen.clear()
    real, fake = torch.ones(8, 1, 28, 28), -torch.ones(8, 1, 28, 28)
    real_logits, fake_logits = g.score(Batch(real, fake))
    assert real_logits.shape == fake_logits.shape == (4, 1)
    assert (real_logits == 0).all() and (fake_logits == 0).all()  # mixed packs would differ inside


def test_packing_shows_a_collapsed_generator_what_single_images_cannot():
    """Packs of one image repeated look different from packs of different images: the difference is all D sees here."""
    g = Game(MLPGenerator(4, (8,)), Spread(), views=[Pack(2)], batch=8)
    train(g, 1)
    collapsed = blobs().images[:1].expand(8, -1, -1, -1)
    assert (g.critic(blobs().images[:8]) > 0.01).all() and (g.critic(collapsed) == 0).all()


def test_penalties_look_at_packs_too():
    networks = DCGenerator(4, 4), DCDiscriminator(4, norm=None, channels=2)
    with_r1 = Game(*networks, views=[Pack(2)], batch=8, penalties=[R1(9.0)])
    without = copy.deepcopy(with_r1)
    without.penalties = ()
    assert train(with_r1, 1)[0].d_loss > train(without, 1)[0].d_loss


# ---- unrolling ----


class Peek(UnrolledGame):
    """Keeps the generator's gradient, and what its step did to the discriminator."""

    def g_step(self, batch):
        before = weights(self.discriminator)
        grads = [p.grad.clone() for p in self.discriminator.parameters()]
        out = super().g_step(batch)
        assert same(weights(self.discriminator), before), "looking ahead changed the real discriminator"
        assert all(torch.equal(p.grad, q) for p, q in zip(self.discriminator.parameters(), grads, strict=True))
        assert all(p.requires_grad for p in self.discriminator.parameters())
        self.gradient = torch.cat([p.grad.flatten() for p in self.generator.parameters()])
        return out


class PeekPlain(Game):
    def g_step(self, batch):
        out = super().g_step(batch)
        self.gradient = torch.cat([p.grad.flatten() for p in self.generator.parameters()])
        return out


def first_gradient(kind, discriminator, **settings):
    with runtime().seeded("weights"):
        g = kind(MLPGenerator(8, (16,)), discriminator(), batch=8, **settings)
    train(g, 1)
    return g.gradient


@pytest.mark.parametrize(
    "discriminator",
    [lambda: MLPDiscriminator((16,)), lambda: DCDiscriminator(4), lambda: DCDiscriminator(4, norm="spectral")],
    ids=["mlp", "batch norm", "spectral"],
)
def test_looking_ahead_changes_gs_gradient_and_leaves_d_and_its_buffers_alone(discriminator):
    plain = first_gradient(PeekPlain, discriminator)
    ahead = [first_gradient(Peek, discriminator, unroll=n, inner_lr=0.1) for n in (1, 2)]
    assert (ahead[0] - plain).norm() > 0.01 * plain.norm()
    assert (ahead[1] - ahead[0]).norm() > 0.001 * plain.norm()


def test_with_a_step_size_near_zero_nothing_is_ahead():
    plain = first_gradient(PeekPlain, lambda: MLPDiscriminator((16,)))
    ahead = first_gradient(Peek, lambda: MLPDiscriminator((16,)), unroll=3, inner_lr=1e-9)
    torch.testing.assert_close(ahead, plain, rtol=1e-4, atol=1e-7)


def test_the_gradient_flows_back_through_the_looked_ahead_steps():
    """In float64, by finite differences: g_step's gradient is that of L_G(z, w(z)), with D's steps w(z) depending on z;
    a detached look-ahead would leave the second part out."""
    torch.manual_seed(0)
    discriminator = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1)).double()
    real, shown = torch.randn(4, 1, 2, 2).double(), torch.randn(4, 1, 2, 2).double()

    class Moving(nn.Module):
        latent = 1

        def __init__(self):
            super().__init__()
            self.by = nn.Parameter(torch.zeros(1, 2, 2, dtype=torch.float64))

    generator, loss = Moving(), NonSaturating()
    g = UnrolledGame(generator, discriminator, unroll=3, inner_lr=0.5, batch=4, ema=0)

    def value(by, through=True):
        w = {k: p.detach() for k, p in discriminator.named_parameters()}
        for _ in range(3):
            w = {
                k: v.detach().requires_grad_(True) if not through else v.requires_grad_(True) if v.is_leaf else v
                for k, v in w.items()
            }
            fake = shown + (by if through else by.detach())
            d = loss.d(functional_call(discriminator, w, (real,)), functional_call(discriminator, w, (fake,)))
            slopes = torch.autograd.grad(d, list(w.values()), create_graph=True)
            w = {k: v - 0.5 * s for (k, v), s in zip(w.items(), slopes, strict=True)}
        if not through:
            w = {k: v.detach() for k, v in w.items()}
        return loss.g(None, functional_call(discriminator, w, (shown + by,)))

    g.g_step(Batch(real, shown + generator.by))
    got = generator.by.grad.clone()
    step = 1e-5
    numeric = torch.zeros(4, dtype=torch.float64)
    for i in range(4):
        move = torch.zeros(4, dtype=torch.float64)
        move[i] = step
        move = move.view(1, 2, 2)
        numeric[i] = ((value(move) - value(-move)) / (2 * step)).detach()
    torch.testing.assert_close(got.flatten(), numeric, rtol=1e-5, atol=1e-8)
    by = torch.zeros(1, 2, 2, dtype=torch.float64, requires_grad=True)
    (cut,) = torch.autograd.grad(value(by, through=False), by)
    assert (cut - got).norm() > 0.01 * got.norm(), "this test could not tell the two apart"


def test_an_unrolled_game_trains():
    records = train(game("unrolled"), 5)
    assert all(r.finite() for r in records)
