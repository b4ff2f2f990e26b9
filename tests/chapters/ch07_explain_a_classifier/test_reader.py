"""All lessons of the chapter ask one network: the zoo's with seed 0, one of its own with another."""

import pytest
import torch

from course_lib import zoo
from course_lib.chapters.ch07_explain_a_classifier import reader as module
from course_lib.chapters.ch07_explain_a_classifier.reader import SHIPPED, reader, scene, trained
from course_lib.runtime import Runtime


@pytest.fixture
def smoke():
    return Runtime.auto(device="cpu", seed=0, profile="smoke")


def same(a, b):
    return all(torch.equal(x, y) for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True))


def test_seed_0_gives_the_zoos_network_and_trains_nothing(smoke, monkeypatch):
    monkeypatch.setattr(module, "trained", lambda *_: pytest.fail("trained"))
    assert same(reader(smoke), zoo.load(SHIPPED))


def test_another_seed_trains_another_network(smoke, monkeypatch):
    steps = []
    monkeypatch.setattr(module, "trained", lambda runtime, n: steps.append((runtime.seed, n)) or trained(runtime, 2))
    first, again, other = (reader(smoke.with_seed(seed)) for seed in (1, 1, 2))
    assert steps == [(seed, zoo.RECIPES[SHIPPED].steps) for seed in (1, 1, 2)]
    assert same(first, again) and not same(first, other)


def test_the_scene_is_a_3_that_is_read_as_3(smoke):
    digits, held_out, net, says, three = scene(smoke)
    assert len(digits) == 4000 and len(held_out) == len(says) == 1000 and not net.training
    assert net(three).argmax(1).tolist() == [3]
    assert (says == held_out.labels).float().mean() > 0.97
    assert all(weights.requires_grad for weights in net.parameters()), "slopes can be taken through the copy"
