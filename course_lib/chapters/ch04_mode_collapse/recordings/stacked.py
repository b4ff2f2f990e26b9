"""How many of the 1,000 modes of stacked digits a small discriminator lets a generator find, alone and with packs.

`course record stacked`; it needs the complete MNIST, see COURSE_DATA. The protocol is that of PacGAN's table 3 (Lin et
al. 2018, after Metz et al. 2017), with the settings of its authors' published code, and fewer steps:
``SETTINGS["reduced"]`` says what was reduced. The rows take turns, stop by stop, so that other work on the machine
slows both alike; the file is written at each stop: a run cut short can be used.
"""

import time
from collections.abc import Callable

import torch

from course_lib import zoo
from course_lib.data.stacked import MODES, stacked
from course_lib.files import write_recorded
from course_lib.metrics.judge_scores import mean_confidence
from course_lib.metrics.modes import kl_from_uniform, stacked_classes
from course_lib.models import Judge
from course_lib.models.stacked import StackedDiscriminator, StackedGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game, Pack

SEEDS = (100,)  # reporting seeds; nothing was tuned on them
STEPS, POINTS = 12_000, 8
ROWS = {"DCGAN": 1, "PacDCGAN2": 2}  # stacks in a pack
WIDTH, BATCH, SAMPLES = 4, 128, 25_600
SOURCE, STACKS, LR, LR_D, BETAS = "mnist", 128_000, 1e-4, 2e-4, (0.5, 0.99)
SETTINGS = {
    "source": SOURCE,
    "stacks": STACKS,
    "discriminator": "½ of G: 4-8-16 channels",
    "lr": LR,
    "lr_d": LR_D,
    "betas": [*BETAS],
    "batch": "128 packs (128 stacks for DCGAN, 256 for PacDCGAN2)",
    "samples": SAMPLES,
    "average": "none: the latest weights",
    "reduced": f"{STEPS:,} steps instead of 500,000, {len(SEEDS)} seed instead of 50; 128,000 fixed stacks instead of "
    "new ones at each step; our judge, trained on 4,000 digits, counts the modes",
    "published": {
        "DCGAN (Metz et al. 2017)": {"modes": 628.0, "kl": 2.58},
        "DCGAN (PacGAN's own)": {"modes": 487.7, "kl": 2.24},
        "PacDCGAN2": {"modes": 840.7, "kl": 1.00},
    },
}


def build(row: str, runtime: Runtime, batch: int = BATCH) -> Game:
    """A fresh game of one row.

    The rows differ in the pack alone; the generators begin with the same weights.

    Args:
        row: a name of ``ROWS``.
        runtime: seed, device and precision.
        batch: packs in a batch.
    """
    pack = ROWS[row]
    with runtime.seeded("weights"):
        networks = StackedGenerator(), StackedDiscriminator(WIDTH, pack)
    return Game(
        *networks,
        views=[Pack(pack)] if pack > 1 else [],
        lr=LR,
        lr_d=LR_D,
        betas=BETAS,
        batch=batch * pack,
        ema=0,
    )


def measure(images: torch.Tensor, judge: Judge) -> dict:
    """Modes seen, KL of their frequencies from uniform in nats, and the judge's mean confidence in the channels.

    Args:
        images: generated stacks ``(N, 3, 28, 28)`` in [−1, 1].
        judge: reads the digits of a stack.
    """
    counts = torch.bincount(stacked_classes(images, judge), minlength=MODES)
    return {
        "modes": int((counts > 0).sum()),
        "kl": round(kl_from_uniform(counts), 4),
        "confidence": round(mean_confidence(images[:1000].reshape(-1, 1, 28, 28), judge), 4),
    }


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    steps: int = STEPS,
    *,
    source: str = SOURCE,
    stacks: int = STACKS,
    batch: int = BATCH,
    samples: int = SAMPLES,
) -> None:
    """Train both rows once a seed and write ``data/runs/stacked.json``.

    ``runs[row][seed]`` is a list of points ``{"step", "seconds", "modes", "kl", "confidence"}``. Seconds are the
    processor's, spent on training alone. Run it with OMP_NUM_THREADS=1, so that they are also those of a clock on an
    idle machine.

    Args:
        seeds: each is a new training of both rows.
        tell: is given a line after each measurement.
        steps: of a training, at least 8.
        source: whose digits are stacked, a name that ``data.load`` knows.
        stacks: how many there are to train on.
        batch: packs in a batch.
        samples: how many generated stacks are measured.
    """
    judge = zoo.load("judge")
    runs: dict[str, dict[int, list[dict]]] = {row: {} for row in ROWS}
    settings = SETTINGS | {"source": source, "stacks": stacks, "steps": steps, "samples": samples}
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        data = stacked(runtime, stacks, source)
        if "real stacks" not in settings:  # what the judge makes of the data itself: no generator can do better
            settings["real stacks"] = measure(data.examples[:samples], judge)
            tell(f"real stacks: {settings['real stacks']}")
        games, seconds = {row: build(row, runtime, batch) for row in ROWS}, dict.fromkeys(ROWS, 0.0)
        for stop in (steps * k // POINTS for k in range(1, POINTS + 1)):
            for row, game in games.items():
                began = time.process_time()
                for _ in game.steps(data, stop - game.step_number, runtime):
                    pass
                seconds[row] += time.process_time() - began
                found = measure(game.sampler(ema=False)(samples), judge)
                point = {"step": stop, "seconds": round(seconds[row], 2), **found}
                runs[row].setdefault(seed, []).append(point)
                tell(f"seed {seed}, {row}: {point}")
                write_recorded("stacked", settings, runs)
