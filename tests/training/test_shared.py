"""A game shared by processes does what one does with the whole batch, to rounding; a killed process loses nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from shared_worker import run
from torch import nn

from course_lib.errors import CourseError
from course_lib.models import DCDiscriminator, DCGenerator, SharedBatchNorm2d, with_shared_batch_norm
from course_lib.training import SharedGame
from course_lib.training.checkpoint import load

HERE = Path(__file__).parent
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1"}
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
TRAIN = ["-m", "course_lib.tools.train"]
SMALL = ["--steps", "60", "--batch", "16", "--width", "4", "--device", "cpu", "--every", "10"]


def tensors(state, at=""):
    """Every tensor of a state, by its path."""
    if isinstance(state, torch.Tensor):
        yield at, state.double()
    for key, value in state.items() if isinstance(state, dict) else ():
        yield from tensors(value, f"{at}/{key}")


def farthest(one, other):
    """The largest difference of two states' tensors."""
    a, b = dict(tensors(one)), dict(tensors(other))
    assert a.keys() == b.keys()
    return max((a[name] - b[name]).abs().max().item() for name in a if a[name].numel())


@pytest.mark.slow
@pytest.mark.parametrize(("norm", "processes"), [("spectral", 2), ("batch", 2), ("none", 2), ("spectral", 4)])
def test_several_processes_do_what_one_does_with_the_whole_batch(norm, processes, tmp_path):
    command = [*TORCHRUN[:-1], str(processes), str(HERE / "shared_worker.py"), str(tmp_path), norm, "50"]
    subprocess.run(command, check=True, env=ENVIRONMENT, capture_output=True, timeout=300)
    alone, seen = run(None if norm == "none" else norm, 50, shared=False)
    first, *others = (load(tmp_path / f"rank{rank}.safetensors")[0] for rank in range(processes))
    ours = alone.state_dict()
    for name in ("generator", "discriminator", "ema"):
        assert farthest(first[name], ours[name]) < 1e-9, name
        assert all(farthest(first[name], other[name]) < 1e-12 for other in others), name
    assert first["settings"] == ours["settings"]
    # Each process saw its own part of each batch, and no row was seen by two.
    assert torch.equal(torch.cat([first["seen"], *(other["seen"] for other in others)], dim=1), seen)


@pytest.mark.slow
def test_a_killed_process_goes_on_from_the_last_checkpoint_bit_for_bit(tmp_path):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    subprocess.run(
        [*TORCHRUN, *TRAIN, str(whole), *SMALL], check=True, env=ENVIRONMENT, capture_output=True, timeout=300
    )
    command = [*TORCHRUN, "--max-restarts", "2", *TRAIN, str(broken), *SMALL]
    with subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as job:
        for line in job.stdout:
            if line.startswith("{") and json.loads(line)["step"] == 30:
                break
        os.kill(max(children(job.pid)), signal.SIGKILL)
        rest = [json.loads(line)["step"] for line in job.stdout if line.startswith("{")]
        assert job.wait(timeout=120) == 0
    assert rest[-1] == 60
    a, b = (load(folder / "game.safetensors")[0] for folder in (whole, broken))
    assert farthest(a, b) == 0 and a["step"] == b["step"] == 60
    assert list(broken.glob("*.old-*")) == []  # one writer: no checkpoint of another run was found there


def children(pid):
    """The processes that a program started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found


@pytest.mark.slow
def test_one_process_goes_on_with_what_two_began(tmp_path):
    few = [*SMALL[:1], "20", *SMALL[2:]]
    subprocess.run(
        [*TORCHRUN, *TRAIN, str(tmp_path), *few], check=True, env=ENVIRONMENT, capture_output=True, timeout=300
    )
    said = subprocess.run(
        [sys.executable, *TRAIN, str(tmp_path), *SMALL], check=True, env=ENVIRONMENT, capture_output=True, text=True
    )
    assert [json.loads(line)["step"] for line in said.stdout.splitlines()] == [30, 40, 50, 60]
    assert json.loads((tmp_path / "speed.json").read_text())["processes"] == 1


def test_bad_settings_are_one_sentence(tmp_path):
    command = [sys.executable, *TRAIN, str(tmp_path), "--loss", "best", "--device", "cpu"]
    said = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert said.returncode == 2 and said.stderr.startswith("course: unknown loss 'best'")
    assert "Traceback" not in said.stderr


def test_without_a_process_group_a_shared_game_is_refused():
    with pytest.raises(CourseError, match="start this by torchrun"):
        SharedGame(DCGenerator(width=4), DCDiscriminator(width=4))


@pytest.fixture
def alone(tmp_path):
    """A process group of one."""
    torch.distributed.init_process_group("gloo", init_method=f"file://{tmp_path}/group", rank=0, world_size=1)
    yield
    torch.distributed.destroy_process_group()


def test_what_cannot_be_shared_is_refused(alone, monkeypatch):
    with pytest.raises(CourseError, match="the generator's batch norm would know its own process's part"):
        SharedGame(DCGenerator(width=4), DCDiscriminator(width=4, norm=None))
    generator = with_shared_batch_norm(DCGenerator(width=4))
    with pytest.raises(CourseError, match="one step of D at a time"):
        SharedGame(generator, DCDiscriminator(width=4, norm=None), d_steps=2)
    monkeypatch.setattr(torch.distributed, "get_world_size", lambda: 3)
    with pytest.raises(CourseError, match="batch 32 cannot be shared by 3 processes"):
        SharedGame(generator, DCDiscriminator(width=4, norm=None))


def test_shared_batch_norm_is_batch_norm_in_one_process(alone):
    torch.manual_seed(0)
    plain = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3)).double()
    shared = with_shared_batch_norm(plain)
    assert isinstance(shared[1], SharedBatchNorm2d) and type(plain[1]) is nn.BatchNorm2d
    x = torch.randn(4, 2, 6, 6, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(4, 3, 4, 4, dtype=torch.float64)
    slopes = [torch.autograd.grad((net(x) * weight).sum(), [x, *net.parameters()]) for net in (plain, shared)]
    for a, b in zip(*slopes, strict=True):
        assert torch.allclose(a, b, atol=1e-10)
    assert farthest(plain.state_dict(), shared.state_dict()) < 1e-12
    assert torch.allclose(plain.eval()(x), shared.eval()(x))


def test_plain_batch_norm_would_be_another_game(tmp_path):
    """What the shared one is for: two halves normalised apart are not the whole."""
    torch.manual_seed(0)
    norm, x = nn.BatchNorm2d(3).double(), torch.randn(8, 3, 4, 4, dtype=torch.float64)
    apart = torch.cat([norm(x[:4]), norm(x[4:])])
    assert (apart - norm(x)).abs().max() > 0.01


def test_a_part_is_resumed_where_it_was(alone):
    from course_lib.data import load as load_data
    from course_lib.runtime import Runtime
    from course_lib.training.shared import Part

    data, runtime = load_data("digits").take(100), Runtime.auto(device="cpu")
    parts = [Part(data, rank, 2) for rank in (0, 1)]
    whole = data.stream(20, runtime, start=7)
    halves = [part.stream(10, runtime, start=7) for part in parts]
    for _ in range(4):
        want, got = next(whole)[1], torch.cat([next(half)[1] for half in halves])
        assert torch.equal(want, got)
