"""DCGAN-64 on a GPU: one change at a time, at rising batch, as images a second and percent of peak.

    make gpu-times        # on a machine with a CUDA GPU; writes data/times-gpu.json, and goes on where it stopped

Each row is the median of several rounds after a warm-up; a combination that does not run says why in its row.
"""

import datetime
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from course_lib import files, precision
from course_lib.chapters.ch14_scale_up import speed_limits, speed_ways
from course_lib.chapters.ch14_scale_up.speed_calls import calls
from course_lib.chapters.ch14_scale_up.speed_graph import graphed
from course_lib.chapters.ch14_scale_up.speed_roofline import Limits, share_of_peak, work_of
from course_lib.data import load
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

COMMAND = "make gpu-times"
BATCHES = (16, 64, 256, 1024, 2048)
MEMORY = ("contiguous", "channels_last")
PRECISIONS = ("float32", "bf16", "fp16")


@dataclass(frozen=True)
class Row:
    """One combination.

    Attributes:
        batch: pictures of a step.
        precision: of ``PRECISIONS``.
        memory: of ``MEMORY``.
        how: "eager" (PyTorch as it is), "compiled" (both networks) or "graph" (one CUDA graph a step).
        size: of the pictures, in pixels.
    """

    batch: int
    precision: str = "float32"
    memory: str = "contiguous"
    how: str = "eager"
    size: int = 64

    @property
    def name(self) -> str:
        """What is changed, in words."""
        parts = (self.precision, self.memory.replace("_", " "), self.how)
        changed = [part for part in parts if part not in ("float32", "contiguous", "eager")]
        return " + ".join(changed) or "plain"


def rows(batches: tuple[int, ...] = BATCHES) -> Iterator[Row]:
    """What is measured: for each batch nothing changed, one thing changed, and what may be best together.

    Args:
        batches: that are tried.

    Yields:
        The rows.
    """
    for batch in batches:
        yield Row(batch)
        yield Row(batch, memory="channels_last")
        yield Row(batch, precision="bf16")
        yield Row(batch, precision="fp16")
        yield Row(batch, how="compiled")
        yield Row(batch, how="graph")
        yield Row(batch, "bf16", "channels_last")
        yield Row(batch, "bf16", "channels_last", "compiled")
        yield Row(batch, "bf16", "channels_last", "graph")


def game_of(row: Row, runtime: Runtime, width: int) -> Game:
    """A DCGAN in this row's memory format, compiled where it says so.

    Args:
        row: of :func:`rows`.
        runtime: seed and device.
        width: of both networks.

    Returns:
        The game.
    """
    with runtime.seeded("weights"):
        networks = DCGenerator(width=width, size=row.size), DCDiscriminator(width=width, size=row.size)
        game = Game(*networks, batch=row.batch)
    speed_ways.lay_out(game, row.memory == "channels_last", row.how == "compiled")
    return game


def stepper(row: Row, runtime: Runtime, width: int) -> Callable[[], object]:
    """A function that trains one step of this combination.

    Args:
        row: of :func:`rows`.
        runtime: seed, device and precision.
        width: of both networks.

    Returns:
        The function.

    Raises:
        CourseError: for a CUDA graph where there can be none.
    """
    game, data = game_of(row, runtime, width), load("digits", runtime).padded(row.size)
    if row.how == "graph":
        return graphed(game, data, runtime)
    return speed_ways.stepper(game, runtime, data)


def work_of_picture(size: int, width: int) -> dict[str, float]:
    """Operations of a step for one picture of the batch, counted on the CPU.

    Args:
        size: of the pictures, in pixels.
        width: of both networks.

    Returns:
        "products" and "convolutions" → operations.
    """
    runtime = Runtime.auto(device="cpu", precision="float32")
    step = stepper(Row(2, size=size), runtime, width)
    return {kind: work / 2 for kind, work in work_of(calls(step)).items()}


