"""What the discriminator is shown: packs, noise, augmentations. They do what they say, to real and fake alike, and let
the generator's gradient through."""

import math

import pytest
import torch
from torch import nn
from training_games import blobs, digest, runtime, train

from course_lib.errors import CourseError
from course_lib.losses import fact
from course_lib.models import MLPDiscriminator, MLPGenerator
from course_lib.training import VIEWS, DiffAugment, Game, InstanceNoise, Pack


@pytest.fixture(autouse=True)
def fixed_dice():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def game(views, pack=1, batch=8):
    with runtime().seeded("weights"):
        return Game(MLPGenerator(8, (16,)), MLPDiscriminator((16,), channels=pack), views=views, batch=batch)


# ---- packs ----


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("shape", [(2,), (1, 28, 28), (3, 5, 4)])
def test_a_pack_is_consecutive_examples_side_by_side(size, shape):
    x = torch.randn(12, *shape)
    packed = Pack(size)(x, 0)
    assert packed.shape == (12 // size, size * shape[0], *shape[1:])
    for i in range(12):
        c = i % size * shape[0]
        assert packed[i // size, c : c + shape[0]].equal(x[i])


def test_packs_of_channels_last_images_hold_the_same_images():
    x = torch.randn(4, 3, 5, 5)
    assert Pack(2)(x.to(memory_format=torch.channels_last), 0).equal(Pack(2)(x, 0))


def test_a_batch_that_does_not_divide_is_refused_before_the_first_step():
    with pytest.raises(CourseError, match=r"batch of 9 .*packs of 2"):
        Pack(2)(torch.zeros(9, 2), 0)
    g = game([Pack(3)], 3, batch=8)
    with pytest.raises(CourseError, match=r"batch of 8 .*packs of 3"):
        g.steps(blobs(), 1, runtime())


# ---- instance noise ----


def test_noise_has_the_strength_it_says_and_no_mean():
    x = torch.linspace(-1, 1, 200_000).view(-1, 2)
    added = InstanceNoise(0.3)(x, 0) - x
    assert added.mean().abs() < 5 * 0.3 / math.sqrt(200_000)
    assert added.std().item() == pytest.approx(0.3, rel=0.01)
    assert (added.abs() < 0.3).double().mean().item() == pytest.approx(0.6827, abs=0.006)  # Gaussian
    assert torch.corrcoef(added.T)[0, 1].abs() < 0.02


@pytest.mark.parametrize(("step", "share"), [(0, 1.0), (25, 0.75), (50, 0.5), (99, 0.01), (100, 0.0), (1000, 0.0)])
def test_noise_falls_linearly_to_nothing(step, share):
    x = torch.zeros(50_000, 2)
    assert InstanceNoise(0.4, steps=100)(x, step).std().item() == pytest.approx(0.4 * share, rel=0.02)
    assert InstanceNoise(0.4)(x, step).std().item() == pytest.approx(0.4, rel=0.02)  # without an end: never


def test_without_noise_nothing_changes_and_no_dice_are_rolled():
    x, state = torch.randn(4, 2), torch.get_rng_state()
    for view in (InstanceNoise(0.0), InstanceNoise(0.5, steps=3)):
        assert view(x, 3).equal(x)
    assert torch.get_rng_state().equal(state)


# ---- differentiable augmentation ----


def pictures(n=400, size=16):
    """No two pixels of a picture alike, and none black, so that one can see what came from where."""
    return torch.linspace(-0.9, 0.9, size * size).view(1, 1, size, size).repeat(n, 1, 1, 1)


@pytest.mark.parametrize("strength", [0.5, 1.0, 2.0])
def test_translation_moves_whole_pictures_every_way_and_fills_with_black(strength):
    x, size = pictures(2000), 16
    moved, reach, seen = DiffAugment(("translation",), strength)(x, 0), math.ceil(strength * size / 8), set()
    assert moved.shape == x.shape
    for image in moved[:, 0]:
        at = (image == x[0, 0, 8, 8]).nonzero()
        assert len(at) == 1
        dy, dx = (at[0] - 8).tolist()
        expected = torch.full((size, size), -1.0)
        rows, columns = (slice(max(d, 0), size + min(d, 0)) for d in (dy, dx))
        back = [slice(max(-d, 0), size + min(-d, 0)) for d in (dy, dx)]
        expected[rows, columns] = x[0, 0][back[0], back[1]]
        assert image.equal(expected)
        seen.add((dy, dx))
    ways = range(-reach, reach + 1)
    assert {d[0] for d in seen} == {d[1] for d in seen} == set(ways)
    assert len(seen) > 0.8 * len(ways) ** 2, "rows and columns move independently"


def test_brightness_shifts_each_picture_by_one_amount():
    x = pictures(4000)
    added = DiffAugment(("brightness",), 0.8)(x, 0) - x
    each = added.mean((1, 2, 3))
    torch.testing.assert_close(added, each.view(-1, 1, 1, 1).expand_as(added), rtol=0, atol=1e-6)
    assert -0.4 <= each.min() < -0.38 and 0.38 < each.max() <= 0.4
    assert each.mean().abs() < 0.02 and each.std().item() == pytest.approx(0.8 / math.sqrt(12), rel=0.05)


def test_cutout_blackens_one_square_and_leaves_the_rest():
    x = pictures(1500)
    cut = DiffAugment(("cutout",))(x, 0)
    black = cut == -1
    assert cut[~black].equal(x[~black])
    whole = 0
    for image in black[:, 0]:
        rows, columns = image.any(1).nonzero()[:, 0], image.any(0).nonzero()[:, 0]
        height, width = (int(i[-1] - i[0]) + 1 for i in (rows, columns))
        assert image.sum() == height * width == len(rows) * len(columns), "one full rectangle"
        assert max(height, width) <= 8 and min(height, width) >= 3  # half the side, cut off at the picture's edge
        whole += height >= 7 and width >= 7
    assert 0.2 < whole / 1500 < 0.5  # its middle lies anywhere: in ((16 − 8) / 16)² of the pictures it lies well inside
    assert black.any(0).all(), "every pixel is black at times"


def test_points_are_translated_each_by_its_own_amount():
    x = torch.randn(50_000, 2)
    moved = DiffAugment(strength=0.5, width=4.0)(x, 0) - x
    reach = 0.5 * 4 / 8
    assert moved.abs().max() <= reach + 1e-6 and moved.abs().max() > 0.99 * reach
    assert moved.mean().abs() < 0.01 and moved.std().item() == pytest.approx(reach / math.sqrt(3), rel=0.02)
    assert torch.corrcoef(moved.T)[0, 1].abs() < 0.03


@pytest.mark.parametrize("ops", [("translation",), ("brightness",), ("cutout",), ("cutout", "translation")])
def test_no_strength_no_change(ops):
    x = pictures(50)
    assert DiffAugment(ops, strength=0.0)(x, 0).equal(x)
    assert not DiffAugment(ops)(x, 0).equal(x)


def test_what_no_augmentation_can_do_is_refused():
    for ops in (("flip",), ("translation", "zoom")):
        with pytest.raises(CourseError, match=f"augmentation '{ops[-1]}'.*'cutout'"):
            DiffAugment(ops)
    with pytest.raises(CourseError, match="strength=-1"):
        DiffAugment(strength=-1)
    for ops in (("cutout",), ("translation", "brightness")):
        with pytest.raises(CourseError, match=r"points.*translation"):
            DiffAugment(ops)(torch.zeros(4, 2), 0)


# ---- in a game ----

SETS = {
    **{name: [kind()] for name, kind in VIEWS.items()},
    "all three": [DiffAugment(("brightness", "translation", "cutout"))],
    "noise, then packs": [InstanceNoise(0.1), Pack(2)],
}
EACH = pytest.mark.parametrize("views", SETS.values(), ids=SETS)


def packed(views):
    return math.prod(fact(view, "pack_size") for view in views)


@EACH
def test_a_view_judges_as_many_together_as_it_says_and_keeps_the_kind_of_number(views):
    for x in (torch.randn(12, 2), blobs(12).images):
        shown = x
        for view in views:
            if x.ndim == 2 and isinstance(view, DiffAugment) and view.ops != ("translation",):
                return  # that is for images
            shown = view(shown, 0)
        assert len(shown) == 12 // packed(views) and shown.numel() == x.numel() and shown.dtype == x.dtype


@EACH
def test_gradients_flow_through_to_every_example(views):
    g, x = game(views, packed(views)), blobs(8).images.clone().requires_grad_(True)
    g.critic(x).sum().backward()
    assert torch.isfinite(x.grad).all() and (x.grad.flatten(1).abs().sum(1) > 0).all()


@pytest.mark.parametrize("op", ["brightness", "translation", "cutout"])
def test_the_gradient_of_an_augmentation_is_where_the_pixel_went(op):
    x, view = pictures(6).requires_grad_(True), DiffAugment((op,))
    torch.manual_seed(1)
    shown = view(x, 0)
    weight = torch.randn_like(shown)
    (gradient,) = torch.autograd.grad((shown * weight).sum(), x)
    with torch.no_grad():
        step, numeric = 1e-2, torch.zeros_like(x)
        for i in [*range(0, 256, 37), 136]:
            moved = x.detach().clone()
            moved.view(6, 256)[:, i] += step
            torch.manual_seed(1)
            change = ((view(moved, 0) - shown) * weight).sum((1, 2, 3)) / step
            numeric.view(6, 256)[:, i] = change
            torch.testing.assert_close(gradient.view(6, 256)[:, i], change, rtol=1e-3, atol=1e-3)
    assert numeric.abs().sum() > 1


class Seen(nn.Module):
    """A discriminator that keeps what it was shown."""

    def __init__(self):
        super().__init__()
        self.w, self.shown = nn.Parameter(torch.ones(1)), []

    def forward(self, x):
        self.shown.append(x.detach().clone())
        return self.w * x.flatten(1).mean(1, keepdim=True)


CHANGING = {name: views for name, views in SETS.items() if packed(views) == 1}


@pytest.mark.parametrize("views", CHANGING.values(), ids=CHANGING)
def test_real_and_fake_examples_are_both_changed_and_anew_at_every_look(views):
    with runtime().seeded("weights"):
        g = Game(MLPGenerator(8, (16,)), Seen(), views=views, batch=8)
    bare = []
    g.d_step = lambda batch, step=g.d_step: (bare.append(batch.both()), step(batch))[1]
    steps = g.steps(blobs(), 1, runtime())
    g.discriminator.shown.clear()
    list(steps)
    (real, fake), (both, again) = bare[0], g.discriminator.shown
    assert both.shape[0] == 16 and again.shape[0] == 8  # D's look at both in one pass, then G's at its own
    for bare_, shown in ((real, both[:8]), (fake, both[8:]), (fake, again)):
        assert not shown.equal(bare_)
        assert shown.shape == bare_.shape
    assert not again.equal(both[8:])


def test_g_learns_through_the_view_and_not_around_it():
    """D sees noise only (a view that shows nothing of x): no gradient may reach the generator."""
    with runtime().seeded("weights"):
        g = Game(MLPGenerator(8, (16,)), MLPDiscriminator((16,)), views=[lambda x, step: 0 * x + 0.5], batch=8)
    train(g, 1)
    assert all((p.grad == 0).all() for p in g.generator.parameters())


def test_views_are_told_the_games_step():
    told = []
    g = game([lambda x, step: (told.append(step), x)[1]])
    train(g, 3)
    assert sorted(set(told)) == [0, 1, 2]


@EACH
def test_views_repeat_with_seed_and_step_and_leave_everybody_elses_dice_alone(views):
    a, b, c = (game(views, packed(views)) for _ in range(3))
    state = torch.get_rng_state()
    train(a, 4)
    assert torch.get_rng_state().equal(state), "training, or looking whether the data fit, rolled the global dice"
    for _ in b.steps(blobs(), 4, runtime()):
        torch.randn(5)
    train(c, 4, rt=runtime(5))
    assert digest(a) == digest(b) != digest(c)
    if packed(views) == 1:
        assert digest(a) != digest(trained_without())


def trained_without():
    g = game([])
    train(g, 4)
    return g
