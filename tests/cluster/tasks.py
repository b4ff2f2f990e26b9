"""Functions for sweeps under test: importable on workers, and each start leaves a line in a file."""

import os
import signal
import time
from pathlib import Path


def log(folder, line):
    """One line more, whoever else writes at the same time."""
    with open(Path(folder) / "starts.txt", "a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def square(seed, folder, wait=0.0):
    log(folder, seed)
    time.sleep(wait)
    return seed**2


def fails_at_three(seed, folder):
    log(folder, seed)
    if seed == 3:
        raise ValueError("lr 3 is too large\nand more")
    return seed


def kills_its_worker(seed, folder):
    log(folder, seed)
    if seed == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.3)
    return seed


def whose(seed, folder):
    return os.getpid()
