"""Each cure changes what it says it changes: one test a cure, which fails when the cure does nothing.

Gradients are compared with ones worked out here from the papers' formulas, on the very batches the game drew.
"""

from pathlib import Path

import pytest
import torch
from point_games import BATCH, OTHERS, PARTS, Watched, point_game, points, watched
from torch import nn
from training_games import runtime, same, train, weights

from course_lib.chapters.ch04_mode_collapse.toy_games import cures, toy_game
from course_lib.errors import CourseError
from course_lib.losses import NonSaturating
from course_lib.models import PointGenerator
from course_lib.training import LOSSES, FeatureMatchingGame, Game


def flat(tensors):
    return torch.cat([t.flatten() for t in tensors])


def gradient(value, network, **k):
    return flat(torch.autograd.grad(value, list(network.parameters()), **k))


def remade(g, step=1):
    """The generated batch of a step, with its way back to the generator's weights."""
    z = torch.randn(BATCH * g.d_steps, g.generator.latent, generator=runtime().stream("latent", step))
    return g.generator(z)[-BATCH:]


def s(x):
    return 1 / (1 + (-x).exp())


# ---- losses: derivatives by the real and fake logits, for D, and by the fake logits, for G ----

SLOPES = {
    "minimax": (lambda r, f: s(r) - 1, lambda r, f: s(f), lambda r, f: -s(f)),
    "label smoothing": (lambda r, f: s(r) - 0.9, lambda r, f: s(f), lambda r, f: s(f) - 1),
    "least squares": (lambda r, f: r - 1, lambda r, f: f, lambda r, f: f - 1),
    "hinge": (lambda r, f: -(r < 1).float(), lambda r, f: (f > -1).float(), lambda r, f: 0 * f - 1),
    "Wasserstein": (lambda r, f: 0 * r - 1, lambda r, f: 0 * f + 1, lambda r, f: 0 * f - 1),
    "relativistic": (lambda r, f: -s(f - r), lambda r, f: s(f - r), lambda r, f: -s(r - f)),
    None: (lambda r, f: s(r) - 1, lambda r, f: s(f), lambda r, f: s(f) - 1),  # non-saturating, the default
}


@pytest.mark.parametrize("loss", SLOPES)
def test_a_loss_pulls_both_players_as_its_paper_says(loss):
    g = watched(*[loss] if loss else [], gain=4.0)
    ((real, fake),) = g.batches
    by_real, by_fake, by_fake_for_g = SLOPES[loss]
    logits = g.discriminator(real), g.discriminator(fake)
    r, f = (x.detach() for x in logits)
    assert 0 < (r < 1).sum() < BATCH and 0 < (f > -1).sum() < BATCH, "logits too alike to tell losses apart"
    expected_d = gradient(logits[0], g.discriminator, grad_outputs=by_real(r, f) / BATCH)
    expected_d = expected_d + gradient(logits[1], g.discriminator, grad_outputs=by_fake(r, f) / BATCH)
    torch.testing.assert_close(g.d_gradients[0], expected_d, rtol=1e-4, atol=1e-6)
    logits = g.discriminator(remade(g))
    expected_g = gradient(logits, g.generator, grad_outputs=by_fake_for_g(r, f) / BATCH)
    torch.testing.assert_close(g.g_gradient, expected_g, rtol=1e-4, atol=1e-6)


# ---- penalties: what they add to D's gradient ----


def slopes_of(d, x):
    """∇ₓD for each point, one at a time."""
    rows = []
    for point in x:
        point = point.clone().requires_grad_(True)
        rows.append(torch.autograd.grad(d(point[None]).sum(), point, create_graph=True)[0])
    return torch.stack(rows)


def half_square(g, x):
    return 0.5 / 2 * slopes_of(g.discriminator, x).square().sum(1).mean()


def between(g, real, fake):
    with runtime().seeded("layers", 1):
        t = torch.rand(BATCH, 1)  # the first dice of step 1
    return 0.5 * (slopes_of(g.discriminator, real + t * (fake - real)).norm(dim=1) - 1).square().mean()


PENALTIES = {
    "r1": lambda g, real, fake: half_square(g, real),
    "r2, lazy": lambda g, real, fake: 2 * half_square(g, fake),  # every second step, twice as strong
    "gradient penalty": between,
}


@pytest.mark.parametrize("penalty", PENALTIES)
def test_a_penalty_adds_its_own_gradient_to_ds_and_nothing_to_gs(penalty):
    plain, g = watched(steps=2), watched(penalty, steps=2)
    real, fake = g.batches[0]
    value = PENALTIES[penalty](g, real, fake)
    added = gradient(value, g.discriminator, materialize_grads=True)  # D's last bias moves no slope: its part is 0
    assert added.norm() > 0.01 * plain.d_gradients[0].norm()
    torch.testing.assert_close(g.d_gradients[0] - plain.d_gradients[0], added, rtol=1e-3, atol=1e-6)
    assert g.g_gradient.equal(plain.g_gradient)
    lazy = "lazy" in penalty
    assert torch.equal(g.d_gradients[1], plain.d_gradients[1]) == lazy


