"""Ask a network without changing it."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def evaluating(network: nn.Module) -> Iterator[torch.device]:
    """Inside this block ``network`` is in eval mode: no dropout, and batch norm with its stored statistics, so that no
    example's answer depends on the others'. Gives the device of its weights (the CPU
    without any); afterwards each part's mode is what it was, also that of a part that somebody holds in eval mode."""
    modes = [(part, part.training) for part in network.modules()]
    network.eval()
    try:
        yield next((weights.device for weights in network.parameters()), torch.device("cpu"))
    finally:
        for part, mode in modes:
            part.training = mode
