"""What this machine can do at most: operations a second, bytes a second, seconds of an empty call; all measured."""

import statistics
import time
from collections.abc import Callable, Iterable

import torch
from torch.nn import functional as F

from course_lib.chapters.ch14_scale_up.speed_roofline import Limits
from course_lib.precision import DTYPES, clock_of, wait

Clock = Callable[[], float]


def measured(device: torch.device | str = "cpu", precision: str = "float32", *, size: int = 512) -> Limits:
    """Measure the limits; some tenths of a second.

    Args:
        device: where.
        precision: "float32", "bf16" or "fp16".
        size: of the matrices' sides; a GPU needs some thousands to be busy.

    Returns:
        The limits.
    """
    device, dtype = torch.device(device), DTYPES[precision]
    a, b = (torch.randn(size, size, device=device).to(dtype) for _ in range(2))
    batch, channels = max(1, size * size // 8192), 64
    x = torch.randn(batch, channels, 16, 16, device=device).to(dtype).contiguous(memory_format=torch.channels_last)
    w = torch.randn(channels, channels, 3, 3, device=device).to(dtype).contiguous(memory_format=torch.channels_last)
    long, one = torch.zeros(size * size * 64, device=device), torch.zeros(1, device=device)
    other = torch.empty_like(long)

    def rate(what: Callable[[], object], much: float, repeat: int = 1) -> float:
        return much * repeat / shortest(what, device, repeat=repeat)

    return Limits(
        products=rate(lambda: a @ b, 2.0 * size**3),
        convolutions=rate(lambda: F.conv2d(x, w, padding=1), 2.0 * 9 * channels * x.numel()),
        bandwidth=rate(lambda: other.copy_(long), 2.0 * 4 * long.numel()),
        each=1 / rate(lambda: one + one, 1, repeat=200),
    )


def shortest(what: Callable[[], object], device: torch.device | str, *, rounds: int = 7, repeat: int = 1) -> float:
    """Seconds of the fastest of several rounds, which other work disturbs least.

    Args:
        what: is called.
        device: a GPU is waited for, as it answers a call before it has computed it; of a processor only the time
            counts that it spends on this program.
        rounds: after one that warms up.
        repeat: calls in a round.
    """
    device, best = torch.device(device), float("inf")
    clock = clock_of(device)
    for turn in range(rounds + 1):
        wait(device)
        began = clock()
        for _ in range(repeat):
            what()
        wait(device)
        if turn:
            best = min(best, clock() - began)
    return best


def per_step(steps: Callable[[], object], many: int, clock: Clock = time.process_time) -> float:
    """Seconds of a step: of so many steps one after the other.

    Args:
        steps: is called for each.
        many: steps.
        clock: of processor time by default, so that other programs do not count.
    """
    began = clock()
    for _ in range(many):
        steps()
    return (clock() - began) / many


def middle(values: Iterable[float]) -> float:
    """The median, with four digits, as a recording keeps it.

    Args:
        values: at least one.
    """
    return float(f"{statistics.median(values):.4g}")
