"""What a game may be built with is taken, in any kind of number; all else is refused in one sentence that names it."""

import math
import sys
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn
from training_games import blobs, digest, runtime, train

from course_lib.chapters.ch04_mode_collapse.toy_games import toy_game
from course_lib.data.toy import ring
from course_lib.errors import CourseError
from course_lib.losses import LOSSES, R1, GradientPenalty, NonSaturating, WeightClip
from course_lib.models import MLPVAE, MLPDiscriminator, MLPGenerator
from course_lib.training import (
    DiffAugment,
    Game,
    InstanceNoise,
    Pack,
    UnrolledGame,
    VAETrainer,
    cosine_schedule,
)
from course_lib.training.classifier import ClassifierTrainer

quick = settings(max_examples=60, deadline=None, derandomize=True)


def game(kind=Game, **changes):
    with runtime().seeded("weights"):
        return kind(MLPGenerator(4, (4,)), MLPDiscriminator((4,)), **({"batch": 8} | changes))


def a_vae(**changes):
    return VAETrainer(MLPVAE(2, (4,)), **changes)


def a_classifier(**changes):
    return ClassifierTrainer(nn.Sequential(nn.Flatten(), nn.Linear(784, 2)), **changes)


def refused(build, *named):
    with pytest.raises(CourseError) as refusal:
        build()
    message = str(refusal.value)
    assert all(word in message for word in named), message
    assert "\n" not in message and message.endswith("."), message
    return message


# ---- numbers ----

rates, counts = (lambda v: 0 < v < math.inf), (lambda v: v >= 1)
NUMBERS = {  # setting: (where it goes, which finite numbers fit, only whole ones)
    "lr": (game, rates, False),
    "lr_d": (game, rates, False),
    "batch": (game, counts, True),
    "d_steps": (game, counts, True),
    "ema": (game, lambda v: 0 <= v < 1, False),
    "unroll": (lambda **k: game(UnrolledGame, **k), counts, True),
    "inner_lr": (lambda **k: game(UnrolledGame, **k), rates, False),
    "sigma": (InstanceNoise, lambda v: v >= 0, False),
    "size": (Pack, lambda v: v >= 2, True),
    "strength": (DiffAugment, lambda v: v >= 0, False),
    "width": (DiffAugment, rates, False),
    "gamma": (GradientPenalty, lambda v: v >= 0, False),
    "every": (R1, counts, True),
    "limit": (WeightClip, rates, False),
    "total": (lambda total: cosine_schedule(total), counts, True),
}
things = st.one_of(
    st.integers(-3, 40),
    st.floats(),
    st.floats(-2, 2),
    st.booleans(),
    st.just(10**400),
    st.text(max_size=3),
    st.none(),
    st.lists(st.floats(0, 1), max_size=2),
    st.complex_numbers(max_magnitude=2),
    st.fractions(0, 3),
    st.sampled_from(
        [
            np.int64(3),
            np.float32(0.5),
            np.float64(1e-3),
            np.bool_(True),
            np.array([1.0]),
            torch.tensor(0.5),
            np.float64("nan"),
            "0.1",
        ]
    ),
)


def is_number(value, whole):
    kinds = (int, np.integer) if whole else (int, float, np.integer, np.floating, Fraction)
    return isinstance(value, kinds) and not isinstance(value, bool) and (whole or abs(value) <= sys.float_info.max)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_taken_if_it_fits_and_refused_by_name_otherwise(name):
    where, fits, whole = NUMBERS[name]

    @quick
    @given(things)
    @example(True)
    @example(np.bool_(False))
    @example(0)
    @example(-1)
    @example(math.nan)
    @example(math.inf)
    @example(10**400)
    def tried(value):
        if name == "lr_d" and value is None:  # the default: as lr
            return
        if is_number(value, whole) and fits(value):
            where(**{name: value})
        else:
            refused(lambda: where(**{name: value}), name, repr(value))

    tried()


@pytest.mark.parametrize("build", [game, a_vae])
@pytest.mark.parametrize(
    "betas",
    [0.5, None, (0.5,), (0.5, 0.9, 0.9), ("a", 0.9), (0.5, 1.0), (-0.1, 0.9), (True, 0.9), (0.5, math.nan), "ab"],
)
def test_betas_that_are_none_are_refused(build, betas):
    refused(lambda: build(betas=betas), "betas")


@pytest.mark.parametrize("build", [a_vae, a_classifier])
@pytest.mark.parametrize(
    "change", [{"lr": 0}, {"lr": True}, {"lr": "1e-3"}, {"lr": math.inf}, {"batch": 0}, {"batch": 2.0}, {"batch": True}]
)
def test_the_other_trainers_refuse_them_too(build, change):
    refused(lambda: build(**change), next(iter(change)))


