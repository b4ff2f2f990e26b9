"""A figure as finished PNG bytes with its alternative text: the same pixels in every front end, and in none."""

import base64
import html
import io
from os import PathLike
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from course_lib.errors import CourseError
from course_lib.machine import headless

# Okabe–Ito colours in an order whose greys differ, each used with its own line style and marker.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P")
INK, GRID = "#222222", "#DDDDDD"
LARGE = 8  # screen pixels for one of a single picture that somebody steers
# For colour-blind eyes, and for grey paper: the deepest blue is darker than the deepest red.
FOR_AND_AGAINST = LinearSegmentedColormap.from_list(
    "for and against", ["#08306B", "#4A90C8", "#FFFFFF", "#F0884A", "#C4390A"]
)


Layout = Literal["constrained", "compressed", "tight"] | None  # matplotlib's engines that place axes


class Picture:
    """PNG bytes and a text that says what is to be seen. Jupyter shows it when it is a cell's last value.

    Args:
        png: a PNG file's bytes.
        alt: the alternative text, a sentence.
        width: at which it is shown, in pixels of the page; the PNG's own without one.

    Raises:
        CourseError: for an empty ``alt``.
    """

    def __init__(self, png: bytes, alt: str, width: int | None = None) -> None:
        if not alt.strip():
            raise CourseError("a picture without alternative text: say in a sentence what is to be seen.")
        self.png, self.alt = png, alt
        self.width = width or Image.open(io.BytesIO(png)).width

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str | int]]]:
        if not headless():  # JupyterLab shows a PNG without the words in its metadata: who cannot see it hears nothing
            return {"text/html": self.to_html(), "text/plain": self.alt}, {}
        data = {"image/png": base64.b64encode(self.png).decode(), "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt, "width": self.width}}

    def __repr__(self) -> str:
        return self.alt

    def to_html(self) -> str:
        """An ``<img>`` that holds the picture and its words."""
        return image_tag(self.png, "png", self.alt, f' width="{self.width}"')

    def save(self, path: str | PathLike[str]) -> None:
        """Write the PNG file.

        Args:
            path: of the file; one that is there is replaced.
        """
        with open(path, "wb") as file:
            file.write(self.png)


def image_tag(data: bytes, kind: str, alt: str, more: str = "") -> str:
    """An ``<img>`` that holds a file's bytes and its words.

    Args:
        data: the file's bytes.
        kind: of file, "png" or "gif".
        alt: the alternative text, not yet escaped.
        more: further attributes, each with a space before it.
    """
    words = html.escape(alt, quote=True)
    return f'<img alt="{words}" src="data:image/{kind};base64,{base64.b64encode(data).decode()}"{more}>'


def new_figure(
    width: float = 7.2, height: float = 3.0, columns: int = 1, rows: int = 1, layout: Layout = "constrained"
) -> tuple[Figure, np.ndarray]:
    """A figure and its axes, independent of pyplot's global state.

    Args:
        width, height: in inches.
        columns, rows: how many axes.
        layout: matplotlib's engine that places the axes; None leaves it to the caller.

    Returns:
        The figure, and its axes as an array ``(rows, columns)``.
    """
    figure = blank_figure(width, height, layout)
    axes = figure.subplots(rows, columns, squeeze=False)
    for ax in axes.flat:
        plain(ax)
    return figure, axes


def blank_figure(width: float, height: float, layout: Layout = "constrained") -> Figure:
    """A figure of that size without axes, for who places them unevenly.

    Args:
        width, height: in inches.
        layout: as in :func:`new_figure`.
    """
    return Figure(figsize=(width, height), dpi=100, layout=layout)


def plain(ax: Axes) -> None:
    """The course's look of axes: a light grid behind the data, and no frame.

    Args:
        ax: changed in place.
    """
    ax.grid(color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)


def finish(figure: Figure, alt: str) -> Picture:
    """Draw the figure once, at twice the screen's resolution, and keep only the bytes.

    Args:
        figure: drawn for the last time.
        alt: the alternative text.

    Returns:
        The picture, shown 100 pixels wide for each inch of the figure.
    """
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", dpi=160, metadata={"Software": None})
    return Picture(buffer.getvalue(), alt, width=round(figure.get_figwidth() * 100))


def grid(images: Tensor, columns: int = 10, scale: int = 2, gap: int = 2) -> np.ndarray:
    """Images as one uint8 picture ``(height, width[, 3])``, row by row, on white.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1], N from 1 on, C 1 or 3; what lies outside the range is cut off.
        columns: images a row, where there are so many.
        scale: the width of one of their pixels.
        gap: pixels between two images.
    """
    x = ((images.detach().float().cpu().clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
    x = x.repeat(scale, axis=1).repeat(scale, axis=2)  # (N, H·scale, W·scale, C)
    n, h, w, c = x.shape
    columns = min(columns, n)
    rows = -(-n // columns)
    sheet = np.full((rows * (h + gap) - gap, columns * (w + gap) - gap, c), 255, np.uint8)
    for i in range(n):
        top, left = (i // columns) * (h + gap), (i % columns) * (w + gap)
        sheet[top : top + h, left : left + w] = x[i]
    return sheet[..., 0] if c == 1 else sheet


def normalised_attribution(attribution: Tensor) -> np.ndarray:
    """One attribution ``(C, H, W)`` as ``(H, W)``, its channels summed, in units of its 99.5th percentile.

    That is of its values' sizes; where it is 0, in units of the largest one. So −1 to 1 fit ``FOR_AND_AGAINST``.

    Args:
        attribution: of one image.
    """
    a = attribution.detach().float().cpu().sum(0)
    largest = a.abs().flatten().quantile(0.995)
    return (a / (largest if largest > 0 else a.abs().max().clamp(min=1e-12))).numpy()


def png_bytes(pixels: np.ndarray) -> bytes:
    """The bytes of a PNG file with these pixels.

    Args:
        pixels: uint8, ``(h, w)`` or ``(h, w, 3)``.
    """
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
