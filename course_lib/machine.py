"""The machine in words, without its name, which is nobody's business; and whether somebody watches it."""

import os
import platform
from importlib.metadata import version
from pathlib import Path


def describe(threads: int = 1) -> str:
    """One line such as ``Intel Xeon, 8 cores, 1 thread, Python 3.11, PyTorch 2.9``.

    Args:
        threads: how many torch was given for what was measured.
    """
    short = [".".join(text.split(".")[:2]) for text in (platform.python_version(), version("torch"))]
    used = f"{threads} thread" + "s" * (threads > 1)
    return f"{_processor()}, {os.cpu_count()} cores, {used}, Python {short[0]}, PyTorch {short[1]}"


def cores() -> int:
    """How many processes this one's machine runs at once without their waiting for each other."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def headless() -> bool:
    """Whether nobody watches: then widgets are left out and a still picture is drawn instead.

    True where COURSE_HEADLESS is set (by every runner of this course) and outside a Jupyter kernel.
    """
    if os.environ.get("COURSE_HEADLESS"):
        return True
    try:
        from IPython import get_ipython
    except ImportError:
        return True
    shell = get_ipython()
    return shell is None or not hasattr(shell, "kernel")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
