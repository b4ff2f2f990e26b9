"""What is to be explained: callables that turn a model's outputs into one number per image."""

import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError

Target = Callable[[Tensor], Tensor]  # outputs (N, …) → (N,)


def class_logit(k: int | Tensor) -> Target:
    """The logit of class ``k``: one class for all images, or one for each, int64 ``(N,)``."""

    def target(outputs: Tensor) -> Tensor:
        _two_axes(outputs, "class_logit")
        if isinstance(k, Tensor):
            return outputs.gather(1, k.to(outputs.device).view(-1, 1))[:, 0]
        if not 0 <= k < outputs.shape[1]:
            raise CourseError(f"class {k!r}: the model has classes 0 to {outputs.shape[1] - 1}.")
        return outputs[:, k]

    return target


def predicted_logit(model: nn.Module, images: Tensor) -> Target:
    """The logit of the class that ``model`` (in eval mode) now predicts for each of ``images``."""
    with torch.no_grad():
        return class_logit(model(images).argmax(1))


def realness(outputs: Tensor) -> Tensor:
    """A discriminator's logit ``(N, 1)`` → ``(N,)``: high for "real"."""
    _two_axes(outputs, "realness")
    if outputs.shape[1] != 1:
        raise CourseError(f"realness expects logits (N, 1), got {tuple(outputs.shape)}: use class_logit(k).")
    return outputs[:, 0]


def region(mask: Tensor) -> Target:
    """Of a generator: the mean of its images ``(N, C, H, W)`` where ``mask`` ``(H, W)`` is above 0."""
    weights = mask.float()
    if weights.ndim != 2 or not (weights >= 0).all() or weights.sum() == 0:
        raise CourseError(f"a mask of shape {tuple(mask.shape)}: use (H, W), at least 0 everywhere, above 0 somewhere.")
    return lambda images: (images * weights.to(images)).mean(1).sum((1, 2)) / weights.sum().to(images)


def scores(model: nn.Module, target: Target, inputs: Tensor) -> Tensor:
    """``target(model(inputs))``, checked: ``(N,)``.

    Raises:
        CourseError: when the target is not one number per image, or is not finite; for a model in train mode.
    """
    if model.training:
        raise CourseError(f"the {type(model).__name__} is in train mode, where dropout and batch norm make its answer "
                          "depend on chance and on the other images: use explain_copy(model).")  # fmt: skip
    outputs = model(inputs)
    _warn_of_probabilities(outputs)
    values = target(outputs)
    if not isinstance(values, Tensor) or values.shape != (len(inputs),):
        shape = tuple(values.shape) if isinstance(values, Tensor) else type(values).__name__
        raise CourseError(f"the target gave {shape} for {len(inputs)} images: it must give one number per image, "
                          f"({len(inputs)},), as class_logit(k) and realness do.")  # fmt: skip
    if not torch.isfinite(values).all():
        raise CourseError("the target is NaN or infinite for some image: look at the model's outputs.")
    return values


def _warn_of_probabilities(outputs: Tensor) -> None:
    several = outputs.ndim == 2 and outputs.shape[1] > 1
    if several and (outputs >= 0).all() and (outputs.sum(1) - 1).abs().max() < 1e-4:
        warnings.warn(
            "the outputs are probabilities (a softmax): where the model is sure they hardly change, so gradients "
            "vanish, and a class can rise because another falls; explain the logits before the softmax.",
            stacklevel=3)  # fmt: skip


def _two_axes(outputs: Tensor, name: str) -> None:
    if outputs.ndim != 2:
        raise CourseError(f"{name} expects outputs (N, classes), got shape {tuple(outputs.shape)}: end the model with "
                          "a linear layer.")  # fmt: skip
