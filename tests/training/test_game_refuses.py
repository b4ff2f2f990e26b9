"""What the game refuses at the door, and that a divergence stops it before the weights are spoilt."""

from dataclasses import dataclass, replace

import pytest
import torch
from torch import nn
from training_games import blobs, game, runtime, train, weights

from course_lib.data import ImageData
from course_lib.errors import CourseError, Diverged
from course_lib.losses import NonSaturating
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator
from course_lib.training import Game, InstanceNoise, Pack, UnrolledGame, checkpointed


def mlp(**settings):
    return Game(MLPGenerator(8, (8,)), MLPDiscriminator((8,)), **settings)


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: Game(nn.Linear(2, 2), MLPDiscriminator()), ["Linear", "latent"]),
        (lambda: mlp(ema=1), ["ema=1"]),
        (lambda: mlp(ema=-0.1), ["ema=-0.1"]),
        (lambda: mlp(lr=0), ["lr=0"]),
        (lambda: mlp(lr_d=-1e-3), ["lr_d=-0.001"]),
        (lambda: mlp(lr=float("nan")), ["lr=nan"]),
        (lambda: mlp(batch=0), ["batch=0"]),
        (lambda: mlp(batch=2.5), ["batch=2.5"]),
        (lambda: mlp(d_steps=0), ["d_steps=0"]),
        (lambda: mlp(optimiser="lion"), ["'lion'", "'adam'", "'rmsprop'"]),
        (lambda: Pack(1), ["pack's size=1"]),
        (lambda: InstanceNoise(-1.0), ["sigma=-1.0"]),
        (lambda: UnrolledGame(MLPGenerator(8), MLPDiscriminator(), unroll=0), ["unroll=0"]),
    ],
)
def test_settings_that_make_no_game_are_refused(build, named):
    with pytest.raises(CourseError) as refusal:
        build()
    message = str(refusal.value)
    assert all(word in message for word in named) and "\n" not in message


@pytest.mark.parametrize("n", [-1, 2.0, True, "3", None])
def test_a_number_of_steps_that_is_none_is_refused(n):
    with pytest.raises(CourseError, match=r"whole number"):
        mlp().steps(blobs(), n, runtime())


@pytest.mark.parametrize(
    ("networks", "data", "said"),
    [
        (lambda: (DCGenerator(8, 4, size=32), DCDiscriminator(4, size=32)), lambda: blobs(), "padded"),
        (lambda: (DCGenerator(8, 4), DCDiscriminator(4)), lambda: blobs(size=32), r"\(1, 28, 28\).*\(1, 32, 32\)"),
        (lambda: (DCGenerator(8, 4), DCDiscriminator(4)), lambda: blobs(channels=3), r"\(3, 28, 28\)"),
        (lambda: (DCGenerator(8, 4), DCDiscriminator(4, size=32)), lambda: blobs(), "discriminator"),
        (lambda: (DCGenerator(8, 4), DCDiscriminator(4, channels=3)), lambda: blobs(), "discriminator"),
        (lambda: (MLPGenerator(8), MLPDiscriminator()), lambda: blobs(5), "batch size"),
        # A pooling head takes every size; only the generator's images show that something is wrong.
        (lambda: (DCGenerator(8, 4, size=32), DCDiscriminator(4, head="pool")), lambda: blobs(), "generator makes"),
    ],
)
def test_images_that_the_networks_do_not_take_are_refused_before_the_first_step(networks, data, said):
    g = Game(*networks(), batch=8)
    with pytest.raises(CourseError, match=said) as refusal:
        g.steps(data(), 1, runtime())
    assert "\n" not in str(refusal.value)
    assert g.step_number == 0


def test_a_refusal_does_not_bind_the_game_to_the_refused_data():
    g = game()
    with pytest.raises(CourseError):
        g.steps(blobs(size=32), 1, runtime(seed=9))
    train(g, 1)


def test_a_packed_game_whose_discriminator_takes_single_images_is_told_so():
    g = Game(DCGenerator(8, 4), DCDiscriminator(4, channels=1), views=[Pack(2)], batch=8)
    with pytest.raises(CourseError, match="pack"):
        g.steps(blobs(), 1, runtime())


def test_a_batch_that_makes_no_whole_packs_is_refused():
    g = Game(DCGenerator(8, 4), DCDiscriminator(4, channels=3), views=[Pack(3)], batch=8)
    with pytest.raises(CourseError, match="batch of 8 does not divide into packs of 3"):
        g.steps(blobs(), 1, runtime())


