"""What a training step consists of: a list of calls, each with its operations and the bytes it touches."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
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
    """

    name: str
    work: float
    size: float


class _Listing(TorchDispatchMode):
    """Keeps a :class:`Call` of each call inside of its block; a mere view of a tensor is none."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        if not _is_view(func) and not func._overloadpacket.__name__.startswith(NO_WORK):
            count = flop_registry.get(func._overloadpacket)
            work = float(count(*args, **kwargs, out_val=out)) if count else 0.0
            written = [given for given, told in zip(args, func._schema.arguments, strict=False) if _is_written(told)]
            read = [args, list(kwargs.values())]
            if func._overloadpacket.__name__ == "index":  # of a table it reads only the rows that it was asked for
                read = [out]
            size = sum(x.numel() * x.element_size() for x in _tensors([read, written if out is None else out]))
            self.calls.append(Call(func._overloadpacket.__name__, work, float(size)))
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


def least_seconds(listed: Iterable[Call], peak: float, bandwidth: float, each: float = 0.0) -> float:
    """Seconds that the calls need at least, one after the other, each for the slowest of three things.

    That a call is bound by its operations or by its bytes is the roofline model (Williams, Waterman, Patterson 2009).

    Args:
        listed: the calls.
        peak: operations a second.
        bandwidth: bytes a second.
        each: seconds that a call takes however small it is.
    """
    return sum(max(each, call.work / peak, call.size / bandwidth) for call in listed)


def bound_by(call: Call, peak: float, bandwidth: float, each: float) -> str:
    """What a call waits for.

    Args:
        call: of the list.
        peak: operations a second.
        bandwidth: bytes a second.
        each: seconds of the smallest call.

    Returns:
        "operations", "bytes" or "calling".
    """
    needs = {"operations": call.work / peak, "bytes": call.size / bandwidth, "calling": each}
    return max(needs, key=lambda name: needs[name])


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
