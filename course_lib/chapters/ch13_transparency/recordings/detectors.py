"""Detectors over seeds, on generators that they saw and that they did not see (`course record detectors`).

Each seed trains anew: three fully connected GANs, a DCGAN, a VAE, and every detector. Only the zoo's are the same.
"""

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from course_lib.audit import detector
from course_lib.audit.membership import auc
from course_lib.chapters.ch13_transparency import detection, generators
from course_lib.chapters.ch13_transparency.generators import MEANS
from course_lib.data import ImageData, load
from course_lib.files import runs_so_far, write_recorded
from course_lib.runtime import Runtime
from course_lib.training import Sampler

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
SOURCES = {
    "zoo DCGAN": ("zoo DCGAN",),
    "DCGAN, hinge loss": ("DCGAN, hinge loss",),
    "MLP GAN": ("MLP GAN",),
    MEANS: (MEANS,),
    "three kinds": ("DCGAN, hinge loss", "MLP GAN", MEANS),
}
EDITED = "three kinds, edited in training"
SETTINGS: dict[str, Any] = {
    "detector": "two convolutions; Adam 1e-3, 600 steps of 64 real and 64 generated pictures",
    "real": "4,000 digits of the training set; 500 held-out ones set the cut-off (5 % above it), 500 others are asked",
    "steps of the generators": generators.STEPS,
    "zoo": "dcgan-digits, vae-beta-1, vae-plane: the same for every seed",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    steps: int = 600,
    smaller: int = 1,
    train: int = 4000,
    test: int = 1000,
) -> None:
    """Write ``data/runs/detectors.json``: ``runs[seed]`` → part → numbers. It goes on where it stopped.

    Args:
        seeds: each trains generators and detectors anew.
        tell: is given a line after each.
        steps: of a detector.
        smaller: the generators' steps are divided by it, for a test.
        train, test: generated pictures of each kind.
    """
    settings = SETTINGS | {"steps": steps, "generators' steps divided by": smaller, "train": train, "test": test}
    runs = runs_so_far("detectors", settings)
    for seed in seeds:
        if str(seed) in runs:
            continue
        began = time.process_time()
        runs[str(seed)] = _one(Runtime.auto(seed=seed, device="cpu"), steps, smaller, train, test)
        write_recorded("detectors", settings, runs)
        tell(f"seed {seed} ({time.process_time() - began:.0f} s)")


def _trained(data: ImageData, runtime: Runtime, smaller: int) -> dict[str, generators.Draw]:
    steps = {kind: n // smaller for kind, n in generators.STEPS.items()}
    again = runtime.with_seed(runtime.seed + 1000)
    return {
        "DCGAN, hinge loss": generators.hinge_dcgan(data, runtime, steps["DCGAN"]),
        "MLP GAN": generators.mlp_gan(data, runtime, steps["MLP GAN"]),
        "MLP GAN, other run": generators.mlp_gan(data, again, steps["MLP GAN"]),
        "MLP GAN, hinge loss": generators.mlp_gan(data, runtime, steps["MLP GAN"], "hinge"),
        "VAE, other run, means": Sampler(generators.other_vae(data, runtime, steps["VAE"])),
    }


def _one(runtime: Runtime, steps: int, smaller: int, train: int, test: int) -> dict[str, Any]:
    data, heldout = load("digits", runtime), load("digits", runtime, split="test").images
    tune, real = detection.halves(heldout)
    draws = generators.from_the_zoo() | _trained(data, runtime, smaller)
    seen = generators.sets(draws, train, 10 * runtime.seed)
    fresh = generators.sets(draws, test, 10 * runtime.seed + 5)
    found: dict[str, Any] = {"tried": {}, "edited real": {}, "edited fakes": {}, "calibration": {}}
    for view, see in detection.VIEWS.items():
        shown = {name: see(images) for name, images in fresh.items()}
        found["tried"][view] = {"one number": detection.tried(detection.OneNumber(), see(tune), see(real), shown)}
        for source, kinds in SOURCES.items():
            fakes = see(torch.cat([seen[kind][: train // len(kinds)] for kind in kinds]))
            net = detector.train_detector(see(data.images), fakes, runtime, steps=steps)
            found["tried"][view][source] = detection.tried(net, see(tune), see(real), shown)
            if view == "8 bit":
                found["edited real"][source] = detection.edited(net, tune, real)
                found["edited fakes"][source] = detection.edited(net, tune, fresh[kinds[0]])
                found["calibration"][source] = {
                    name: detection.said_and_true(net, real, images[: len(real)]) for name, images in fresh.items()
                }
    found["edited real"]["one number"] = detection.edited(detection.OneNumber(), tune, real)
    kinds = SOURCES["three kinds"]
    fakes = torch.cat([seen[kind][: train // len(kinds)] for kind in kinds])
    net = detector.train_detector(data.images, fakes, runtime, steps=steps, augment=detection.AUGMENT)
    found["tried"]["8 bit"][EDITED] = detection.tried(net, tune, real, fresh)
    found["edited real"][EDITED] = detection.edited(net, tune, real)
    found["controls"] = _controls(data.images, tune, real, fresh, runtime, steps)
    found["grid"] = {name: round(detector.grid_peak(images), 3) for name, images in ({"real": real} | fresh).items()}
    found["black"] = {
        name: round((images == -1).float().mean().item(), 4) for name, images in ({"real": real} | fresh).items()
    }
    return found


def _controls(
    data: Tensor, tune: Tensor, real: Tensor, fresh: dict[str, Tensor], runtime: Runtime, steps: int
) -> dict[str, Any]:
    with runtime.seeded("untrained"):
        untrained = detector.Detector().eval()
    one, other = detection.halves(data)
    net = detector.train_detector(one, other, runtime, steps=steps)
    return {
        "untrained": detection.tried(untrained, tune, real, fresh),
        "real against real": auc(detector.scores(net, real), detector.scores(net, tune)),
    }
