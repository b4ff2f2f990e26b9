"""The notebooks that train most, replayed with another processor's rounding: nothing that is compared may turn."""

import os
import subprocess
import sys

import pytest

from course_lib.arithmetic import environment
from course_lib.chapters import chosen

pytestmark = [pytest.mark.notebook, pytest.mark.slow]


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("lesson", chosen(["03", "04"]))
def test_replay_in_avx2(root, lesson):
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--nbval-lax",
        "--nbval-current-env",
        "--nbval-cell-timeout=1200",
        root / "notebooks" / f"{lesson}.ipynb",
    ]
    variables = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")} | environment("avx2")
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, timeout=1400, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
