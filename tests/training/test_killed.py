"""``kill -9`` and Ctrl-C at random moments: what is on the disk, or in memory, leads to the identical final state."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def outcome(script, *arguments):
    env = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
@pytest.mark.parametrize("kind", ["game", "classifier"])  # every other trainer: test_killed_anywhere.py
def test_twenty_times_killed_at_a_random_moment_the_resumed_run_ends_in_the_identical_state(tmp_path, kind):
    seed = secrets.randbits(16)  # in the message, so that a failure can be repeated
    found = outcome("killed_trainer.py", str(tmp_path), str(seed), kind)
    assert found["digests"] == [found["whole"]] * 20, (seed, found)
    assert found["corrupt"] == [], "a kill left a checkpoint that was refused"
    # The kills did hit trainings under way, at different steps.
    assert found["killed"] >= 18 and len({*found["steps"]}) >= 8, (seed, found)


def test_ctrl_c_at_random_moments_changes_nothing_but_the_time(tmp_path):
    seed = secrets.randbits(16)
    found = outcome("interrupted_trainer.py", str(tmp_path / "c"), str(seed))
    assert len(found["interrupts"]) >= 3, (seed, found)
    assert found["mismatches"] == [], (seed, found)
    assert found["interrupted"] == found["whole"], (seed, found)
