"""A copy of a model that can be explained without harm to the original."""

import copy

from torch import nn

from course_lib.errors import CourseError


def explain_copy(model: nn.Module) -> nn.Module:
    """A deep copy in eval mode, without in-place layers, its weights ready for gradients.

    In-place layers overwrite what an explanation's hooks look at: shap raises on them, and leaves its hooks behind. The
    original keeps its mode, its hooks and its weights.

    Raises:
        CourseError: for a model that carries hooks already (an interrupted explanation left them there).
    """
    if left := hooks(model):
        raise CourseError(f"the {type(model).__name__} carries {left} hooks, probably of an explanation that failed: "
                          "load it anew.")  # fmt: skip
    twin = copy.deepcopy(model).eval()
    for part in twin.modules():
        if getattr(part, "inplace", False):
            part.inplace = False
    return twin.requires_grad_(True)


def hooks(model: nn.Module) -> int:
    """How many forward and backward hooks the model's parts carry."""
    return sum(len(part._forward_hooks) + len(part._forward_pre_hooks) + len(part._backward_hooks) +
               len(part._backward_pre_hooks) for part in model.modules())  # fmt: skip


def layer(model: nn.Module, name: str) -> nn.Module:
    """A part of the model by its dotted name.

    Raises:
        CourseError: for a name that it has not (with the convolutions that it has).
    """
    parts = dict(model.named_modules())
    if name not in parts or not name:
        some = [n for n, m in parts.items() if isinstance(m, nn.Conv2d | nn.ConvTranspose2d)]
        raise CourseError(f"{type(model).__name__} has no layer {name!r}: its convolutions are {', '.join(some)}.")
    return parts[name]
