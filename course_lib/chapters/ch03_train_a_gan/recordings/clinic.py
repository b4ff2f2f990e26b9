"""Six trainings for chapter 03's clinic: one healthy, five ill, each for a known reason (`course record clinic`).

All six have the same generator, batch and number of steps. What a patient suffers from is not decided by eye: ``RULES``
are applied to numbers measured in the run, in their order, and the first that fits is the diagnosis. It is recorded for
every seed; curves and samples are kept of the first one.
"""

import base64
import io
import math
from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from statistics import mean
from typing import TypeAlias, TypedDict

import torch
from PIL import Image

from course_lib import zoo
from course_lib.data import load
from course_lib.errors import Diverged
from course_lib.files import write_recorded
from course_lib.losses import LossLike, Minimax, NonSaturating
from course_lib.metrics import class_histogram
from course_lib.models import DCDiscriminator, DCGenerator, Judge
from course_lib.runtime import Runtime
from course_lib.show.picture import grid
from course_lib.training import Game

SEEDS = tuple(range(100, 105))  # the reporting seeds; patients and rules were chosen on seeds 0 and 1
STEPS, POINTS, WIDTH, BATCH = 400, 100, 16, 32
MOMENTS = (1 / 3, 2 / 3, 1)  # samples are kept at these shares of the steps


class Patient(TypedDict):
    """What differs between the patients.

    Attributes:
        norm: of the discriminator.
        loss: a name of ``LOSSES``.
        lr, lr_d: step sizes of the generator and the discriminator.
        beta_1: Adam's, of both.
    """

    norm: str | None
    loss: str
    lr: float
    lr_d: float
    beta_1: float


Curves: TypeAlias = dict[str, list[float]]
PATIENTS: dict[str, Patient] = {
    "healthy": {"norm": "batch", "loss": "non-saturating", "lr": 1e-3, "lr_d": 1e-3, "beta_1": 0.5},
    "discriminator too strong": {"norm": "batch", "loss": "non-saturating", "lr": 5e-5, "lr_d": 2e-3, "beta_1": 0.5},
    "saturated": {"norm": "batch", "loss": "minimax", "lr": 5e-5, "lr_d": 2e-3, "beta_1": 0.5},
    "collapsed": {"norm": "batch", "loss": "non-saturating", "lr": 1e-2, "lr_d": 1e-4, "beta_1": 0.5},
    "diverged": {"norm": None, "loss": "non-saturating", "lr": 1e-1, "lr_d": 1e-1, "beta_1": 0.5},
    "oscillating": {"norm": None, "loss": "non-saturating", "lr": 1e-3, "lr_d": 1e-3, "beta_1": 0.9},
}
LOSSES: dict[str, type[LossLike]] = {"non-saturating": NonSaturating, "minimax": Minimax}
RULES = (  # diagnosis, condition in words, condition
    ("diverged", "a loss was above 100", lambda m: m["largest_loss"] > 100),
    ("saturated", "the generator's gradient is below 0.01", lambda m: m["gradient"] < 0.01),
    ("discriminator too strong", "mean D on real minus on drawn is above 0.8", lambda m: m["lead"] > 0.8),
    ("oscillating", "D on drawn swings at least 3 times between below 0.25 and above 0.5", lambda m: m["swings"] >= 3),
    ("collapsed", "variety below 0.2", lambda m: m["variety"] < 0.2),
    ("healthy", "at least 9 digits are drawn", lambda m: m["digits"] >= 9),
)


def record(
    seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, steps: int = STEPS, points: int = POINTS
) -> None:
    """Train every patient once a seed and write ``data/runs/clinic.json``.

    Args:
        seeds: each is a new training of every patient.
        tell: is given a line after each training.
        steps: of a training.
        points: of a curve.
    """
    judge = zoo.load("judge")
    runs: dict[str, dict] = {}
    for letter, name in letters().items():
        patient = PATIENTS[name]
        runs[letter] = {"patient": name, "settings": patient, "measured": {}}
        for seed in seeds:
            curves, sheets, measured = train(patient, seed, steps, points, judge)
            diagnosis = diagnose(measured)
            runs[letter]["measured"][seed] = measured | {"diagnosis": diagnosis}
            if seed == seeds[0]:
                runs[letter] |= {"curves": curves, "samples": sheets}
            tell(f"{name}, seed {seed}: {diagnosis}; {measured}")
    settings = {
        "generator": f"DCGenerator(width={WIDTH})",
        "discriminator": f"DCDiscriminator(width={WIDTH}, norm)",
        "optimiser": "adam, beta_2 = 0.9",
        "batch": BATCH,
        "steps": steps,
        "samples": "of the latest weights",
        "rules": {diagnosis: words for diagnosis, words, _ in RULES},
    }
    write_recorded("clinic", settings, runs)


