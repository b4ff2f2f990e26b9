"""A GAN and a VAE on the same digits, with equal latent sizes and equal processor seconds (`course record rivals`).

Every seed trains both anew. Both generators are convolutional and of like size; the VAE is shown by its mean images.
The 1,000 held-out digits are measured too, a yardstick (fewer pictures than a rival's: that lowers their coverage).
"""

import time
from collections.abc import Callable

import torch

from course_lib import zoo
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.metrics import (
    class_entropy,
    copying,
    frechet_distance,
    judge_outputs,
    kernel_distance,
    neighbours,
    nll,
)
from course_lib.models import ConvVAE, DCDiscriminator, DCGenerator, binarised, count_parameters
from course_lib.runtime import Runtime
from course_lib.training import Game, VAETrainer

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
LATENT, SECONDS, SAMPLES = 32, 60.0, 4000
SETTINGS = {
    "data": "4,000 shipped training digits", "latent": LATENT, "seconds": SECONDS, "samples": SAMPLES,
    "gan": "DCGAN, non-saturating, batch norm in both, Adam 1e-3 (0.5, 0.9), batch 32, average 0.99",
    "vae": "ConvVAE(width=32), ELBO, Bernoulli on dynamically binarised digits, Adam 1e-3, batch 64; mean images",
    "features": "the judge's 128 penultimate; neighbours: k = 5",
}  # fmt: skip


def trainers(runtime: Runtime) -> dict:
    """Both rivals, freshly initialised."""
    with runtime.seeded("weights"):
        return {"GAN": Game(DCGenerator(LATENT), DCDiscriminator()),
                "VAE": VAETrainer(ConvVAE(LATENT, width=32), binary=True)}  # fmt: skip


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, *, seconds: float = SECONDS,
           samples: int = SAMPLES) -> None:  # fmt: skip
    """Train both once a seed and write ``data/runs/rivals.json``: ``runs[rival][seed]`` → numbers by name."""
    judge, runs, settings = zoo.open("judge"), {"held-out digits": {}, "GAN": {}, "VAE": {}}, dict(SETTINGS)
    heldout = load("digits", Runtime.auto(device="cpu"), split="test")
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        data = load("digits", runtime)
        for name, trainer in trainers(runtime).items():
            steps = train(trainer, data, runtime, seconds)
            images = trainer.sampler()(samples)
            found = {"steps": steps} | measure(images, judge, data.images, heldout.images)
            if name == "VAE":
                settings["parameters"] = {"VAE's decoder": count_parameters(trainer.vae.decoder)}
                found["nll"] = round(nll(trainer.vae, binarised(heldout.images, runtime.stream("test")), 500).value, 2)
            runs[name][seed] = found
            tell(f"seed {seed}, {name}: {found}")
        write_recorded("rivals", settings, runs)
    runs["held-out digits"]["all"] = measure(heldout.images, judge, data.images, heldout.images)
    write_recorded("rivals", settings, runs)


def train(trainer, data, runtime: Runtime, seconds: float) -> int:
    """Train for so many processor seconds; returns the steps that they held."""
    began = time.process_time()
    for record in trainer.steps(data, 10**9, runtime):
        if time.process_time() - began >= seconds:
            return record.step
    raise AssertionError("unreachable")


def measure(images, judge, train, heldout) -> dict:
    """Every number of notebook 06 for these images."""
    (probabilities, features), real = judge_outputs(images, judge), judge_outputs(train, judge)[1]
    shares, copied = neighbours(real, features), copying(images.flatten(1), train.flatten(1), heldout.flatten(1))
    numbers = {
        "frechet": frechet_distance(features, real), "kernel": kernel_distance(features, real),
        "precision": shares.precision, "recall": shares.recall, "density": shares.density,
        "coverage": shares.coverage, "confidence": probabilities.max(1).values.mean().item(),
        "entropy": class_entropy(torch.bincount(probabilities.argmax(1), minlength=10)),
        "copying": copied.score, "copies": copied.copies,
    }  # fmt: skip
    return {name: round(value, 4) for name, value in numbers.items()}
