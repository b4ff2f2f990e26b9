"""Percent of peak on paper: the calls of a DCGAN's step, at any batch, on a machine with assumed limits."""

import functools
from collections.abc import Sequence
from dataclasses import replace

import torch

from course_lib.chapters.ch14_scale_up.speed_calls import Call, calls
from course_lib.chapters.ch14_scale_up.speed_roofline import Limits, least_seconds, share_of_peak, work_of
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


def assumed(peak: float, bandwidth: float, each: float) -> Limits:
    """The limits of a machine that computes products and convolutions equally fast.

    Args:
        peak: operations a second.
        bandwidth: bytes a second.
        each: seconds of the smallest call.

    Returns:
        The limits.
    """
    return Limits(products=peak, convolutions=peak, bandwidth=bandwidth, each=each)


def peak_on_paper(listed: Sequence[Call], limits: Limits) -> float:
    """Percent of peak of a step that takes no longer than it must, as a share.

    Args:
        listed: the calls.
        limits: of the machine.
    """
    return share_of_peak(work_of(listed), limits, least_seconds(listed, limits))
