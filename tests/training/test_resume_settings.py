"""A trainer that was built otherwise than the one that saved: each change is applied, and said, or refused by name."""

import warnings
from dataclasses import replace

import pytest
import torch
from every_trainer import TRAINERS, trainer
from training_games import blobs, digest, runtime, train

from course_lib.errors import CourseError
from course_lib.losses import R1, GradientPenalty, Hinge, NonSaturating, WeightClip
from course_lib.losses.elbo import ELBO
from course_lib.models import MLPVAE, DCDiscriminator, MLPDiscriminator, MLPGenerator
from course_lib.models.conditional import CodeReader, InfoGenerator
from course_lib.training import (
    FeatureMatchingGame,
    Game,
    InstanceNoise,
    UnrolledGame,
    VAETrainer,
    checkpointed,
    cosine_schedule,
    resume,
)
from course_lib.training.conditional import InfoGAN


def game(kind=Game, **changes):
    with runtime().seeded("weights"):
        return kind(MLPGenerator(8, (16,)), MLPDiscriminator((16,)), **({"batch": 8, "penalties": [R1(0.1)]} | changes))


def vae(loss=None, **changes):
    with runtime().seeded("weights"):
        return VAETrainer(MLPVAE(4, (8,)), loss, **({"batch": 8} | changes))


def info(**changes):
    with runtime().seeded("weights"):
        networks = InfoGenerator(3, 2, 10, 4), DCDiscriminator(4), CodeReader(3, 2, 4)
    return InfoGAN(*networks, **({"batch": 8} | changes))


def saved(t, path, steps=4):
    list(checkpointed(t.steps(blobs(), steps, runtime()), path))
    return path


