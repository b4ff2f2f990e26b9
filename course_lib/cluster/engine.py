"""Where a sweep's tasks run: on this machine's cores, or on workers that a scheduler already has."""

import contextlib
import logging
from collections.abc import Iterator

import dask
from distributed import Client, LocalCluster

from course_lib.errors import CourseError
from course_lib.machine import cores

LOCAL = "local"
TIMEOUT = "20s"  # for a scheduler to answer
# A task that kills its worker takes its neighbours' unfinished work along: Dask shall not try it again beside others.
_CONFIG = {"distributed.scheduler.allowed-failures": 0}


@contextlib.contextmanager
def cluster(address: str = LOCAL, workers: int | None = None) -> Iterator[Client]:
    """A Dask client, for the time of a ``with`` block.

    Args:
        address: ``"local"`` starts one process of one thread a core here; else a scheduler's, as ``dask scheduler``
            prints it: ``tcp://machine:8786``. That one stays when the block ends.
        workers: how many processes to start here; None is one a core. For "local" only.

    Yields:
        The client. ``client.dashboard_link`` is the page to watch it on.

    Raises:
        CourseError: for a number of workers below 1, workers at an address, or a scheduler that does not answer.
    """
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int) or workers < 1):
        raise CourseError(f"workers {workers!r} is not a whole number from 1 on: use for example 2.")
    if address != LOCAL and workers is not None:
        raise CourseError(f"workers={workers} is for the local cluster: a scheduler at {address} has its own.")
    with dask.config.set(_CONFIG):
        if address == LOCAL:
            with (
                LocalCluster(
                    n_workers=workers or cores(),
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL,
                ) as here,
                Client(here) as client,
            ):
                yield client
            return
        try:
            client = Client(address, timeout=TIMEOUT)
        except (OSError, ValueError, TimeoutError) as problem:
            raise CourseError(
                f"no scheduler answers at {address!r} ({_first(problem)}): start one by `dask scheduler` and use the "
                "address that it prints, or address='local'."
            ) from None
        with client:
            yield client


def _first(problem: BaseException) -> str:
    return (str(problem) or type(problem).__name__).splitlines()[0]
