"""Percent of peak on paper: the calls of a DCGAN's step, at any batch, on a machine with assumed limits."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace

import torch

from course_lib.chapters.ch14_scale_up.speed_calls import Call, bound_by, calls, least_seconds
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game


def dcgan_calls(batch: int, precision: str = "float32", *, width: int = 64, size: int = 64) -> list[Call]:
    """The calls of a step, counted with two and with four pictures, and drawn out to any batch by a straight line.

    Args:
        batch: pictures of a step.
        precision: "float32" or "bf16": the latter halves the bytes, and adds calls that convert numbers.
        width: of both networks.
        size: of the pictures, in pixels.

    Returns:
        The calls.
    """
    two, four = (_counted(n, precision, width, size) for n in (2, 4))
    return [
        replace(
            one,
            work=one.work + (batch - 2) * (other.work - one.work) / 2,
            size=one.size + (batch - 2) * (other.size - one.size) / 2,
        )
        for one, other in zip(two, four, strict=True)
    ]


@functools.cache
def _counted(batch: int, precision: str, width: int, size: int) -> list[Call]:
    runtime = Runtime.auto(device="cpu", precision=precision)
    game = Game(DCGenerator(100, width, size, 3), DCDiscriminator(width, size=size, channels=3), batch=batch)
    pictures = torch.zeros(batch, 3, size, size)
    game.step(pictures, runtime)  # Adam makes its averages
    return calls(lambda: game.step(pictures, runtime))


def peak_on_paper(listed: Sequence[Call], peak: float, bandwidth: float, each: float) -> float:
    """The operations' time at the peak as a share of the least time that the calls need.

    Args:
        listed: the calls.
        peak: operations a second.
        bandwidth: bytes a second.
        each: seconds of the smallest call.
    """
    return sum(call.work for call in listed) / peak / least_seconds(listed, peak, bandwidth, each)


def waits(listed: Iterable[Call], peak: float, bandwidth: float, each: float) -> dict[str, tuple[int, float]]:
    """What the calls wait for.

    Args:
        listed: the calls.
        peak: operations a second.
        bandwidth: bytes a second.
        each: seconds of the smallest call.

    Returns:
        "operations", "bytes" and "calling" → how many calls, and their share of the least time.
    """
    listed = list(listed)
    whole = least_seconds(listed, peak, bandwidth, each)
    found = {}
    for what in ("operations", "bytes", "calling"):
        mine = [call for call in listed if bound_by(call, peak, bandwidth, each) == what]
        found[what] = (len(mine), least_seconds(mine, peak, bandwidth, each) / whole)
    return found
