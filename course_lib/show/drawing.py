"""A pad on which the learner draws a digit, and what functions of theirs read from it, stroke by stroke.

The drawing is centred and scaled as MNIST's digits are: fitted into 20 × 20 pixels, its centre of mass in the middle of
28 × 28 (LeCun, Bottou, Bengio and Haffner 1998, *Gradient-based learning applied to document recognition*, III-A).
"""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from matplotlib.axes import Axes
from torch import Tensor

from course_lib.data import load
from course_lib.data.pixels import check_images
from course_lib.errors import CourseError
from course_lib.machine import headless
from course_lib.show.picture import (
    COLOURS,
    FOR_AND_AGAINST,
    INK,
    Picture,
    finish,
    grid,
    new_figure,
    normalised_attribution,
)

SIDE, BOX, FINE = 28, 20, 4  # pixels of an image, of the box that a digit is fitted into; of ink to one of an image
MOST_BARS = 12
EXPECTED = "expected a dict of label → number, a number, or a map (1, 1, 28, 28)"
Reader = Callable[[Tensor], object]


class Pad(Protocol):
    """What was drawn.

    Attributes:
        image: the last drawing, ``(1, 1, 28, 28)`` in [−1, 1]; the example where nothing is drawn.
    """

    image: Tensor


class StillPad(Picture):
    """The pad where nobody draws: a picture of the example and of what is read from it.

    Args:
        image: the example, ``(1, 1, 28, 28)``.
        picture: of it.
    """

    def __init__(self, image: Tensor, picture: Picture) -> None:
        super().__init__(picture.png, picture.alt, picture.width)
        self.image = image


def drawing_pad(readers: Mapping[str, Reader] | None = None, example: Tensor | None = None) -> Pad:
    """A pad to draw a digit on, by mouse, pen, finger or keys; what the functions say of it follows the strokes.

    The image that they get is centred and scaled as MNIST's (LeCun et al. 1998): fitted into 20 × 20 pixels, its centre
    of mass in the middle of 28 × 28. An error in one of them is shown as a sentence, and the others go on.

    Args:
        readers: name → function of an image ``(1, 1, 28, 28)`` in [−1, 1]. A dict of label → number is shown as bars
            (probabilities, say), a number with its name (D's logit), a map ``(1, 1, 28, 28)`` in red (for) and blue
            (against).
        example: ``(1, 1, 28, 28)`` in [−1, 1], until something is drawn; without one, a digit of the test set.

    Returns:
        The pad, whose ``image`` is the last drawing: a widget in JupyterLab, a picture of the example where nobody
        watches.

    Raises:
        CourseError: for a reader that is no function, or an example of another shape or range.

    Example:
        >>> from course_lib.show import drawing_pad
        >>> drawing_pad({"ink": lambda image: (image > 0).sum()}).image.shape
        torch.Size([1, 1, 28, 28])
    """
    functions = dict(readers or {})
    for name, function in functions.items():
        if not callable(function):
            raise CourseError(f"{name!r} is {function!r}: use a function of an image (1, 1, 28, 28).")
    if example is None:
        example = load("digits", split="test").images[:1]
    if check_images(example, "the example").shape != (1, 1, SIDE, SIDE):
        raise CourseError(f"the example has shape {tuple(example.shape)}: expected (1, 1, 28, 28).")
    example = example.detach().cpu().clone()
    if not headless():
        return _widget_class()(functions, example)
    return StillPad(example, still(example, read(functions, example)))