def measure(
    row: Row,
    device: str,
    limits: Limits,
    work: dict[str, float],
    *,
    width: int = 64,
    warm_up: int = 10,
    rounds: int = 5,
    seconds: float = 0.4,
) -> dict[str, Any]:
    """Measure a row.

    Args:
        row: of :func:`rows`.
        device: "cuda", or "cpu" to try this function.
        limits: of the device in the row's precision.
        work: of one picture, as :func:`work_of_picture` gives it.
        width: of both networks.
        warm_up: steps before anything is timed.
        rounds: of which the median is taken.
        seconds: of a round, at least.

    Returns:
        The row with its images a second, share of peak and peak memory, or with the reason why it does not run.
    """
    where, found = torch.device(device), asdict(row) | {"name": row.name}
    try:
        step = stepper(row, Runtime.auto(device=device, precision=row.precision), width)
        if device == "cuda":
            torch.cuda.reset_peak_memory_stats()
        for _ in range(warm_up):
            step()
        precision.wait(where)
        rates = []
        for _ in range(rounds):
            began, done = time.perf_counter(), 0
            while done == 0 or time.perf_counter() - began < seconds:
                for _ in range(5):
                    step()
                precision.wait(where)
                done += 5
            rates.append(done * row.batch / (time.perf_counter() - began))
        rate = statistics.median(rates)
        share = share_of_peak(work, limits, 1 / rate)
        found |= {"images_per_s": round(rate), "lowest": round(min(rates)), "highest": round(max(rates))}
        found["share_of_peak"] = float(f"{share:.3g}")
        if device == "cuda":
            found["peak_mib"] = torch.cuda.max_memory_allocated() >> 20
    except Exception as problem:  # one combination that fails must not lose the others
        found["failed"] = f"{type(problem).__name__}: {str(problem).splitlines()[0] if str(problem) else ''}"
    if row.how == "compiled":
        torch.compiler.reset()
    return found


def record(
    path: Path,
    device: str = "cuda",
    tell: Callable[[str], None] = print,
    *,
    wanted: tuple[Row, ...] = tuple(rows()),
    width: int = 64,
    side: int = 4096,
    **quick: float,
) -> dict[str, Any]:
    """Measure what ``path`` lacks, and write it after each row.

    Args:
        path: of the file.
        device: "cuda", or "cpu" to try this function.
        tell: is given a line after each row.
        wanted: the rows.
        width: of both networks.
        side: of the matrices whose product is the limit.
        **quick: settings of :func:`measure`.

    Returns:
        What the file now holds.
    """
    on_cuda = device == "cuda"
    head = {
        "command": COMMAND,
        "device": torch.cuda.get_device_name() if on_cuda else device,
        "torch": torch.__version__.split("+")[0],
        "cuda": torch.version.cuda if on_cuda else None,
        "tf32": {"convolutions": torch.backends.cudnn.allow_tf32, "products": torch.backends.cuda.matmul.allow_tf32},
        "networks": f"DCGAN, 64 × 64 pixels, width {width}, digits on a black border",
    }
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    kept = before if all(before.get(key) == value for key, value in head.items()) else {}
    done = kept.get("rows", [])
    tried = PRECISIONS if on_cuda else ("float32", "bf16")
    limits = {name: speed_limits.measured(device, name, size=side) for name in tried}  # of this run
    work = work_of_picture(wanted[0].size, width)
    today = {"date": datetime.datetime.now(datetime.UTC).date().isoformat(), "operations_per_image": work}
    found = head | today | {"limits": {name: asdict(one) for name, one in limits.items()}, "rows": done}
    for row in wanted:
        if any({**one, **asdict(row)} == one for one in done):
            continue
        done.append(measure(row, device, limits.get(row.precision, limits["float32"]), work, width=width, **quick))  # type: ignore[arg-type]
        files.atomic_write(path, json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        tell(str(done[-1]))
    return found


def main() -> None:
    """Measure on this machine's GPU."""
    if not torch.cuda.is_available():
        raise SystemExit("gpu-times: no CUDA device on this machine; nothing was measured.")
    record(files.checkout("data/times-gpu.json is written") / "data" / "times-gpu.json")


if __name__ == "__main__":
    main()
