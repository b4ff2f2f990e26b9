"""Does this network fit this data and this trainer? Asked once, before the first step, and answered by a sentence.

Called in eval mode, without gradients (see ``Trainer.steps``), so that nothing in a network changes.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn

from course_lib.data.batches import BatchedData
from course_lib.data.images import ImageData
from course_lib.errors import CourseError
from course_lib.models.wrappers import WHERE, class_name, select_output
from course_lib.training.settings import latent_size

# How autograd calls the last step of a network that gives probabilities, and what is another shape, or a mean, of it.
PROBABILITIES = {
    "Sigmoid": "a sigmoid",
    "Hardsigmoid": "a hard sigmoid",
    "Softmax": "a softmax",
    "LogSigmoid": "a log-sigmoid",
    "LogSoftmax": "a log-softmax",
}
SHAPES = (
    "View",
    "UnsafeView",
    "ReshapeAlias",
    "Squeeze",
    "Unsqueeze",
    "Alias",
    "Clone",
    "Slice",
    "Select",
    "ToCopy",
    "Permute",
    "Transpose",
    "T",
    "Cat",
    "Expand",
    "Mean",
    "AvgPool2D",
    "AdaptiveAvgPool2D",
)
PROBES = 16


def check_shapes(generator: nn.Module, critic: Callable[[Tensor], Tensor], data: BatchedData, batch: int) -> None:
    """Refuse two networks that do not make, or do not take, examples of the data's shape.

    Args:
        generator: latents → examples.
        critic: examples → logits.
        data: what is imitated.
        batch: examples that are judged at once.

    Raises:
        CourseError: naming the one that does not fit.
    """
    made = tuple(generator(torch.zeros(1, latent_size(generator), device=data.examples.device)).shape[1:])
    if made != data.shape:
        raise CourseError(
            f"the generator makes examples of shape {made} and {data.name!r} has {data.shape}: build it with the "
            "data's size and channels, or pad the data with data.padded(32)."
        )
    try:
        critic(data.examples[:batch])
    except RuntimeError as problem:
        raise CourseError(
            f"the discriminator does not take examples of shape {data.shape} ({str(problem).splitlines()[0]}): "
            "build it with the data's size and channels (pack × channels with a Pack view)."
        ) from problem


def check_generator(generator: nn.Module, data: BatchedData, batch: int) -> None:
    """Refuse a generator that does not take ``(N, latent)``, or whose pictures are not in [−1, 1] as the data's are.

    Args:
        generator: latents → examples.
        data: what it is to imitate.
        batch: examples that it makes at once.

    Raises:
        CourseError: for such a generator.
    """
    check_batch(batch, generator)
    name, images = class_name(generator), data.examples[:PROBES]
    z = torch.randn(PROBES, latent_size(generator)).to(images.device)
    made = select_output(
        _asked(
            generator,
            z,
            f"the generator {name} does not take latents {tuple(z.shape)}",
            "set its 'latent', or wrap it by as_generator(module, latent=…)",
        ),
        None,
        name,
        WHERE,
    )
    if images.ndim != 4 or made.ndim != 4:
        return
    low, high = (v.item() for v in torch.aminmax(made))
    if not (low >= -1.001 and high <= 1.001):
        raise CourseError(
            f"the generator {name} makes pixels from {low:.3g} to {high:.3g}: expected [−1, 1]; end it "
            "with tanh, or state its range by as_generator(module, values=(black, white))."
        )
    if low >= 0 and high - low > 1e-6 and (darkest := images.min().item()) < -0.5:
        raise CourseError(
            f"the generator {name} makes pixels from {low:.3g} to {high:.3g} only, as if it ended in a "
            f"sigmoid, and {data.name!r} goes down to {darkest:.3g}: end it with tanh, or wrap it by "
            "as_generator(module, values=(0, 1))."
        )


def check_discriminator(
    discriminator: nn.Module, critic: Callable[[Tensor], Tensor], seen: Callable[[Tensor], Tensor], real: Tensor
) -> None:
    """Refuse a discriminator that gives anything but one logit for each example, or pack of them: probabilities, say.

    A σ is known by what autograd recorded; or by answers that stay in [0, 1] whatever is asked and are at their ends
    where the question is absurdly large.

    Args:
        discriminator: the network.
        critic: examples → logits, as the game asks.
        seen: examples → what the discriminator is shown.
        real: examples ``(N, …)`` to ask it about.

    Raises:
        CourseError: for such a discriminator.
    """
    name, n = class_name(discriminator), len(seen(real))
    check_batch(n, discriminator)
    logits = select_output(critic(real), None, name, WHERE)
    if logits.shape != (n, 1):
        raise CourseError(
            f"the discriminator {name} answers {n} examples with {tuple(logits.shape)}: expected logits "
            f"({n}, 1), one each; wrap it by as_discriminator(module, output=…)."
        )
    with torch.enable_grad(), _eager(discriminator):
        ending = _ending(critic(real.detach().clone().requires_grad_(True)))
    noise = torch.rand_like(real) * 2 - 1
    large = torch.cat([critic(sign * 1e6 * x) for sign in (1, -1) for x in (real, noise)])
    both = torch.cat([logits, critic(noise), large])
    bounded = bool((both >= 0).all() and (both <= 1).all() and both.max() > both.min())
    if ending is None and bounded and bool(((large < 1e-3) | (large > 1 - 1e-3)).all()):
        ending = "a sigmoid or its like (all its answers are between 0 and 1)"
    if ending:
        raise CourseError(
            f"the discriminator {name} ends in {ending}, and the losses take logits, of which they make "
            "the probability themselves: leave its last layer out."
        )


def check_classifier(network: nn.Module, data: BatchedData, batch: int) -> None:
    """Refuse a classifier that does not take the pictures, has another number of classes, or gives probabilities.

    Args:
        network: images → logits ``(N, classes)``.
        data: pictures in two classes or more; others are refused, too.
        batch: images a step.

    Raises:
        CourseError: for such a network, and such data.
    """
    if not isinstance(data, ImageData):
        raise CourseError(f"{data.name!r} has no pictures in named classes: use an ImageData, such as load('digits').")
    check_classes(data)
    check_batch(batch, network)
    name, images = class_name(network), data.examples[:2]
    logits = select_output(
        _asked(
            network,
            images,
            f"the classifier {name} does not take images of shape {data.shape}",
            "build it with the data's size and channels, or bring the data to its size",
        ),
        None,
        name,
        WHERE,
    )
    if logits.ndim != 2 or len(logits) != len(images) or logits.shape[1] != len(data.names):
        raise CourseError(
            f"the classifier {name} answers {len(images)} images with {tuple(logits.shape)}, and "
            f"{data.name!r} has {len(data.names)} classes: expected logits ({len(images)}, "
            f"{len(data.names)}); build it with classes={len(data.names)}, or see as_classifier."
        )
    with torch.enable_grad(), _eager(network):
        ending = _ending(network(images.detach().clone().requires_grad_(True)))
    if ending:
        raise CourseError(
            f"the classifier {name} ends in {ending}, and the cross-entropy takes logits, of which it "
            "makes the probabilities itself: leave its last layer out."
        )


def check_classes(data: BatchedData) -> None:
    """Refuse data of a single class where classes are to be told apart.

    Args:
        data: labelled examples.

    Raises:
        CourseError: for one class only.
    """
    if len(used := data.labels.unique().tolist()) < 2:
        only = data.names[used[0]] if isinstance(data, ImageData) else used[0]
        raise CourseError(
            f"{data.name!r} has only the class {only!r}, and here classes are told apart: "
            "give labels to ImageData.of, or a folder with a subfolder for each class."
        )


def check_class_numbers(data: BatchedData, classes: int, taken: str, remedy: str) -> None:
    """Refuse labels beyond the class numbers 0 … ``classes`` − 1 that a network was built for.

    Args:
        data: labelled examples.
        classes: how many classes the network knows.
        taken: who knows them, as in "the generator draws".
        remedy: what to do; {} is where the number needed goes.

    Raises:
        CourseError: for such labels.
    """
    if (highest := int(data.labels.max())) >= classes:
        raise CourseError(
            f"{data.name!r} has labels up to {highest} and {taken} {classes} classes: {remedy.format(highest + 1)}."
        )


def check_batch(n: int, *networks: nn.Module) -> None:
    """Refuse a single example at a time for networks with batch norm, which then has nothing to take a mean of.

    Args:
        n: examples at a time.
        *networks: those that see them.

    Raises:
        CourseError: for one example and a network with batch norm.
    """
    for network in networks:
        for norm in {type(m).__name__ for m in network.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)}:
            if n == 1:
                raise CourseError(
                    f"{class_name(network)} has {norm} and sees one example at a time, which has no "
                    "batch statistics: use a larger batch, or a network without batch norm."
                )


def _asked(network: nn.Module, x: Tensor, what: str, remedy: str) -> object:
    try:
        return network(x)
    except CourseError:
        raise
    except Exception as problem:  # whatever somebody's module raises where the shape is wrong
        raise CourseError(f"{what} ({(str(problem).strip().splitlines() or ['?'])[0]}): {remedy}.") from problem


def _eager(network: nn.Module) -> AbstractContextManager:
    """Run compiled parts uncompiled: autograd records a compiled network as a single step.

    Without any, nothing is done, because the first use of torch's compiler imports it: seconds.
    """
    compiled = any(hasattr(m, "_orig_mod") or getattr(m, "_compiled_call_impl", None) for m in network.modules())
    return torch.compiler.set_stance("force_eager") if compiled else nullcontext()


def _ending(outputs: Tensor) -> str | None:
    """Which function that makes probabilities the outputs come from, by autograd's record of their last steps."""
    step = outputs.grad_fn
    while step is not None:
        made_by = type(step).__name__.rstrip("0123456789").removesuffix("Backward")
        if made_by in PROBABILITIES:
            return PROBABILITIES[made_by]
        if made_by not in SHAPES:
            return None
        step = next((before for before, _ in step.next_functions if before is not None), None)
    return None
