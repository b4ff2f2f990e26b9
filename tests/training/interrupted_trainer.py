"""Train while another thread sends this process Ctrl-C at random moments; print what came of it as JSON.

Run by test_killed.py. After each interrupt the checkpoint on disk must be the game in memory, step for step.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

from training_games import blobs, digest, game, runtime

from course_lib.training import checkpointed, resume

STEPS = 400


def main(path: Path, seed: int) -> None:
    whole = game("mlp dropout")
    list(whole.steps(blobs(), STEPS, runtime()))
    g, interrupts, mismatches, inside, over = game("mlp dropout"), [], [], threading.Event(), threading.Event()

    def bother():
        pick = random.Random(seed)
        while not over.is_set():
            inside.wait()
            later = g.step_number + pick.randrange(1, 40)  # a random step, and then a random moment in it
            while g.step_number < later and not over.is_set():
                time.sleep(0.0002)
            time.sleep(pick.uniform(0, 0.003))
            if inside.is_set() and not over.is_set():
                inside.clear()
                os.kill(os.getpid(), signal.SIGINT)

    def go_on():
        steps = checkpointed(g.steps(blobs(), STEPS - g.step_number, runtime()), path, every=50)
        inside.set()
        for _ in steps:
            pass
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # one may still be on its way
        over.set()

    threading.Thread(target=bother, daemon=True).start()
    while not over.is_set():
        try:
            go_on()
        except KeyboardInterrupt:
            interrupts.append(g.step_number)
            if path.exists():
                seen = game("mlp dropout")
                # An interrupt between two steps reaches the consumer; its checkpoint may then be an older one.
                if resume(seen, path) == g.step_number and digest(seen) != digest(g):
                    mismatches.append(g.step_number)
    print(
        json.dumps(
            {"whole": digest(whole), "interrupted": digest(g), "interrupts": interrupts, "mismatches": mismatches}
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
