"""What lesson 14.4 starts in several processes, and what it kills there."""

import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch import distributed as dist

from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.models import DCDiscriminator, DCGenerator, with_shared_batch_norm
from course_lib.runtime import Runtime

BATCH, WIDTH, LATENT = 16, 4, 16
TRAIN = "course_lib.tools.train"
LONGEST = 600  # seconds that a run may take to end when it has told everything
# torchrun (seen with torch 2.15) keeps one store of addresses over a restart, so a process may be handed the address of
# one that has died: "Connection refused" (pytorch issue 135712). With this, each start has a store of its own.
OWN_STORE = {"TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"}
Draw = Callable[[int], tuple[Tensor, Tensor]]

HEAD = """import sys

import torch
from safetensors.torch import save_file
from torch import distributed as dist
from torch.nn.functional import softplus

from course_lib.chapters.ch14_scale_up import sharing
"""
MAIN = """torch.set_num_threads(1)
folder, seed, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
dist.init_process_group("gloo")  # torchrun told this process its number, and where the others are
found = train_part(seed, steps), train_part(seed, steps, shared=False), train_part(seed, steps, torch.float64)
for name, kept in zip(("shared", "apart", "doubles"), found):
    save_file(kept, f"{folder}/{name}-{dist.get_rank()}.safetensors")
dist.destroy_process_group()
"""


def why_not() -> str:
    """Why this machine cannot run a job of several processes, in a sentence; empty where it can."""
    if sys.platform == "win32":
        return (
            "Windows: PyTorch's torchrun is not made for it, and there is no kill -9. What several processes do is "
            "left out here; the page on the web shows it."
        )
    if not (dist.is_available() and dist.is_gloo_available()):
        return "this PyTorch has no gloo: what several processes do is left out here; the page on the web shows it."
    return ""


def small_game(
    seed: int, dtype: torch.dtype = torch.float32, rows: str = "whole", shared: bool = True
) -> tuple[nn.Module, nn.Module, Tensor, Draw]:
    """A small DCGAN before its first step, and what each step is trained on; the same in every process.

    Args:
        seed: of weights, batches and latents.
        dtype: of weights and digits.
        rows: "whole", "turned" (the same examples from last to first) or "half" (the first half of them).
        shared: whether G's batch norm takes all processes' examples, where there are several.

    Returns:
        G; D (without norm); all digits; and step → row numbers ``(16,)`` and latents ``(16, 16)`` of the whole batch.
    """
    runtime = Runtime.auto(device="cpu", seed=seed)
    with runtime.seeded("weights"):
        generator: nn.Module = DCGenerator(LATENT, WIDTH)
        discriminator = DCDiscriminator(WIDTH, norm=None)
    if shared and dist.is_available() and dist.is_initialized():
        generator = with_shared_batch_norm(generator)
    digits = load("digits", runtime).images.to(dtype)

    def draw(step: int) -> tuple[Tensor, Tensor]:
        chosen = torch.randperm(len(digits), generator=runtime.stream("rows", step))[:BATCH]
        latents = torch.randn(BATCH, LATENT, generator=runtime.stream("latent", step)).to(dtype)
        if rows == "turned":
            return chosen.flip(0), latents.flip(0)
        many = BATCH // 2 if rows == "half" else BATCH
        return chosen[:many], latents[:many]

    return generator.to(dtype), discriminator.to(dtype), digits, draw


def weights(*networks: nn.Module) -> Tensor:
    """All weights of the networks in one row of float64.

    Args:
        *networks: whose.
    """
    return torch.cat([weight.detach().double().flatten() for net in networks for weight in net.parameters()])


def gap(one: dict[str, Tensor], other: dict[str, Tensor], step: int) -> float:
    """How far two trainings' weights are apart after a step, as a share of the way that the first has gone.

    Args:
        one, other: step → weights; both begin at the same place, ``"0"``.
        step: after which.
    """
    a, b, start = one[str(step)], other[str(step)], one["0"]
    return ((a - b).norm() / (a - start).norm()).item()


def script(*functions: Callable[..., object]) -> str:
    """A program of these functions, with the imports that they need and :data:`MAIN`.

    Args:
        *functions: written in a notebook's cell or a file.
    """
    return "\n\n".join([HEAD, *(inspect.getsource(one) for one in functions), MAIN])


def torchrun(*program: object, restarts: int = 0, processes: int = 2) -> list[str]:
    """The command that starts a program in several processes.

    Args:
        *program: a file and its arguments, or ``"-m"``, a module and its arguments.
        restarts: how often all may be started again after one has died.
        processes: how many.
    """
    start = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    return [*start, f"--max-restarts={restarts}", *map(str, program)]


