"""What every data set does: give its examples in batches, in an order that a seed decides, with no loader processes."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

import torch
from torch import Tensor

from course_lib.errors import CourseError
from course_lib.runtime import Runtime

T = TypeVar("T")
Which: TypeAlias = Tensor | slice | int  # row numbers, a range of rows, one row


class Rows(Protocol):
    """What batches are taken from: a tensor ``(N, …)``, or what is read by its rows like one."""

    @property
    def shape(self) -> torch.Size:
        """``(N, …)``: of all rows together."""

    @property
    def device(self) -> torch.device:
        """Where the rows lie, or come to when they are read."""

    def __len__(self) -> int: ...

    def __getitem__(self, which: Which, /) -> Tensor: ...


class BatchedData:
    """A data set in batches: its ``examples`` ``(N, …)`` and ``labels`` ``(N,)`` are on one device; it has a ``name``.

    Why resident tensors and no ``DataLoader``: a torchvision loader costs 50–400 µs an image, indexing a resident
    tensor 3 µs, and a small MLP trains on an image in 500 µs. What does not fit is read by rows like a tensor.
    """

    labels: Tensor
    if TYPE_CHECKING:  # read only, so that a data set may keep them as a field or work them out

        @property
        def examples(self) -> Rows:
            """What networks see, ``(N, …)``: images, points, or what is read by its rows like them."""

        @property
        def name(self) -> str:
            """Of the data set, which the order of its batches is derived from."""

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one example: (channels, height, width) of an image, (coordinates,) of a point."""
        return tuple(self.examples.shape[1:])

    def batches(self, size: int, generator: torch.Generator) -> Iterator[tuple[Tensor, Tensor]]:
        """One epoch in an order drawn from ``generator``.

        The last, smaller batch is left out: batch norm and paired losses want equal sizes.

        Args:
            size: of a batch, from 1 to the number of examples.
            generator: on the CPU; it draws the order when the first batch is asked for.

        Returns:
            Pairs of ``(size, …)`` examples and ``(size,)`` labels.

        Raises:
            CourseError: for another size, at once and not when the first batch is asked for.
        """
        self._check_size(size)
        return self._epoch(size, generator)

    def _epoch(self, size: int, generator: torch.Generator, first: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """An epoch from batch number ``first`` on: those before it are not read."""
        order = torch.randperm(len(self), generator=generator).to(self.examples.device)
        for start in range(first * size, len(self) - size + 1, size):
            chosen = order[start : start + size]
            yield self.examples[chosen], self.labels[chosen]

    def stream(self, size: int, runtime: Runtime, start: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """Endless batches; batch number ``start`` is the same however one got there, which makes resuming exact.

        Args:
            size: of a batch, from 1 to the number of examples.
            runtime: whose seed decides the order of each epoch.
            start: number of the first batch, from 0.

        Returns:
            Pairs of ``(size, …)`` examples and ``(size,)`` labels.

        Raises:
            CourseError: for another size.

        Example:
            >>> from course_lib.data import load
            >>> from course_lib.runtime import Runtime
            >>> digits, runtime = load("digits"), Runtime.auto(device="cpu")
            >>> from_0, from_1 = (digits.stream(64, runtime, start) for start in (0, 1))
            >>> _, second = next(from_0), next(from_0)
            >>> bool((second[1] == next(from_1)[1]).all())
            True
        """
        self._check_size(size)
        batches = self._endless(size, runtime, start)
        return ahead(batches) if getattr(self.examples, "read_ahead", False) else batches

    def _endless(self, size: int, runtime: Runtime, start: int) -> Iterator[tuple[Tensor, Tensor]]:
        epoch, first = divmod(start, self._batches(size))
        while True:
            yield from self._epoch(size, runtime.stream("epoch", self.name, epoch), first)
            epoch, first = epoch + 1, 0

    def _batches(self, size: int) -> int:
        """How many of them an epoch has."""
        return len(self) // size

    def _check_size(self, size: int) -> None:
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= len(self):
            raise CourseError(f"batch size {size!r} does not fit: use a whole number from 1 to {len(self)}.")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items in the same order; a thread makes the next one while the last one is used.

    Why: a picture is decoded outside of Python's lock, and so is most of a training step. They overlap, where there is
    a second core.

    Args:
        items: made one after the other, never two at once. What one raises is raised when its turn has come.
    """
    end = object()
    with ThreadPoolExecutor(1, "next-batch") as thread:
        coming = thread.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = thread.submit(next, items, end)
            yield item  # type: ignore[misc]  # it is no ``end``


def fingerprint(*tensors: Tensor, words: tuple[str, ...] = ()) -> str:
    """A SHA-256 by which a trainer knows its data again.

    Args:
        *tensors: whose shapes and numbers count.
        words: what else counts, such as the classes' names.

    Returns:
        64 hex digits.
    """
    digest = hashlib.sha256(repr((words, [tuple(tensor.shape) for tensor in tensors])).encode())
    for tensor in tensors:
        digest.update(tensor.detach().cpu().contiguous().numpy().data)
    return digest.hexdigest()
