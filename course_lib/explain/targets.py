"""What is to be explained: callables that turn a model's outputs into one number per image."""

import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.explain.forward import model_outputs
from course_lib.explain.validation import check_inputs, class_numbers
from course_lib.models.wrappers import Output

Target = Callable[[Tensor], Tensor]  # outputs (N, …) → (N,)


def class_logit(k: int | Tensor) -> "ClassLogit":
    """The logit of class ``k``.

    Args:
        k: one class for all images, or one for each, int64 ``(N,)``.

    Raises:
        CourseError: for what is no class number; on use, for a class that the model has not.

    Example:
        >>> import torch
        >>> from course_lib.explain import class_logit
        >>> class_logit(2)(torch.tensor([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]))
        tensor([2., 5.])
    """
    return ClassLogit(k)


class ClassLogit:
    """The target that :func:`class_logit` makes; unlike a bare function it says which class it is of.

    Args:
        k: one class for all images, or one for each, int64 ``(N,)``; kept as it is now, in ``wanted``.
    """

    def __init__(self, k: int | Tensor):
        self.wanted = class_numbers(k)
        self._highest = self.wanted if isinstance(self.wanted, int) else int(self.wanted.max())

    def __call__(self, outputs: Tensor) -> Tensor:
        """The class's column of ``outputs``: ``(N,)``.

        Args:
            outputs: ``(N, classes)``.

        Raises:
            CourseError: for outputs of another shape; for a class that is not there; for another number of classes
                than images.
        """
        _two_axes(outputs, "class_logit")
        if self._highest >= outputs.shape[1]:
            raise CourseError(f"class {self._highest}: the model has classes 0 to {outputs.shape[1] - 1}.")
        if isinstance(self.wanted, int):
            return outputs[:, self.wanted]
        _one_each(self.wanted, len(outputs))
        return outputs.gather(1, self.wanted.to(outputs.device).view(-1, 1))[:, 0]


def target_of_image(target: Target, i: int, n: int) -> Target:
    """What ``target`` asks of one image alone: a class logit of that image's class, any other target as it is.

    Args:
        target: of ``n`` images.
        i: which image.
        n: how many there are.

    Raises:
        CourseError: for another number of classes than images.
    """
    if not isinstance(target, ClassLogit) or isinstance(target.wanted, int):
        return target
    _one_each(target.wanted, n)
    return ClassLogit(int(target.wanted[i]))


def _one_each(classes: Tensor, n: int) -> None:
    if len(classes) != n:
        raise CourseError(f"{len(classes)} classes for {n} images: use one each, or one number for all.")


def predicted_logit(model: nn.Module, images: Tensor, *, output: Output = None) -> ClassLogit:
    """The logit of the class that ``model`` now predicts for each of ``images``.

    Args:
        model: in eval mode.
        images: ``(N, C, H, W)`` in [−1, 1].
        output: as in ``forward.model_outputs``.
    """
    with torch.no_grad():
        outputs = model_outputs(model, check_inputs(images), output)
    _two_axes(outputs, "predicted_logit")
    return class_logit(outputs.argmax(1))


def realness(outputs: Tensor) -> Tensor:
    """A discriminator's logit as a target: ``(N,)``, high for "real".

    Args:
        outputs: ``(N, 1)`` or ``(N,)``.

    Raises:
        CourseError: for several outputs an image.
    """
    if outputs.ndim == 1:
        return outputs
    _two_axes(outputs, "realness")
    if outputs.shape[1] != 1:
        raise CourseError(f"realness expects logits (N, 1), got {tuple(outputs.shape)}: use class_logit(k).")
    return outputs[:, 0]


def region_mean(mask: Tensor) -> Target:
    """The mean of a generator's images where ``mask`` is above 0, as a target.

    Args:
        mask: ``(H, W)``, at least 0 everywhere: how much each pixel counts.

    Raises:
        CourseError: for another shape, or a mask that is negative somewhere or 0 everywhere.
    """
    weights = mask.float()
    if weights.ndim != 2 or not (weights >= 0).all() or weights.sum() == 0:
        raise CourseError(f"a mask of shape {tuple(mask.shape)}: use (H, W), at least 0 everywhere, above 0 somewhere.")
    return lambda images: (images * weights.to(images)).mean(1).sum((1, 2)) / weights.sum().to(images)


def target_values(model: nn.Module, target: Target, inputs: Tensor, output: Output = None) -> Tensor:
    """``target(model(inputs))``, checked: ``(N,)``.

    Args:
        model: in eval mode.
        target: outputs → one number an image.
        inputs: ``(N, …)``.
        output: as in ``forward.model_outputs``.

    Raises:
        CourseError: when the target is not one number per image, or is not finite; for a model in train mode, or one
            that gives several outputs, and the other cases of ``model_outputs``.
    """
    return checked_target_values(target, model_outputs(model, inputs, output), len(inputs))


def checked_target_values(target: Target, outputs: Tensor, n: int) -> Tensor:
    """``target(outputs)``, checked as in ``target_values``: ``(n,)``.

    Args:
        target: outputs → one number an image.
        outputs: of the model ``(n, …)``.
        n: how many images there are.

    Raises:
        CourseError: when the target is not one number per image, or is not finite.
    """
    _warn_of_probabilities(outputs)
    values = target(outputs)
    if not isinstance(values, Tensor) or values.shape != (n,):
        shape = tuple(values.shape) if isinstance(values, Tensor) else type(values).__name__
        raise CourseError(
            f"the target gave {shape} for {n} images: it must give one number per image, "
            f"({n},), as class_logit(k) and realness do."
        )
    if not torch.isfinite(values).all():
        raise CourseError("the target is NaN or infinite for some image: look at the model's outputs.")
    return values


def _warn_of_probabilities(outputs: Tensor) -> None:
    several = outputs.ndim == 2 and outputs.shape[1] > 1
    if several and (outputs >= 0).all() and (outputs.sum(1) - 1).abs().max() < 1e-4:
        warnings.warn(
            "the outputs are probabilities (a softmax): where the model is sure they hardly change, so gradients "
            "vanish, and a class can rise because another falls; explain the logits before the softmax.",
            stacklevel=4,
        )


def _two_axes(outputs: Tensor, name: str) -> None:
    if outputs.ndim != 2:
        raise CourseError(
            f"{name} expects outputs (N, classes), got shape {tuple(outputs.shape)}: end the model with "
            "a linear layer, or name a part or a form that fits with output=, such as "
            "output=lambda logits: logits[:, None] for one logit an image."
        )