# ---- what happens to D's weights ----


def test_weight_clipping_holds_after_each_step_of_d_and_spares_g():
    over = []

    class AfterEach(Game):
        def d_step(self, batch):
            out = super().d_step(batch)
            over.append(max(p.abs().max().item() for p in self.discriminator.parameters()))
            return out

    train(point_game("weight clip", "three D steps", kind=AfterEach, lr=0.02), 4, points())
    assert len(over) == 12 and all(x == pytest.approx(0.05) for x in over)
    over.clear()
    g = point_game(kind=AfterEach, lr=0.02)
    train(g, 4, points())
    assert min(over) > 0.2 and max(p.abs().max() for p in g.generator.parameters()) > 0.2


def test_spectral_norm_keeps_ds_largest_singular_values_at_one_while_it_trains():
    def largest(g):
        layers = [m for m in g.discriminator.modules() if isinstance(m, nn.Linear)]
        return [torch.linalg.matrix_norm(layer.weight, 2).item() for layer in layers]

    normed, plain = point_game("spectral norm", lr=1e-2), point_game(lr=1e-2)
    for g in (normed, plain):
        train(g, 60, points())
    assert largest(normed) == pytest.approx([1, 1, 1], abs=0.05)
    assert max(largest(plain)) > 1.5


# ---- how often who trains, and on what ----


def test_d_steps_train_d_so_often_for_one_step_of_g_on_batches_of_their_own():
    g, order, gs = point_game("three D steps", watch=True), [], []
    g.g_step = lambda b, step=g.g_step: (gs.append((b.real.clone(), b.fake.detach().clone())), step(b))[1]
    g.optimiser_d.register_step_pre_hook(lambda *_: order.append("d"))
    g.optimiser_g.register_step_pre_hook(lambda *_: order.append("g"))
    train(g, 2, points())
    assert order == ["d", "d", "d", "g"] * 2
    reals, fakes = ([pair[i] for pair in g.batches] for i in (0, 1))
    assert all(len(x) == BATCH for x in (*reals, *fakes))
    expected = points().stream(3 * BATCH, runtime())
    for i in (0, 3):
        assert torch.cat(reals[i : i + 3]).equal(next(expected)[0])
        assert len(torch.cat(fakes[i : i + 3]).unique(dim=0)) == 3 * BATCH
    assert len(torch.cat(reals).unique(dim=0)) == 6 * BATCH
    assert all(a.equal(b) for i in (0, 1) for a, b in zip(gs[i], g.batches[3 * i + 2], strict=True)), "G: on the last"


def test_two_time_scales_move_d_by_its_own_step_size():
    for parts, lr_d in ((["two time scales"], 4e-3), ([], 1e-3)):
        g = point_game(*parts)
        before = weights(g.discriminator), weights(g.generator)
        train(g, 1, points())  # Adam's first step is as long as its step size
        moved = [
            max((new - old[k]).abs().max().item() for k, new in net.state_dict().items())
            for net, old in zip((g.discriminator, g.generator), before, strict=True)
        ]
        assert moved == pytest.approx([lr_d, 1e-3], rel=0.01)


def test_the_average_is_another_generator_and_without_it_there_is_none():
    averaged, plain = point_game(lr=0.01), point_game("no average", lr=0.01)
    for g in (averaged, plain):
        train(g, 8, points())
    assert plain.sampler()(5).equal(plain.sampler(ema=False)(5))
    assert averaged.sampler(ema=False)(5).equal(plain.sampler()(5)), "averaging changed the training"
    assert not torch.allclose(averaged.sampler()(5), averaged.sampler(ema=False)(5), atol=1e-3)


# ---- what D sees ----


def on_varied_and_copied(g):
    """D's logit for one point among different points, and among copies of itself."""
    varied = points().examples[:BATCH]
    with torch.no_grad():
        return [g.critic(x)[0].item() for x in (varied, varied[:1].expand(BATCH, 2))]


MIXING = ["minibatch discrimination", "minibatch stddev", "pack 2", "batch norm in D"]


@pytest.mark.parametrize("part", [*MIXING, "pack 3"])
def test_d_can_tell_a_varied_batch_from_copies_only_with_the_cure(part):
    a, b = on_varied_and_copied(point_game())
    assert a == pytest.approx(b, abs=1e-6)
    a, b = on_varied_and_copied(point_game(part))
    assert abs(a - b) > 1e-3


@pytest.mark.parametrize("part", [*MIXING, None])
def test_real_and_generated_points_share_a_pass_only_where_they_do_not_mix(part):
    g, sizes = point_game(*[part] if part else []), []
    steps = g.steps(points(), 1, runtime())
    g.discriminator.register_forward_pre_hook(lambda _, x: sizes.append(tuple(x[0].shape)))
    list(steps)
    assert sizes == {"pack 2": [(12, 4), (6, 4)], None: [(24, 2), (12, 2)]}.get(part, [(12, 2)] * 3)


