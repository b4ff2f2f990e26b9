"""Optimisers by name, the schedule of their step sizes, and their state: all of them resume to the last bit."""

import copy
import math

import pytest
import torch
from torch import nn
from training_games import blobs, digest, leaves, runtime, same, train, weights

from course_lib.errors import CourseError
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator
from course_lib.training import Game, checkpointed, cosine_schedule, resume
from course_lib.training.optimisers import OPTIMISERS, load_optimiser, make_optimiser

NAMES = list(OPTIMISERS)
KINDS = {"adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop, "momentum": torch.optim.SGD, "sgd": torch.optim.SGD}


def game(name, mlp=True, **settings):
    with runtime().seeded("weights"):
        networks = (MLPGenerator(8, (16,)), MLPDiscriminator((16,))) if mlp else (DCGenerator(8, 4), DCDiscriminator(4))
        return Game(*networks, optimiser=name, batch=8, **settings)


def by_hand(name, slopes, lr, beta1, beta2):
    """Where one weight that starts at 1 goes for a list of gradients: the textbooks' formulas, one number at a time."""
    w, m, v = 1.0, 0.0, 0.0
    for t, g in enumerate(slopes, 1):
        if name == "sgd":
            w -= lr * g
        elif name == "momentum":
            m = beta1 * m + g
            w -= lr * m
        elif name == "rmsprop":
            v = beta2 * v + (1 - beta2) * g * g
            w -= lr * g / (math.sqrt(v) + 1e-8)
        else:
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
            w -= lr * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + 1e-8)
    return w


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("betas", [(0.5, 0.9), (0.0, 0.99)])
def test_a_name_is_the_algorithm_of_that_name_with_these_settings(name, betas):
    if name == "momentum" and not betas[0]:
        return  # momentum 0 is sgd
    w = nn.Parameter(torch.ones(1, dtype=torch.float64))
    optimiser = make_optimiser(name, [w], 0.05, betas)
    assert type(optimiser) is KINDS[name]
    slopes = [0.7, -0.2, 1.5, 1.4, -0.1]
    for slope in slopes:
        w.grad = torch.full_like(w, slope)
        optimiser.step()
    assert w.item() == pytest.approx(by_hand(name, slopes, 0.05, *betas), rel=1e-6)


def test_an_unknown_name_is_refused_with_the_valid_ones():
    with pytest.raises(CourseError, match=r"optimiser 'lion'.*'adam'.*'rmsprop'.*'momentum'.*'sgd'"):
        make_optimiser("lion", [nn.Parameter(torch.ones(1))], 1e-3, (0.5, 0.9))


@pytest.mark.parametrize("name", NAMES)
def test_a_game_gives_both_players_that_optimiser_with_their_own_step_size(name):
    g = game(name, lr=2e-3, lr_d=5e-3)
    for optimiser, lr, network in ((g.optimiser_g, 2e-3, g.generator), (g.optimiser_d, 5e-3, g.discriminator)):
        assert type(optimiser) is KINDS[name] and [group["lr"] for group in optimiser.param_groups] == [lr]
        trained = [p for group in optimiser.param_groups for p in group["params"]]
        assert list(map(id, trained)) == list(map(id, network.parameters()))


# ---- the schedule ----


def test_cosine_goes_from_one_to_zero_along_half_a_wave_and_stays_there():
    factor = cosine_schedule(200)
    assert [factor(s) for s in (0, 50, 100, 150, 200)] == pytest.approx([1, 0.5 + 0.5**1.5, 0.5, 0.5 - 0.5**1.5, 0])
    assert factor(201) == factor(10**6) == 0
    values = [factor(s) for s in range(201)]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("total", [0, -3, 2.5, True, None])
def test_a_schedule_over_no_steps_is_refused(total):
    with pytest.raises(CourseError, match="whole number"):
        cosine_schedule(total)


@pytest.mark.parametrize("name", NAMES)
def test_a_step_is_made_with_the_step_size_the_schedule_gives_for_it(name):
    g, used = game(name, lr=2e-3, lr_d=8e-3, schedule=cosine_schedule(10)), []
    for optimiser in (g.optimiser_d, g.optimiser_g):
        optimiser.register_step_pre_hook(lambda o, *_: used.append(o.param_groups[0]["lr"]))
    train(g, 4)
    expected = [cosine_schedule(10)(s) * lr for s in range(4) for lr in (8e-3, 2e-3)]  # D steps first
    assert used == pytest.approx(expected, rel=1e-12)


def test_at_the_end_of_its_schedule_a_game_stands_still():
    g = game("sgd", schedule=cosine_schedule(3), lr=0.01)
    train(g, 3)
    before = weights(g.generator), weights(g.discriminator)
    train(g, 2)
    assert same(weights(g.generator), before[0]) and same(weights(g.discriminator), before[1])


def test_without_a_schedule_the_step_size_stays():
    g = game("adam", lr=2e-3)
    train(g, 5)
    assert g.optimiser_g.param_groups[0]["lr"] == g.optimiser_d.param_groups[0]["lr"] == 2e-3


# ---- the state ----


@pytest.mark.parametrize("scheduled", [False, True], ids=["constant", "cosine"])
@pytest.mark.parametrize("mlp", [True, False], ids=["mlp", "channels last"])
@pytest.mark.parametrize("name", NAMES)
def test_a_resumed_game_is_the_uninterrupted_one_to_the_last_bit(tmp_path, name, mlp, scheduled):
    settings = {"schedule": cosine_schedule(12)} if scheduled else {}
    whole, first, second = (game(name, mlp, **settings) for _ in range(3))
    train(whole, 9)
    list(checkpointed(first.steps(blobs(), 5, runtime()), tmp_path / "c"))
    torch.randn(3)
    assert resume(second, tmp_path / "c") == 5 and digest(second) == digest(first)
    train(second, 4)
    assert digest(second) == digest(whole)
    rates = [g.optimiser_g.param_groups[0]["lr"] for g in (whole, second)]
    assert rates[0] == rates[1] == pytest.approx(1e-3 * (cosine_schedule(12)(8) if scheduled else 1))


@pytest.mark.parametrize("name", NAMES)
def test_loading_copies_values_and_lays_them_out_like_their_weights(name):
    """A contiguous average beside a channels-last weight would pair the wrong numbers in a fused kernel."""
    a, b = (game(name, mlp=False) for _ in range(2))
    train(a, 2)
    state = copy.deepcopy(a.optimiser_d.state_dict())
    for averages in state["state"].values():
        for key, value in averages.items():
            if isinstance(value, torch.Tensor):
                averages[key] = value.contiguous()  # as a checkpoint's are
    load_optimiser(b.optimiser_d, state)
    ours, theirs = dict(leaves(b.optimiser_d.state_dict())), dict(leaves(state))
    assert ours.keys() == theirs.keys()
    for key, value in theirs.items():
        assert torch.equal(ours[key], value) if isinstance(value, torch.Tensor) else ours[key] == value
    kernels = 0
    for parameter, averages in b.optimiser_d.state.items():
        for value in averages.values():
            if isinstance(value, torch.Tensor) and value.shape == parameter.shape:
                assert value.stride() == parameter.stride() and not value.requires_grad
                kernels += value.ndim == 4
    assert kernels == {"adam": 4, "rmsprop": 2, "momentum": 2, "sgd": 0}[name]
    for _, value in leaves(state):
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            value.fill_(7.0)
    unchanged = dict(leaves(b.optimiser_d.state_dict()))
    assert not any(isinstance(v, torch.Tensor) and v.numel() and (v == 7).all() for v in unchanged.values()), "shared"
