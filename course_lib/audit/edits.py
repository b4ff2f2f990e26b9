"""What happens to a picture on its way: 8 bit, JPEG, noise, blur, a shift, a crop, another size, two grey levels.

Each takes images float32 ``(N, C, H, W)`` in [−1, 1] and gives as many of the same shape, as a file with 8 bit a
channel would hold them.
"""

import io
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate, pad

from course_lib.data import check_images, to_minus_one_one
from course_lib.errors import CourseError, check_number

Edit = Callable[[Tensor], Tensor]


def as_bytes(images: Tensor) -> Tensor:
    """The grey levels that a file holds, uint8 in 0…255, of the same shape.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
    """
    return ((check_images(images) + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)


def eight_bit(images: Tensor) -> Tensor:
    """The images as read back from a file with 256 grey levels.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].

    Example:
        >>> import torch
        >>> from course_lib.audit.edits import eight_bit
        >>> eight_bit(torch.full((1, 1, 1, 1), -0.999)).item()
        -1.0
    """
    return to_minus_one_one(as_bytes(images))


def snapped(images: Tensor, margin: float = 0.25) -> Tensor:
    """What is within ``margin`` of black or white becomes black or white.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        margin: from 0 to 1.
    """
    x = check_images(images)
    x = torch.where(x < margin - 1, -1.0, x)
    return eight_bit(torch.where(x > 1 - margin, 1.0, x))


def two_levels(images: Tensor) -> Tensor:
    """Black where a pixel is below 0, white elsewhere.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
    """
    return torch.where(check_images(images) < 0, -1.0, 1.0)


def jpeg(images: Tensor, quality: int = 75) -> Tensor:
    """Saved as JPEG (by Pillow) and read again.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1], C of 1 or 3.
        quality: 1 to 95.

    Raises:
        CourseError: for another quality, or other channels.
    """
    if isinstance(quality, bool) or not isinstance(quality, int) or not 1 <= quality <= 95:
        raise CourseError(f"quality={quality!r}: use a whole number from 1 to 95.")
    if images.shape[1] not in (1, 3):
        raise CourseError(f"a JPEG has 1 or 3 channels, these images have {images.shape[1]}.")
    again = []
    for one in as_bytes(images).permute(0, 2, 3, 1).cpu().numpy():  # (H, W, C)
        file = io.BytesIO()
        Image.fromarray(one.squeeze(2) if one.shape[2] == 1 else one).save(file, "JPEG", quality=quality)
        again.append(np.array(Image.open(file)).reshape(one.shape))
    return to_minus_one_one(torch.from_numpy(np.stack(again))).permute(0, 3, 1, 2).contiguous().to(images.device)


def noisy(images: Tensor, strength: float = 0.1, seed: int = 0) -> Tensor:
    """Normal noise added to each pixel.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        strength: its standard deviation.
        seed: of the noise.
    """
    noise = torch.randn(images.shape, generator=torch.Generator().manual_seed(seed)).to(images)
    return eight_bit((images + strength * noise).clamp(-1, 1))


def blurred(images: Tensor, side: int = 3) -> Tensor:
    """Each pixel becomes the mean of the square around it; beyond the border lies the border's own value.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        side: of the square, odd.
    """
    return eight_bit(local_mean(images, side))


def local_mean(images: Tensor, side: int = 3) -> Tensor:
    """The mean of the square around each pixel, not rounded.

    Args:
        images: ``(N, C, H, W)``.
        side: of the square, odd.

    Raises:
        CourseError: for an even one.
    """
    check_number("side", side, lambda n: n >= 1 and n % 2 == 1, "an odd whole number, such as 3")
    reach = side // 2
    return avg_pool2d(pad(images, (reach,) * 4, mode="replicate"), side, 1)


def shifted_by(images: Tensor, down: int = 1, right: int = 1) -> Tensor:
    """Moved by whole pixels; what comes in is black.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        down, right: how far.
    """
    h, w = images.shape[2:]
    wide = pad(images, (abs(right),) * 2 + (abs(down),) * 2, value=-1.0)
    return eight_bit(wide[:, :, abs(down) - down :, abs(right) - right :][:, :, :h, :w])


def cropped(images: Tensor, border: int = 2) -> Tensor:
    """Without a border, and enlarged to the old size.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        border: pixels cut off on each side.
    """
    h, w = images.shape[2:]
    inner = images[:, :, border : h - border, border : w - border]
    return eight_bit(interpolate(inner, (h, w), mode="bilinear", align_corners=False).clamp(-1, 1))


def halved(images: Tensor) -> Tensor:
    """Made half as large, and enlarged again.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
    """
    small = interpolate(images, scale_factor=0.5, mode="area")
    return eight_bit(interpolate(small, images.shape[2:], mode="bilinear", align_corners=False).clamp(-1, 1))
