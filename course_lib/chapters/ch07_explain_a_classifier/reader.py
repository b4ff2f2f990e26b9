"""What every lesson of this chapter starts from: A3's reader of digits, the digits, and the 3 that is explained."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_lib import zoo
from course_lib.data import load
from course_lib.data.images import ImageData
from course_lib.explain import explain_copy
from course_lib.models import DigitCNN
from course_lib.runtime import Runtime
from course_lib.training.classifier import ClassifierTrainer
from course_lib.training.engine import use_channels_last

SHIPPED = "digit-cnn"  # in the zoo: what `trained` makes of seed 0


class Scene(NamedTuple):
    """What a lesson starts from.

    Attributes:
        digits: the 4,000 that the network was trained on.
        held_out: 1,000 that it was not.
        net: a copy of the network that is safe to explain.
        says: the class that it reads each held-out digit as, ``(1000,)``.
        three: the first held-out 3 that is read as 3, ``(1, 1, 28, 28)``.
    """

    digits: ImageData
    held_out: ImageData
    net: nn.Module
    says: Tensor
    three: Tensor


def scene(runtime: Runtime) -> Scene:
    """The network of this chapter's first lesson, what it reads, and the 3 to explain.

    Args:
        runtime: its seed chooses the network (see :func:`reader`), its device is where all of it goes.
    """
    held_out, net = load("digits", runtime, split="test"), explain_copy(reader(runtime))
    with torch.no_grad():
        says = net(held_out.images).argmax(1)
    which = ((held_out.labels == 3) & (says == 3)).nonzero()[0]
    return Scene(load("digits", runtime), held_out, net, says, held_out.images[which])


def reader(runtime: Runtime) -> DigitCNN:
    """A3's network, in eval mode.

    With seed 0 it is the zoo's, so that no lesson need train it and all give the same numbers on every machine. Another
    seed is another experiment: it trains a network of its own, in some twenty seconds.

    Args:
        runtime: its seed chooses the network, its device is where it goes.
    """
    recipe = zoo.RECIPES[SHIPPED]
    shipped = runtime.seed == recipe.seed
    network = zoo.load("digit-cnn", runtime) if shipped else trained(runtime, recipe.steps)
    use_channels_last(network)  # as a training does: LIME's and insertion's many pictures take half the time
    return network


def trained(runtime: Runtime, steps: int) -> DigitCNN:
    """A3's network after a training on the 4,000 training digits.

    Args:
        runtime: seed, device and profile; ``smoke`` takes 60 steps at most.
        steps: of 64 digits each.
    """
    with runtime.seeded("weights"):
        network = DigitCNN()
    steps = runtime.pick(smoke=min(steps, 60), course=steps)
    for _ in ClassifierTrainer(network, total=steps).steps(load("digits", runtime), steps, runtime):
        pass
    return network.eval()