def test_batch_norm_in_g_makes_a_point_depend_on_its_batch_while_training_only():
    z = torch.randn(6, 3)
    for parts, mixes in ((["batch norm in G"], True), ([], False)):
        g = point_game(*parts)
        train(g, 3, points())
        alone, among = g.generator(z[:3])[0], g.generator(z)[0]
        assert torch.allclose(alone, among, atol=1e-6) != mixes
        assert torch.allclose(g.sampler().decode(z[:3])[0], g.sampler().decode(z)[0], atol=1e-6)


@pytest.mark.parametrize(("part", "spread"), [("instance noise", 0.3), ("augmentation", 2 / 8 / 3**0.5)])
def test_noise_and_augmentation_show_d_other_points_of_the_right_spread(part, spread):
    g, plain, x = point_game(part), point_game(), points(4000).examples
    with runtime().seeded("test"):
        moved = g.apply_views(x) - x
        assert g.critic(x).equal(plain.critic(x)) is False and plain.apply_views(x) is x
    assert moved.std().item() == pytest.approx(spread, rel=0.05)
    g.step_number = 100
    assert torch.equal(g.apply_views(x), x) == (part == "instance noise")


# ---- what G is asked for ----


def test_feature_matching_pulls_g_by_the_difference_of_mean_features():
    g, plain = watched("feature matching"), watched()
    ((real, _),) = g.batches
    made, d = remade(g), g.discriminator
    loss = 0.0
    for k in range(d.head.in_features):
        at_real = sum(d.features(x[None])[0, k].item() for x in real) / BATCH
        loss = loss + (sum(d.features(x[None])[0, k] for x in made) / BATCH - at_real) ** 2
    expected = gradient(loss, g.generator)
    torch.testing.assert_close(g.g_gradient, expected, rtol=1e-3, atol=1e-7)
    assert g.d_gradients[0].equal(plain.d_gradients[0]), "D plays its usual game"
    assert torch.cosine_similarity(g.g_gradient, plain.g_gradient, dim=0) < 0.99


def test_feature_matching_needs_features():
    with pytest.raises(CourseError, match=r"Linear has no method 'features'"):
        FeatureMatchingGame(PointGenerator(), nn.Linear(2, 1))


def test_unrolling_pulls_g_as_the_discriminator_of_later_would():
    """Two steps of D worked out by hand, with their dependence on G."""
    g, plain = watched("unrolled"), watched()
    ((real, _),) = g.batches
    made, loss, d = remade(g), NonSaturating(), g.discriminator
    w = dict(d.named_parameters())
    for _ in range(2):
        value = loss.d(torch.func.functional_call(d, w, real), torch.func.functional_call(d, w, made))
        w = {
            k: p - 0.1 * slope
            for (k, p), slope in zip(
                w.items(), torch.autograd.grad(value, list(w.values()), create_graph=True), strict=True
            )
        }
    expected = gradient(loss.g(None, torch.func.functional_call(d, w, made)), g.generator)
    torch.testing.assert_close(g.g_gradient, expected, rtol=1e-3, atol=1e-7)
    assert (g.g_gradient - plain.g_gradient).norm() > 0.05 * plain.g_gradient.norm()
    assert g.d_gradients[0].equal(plain.d_gradients[0])


# ---- by the names the notebooks use ----


@pytest.mark.parametrize("cure", [name for name in cures() if name != "none"])
def test_a_toy_games_cure_makes_another_training_than_none(cure):
    made = []
    for name in ("none", cure):
        with runtime().seeded("weights"):
            g = toy_game(points().mixture, name, hidden=(16,), batch=BATCH, lr=0.01)
        train(g, 6, points())
        made.append(weights(g.generator))
    assert not same(*made)


@pytest.mark.parametrize("loss", [name for name in LOSSES if name != "non-saturating"])
def test_a_toy_games_loss_makes_another_training_than_the_default(loss):
    made = []
    for name in ("non-saturating", loss):
        with runtime().seeded("weights"):
            g = toy_game(points().mixture, loss=name, hidden=(16,), batch=BATCH)
        assert isinstance(g.loss, LOSSES[name])
        train(g, 3, points())
        made.append(weights(g.generator))
    assert not same(*made)


def test_no_part_went_untested():
    """A new part in point_games.py must get its test above. Those of the tables have theirs in tests/losses and
    test_views.py."""
    source = Path(__file__).read_text(encoding="utf-8")
    elsewhere = {"cosine", "rmsprop", "momentum", "sgd", *LOSSES, *OTHERS}  # test_optimisers.py
    assert [part for part in PARTS if f'"{part}"' not in source and part not in elsewhere] == []
    assert issubclass(Watched, Game)
