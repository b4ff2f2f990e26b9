"""The generators whose pictures lesson 13.4's detectors are tried on, all as files with 8 bit hold them."""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from course_lib import zoo
from course_lib.audit.edits import eight_bit
from course_lib.audit.run import drawing, trained
from course_lib.chapters.ch13_transparency import small
from course_lib.data import ImageData
from course_lib.models import VAE, ConvVAE, DCDiscriminator, DCGenerator, binarised
from course_lib.runtime import Runtime
from course_lib.training import Game, Sampler, VAETrainer

Draw = Callable[[int, int], Tensor]  # how many, seed → images
STEPS = {"MLP GAN": 3000, "DCGAN": 1500, "VAE": 1500}
MEANS = "VAE, means"


def mlp_gan(data: ImageData, runtime: Runtime, steps: int = STEPS["MLP GAN"], loss: str | None = None) -> Sampler:
    """The fully connected GAN of chapter 12's race.

    Args:
        data: what it imitates.
        runtime: its seed decides everything.
        steps: of the training.
        loss: None: non-saturating.
    """
    recipe = small.recipe(runtime.seed, steps)
    return drawing(trained(replace(recipe, game=recipe.game | {"loss": loss}), data, runtime))


def hinge_dcgan(data: ImageData, runtime: Runtime, steps: int = STEPS["DCGAN"]) -> Sampler:
    """A DCGAN of half the zoo's width, trained briefly with the hinge loss.

    Args:
        data: what it imitates.
        runtime: its seed decides everything.
        steps: of the training.
    """
    with runtime.seeded("weights"):
        game = Game(DCGenerator(width=16), DCDiscriminator(width=16), "hinge")
    for _ in game.steps(data, steps, runtime):
        pass
    return game.sampler()


def other_vae(data: ImageData, runtime: Runtime, steps: int = STEPS["VAE"]) -> VAE:
    """A VAE like the zoo's of β = 1, trained anew.

    Args:
        data: what it learns.
        runtime: its seed decides everything.
        steps: of the training.
    """
    with runtime.seeded("weights"):
        trainer = VAETrainer(ConvVAE(latent=10), binary=True)
    for _ in trainer.steps(data, steps, runtime):
        pass
    return trainer.vae.eval()


def pixels_drawn(vae: VAE) -> Draw:
    """Samples of a VAE: each pixel black or white by its chance, where :class:`Sampler` shows the chance as grey.

    Args:
        vae: with Bernoulli pixels.
    """
    return lambda n, seed: binarised(Sampler(vae)(n, seed), torch.Generator().manual_seed(seed + 1))


def from_the_zoo() -> dict[str, Draw]:
    """The shipped generators: a DCGAN; a VAE's means and its samples; the means of one with two latent numbers.

    Returns:
        Name → what draws from it.
    """
    vae, plane = zoo.load("vae-beta-1"), zoo.load("vae-plane")
    assert isinstance(vae, VAE) and isinstance(plane, VAE)
    return {
        "zoo DCGAN": zoo.load("dcgan-digits"),
        MEANS: Sampler(vae),
        "VAE, samples": pixels_drawn(vae),
        "VAE of the plane": Sampler(plane),
    }


def sets(draws: dict[str, Draw], n: int, seed: int) -> dict[str, Tensor]:
    """Pictures of each generator, at 8 bit.

    Args:
        draws: name → generator.
        n: pictures of each.
        seed: of the draw.

    Returns:
        Name → ``(n, 1, 28, 28)``.
    """
    return {name: eight_bit(draw(n, seed)) for name, draw in draws.items()}
