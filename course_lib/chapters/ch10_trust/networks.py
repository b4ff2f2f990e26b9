"""The networks that this chapter's lessons explain: A3's reader of digits, and those trained beside it."""

import torch
from torch import nn

from course_lib import zoo
from course_lib.data import load
from course_lib.data.images import ImageData
from course_lib.explain import explain_copy
from course_lib.models import DigitCNN
from course_lib.runtime import Runtime
from course_lib.training.classifier import ClassifierTrainer


def reader(runtime: Runtime) -> nn.Module:
    """A3's digit classifier, safe to explain.

    With seed 0 it is the zoo's, so that no lesson need train it. Another seed is another experiment: a network of its
    own is trained as the first one of the recorded trials is, in some twenty seconds.

    Args:
        runtime: its seed chooses the network, its device is where it goes; ``smoke`` hardly trains.
    """
    if runtime.seed == zoo.RECIPES["digit-cnn"].seed:
        network = zoo.load("digit-cnn", runtime)
        return explain_copy(network.to(memory_format=torch.channels_last))  # as a trained one: twice as fast to ask
    return trained(runtime, "first", load("digits", runtime), 600)


def trained(runtime: Runtime, name: str, data: ImageData, steps: int, shift: int = 2) -> nn.Module:
    """A3's network after a training, safe to explain.

    Args:
        runtime: seed, device and profile; ``smoke`` takes 10 steps.
        name: the first weights are drawn from a stream of this name.
        data: pictures in classes.
        steps: of 64 pictures each.
        shift: each picture is moved by up to so many pixels.
    """
    with runtime.seeded("weights", name):
        network = DigitCNN(classes=len(data.names)).to(runtime.device)
    steps = runtime.pick(smoke=10, course=steps)
    for _ in ClassifierTrainer(network, lr=2e-3, total=steps, shift=shift).steps(data, steps, runtime):
        pass
    return explain_copy(network)
