"""One game trained by several processes, each on its share of the batch: torch's DistributedDataParallel around it.

``torchrun --nproc-per-node 2 -m course_lib.tools.train …`` starts the processes. Each draws the *whole* batch's row
numbers and latents from (seed, step), and takes its own part: so the processes together do what one process would do
with the whole batch, and no two of them see the same example.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn.parallel import DistributedDataParallel

from course_lib.data.batches import BatchedData, Rows
from course_lib.errors import CourseError
from course_lib.models.shared_norm import SharedBatchNorm2d
from course_lib.runtime import Runtime
from course_lib.training.batch import Batch
from course_lib.training.game import Game


class SharedGame(Game):
    """A :class:`Game` of which each process of the current process group trains a part.

    D's step goes through DDP, which averages D's gradients over the processes while they are computed. G's step asks
    the bare D, whose weights are frozen then, so that nothing of D's is exchanged in vain; G's gradients are averaged
    by DDP as well. With the losses' means over equal parts this is the gradient of the whole batch's loss.

    Args:
        generator: as for :class:`Game`; batch norm must be shared (``models.with_shared_batch_norm``, or torch's
            ``SyncBatchNorm`` on GPUs).
        discriminator: likewise.
        batch: of *all* processes together, a multiple of their number.
        **settings: as for :class:`Game`. ``d_steps`` is 1, and there are no packs.

    Raises:
        CourseError: without a process group, for a batch that cannot be shared equally, plain batch norm, several
            steps of D, or packs.
    """

    def __init__(self, generator: nn.Module, discriminator: nn.Module, *, batch: int = 32, **settings: Any):
        if not dist.is_initialized():
            raise CourseError("there is no process group: start this by torchrun, or use Game for one process.")
        self.rank, self.processes = dist.get_rank(), dist.get_world_size()
        if batch % self.processes:
            raise CourseError(f"batch {batch!r} cannot be shared by {self.processes} processes: use a multiple of it.")
        for name, network in (("generator", generator), ("discriminator", discriminator)):
            if any(isinstance(m, nn.BatchNorm2d | nn.BatchNorm1d) and not _shares(m) for m in network.modules()):
                raise CourseError(
                    f"the {name}'s batch norm would know its own process's part of the batch only: use "
                    "with_shared_batch_norm(network), spectral norm, or no norm."
                )
        super().__init__(generator, discriminator, batch=batch // self.processes, **settings)
        if self.d_steps != 1 or self.pack_size != 1:
            raise CourseError("a shared game takes one step of D at a time and no packs: use d_steps=1, no Pack view.")
        one = next(generator.parameters()).device
        ids = [one.index] if one.type == "cuda" else None
        # Buffers are equal everywhere by themselves: shared statistics, and spectral norm's follow from the weights.
        self._shared = {
            name: DistributedDataParallel(network, device_ids=ids, forward_sync_buffers=False)
            for name, network in (("generator", generator), ("discriminator", discriminator))
        }
        self._around = {"generator": self._shared["generator"]}

    def d_step(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """As :meth:`Game.d_step`, with D's gradients averaged over the processes.

        Args:
            batch: this process's part.

        Returns:
            As there, of this process's part.
        """
        self._around = self._shared
        try:
            return super().d_step(batch)
        finally:
            self._around = {"generator": self._shared["generator"]}

    @property
    def whole_batch(self) -> int:
        """Examples of all processes' parts of a batch."""
        return self.batch * self.processes

    def settings(self) -> dict[str, str]:
        """As a :class:`Game`'s of the whole batch: a checkpoint is the same for any number of processes.

        Returns:
            What a setting is called → its value.
        """
        return super().settings() | {"kind": "Game"}

    def _latents(self, many: int, n: int, runtime: Runtime) -> Tensor:
        return super()._latents(many * self.processes, n, runtime)[self.rank * many : (self.rank + 1) * many]

    def _chance(self, n: int, runtime: Runtime) -> AbstractContextManager[None]:
        return runtime.seeded("layers", n, self.rank)  # dropout and views: another draw in each process

    def part_of(self, data: BatchedData) -> "Part":
        """What :meth:`steps` of this process trains on.

        Args:
            data: the whole data set, the same in each process.
        """
        return Part(data, self.rank, self.processes)


def _shares(module: nn.Module) -> bool:
    return isinstance(module, SharedBatchNorm2d | nn.SyncBatchNorm)


class Part(BatchedData):
    """One process's part of each batch of a data set; of a row that is not its own it reads nothing.

    Args:
        data: the whole data set.
        rank: which process, from 0.
        processes: how many there are.
    """

    def __init__(self, data: BatchedData, rank: int, processes: int):
        self.whole, self.labels, self.rank, self.processes = data, data.labels, rank, processes
        self.sha256 = getattr(data, "sha256", "")

    @property
    def examples(self) -> Rows:
        """All examples; which of them are this process's is decided batch by batch."""
        return self.whole.examples

    @property
    def name(self) -> str:
        """Of the whole data set: the order of its batches is the same."""
        return self.whole.name

    def _epoch(self, size: int, generator: torch.Generator, first: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        order = torch.randperm(len(self), generator=generator).to(self.examples.device)
        every = size * self.processes
        for start in range(first * every, len(self) - every + 1, every):
            chosen = order[start + self.rank * size : start + (self.rank + 1) * size]
            yield self.examples[chosen], self.labels[chosen]

    def _batches(self, size: int) -> int:
        return len(self) // (size * self.processes)
