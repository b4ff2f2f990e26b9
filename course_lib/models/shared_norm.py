"""Batch norm over a batch that several processes share: the statistics are those of all their examples."""

import copy

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.distributed.nn.functional import all_reduce


class SharedBatchNorm2d(nn.BatchNorm2d):
    """``BatchNorm2d`` whose mean and variance in training are those of all processes' examples.

    Plain batch norm would take each process's own: another loss, another gradient (by several percent, measured), and
    running averages that differ between the processes. torch's ``SyncBatchNorm`` does the same on GPUs, and refuses
    the CPU. Two sums are exchanged, that of x and then that of the squared deviations, because the difference of two
    large means of squares loses digits. All processes must have equally many examples.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Normalised maps ``(N, C, H, W)``.

        Args:
            x: maps ``(N, C, H, W)``.
        """
        if not self.training:
            return super().forward(x)
        many = x.numel() // x.shape[1] * dist.get_world_size()
        mean = all_reduce(x.sum((0, 2, 3))) / many  # (C,); gradients flow through the exchange
        centred = x - mean[:, None, None]
        variance = all_reduce(centred.square().sum((0, 2, 3))) / many
        with torch.no_grad():
            assert self.running_mean is not None and self.running_var is not None and self.momentum is not None
            assert self.num_batches_tracked is not None
            self.num_batches_tracked.add_(1)
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * (many / (many - 1)), self.momentum)
        scaled = centred * (variance + self.eps).rsqrt()[:, None, None]
        return scaled * self.weight[:, None, None] + self.bias[:, None, None]


def with_shared_batch_norm(network: nn.Module) -> nn.Module:
    """A copy in which each ``BatchNorm2d`` shares its statistics between processes; weights and names stay.

    Args:
        network: as it is in one process.

    Returns:
        The copy.
    """
    network = copy.deepcopy(network)
    for module in list(network.modules()):
        for name, child in module.named_children():
            if type(child) is nn.BatchNorm2d:
                shared = SharedBatchNorm2d(child.num_features, child.eps, child.momentum).to(child.weight)
                shared.load_state_dict(child.state_dict())
                setattr(module, name, shared)
    return network
