"""The door of every explanation: is this a batch of pictures, a class, a number of samples? If not, one sentence."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from course_lib.errors import CourseError

# Beyond it pictures are taken for 0…255. Pictures normalised by a data set's mean and deviation stay within ±3.
FURTHEST = 10.0
WHOLE = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)


def check_inputs(inputs: Tensor) -> Tensor:
    """What a model is to be explained on, if it is a batch.

    That is floating-point ``(N, …)``, N of at least 1, finite, and where it has the four axes of pictures, of about
    their range.

    Args:
        inputs: what was given.

    Raises:
        CourseError: for another type, shape, dtype or range; for NaN.
    """
    if not isinstance(inputs, Tensor):
        raise CourseError(f"the images are a {type(inputs).__name__}: expected a torch tensor; use torch.as_tensor.")
    if inputs.ndim < 2 or not inputs.numel():
        raise CourseError(f"the images have shape {tuple(inputs.shape)}: expected a batch (N, …) with N of at least 1.")
    if not inputs.is_floating_point():
        hint = "images.float() / 127.5 - 1" if inputs.dtype == torch.uint8 else "images.float()"
        raise CourseError(f"the images have dtype {inputs.dtype}: expected float32 in [−1, 1]; use {hint}.")
    low, high = (v.item() for v in torch.aminmax(inputs.detach()))
    if not (math.isfinite(low) and math.isfinite(high)):
        raise CourseError("the images contain NaN or infinity: expected numbers in [−1, 1]; look where they come from.")
    if inputs.ndim == 4 and max(-low, high) > FURTHEST:
        raise CourseError(f"the images run from {low:.3g} to {high:.3g}: expected [−1, 1]; for 0…255 x / 127.5 - 1.")
    return inputs


def check_pictures(images: Tensor) -> Tensor:
    """The same ``images``, if they are a batch of pictures ``(N, C, H, W)``.

    Args:
        images: what was given.

    Raises:
        CourseError: for another number of axes; else as ``check_inputs``.
    """
    if isinstance(images, Tensor) and images.ndim != 4:
        raise CourseError(
            f"the images have shape {tuple(images.shape)}: expected (N, C, H, W); one picture is image[None]."
        )
    return check_inputs(images)


def check_picture(image: Tensor) -> Tensor:
    """The same ``image``, if it is one picture ``(C, H, W)``.

    Args:
        image: what was given.

    Raises:
        CourseError: for another number of axes; else as ``check_inputs``.
    """
    if isinstance(image, Tensor) and image.ndim != 3:
        raise CourseError(
            f"the image has shape {tuple(image.shape)}: expected one picture (C, H, W); take one of a "
            "batch with images[i]."
        )
    check_inputs(image[None] if isinstance(image, Tensor) else image)
    return image


def class_numbers(k: int | Tensor | np.ndarray | Sequence[int], what: str = "class") -> int | Tensor:
    """One class for all images (an int), or one for each (int64 ``(N,)``, a copy); or numbers of something else.

    Args:
        k: what was given.
        what: what is numbered, for the sentence.

    Raises:
        CourseError: for anything but whole numbers from 0; True and False are none.

    Example:
        >>> from course_lib.explain.validation import class_numbers
        >>> class_numbers(3), class_numbers([3, 1])
        (3, tensor([3, 1]))
    """
    if isinstance(k, np.generic | int | float):
        k = np.asarray(k)
    numbers = torch.as_tensor(k) if isinstance(k, Tensor | np.ndarray | list | tuple) and len(np.shape(k)) < 2 else None
    if numbers is None or not numbers.numel() or numbers.dtype not in WHOLE:
        given = repr(k.item()) if isinstance(k, np.ndarray) and k.ndim == 0 else f"{type(k).__name__} {np.shape(k)}"
        raise CourseError(
            f"{what} {given} is no {what} number: use whole numbers from 0, for a class one for all "
            "images or int64 (N,)."
        )
    if numbers.min() < 0:
        raise CourseError(f"{what} {int(numbers.min())}: {what} numbers begin at 0.")
    with torch.inference_mode(False):  # where no slopes can be taken along tensors, a copy that they can be
        return int(numbers) if numbers.ndim == 0 else numbers.detach().long().clone()
