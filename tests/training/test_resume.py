"""Resuming continues bit for bit on the CPU: every kind of game, in this process and in another."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from training_games import KINDS, assert_resumes_exactly, blobs, digest, game, leaves, runtime, train

from course_lib.training import checkpointed, resume

HERE = Path(__file__).parent
CUT, TOTAL = 7, 16


@pytest.mark.parametrize("kind", KINDS)
def test_a_resumed_game_is_the_uninterrupted_one_to_the_last_bit(tmp_path, kind):
    whole, first, second = game(kind), game(kind), game(kind)
    assert_resumes_exactly(whole, first, second, tmp_path / "c", CUT, TOTAL)
    assert torch.equal(second.sampler()(5), whole.sampler()(5))


def test_the_state_holds_everything_the_next_step_depends_on():
    """And the digest that these tests compare sees every part of it."""
    reference = game("dc batch norm")
    train(reference, 3)
    names = {name.split("/")[1] for name, _ in leaves(reference.state_dict())}
    assert {"generator", "discriminator", "ema", "optimiser_g", "optimiser_d", "step", "origin"} <= names
    before = digest(reference)
    for name, value in leaves(reference.state_dict()):
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            with torch.no_grad():
                first = value[(0,) * value.ndim]  # a view of the first number
                kept = first.clone()
                first += 1
                assert digest(reference) != before, name
                first.copy_(kept)
    assert digest(reference) == before


@pytest.mark.parametrize("kind", ["mlp dropout", "spectral r1 r2"])
def test_two_games_loaded_from_one_state_share_nothing(kind):
    a, b, alone = game(kind), game(kind), game(kind)
    train(a, 3)
    train(alone, 8)
    b.load_state_dict(a.state_dict())  # not through a file, so the tensors themselves are handed over
    train(a, 2)
    before = digest(b)
    train(a, 3)
    assert digest(b) == before, "training one changed the other"
    train(b, 5)
    assert digest(a) == digest(b) == digest(alone)


def test_resuming_a_game_whose_iterator_lives_on(tmp_path):
    """The iterator of before goes on from where the checkpoint put the game, with that step's images."""
    whole, g = game(), game()
    train(whole, 9)
    steps = g.steps(blobs(), 20, runtime())
    for _ in range(4):
        next(steps)
    list(checkpointed(g.steps(blobs(), 0, runtime()), tmp_path / "c"))
    next(steps), next(steps)
    resume(g, tmp_path / "c")
    for _ in range(5):
        next(steps)
    assert digest(g) == digest(whole)


IN_ANOTHER_PROCESS = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from training_games import *
from course_lib.training import checkpointed, resume
for kind in sys.argv[4:]:
    path, g = Path(sys.argv[2], kind), game(kind)
    if path.exists():
        resume(g, path)
    list(checkpointed(g.steps(blobs(), int(sys.argv[3]), runtime()), path))
    print(digest(g))
"""


def test_in_another_process(tmp_path):
    """Train in one process, go on in a second: the same as all of it in this one."""
    kinds = ["dc batch norm", "spectral r1 r2"]
    for n in (CUT, TOTAL - CUT):
        command = [sys.executable, "-c", IN_ANOTHER_PROCESS, str(HERE), str(tmp_path), str(n), *kinds]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    for kind, theirs in zip(kinds, done.stdout.split(), strict=True):
        whole = game(kind)
        train(whole, TOTAL)
        assert theirs == digest(whole), kind
