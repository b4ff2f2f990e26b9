"""Ask a network without changing it."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def eval_mode(network: nn.Module) -> Iterator[torch.device]:
    """Inside this block ``network`` is in eval mode.

    No dropout, and batch norm with its stored statistics, so that no example's answer depends on the others'.
    Afterwards each part is in the mode that it was in, for one may be frozen in eval mode in a network that trains.

    Args:
        network: any module.

    Yields:
        The device of its weights (the CPU without any).
    """
    training = [(part, part.training) for part in network.modules()]
    network.eval()
    try:
        yield next((weights.device for weights in network.parameters()), torch.device("cpu"))
    finally:
        for part, was_training in training:
            part.training = was_training
