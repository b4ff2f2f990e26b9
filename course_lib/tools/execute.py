"""Run notebooks headless, several at once, each in a kernel and a scratch folder of its own."""

import ast
import asyncio
import atexit
import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import jupytext
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from course_lib import arithmetic, files
from course_lib.errors import CourseError, one_of

CELL_TIMEOUT = 1800  # seconds; `full` profiles train for long, and a hanging cell must still end
_KEPT_METADATA = ("tags", "alt", "jupyter")


@dataclass
class Job:
    """One execution of a notebook; :func:`execute` fills in the last three.

    Attributes:
        name: of the lesson.
        notebook: executed in place.
        seed: what a progress bar says; the notebook has its own.
        arithmetic: whose rounding the kernel calculates with, see :mod:`course_lib.arithmetic`.
        seconds: how long it took.
        error: one sentence that names the cell; None without one.
        scratch: the folder that it ran in, which is gone.
    """

    name: str
    notebook: NotebookNode
    seed: int | None = None
    arithmetic: str = "native"
    seconds: float = 0.0
    error: str | None = None
    scratch: str = ""


def source_path(name: str) -> Path:
    """The percent source of a lesson, ``notebooks/src/NN_chapter/K_lesson.py``.

    Args:
        name: of the lesson, ``NN_chapter/K_lesson``.
    """
    return files.notebooks_source() / f"{name}.py"


def code_sha(name: str) -> str:
    """Hex SHA-256 of a notebook's code cells: prose changes neither what is measured nor how long it takes.

    Args:
        name: of the lesson, ``NN_chapter/K_lesson``.
    """
    cells = [cell.source for cell in read_source(name).cells if cell.cell_type == "code"]
    return hashlib.sha256("\n\n".join(cells).encode()).hexdigest()


def source_sha(name: str) -> str:
    """Hex SHA-256 of a notebook's source, the same for every convention of line ends.

    Args:
        name: of the lesson, ``NN_chapter/K_lesson``.
    """
    text = source_path(name).read_text(encoding="utf-8")  # universal newlines
    return hashlib.sha256(text.encode()).hexdigest()