def test_data_on_another_device_than_the_runtimes_is_refused():
    with pytest.raises(CourseError, match=r"load\(name, runtime\)"):
        mlp().steps(blobs(), 1, replace(runtime(), device=torch.device("cuda")))


@pytest.mark.parametrize(
    ("go_on", "changed"),
    [
        (lambda g: g.steps(blobs(), 1, runtime(seed=4)), "seed"),
        (lambda g: g.steps(blobs(name="others"), 1, runtime()), "data"),
        (lambda g: g.steps(blobs(n=90), 1, runtime()), "sha256"),
        (lambda g: g.steps(blobs().take(64), 1, runtime()), "sha256"),
        (lambda g: g.steps(blobs().of_class(1), 1, runtime()), "sha256"),
        (lambda g: (setattr(g, "batch", 4), g.steps(blobs(), 1, runtime())), "batch"),
    ],
)
def test_going_on_with_another_seed_or_other_data_is_refused_and_changes_nothing(go_on, changed):
    g = game()
    train(g, 2)
    before = weights(g.generator)
    with pytest.raises(CourseError, match=f"trained with {changed}="):
        go_on(g)
    g.batch = 8
    assert g.step_number == 2 and all(torch.equal(v, before[k]) for k, v in g.generator.state_dict().items())
    train(g, 1)


# ---- divergence ----


def finite(g, buffers=True):
    networks = (g.generator, g.discriminator, g.ema.module)
    return all(
        torch.isfinite(v).all() for m in networks for v in (m.state_dict().values() if buffers else m.parameters())
    )


@dataclass(frozen=True)
class Spoilt(NonSaturating):
    """Fails at a given call: with a loss that is no number, with a fine loss whose slope is infinite, or with a
    loss that is no number and a fine slope."""

    side: str = "d"
    how: str = "nan"
    at: int = 3
    calls: list = None

    def _spoil(self, value, logits):
        self.calls.append(1)
        if len(self.calls) != self.at:
            return value
        if self.how == "slope":
            return value + (logits.mean() * 0).sqrt()
        return value + float("nan") if self.how == "constant" else value * float(self.how)

    def d(self, real_logits, fake_logits):
        value = super().d(real_logits, fake_logits)
        return self._spoil(value, fake_logits) if self.side == "d" else value

    def g(self, real_logits, fake_logits):
        value = super().g(real_logits, fake_logits)
        return self._spoil(value, fake_logits) if self.side == "g" else value


@pytest.mark.filterwarnings("ignore:this Game goes on with loss=")  # a sound one
@pytest.mark.parametrize("how", ["nan", "inf", "slope", "constant"])
@pytest.mark.parametrize("side", ["d", "g"])
def test_a_loss_or_slope_that_is_no_number_stops_at_its_step_with_finite_weights(side, how, tmp_path):
    g = mlp(batch=8, loss=Spoilt(side=side, how=how, calls=[]))
    path, steps = tmp_path / "c", []
    with pytest.raises(Diverged, match=r"diverged at step 3.*step size \(here lr=0.001.*'c', step 2") as refusal:
        for record in checkpointed(g.steps(blobs(), 9, runtime()), path, every=1):
            steps.append(record.step)
    assert "\n" not in str(refusal.value)
    assert steps == [1, 2] and g.step_number == 2
    assert finite(g)
    # The last good checkpoint is what it says, and training goes on from it.
    again = mlp(batch=8)
    from course_lib.training import resume

    assert resume(again, path) == 2
    train(again, 4)


@pytest.mark.parametrize("kind", ["mlp dropout", "dc batch norm", "spectral r1 r2"])
@pytest.mark.parametrize("lr", [1e4, 1e30])
def test_far_too_large_a_step_size_ends_in_diverged_or_in_numbers_never_in_nan(kind, lr):
    g = game(kind, lr=lr)
    try:
        for record in g.steps(blobs(), 30, runtime()):
            assert record.finite()
    except Diverged as stop:
        assert f"step {g.step_number + 1}" in str(stop) and f"lr={lr:g}" in str(stop)
    # With 1e30 the forward pass itself overflows batch norm's statistics before any loss can be looked at.
    assert finite(g, buffers=lr < 1e30)


def test_an_absurd_step_size_does_diverge():
    g = game("mlp minimax", lr=1e30)
    with pytest.raises(Diverged):
        train(g, 30)


def test_images_with_nan_never_reach_a_game():
    images = blobs().images.clone()
    images[3, 0, 2, 2] = float("nan")
    with pytest.raises(CourseError, match="NaN"):
        ImageData(images, blobs().labels, ("a", "b"), "x", "train", "", "", "")
