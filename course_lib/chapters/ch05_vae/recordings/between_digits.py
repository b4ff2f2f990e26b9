"""What lies half way between two digits, in five retrained VAEs? (`course record between-digits`).

Each is trained as the zoo's ``vae-beta-1`` was; lesson 05.4 shows that one beside these.
"""

from collections.abc import Callable

from course_lib import zoo
from course_lib.chapters.ch05_vae.walk import half_way
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.models import ConvVAE, binarised
from course_lib.runtime import Runtime
from course_lib.training import VAETrainer

SEEDS = tuple(range(100, 105))  # the reporting seeds; the zoo's network was looked at first
STEPS, PAIRS = 4000, 500
SETTINGS = {
    "network": "ConvVAE(latent=10), the ELBO, as the zoo's vae-beta-1",
    "data": "4,000 shipped training digits, binarised anew at each step",
    "measured": "pairs of unlike held-out digits, black and white, half way between the means of their q(z|x)",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    steps: int = STEPS,
    pairs: int = PAIRS,
) -> None:
    """Train once a seed and write ``data/runs/between-digits.json``.

    ``runs[seed]`` → ``{"greyer", "undecided", "sure"}``, as :func:`half_way` gives them.

    Args:
        seeds: each is a new training, and other pairs.
        tell: is given a line after each training.
        steps: of a training.
        pairs: how many.
    """
    runs, judge = {}, zoo.load("judge")
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        data, held_out = load("digits", runtime), load("digits", runtime, split="test")
        with runtime.seeded("weights"):
            vae = ConvVAE(latent=10)
        for _ in VAETrainer(vae, binary=True).steps(data, steps, runtime):
            pass
        test = binarised(held_out.images, runtime.stream("test"))
        runs[seed] = half_way(vae.eval(), test, held_out, judge, runtime, pairs)
        tell(f"seed {seed}: {runs[seed]}")
        write_recorded("between-digits", SETTINGS | {"steps": steps, "pairs": pairs}, runs)
