"""A training that saves where another's checkpoint lies loses none of it, and one that goes on replaces its own."""

import warnings
from contextlib import contextmanager

import pytest
import torch
from training_games import blobs, digest, game, runtime, train

from course_lib.training import checkpointed, resume
from course_lib.training.checkpoint import load, save


@contextmanager
def silence():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def trained(t, n, path, every=100, seed=3):
    list(checkpointed(t.steps(blobs(), n, runtime(seed)), path, every))
    return t


def other(seed=4):
    return game(seed=seed)


@pytest.mark.parametrize("n", [2, 5, 9])
@pytest.mark.parametrize(("name", "old"), [("game.safetensors", "game.old-1.safetensors"), ("c", "c.old-1")])
def test_another_trainings_checkpoint_is_kept_and_said_once(tmp_path, name, old, n):
    path, kept = tmp_path / name, tmp_path / old
    first = trained(game(), 5, path)
    content = path.read_bytes()
    with pytest.warns(UserWarning) as said:
        trained(other(), n, path, every=1)
    assert [str(w.message) for w in said] == [
        f"{name!r} held step 5 of another training, which is kept as {kept.name!r}: to go on from it, use "
        "resume(trainer, path) before you train."
    ]
    assert kept.read_bytes() == content and resume(again := game(), kept) == 5 and digest(again) == digest(first)
    assert load(path)[1]["step"] == n and sorted(p.name for p in tmp_path.iterdir()) == sorted([name, kept.name])


def test_a_training_that_goes_on_replaces_its_own_without_a_word(tmp_path):
    path = tmp_path / "c"
    with silence():
        t = trained(game(), 3, path)
        trained(t, 2, path)  # in one process
        resume(again := other(), path)
        trained(again, 2, path)  # in another
        resume(third := game(), path)
        list(third.steps(blobs(), 1, runtime()))  # some steps without a checkpoint between
        trained(third, 1, path)
        resume(fourth := game(), path)
        trained(fourth, 0, path)  # and saves where it stands
    assert load(path)[1]["step"] == 9 and [p.name for p in tmp_path.iterdir()] == ["c"]


def test_the_same_training_run_again_replaces_what_it_comes_past_and_keeps_what_is_later(tmp_path):
    path = tmp_path / "c"
    trained(game(), 4, path)
    with silence():
        trained(game(), 6, path)  # its checkpoint of step 6 has all that the one of step 4 had
    with pytest.warns(UserWarning, match=r"held step 6 .*'c\.old-1'"):
        trained(game(), 5, path)
    assert load(path)[1]["step"] == 5 and load(tmp_path / "c.old-1")[1]["step"] == 6


def test_a_checkpoint_of_before_runs_were_known_goes_on_where_it_was_resumed_from(tmp_path):
    path, t = tmp_path / "c", game()
    train(t, 3)
    save(path, t.state_dict(), {"step": 3})
    resume(again := game(), path)
    with silence():
        trained(again, 1, path)
    save(path, t.state_dict())
    with pytest.warns(UserWarning, match="held step 3"):
        trained(other(), 4, path)


def test_a_state_loaded_by_hand_is_another_training(tmp_path):
    path = tmp_path / "c"
    one, two = trained(game(), 3, path), other()
    train(two, 3)
    one.load_state_dict(two.state_dict())
    with pytest.warns(UserWarning, match="held step 3"):
        trained(one, 1, path)


def test_what_is_no_trainers_state_and_what_is_damaged_is_kept_too(tmp_path):
    path = tmp_path / "c"
    save(path, {"mine": torch.ones(3)})
    with pytest.warns(UserWarning, match=r"held another training, which is kept as 'c\.old-1'"):
        trained(game(), 1, path)
    content = path.read_bytes()[:-2]
    path.write_bytes(content)
    with pytest.warns(UserWarning, match=r"damaged .*kept as 'c\.corrupt-1'"):
        trained(other(), 1, path)
    assert (tmp_path / "c.corrupt-1").read_bytes() == content and load(path)[1]["step"] == 1


def test_asking_for_steps_moves_nothing(tmp_path):
    path = tmp_path / "c"
    trained(game(), 2, path)
    checkpointed(other().steps(blobs(), 2, runtime()), path)
    assert [p.name for p in tmp_path.iterdir()] == ["c"] and load(path)[1]["step"] == 2
