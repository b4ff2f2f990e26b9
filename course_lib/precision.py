"""Which precision a training step is fastest in on this machine: found by trying, once in a process.

What a processor says of itself is not enough: bf16 makes convolutions 1.4 to 1.6 times as fast on some, and three times
as *slow* on others, which have to imitate it.
"""

import functools
import time
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

ENOUGH = 1.15  # times as fast: less is no reason to round more coarsely
ROUNDS = 5
DTYPES = {"float32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def fastest(device: torch.device, names: Sequence[str] = ("float32", "bf16"), *, enough: float = ENOUGH) -> str:
    """The precision in which a small convolutional step is fastest; the first, unless another is clearly faster.

    It is measured once in a process for each device, takes some tenths of a second, and leaves chance as it was.

    Args:
        device: where the step is computed.
        names: of the precisions that are tried.
        enough: how many times as fast as the first another one has to be.
    """
    return choose(seconds(device, tuple(names)), enough)


def choose(taken: dict[str, float], enough: float = ENOUGH) -> str:
    """The name of the fastest, or the first where none is ``enough`` times as fast.

    Args:
        taken: precision → seconds of a step.
        enough: as in :func:`fastest`.

    Example:
        >>> from course_lib.precision import choose
        >>> choose({"float32": 10.0, "bf16": 6.0}), choose({"float32": 10.0, "bf16": 9.5})
        ('bf16', 'float32')
    """
    first, best = next(iter(taken)), min(taken, key=lambda name: taken[name])
    return best if taken[first] >= enough * taken[best] else first


@functools.cache
def seconds(device: torch.device, names: tuple[str, ...]) -> dict[str, float]:
    """Seconds of the step in each precision: the shortest of several, which other work disturbs least.

    Args:
        device: where it is computed.
        names: of the precisions, which take turns.

    Returns:
        Precision → seconds.
    """
    step, clock = _step(device), clock_of(device)
    taken: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(ROUNDS + 1):
        for name in names:
            wait(device)
            began = clock()
            step(DTYPES[name])
            wait(device)
            if turn:  # the first one looks for the way to compute it
                taken[name].append(clock() - began)
    return {name: min(each) for name, each in taken.items()}


def clock_of(device: torch.device) -> Callable[[], float]:
    """What tells the seconds of a computation: on a processor only those that it spends on this program.

    Args:
        device: of the computation.
    """
    return time.process_time if device.type == "cpu" else time.perf_counter


def wait(device: torch.device) -> None:
    """Wait until the device has computed what it was given; a GPU answers a call before that.

    Args:
        device: of the computation.
    """
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _step(device: torch.device) -> Callable[[torch.dtype], None]:
    """Three convolutions of a DCGAN of width 32, forwards and backwards, with weights of their own."""
    g = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> Tensor:
        x = torch.randn(shape, generator=g).to(device).contiguous(memory_format=torch.channels_last)
        return x.requires_grad_()

    x, down, up, last = drawn(32, 32, 14, 14), drawn(64, 32, 4, 4), drawn(64, 32, 4, 4), drawn(32, 32, 3, 3)

    def step(dtype: torch.dtype) -> None:
        with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
            h = F.leaky_relu(F.conv2d(x, down, stride=2, padding=1), 0.2)
            h = F.relu(F.conv_transpose2d(h, up, stride=2, padding=1))
            loss = F.conv2d(h, last, padding=1).float().square().mean()
        torch.autograd.grad(loss, [x, down, up, last])

    return step
