"""−log p(x) of VAEs and IWAEs on binarised MNIST (`course record nll`; needs the complete MNIST, see COURSE_DATA).

The protocol is that of table 1 of Burda, Grosse and Salakhutdinov 2016, one stochastic layer; ``SETTINGS["reduced"]``
says what was reduced. After each stage of falling step size the test digits are measured: the learning curve.
"""

import time
from collections.abc import Callable, Iterator
from itertools import accumulate

import torch

from course_lib.data import ImageData, load
from course_lib.files import write_recorded
from course_lib.losses.elbo import ELBO, IWAE, Bound
from course_lib.metrics import nll
from course_lib.models import MLPVAE, binarised
from course_lib.runtime import Runtime
from course_lib.training import VAETrainer

SEEDS = (100,)  # a reporting seed; nothing was tuned
ROWS: dict[str, Bound] = {"VAE, k = 1": ELBO(), "VAE, k = 5": ELBO(samples=5), "IWAE, k = 5": IWAE(5)}
STAGES = 5  # of the paper's eight
BATCH, LR, SAMPLES, CURVE = 20, 1e-3, 500, 200  # CURVE: samples for the points of the curve
SETTINGS = {
    "network": "784-200-200-50 and its mirror image, tanh",
    "likelihood": "Bernoulli on dynamically binarised digits",
    "batch": BATCH,
    "optimiser": "Adam, eps 1e-4, step size 1e-3 · 10^(−(i−1)/7) in stage i of 3^(i−1) epochs",
    "initial weights": "PyTorch's; the paper has Glorot and Bengio's",
    "samples": SAMPLES,
    "reduced": f"stages 1 to {STAGES} of 8 ({sum(3**i for i in range(STAGES))} of 3,280 epochs), {SAMPLES:,} "
    "importance samples instead of 5,000, one seed",
    "published": {"VAE, k = 1": 86.76, "VAE, k = 5": 86.47, "IWAE, k = 5": 85.54},
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    stages: int = STAGES,
    source: str = "mnist",
    digits: int | None = None,
    samples: int = SAMPLES,
) -> None:
    """Train every row once a seed and write ``data/runs/nll.json``.

    ``runs[row][seed]`` is a list of points ``{"epochs", "seconds", "nll", "low", "high", "bound", "samples"}``;
    ``bound`` is minus the ELBO on the test digits. Seconds are the processor's, spent on training alone.

    Args:
        seeds: each is a new training of every row.
        tell: is given a line after each stage.
        stages: of falling step size.
        source: a data set's name that ``data.load`` knows.
        digits: takes so many of each split; None: all.
        samples: importance samples an image, at the end.
    """
    runs: dict = {row: {} for row in ROWS}
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        train, test = (load(source, runtime, split=split) for split in ("train", "test"))
        if digits:
            train, test = train.take(digits), test.take(digits)
        black_and_white = binarised(test.images, runtime.stream("test"))  # drawn once, the same for every row
        settings = SETTINGS | {"source": source, "digits": [len(train), len(test)], "stages": stages}
        # The rows take turns, stage by stage: a run cut short can be compared.
        curves = {row: points(loss, train, black_and_white, runtime, stages, samples) for row, loss in ROWS.items()}
        for _ in range(stages):
            for row, curve in curves.items():
                point = next(curve)
                runs[row].setdefault(seed, []).append(point)
                tell(f"seed {seed}, {row}: {point}")
                write_recorded("nll", settings, runs)


def points(
    loss: Bound, train: ImageData, test: torch.Tensor, runtime: Runtime, stages: int, samples: int
) -> Iterator[dict[str, float]]:
    """Train through the stages; after each, measure.

    Args:
        loss: of the VAE.
        train: the training digits.
        test: the test digits, black and white, ``(N, 1, 28, 28)``.
        runtime: seed, device and precision.
        stages: how many.
        samples: importance samples an image, at the end.

    Yields:
        A point of the curve after each stage.
    """
    an_epoch, seconds = len(train) // BATCH, 0.0
    ends = list(accumulate(an_epoch * 3**i for i in range(stages)))  # the step at which each stage ends
    with runtime.seeded("weights"):
        vae = MLPVAE(50, (200, 200), activation="tanh")
    vae.init_output_bias(train.images)
    trainer = VAETrainer(
        vae, loss, lr=LR, batch=BATCH, binary=True, schedule=lambda step: 10 ** (-sum(step >= end for end in ends) / 7)
    )
    for group in trainer.optimiser.param_groups:
        group["eps"] = 1e-4
    for end in ends:
        began = time.process_time()
        for _ in trainer.steps(train, end - trainer.step_number, runtime):
            pass
        seconds += time.process_time() - began
        last = end == ends[-1]
        found = nll(vae, test, samples if last else min(CURVE, samples))
        elbo = nll(vae, test, 1)  # one draw an image is the ELBO, on average
        yield {
            "epochs": end // an_epoch,
            "seconds": round(seconds, 1),
            "nll": round(found.value, 3),
            "low": round(found.low, 3),
            "high": round(found.high, 3),
            "bound": round(elbo.value, 3),
            "samples": found.samples,
        }
