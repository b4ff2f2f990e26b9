"""What a training costs on pictures that lie in memory, and on a folder that is read while it trains: in one process.

``python -m course_lib.chapters.ch14_scale_up.streaming FOLDER resident|streamed STEPS SEED`` prints the numbers as
JSON. A process of its own each time, because a process does not give its highest memory back.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from course_lib.data import ImageData
from course_lib.errors import CourseError
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

SIZE, BATCH, WIDTH, WARM = 32, 32, 16, 20
HOW = ("resident", "streamed")


def measured(folder: Path | str, how: str, steps: int, seed: int) -> dict[str, float]:
    """Train a small DCGAN on a folder, in a process of its own.

    Args:
        folder: of pictures of 32 × 32 pixels in colour.
        how: "resident" or "streamed".
        steps: that are timed, after some that are not.
        seed: of weights and order.

    Returns:
        ``opened``: seconds until the first step could begin; ``images``: a second, of the timed steps; ``cpu``:
        milliseconds of processor time an image; ``mib``: by how much the process's highest memory rose.

    Raises:
        CourseError: when the process failed.
    """
    line = [sys.executable, "-m", __name__, str(folder), how, str(steps), str(seed)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"the {how} training failed ({(done.stderr.strip().splitlines() or ['?'])[-1]}).")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _here(folder: str, how: str, steps: int, seed: int) -> dict[str, float]:
    runtime = Runtime.auto(device="cpu", seed=seed)
    with runtime.seeded("weights"):
        game = Game(DCGenerator(32, WIDTH, SIZE, 3), DCDiscriminator(WIDTH, size=SIZE, channels=3), batch=BATCH)
        other = Game(DCGenerator(32, WIDTH, SIZE, 3), DCDiscriminator(WIDTH, size=SIZE, channels=3), batch=BATCH)
    few = ImageData.folder(Path(folder).with_name("few"), size=SIZE)
    for _ in other.steps(few, WARM, runtime):  # so that what every training needs is there before we look
        pass
    before, began = _highest_mib(), time.perf_counter()
    data = ImageData.folder(folder, size=SIZE, stream=how == "streamed")
    for _ in game.steps(data, WARM, runtime):
        pass
    opened = time.perf_counter() - began
    began, busy = time.perf_counter(), time.process_time()
    for _ in game.steps(data, steps, runtime):
        pass
    seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    many = steps * BATCH
    return {
        "opened": round(opened, 2),
        "images": round(many / seconds, 1),
        "cpu": round(1000 * cpu / many, 3),
        "mib": round(_highest_mib() - before, 1),
    }


def _highest_mib() -> float:
    """The highest resident memory of this process so far, in MiB."""
    import resource  # not on Windows, where nothing is recorded

    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return highest / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    print(json.dumps(_here(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
