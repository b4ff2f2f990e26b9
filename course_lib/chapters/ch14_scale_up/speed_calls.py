"""What a training step consists of: a list of calls, each with its operations, the bytes it touches and its time."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

NO_WORK = ("empty", "_record_function", "_unsafe_view")  # memory that is asked for, notes for a profiler, views


@dataclass(frozen=True)
class Call:
    """One call of PyTorch's: a matrix product, an addition, a step of Adam.

    Attributes:
        name: what PyTorch calls it, such as "convolution".
        work: multiplications and additions of a matrix product or a convolution; 0 for all else, which is so cheap
            to compute that only its bytes count.
        size: bytes of all tensors that it reads and writes, each once.
        took: seconds of processor time, a millionth or two of them for listening; on a GPU those of the handing over.
    """

    name: str
    work: float
    size: float
    took: float = field(default=0.0, compare=False)

    @property
    def kind(self) -> str:
        """Whether its operations are "convolutions" or "products", which have different peaks."""
        return "convolutions" if self.name.startswith("conv") else "products"


class _Listing(TorchDispatchMode):
    """Keeps a :class:`Call` of each call inside of its block; a mere view of a tensor is none."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        kwargs = kwargs or {}
        began = time.process_time()
        out = func(*args, **kwargs)
        took = time.process_time() - began
        if not _is_view(func) and not func._overloadpacket.__name__.startswith(NO_WORK):
            count = flop_registry.get(func._overloadpacket)
            work = float(count(*args, **kwargs, out_val=out)) if count else 0.0
            written = [given for given, told in zip(args, func._schema.arguments, strict=False) if _is_written(told)]
            read = [args, list(kwargs.values())]
            if func._overloadpacket.__name__ == "index":  # of a table it reads only the rows that it was asked for
                read = [out]
            size = sum(x.numel() * x.element_size() for x in _tensors([read, written if out is None else out]))
            self.calls.append(Call(func._overloadpacket.__name__, work, float(size), took))
        return out


def calls(step: Callable[[], object]) -> list[Call]:
    """All calls of a step, forwards and backwards, in order.

    Args:
        step: is called once.

    Returns:
        The calls.
    """
    with _Listing() as listing:
        step()
    return listing.calls


def timed(step: Callable[[], object], many: int) -> tuple[list[Call], float]:
    """The calls of a step with the time that each took, and the time of a step to which nobody listens.

    Args:
        step: is called twice so many times, and has the same calls each time.
        many: steps of each kind, in turns; their means are taken.

    Returns:
        The calls of one step, and the seconds of processor time of the whole one.
    """
    runs, whole = [], 0.0
    for _ in range(many):
        began = time.process_time()
        step()
        whole += time.process_time() - began
        runs.append(calls(step))
    means = [sum(call.took for call in same) / many for same in zip(*runs, strict=True)]
    return [replace(call, took=took) for call, took in zip(runs[0], means, strict=True)], whole / many


def _is_view(func: Any) -> bool:
    aliases = [told.alias_info for told in func._schema.returns]
    return bool(aliases) and all(alias is not None and not alias.is_write for alias in aliases)


def _is_written(told: Any) -> bool:
    return told.alias_info is not None and told.alias_info.is_write


def _tensors(value: object) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _tensors(one)