def as_mnist(ink: Tensor) -> Tensor:
    """A drawing as an image like MNIST's: ``(1, 1, 28, 28)`` in [−1, 1], black where there is no ink.

    Its bounding box is fitted into 20 × 20 pixels, its proportions kept, and its centre of mass lies in the middle, as
    near as whole pixels allow (LeCun et al. 1998, section III-A). The middle is pixel 14, counted from 0, as in the
    published set: there all centres of mass lie between 13.5 and 14.5.

    Args:
        ink: ``(H, W)`` from 0 (none) to 1.
    """
    image = torch.full((1, 1, SIDE, SIDE), -1.0)
    rows, columns = (ink > 0.05).nonzero(as_tuple=True)
    if not len(rows):
        return image
    part = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].float()
    size = [max(1, round(n * BOX / max(part.shape))) for n in part.shape]
    small = torch.nn.functional.interpolate(part[None, None], size, mode="bilinear", antialias=True)[0, 0].clamp(0, 1)
    at = []
    for n, mass in zip(size, (small.sum(1), small.sum(0)), strict=True):
        centre = (mass @ torch.arange(n).float() / mass.sum()).item()
        at.append(min(max(0, round(SIDE / 2 - centre)), SIDE - n))
    image[0, 0, at[0] : at[0] + size[0], at[1] : at[1] + size[1]] = 2 * small - 1
    return image


def read(readers: Mapping[str, Reader], image: Tensor) -> list[dict]:
    """What each function says of an image.

    Args:
        readers: name → function.
        image: ``(1, 1, 28, 28)``; each function gets a copy.

    Returns:
        For each a ``name``, and one of ``bars`` [(label, value, text)] with their ends ``low`` and ``high``, ``number``
        (as text), ``map`` (uint8 ``(28, 28, 3)``) or ``problem`` (a sentence).
    """
    found = []
    for name, function in readers.items():
        try:
            found.append({"name": name} | _shown(function(image.clone())))
        except CourseError as error:
            found.append({"name": name, "problem": str(error)})
        except Exception as error:  # the learner's function: told in the widget, and the others go on
            first = (str(error).strip().splitlines() or ["no more is known"])[0]
            found.append({"name": name, "problem": f"{type(error).__name__}: {first}"})
    return found


def _shown(result: object) -> dict:
    if isinstance(result, Mapping) and result:
        values = {str(label): _number(value, f" for {label!r}") for label, value in result.items()}
        kept = sorted(values, key=lambda label: -values[label])[:MOST_BARS]
        low, high = min(0.0, *values.values()), max(0.0, *values.values())
        shares = low == 0 and math.isclose(sum(values.values()), 1, abs_tol=1e-3)
        bars = [(k, v, f"{100 * v:.1f} %" if shares else _text(v)) for k, v in values.items() if k in kept]
        return {"bars": bars, "low": low, "high": 1.0 if shares or low == high else high}
    if isinstance(result, np.ndarray):
        result = torch.from_numpy(result)
    if isinstance(result, Tensor) and result.numel() > 1:
        if result.shape != (1, 1, SIDE, SIDE):
            raise CourseError(f"it gave a tensor {tuple(result.shape)}: {EXPECTED}.")
        if not torch.isfinite(result).all():
            raise CourseError("its map contains NaN or infinity: look where they come from.")
        colours = FOR_AND_AGAINST((normalised_attribution(result[0]) + 1) / 2)[..., :3]  # (28, 28, 3)
        return {"map": (255 * colours).round().astype(np.uint8)}
    return {"number": _text(_number(result, ""))}


def _number(value: object, which: str) -> float:
    """A finite number, of Python, NumPy or torch."""
    if isinstance(value, Tensor):
        value = value.detach().cpu().numpy()
    if isinstance(value, np.ndarray | np.generic) and value.size == 1:
        value = value.item()
    if not isinstance(value, Real):
        raise CourseError(f"it gave a {type(value).__name__}{which}: {EXPECTED}.")
    if not math.isfinite(value):
        raise CourseError(f"it gave {value}{which}: expected a number that is finite.")
    return float(value)


