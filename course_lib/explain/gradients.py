"""Explanations from slopes: the gradient, its average over noise, its average along a path."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge, Node

from course_lib.errors import CourseError, check_positive, check_whole_number
from course_lib.explain.forward import model_outputs
from course_lib.explain.model import check_no_backward_hooks, check_not_scripted, no_gradient_message
from course_lib.explain.segments import fill_like
from course_lib.explain.targets import Target, checked_target_values
from course_lib.explain.validation import check_inputs
from course_lib.models.wrappers import Output, class_name


def gradient(model: nn.Module, target: Target, images: Tensor, *, output: Output = None) -> Tensor:
    """∂target/∂pixel, shape of ``images`` (Simonyan, Vedaldi and Zisserman 2014): what a tiny change would do.

    Args:
        model: in eval mode.
        target: what is explained.
        images: ``(N, C, H, W)`` in [−1, 1].
        output: of a model that gives a tuple, dict or named tuple, the part to be explained (see
            ``forward.model_outputs``).

    Raises:
        CourseError: see ``targets.scores``; when the target does not depend on the images; for a model with backward
            hooks.

    Example:
        >>> import torch
        >>> from torch import nn
        >>> from course_lib.explain import class_logit, gradient
        >>> linear = nn.Sequential(nn.Flatten(), nn.Linear(4, 3)).eval()
        >>> slopes = gradient(linear, class_logit(2), torch.zeros(1, 1, 2, 2))
        >>> torch.equal(slopes.flatten(), linear[1].weight[2])  # a linear model's are its weights
        True
    """
    with torch.inference_mode(False), torch.enable_grad():
        x, _, values = forward_with_gradient(model, target, images, output)
        return checked_gradient(values, x)


def forward_with_gradient(
    model: nn.Module, target: Target, images: Tensor, output: Output
) -> tuple[Tensor, Tensor, Tensor]:
    """The model asked so that slopes can be taken.

    A slope flows from the pixels on, so that frozen weights do not matter.

    Args:
        model, target, images, output: as for ``gradient``.

    Returns:
        A copy of the images that slopes can be taken along, the outputs for it, and the target's values ``(N,)``.

    Raises:
        CourseError: when the target does not depend on the images.
    """
    check_no_backward_hooks(model)
    x = check_inputs(images).detach().clone(memory_format=torch.contiguous_format).requires_grad_(True)
    outputs = model_outputs(model, x, output)
    values = checked_target_values(target, outputs, len(x))
    if values.grad_fn is None:
        raise CourseError(
            "the target does not depend on the images (a no_grad or detach lies between): nothing can be attributed."
        )
    return x, outputs, values


def checked_gradient(values: Tensor, along: Tensor | GradientEdge, what: str = "the images") -> Tensor:
    """∂(sum of values)/∂along, shape of ``along``.

    Args:
        values: ``(N,)``.
        along: a tensor that they depend on, or its place in torch's graph.
        what: what it is, for the sentence.

    Raises:
        CourseError: where there is none.
    """
    try:
        found = torch.autograd.grad(values.sum(), along, allow_unused=True)[0]
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:
        raise CourseError(no_gradient_message(error)) from error
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
    """Mean gradient over noisy copies of each image: shape of ``images`` (Smilkov et al. 2017).

    Args:
        samples: copies of each image.
        sigma: standard deviation of the normal noise, in the units of [−1, 1].
        seed: of the noise.
        model, target, images, output: as for ``gradient``, which refuses the same.
    """
    samples, sigma = check_whole_number("samples", samples), check_positive("sigma", sigma, zero_too=True)
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
    """(x − b) · mean of the gradient along the straight way from a baseline b to x: shape of ``images``.

    By the midpoint rule (Sundararajan, Taly and Yan 2017, equation 1).
    *Complete*: the sum over pixels is target(x) − target(b), up to the rule's error, which falls with ``steps``.

    Args:
        baseline: what counts as "nothing": −1 is a black image; or a tensor that broadcasts to ``images``.
        steps: points on the way.
        model, target, images, output: as for ``gradient``, which refuses the same.
    """
    steps = check_whole_number("steps", steps)
    start = fill_like(check_inputs(images), baseline)
    total = torch.zeros_like(images)
    for i in range(steps):
        total += gradient(model, target, start + (i + 0.5) / steps * (images - start), output=output)
    return (images - start) * total / steps


def guided_backprop(model: nn.Module, target: Target, images: Tensor, *, output: Output = None) -> Tensor:
    """The gradient, but at each ReLU negative slopes are cut off on their way back: shape of ``images``.

    Springenberg et al. 2015, section 3.4. Sharp pictures, of the image more than of the model (chapter 10).
    A ReLU is found in the graph that torch records for its slopes, so a layer, ``relu(x)``, one in place and
    ``x.clamp(min=0)`` are all one; other activations pass slopes on as they are.

    Args:
        model, target, images, output: as for ``gradient``.

    Raises:
        CourseError: see ``gradient``; for a model without ReLU, where it would be the gradient under another name.
    """
    check_not_scripted(model)
    with torch.inference_mode(False), torch.enable_grad():
        x, outputs, values = forward_with_gradient(model, target, images, output)
        rectifiers = [node for node in _graph(outputs) if _rectifies(node)]
        if not rectifiers:
            raise CourseError(f"the {class_name(model)} has no ReLU, and this is a rule for ReLU: use gradient.")
        for node in rectifiers:  # the graph goes with this call, and the hooks go with it
            node.register_hook(lambda inwards, _: tuple(g if g is None else g.clamp(min=0) for g in inwards))
        return checked_gradient(values, x)


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
