"""A running average of a network's weights: samples of the average are steadier than those of the latest step."""

import copy

import torch
from torch import nn


class EMA:
    """``average ← decay·average + (1 − decay)·weights`` after each step; buffers (batch norm's statistics) likewise.

    Early on the decay is (1 + step)/(10 + step), so that the random initial weights are soon forgotten. Averaging
    the weights but not the buffers is a common mistake: the network then normalises with another network's numbers.

    Args:
        module: whose average it is; a copy of it is kept, as ``module``.
        decay: from 0 up to, not with, 1.
    """

    def __init__(self, module: nn.Module, decay: float):
        self.decay = decay
        self.module = copy.deepcopy(module).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Move the average towards the weights of now.

        Args:
            module: the network of which this is the average.
            step: the number of its step, from 1.
        """
        decay = min(self.decay, (1 + step) / (10 + step))
        ours, theirs = self.module.state_dict(), module.state_dict()
        for name, average in ours.items():
            if average.is_floating_point():
                average.lerp_(theirs[name], 1 - decay)
            else:
                average.copy_(theirs[name])