def letters() -> dict[str, str]:
    """The patients' letters, in an order that tells nothing: that of their names' checksums.

    Returns:
        A to F → patient.
    """
    return dict(zip("ABCDEF", sorted(PATIENTS, key=lambda name: sha256(name.encode()).digest()), strict=False))


def build(patient: Patient, runtime: Runtime) -> Game:
    """A fresh game with a patient's settings.

    Args:
        patient: the settings, one of ``PATIENTS``.
        runtime: seed, device and precision.
    """
    with runtime.seeded("clinic"):
        networks = DCGenerator(width=WIDTH), DCDiscriminator(width=WIDTH, norm=patient["norm"])
    return Game(
        *networks,
        LOSSES[patient["loss"]](),
        lr=patient["lr"],
        lr_d=patient["lr_d"],
        betas=(patient["beta_1"], 0.9),
        batch=BATCH,
    )


def train(patient: Patient, seed: int, steps: int, points: int, judge: Judge) -> tuple[dict, dict, dict]:
    """One training, and what is to be seen of it.

    Args:
        patient: the settings, one of ``PATIENTS``.
        seed: of the first weights, batches and latents.
        steps: how many.
        points: of a curve; each is a mean of ``steps / points`` steps.
        judge: reads digits.

    Returns:
        Curves by name; samples (base64 PNG) by step, at the moments; measurements by name.
    """
    runtime = Runtime.auto(seed=seed, device="cpu")
    digits, game = load("digits", runtime), build(patient, runtime)
    moments, every = [round(share * steps) for share in MOMENTS], max(1, steps // points)
    rows, gradients, sheets = [], [], {}
    try:
        for step in game.steps(digits, steps, runtime):
            rows.append(step.as_dict())
            # The gradient that moved the generator in this step is still in its weights.
            grads = [p.grad for p in game.generator.parameters() if p.grad is not None]
            gradients.append(torch.nn.utils.get_total_norm(grads).item())
            if step.step in moments:
                sheets[step.step] = thumbnails(game.sampler(ema=False)(16))
    except Diverged:
        pass  # what came before is the record
    blocks = [rows[i : i + every] for i in range(0, len(rows), every)]
    curves: Curves = {"step": [min((i + 1) * every, len(rows)) for i in range(len(blocks))]}
    for name in rows[0]:
        curves[name] = [short(mean(row[name] for row in block)) for block in blocks]
    return curves, sheets, measure(curves, gradients, game, judge)


def measure(curves: Curves, gradients: list[float], game: Game, judge: Judge) -> dict:
    """What the rules look at. Means are over the last third of the run; drawn pictures are of the latest weights.

    Args:
        curves: of the training, by name.
        gradients: the norm of the generator's gradient in each step.
        game: after the training.
        judge: reads digits.
    """
    last = slice(-max(1, len(curves["step"]) // 3), None)
    drawn = game.sampler(ema=False)(1000)
    counts = class_histogram(drawn, judge)
    return {
        "largest_loss": max(*curves["d_loss"], *(abs(loss) for loss in curves["g_loss"])),
        "g_loss": short(mean(curves["g_loss"][last])),
        "lead": short(mean(curves["d_real"][last]) - mean(curves["d_fake"][last])),
        "gradient": short(mean(gradients[-max(1, len(gradients) // 3) :])),
        "swings": swings(curves["d_fake"][len(curves["step"]) // 5 :]),  # both players start from nothing
        "variety": short(drawn.std(dim=0).mean().item()),  # how much a pixel changes from picture to picture
        "digits": int((counts >= 10).sum()),  # each at least once in a hundred pictures, as the judge reads them
    }


def swings(values: list[float], low: float = 0.25, high: float = 0.5) -> int:
    """How often values go from low to high, or back.

    Args:
        values: one after the other.
        low, high: below the one is low, above the other is high.
    """
    sides = [value > high for value in values if value < low or value > high]
    return sum(a != b for a, b in pairwise(sides))


def diagnose(measured: dict) -> str:
    """The first of the ``RULES`` that fits; "none" when none does.

    Args:
        measured: what :func:`measure` gives.
    """
    return next((diagnosis for diagnosis, _, fits in RULES if fits(measured)), "none")


def thumbnails(images: torch.Tensor) -> str:
    """16 images as one PNG of two rows in 16 greys, base64.

    Args:
        images: ``(16, 1, 28, 28)`` in [−1, 1].
    """
    sheet = Image.fromarray(grid(images, columns=8, scale=1)).quantize(16)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def short(value: float) -> float:
    """Four significant digits: the files stay small.

    Args:
        value: any number; one that is not finite becomes 1e9.
    """
    return float(f"{value:.4g}") if math.isfinite(value) else 1e9
