"""Imitated processors: a name gives the variables, and these do change what a training comes to."""

import os
import platform
import subprocess
import sys

import pytest

from course_lib.arithmetic import ARITHMETICS, RECORDED, environment
from course_lib.errors import CourseError

TRAINING = """
import hashlib, torch
torch.set_num_threads(1)
net = torch.nn.Sequential(torch.nn.Linear(2, 128), torch.nn.Tanh(), torch.nn.Linear(128, 1))
with torch.random.fork_rng():
    torch.manual_seed(0)
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    points = torch.randn(128, 2)
optimiser = torch.optim.Adam(net.parameters(), 1e-2)
for _ in range(50):
    optimiser.zero_grad()
    net(points).square().mean().backward()
    optimiser.step()
print(hashlib.sha256(b"".join(p.detach().numpy().tobytes() for p in net.parameters())).hexdigest())
"""


def weights(arithmetic):
    done = subprocess.run(
        [sys.executable, "-c", TRAINING],
        env=os.environ | environment(arithmetic),
        text=True,
        capture_output=True,
        check=True,
        timeout=120,
    )
    return done.stdout


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the variables are those of x86 processors")
def test_another_arithmetic_is_another_run():
    assert weights("native") == weights("native")
    assert weights("native") != weights("avx2")


def test_an_unknown_name_is_refused():
    with pytest.raises(CourseError, match="unknown arithmetic 'avx1024': use one of 'native', 'avx2', 'baseline'"):
        environment("avx1024")
    assert environment("native") == {}
    assert len({tuple(variables.items()) for variables in ARITHMETICS.values()}) == 3


def test_what_is_recorded_is_this_processors_and_another():
    assert RECORDED[0] == "native" and len(RECORDED) > 1 and all(map(environment, RECORDED[1:]))