def read_source(name: str) -> NotebookNode:
    """The unexecuted notebook of a source: minimal metadata, cell ids that depend on content alone.

    Args:
        name: of the lesson, ``NN_chapter/K_lesson``.
    """
    notebook = jupytext.read(source_path(name), fmt="py:percent")
    notebook.metadata = NotebookNode(
        kernelspec=NotebookNode(display_name="Python 3", language="python", name="python3"),
        language_info=NotebookNode(name="python"),
        course=NotebookNode(source=source_sha(name)),
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        content = f"{cell.cell_type}:{cell.source}"
        seen[content] = seen.get(content, 0) + 1
        cell["id"] = hashlib.sha256(f"{seen[content]}:{content}".encode()).hexdigest()[:12]
        cell.metadata = NotebookNode({k: v for k, v in cell.metadata.items() if k in _KEPT_METADATA})
    return notebook


def parameters(notebook: NotebookNode) -> dict[str, object]:
    """The parameters of a notebook, from the cell tagged ``parameters``.

    Args:
        notebook: whose.

    Returns:
        Name → default value; empty when there is no such cell.
    """
    found = {}
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    with contextlib.suppress(ValueError):
                        found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def with_parameters(notebook: NotebookNode, **values: object) -> NotebookNode:
    """The notebook itself, with a cell of new values after its ``parameters`` cell, as papermill does.

    Args:
        notebook: changed in place.
        **values: parameter → value, which its ``repr`` makes again.

    Raises:
        CourseError: for a name the notebook has no parameter of (papermill would only warn), listing the valid ones.
    """
    valid = parameters(notebook)
    for name in values:
        one_of("parameter", name, valid)
    at = next((i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", [])), -1)
    text = "\n".join(["# Parameters", *(f"{name} = {value!r}" for name, value in values.items())])
    cell = new_code_cell(text, metadata={"tags": ["injected-parameters"]}, id="injected-parameters")
    notebook.cells.insert(at + 1, cell)
    return notebook


def execute(jobs: list[Job], workers: int = 2, on_cell: Callable[[Job], None] = lambda job: None) -> list[Job]:
    """The jobs themselves, executed; one that fails has ``error`` set and the others go on.

    Args:
        jobs: filled in, in place.
        workers: how many run at once.
        on_cell: called after each executed cell, for progress bars.

    Raises:
        CourseError: for a number of workers below 1.
    """
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise CourseError(f"workers {workers!r} is not a whole number from 1 on: use for example 2.")
    asyncio.run(_execute_all(jobs, workers, on_cell))
    return jobs


def headless_environment(scratch: str) -> dict[str, str]:
    """The environment of every headless kernel: one thread, no learner's workspace, no settings of this account.

    Args:
        scratch: the kernel's own folder.

    Returns:
        Variable → value, this process's own among them.
    """
    environment = {name: value for name, value in os.environ.items() if name != "COURSE_WORKSPACE"}
    return environment | {
        "COURSE_HEADLESS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "IPYTHONDIR": os.path.join(scratch, ".ipython"),
    }


def first_line(source: str) -> str:
    """The first line of a cell that says something, to recognise the cell by.

    Args:
        source: of the cell.
    """
    lines = [line for line in source.splitlines() if line.strip()]
    return lines[0].strip() if lines else "(empty)"


async def _execute_all(jobs: list[Job], workers: int, on_cell: Callable[[Job], None]) -> None:
    def refuse(*_: object) -> NoReturn:
        raise RuntimeError("nbclient's handler would stop one kernel; Ctrl-C means all of them")

    loop: Any = asyncio.get_running_loop()  # Any: one of its methods is replaced
    loop.add_signal_handler = refuse
    gate = asyncio.Semaphore(workers)
    await asyncio.gather(*(_execute_one(job, gate, on_cell) for job in jobs))


async def _execute_one(job: Job, gate: asyncio.Semaphore, on_cell: Callable[[Job], None]) -> None:
    running = {"cell": 0}

    def starts(cell: NotebookNode, cell_index: int) -> None:
        running["cell"] = cell_index

    async with gate:
        with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as scratch:
            job.scratch = os.path.realpath(scratch)
            work = os.path.join(job.scratch, "work")
            os.mkdir(work)
            client = NotebookClient(
                job.notebook,
                kernel_name="python3",
                timeout=CELL_TIMEOUT,
                record_timing=False,
                store_widget_state=False,
                resources={"metadata": {"path": work}},
                on_cell_start=starts,
                on_cell_executed=lambda **_: on_cell(job),
            )
            start = time.perf_counter()
            try:
                with open(os.path.join(job.scratch, "kernel.log"), "wb") as log:  # else it garbles the progress bar
                    variables = headless_environment(job.scratch) | arithmetic.environment(job.arithmetic)
                    await client.async_execute(env=variables, stderr=log)
            except CellExecutionError as error:
                job.error = _sentence(job, running["cell"], f"{error.ename}: {error.evalue}")
            except CellTimeoutError:
                job.error = _sentence(job, running["cell"], f"still running after {CELL_TIMEOUT} s")
            except DeadKernelError:
                job.error = _sentence(job, running["cell"], "the kernel died (out of memory?)")
            except RuntimeError as error:  # the kernel did not start
                job.error = f"{job.name}: {error}"
            finally:
                atexit.unregister(client._cleanup_kernel)  # a cancelled nbclient forgets to, and then fails at exit
                job.seconds = time.perf_counter() - start


def _sentence(job: Job, index: int, what: str) -> str:
    line = first_line(job.notebook.cells[index].source)
    return f"{job.name}, cell {index} (`{line}`): {what.strip().splitlines()[0]}"
