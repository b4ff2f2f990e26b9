"""What a trainer gives: records of its steps, and the iterator over them that the notebooks wrap."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

import torch

from course_lib.data.batches import BatchedData
from course_lib.runtime import Runtime
from course_lib.training.memory import keep_freed_memory


class Curves(Protocol):
    """The numbers of a run by name, a list each: a ``show.History``, or a dict of recorded ones."""

    def __getitem__(self, name: str, /) -> Sequence[float]:
        """The values of one number, step by step."""

    def __contains__(self, name: object, /) -> bool:
        """Whether there is a number of that name."""


class Record:
    """One step's numbers, by name: ``record.d_loss``.

    They stay on the device until one is asked for, because fetching a number makes a GPU wait.

    Args:
        step: the number of the step, from 1.
        **values: name → a tensor with one number.

    Attributes:
        seconds: time spent training since ``steps()`` was called.
        images_per_s: real images a second, averaged over those steps.
    """

    __slots__ = ("_names", "_values", "images_per_s", "seconds", "step")

    def __init__(self, step: int, **values: torch.Tensor):
        self.step = step
        self.seconds = self.images_per_s = 0.0
        self._names = tuple(values)
        self._values = torch.stack([v.detach().float() for v in values.values()])

    def finite(self) -> bool:
        """Whether all numbers are finite."""
        return bool(torch.isfinite(self._values).all())

    def as_dict(self) -> dict[str, float]:
        """All numbers.

        Returns:
            Name → number.
        """
        return dict(zip(self._names, self._values.tolist(), strict=True))

    def __getattr__(self, name: str) -> float:
        if name.startswith("_"):  # copy and pickle ask for such names before there are any values
            raise AttributeError(name)
        if name not in self._names:
            known = ", ".join(self._names)
            raise AttributeError(f"record has no {name!r}: it has step, seconds, images_per_s, {known}")
        return self._values[self._names.index(name)].item()

    def __repr__(self) -> str:
        numbers = ", ".join(f"{k}={v:.3f}" for k, v in self.as_dict().items())
        return f"Record(step={self.step}, {numbers})"


R = TypeVar("R", bound=Record)


class Trainer(Protocol):
    """What checkpoints, pictures and recipes ask of whatever trains; its engine is ``engine.Engine``.

    Attributes:
        step_number: how many steps it has made.
        run: what ``checkpoint`` knows this training by; "": not yet.
    """

    step_number: int
    run: str

    def steps(self, data: BatchedData, n: int, runtime: Runtime) -> "Steps[Record]":
        """``n`` more steps on ``data``, as an iterator of records.

        Args:
            data: what to train on.
            n: how many steps.
            runtime: seed, device and precision.
        """

    def settings(self) -> dict[str, str]:
        """What it was built with, in words.

        Returns:
            What a setting is called → its value.
        """

    def state_dict(self) -> dict:
        """Everything the next step depends on."""

    def load_state_dict(self, state: dict) -> None:
        """Continue from ``state``.

        Args:
            state: what :meth:`state_dict` gave.
        """


class Steps(Generic[R]):
    """An iterator over ``total`` training steps of ``trainer``; consumers wrap it (bars, pictures, checkpoints).

    Ctrl-C takes effect between two steps, so the trainer is never left half-way through one: iterate again, or
    call ``trainer.steps`` again, and it goes on.

    Args:
        trainer: whose steps they are.
        total: how many.
        batch: real images in each, for the images a second.
        step: makes one and gives its record.
    """

    def __init__(self, trainer: Trainer, total: int, batch: int, step: Callable[[], R]):
        self.trainer, self.total, self._batch, self._step = trainer, total, batch, step
        self.done = 0
        self.seconds = 0.0
        keep_freed_memory()

    def __len__(self) -> int:
        return self.total

    def __iter__(self) -> Iterator[R]:
        return self

    def __next__(self) -> R:
        if self.done >= self.total:
            raise StopIteration
        began = time.perf_counter()
        with interrupts_held():
            record = self._step()
            self.done += 1
        self.seconds += time.perf_counter() - began
        record.seconds = self.seconds
        record.images_per_s = self.done * self._batch / self.seconds
        return record


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C (SIGINT) back until the block has ended. Does nothing outside the main thread, where none arrives.

    Yields:
        Nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught = []
    before = signal.signal(signal.SIGINT, lambda *_: caught.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if caught:
        raise KeyboardInterrupt
