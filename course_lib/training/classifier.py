"""Train a classifier: cross-entropy, small random shifts, one-cycle step size."""

from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, pad

from course_lib.data.batches import BatchedData
from course_lib.data.images import ImageData
from course_lib.errors import CourseError
from course_lib.models.eval_mode import eval_mode
from course_lib.runtime import Runtime
from course_lib.training.compatibility import check_classifier
from course_lib.training.engine import Engine, use_channels_last
from course_lib.training.records import Record, Steps
from course_lib.training.settings import check_settings, described


class ClassifierTrainer(Engine):
    """A classifier in training.

    Args:
        network: images ``(N, C, H, W)`` → logits ``(N, classes)``.
        lr: the largest step size of the cycle.
        batch: images a step.
        total: steps of the one cycle that the step size follows.
        shift: each training image is moved by up to this many pixels each way, which for handwriting is free new data.

    Raises:
        CourseError: for each of these that is none.

    A record has ``loss`` and ``accuracy``, the share of the batch that was labelled correctly.
    """

    FIXED: ClassVar[tuple[str, ...]] = ("batch", "total", "lr")
    _cycled: ClassVar[tuple[str, ...]] = (
        "lr",
        "betas",
        "initial_lr",
        "max_lr",
        "min_lr",
        "base_momentum",
        "max_momentum",
    )

    def __init__(self, network: nn.Module, *, lr: float = 4e-3, batch: int = 64, total: int = 1000, shift: int = 2):
        check_settings({"lr": lr}, {"batch": batch, "total": total})
        self.network, self.shift, self.total = network, shift, total
        use_channels_last(network)
        self.optimiser = torch.optim.AdamW(network.parameters(), lr, weight_decay=0.02, fused=True)
        rise = 0.2 if total != 5 else 0.3  # a fifth of 5 steps would end at step 0, and torch divides by that
        self.cycle = torch.optim.lr_scheduler.OneCycleLR(self.optimiser, lr, total_steps=total, pct_start=rise)
        super().__init__({"network": network}, {"optimiser": ("lr", self.optimiser)}, batch=batch)

    def steps(self, data: BatchedData, n: int, runtime: Runtime) -> Steps[Record]:
        """``n`` more steps on ``data``; the step size follows one cycle over the ``total`` given at the start.

        Args:
            data: pictures in classes.
            n: steps, no more than are left of the cycle.
            runtime: seed, device and precision.

        Raises:
            CourseError: for steps beyond the cycle; and as for every :class:`~course_lib.training.engine.Engine`.
        """
        if isinstance(n, int) and self.step_number + n > self.total:
            raise CourseError(f"{self.step_number} + {n} steps are more than the schedule's total={self.total}.")
        return super().steps(data, n, runtime)

    def _check_fit(self, data: BatchedData) -> None:
        check_classifier(self.network, data, self.batch)

    def _step(self, images: Tensor, labels: Tensor, runtime: Runtime) -> Record:
        n = self.step_number + 1
        images = shifted(images, self.shift, runtime.stream("shift", n))
        with runtime.seeded("layers", n), runtime.autocast():
            logits = self.network(images).float()  # (N, classes)
        loss = cross_entropy(logits, labels)
        self._update(self.optimiser, loss)
        self.cycle.step()
        self.step_number = n
        return Record(n, loss=loss, accuracy=(logits.argmax(1) == labels).float().mean())

    def settings(self) -> dict[str, str]:
        """What this trainer was built with, in words: as an ``Engine``'s, and the cycle and the shift.

        Returns:
            What a setting is called → its value.
        """
        of_cycle = {
            "total": described(self.total),
            "lr": described(self.optimiser.param_groups[0]["max_lr"]),
        }
        return super().settings() | of_cycle | {"shift": described(self.shift)}

    def state_dict(self) -> dict:
        """Everything the next step depends on, with the cycle.

        Returns:
            As an ``Engine``'s, and the state of the cycle as ``"cycle"``.
        """
        return {**super().state_dict(), "cycle": self.cycle.state_dict()}

    def load_state_dict(self, state: dict) -> None:
        """Continue from ``state``; see ``Engine.load_state_dict``.

        Args:
            state: what :meth:`state_dict` gave.
        """
        super().load_state_dict(state)
        self.cycle.load_state_dict(state["cycle"])


def shifted(images: Tensor, by: int, generator: torch.Generator) -> Tensor:
    """Each image moved by −by…by pixels along both axes, ``(N, C, H, W)``; what comes in is background (−1).

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        by: whole pixels, at least 0.
        generator: on the CPU; it draws how far each image goes.
    """
    if by == 0:
        return images
    n, _, h, w = images.shape
    padded = pad(images, (by, by, by, by), value=-1.0)  # (N, C, H + 2·by, W + 2·by)
    dy, dx = torch.randint(0, 2 * by + 1, (2, n), generator=generator).to(images.device)
    rows = (torch.arange(h, device=images.device) + dy[:, None])[:, None, :, None]  # (N, 1, H, 1)
    columns = (torch.arange(w, device=images.device) + dx[:, None])[:, None, None, :]  # (N, 1, 1, W)
    each = torch.arange(n, device=images.device)[:, None, None, None]
    channel = torch.arange(images.shape[1], device=images.device)[None, :, None, None]
    return padded[each, channel, rows, columns]


@torch.no_grad()
def accuracy(network: nn.Module, data: ImageData, batch: int = 500) -> float:
    """Share of ``data`` that ``network`` (in eval mode) labels correctly, in [0, 1].

    Args:
        network: images → logits ``(N, classes)``.
        data: labelled images.
        batch: images at once.
    """
    with eval_mode(network):
        right = sum(
            int((network(images).argmax(1) == labels).sum())
            for images, labels in zip(data.images.split(batch), data.labels.split(batch), strict=True)
        )
    return right / len(data)
