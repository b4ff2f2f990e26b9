"""What probes read from each stage of a GAN's discriminator and of a reader of digits, trained anew for each seed.

`course record probes`. Both networks are half as wide as in the lesson. For each there are a twin with the weights of
before the training, and permuted labels. It resumes: seeds that are in the file already are kept.
"""

import copy
import time
from collections.abc import Callable, Mapping
from statistics import fmean

import torch
from torch import Tensor, nn

from course_lib.chapters.ch11_symbols_and_shapes.probes import (
    SPLITS,
    STAGES_OF_READER,
    STRENGTH,
    in_greys,
    shares_right,
    stages,
    stages_of_d,
    without_faint,
)
from course_lib.data import load
from course_lib.explain import class_logit, explain_copy, realness
from course_lib.explain.targets import Target
from course_lib.files import runs_so_far, write_recorded
from course_lib.models import DCDiscriminator, DCGenerator, DigitCNN
from course_lib.runtime import Runtime
from course_lib.training import Game
from course_lib.training.classifier import ClassifierTrainer

SEEDS = tuple(range(100, 105))  # the reporting seeds; words and bounds were chosen on seeds 0 and 1
WIDTH, STEPS, READER, PICTURES = 16, 600, 300, 500
OTHER_STRENGTHS = (0.001, 0.1)
SETTINGS = {
    "networks": f"the DCGAN of lesson 3.3, of width {WIDTH}, its D in eval mode; A3's CNN of width {WIDTH}",
    "steps": STEPS,
    "reader": READER,
    "pictures": PICTURES,
    "measured": f"share right, mean of {len(SPLITS)} splits, 40 % held out; real or fake: held-out digits against as "
    "many drawings in 256 greys; which digit: as many held-out digits",
    "strength": STRENGTH,
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    steps: int = STEPS,
    reader: int = READER,
    pictures: int = PICTURES,
) -> None:
    """Train and probe once a seed; writes ``data/runs/probes.json``: what is probed → seed → stage → share right.

    Args:
        seeds: each is a new training of both networks.
        tell: is given a line after each seed.
        steps: of the game.
        reader: steps of the reader of digits.
        pictures: of a kind, for real or fake; digits to be read are twice as many.
    """
    settings = SETTINGS | {"steps": steps, "reader": reader, "pictures": pictures}
    runs = runs_so_far("probes", settings)
    for seed in seeds:
        if str(seed) in runs.get("D, trained", ()):
            continue
        began = time.process_time()
        for name, row in rows(Runtime.auto(seed=seed, device="cpu"), steps, reader, pictures).items():
            runs.setdefault(name, {})[str(seed)] = {stage: round(share, 4) for stage, share in row.items()}
        write_recorded("probes", settings, runs)
        tell(f"seed {seed}: {runs['D, trained'][str(seed)]} ({time.process_time() - began:.0f} s of the processor)")


def rows(runtime: Runtime, steps: int, reader: int, pictures: int) -> dict[str, dict[str, float]]:
    """One seed's shares.

    Args:
        runtime: seed and device.
        steps, reader, pictures: as for :func:`record`.

    Returns:
        What is probed → stage → share right.
    """
    digits, new = load("digits", runtime), load("digits", runtime, split="test")
    with runtime.seeded("DCGAN"):
        game = Game(DCGenerator(width=WIDTH), DCDiscriminator(WIDTH), lr=1e-3, batch=32)
    untrained = copy.deepcopy(game.discriminator)
    for _ in game.steps(digits, steps, runtime):
        pass
    drawings = in_greys(game.sampler()(pictures, seed=runtime.seed))
    images = torch.cat([new.images[:pictures], drawings])
    real = (torch.arange(2 * pictures) < pictures).long()
    with runtime.seeded("weights"):
        cnn = DigitCNN(width=WIDTH)
    unread = copy.deepcopy(cnn)
    for _ in ClassifierTrainer(cnn, total=reader).steps(digits, reader, runtime):
        pass
    read, which = new.images[: 2 * pictures], new.labels[: 2 * pictures]
    found: dict[str, dict[str, float]] = {}
    for kind, d, c in (("trained", game.discriminator, cnn), ("untrained", untrained, unread)):
        found |= _probed("D", kind, d, realness, images, real, stages_of_d(d))
        found |= _probed("D, faint greys cut", kind, d, realness, without_faint(images), real, stages_of_d(d))
        found |= _probed("digits in D", kind, d, realness, read, which, stages_of_d(d))
        found |= _probed("reader", kind, c, class_logit(0), read, which, STAGES_OF_READER)
    d, pairs = explain_copy(game.discriminator), {"as drawn": images, "faint greys cut": without_faint(images)}
    found["AUC of D's logit"] = {name: _auc(d, each, pictures) for name, each in pairs.items()}
    return found


def _auc(d: nn.Module, images: Tensor, digits: int) -> float:
    with torch.no_grad():
        logits = d(images)[:, 0]
    return (logits[:digits, None] > logits[None, digits:]).double().mean().item()


def _probed(
    what: str, kind: str, model: nn.Module, target: Target, images: Tensor, labels: Tensor, layers: Mapping[str, str]
) -> dict[str, dict[str, float]]:
    given = stages(explain_copy(model), target, images, layers)
    both = {stage: shares_right(outputs, labels) for stage, outputs in given.items()}
    found = {f"{what}, {kind}": {stage: fmean(right) for stage, (right, _) in both.items()}}
    if kind == "trained":
        found[f"{what}, permuted labels"] = {stage: fmean(luck) for stage, (_, luck) in both.items()}
    for strength in OTHER_STRENGTHS if "cut" in what else ():
        found[f"{what}, {kind}, strength {strength:g}"] = {
            stage: fmean(shares_right(outputs, labels, strength=strength)[0]) for stage, outputs in given.items()
        }
    return found
