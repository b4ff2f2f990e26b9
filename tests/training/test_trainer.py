"""What all trainers share, where no other file tests it: the classifier's resuming, its cycle and its guard."""

import os
import signal
from dataclasses import replace

import pytest
import torch
from torch import nn
from training_games import assert_resumes_exactly, blobs, digest, game, leaves, runtime, train

from course_lib.errors import CourseError, Diverged
from course_lib.models import MLPVAE
from course_lib.training import VAETrainer, checkpointed, resume
from course_lib.training.classifier import ClassifierTrainer

TOTAL = 20


def classifier(seed=3, total=TOTAL, width=12, **settings):
    with runtime(seed).seeded("weights"):
        network = nn.Sequential(
            nn.Conv2d(1, 4, 5, 2),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(4 * 12 * 12, width),
            nn.Dropout(0.3),
            nn.Linear(width, 2),
        )
    return ClassifierTrainer(network, batch=8, total=total, **settings)


@pytest.mark.parametrize("cut", [1, 3, 4, 5, 13, 19])  # the cycle turns at 20 % of its steps
def test_a_resumed_classifier_is_the_uninterrupted_one_to_the_last_bit(tmp_path, cut):
    whole, first, second = classifier(), classifier(), classifier(seed=9)
    assert_resumes_exactly(whole, first, second, tmp_path / "c", cut, TOTAL)


def test_every_step_shifts_its_images_anew_and_a_seed_repeats_them():
    data, seen = blobs(8), []
    data = replace(data, images=data.images[:1].expand(8, -1, -1, -1).contiguous())  # so that order changes nothing

    def inputs(seed):
        t = classifier(total=4)
        t.network[0].register_forward_pre_hook(lambda part, x: seen.append(x[0].clone()) if part.training else None)
        train(t, 4, data, runtime(seed))
        return [seen.pop(0) for _ in range(4)]

    first, again, other = inputs(3), inputs(3), inputs(4)
    assert all(a.equal(b) for a, b in zip(first, again, strict=True)) and not first[0].equal(other[0])
    assert not any(first[i].equal(first[j]) for i in range(4) for j in range(i))


def test_its_step_sizes_and_momenta_go_on_along_the_one_cycle(tmp_path):
    def settings(t):
        group = t.optimiser.param_groups[0]
        return group["lr"], group["betas"][0]

    whole, first, second = classifier(), classifier(), classifier()
    expected = [settings(whole) for _ in whole.steps(blobs(), TOTAL, runtime())]
    found = [settings(first) for _ in first.steps(blobs(), 6, runtime())]
    list(checkpointed(first.steps(blobs(), 0, runtime()), tmp_path / "c"))
    resume(second, tmp_path / "c")
    found += [settings(second) for _ in second.steps(blobs(), TOTAL - 6, runtime())]
    assert found == expected
    rates = [lr for lr, _ in expected]
    # Read after a step, so rates[i] is the step size of step i + 2, and the last is used by none.
    assert max(rates) == rates[2] == pytest.approx(4e-3) and rates[-2] < 1e-6 and rates[0] < rates[1] < rates[2]
    with pytest.raises(CourseError, match=r"20 \+ 1 steps are more"):
        second.steps(blobs(), 1, runtime())


@pytest.mark.parametrize(("name", "value"), [("total", 8), ("total", 50), ("lr", 1e-3)])
def test_one_that_was_built_for_another_cycle_does_not_go_on_with_the_checkpoints(tmp_path, name, value):
    first, second = classifier(), classifier(**{name: value})
    list(checkpointed(first.steps(blobs(), 6, runtime()), tmp_path / "c"))
    before = digest(second)
    with pytest.raises(CourseError, match=f"saved with {name}=.*this ClassifierTrainer has {value}:"):
        resume(second, tmp_path / "c")
    assert digest(second) == before


def test_the_classifiers_state_holds_what_its_next_step_depends_on():
    t = classifier()
    train(t, 3)
    names = {name.split("/")[1] for name, _ in leaves(t.state_dict())}
    assert {"network", "optimiser", "cycle", "step", "origin"} <= names
    before = digest(t)
    for name, value in leaves(t.state_dict()):
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            with torch.no_grad():
                first = value[(0,) * value.ndim]
                kept = first.clone()
                first += 1
                assert digest(t) != before, name
                first.copy_(kept)
    assert digest(t) == before


def test_ctrl_c_within_a_classifiers_step_waits_for_its_end(tmp_path):
    whole, t, calls = classifier(), classifier(), []
    train(whole, TOTAL)

    def interrupt(*_):
        if t.network.training:
            calls.append(1)
            if len(calls) == 5:
                os.kill(os.getpid(), signal.SIGINT)

    t.network[0].register_forward_hook(interrupt)
    with pytest.raises(KeyboardInterrupt):
        list(checkpointed(t.steps(blobs(), TOTAL, runtime()), tmp_path / "c"))
    again = classifier()
    assert t.step_number == resume(again, tmp_path / "c") == 5
    for one in (t, again):
        train(one, TOTAL - 5)
        assert digest(one) == digest(whole)


def test_a_classifier_that_diverges_says_so_and_keeps_finite_weights():
    t = classifier(lr=1e30)
    with pytest.raises(Diverged, match="make a new ClassifierTrainer"):
        train(t, TOTAL)
    assert all(torch.isfinite(p).all() for p in t.network.parameters())


def test_a_classifier_refuses_other_seeds_and_data():
    t = classifier()
    train(t, 2)
    for go_on, changed in (
        (lambda: t.steps(blobs(), 1, runtime(4)), "seed"),
        (lambda: t.steps(blobs().take(64), 1, runtime()), "sha256"),
    ):
        with pytest.raises(CourseError, match=f"this ClassifierTrainer was trained with {changed}="):
            go_on()


TRAINERS = {
    "game": lambda: game("mlp dropout"),
    "classifier": classifier,
    "vae": lambda: VAETrainer(MLPVAE(4, (8,)), batch=8),
}


@pytest.mark.parametrize("mine", TRAINERS)
@pytest.mark.parametrize("theirs", TRAINERS)
def test_a_trainer_takes_its_own_kinds_checkpoints_alone(tmp_path, mine, theirs):
    other, t = TRAINERS[theirs](), TRAINERS[mine]()
    list(checkpointed(other.steps(blobs(), 2, runtime()), tmp_path / "c"))
    if mine == theirs:
        assert resume(t, tmp_path / "c") == 2
        return
    before = digest(t)
    with pytest.raises(CourseError, match=f"so it is no {type(t).__name__}'s") as refusal:
        resume(t, tmp_path / "c")
    assert "\n" not in str(refusal.value) and digest(t) == before


@pytest.mark.parametrize("kind", TRAINERS)
@pytest.mark.parametrize("n", [-1, 2.0, True, "3", None])
def test_a_number_of_steps_that_is_none_is_refused(kind, n):
    with pytest.raises(CourseError, match="whole number"):
        TRAINERS[kind]().steps(blobs(), n, runtime())


@pytest.mark.parametrize("kind", TRAINERS)
def test_every_trainer_streams_records_and_counts_images(kind):
    t = TRAINERS[kind]()
    steps = t.steps(blobs(), 3, runtime())
    assert len(steps) == 3 and t.step_number == 0, "nothing is computed before it is asked for"
    records = list(steps)
    assert [r.step for r in records] == [1, 2, 3] and all(r.finite() and r.images_per_s > 0 for r in records)
