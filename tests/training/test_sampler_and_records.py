"""Sampling has no side effects; a record's numbers have names; steps hold Ctrl-C back."""

import copy
import pickle
import signal
import threading

import pytest
import torch
from torch import nn
from training_games import blobs, game, runtime, train, weights

from course_lib.errors import CourseError
from course_lib.models import DCGenerator, MLPGenerator
from course_lib.training import Record, Sampler, Steps
from course_lib.training.records import interrupts_held


@pytest.fixture
def generator():
    g = game("dc batch norm")
    train(g, 3)
    return g.generator


def test_the_same_seed_draws_the_same_images_and_another_seed_others(generator):
    sampler = Sampler(generator)
    images = sampler(6)
    torch.randn(3)
    assert images.shape == (6, 1, 28, 28) and images.dtype == torch.float32 and images.device.type == "cpu"
    assert images.abs().max() <= 1
    assert torch.equal(images, sampler(6, seed=0))
    assert not torch.equal(images, sampler(6, seed=1))
    assert torch.equal(images, sampler.decode(sampler.z(6)))
    assert sampler.latent == 16


def test_an_image_does_not_depend_on_the_others_drawn_with_it(generator):
    """In train mode batch norm would mix them."""
    z = Sampler(generator).z(11)
    together = Sampler(generator, batch=500).decode(z)
    for batch in (1, 4):
        torch.testing.assert_close(Sampler(generator, batch=batch).decode(z), together, rtol=0, atol=1e-5)
    torch.testing.assert_close(Sampler(generator).decode(z[3:4]), together[3:4], rtol=0, atol=1e-5)


@pytest.mark.parametrize("training", [True, False])
def test_sampling_leaves_mode_weights_statistics_and_dice_alone(generator, training):
    generator.train(training)
    before, dice = weights(generator), torch.get_rng_state()
    images = Sampler(generator)(20)
    assert not images.requires_grad
    assert all(m.training == training for m in generator.modules())
    assert all(torch.equal(v, before[k]) for k, v in generator.state_dict().items())
    assert torch.equal(dice, torch.get_rng_state())


def test_the_mode_is_given_back_after_a_failure_too():
    class Fails(MLPGenerator):
        def forward(self, z):
            raise RuntimeError("out of memory")

    generator = Fails(4)
    with pytest.raises(RuntimeError):
        Sampler(generator)(2)
    assert generator.training


def test_it_shows_the_generator_as_it_is_at_the_moment():
    g = game()
    sampler = g.sampler(ema=False)
    before = sampler(3)
    train(g, 2)
    assert not torch.equal(before, sampler(3))


@pytest.mark.parametrize("n", [0, -1, 2.0, True, "4"])
def test_a_number_of_images_that_is_none_is_refused(n):
    with pytest.raises(CourseError, match="whole number"):
        Sampler(DCGenerator(4, 4))(n)


@pytest.mark.parametrize(
    ("z", "said"),
    [
        (torch.zeros(3, 5), r"\(3, 5\).*\(n, 4\)"),
        (torch.zeros(4), r"\(n, 4\)"),
        (torch.full((1, 4), float("nan")), "NaN"),
        (torch.full((1, 4), float("inf")), "infinity"),
    ],
)
def test_latents_of_another_shape_or_without_a_meaning_are_refused(z, said):
    with pytest.raises(CourseError, match=said):
        Sampler(DCGenerator(4, 4)).decode(z)


@pytest.mark.parametrize(
    ("generator", "said"),
    [
        (nn.Linear(4, 4), "Linear has no attribute 'latent': set it, or use as_generator"),
        (MLPGenerator, "the generator is the class MLPGenerator"),
        (lambda z: z, "the generator is a function"),
        (type("Odd", (nn.Module,), {"latent": "ten"})(), "Odd.latent='ten': use a whole number"),
    ],
)
def test_a_generator_that_is_none_or_hides_its_latent_is_refused(generator, said):
    with pytest.raises(CourseError, match=said):
        Sampler(generator)


def test_float64_latents_are_taken():
    sampler = Sampler(MLPGenerator(4, (8,)))
    assert torch.equal(sampler.decode(sampler.z(2).double()), sampler(2))


# ---- records ----


def test_a_record_gives_its_numbers_by_name():
    record = Record(7, d_loss=torch.tensor(0.5, requires_grad=True), d_real=torch.tensor(0.25, dtype=torch.float64))
    assert (record.step, record.d_loss, record.d_real) == (7, 0.5, 0.25)
    assert record.as_dict() == {"d_loss": 0.5, "d_real": 0.25}
    assert record.finite() and not Record(1, a=torch.tensor(float("nan"))).finite()
    assert "step=7" in repr(record) and "d_loss=0.500" in repr(record)
    with pytest.raises(AttributeError, match=r"no 'loss'.*d_loss, d_real"):
        _ = record.loss
    assert not hasattr(record, "loss")


def test_a_record_can_be_copied_and_sent():
    record = Record(7, d_loss=torch.tensor(0.5))
    for twin in (copy.copy(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
        assert (twin.step, twin.d_loss, twin.seconds) == (7, 0.5, 0.0)


def test_a_games_record_has_what_the_notebooks_show():
    records = train(game(), 3)
    assert set(records[0].as_dict()) == {"d_loss", "g_loss", "d_real", "d_fake"}
    assert 0 <= records[0].d_real <= 1 and 0 <= records[0].d_fake <= 1
    times = [r.seconds for r in records]
    assert 0 < times[0] < times[1] < times[2]
    assert records[2].images_per_s == pytest.approx(3 * 8 / times[2])


# ---- Ctrl-C ----


def ctrl_c():
    signal.raise_signal(signal.SIGINT)


def test_an_interrupt_waits_for_the_end_of_the_block_and_the_handler_is_given_back():
    before, done = signal.getsignal(signal.SIGINT), []
    with pytest.raises(KeyboardInterrupt), interrupts_held():
        ctrl_c()
        done.append("the rest of the block")
    assert done and signal.getsignal(signal.SIGINT) is before
    with pytest.raises(ZeroDivisionError), interrupts_held():
        _ = 1 / 0
    assert signal.getsignal(signal.SIGINT) is before
    with interrupts_held():
        pass


def test_ctrl_c_inside_a_step_lets_it_finish_and_the_game_goes_on_as_if_nothing_had_been():
    g, whole = game(), game()
    step = g.step

    def pressed(real, rt, **labels):
        if g.step_number == 2:
            ctrl_c()
        return step(real, rt, **labels)

    g.step = pressed
    steps, seen = g.steps(blobs(), 6, runtime()), []
    with pytest.raises(KeyboardInterrupt):
        for record in steps:
            seen.append(record.step)
    assert (seen, g.step_number, steps.done) == ([1, 2], 3, 3)
    g.step = step
    assert [r.step for r in steps] == [4, 5, 6]
    train(whole, 6)
    assert all(torch.equal(v, weights(whole.generator)[k]) for k, v in weights(g.generator).items())


def test_steps_run_outside_the_main_thread_too():
    g, seen = game(), []
    thread = threading.Thread(target=lambda: seen.extend(r.step for r in g.steps(blobs(), 3, runtime())))
    thread.start()
    thread.join()
    assert seen == [1, 2, 3]


def test_steps_count_what_they_did():
    steps = Steps("trainer", 2, 10, lambda: Record(1, a=torch.tensor(1.0)))
    assert (len(steps), steps.done, steps.trainer) == (2, 0, "trainer")
    assert len(list(steps)) == 2 and steps.done == 2 and list(steps) == []
