"""The range of pixels that the course has everywhere, [−1, 1]: the way there, and the check at every door."""

import torch

from course_lib.errors import CourseError


def to_minus_one_one(pixels: torch.Tensor) -> torch.Tensor:
    """The same pixels as float32 in [−1, 1]: 0 (black) becomes −1, 255 (white) becomes +1.

    Args:
        pixels: uint8 in 0…255, of any shape.

    Example:
        >>> import torch
        >>> from course_lib.data import to_minus_one_one
        >>> to_minus_one_one(torch.tensor([0, 51, 255], dtype=torch.uint8))
        tensor([-1.0000, -0.6000,  1.0000])
    """
    return pixels.float() / 127.5 - 1.0


def check_images(images: torch.Tensor, what: str = "images", channels: int | None = None) -> torch.Tensor:
    """The same ``images``, if they are what the course expects everywhere: float32 ``(N, C, H, W)`` in [−1, 1].

    Args:
        images: what is looked at.
        what: what they are, for the sentence.
        channels: how many there must be; None: any number.

    Raises:
        CourseError: for another type, shape, dtype, range, or for NaN.

    Example:
        >>> import torch
        >>> from course_lib.data import check_images
        >>> check_images(torch.full((2, 1, 28, 28), 7.0))
        Traceback (most recent call last):
        course_lib.errors.CourseError: images run from 7 to 7: expected [−1, 1]; for 0…255 use x / 127.5 - 1.
    """
    if not isinstance(images, torch.Tensor):
        raise CourseError(f"{what} are a {type(images).__name__}: expected a torch tensor; use torch.as_tensor(...).")
    if images.ndim != 4:
        raise CourseError(
            f"{what} have shape {tuple(images.shape)}: expected (N, C, H, W); add the missing axis with [:, None]."
        )
    if channels is not None and images.shape[1] != channels:
        raise CourseError(f"{what} have {images.shape[1]} channels: expected {channels}.")
    if images.dtype != torch.float32:
        hint = "images.float() / 127.5 - 1" if images.dtype == torch.uint8 else "images.float()"
        raise CourseError(f"{what} have dtype {images.dtype}: expected float32 in [−1, 1]; use {hint}.")
    if images.numel():
        low, high = (v.item() for v in torch.aminmax(images.detach()))
        if not low == low or not high == high:
            raise CourseError(f"{what} contain NaN: expected numbers in [−1, 1]; look where they come from.")
        if low < -1.001 or high > 1.001:
            raise CourseError(
                f"{what} run from {low:.3g} to {high:.3g}: expected [−1, 1]; for 0…255 use x / 127.5 - 1."
            )
    return images