def test_numpys_numbers_train_the_same_game_as_pythons():
    plain = game(
        lr=0.001, betas=(0.5, 0.9), d_steps=2, ema=0.9, penalties=[R1(0.5, every=2)], views=[InstanceNoise(0.25)]
    )
    numpys = game(
        lr=np.float64(0.001),
        betas=[np.float64(0.5), np.float64(0.9)],
        batch=np.int64(8),
        d_steps=np.int32(2),
        ema=np.float64(0.9),
        penalties=(R1(np.float32(0.5), every=np.int64(2)),),
        views=[InstanceNoise(np.float32(0.25))],
    )
    train(plain, 3)
    assert len(list(numpys.steps(blobs(), np.int64(3), runtime()))) == 3
    assert digest(numpys) == digest(plain) and numpys.settings() == plain.settings()


# ---- networks, names, parts ----


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: game(loss="mse"), ["loss 'mse'", "'hinge'", "'relativistic'"]),
        (lambda: game(loss=NonSaturating), ["NonSaturating", "NonSaturating()"]),
        (lambda: game(loss=3), ["loss=3"]),
        (lambda: game(loss=nn.BCELoss()), ["BCELoss"]),
        (lambda: game(optimiser="lion"), ["optimiser 'lion'", "'adam'"]),
        (lambda: game(optimiser=torch.optim.Adam), ["optimiser", "'adam'"]),
        (lambda: game(penalties=R1()), ["penalties=R1(", "[R1(0.1)]"]),
        (lambda: game(penalties=["R1"]), ["'R1'", "penalties", "R1(0.1)"]),
        (lambda: game(penalties=[R1]), ["R1", "penalties", "R1(0.1)"]),
        (lambda: game(penalties="R1"), ["penalties='R1'"]),
        (lambda: game(views=Pack(2)), ["views=Pack(size=2)", "[Pack(2)]"]),
        (lambda: game(views=["pack"]), ["'pack'", "views", "Pack(2)"]),
        (lambda: game(views=[Pack]), ["Pack", "views"]),
        (lambda: game(constraints=WeightClip(1.0)), ["constraints=WeightClip(limit=1.0)"]),
        (lambda: game(constraints=[0.01]), ["0.01", "constraints"]),
        (lambda: game(schedule=0.5), ["schedule=0.5", "cosine"]),
        (lambda: DiffAugment("flip"), ["augmentation 'flip'", "'cutout'"]),
        (lambda: InstanceNoise(0.1, steps=0), ["steps=0"]),
        (lambda: InstanceNoise(0.1, steps=2.5), ["steps=2.5"]),
        (lambda: Game(MLPGenerator, MLPDiscriminator()), ["generator", "class MLPGenerator", "MLPGenerator()"]),
        (lambda: Game(MLPGenerator(), MLPDiscriminator), ["discriminator", "class MLPDiscriminator"]),
        (lambda: Game(MLPGenerator(), "dcgan"), ["discriminator", "str"]),
        (lambda: Game(MLPGenerator(), nn.Flatten()), ["without weights"]),
        (lambda: toy_game(ring(), "hope"), ["cure 'hope'", "'R1'"]),
        (lambda: toy_game(ring(), loss="mse"), ["loss 'mse'", "'hinge'"]),
        (lambda: game().steps("digits", 1, runtime()), ["str", "load('digits')"]),
        (lambda: game().steps(blobs().images, 1, runtime()), ["Tensor", "load('digits')"]),
    ],
)
def test_what_makes_no_game_is_refused_in_one_sentence(build, named):
    refused(build, *named)


@pytest.mark.parametrize("latent", [0, 2.5, "8", True, None])
def test_a_generator_whose_latent_is_no_size_is_refused(latent):
    generator = MLPGenerator(8, (8,))
    generator.latent = latent
    refused(lambda: Game(generator, MLPDiscriminator()), "MLPGenerator.latent", repr(latent))


@pytest.mark.parametrize("factor", [-1.0, math.nan, math.inf])
def test_a_schedule_that_gives_no_factor_stops_before_the_step(factor):
    g = game(schedule=lambda step: 1.0 if step < 2 else factor)
    train(g, 2)
    before = digest(g)
    refused(lambda: train(g, 1), "schedule", "step 2")
    assert digest(g) == before


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_goes_by_its_name_too(name):
    named, made = game(loss=name), game(loss=LOSSES[name]())
    for g in (named, made):
        train(g, 2)
    assert digest(named) == digest(made)


def test_none_and_generators_of_parts_are_lists_too():
    g = game(penalties=None, views=(view for view in [InstanceNoise(0.1)]))
    assert g.penalties == () and g.views == (InstanceNoise(0.1),)


def test_one_word_of_augmentation_is_a_list_of_one():
    assert DiffAugment("cutout") == DiffAugment(("cutout",)) == DiffAugment(["cutout"])


def test_a_loss_penalty_and_view_of_ones_own_need_no_facts():
    class Mine:
        def d(self, r, f):
            return (f - r).mean()

        def g(self, r, f):
            assert r is not None, "a loss that says nothing is given the real logits"
            return (r - f).mean()

    g = game(
        loss=Mine(), penalties=[lambda critic, real, fake: critic(real).square().mean()], views=[lambda x, step: x]
    )
    record = train(g, 2)[-1]
    assert set(record.as_dict()) == {"d_loss", "g_loss", "score_real", "score_fake"} and record.finite()
