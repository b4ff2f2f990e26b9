"""What codes found without labels stand for: InfoGAN and its control on digits, both and VAEs on known shapes.

`course record steering`. An InfoGAN's control differs from it in one thing: the generator is not paid for a readable
code (weight 0). Both have the same reader.
"""

import time
from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor

from course_lib import zoo
from course_lib.data import ImageData, load
from course_lib.data.shapes import FACTORS, render, shapes
from course_lib.files import write_recorded
from course_lib.losses.elbo import ELBO
from course_lib.metrics import judge_outputs
from course_lib.metrics.disentanglement import factor_vae_score, mig
from course_lib.models import ConvVAE, DCDiscriminator, Judge
from course_lib.models.conditional import CodeReader, InfoGenerator
from course_lib.runtime import Runtime
from course_lib.training import VAETrainer
from course_lib.training.conditional import InfoGAN

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
STEPS = {"digits": 800, "shapes": 750, "VAE": 600}
DIGITS = {"digits, InfoGAN": 1.0, "digits, control": 0.0}  # row → weight
SHAPES = {"shapes, InfoGAN": 1.0, "shapes, control": 0.0}
VAES = {"shapes, VAE": 1, "shapes, β-VAE (16)": 16}  # row → β
SETTINGS = {
    "networks": "DCGAN of width 16, a reader of width 8; ConvVAE of width 16 with 6 latents",
    "codes": "digits: 10 categories and 2 numbers; shapes: 3 categories and 5 numbers",
    "batch": "GAN 32, VAE 64",
    "measured": "digits: share of 2,000 generated and of 1,000 held-out digits whose class is the commonest of their "
    "category; share of generated ones whose category is read right. Shapes: MIG with 20 bins on 2,000 "
    "held-out images, FactorVAE score of 400 votes",
}


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, *, steps: dict = STEPS) -> None:
    """Train every row once a seed and write ``data/runs/steering.json``: row → seed → numbers.

    Args:
        seeds: each is a new training of every row.
        tell: is given a line after each training.
        steps: of the trainings on "digits" and "shapes", and of the "VAE".
    """
    judge = zoo.load("judge")
    runs: dict[str, dict[int, dict]] = {row: {} for row in (*DIGITS, *SHAPES, *VAES)}
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        for row in runs:
            began = time.process_time()
            runs[row][seed] = {name: round(value, 4) for name, value in _numbers(row, runtime, steps, judge).items()}
            tell(f"seed {seed}, {row}: {runs[row][seed]} ({time.process_time() - began:.0f} s)")
            write_recorded("steering", SETTINGS | {"steps": steps}, runs)


def _numbers(row: str, runtime: Runtime, steps: dict, judge: Judge) -> dict[str, float]:
    if row in DIGITS:
        game = info_gan(runtime, load("digits", runtime), 10, 2, DIGITS[row], steps["digits"])
        return agreement(game, load("digits", runtime, split="test"), judge)
    if row in SHAPES:
        return scores(reading(info_gan(runtime, shapes(runtime), 3, 5, SHAPES[row], steps["shapes"]).reader), runtime)
    vae = vae_of_shapes(runtime, VAES[row], steps["VAE"])
    return scores(lambda images: vae.encode(images)[0], runtime)


def info_gan(runtime: Runtime, data: ImageData, categories: int, continuous: int, weight: float, steps: int) -> InfoGAN:
    """A trained InfoGAN.

    Args:
        runtime: seed, device and precision.
        data: what it is trained on.
        categories, continuous: how many of each its code has.
        weight: what the generator is paid for a readable code; 0: nothing.
        steps: how many.
    """
    with runtime.seeded("weights"):
        networks = (
            InfoGenerator(categories, continuous, 24 + categories, 16),
            DCDiscriminator(16),
            CodeReader(categories, continuous, 8),
        )
    game = InfoGAN(*networks, weight=weight)
    for _ in game.steps(data, steps, runtime):
        pass
    return game


def vae_of_shapes(runtime: Runtime, beta: float, steps: int) -> ConvVAE:
    """A VAE trained on known shapes, in eval mode.

    Args:
        runtime: seed, device and precision.
        beta: the weight of its KL.
        steps: how many.
    """
    data = shapes(runtime)
    with runtime.seeded("weights"):
        vae = ConvVAE(6, 16)
    vae.init_output_bias(data.images)
    for _ in VAETrainer(vae, ELBO(beta)).steps(data, steps, runtime):
        pass
    return vae.eval()


@torch.no_grad()
def agreement(game: InfoGAN, held_out: ImageData, judge: Judge) -> dict[str, float]:
    """How well the categories of an InfoGAN, which saw no label, agree with the digits' classes.

    Args:
        game: after the training.
        held_out: the held-out digits.
        judge: reads digits.

    Returns:
        "generated", "held out" and "read": shares in [0, 1].
    """
    sampler = game.sampler()
    z = sampler.z(2000)
    images, made = sampler.decode(z), cast(InfoGenerator, game.generator).codes(z)[0]
    classes = judge_outputs(images, judge)[0].argmax(1)
    read, told = (game.reader(x)[0].argmax(1) for x in (images, held_out.images))
    return {
        "generated": purity(made, classes),
        "held out": purity(told, held_out.labels),
        "read": (read == made).double().mean().item(),
    }


def purity(category: Tensor, classes: Tensor) -> float:
    """The share of examples whose class is the commonest one of their category, in [0, 1].

    Args:
        category, classes: of each example, int64 ``(N,)``, from 0 to 9.
    """
    table = torch.zeros(10, 10).index_put_((category, classes), torch.ones(()), accumulate=True)
    return (table.max(1).values.sum() / table.sum()).item()


def reading(reader: CodeReader) -> Callable[[Tensor], Tensor]:
    """The reader as an encoder: images → its category as a number, and its continuous codes.

    Args:
        reader: of an InfoGAN's code.
    """

    def encode(images: Tensor) -> Tensor:
        logits, means = reader(images)
        return torch.cat([logits.argmax(1, keepdim=True).float(), means], 1)

    return encode


@torch.no_grad()
def scores(encode: Callable[[Tensor], Tensor], runtime: Runtime) -> dict[str, float]:
    """Both disentanglement scores of an encoder, and each factor's gap.

    Args:
        encode: images → codes ``(N, d)``.
        runtime: whose streams draw shapes and votes.

    Returns:
        "MIG", "FactorVAE", and each factor's gap by its name.
    """
    data, g = shapes(runtime, 2000, "test"), runtime.stream("factors")

    def sharing(k: int, n: int) -> Tensor:
        factors = data.factors[torch.randint(len(data), (n,), generator=g)]
        factors[:, k] = factors[0, k]
        return encode(render(factors))

    mean, each = mig(encode(data.images), data.factors)
    return {
        "MIG": mean,
        "FactorVAE": factor_vae_score(sharing, len(FACTORS), votes=400),
        **dict(zip(FACTORS, each.tolist(), strict=True)),
    }
