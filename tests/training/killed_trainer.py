"""Train with checkpoints, killed by SIGKILL at random moments and resumed; print what came of it as JSON.

Run by test_killed.py. Each training is a process of its own, forked from this one, which has imported torch but
computed nothing with it: a fresh interpreter would spend most of each of the forty runs importing torch.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from every_trainer import trainer
from training_games import blobs, digest, game, runtime

from course_lib.training import checkpointed, resume
from course_lib.training.checkpoint import load

EVERY, KILLS = 3, 20
KINDS = {  # how many steps, and what is trained
    "game": (300, lambda: game("mlp dropout")),
    "classifier": (60, lambda: trainer("classifier", total=60)),
}


def trained(kind: str, path: Path, result: Path) -> tuple[int, int]:
    """Fork a process that resumes from ``path`` if it is there, trains to the end and writes its digest.

    Returns its id, and a pipe from which one byte can be read for each of its steps.
    """
    news, tell = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            steps, make = KINDS[kind]
            g = make()
            done = resume(g, path) if path.exists() else 0
            for _ in checkpointed(g.steps(blobs(), steps - done, runtime()), path, EVERY):
                os.write(tell, b".")
            result.write_text(digest(g))
            code = 0
        finally:
            os._exit(code)
    os.close(tell)
    return child, news


def to_the_end(kind: str, path: Path, result: Path) -> str:
    child, news = trained(kind, path, result)
    _, status = os.waitpid(child, 0)
    os.close(news)
    return result.read_text() if status == 0 else f"status {status}"


def main(folder: Path, seed: int, kind: str) -> None:
    KINDS[kind][1]()  # torch imports its compiler (3 s) with the first optimiser: here once, not in each child
    whole = to_the_end(kind, folder / "whole.c", folder / "whole")
    pick = random.Random(seed)
    killed, leftovers, steps, digests = 0, 0, [], []
    for n in range(KILLS):
        path, result = folder / f"{n}.c", folder / str(n)
        child, news = trained(kind, path, result)
        for _ in range(pick.randrange(KINDS[kind][0] - 20)):  # a random step, and then a random moment in it
            os.read(news, 1)
        time.sleep(pick.uniform(0, 0.01))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(news)
        killed += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL and not result.exists()
        leftovers += any(folder.glob(f".{n}.c.*.part"))
        steps.append(load(path)[1]["step"] if path.exists() else 0)
        digests.append(to_the_end(kind, path, result))
    corrupt = [p.name for p in folder.glob("*.corrupt-*")]
    print(
        json.dumps(
            {
                "whole": whole,
                "digests": digests,
                "killed": killed,
                "steps": steps,
                "leftovers": leftovers,
                "corrupt": corrupt,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