def resumed(t, path):
    """What was said, as one text."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        resume(t, path)
    return " ".join(str(w.message) for w in said)


# ---- the same settings ----


@pytest.mark.parametrize("kind", TRAINERS)
def test_the_same_settings_go_on_without_a_word(tmp_path, kind):
    assert resumed(trainer(kind), saved(trainer(kind), tmp_path / "c")) == ""


def test_what_is_said_does_not_hang_on_the_process_or_the_place_in_memory():
    class Loss:
        def d(self, r, f):
            return (f - r).mean()

        def g(self, r, f):
            return -f.mean()

    settings = [game(loss=Loss(), views=[lambda x, step: x], schedule=lambda step: 1.0).settings() for _ in range(2)]
    assert settings[0] == settings[1] and "0x" not in str(settings[0])


# ---- applied ----

APPLIED = {  # what is changed → how that can be seen in the trainer, once resumed
    "lr": (game, {"lr": 3e-4}, lambda g: g.optimiser_g.param_groups[0]["lr"] == 3e-4),
    "lr_d": (game, {"lr_d": 3e-4}, lambda g: g.optimiser_d.param_groups[0]["lr"] == 3e-4),
    "betas of optimiser_g": (
        game,
        {"betas": (0.0, 0.99)},
        lambda g: g.optimiser_g.param_groups[0]["betas"] == (0.0, 0.99),
    ),
    "schedule": (
        game,
        {"schedule": cosine_schedule(8)},
        lambda g: g.optimiser_g.param_groups[0]["lr"] == 1e-3 * cosine_schedule(8)(3),
    ),
    "loss": (game, {"loss": Hinge()}, lambda g: g.loss == Hinge()),
    "penalties": (game, {"penalties": [R1(9.0), GradientPenalty()]}, lambda g: g.penalties[0].gamma == 9),
    "views": (game, {"views": [InstanceNoise(0.2)]}, lambda g: g.views == (InstanceNoise(0.2),)),
    "constraints": (game, {"constraints": [WeightClip(0.1)]}, lambda g: g.constraints == (WeightClip(0.1),)),
    "ema": (game, {"ema": 0.1}, lambda g: g.ema.decay == 0.1),
    "kind": (game, {"kind": UnrolledGame}, lambda g: isinstance(g, UnrolledGame)),
    "weight": (info, {"weight": 0.5}, lambda g: g.weight == 0.5),
    "binary": (vae, {"binary": True}, lambda t: t.binary),
    "lr of a VAE": (vae, {"lr": 1e-4}, lambda t: t.optimiser.param_groups[0]["lr"] == 1e-4),
    "loss of a VAE": (vae, {"loss": ELBO(4.0)}, lambda t: t.loss == ELBO(4.0)),
    "shift": (lambda **k: trainer("classifier", **k), {"shift": 0}, lambda t: t.shift == 0),
}


@pytest.mark.parametrize("name", APPLIED)
def test_a_change_that_the_next_step_can_use_is_applied_and_said(tmp_path, name):
    make, change, seen = APPLIED[name]
    path = saved(make(), tmp_path / "c")
    t, word = make(**change), name.split(" of a ")[0]
    said = resumed(t, path)
    assert f"{word}=" in said and "saved with" in said and "\n" not in said, said
    assert seen(t)
    kept = make()
    resume(kept, path)
    for one in (t, kept):
        train(one, 3)
    assert digest(t) != digest(kept), "it was said, and ignored"


@pytest.mark.parametrize("name", ["lr", "betas", "eps", "weight_decay"])
@pytest.mark.parametrize("build", [game, vae])
def test_going_on_with_another_option_is_what_setting_it_by_hand_would_be(tmp_path, build, name):
    value = {"lr": 2e-4, "betas": (0.2, 0.7), "eps": 1e-3, "weight_decay": 0.1}[name]

    def by_hand(t):
        for optimiser in t._optimisers.values():
            optimiser.param_groups[0][name] = value

    straight, other = build(), build()
    path = saved(straight, tmp_path / "c")
    by_hand(straight)
    by_hand(other)
    assert name in resumed(other, path)
    for t in (straight, other):
        train(t, 3)
    assert digest(other) == digest(straight)


def test_the_remedy_of_a_divergence_works():
    """It says: go back to the last checkpoint, with a tenth of the step size."""
    first = game(lr=1e-3)
    train(first, 3)
    second = game(lr=1e-4)
    with pytest.warns(UserWarning, match=r"lr=0\.0001 \(saved with 0\.001\)"):
        second.load_state_dict(first.state_dict())
    before = {k: v.clone() for k, v in second.generator.state_dict().items()}
    train(second, 1)
    moved = max((v - before[k]).abs().max().item() for k, v in second.generator.state_dict().items())
    assert moved < 5e-4


# ---- refused ----

REFUSED = {
    "batch": (game, {"batch": 16}),
    "d_steps": (game, {"d_steps": 2}),
    "optimiser_g": (game, {"optimiser": "rmsprop"}),
    "batch of a VAE": (vae, {"batch": 16}),
    "optimiser": (vae, {"optimiser": "momentum"}),
    "total": (lambda **k: trainer("classifier", **k), {"total": 50}),
    "lr": (lambda **k: trainer("classifier", **k), {"lr": 1e-2}),
    "batch of a classifier": (lambda **k: trainer("classifier", **k), {"batch": 16}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_change_that_the_state_does_not_fit_is_refused_by_name_and_changes_nothing(tmp_path, name):
    make, change = REFUSED[name]
    path = saved(make(), tmp_path / "c")
    t, content = make(**change), path.read_bytes()
    before = digest(t)
    with pytest.raises(CourseError, match=name.split(" of a ")[0]) as refusal:
        resume(t, path)
    assert "\n" not in str(refusal.value) and "build it with the same" in str(refusal.value)
    assert digest(t) == before and path.read_bytes() == content
    train(t, 1)  # it is as good as new


@pytest.mark.parametrize("theirs", ["adam", "rmsprop", "momentum", "sgd"])
@pytest.mark.parametrize("mine", ["adam", "rmsprop", "momentum", "sgd"])
def test_no_pair_of_optimisers_ends_in_a_key_error(tmp_path, mine, theirs):
    path, t = saved(game(optimiser=theirs), tmp_path / "c"), game(optimiser=mine)
    if mine == theirs or {mine, theirs} == {"momentum", "sgd"}:  # SGD with, or without, a momentum
        assert ("momentum" in resumed(t, path)) == (mine != theirs)
        train(t, 2)
    else:
        with pytest.raises(CourseError, match="optimiser_g"):
            resume(t, path)


def test_adam_and_adamw_are_told_apart_though_their_options_are_the_same():
    a, b = game(), game()
    b.optimiser_g.__class__ = torch.optim.AdamW
    train(a, 2)
    with pytest.raises(CourseError, match="optimiser_g=Adam and this Game has AdamW"):
        b.load_state_dict(a.state_dict())


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("game, minimax", "InfoGAN"), ("InfoGAN", "packed"), ("VAE", "classifier"), ("classifier", "game, hinge")],
)
def test_another_kinds_checkpoint_is_refused_whether_it_has_less_or_more(mine, theirs):
    a, b = trainer(theirs), trainer(mine)
    train(a, 2)
    before = digest(b)
    with pytest.raises(CourseError, match=f"so it is no {type(b).__name__}'s"):
        b.load_state_dict(a.state_dict())
    assert digest(b) == before


@pytest.mark.parametrize("state", [None, [], "path", {}, {"step": 3}])
def test_what_is_no_state_is_refused(state):
    with pytest.raises(CourseError, match="no Game's"):
        game().load_state_dict(state)


def test_a_checkpoint_of_before_settings_were_kept_still_goes_on():
    first, second, whole = game(), game(), game()
    train(first, 3)
    train(whole, 6)
    second.load_state_dict({k: v for k, v in first.state_dict().items() if k != "settings"})
    train(second, 3)
    assert digest(second) == digest(whole)
    other = game(optimiser="momentum")
    with pytest.raises(CourseError, match="another optimiser than this Game's SGD"):
        other.load_state_dict({k: v for k, v in first.state_dict().items() if k != "settings"})


# ---- seed and data ----


def test_another_seed_is_refused_by_name(tmp_path):
    g = game()
    resume(g, saved(game(), tmp_path / "c"))
    with pytest.raises(CourseError, match="trained with seed=3 and is asked to go on with 4"):
        g.steps(blobs(), 1, runtime(4))


PARTS = {
    "whole": lambda data: data,
    "first": lambda data: data.take(48),
    "padded": lambda data: data.padded(30),
    "class": lambda data: data.of_class(1),
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("other", ["pixels", "labels"])
def test_data_without_a_checksum_of_their_own_are_told_apart_by_what_is_in_them(tmp_path, part, other):
    """Two sets of one name, both with the default "": a run on one is not gone on with on the other."""
    mine = replace(blobs(), sha256="")
    theirs = replace(mine, images=-mine.images) if other == "pixels" else replace(mine, labels=1 - mine.labels)
    theirs = replace(theirs, sha256="")
    one, another, again = part(mine), part(theirs), part(replace(mine, sha256=""))
    assert len({one.sha256, another.sha256, ""}) == 3 and one.sha256 == again.sha256
    size = one.shape[-1]
    g = Game(MLPGenerator(8, (8,), size=size), MLPDiscriminator((8,), size=size), batch=8)
    list(checkpointed(g.steps(one, 2, runtime()), tmp_path / "c"))
    g = Game(MLPGenerator(8, (8,), size=size), MLPDiscriminator((8,), size=size), batch=8)
    resume(g, tmp_path / "c")
    with pytest.raises(CourseError, match="trained with sha256="):
        g.steps(another, 1, runtime())
    assert len(list(g.steps(again, 1, runtime()))) == 1


def test_points_of_ones_own_class_are_told_apart_too():
    from course_lib.data.batches import BatchedData

    class Bare(BatchedData):
        name = "mine"

        def __init__(self, shift):
            self.examples = blobs().images + shift
            self.labels = blobs().labels

    g = game(loss=NonSaturating())
    train(g, 1, Bare(0.0))
    with pytest.raises(CourseError, match="trained with sha256="):
        g.steps(Bare(-0.1), 1, runtime())
    train(g, 1, Bare(0.0))


def test_feature_matching_goes_on_from_a_plain_game_and_says_so(tmp_path):
    said = resumed(game(FeatureMatchingGame), saved(game(), tmp_path / "c"))
    assert "kind=FeatureMatchingGame (saved with Game)" in said
