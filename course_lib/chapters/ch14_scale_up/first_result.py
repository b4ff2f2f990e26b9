"""From a folder to a first result in one call, for pictures of any size: what lesson 14.1 does cell by cell.

And whether a training that was stopped and resumed is the same one.
"""

import time
from pathlib import Path

import torch
from torch import Tensor

from course_lib import metrics
from course_lib.audit import Recipe
from course_lib.data import ImageData
from course_lib.models import ConvVAE, DCDiscriminator, DCGenerator, Gaussian, Judge
from course_lib.runtime import Runtime
from course_lib.training import Game, VAETrainer, checkpointed, resume
from course_lib.training.classifier import ClassifierTrainer, accuracy


def steps_for(size: int, at_28: int) -> int:
    """Training steps for a first result: fewer of larger pictures, of which each step costs more.

    Args:
        size: of the pictures in pixels.
        at_28: how many they are at 28 pixels.

    Example:
        >>> from course_lib.chapters.ch14_scale_up.first_result import steps_for
        >>> steps_for(28, 1200), steps_for(64, 1200)
        (1200, 525)
    """
    return max(1, at_28 * 28 // size)


def same_after_a_stop(recipe: Recipe, data: ImageData, file: Path, runtime: Runtime, steps: int = 10) -> bool:
    """Whether a training that was stopped and resumed from its file ends as one in one go does.

    Args:
        recipe: of the GAN.
        data: what to train on.
        file: of the checkpoint; is made.
        runtime: seed and device.
        steps: before the stop, and after it.

    Returns:
        Whether all weights of the generator are the same, bit for bit.
    """
    stopped, resumed, whole = (recipe.new_game(runtime) for _ in range(3))
    for _ in checkpointed(stopped.steps(data, steps, runtime), file):
        pass
    done = resume(resumed, file)
    for game, todo in ((resumed, 2 * steps - done), (whole, 2 * steps)):
        for _ in game.steps(data, todo, runtime):
            pass
    pairs = zip(resumed.generator.state_dict().values(), whole.generator.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def first_result(
    folder: Path | str, size: int, grey: bool, runtime: Runtime, steps: tuple[int, int, int] = (250, 1200, 900)
) -> dict[str, float]:
    """Read a folder, train a judge, a GAN (a third longer) and a VAE as lesson 14.1 does, and measure them.

    Args:
        folder: of pictures in colour, a subfolder for each class.
        size: to which they are brought.
        grey: whether they are made grey.
        runtime: seed and device.
        steps: of the judge, and at 28 pixels of the GAN and of the VAE.

    Returns:
        ``seconds`` of it all; ``judge``: share of held-out pictures that it reads rightly; Fréchet distances to
        held-out pictures: ``GAN``, ``VAE``, ``untrained`` (the GAN before its first step) and ``real`` (other held-out
        pictures).
    """
    began = time.perf_counter()
    data = ImageData.folder(folder, size=size, crop=True, grey=grey or None, runtime=runtime)
    assert isinstance(data, ImageData)  # not streamed
    train, heldout = data.train_test_split(0.4)
    real, others = heldout.train_test_split(0.5)
    channels = data.shape[0]
    with runtime.seeded("weights"):
        judge = Judge(16, classes=len(data.names), size=size, channels=channels)
        game = Game(DCGenerator(64, 16, size, channels), DCDiscriminator(16, size=size, channels=channels), batch=32)
        network = ConvVAE(10, 16, Gaussian(0.4), size=size, channels=channels)
    network.init_output_bias(train.images.cpu())
    vae, n = VAETrainer(network, lr=2e-3, batch=32), len(real)
    drawn = {"real": others.images, "untrained": game.sampler()(n)}
    for trainer, many in (
        (ClassifierTrainer(judge, batch=32, total=steps[0]), steps[0]),
        (game, steps_for(size, steps[1])),
        (vae, steps_for(size, steps[2])),
    ):
        for _ in trainer.steps(train, many, runtime):
            pass
    drawn |= {"GAN": game.sampler()(n), "VAE": vae.sampler()(n)}
    judge.eval()

    def features(images: Tensor) -> Tensor:
        return metrics.judge_outputs(images, judge)[1]

    reference = features(real.images)
    far = {name: metrics.frechet_distance(features(images), reference) for name, images in drawn.items()}
    return {"seconds": time.perf_counter() - began, "judge": accuracy(judge, real), **far}
