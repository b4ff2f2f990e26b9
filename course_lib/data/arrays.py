"""Pictures and labels as other people keep them → the course's form, or a sentence that says what to do.

Nothing is guessed in silence: where two readings are possible (0 is black or middle grey, ink is dark or bright, an
axis holds colours or rows), the sentence asks, and names the argument that answers.
"""

import math
from dataclasses import dataclass
from numbers import Real

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from course_lib.errors import CourseError, one_of

Array = np.ndarray | Tensor
LAYOUTS = {"NHW": 3, "NCHW": 4, "NHWC": 4}
AT_ONCE = 512  # pictures that are converted together: the floats of a large uint8 array would fill the memory
GREY = (0.299, 0.587, 0.114)  # what red, green and blue add to brightness (ITU-R BT.601, as Pillow has it)
PAPER = 0.75  # share of nearly white pixels along the border from which on a set looks like ink on paper


@dataclass(frozen=True)
class Form:
    """What every picture is brought to; called with pictures, it brings them there.

    Attributes:
        size: None keeps the pictures' own; a number of pixels from 4 to 1024, or (height, width).
        grey: True makes colour grey, False makes grey three channels, None leaves it.
        crop: whether the largest middle square is taken first.

    Raises:
        CourseError: for another size, or what is not True or False; on use, for pictures that are not square where one
            number is their size.
    """

    size: int | tuple[int, int] | None = None
    grey: bool | None = None
    crop: bool = False

    def __post_init__(self) -> None:
        if not (self.grey in (None, True, False) and self.crop in (True, False)):
            raise CourseError(f"grey={self.grey!r}, crop={self.crop!r}: use True or False.")
        sides = self.size if isinstance(self.size, tuple) and len(self.size) == 2 else (self.size, self.size)
        good = all(isinstance(side, int) and not isinstance(side, bool) and 4 <= side <= 1024 for side in sides)
        if self.size is not None and not good:
            raise CourseError(
                f"size={self.size!r}: use a number of pixels from 4 to 1024, such as 28, or (height, width)."
            )

    def __call__(self, images: Tensor, what: str = "the pictures") -> Tensor:
        """``(N, 1 or 3, h, w)`` in [−1, 1] → the same pictures in this form."""
        h, w = images.shape[2:]
        if self.crop and h != w:
            side = min(h, w)
            top, left = (h - side) // 2, (w - side) // 2
            images = images[..., top : top + side, left : left + side]
        elif isinstance(self.size, int) and h != w:
            raise CourseError(
                f"{what}: {h}×{w} pixels (height × width) are not square: say crop=True for the middle square, or "
                f"size=({self.size}, {self.size}) to squeeze them."
            )
        if self.grey and images.shape[1] == 3:
            images = (images * torch.tensor(GREY).view(3, 1, 1)).sum(1, keepdim=True)
        elif self.grey is False:
            images = images.expand(-1, 3, -1, -1)
        if self.size is not None:
            # Antialiased: each new pixel is a weighted mean of the old ones below it, so that thin lines do not vanish.
            size = self.size if isinstance(self.size, tuple) else (self.size, self.size)
            images = interpolate(images, size, mode="bilinear", antialias=True)
        return images.clamp(-1, 1)


def to_images(
    images: Array,
    form: Form,
    layout: str | None = None,
    values: tuple[float, float] | None = None,
) -> Tensor:
    """Pictures as other people keep them → new float32 ``(N, C, H, W)`` in [−1, 1], on the CPU.

    Args:
        images: ``(N, H, W)``, ``(N, C, H, W)`` or ``(N, H, W, C)``.
        form: what they are brought to.
        layout: ``"NHW"``, ``"NCHW"`` or ``"NHWC"``; needed only where the shape fits two of them.
        values: which numbers mean black and white; needed for all but uint8 up to 255 and floats from −1 to 1.

    Raises:
        CourseError: for another type, dtype or shape, no pictures, NaN or infinity, alpha channels, unclear values.
    """
    array = channels_first(plain(images, "images"), layout)
    black, white = ends(array, values)
    done = []
    for start in range(0, len(array), AT_ONCE):
        part = torch.from_numpy(array[start : start + AT_ONCE].astype(np.float32))
        if (black, white) != (-1, 1):
            part = (part - black) / ((white - black) / 2) - 1
        done.append(form(part.clamp(-1, 1)))
    return torch.cat(done).contiguous()  # cat keeps channels last


def plain(array: Array, what: str) -> np.ndarray:
    """An array or a tensor, on any device, as a numpy array of finite numbers.

    Args:
        array: what was given.
        what: what it is, for the sentence.

    Raises:
        CourseError: for another type, for what are no numbers, for NaN or infinity.
    """
    if isinstance(array, Tensor):
        array = array.detach().cpu()
        array = (array.float() if array.dtype == torch.bfloat16 else array).numpy()
    if not isinstance(array, np.ndarray):
        raise CourseError(
            f"{what} are a {type(array).__name__}: expected a numpy array or a torch tensor; use "
            "numpy.stack(...) for a list of pictures, numpy.array(...) for numbers."
        )
    if array.dtype.kind not in "biuf":
        raise CourseError(
            f"{what} have dtype {array.dtype}: expected numbers; for labels that are words use names, "
            "labels = numpy.unique(words, return_inverse=True)."
        )
    for start in range(0, len(array) if array.ndim and array.dtype.kind == "f" else 0, AT_ONCE):
        wrong = ~np.isfinite(array[start : start + AT_ONCE])
        if wrong.any():
            first = start + int(np.argwhere(wrong)[0][0])
            raise CourseError(f"{what} contain NaN or infinity, first in number {first}: leave it out or repair it.")
    return array