def _text(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def told(readings: Sequence[dict]) -> str:
    """The readings in words, for those who hear them: of bars the largest.

    Args:
        readings: of :func:`read`.
    """
    words = []
    for each in readings:
        if "bars" in each:
            label, _, text = max(each["bars"], key=lambda bar: bar[1])
            words.append(f"{each['name']}: {label} ({text})")
        else:
            words.append(f"{each['name']}: {each.get('number') or each.get('problem', 'a map').removesuffix('.')}")
    return ". ".join(words) + "." * bool(words)


def still(image: Tensor, readings: Sequence[dict]) -> Picture:
    """The image, and what was read from it, side by side.

    Args:
        image: ``(1, 1, 28, 28)``.
        readings: of :func:`read`.
    """
    shown = [{"name": "drawing"}, *readings]
    columns = min(len(shown), 4)
    rows = -(-len(shown) // columns)
    figure, axes = new_figure(2.6 * columns, 2.9 * rows, columns, rows)
    for ax in axes.flat[len(shown) :]:
        ax.set_axis_off()
    for ax, each in zip(axes.flat, shown, strict=False):
        ax.set_title(each["name"], fontsize=11)
        if "bars" in each:
            _draw_bars(ax, each)
            continue
        ax.set_axis_off()
        if "number" in each:
            ax.text(0.5, 0.5, each["number"], ha="center", va="center", fontsize=22, color=INK)
        elif "problem" in each:
            ax.text(0.5, 0.5, each["problem"], ha="center", va="center", fontsize=10, color=INK, wrap=True)
        else:
            pixels = each.get("map", grid(image, 1, 1, 0))
            ax.imshow(pixels, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
            ax.plot(
                [-0.5, SIDE - 0.5, SIDE - 0.5, -0.5, -0.5], [-0.5, -0.5, SIDE - 0.5, SIDE - 0.5, -0.5], color="#888888"
            )
            if "map" in each:
                ax.text(0.5, -0.08, "red: for, blue: against", ha="center", transform=ax.transAxes, fontsize=10)
                if image.min() < 0 < image.max():
                    ax.contour(image[0, 0], [0.0], colors=INK, linewidths=0.6)
    return finish(figure, f"A drawn digit. {told(readings)}".strip())


def _draw_bars(ax: Axes, reading: dict) -> None:
    labels, values, texts = zip(*reading["bars"], strict=True)
    ax.barh(range(len(values)), values, color=COLOURS[0])
    ax.set_yticks(range(len(labels)), labels, fontsize=10)
    ax.set(xlim=(reading["low"], reading["high"]), ylim=(len(values) - 0.5, -0.5))
    best = max(range(len(values)), key=lambda i: values[i])
    ax.set_xlabel(f"{labels[best]}: {texts[best]}", fontsize=10)


@functools.cache
def _widget_class() -> type:
    import anywidget

    class DrawingPad(anywidget.AnyWidget):
        """The window; what it shows when no kernel runs is the still of the example."""

        _esm = Path(__file__).with_name("drawing.js")

        def __init__(self, readers: dict[str, Reader], example: Tensor) -> None:
            super().__init__()
            self.readers, self.example, self.image, self.ink = readers, example, example, b""
            self.on_msg(self._hear)

        def _hear(self, _: object, question: dict, buffers: list) -> None:
            if buffers:
                self.ink = bytes(buffers[0])
                side = SIDE * FINE
                ink = torch.frombuffer(bytearray(self.ink), dtype=torch.uint8).view(side, side) / 255  # (112, 112)
                self.image = as_mnist(ink) if ink.any() else self.example
            readings = read(self.readers, self.image)
            maps = [each["map"].tobytes() for each in readings if "map" in each]
            answer = {
                "number": question["number"],
                "drawn": any(self.ink),
                "said": told(readings),
                "readings": [each | {"map": True} if "map" in each else each for each in readings],
            }
            # Of the page that asks for the first time, the ink, too: it may have been shut and opened again.
            self.send(answer, [grid(self.image, 1, 1, 0).tobytes(), *maps, *[self.ink] * (not buffers)])

        def _repr_mimebundle_(self, **options: Any) -> tuple[dict, dict]:
            shown = super()._repr_mimebundle_(**options)
            assert shown is not None  # a widget with a view always shows something
            data, metadata = shown
            picture, about = still(self.image, read(self.readers, self.image))._repr_mimebundle_()
            return {**picture, **data, "text/plain": picture["text/plain"]}, {**about, **metadata}

    return DrawingPad
