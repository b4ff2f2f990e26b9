"""What a layer gives, and how a target answers to it: what Grad-CAM, HiResCAM and TCAV all begin with."""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge, get_gradient_edge

from course_lib.errors import CourseError
from course_lib.explain.gradients import checked_gradient, forward_with_gradient
from course_lib.explain.model import check_not_scripted, find_layer
from course_lib.explain.targets import Target
from course_lib.models.wrappers import Output


class Use(NamedTuple):
    """One use of a layer while a model runs.

    Attributes:
        gave: its output, a copy where it is a tensor that slopes reach; it may be anything.
        edge: the output's place in torch's graph; None where no slope reaches it.
        handed_on: whether the output is an input as it was, so that both have one place.
    """

    gave: Any
    edge: GradientEdge | None
    handed_on: bool


def one_tensor(layer: str, uses: list[Use]) -> None:
    """Refuse a layer that has not *one* output, a tensor.

    Args:
        layer: its name.
        uses: of it, in order.

    Raises:
        CourseError: for such a layer.
    """
    if len(uses) != 1:
        raise CourseError(f"layer {layer!r} was used {len(uses)} times: choose one used once.")
    if not isinstance(uses[0].gave, Tensor):
        raise CourseError(f"layer {layer!r} gives a {type(uses[0].gave).__name__}: choose one that gives a tensor.")


def output_and_slopes(
    model: nn.Module,
    target: Target,
    images: Tensor,
    layer: str,
    *,
    output: Output = None,
    check: Callable[[str, list[Use]], None] = one_tensor,
) -> tuple[Tensor, Tensor]:
    """A layer's output, a tensor of any shape, and the target's slopes along it.

    An in-place layer after this one overwrites its output, so the output is cloned, and slopes are asked for at the
    place in torch's graph where it was (a *gradient edge*), not along the tensor, which then stands elsewhere.

    Args:
        model: in eval mode.
        target: what is asked.
        images: ``(N, C, H, W)`` in [−1, 1].
        layer: its name in the model, such as "body.4".
        output: of a model that gives a tuple, dict or named tuple, the part that is meant (see
            ``forward.model_outputs``).
        check: refuses the uses of a layer that its caller cannot work with.

    Returns:
        The output and the slopes, of the same shape.

    Raises:
        CourseError: for a layer that the model has not, or that ``check`` refuses; for one that no slope reaches, or
            that the target does not depend on; see ``gradient``.
    """
    check_not_scripted(model)
    part = find_layer(model, layer)
    entered: list[GradientEdge] = []
    uses: list[Use] = []

    def enter(module: nn.Module, inputs: tuple, named_inputs: dict) -> None:
        entered.extend(get_gradient_edge(x) for x in [*inputs, *named_inputs.values()] if _has_slope(x))

    def keep(module: nn.Module, inputs: tuple, found: Any) -> None:
        edge = get_gradient_edge(found) if _has_slope(found) else None
        same = edge is not None and any(edge[:2] == before[:2] for before in entered)
        uses.append(Use(found if edge is None else found.detach().clone(), edge, same))

    hooks = [part.register_forward_pre_hook(enter, with_kwargs=True), part.register_forward_hook(keep)]
    try:
        with torch.inference_mode(False), torch.enable_grad():
            _, _, values = forward_with_gradient(model, target, images, output)
            check(layer, uses)
            ((gave, edge, _),) = uses
            if edge is None:
                raise CourseError(
                    f"no slope reaches layer {layer!r} (it runs under no_grad or on a detached tensor): "
                    "choose a layer after that."
                )
            return gave, checked_gradient(values, edge, f"layer {layer!r}")
    finally:
        for hook in hooks:
            hook.remove()


def _has_slope(x: Any) -> bool:
    return isinstance(x, Tensor) and x.requires_grad
