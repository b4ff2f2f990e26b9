"""What a training costs on pictures that lie in memory, and on a folder that is read while it trains: in one process.

``python -m course_lib.chapters.ch14_scale_up.streaming FOLDER resident|streamed|both STEPS SEED`` prints the numbers as
JSON. A process of its own each time, because a process does not give its highest memory back.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import torch
from PIL import Image
from torch.nn.functional import pad

from course_lib.chapters.ch14_scale_up import faces
from course_lib.data import ImageData
from course_lib.data.batches import BatchedData
from course_lib.errors import CourseError
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

SIZE, BATCH, WIDTH, WARM = 32, 32, 16, 20
BLOCK, UNTIMED = 12, 2  # steps of one kind in a row, and those of them that still use what the other kind left
HOW = ("resident", "streamed")
OPENED = {"a PNG file of 32 × 32 pixels": (32, 32), "a JPEG file of 1,024 × 768 pixels": (768, 1024)}


def measured(folder: Path | str, steps: int, seed: int) -> dict[str, dict[str, float]]:
    """Train a small DCGAN on a folder, three times in processes of their own: resident, streamed, both in turn.

    Speeds are those of the process that trains both, a dozen steps of the one, a dozen of the other: whatever else
    this machine does slows both alike. Memory is that of the process that trains one.

    Args:
        folder: of pictures of 32 × 32 pixels in colour.
        steps: of each kind that are timed, after some that are not.
        seed: of weights and order.

    Returns:
        How → ``opened``: seconds until 20 steps were done; ``mib``: the process's highest memory; ``rose``: by how
        much of it that rose after these steps; ``images`` a second; ``cpu``: milliseconds of processor time an image.

    Raises:
        CourseError: when a process failed.
    """
    both = _apart(folder, "both", steps, seed)
    return {how: _apart(folder, how, steps, seed)[how] | both[how] for how in HOW}


def _apart(folder: Path | str, how: str, steps: int, seed: int) -> dict[str, dict[str, float]]:
    line = [sys.executable, "-m", __name__, str(folder), how, str(steps), str(seed)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"the {how} training failed ({(done.stderr.strip().splitlines() or ['?'])[-1]}).")
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


def _here(folder: str, how: str, steps: int, seed: int) -> dict[str, dict[str, float]]:
    runtime = Runtime.auto(device="cpu", seed=seed)
    if how == "both":
        return _speeds({one: _opened(folder, one) for one in HOW}, steps, runtime)
    began = time.perf_counter()
    data, game = _opened(folder, how), _game(runtime)
    for _ in game.steps(data, WARM, runtime):
        pass
    opened, before = time.perf_counter() - began, _highest_mib()
    for _ in game.steps(data, steps, runtime):
        pass
    highest = _highest_mib()
    return {how: {"opened": round(opened, 2), "mib": round(highest, 1), "rose": round(highest - before, 1)}}


def _speeds(sets: dict[str, BatchedData], steps: int, runtime: Runtime) -> dict[str, dict[str, float]]:
    blocks = max(1, steps // (BLOCK - UNTIMED))
    trainings = {how: _game(runtime).steps(data, WARM + blocks * BLOCK, runtime) for how, data in sets.items()}
    for training in trainings.values():
        for _ in range(WARM):
            next(training)
    spent, busy = dict.fromkeys(HOW, 0.0), dict.fromkeys(HOW, 0.0)
    for block in range(blocks):
        for how in HOW[:: 1 if block % 2 else -1]:
            for _ in range(UNTIMED):
                next(trainings[how])
            began, cpu = time.perf_counter(), time.process_time()
            for _ in range(BLOCK - UNTIMED):
                next(trainings[how])
            spent[how] += time.perf_counter() - began
            busy[how] += time.process_time() - cpu
    many = blocks * (BLOCK - UNTIMED) * BATCH
    return {how: {"images": round(many / spent[how], 1), "cpu": round(1000 * busy[how] / many, 3)} for how in HOW}


def openings(folder: Path | str, times: int, seed: int) -> dict[str, dict[str, float]]:
    """What it costs to open one picture of a streamed folder: a small one, and one of a photograph's size.

    Args:
        folder: where the two files are made; it must not be there yet.
        times: how often each is opened, in batches of 8, of which the median counts.
        seed: of what is drawn.

    Returns:
        Kind of file → ``cpu``: milliseconds of processor time, with the resizing to 32 × 32 pixels.
    """
    generator, found = torch.Generator().manual_seed(seed), {}
    for name, (high, wide) in OPENED.items():
        place = Path(folder) / name[2:5]
        place.mkdir(parents=True)
        drawn = pad(faces.draw(1, generator, high).images, ((wide - high) // 2,) * 2 + (0, 0), "replicate")[0]
        grainy = (drawn + 0.1 * torch.randn(drawn.shape, generator=generator) * (wide > high)).clamp(-1, 1)
        file = place / ("face.jpg" if "JPEG" in name else "face.png")
        Image.fromarray(((grainy + 1) * 127.5).byte().permute(1, 2, 0).numpy()).save(file, quality=90)
        pictures = ImageData.folder(place, size=SIZE, crop=True, stream=True).examples
        each = []
        for some in torch.zeros(times, dtype=torch.long).split(8):
            began = time.process_time()
            pictures[some]
            each.append((time.process_time() - began) / len(some))
        found[name] = {"cpu": round(1000 * median(each), 3)}
    return found


def _opened(folder: str, how: str) -> BatchedData:
    return ImageData.folder(folder, size=SIZE, stream=how == "streamed")


def _game(runtime: Runtime) -> Game:
    with runtime.seeded("weights"):
        return Game(DCGenerator(32, WIDTH, SIZE, 3), DCDiscriminator(WIDTH, size=SIZE, channels=3), batch=BATCH)


def _highest_mib() -> float:
    """The highest resident memory of this process so far, in MiB.

    On Linux as the kernel counts it for this program: ``getrusage`` would begin with what the process that started it
    had.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) / 2**10
    import resource  # not on Windows, where nothing is recorded

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    print(json.dumps(_here(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
