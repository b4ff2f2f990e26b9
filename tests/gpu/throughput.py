"""Images a second of DCGAN-32 and DCGAN-64 on a GPU: batch, precision, memory format, compiled, CUDA graph.

    python -m tests.gpu.throughput              # writes data/bench-gpu.json with the device's name

Each row is the median of several rounds after a warm-up; a combination that does not run says why in its row.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from course_lib.data import ImageData, load
from course_lib.errors import CourseError
from course_lib.files import atomic_write
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Batch, Game

COMMAND = "python -m tests.gpu.throughput"
MEMORY = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Row:
    """One combination. how: "eager" (Game as it is), "compiled" (both networks), "graph" (one CUDA graph a step)."""

    size: int
    batch: int
    precision: str
    memory: str
    how: str = "eager"


def rows(sizes=(32, 64), batches=(64, 1024)) -> Iterator[Row]:
    for size in sizes:
        for batch in batches:
            for precision in ("float32", "bf16", "fp16"):
                for memory in MEMORY:
                    yield Row(size, batch, precision, memory)
            for how in ("compiled", "graph"):
                for precision in ("float32", "bf16"):
                    yield Row(size, batch, precision, "channels_last", how)


def stepper(row: Row, runtime: Runtime, width: int) -> Callable[[], object]:
    """A function that trains one step of this combination."""
    with runtime.seeded("weights"):
        game = Game(
            DCGenerator(width=width, size=row.size), DCDiscriminator(width=width, size=row.size), batch=row.batch
        )
    data = load("digits", runtime).padded(row.size)
    for network in (game.generator, game.discriminator):
        network.to(memory_format=MEMORY[row.memory])  # before the optimiser has any state
        if row.how == "compiled":
            network.compile()
    if row.how == "graph":
        return graphed(game, data, runtime)
    steps = iter(game.steps(data, 10**9, runtime))
    return lambda: next(steps)


def graphed(game: Game, data: ImageData, runtime: Runtime) -> Callable[[], None]:
    """The same step recorded once as a CUDA graph and replayed: the processor no longer launches each kernel.

    Latents are drawn on the GPU here, because a graph cannot wait for the CPU's generator.
    """
    if runtime.device.type != "cuda" or runtime.precision == "fp16":
        raise CourseError("a CUDA graph needs a CUDA device, and float32 or bf16: fp16's scaling looks at numbers.")
    batches = data.stream(game.batch, runtime)
    for optimiser in (game.optimiser_g, game.optimiser_d):
        for group in optimiser.param_groups:
            group["capturable"] = True
    for _ in game.steps(data, 1, runtime):  # moves everything to the device and makes Adam's state there
        pass
    real = next(batches)[0].clone()
    z = torch.randn(game.batch, game.generator.latent, device=runtime.device)
    step_number = game.step_number

    def compute() -> None:
        with runtime.autocast():
            fake = game.generator(z).float()
        game.d_step(Batch(real, fake.detach(), z, autocast=runtime.autocast))
        game.g_step(Batch(real, fake, z, autocast=runtime.autocast))
        game.ema.update(game.generator, step_number)

    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):  # CUDA wants a few runs before it records
        for _ in range(3):
            compute()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    for optimiser in (game.optimiser_g, game.optimiser_d):
        optimiser.zero_grad(set_to_none=True)  # so that gradients live in the graph's memory
    with torch.cuda.graph(graph):
        compute()

    def step() -> None:
        real.copy_(next(batches)[0])
        z.normal_()
        graph.replay()

    return step


def measure(
    row: Row, device: str, *, width: int = 32, warm_up: int = 20, rounds: int = 7, seconds: float = 0.5
) -> dict:
    """The row with its images a second and peak memory, or with the reason why it does not run."""
    wait = torch.cuda.synchronize if device == "cuda" else (lambda: None)
    result = asdict(row)
    try:
        runtime = Runtime.auto(device=device, precision=row.precision)
        step = stepper(row, runtime, width)
        if device == "cuda":
            torch.cuda.reset_peak_memory_stats()
        for _ in range(warm_up):
            step()
        wait()
        rates = []
        for _ in range(rounds):
            began, done = time.perf_counter(), 0
            while done == 0 or time.perf_counter() - began < seconds:
                for _ in range(5):
                    step()
                wait()
                done += 5
            rates.append(done * row.batch / (time.perf_counter() - began))
        result |= {
            "images_per_s": round(statistics.median(rates)),
            "lowest": round(min(rates)),
            "highest": round(max(rates)),
        }
        if device == "cuda":
            result["peak_mib"] = torch.cuda.max_memory_allocated() >> 20
    except Exception as problem:  # one combination that fails must not lose the others
        result["failed"] = f"{type(problem).__name__}: {str(problem).splitlines()[0] if str(problem) else ''}"
    if row.how == "compiled":
        torch.compiler.reset()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "bench-gpu.json")
    out = parser.parse_args().out
    if not torch.cuda.is_available():
        raise SystemExit("throughput: no CUDA device on this machine; nothing was measured.")
    result = {
        "command": COMMAND,
        "device": torch.cuda.get_device_name(),
        "torch": torch.__version__.split("+")[0],
        "cuda": torch.version.cuda,
        "cudnn_tf32": torch.backends.cudnn.allow_tf32,
        "meaning": "DCGAN, width 32, digits on a black border; medians of 7 rounds of half a second",
        "rows": [],
    }
    for row in rows():
        result["rows"].append(measure(row, "cuda"))
        print(result["rows"][-1], flush=True)
        atomic_write(out, json.dumps(result, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
