"""A part that was frozen in eval mode keeps its mode, and its running statistics, while its network trains."""

import pytest
import torch
from test_trainer import TRAINERS, classifier
from torch import nn
from training_games import blobs, digest, game, runtime, train

from course_lib.errors import CourseError
from course_lib.models import as_generator
from course_lib.training import Game


def modes(network):
    return [name for name, part in network.named_modules() if not part.training]


def test_a_frozen_batch_norm_stays_frozen_and_the_others_train():
    t = game("dc batch norm")
    norms = [m for m in t.generator.modules() if isinstance(m, nn.BatchNorm2d)]
    norms[0].eval()
    still = modes(t.generator)
    before = [norm.running_mean.clone() for norm in norms]
    train(t, 2)
    assert modes(t.generator) == still != [] and modes(t.discriminator) == []
    same = [norm.running_mean.equal(mean) for norm, mean in zip(norms, before, strict=True)]
    assert same == [True] + [False] * (len(norms) - 1)

    t.generator.eval()  # to look at it
    train(t, 1)
    assert modes(t.generator) == still and norms[0].running_mean.equal(before[0])

    t.generator.train()  # all of it
    train(t, 1)
    assert modes(t.generator) == [] and not norms[0].running_mean.equal(before[0])


def test_a_part_inside_a_frozen_one_may_train():
    t = classifier()
    t.network[:2].eval()
    t.network[1].train()
    train(t, 1)
    assert modes(t.network) == ["0"]


@pytest.mark.parametrize("kind", TRAINERS)
def test_networks_in_eval_mode_as_a_whole_train_as_ever(kind):
    with runtime().seeded("one"):
        one = TRAINERS[kind]()
    with runtime().seeded("one"):
        two = TRAINERS[kind]()
    for network in two._trained.values():
        network.eval()
    train(one, 2)
    train(two, 2)
    assert digest(one) == digest(two) and [m for n in two._trained.values() for m in modes(n)] == []
    assert all(
        not part.training
        for average in two._networks.keys() - two._trained.keys()
        for part in two._networks[average].modules()
    )


def test_a_wrapped_module_in_eval_mode_is_no_frozen_part():
    t = game("dc batch norm")
    wrapped = as_generator(t.generator.eval())
    train(Game(wrapped, t.discriminator, batch=8), 1)
    assert modes(wrapped) == []
    wrapped.module.eval()  # as one that was looked at, and not its wrapper
    assert wrapped.training


def test_a_refusal_leaves_every_mode_as_it_was():
    t = game("dc batch norm")
    next(m for m in t.generator.modules() if isinstance(m, nn.BatchNorm2d)).eval()
    t.discriminator.eval()
    before = modes(t.generator), modes(t.discriminator)
    with pytest.raises(CourseError):
        t.steps(blobs(size=32), 1, runtime())
    assert (modes(t.generator), modes(t.discriminator)) == before
    assert torch.isfinite(next(t.generator.parameters())).all()
