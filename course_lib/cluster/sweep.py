"""A sweep: one function, many seeds and settings. Each task writes its own result, and is skipped where it has one."""

import json
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from distributed import Client, as_completed
from distributed.scheduler import KilledWorker

from course_lib import files
from course_lib.cluster.engine import LOCAL, cluster
from course_lib.cluster.results import Results, Settings, Task
from course_lib.errors import CourseError
from course_lib.machine import describe

Sent = tuple[int, dict[str, Any], str, str]  # seed, settings, the result's path, this sweep's mark


@dataclass(frozen=True)
class Row:
    """One task that has a result.

    Attributes:
        seed: its seed.
        settings: its settings.
        value: what the function gave.
        seconds: how long it took, where it was computed.
        machine: where that was.
    """

    seed: int
    settings: dict[str, Any]
    value: Any
    seconds: float
    machine: str


@dataclass
class Sweep:
    """What a sweep found.

    Attributes:
        rows: of all tasks that have a result, settings by settings, in the order of the seeds.
        failures: one sentence a task that has none.
        computed: how many tasks were computed now; the others were kept from before.
        seconds: from the first task's sending to the last answer.
    """

    rows: list[Row] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    computed: int = 0
    seconds: float = 0.0

    def values(self, **settings: Any) -> dict[int, Any]:
        """The values of the tasks with these settings.

        Args:
            **settings: those that are asked about; others may be anything.

        Returns:
            Seed → value.
        """
        return {row.seed: row.value for row in self.rows if settings.items() <= row.settings.items()}


def sweep(
    function: Task,
    seeds: Sequence[int],
    settings: Sequence[Settings] = ({},),
    *,
    folder: Path | str,
    address: str = LOCAL,
    workers: int | None = None,
    client: Client | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Sweep:
    """Call a function for every seed and settings, spread over workers.

    A worker that dies is replaced, and its task is done again; when a scheduler or this program dies, start the same
    sweep again: what has a result is not computed twice. A result is kept under the function's text, the library's,
    the settings and the seed. What else the function reads, such as a notebook's variables, must not change.

    Args:
        function: called as ``function(seed, **settings)``; gives what JSON can hold. On other machines the course
            must be installed in the same version.
        seeds: whole numbers, each once.
        settings: dictionaries with the function's other arguments.
        folder: of the results, see :class:`Results`.
        address: ``"local"``, or a scheduler's address, see :func:`course_lib.cluster.cluster`.
        workers: for "local": how many processes.
        client: one that is already open, in the place of ``address`` and ``workers``; it stays open.
        tell: is given a line after each task.

    Returns:
        Results and failures. A failing task does not stop the others.

    Raises:
        CourseError: before anything runs, for doubled seeds or settings, or ones that JSON cannot hold; when the
            scheduler is lost on the way.
    """
    tasks = [(seed, dict(one)) for one in settings for seed in seeds]
    results = Results(folder, function)
    paths = [results.path(*task) for task in tasks]
    if len(set(paths)) < len(paths) or not tasks:
        raise CourseError(f"{len(set(paths))} different tasks of {len(paths)}: give each seed and each settings once.")
    mark = (
        uuid.uuid4().hex
    )  # answers are read from files: to ask a scheduler that dies at that moment may take for ever
    todo = [(*one, str(path), mark) for one, path in zip(tasks, paths, strict=True) if results.read(*one) is None]
    found, began = Sweep(), time.perf_counter()
    if todo and client is not None:
        _run(client, function, todo, found, tell)
    elif todo:
        with cluster(address, workers) as own:
            tell(f"{len(todo)} of {len(tasks)} tasks to do; watch them on {own.dashboard_link}")
            _run(own, function, todo, found, tell)
    found.seconds = time.perf_counter() - began
    for seed, one in tasks:
        if kept := results.read(seed, one):
            found.rows.append(Row(seed, one, kept["value"], kept["seconds"], kept["machine"]))
            found.computed += kept["sweep"] == mark
    return found


def _run(client: Client, function: Task, tasks: list[Sent], found: Sweep, tell: Callable[[str], None]) -> None:
    """Do the tasks, all at once; those whose worker died, be it their fault or a neighbour's, once more, one by one."""
    unlucky = _send(client, function, tasks, found, tell)
    for one in unlucky:
        if _send(client, function, [one], found, tell):
            found.failures.append(f"{_name(*one[:2])}: its worker died twice (out of memory?)")
            tell(f"{found.failures[-1]} ✗")


def _send(client: Client, function: Task, tasks: list[Sent], found: Sweep, tell: Callable[[str], None]) -> list[Sent]:
    """Send tasks and wait for every answer; what is given back has no answer, for its worker died."""
    sent = {client.submit(task, function, *one, pure=False): one for one in tasks}
    unlucky = []
    for future in as_completed(sent):
        name = _name(*sent[future][:2])
        if future.status == "finished":
            tell(f"{name} ✓")
        elif future.status != "error":  # cancelled, lost
            raise CourseError(
                f"the scheduler is lost (at {name}): what was finished is kept; start it, then the same sweep again."
            )
        elif isinstance(problem := future.exception(), KilledWorker):
            unlucky.append(sent[future])
        else:
            found.failures.append(f"{name}: {_why(problem)}")
            tell(f"{found.failures[-1]} ✗")
    return unlucky


def _why(problem: BaseException) -> str:
    lines = str(problem).strip().splitlines()
    return f"{type(problem).__name__}: {lines[0]}" if lines else type(problem).__name__


def _name(seed: int, settings: Settings) -> str:
    return f"seed {seed}" + "".join(f", {key} {value}" for key, value in settings.items())


def task(function: Task, seed: int, settings: dict[str, Any], path: str, mark: str) -> None:
    """What a worker does: nothing where the result is there, else compute it and write it at once.

    Args:
        function: of the sweep.
        seed: of the task.
        settings: of the task.
        path: of its result.
        mark: of the sweep, to tell later what it computed itself.
    """
    if Path(path).is_file():
        return
    began = time.perf_counter()
    value = function(seed, **settings)
    content = {
        "function": function.__name__,
        "seed": seed,
        "settings": settings,
        "value": value,
        "seconds": round(time.perf_counter() - began, 3),
        "machine": describe(),
        "sweep": mark,
    }
    files.atomic_write(path, json.dumps(content, ensure_ascii=False) + "\n")
