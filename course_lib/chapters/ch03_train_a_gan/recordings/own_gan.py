"""The course's twin of the GAN that lesson 03.3 trains, for learners who have kept none (`course record own-gan`)."""

import json
from collections.abc import Callable

from course_lib import files
from course_lib.data import load
from course_lib.learn import mine
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.show import History
from course_lib.training import Game

STEPS, SEED = 1000, 0  # as the lesson trains it


def record(tell: Callable[[str], None] = print, steps: int = STEPS) -> None:
    """Train it as the lesson does, and write ``data/mine``, its weights rounded to 16 bits.

    Args:
        tell: is given a line at the end.
        steps: of training.
    """
    runtime, history = Runtime.auto(seed=SEED, device="cpu"), History()
    with runtime.seeded("DCGAN"):
        game = Game(DCGenerator(), DCDiscriminator(), lr=1e-3, batch=32)
    for step in game.steps(load("digits", runtime), steps, runtime):
        history.add(step)
    weights, facts = mine.packed(game, history, SEED, half=True)
    facts["curves"] = {name: [round(value, 4) for value in values] for name, values in facts["curves"].items()}
    files.atomic_write(files.shipped("mine", mine.WEIGHTS), weights)
    files.atomic_write(files.shipped("mine", mine.FACTS), json.dumps(facts) + "\n")
    tell(f"{steps:,} steps: {len(weights):,} bytes")
