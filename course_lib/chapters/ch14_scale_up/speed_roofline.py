"""What a call waits for on a machine of given limits: the roofline, with a peak for each kind of operations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course_lib.chapters.ch14_scale_up.speed_calls import Call

WHAT = ("operations", "bytes", "calling")  # that a call may wait for


@dataclass(frozen=True)
class Limits:
    """The fastest of each kind, measured or assumed.

    Attributes:
        products: operations a second of a large matrix product.
        convolutions: operations a second of a convolution like those of a DCGAN.
        bandwidth: bytes a second, read and written, of copying a large tensor.
        each: seconds of a call on one number.
    """

    products: float
    convolutions: float
    bandwidth: float
    each: float

    def computing(self, kind: str, work: float) -> float:
        """Seconds of so many operations alone.

        Args:
            kind: "products" or "convolutions".
            work: operations.
        """
        return work / (self.convolutions if kind == "convolutions" else self.products)

    def needs(self, call: Call) -> dict[str, float]:
        """Seconds of each of the three things that a call may wait for.

        Args:
            call: of a list.

        Returns:
            "operations", "bytes" and "calling" → seconds.
        """
        seconds = (self.computing(call.kind, call.work), call.size / self.bandwidth, self.each)
        return dict(zip(WHAT, seconds, strict=True))


def bound_by(call: Call, limits: Limits) -> str:
    """What a call waits for.

    Args:
        call: of a list.
        limits: of the machine.

    Returns:
        "operations", "bytes" or "calling".
    """
    needs = limits.needs(call)
    return max(needs, key=lambda name: needs[name])


def least_seconds(listed: Iterable[Call], limits: Limits) -> float:
    """Seconds that the calls need at least, one after the other, each for the slowest of three things.

    That a call is bound by its operations or by its bytes is the roofline model (Williams, Waterman, Patterson 2009).

    Args:
        listed: the calls.
        limits: of the machine.
    """
    return sum(max(limits.needs(call).values()) for call in listed)


def waits(listed: Iterable[Call], limits: Limits) -> dict[str, list[Call]]:
    """The calls by what they wait for.

    Args:
        listed: the calls.
        limits: of the machine.

    Returns:
        "operations", "bytes" and "calling" → the calls that wait for it; what none waits for is left out.
    """
    groups: dict[str, list[Call]] = {what: [] for what in WHAT}
    for call in listed:
        groups[bound_by(call, limits)].append(call)
    return {what: mine for what, mine in groups.items() if mine}


def shares(listed: Sequence[Call], limits: Limits) -> dict[str, float]:
    """How the least time is spent.

    Args:
        listed: the calls.
        limits: of the machine.

    Returns:
        "operations", "bytes" and "calling" → the share of the least time that is waited for it.
    """
    groups, whole = waits(listed, limits), least_seconds(listed, limits)
    return {what: least_seconds(groups.get(what, ()), limits) / whole for what in WHAT}


def work_of(listed: Iterable[Call]) -> dict[str, float]:
    """Operations of the calls by their kind.

    Args:
        listed: the calls.

    Returns:
        "products" and "convolutions" → operations.
    """
    found = {"products": 0.0, "convolutions": 0.0}
    for call in listed:
        found[call.kind] += call.work
    return found


def share_of_peak(work: dict[str, float], limits: Limits, seconds: float) -> float:
    """The time that the operations would take at the limits, as a share of the time that was taken.

    As no call needs less than its operations do, it is never more than :func:`least_seconds` as a share of that time.

    Args:
        work: operations by kind, as :func:`work_of` gives them.
        limits: of the same machine, at the same time.
        seconds: of the step.
    """
    return sum(limits.computing(kind, much) for kind, much in work.items()) / seconds
