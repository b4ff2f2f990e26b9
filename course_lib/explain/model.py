"""A copy of a model that can be explained without harm to the original; its hooks and its layers by name."""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.explain.forward import checked_module
from course_lib.models.wrappers import class_name

EXPLAINERS = ("shap", "captum")  # packages whose failures leave hooks behind


def explain_copy(model: nn.Module) -> nn.Module:
    """A deep copy in eval mode, without in-place layers, uncompiled, its weights ready for gradients.

    In-place layers overwrite what another package's hooks look at: shap raises on them, and leaves its hooks behind.
    The model's own forward hooks are part of what it computes and come along; backward hooks change slopes only, and
    do not. The original keeps its mode, its hooks and its weights.

    Args:
        model: any module.

    Raises:
        CourseError: for a model that carries the hooks of an explanation that failed; for one that cannot be copied.
    """
    twin = copied(model)
    for part in twin.modules():
        if getattr(part, "inplace", False):
            object.__setattr__(part, "inplace", False)  # a module's own setting would be typed as a part of it
    for weights in twin.parameters():
        weights.requires_grad_(weights.is_floating_point() or weights.is_complex())
    return twin


def copied(model: nn.Module) -> nn.Module:
    """``explain_copy`` with in-place layers and frozen weights as they are.

    Args:
        model: any module.

    Raises:
        CourseError: as ``explain_copy``.
    """
    check_leftover_hooks(model)
    # Weight norm and old spectral norm keep a computed weight beside their own, and torch copies no computed tensor.
    made = {
        id(v): v.detach().clone()
        for part in model.modules()
        for v in vars(part).values()
        if isinstance(v, Tensor) and not v.is_leaf
    }
    try:
        with torch.inference_mode(False):  # else no slopes could be taken through the copy
            twin = copy.deepcopy(model, made)
    except (RuntimeError, TypeError, ValueError, AttributeError) as error:
        raise CourseError(
            f"the {class_name(model)} cannot be copied ({str(error)[:80]}): build it anew and load its state_dict."
        ) from error
    twin = _uncompiled(twin).eval()
    for part in twin.modules():
        part._backward_hooks.clear()
        part._backward_pre_hooks.clear()
    return twin


def count_hooks(model: nn.Module) -> int:
    """How many forward and backward hooks the model's parts carry.

    Args:
        model: any module.
    """
    return len(_hooks(model))


def check_leftover_hooks(model: nn.Module) -> None:
    """Refuse a model with hooks of an explanation that was interrupted.

    Args:
        model: any module.

    Raises:
        CourseError: for such a model.
    """
    left = [package for hook in _hooks(model) if (package := _package(hook)) in EXPLAINERS]
    if left:
        raise CourseError(
            f"the {class_name(model)} carries {len(left)} hooks that {left[0]} left behind when it failed: "
            "load it anew."
        )


def check_no_backward_hooks(model: nn.Module) -> None:
    """Refuse a model whose slopes are not those of what it computes.

    Args:
        model: any module.

    Raises:
        CourseError: for backward hooks.
    """
    check_leftover_hooks(model)
    for name, part in model.named_modules():
        if part._backward_hooks or part._backward_pre_hooks:
            raise CourseError(
                f"{name or class_name(model)!r} carries a backward hook, which changes slopes on their way "
                "back: remove it, or use explain_copy(model), which leaves it out."
            )


def no_gradient_message(error: RuntimeError) -> str:
    """The sentence for what torch says where it cannot take slopes.

    Args:
        error: what it raised.
    """
    said = str(error).partition("\n")[0][:120]
    return f"torch cannot take slopes through this model ({said}): look for in-place operations in its forward."


def check_not_scripted(model: nn.Module) -> None:
    """Refuse a scripted model: what happens inside it is out of reach.

    Args:
        model: any module.

    Raises:
        CourseError: for such a model.
    """
    if any(isinstance(part, torch.jit.ScriptModule) for part in checked_module(model).modules()):
        raise CourseError(
            f"the {class_name(model)} is scripted (torch.jit), which hides its layers: use the model it was made from."
        )


def find_layer(model: nn.Module, name: str) -> nn.Module:
    """A part of the model by its dotted name; in a compiled model, by the name it has in the original.

    Args:
        model: any module.
        name: such as "body.4".

    Raises:
        CourseError: for a name that it has not (with the convolutions that it has).
    """
    parts = {_plain(n): m for n, m in checked_module(model).named_modules(remove_duplicate=False)}
    if not isinstance(name, str) or name not in parts or not name:
        some = [n for n, m in parts.items() if isinstance(m, nn.Conv2d | nn.ConvTranspose2d)]
        shown = (
            f"its convolutions are {', '.join(some[:20])}{' …' if len(some) > 20 else ''}"
            if some
            else (f"it has {', '.join(n for n in list(parts)[:20] if n)}")
        )
        raise CourseError(f"{class_name(model)} has no layer {name!r}: {shown}.")
    return parts[name]


def _plain(name: str) -> str:
    return ".".join(part for part in name.split(".") if part != "_orig_mod")


def _uncompiled(model: nn.Module) -> nn.Module:
    """``model`` (a copy) with each compiled part replaced by what was compiled."""
    model = getattr(model, "_orig_mod", model)
    for part in list(model.modules()):
        for name, child in part.named_children():
            if hasattr(child, "_orig_mod"):
                setattr(part, name, child._orig_mod)
    return model


def _hooks(model: nn.Module) -> list[Callable]:
    return [
        hook
        for part in checked_module(model).modules()
        for each in (part._forward_hooks, part._forward_pre_hooks, part._backward_hooks, part._backward_pre_hooks)
        for hook in each.values()
    ]


def _package(hook: Callable) -> str:
    """The package that a hook comes from."""
    hook = getattr(hook, "func", hook)  # of a partial
    return (getattr(hook, "__module__", None) or type(hook).__module__ or "").partition(".")[0]
