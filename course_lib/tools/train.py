"""One large run, on as many processes as ``torchrun`` starts: each computes its part of every batch.

``torchrun --nproc-per-node 2 -m course_lib.tools.train runs/mine --data digits --steps 2000``; one process without
``torchrun``. When a process dies, ``torchrun --max-restarts 3`` starts all again, and they go on from the last
checkpoint, which only the first process writes. The same command goes on with a run that was stopped.
"""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from torch import distributed as dist
from torch import nn

from course_lib.data import ImageData, load
from course_lib.data.batches import BatchedData
from course_lib.errors import CourseError
from course_lib.files import atomic_write
from course_lib.models import DCDiscriminator, DCGenerator, with_shared_batch_norm
from course_lib.runtime import Runtime
from course_lib.training import Game, SharedGame, checkpointed, resume

CHECKPOINT = "game.safetensors"
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def train(
    folder: Path,
    data: str = "digits",
    *,
    size: int | None = None,
    steps: int = 2000,
    batch: int = 64,
    width: int = 32,
    norm: str = "spectral",
    loss: str = "non-saturating",
    lr: float = 2e-4,
    seed: int = 0,
    device: str = "auto",
    precision: str = "auto",
    every: int = 100,
) -> Path:
    """Train a DCGAN in this process, as one of however many ``torchrun`` has started.

    Args:
        folder: of the run: its checkpoint ``game.safetensors``, and ``speed.json`` when it has ended.
        data: a data set's name, or a folder of pictures, which are then opened batch by batch.
        size: of the pictures of a folder, in pixels.
        steps: in all; a run that has had some goes on.
        batch: of all processes together.
        width: of both networks.
        norm: of D: "spectral", "batch" or "none". G has batch norm, over all processes' examples.
        loss: a name of ``course_lib.losses``.
        lr: step size of both players.
        seed: of weights, batches, latents.
        device: "auto", "cpu" or "cuda" (then each process has its own).
        precision: "auto", "float32", "bf16" or "fp16".
        every: steps between checkpoints.

    Returns:
        The checkpoint's path.

    Raises:
        CourseError: for settings that make no run.
    """
    processes, local = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("LOCAL_RANK", "0"))
    runtime = Runtime.auto(device=device, seed=seed, precision=precision)
    if processes > 1:
        if runtime.device.type == "cuda":
            runtime = Runtime.auto(device=f"cuda:{local}", seed=seed, precision=precision)
        _meet("nccl" if runtime.device.type == "cuda" else "gloo")
    try:
        return _run(folder, _data(data, size, runtime), runtime, processes, steps, batch, width, norm, loss, lr, every)
    finally:
        if processes > 1:
            dist.destroy_process_group()


def _meet(backend: str) -> None:
    """Join the process group that ``torchrun`` describes."""
    store, rank, processes = next(dist.rendezvous("env://"))
    if os.environ.get("GROUP_WORLD_SIZE", "1") == "1":
        # torchrun (torch 2.15) keeps one store over its restarts, and in it the addresses of those that died: who reads
        # one waits for nobody. So each attempt has its own keys. The count is one machine's: several may differ in it.
        store = dist.PrefixStore(f"attempt_{os.environ.get('TORCHELASTIC_RESTART_COUNT', '0')}", store)
    dist.init_process_group(backend, store=store, rank=rank, world_size=processes)


def _run(
    folder: Path,
    data: BatchedData,
    runtime: Runtime,
    processes: int,
    steps: int,
    batch: int,
    width: int,
    norm: str,
    loss: str,
    lr: float,
    every: int,
) -> Path:
    channels, size = data.shape[0], data.shape[1]
    with runtime.seeded("weights"):
        generator: nn.Module = DCGenerator(width=width, size=size, channels=channels)
        discriminator: nn.Module = DCDiscriminator(
            width=width, norm=None if norm == "none" else norm, size=size, channels=channels
        )
    settings: dict[str, Any] = {"loss": loss, "lr": lr, "batch": batch, "betas": (0.5, 0.999), "ema": 0.999}
    game: Game
    mine: BatchedData
    if processes > 1:
        players = [_shared(network, runtime) for network in (generator, discriminator)]
        game = SharedGame(*players, **settings)
        mine, first = game.part_of(data), game.rank == 0
    else:
        game, mine, first = Game(generator, discriminator, **settings), data, True
    path = folder / CHECKPOINT
    if path.is_file():
        resume(game, path)
    run = game.steps(mine, max(0, steps - game.step_number), runtime)
    for record in checkpointed(run, path, every) if first else run:
        if first and (record.step % every == 0 or record.step == steps):
            told = {"step": record.step, "d_loss": round(record.d_loss, 4), "g_loss": round(record.g_loss, 4)}
            print(json.dumps(told | {"images_per_s": round(record.images_per_s * processes)}), flush=True)
    if first and run.done:
        speed = {"processes": processes, "steps": run.done, "seconds": run.seconds, "batch": batch}
        atomic_write(folder / "speed.json", json.dumps(speed) + "\n")
    return path


def _shared(network: nn.Module, runtime: Runtime) -> nn.Module:
    if runtime.device.type == "cuda":
        return nn.SyncBatchNorm.convert_sync_batchnorm(network).to(runtime.device)
    return with_shared_batch_norm(network)


def _data(name: str, size: int | None, runtime: Runtime) -> BatchedData:
    if Path(name).is_dir():
        return ImageData.folder(name, size=size, crop=True, stream=True, runtime=runtime)
    return load(name, runtime)


@app.command()
def main(
    folder: Annotated[Path, typer.Argument(help="Of the run; one that is there goes on.")],
    data: Annotated[str, typer.Option(help="A data set's name, or a folder of pictures.")] = "digits",
    size: Annotated[int | None, typer.Option(help="Pixels a side, for a folder.")] = None,
    steps: Annotated[int, typer.Option(min=1)] = 2000,
    batch: Annotated[int, typer.Option(min=1, help="Of all processes together.")] = 64,
    width: Annotated[int, typer.Option(min=1, help="Of both networks.")] = 32,
    norm: Annotated[str, typer.Option(help="Of D: spectral, batch or none.")] = "spectral",
    loss: Annotated[str, typer.Option(help="A loss of the course.")] = "non-saturating",
    lr: Annotated[float, typer.Option(help="Step size of both players.")] = 2e-4,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    precision: Annotated[str, typer.Option(help="auto, float32, bf16 or fp16.")] = "auto",
    every: Annotated[int, typer.Option(min=1, help="Steps between checkpoints.")] = 100,
) -> None:
    """Train a DCGAN; see the module."""
    settings = {"size": size, "steps": steps, "batch": batch, "width": width, "norm": norm, "loss": loss, "lr": lr}
    try:
        train(folder, data, **settings, seed=seed, device=device, precision=precision, every=every)  # type: ignore[arg-type]
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    app()
