"""The networks that lessons 11.1 and 11.2 tell in words: A3's reader of digits, and a young discriminator."""

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from course_lib import zoo
from course_lib.data.images import ImageData
from course_lib.explain import explain_copy
from course_lib.models import DCDiscriminator, DigitCNN
from course_lib.runtime import Runtime
from course_lib.training.classifier import ClassifierTrainer


def reader_of(runtime: Runtime, digits: ImageData, steps: int = 300) -> nn.Module:
    """A3's classifier, safe to explain: the zoo's for seed 0, for another seed one that is trained here.

    Args:
        runtime: its seed chooses the network; ``smoke`` takes 20 steps.
        digits: to train on.
        steps: of 64 digits each.
    """
    if runtime.seed == zoo.RECIPES["digit-cnn"].seed:
        return explain_copy(zoo.load("digit-cnn", runtime))
    return taught(runtime, "reader", digits, runtime.pick(smoke=20, course=steps), width=32)


def taught(runtime: Runtime, name: str, data: ImageData, steps: int, width: int, shift: int = 2) -> nn.Module:
    """A classifier of A3's kind after a training, safe to explain.

    Args:
        runtime: seed and device.
        name: of the stream that draws the first weights.
        data: pictures in classes.
        steps: of 64 pictures each.
        width: maps of its first convolution.
        shift: each picture is moved by up to so many pixels.
    """
    with runtime.seeded("weights", name):
        network = DigitCNN(classes=len(data.names), width=width).to(runtime.device)
    for _ in ClassifierTrainer(network, lr=2e-3, total=steps, shift=shift).steps(data, steps, runtime):
        pass
    return explain_copy(network)


def young_discriminator(runtime: Runtime, real: Tensor, drawn: Tensor) -> nn.Module:
    """A discriminator (spectral norm, pooled head) after 200 steps on fixed pictures, safe to explain.

    Args:
        runtime: seed and device; ``smoke`` takes 10 steps.
        real, drawn: pictures ``(N, 1, 28, 28)``.
    """
    with runtime.seeded("weights", "young discriminator"):
        model = DCDiscriminator(16, norm="spectral", head="pool").to(runtime.device)
    optimiser, g = torch.optim.Adam(model.parameters(), 2e-3, (0.5, 0.9)), runtime.stream("batches of two kinds")
    for _ in range(runtime.pick(smoke=10, course=200)):
        batch = [pictures[torch.randint(len(pictures), (64,), generator=g)] for pictures in (real, drawn)]
        a, b = model(torch.cat(batch)).chunk(2)
        loss = softplus(-a).mean() + softplus(b).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return explain_copy(model)
