"""A GAN and a VAE on the same digits, with equal latent sizes and equal processor seconds (`course record rivals`).

Three trainings a seed: the GAN, and the VAE on pixels made black or white and on the grey ones that the GAN sees. Each
is measured twice, with its last weights and with an average of them, so that a pair with the same data form and the
same averaging exists, and the rest says what these two are worth. None is selected: each is as its last step left it.
The 1,000 held-out digits are measured too, a yardstick (fewer pictures than a rival's: that lowers their coverage).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from torch import Tensor, nn

from course_lib import zoo
from course_lib.chapters.ch06_measuring.every_measure import every_measure
from course_lib.data import ImageData, load
from course_lib.files import write_recorded
from course_lib.metrics import (
    judge_outputs,
    nll,
)
from course_lib.models import VAE, ConvVAE, DCDiscriminator, DCGenerator, Judge, binarised, count_parameters
from course_lib.runtime import Runtime
from course_lib.training import Game, Record, Sampler, VAETrainer
from course_lib.training.ema import EMA

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
LATENT, SECONDS, SAMPLES, AVERAGE = 32, 60.0, 4000, 0.99
DIGITS = 250  # held-out ones, for the NLL
TURN = 2.0  # processor seconds: the trainings take turns, so that a busy machine slows each of them alike
RIVALS = ("GAN", "VAE, black and white", "VAE, grey")
SETTINGS = {
    "data": "4,000 shipped training digits",
    "latent": LATENT,
    "seconds": SECONDS,
    "samples": SAMPLES,
    "gan": "DCGAN, non-saturating, batch norm in both, Adam 1e-3 (0.5, 0.9), batch 32; grey digits",
    "vae": "ConvVAE(width=32), ELBO, Bernoulli, Adam 1e-3, batch 64; digits binarised anew at each step, or the grey "
    "pixels themselves as targets; mean images",
    "averaged": f"weights and batch norm's statistics, decay {AVERAGE}; keeping the average counts as training time",
    "features": "the judge's 128 penultimate; neighbours: k = 5",
    "nll": f"of {DIGITS} held-out digits made black and white, 100 samples each",
}


@dataclass
class Rival:
    """One training.

    Attributes:
        trainer: what trains.
        average: of what draws, over its training.
        used: processor seconds so far.
        records: the steps to come.
    """

    trainer: Game | VAETrainer
    average: EMA
    used: float = 0.0
    records: Iterator[Record] = field(default_factory=lambda: iter(()), repr=False)

    @property
    def last(self) -> nn.Module:
        """The network that draws, with its latest weights."""
        return self.trainer.generator if isinstance(self.trainer, Game) else self.trainer.vae


def start(runtime: Runtime) -> dict[str, Rival]:
    """The three, freshly initialised; both VAEs with the same weights.

    Args:
        runtime: seed, device and precision.

    Returns:
        Name → training, in the order of ``RIVALS``.
    """
    with runtime.seeded("weights"):
        game = Game(DCGenerator(LATENT), DCDiscriminator(), ema=AVERAGE)
        black_and_white = VAETrainer(ConvVAE(LATENT, width=32), binary=True)
    grey = VAETrainer(ConvVAE(LATENT, width=32))
    grey.vae.load_state_dict(black_and_white.vae.state_dict())
    made = [Rival(game, game.ema)] + [Rival(t, EMA(t.vae, AVERAGE)) for t in (black_and_white, grey)]
    return dict(zip(RIVALS, made, strict=True))


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    seconds: float = SECONDS,
    samples: int = SAMPLES,
    digits: int = DIGITS,
) -> None:
    """Train all once a seed and write ``data/runs/rivals.json``.

    ``runs["RIVAL, last" or "RIVAL, averaged"][seed]`` → numbers by name.

    Args:
        seeds: each is a new training of all three.
        tell: is given a line after each measurement.
        seconds: the processor's, of each training.
        samples: how many pictures of each are measured.
        digits: held-out ones, for the NLL.
    """
    judge, settings = zoo.load("judge"), dict(SETTINGS)
    runs: dict = {"held-out digits": {}} | {f"{name}, {kind}": {} for name in RIVALS for kind in ("last", "averaged")}
    heldout = load("digits", Runtime.auto(device="cpu"), split="test")
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        data, rivals = load("digits", runtime), start(runtime)
        train(rivals, data, runtime, seconds)
        settings["parameters"] = {
            "GAN's generator": count_parameters(rivals["GAN"].last),
            "VAE's decoder": count_parameters(rivals["VAE, grey"].last.get_submodule("decoder")),
        }
        for name, rival in rivals.items():
            for kind, network in {"last": rival.last, "averaged": rival.average.module}.items():
                found: dict[str, float] = {"steps": rival.trainer.step_number}
                found |= measure(Sampler(network)(samples), judge, data.images, heldout.images)
                if isinstance(network, VAE):
                    white = binarised(heldout.images, runtime.stream("test"))[:digits]
                    found["nll"] = round(nll(network, white, 100).value, 2)
                runs[f"{name}, {kind}"][seed] = found
                tell(f"seed {seed}, {name}, {kind}: {found}")
        write_recorded("rivals", settings, runs)
    runs["held-out digits"]["all"] = measure(heldout.images, judge, data.images, heldout.images)
    write_recorded("rivals", settings, runs)


def train(rivals: dict[str, Rival], data: ImageData, runtime: Runtime, seconds: float) -> None:
    """Train each for so many processor seconds, in turns.

    Args:
        rivals: name → training.
        data: the training digits.
        runtime: seed, device and precision.
        seconds: how many, in all.
    """
    for rival in rivals.values():
        rival.records = iter(rival.trainer.steps(data, 10**9, runtime))
    while any(rival.used < seconds for rival in rivals.values()):
        for rival in rivals.values():
            turn(rival, min(rival.used + TURN, seconds))


def turn(rival: Rival, until: float) -> None:
    """Steps of one, until it has used so many processor seconds in all.

    Args:
        rival: whose turn it is.
        until: processor seconds.
    """
    began, before = time.process_time(), rival.used
    while rival.used < until:
        made = next(rival.records)
        if not isinstance(rival.trainer, Game):  # a Game averages by itself
            rival.average.update(rival.last, made.step)
        rival.used = before + time.process_time() - began


def measure(images: Tensor, judge: Judge, train: Tensor, heldout: Tensor) -> dict[str, float]:
    """Every number of chapter 06 for these images.

    Args:
        images: ``(N, 1, 28, 28)`` in [−1, 1].
        judge: reads digits and their features.
        train: the training digits, ``(4000, 1, 28, 28)``.
        heldout: the held-out digits, ``(1000, 1, 28, 28)``.

    Returns:
        Name → number.
    """
    numbers = every_measure(images, judge, train, judge_outputs(train, judge)[1], heldout)
    return {name: round(value, 4) for name, value in numbers.items()}
