"""The race of chapter 12 on 4,000 pictures of Fashion-MNIST (`course record guided-fashion`).

It needs the complete set (see ``data.complete``): its judge is trained on all 60,000 training pictures, as the zoo's
judge of digits is on the shipped ones. The games imitate the first 4,000; the first 1,000 of the test set are held out.
"""

from collections.abc import Callable

from course_lib.chapters.ch12_guided_training import race
from course_lib.data import ImageData, load
from course_lib.models import Judge
from course_lib.runtime import Runtime
from course_lib.training.classifier import ClassifierTrainer

TRAIN, HELD_OUT, JUDGE_STEPS = 4000, 1000, 2500


def record(seeds: tuple[int, ...] = race.SEEDS, tell: Callable[[str], None] = print) -> None:
    """Write ``data/runs/guided-fashion.json``; see :func:`race.record`.

    Args:
        seeds: each is a new race.
        tell: is given a line after each.
    """
    runtime = Runtime.auto(device="cpu")
    data, heldout = load("fashion", runtime), load("fashion", runtime, split="test").take(HELD_OUT)
    race.record("guided-fashion", data.take(TRAIN), heldout, trained_judge(data, runtime), seeds, tell)


def trained_judge(data: ImageData, runtime: Runtime) -> Judge:
    """A judge of Fashion-MNIST, in eval mode.

    Args:
        data: what it is trained on.
        runtime: seed and device.
    """
    with runtime.seeded("weights"):
        judge = Judge()
    for _ in ClassifierTrainer(judge, total=JUDGE_STEPS).steps(data, JUDGE_STEPS, runtime):
        pass
    return judge.eval()
