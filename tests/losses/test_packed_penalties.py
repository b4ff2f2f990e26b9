"""Penalties where a logit comes from several examples: the slope is by all of them together, whatever the other views.

On a linear critic of packs, D(x₁ … x_k) = Σ wᵢ·xᵢ + b, all is known: R1 and R2 are γ/2·‖w‖², WGAN-GP is γ·(‖w‖ − 1)².
"""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_lib.errors import CourseError
from course_lib.losses import PENALTIES, R1, R2, GradientPenalty, squared_gradient_norm
from course_lib.training import Batch, DiffAugment, Game, InstanceNoise, Pack

VIEWS = {
    "none": ([], []),
    "noise before": ([InstanceNoise(0.3)], []),
    "noise after": ([], [InstanceNoise(0.3)]),
    "moved, then noise": ([DiffAugment(), InstanceNoise(0.2, steps=50)], []),
}
quick = settings(max_examples=40, deadline=None, derandomize=True)


class Linear(nn.Module):
    """A linear critic of packs ``(M, k·C, …)`` in float64; ``offsets`` ``(M, 1)`` are what it makes of labels."""

    def __init__(self, size, seed, offsets=None):
        super().__init__()
        w = torch.randn(size, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
        self.w, self.offsets = nn.Parameter(w), offsets

    def forward(self, x):
        scores = x.flatten(1) @ self.w + 7
        return scores if self.offsets is None else scores + self.offsets


class Still(nn.Module):
    latent = 1

    def __init__(self):
        super().__init__()
        self.at = nn.Parameter(torch.zeros(1))

    def forward(self, z):
        return z + self.at


def examples(n, shape, seed):
    g = torch.Generator().manual_seed(seed)
    return [torch.randn(n, *shape, dtype=torch.float64, generator=g) for _ in range(2)]


def packed_game(k, size, penalty, before=(), after=(), seed=0, offsets=None):
    views = [*before, *([Pack(k)] if k > 1 else []), *after]
    return Game(Still(), Linear(k * size, seed, offsets), penalties=[penalty], views=views, lr=1e-30, optimiser="sgd")


def paid(game, real, fake):
    """What the discriminator's step adds to the loss for its penalty."""
    loss, of_real, of_fake = game.d_step(Batch(real, fake))
    return (loss - game.loss.d(of_real, of_fake)).item()


def expected(penalty, w):
    return penalty.at_gradient_norm(w.norm().item())


def weighted(kind, gamma):
    """A penalty with this weight, if it has one."""
    return kind(gamma) if hasattr(kind, "gamma") else kind()


# What a linear critic pays is known where it is a matter of the slope alone.
KINDS = {name: kind for name, kind in PENALTIES.items() if kind().at_gradient_norm(1.0) is not None}


def test_the_closed_forms_are_the_papers():
    assert (
        R1(3.0).at_gradient_norm(2.0),
        R2(3.0).at_gradient_norm(2.0),
        GradientPenalty(3.0).at_gradient_norm(2.5),
    ) == (6.0, 6.0, 6.75)


@pytest.mark.parametrize("views", VIEWS)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_a_games_penalty_on_a_linear_critic_is_its_closed_form(k, kind, views):
    penalty = weighted(kind, 3.0)
    game = packed_game(k, 2, penalty, *VIEWS[views], seed=k)
    ratio = paid(game, *examples(12, (2,), 5)) / expected(penalty, game.discriminator.w)
    assert ratio == pytest.approx(1.0, abs=1e-6)


@quick
@given(
    k=st.integers(1, 4),
    packs=st.integers(1, 5),
    shape=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    gamma=st.floats(0.01, 100),
    seed=st.integers(0, 10**6),
    kind=st.sampled_from(list(KINDS.values())),
    labelled=st.booleans(),
)
def test_so_it_is_for_every_shape_of_example_and_pack_with_labels_and_without(
    k, packs, shape, gamma, seed, kind, labelled
):
    offsets = torch.arange(packs, dtype=torch.float64)[:, None] if labelled else None
    penalty, size = weighted(kind, gamma), torch.Size(shape).numel()
    w = Linear(k * size, seed, offsets)
    real, fake = examples(k * packs, shape, seed)

    def critic(x):
        return w(Pack(k)(x, 0) if k > 1 else x)

    assert penalty(critic, real, fake).item() == pytest.approx(expected(penalty, w.w), rel=1e-6, abs=1e-9)
    game = packed_game(k, size, penalty, seed=seed)
    assert paid(game, real, fake) == pytest.approx(expected(penalty, w.w), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize(("penalty", "side"), [(R1(0.5), 0), (R2(0.5), 1)])
def test_a_quadratic_critic_pays_the_mean_over_packs(penalty, side, k):
    """D = ‖pack‖²: its slope is 2·pack, so γ/2 · 4 · the mean over packs of ‖pack‖²."""
    game = packed_game(k, 2, penalty)
    sides = examples(12, (2,), 1)
    game.discriminator.forward = lambda x: x.square().sum(1, keepdim=True) + 0 * game.discriminator.w.sum()
    packs = sides[side].view(12 // k, -1)
    assert paid(game, *sides) == pytest.approx(0.25 * 4 * packs.square().sum(1).mean().item(), rel=1e-9)


def test_the_point_of_wgan_gp_lies_on_the_line_between_a_real_and_a_generated_pack():
    game, seen = packed_game(3, 2, GradientPenalty(1.0)), []
    linear = game.discriminator.forward
    game.discriminator.forward = lambda x: (seen.append(x.detach()), linear(x))[1]
    real, fake = examples(12, (2,), 2)
    game.d_step(Batch(real, fake))
    between = seen[-1]  # (4, 6)
    t = (between - real.view(4, 6)) / (fake - real).view(4, 6)
    torch.testing.assert_close(t, t[:, :1].expand(4, 6))  # one share for the whole pack
    assert len(set(t[:, 0].tolist())) == 4 and t.min() >= 0 and t.max() <= 1


def test_the_weights_get_the_closed_forms_slope():
    game = packed_game(4, 2, R1(3.0))
    real, fake = examples(12, (2,), 3)
    (by_w,) = torch.autograd.grad(R1(3.0)(game.critic, real, fake), game.discriminator.w)
    torch.testing.assert_close(by_w, 3.0 * game.discriminator.w.detach())


def test_a_views_own_word_counts_and_packs_of_packs_multiply():
    class Doubled:
        pack_size = 2

        def __call__(self, x, step):
            return x.reshape(len(x) // 2, -1)

    assert packed_game(3, 2, R1(), before=[Doubled()]).pack_size == 6
    assert packed_game(1, 2, R1(), before=[InstanceNoise(0.1), lambda x, step: x]).pack_size == 1


@pytest.mark.parametrize("answer", [lambda x: x.sum(), lambda x: x.flatten(1)[:3].sum(1, keepdim=True)])
def test_a_critic_whose_logits_fit_no_packs_is_refused(answer):
    with pytest.raises(CourseError, match="one for each image, or for each pack") as refusal:
        squared_gradient_norm(answer, examples(4, (2,), 0)[0])
    assert "\n" not in str(refusal.value)