def channels_first(array: np.ndarray, layout: str | None) -> np.ndarray:
    """The pictures as ``(N, 1 or 3, H, W)``.

    Args:
        array: ``(N, H, W)``, ``(N, C, H, W)`` or ``(N, H, W, C)``.
        layout: which of them; None: told by the shape.

    Raises:
        CourseError: for another shape, for one that fits two layouts, for no pictures, for 2 or 4 channels.
    """
    shape = array.shape
    if layout is None:
        layout = _layout(shape)
    if len(shape) != LAYOUTS[one_of("layout", layout, LAYOUTS)]:
        raise CourseError(f"images have shape {shape}, which has not the axes {layout}: use another layout.")
    if 0 in shape:
        raise CourseError(f"images have shape {shape}: there is no picture in them.")
    array = array[:, None] if layout == "NHW" else array.transpose(0, 3, 1, 2) if layout == "NHWC" else array
    if (channels := array.shape[1]) not in (1, 3):
        alpha = "the last is usually alpha (transparency): leave it out, " if channels in (2, 4) else ""
        cut = f"images[..., :{channels - 1}]" if layout == "NHWC" else f"images[:, :{channels - 1}]"
        raise CourseError(
            f"images of shape {shape} have {channels} channels, not 1 or 3: {alpha}"
            f"{cut if alpha else 'choose three'}, or state another layout."
        )
    return array


def _layout(shape: tuple[int, ...]) -> str:
    if len(shape) == 3 and not (shape[2] in (1, 3, 4) and min(shape[:2]) > 4):
        return "NHW"
    if len(shape) == 4:
        for few in ((1, 3), (1, 2, 3, 4)):
            if (shape[1] in few) != (shape[3] in few):
                return "NCHW" if shape[1] in few else "NHWC"
        raise CourseError(
            f"images have shape {shape}, and it cannot be told which axis holds the colours: say "
            "layout='NCHW' or layout='NHWC'."
        )
    if len(shape) == 2 and (side := math.isqrt(shape[1])) ** 2 == shape[1] > 16:
        hint = f"for rows of pixels use images.reshape(-1, {side}, {side})"
    else:
        hint = "for a single picture use images[None]"
    raise CourseError(f"images have shape {shape}: expected (N, H, W), (N, C, H, W) or (N, H, W, C); {hint}.")


def ends(array: np.ndarray, values: tuple[float, float] | None) -> tuple[float, float]:
    """Which numbers mean black and white: as stated, or where only one reading is possible.

    Args:
        array: the pictures' numbers.
        values: (black, white), or None to be told by dtype and range.

    Returns:
        Black and white.

    Raises:
        CourseError: where more than one reading is possible, with those that are; for numbers beyond ``values``.

    Example:
        >>> import numpy as np
        >>> from course_lib.data.arrays import ends
        >>> ends(np.array([0, 255], dtype=np.uint8), None)
        (0, 255)
    """
    low, high = float(array.min()), float(array.max())
    if values is None:
        if array.dtype == np.uint8 and high > 127:
            return 0, 255
        if array.dtype.kind == "f" and -1.001 <= low < 0 and high <= 1.001 and (low < -0.501 or high > 0.501):
            return -1, 1
        fits = next((v for v in (1, 127, 255, 65535) if low >= 0 and high <= v), None)
        asks: dict[int | None, str] = {
            None: "values=(lowest, highest)",
            255: "values=(0, 255)",
            65535: "values=(0, 65535) for 16-bit pictures",
            127: f"values=(0, {high:.4g}) if that is white, values=(0, 255) if they are dark",
        }
        ask = asks.get(fits, "values=(0, 1), or values=(-1, 1) if nothing in them is darker than middle grey")
        if fits is None and low >= -0.501 and high <= 0.501:
            ask = "values=(-0.5, 0.5), or values=(-1, 1) if they have so little contrast"
        raise CourseError(
            f"pixels of dtype {array.dtype} run from {low:.4g} to {high:.4g}: say which values mean "
            f"black and white, {ask}."
        )
    pair = isinstance(values, tuple | list) and len(values) == 2 and all(isinstance(v, Real) for v in values)
    if not pair or not -math.inf < values[0] < values[1] < math.inf:
        raise CourseError(f"values={values!r}: use two numbers, black first and white above it, such as (0, 1).")
    black, white = values
    slack = 0.0005 * (white - black)
    if low < black - slack or high > white + slack:
        raise CourseError(
            f"pixels run from {low:.4g} to {high:.4g}, beyond values={tuple(values)}: state the numbers "
            "that mean black and white."
        )
    return float(black), float(white)


def paper(images: Tensor) -> float:
    """How much pictures look like ink on white paper.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].

    Returns:
        The share, in [0, 1], of nearly white pixels (in the upper tenth of brightness) along the border; 0 for colour,
        where white around a thing is no sign of ink.
    """
    some = images[:: max(1, len(images) // 500)]
    if some.shape[1] == 3 and (some.amax(1) - some.amin(1)).mean() > 0.05:
        return 0.0
    rim = torch.cat([some[..., 0, :], some[..., -1, :], some[..., 0], some[..., -1]], -1)
    return (rim > 0.8).float().mean().item()


def ask_about_paper(images: Tensor, invert: bool | None) -> None:
    """Where nobody has said and it looks like dark ink on white paper, ask.

    Why it matters: everywhere in the course −1 is background. Shifts, padding and augmentation fill in with it.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        invert: what was said; None: nothing.

    Raises:
        CourseError: the question.
    """
    if invert is None and (share := paper(images)) > PAPER:
        raise CourseError(
            f"{share:.0%} of the pixels along the borders are nearly white, as if this were dark ink on "
            "white paper, and the course's background is black: say invert=True to swap black and white, "
            "invert=False if they are to stay."
        )