@dataclass
class Job:
    """A program that runs in a process of its own.

    Attributes:
        process: it.
        said: what it printed as JSON so far.
    """

    process: subprocess.Popen[str]
    said: list[dict]

    def lines(self) -> Iterator[dict]:
        """What it prints as JSON, a line at a time, until it ends.

        Yields:
            Each line's content.
        """
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                self.said.append(json.loads(line))
                yield self.said[-1]

    def workers(self) -> list[psutil.Process]:
        """The processes that it has started, the oldest first."""
        return sorted(psutil.Process(self.process.pid).children(), key=lambda one: (one.create_time(), one.pid))


@contextmanager
def started(command: Sequence[str], errors: IO[str], threads: int = 1) -> Iterator[Job]:
    """A running program, for the time of a ``with`` block, which waits for its end.

    Args:
        command: the program and its arguments.
        errors: a file for what it complains of.
        threads: of each process.

    Yields:
        The job.

    Raises:
        CourseError: when it fails, with the first error it complained of.
    """
    environment = os.environ | OWN_STORE | {"OMP_NUM_THREADS": str(threads), "NO_COLOR": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
    job = Job(process, [])
    try:
        yield job
        for _ in job.lines():
            pass
        code = process.wait(LONGEST)
    finally:
        if process.poll() is None:  # Ctrl-C, say: torchrun ends its workers when it is asked to
            process.terminate()
            process.wait(30)
    if code:
        errors.seek(0)
        causes = re.findall(r"^[\w.]*Error: \S.*", errors.read(), re.MULTILINE) or ["no reason was given"]
        raise CourseError(
            f"the processes ended with code {code} ({causes[0]:.200}): run this cell again, and look at "
            f"{Path(errors.name).name} in the run's folder if it fails again."
        )


def ran(command: Sequence[str], folder: Path | str, threads: int = 1) -> list[dict]:
    """Run a program to its end.

    Args:
        command: the program and its arguments.
        folder: for a file with what it complains of.
        threads: of each process.

    Returns:
        What it printed as JSON.

    Raises:
        CourseError: when it fails.
    """
    with open(Path(folder) / "errors.txt", "w+", encoding="utf-8") as errors, started(command, errors, threads) as job:
        pass
    return job.said


def ran_and_killed(command: Sequence[str], folder: Path | str, after: int) -> list[dict]:
    """Run a program to its end, but kill its youngest process as soon as a step has been told.

    Args:
        command: of :func:`torchrun`, with restarts.
        folder: for a file with what it complains of.
        after: the step.

    Returns:
        What it printed as JSON, with ``{"killed": True}`` where that was done.

    Raises:
        CourseError: when it does not recover, or had ended before it could be killed.
    """
    with open(Path(folder) / "errors.txt", "w+", encoding="utf-8") as errors, started(command, errors) as job:
        for line in job.lines():
            if line.get("step") == after:
                try:
                    job.workers()[-1].kill()  # SIGKILL, as kill -9: the process cannot defend itself
                except (IndexError, psutil.NoSuchProcess):
                    raise CourseError("the run ended before it could be killed: run this cell again.") from None
                job.said.append({"killed": True})
                break
    return job.said


def training(folder: Path | str, steps: int, every: int, seed: int = 0, **settings: object) -> list[str]:
    """The arguments of ``course_lib.tools.train`` for a short run on the CPU.

    Args:
        folder: of the run.
        steps: in all.
        every: steps between checkpoints.
        seed: of everything.
        **settings: others, by the names of its options.
    """
    asked = {"steps": steps, "every": every, "seed": seed, "batch": BATCH, "width": WIDTH, "device": "cpu", **settings}
    return ["-m", TRAIN, str(folder), *(text for name, value in asked.items() for text in (f"--{name}", str(value)))]


def kept(folder: Path | str, name: str, rank: int = 0) -> dict[str, Tensor]:
    """What one process left in a file.

    Args:
        folder: of the run.
        name: "shared", "apart" or "doubles".
        rank: which process.

    Returns:
        Step (as text) → weights, and ``"rows 1"`` and so on → the rows that it took in that step.
    """
    return load_file(Path(folder) / f"{name}-{rank}.safetensors")


def farthest(one: object, other: object) -> float:
    """The largest difference between two checkpoints' tensors; infinite where they hold different things.

    Args:
        one, other: states as ``training.checkpoint.load`` gives them.
    """
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return max((farthest(one[key], other[key]) for key in one), default=0.0)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        return max((farthest(a, b) for a, b in zip(one, other, strict=True)), default=0.0)
    if isinstance(one, Tensor) and isinstance(other, Tensor) and one.shape == other.shape:
        return (one.double() - other.double()).abs().max().item() if one.numel() else 0.0
    return 0.0 if one == other else float("inf")
