"""Every trainer, stopped twenty times at random moments and resumed from its file, ends as the undisturbed one does,
and so does a copy made on the way: nothing that a step leaves behind in an object, and not in its state, may count.

A moment is a call: of a step's dice, of an update (before or after its half of the step), of a write to the disk, of
its last rename. The exception that stops it there is none that the library knows, so nothing is saved on its way out,
as when a process is killed; a real SIGKILL is in test_killed.py.
"""

import copy
import os
import random
import secrets

import pytest
import torch
from every_trainer import TRAINERS, trainer
from training_games import blobs, digest, runtime, train

from course_lib.runtime import Runtime
from course_lib.training import checkpointed, resume
from course_lib.training.engine import Engine

STEPS, KILLS = 10, 20
every_kind = pytest.mark.parametrize("kind", TRAINERS)


class Killed(BaseException):
    """Not Ctrl-C, and no error: the end of a process."""


class Fuse:
    """Counts calls, and ends the process at the one that was chosen."""

    calls, last = 0, None

    def burning(self, call, after=False):
        def burnt(*args, **kwargs):
            out = call(*args, **kwargs) if after else None
            self.calls += 1
            if self.calls == self.last:
                raise Killed
            return out if after else call(*args, **kwargs)

        return burnt


@pytest.fixture
def fuse(monkeypatch):
    fuse = Fuse()
    monkeypatch.setattr(Engine, "_update", fuse.burning(fuse.burning(Engine._update), after=True))
    monkeypatch.setattr(Runtime, "stream", fuse.burning(Runtime.stream))
    monkeypatch.setattr(os, "fsync", fuse.burning(os.fsync))
    monkeypatch.setattr(os, "replace", fuse.burning(fuse.burning(os.replace), after=True))
    return fuse


def to_the_end(t, path):
    for _ in checkpointed(t.steps(blobs(), STEPS - t.step_number, runtime()), path, every=2):
        pass


@every_kind
def test_twenty_times_stopped_anywhere_and_resumed_it_ends_in_the_identical_state(tmp_path, kind, fuse):
    seed = secrets.randbits(16)  # in the message, so that a failure can be repeated
    pick, path, whole, stops = random.Random(seed), tmp_path / "c", trainer(kind), []
    to_the_end(whole, tmp_path / "whole")
    five_steps = 5 * fuse.calls // STEPS
    while True:
        if path.exists():
            t = trainer(kind, seed=len(stops))  # other first weights each time: the file alone counts
            resume(t, path)
        else:
            t = trainer(kind)
        fuse.last = fuse.calls + pick.randrange(1, five_steps) if len(stops) < KILLS else None
        try:
            to_the_end(t, path)
        except Killed:
            stops.append(t.step_number)
            continue
        if len(stops) >= KILLS:
            break
        path.unlink()  # it reached its end before its twenty stops: again from the start
    assert digest(t) == digest(whole), (seed, stops)
    assert len(set(stops)) >= 4, (seed, stops)


@every_kind
def test_a_copy_made_on_the_way_and_the_copied_go_on_alike(kind):
    whole, t, data = trainer(kind), trainer(kind), blobs()
    train(whole, 7, data)
    steps = t.steps(data, 7, runtime())
    for _ in range(3):
        next(steps)
    twin = copy.deepcopy(t)
    torch.randn(3)
    train(twin, 4, data)
    assert digest(twin) == digest(whole) != digest(t)
    list(steps)
    assert digest(t) == digest(whole)
