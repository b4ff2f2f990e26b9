"""Explanations from slopes: the gradient, its average over noise, its average along a path."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge, Node

from course_lib.errors import CourseError
from course_lib.explain.asking import Output, answers, named
from course_lib.explain.doors import above_zero, check_inputs, whole
from course_lib.explain.model import check_not_scripted, check_slopes, no_slopes
from course_lib.explain.segments import filling
from course_lib.explain.targets import Target, valued


def gradient(model: nn.Module, target: Target, images: Tensor, *, output: Output = None) -> Tensor:
    """∂target/∂pixel, shape of ``images`` (Simonyan, Vedaldi and Zisserman 2014): what a tiny change would do.

    output: of a model that gives a tuple, dict or named tuple, the part to be explained (see ``asking.answers``).

    Raises:
        CourseError: see ``targets.scores``; when the target does not depend on the images; for a model with backward
            hooks.
    """
    with torch.inference_mode(False), torch.enable_grad():
        x, _, values = sloped(model, target, images, output)
        return slope(values, x)


def sloped(model: nn.Module, target: Target, images: Tensor, output: Output) -> tuple[Tensor, Tensor, Tensor]:
    """A copy of the images that slopes can be taken along, the outputs for it, and the target's values ``(N,)``. A
    slope flows from the pixels on, so that frozen weights do not matter."""
    check_slopes(model)
    x = check_inputs(images).detach().clone(memory_format=torch.contiguous_format).requires_grad_(True)
    outputs = answers(model, x, output)
    values = valued(target, outputs, len(x))
    if values.grad_fn is None:
        raise CourseError(
            "the target does not depend on the images (a no_grad or detach lies between): nothing can be attributed."
        )
    return x, outputs, values


def slope(values: Tensor, along: Tensor | GradientEdge, what: str = "the images") -> Tensor:
    """∂(sum of values)/∂along.

    Raises:
        CourseError: where there is none.
    """
    try:
        found = torch.autograd.grad(values.sum(), along, allow_unused=True)[0]
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:
        raise CourseError(no_slopes(error)) from error
    if found is None:
        raise CourseError(
            f"the target does not depend on {what} (a no_grad or detach lies between): nothing can be attributed."
        )
    return found


def smooth_grad(
    model: nn.Module,
    target: Target,
    images: Tensor,
    *,
    samples: int = 25,
    sigma: float = 0.3,
    seed: int = 0,
    output: Output = None,
) -> Tensor:
    """Mean gradient over ``samples`` copies of each image with normal noise of standard deviation ``sigma``, in the
    units of [−1, 1] (Smilkov et al. 2017)."""
    samples, sigma = whole("samples", samples), above_zero("sigma", sigma, zero_too=True)
    g = torch.Generator().manual_seed(seed)
    total = torch.zeros_like(check_inputs(images))
    for _ in range(samples):
        noise = torch.randn(images.shape, generator=g).to(images)
        total += gradient(model, target, images + sigma * noise, output=output)
    return total / samples


def integrated_gradients(
    model: nn.Module,
    target: Target,
    images: Tensor,
    baseline: Tensor | float = -1.0,
    *,
    steps: int = 50,
    output: Output = None,
) -> Tensor:
    """(x − b) · mean of the gradient along the straight way from the baseline b to x, by the midpoint rule
    (Sundararajan, Taly and Yan 2017, equation 1).

    *Complete*: the sum over pixels is target(x) − target(b), up to the rule's error, which falls with ``steps``.
    baseline: what counts as "nothing": −1 is a black image; or a tensor that broadcasts to ``images``.
    """
    steps = whole("steps", steps)
    start = filling(check_inputs(images), baseline)
    total = torch.zeros_like(images)
    for i in range(steps):
        total += gradient(model, target, start + (i + 0.5) / steps * (images - start), output=output)
    return (images - start) * total / steps


def guided_backprop(model: nn.Module, target: Target, images: Tensor, *, output: Output = None) -> Tensor:
    """The gradient, but at each ReLU negative slopes are cut off on their way back (Springenberg et al. 2015, section
    3.4): shape of ``images``. Sharp pictures, of the image more than of the model (notebook 10).

    A ReLU is found in the graph that torch records for its slopes, so a layer, ``relu(x)``, one in place and
    ``x.clamp(min=0)`` are all one; other activations pass slopes on as they are.

    Raises:
        CourseError: see ``gradient``; for a model without ReLU, where it would be the gradient under another name.
    """
    check_not_scripted(model)
    with torch.inference_mode(False), torch.enable_grad():
        x, outputs, values = sloped(model, target, images, output)
        rectifiers = [node for node in _graph(outputs) if _rectifies(node)]
        if not rectifiers:
            raise CourseError(f"the {named(model)} has no ReLU, and this is a rule for ReLU: use gradient.")
        for node in rectifiers:  # the graph goes with this call, and the hooks go with it
            node.register_hook(lambda inwards, _: tuple(g if g is None else g.clamp(min=0) for g in inwards))
        return slope(values, x)


def _graph(outputs: Tensor) -> Iterator[Node]:
    """The operations that outputs were computed by, each once."""
    seen, ahead = set(), [outputs.grad_fn]
    while ahead:
        node = ahead.pop()
        if node is not None and node not in seen:
            seen.add(node)
            ahead += [before for before, _ in node.next_functions]
            yield node


def _rectifies(node: Node) -> bool:
    floor, ceiling = (getattr(node, f"_saved_{end}", None) for end in ("min", "max"))
    clamped = node.name().startswith("Clamp") and not isinstance(floor, Tensor) and floor == 0 and ceiling is None
    return node.name().startswith("ReluBackward") or clamped
