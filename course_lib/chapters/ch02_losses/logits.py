"""Losses as curves: move a logit along, and read what each loss costs there and how hard it pulls."""

import io
from collections.abc import Callable

import numpy as np
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.layout_engine import ConstrainedLayoutEngine
from PIL import Image
from torch import Tensor

from course_lib.errors import CourseError, one_of
from course_lib.losses import LOSSES, LossLike
from course_lib.machine import headless
from course_lib.show.picture import COLOURS, INK, LINES, Picture, finish, new_figure

SIDES: dict[str, Callable[[LossLike, Tensor, Tensor], Tensor]] = {
    "generator, fake logit": lambda loss, logit, other: loss.g(other, logit),
    "discriminator, fake logit": lambda loss, logit, other: loss.d(other, logit),
    "discriminator, real logit": lambda loss, logit, other: loss.d(logit, other),
}
REACH = 8.0  # logits from −8 to 8: D from 0.0003 to 0.9997
WIDTHS = 5.0, 3.4, 2.0, 4.0, 1.6, 1.2  # of the curves: where some coincide, none of them is hidden
SCREEN = 100  # dots an inch while the slider moves


def loss_and_slope(loss: LossLike, side: str, logits: Tensor) -> tuple[Tensor, Tensor]:
    """The loss of one pair, and its derivative by the logit of ``side``.

    The other logit of the pair stays at 0; what D pays for that one is part of the loss.

    Args:
        loss: gives ``d`` and ``g``.
        side: whose loss, and by which logit: a name of ``SIDES``.
        logits: where it is asked, ``(N,)``.

    Returns:
        Losses and slopes, float64 ``(N,)`` each.

    Raises:
        CourseError: for an unknown side.
    """
    of_pair = SIDES[one_of("side", side, SIDES)]
    logits = logits.detach().double().requires_grad_(True)
    other = torch.zeros(1, 1, dtype=torch.float64)
    values = torch.vmap(lambda one: of_pair(loss, one.view(1, 1), other))(logits)  # (N,)
    (slopes,) = torch.autograd.grad(values.sum(), logits)
    return values.detach(), slopes


def logit_explorer(logit: float = -4.0, side: str = "generator, fake logit") -> object:
    """Two sets of curves over the logit: each loss, and its slope. A slider moves the logit, a menu chooses the side.

    Args:
        logit: where the slider stands at the beginning, from −8 to 8.
        side: whose loss, and by which logit: "generator, fake logit", "discriminator, fake logit" or "discriminator,
            real logit".

    Returns:
        Widgets in JupyterLab; a still ``Picture`` where nobody watches.

    Raises:
        CourseError: for an unknown side or a logit outside −8 … 8.
    """
    one_of("side", side, SIDES)
    if not (isinstance(logit, int | float) and -REACH <= logit <= REACH):
        raise CourseError(f"logit={logit!r} is not on the axis: use a number from −8 to 8.")
    if headless():
        return Chart(side).still(logit)
    import ipywidgets

    style = {"description_width": "90px"}
    whose = ipywidgets.Dropdown(options=list(SIDES), value=side, description="whose loss", style=style)
    slider = ipywidgets.FloatSlider(
        logit,
        min=-REACH,
        max=REACH,
        step=0.25,
        description="logit",
        style=style,
        layout=ipywidgets.Layout(width="480px"),
    )
    image = ipywidgets.Image(format="png", layout=ipywidgets.Layout(width="960px", max_width="100%", height="auto"))
    charts: dict[str, Chart] = {}

    def draw(*_: object) -> None:
        if whose.value not in charts:
            charts[whose.value] = Chart(whose.value)
        image.value = charts[whose.value].frame(slider.value)

    for control in (whose, slider):
        control.observe(draw, "value")
    draw()
    controls = ipywidgets.HBox([whose, slider], layout=ipywidgets.Layout(flex_flow="row wrap"))  # in a narrow window
    return ipywidgets.VBox([controls, image])


class Chart:
    """The curves of one side, drawn once; a frame adds the two lines at the logit and the numbers there.

    Args:
        side: a name of ``SIDES``.
    """

    def __init__(self, side: str):
        self.side, self.losses = side, {name: kind() for name, kind in LOSSES.items()}
        whose, which = side.split(", ")
        self.figure, axes = new_figure(9.6, 3.6, columns=2)
        layout = self.figure.get_layout_engine()
        assert isinstance(layout, ConstrainedLayoutEngine)  # as new_figure makes it
        layout.set(rect=(0, 0, 0.695, 1))  # the rest is for the legend
        x = torch.linspace(-REACH, REACH, 161)
        for i, (name, loss) in enumerate(self.losses.items()):
            width = WIDTHS[i % 6]
            for ax, y in zip(axes[0], loss_and_slope(loss, side, x), strict=True):
                ax.plot(
                    x,
                    y,
                    color=COLOURS[i % 6],
                    linestyle=LINES[(i + i // 6) % 6],
                    linewidth=width,
                    zorder=2 - width / 5,
                    label=name,
                )  # narrow above broad
        axes[0, 0].set(ylabel=f"loss of the {whose}", ylim=(-8.5, 8.5))
        axes[0, 1].set(ylabel="its slope", ylim=(-2.1, 2.1))
        other = "real" if which == "fake logit" else "fake"
        for ax, title in zip(axes[0], ("what it costs", "slope: far from 0 pulls hard"), strict=True):
            ax.set(xlabel=f"{which} ({other} logit: 0)", xlim=(-REACH, REACH), xticks=[-8, -4, 0, 4, 8])
            ax.set_title(title)
        self._legend = self.figure.legend(
            *axes[0, 0].get_legend_handles_labels(),
            loc="upper left",
            fontsize=10,
            bbox_to_anchor=(0.695, 1),
            frameon=False,
            alignment="left",
            handlelength=3.8,
        )
        self._legend.set_in_layout(False)
        self._marks = [ax.axvline(0, color=INK, linewidth=1.2) for ax in axes[0]]
        self._background = None

    def values(self, logit: float) -> dict[str, tuple[float, float]]:
        """Loss and slope at one logit.

        Args:
            logit: where.

        Returns:
            Loss's name → (loss, slope).
        """
        at = torch.tensor([float(logit)])
        return {
            name: (value.item(), slope.item())
            for name, loss in self.losses.items()
            for value, slope in [loss_and_slope(loss, self.side, at)]
        }

    def still(self, logit: float) -> Picture:
        """One finished picture, its numbers in the alternative text too.

        Args:
            logit: where the lines stand.
        """
        values = self._move(logit)
        said = ", ".join(f"{name} {_number(slope)}" for name, (_, slope) in values.items())
        return finish(
            self.figure,
            f"{len(values)} losses as curves over the logit from −8 to 8 ({self.side}), and "
            f"beside them their slopes. A line marks the logit {_number(logit)}; the slopes "
            f"there: {said}.",
        )

    def frame(self, logit: float) -> bytes:
        """PNG bytes, fast enough to follow a slider: only the lines and the numbers are drawn anew.

        Args:
            logit: where the lines stand.
        """
        if self._background is None:
            self.figure.set_dpi(SCREEN)
            self._canvas = FigureCanvasAgg(self.figure)
            for artist in (self._legend, *self._marks):
                artist.set_animated(True)
            self._canvas.draw()
            self._background = self._canvas.copy_from_bbox(self.figure.bbox)
        self._canvas.restore_region(self._background)
        self._move(logit)
        for mark in self._marks:
            mark.axes.draw_artist(mark)
        self.figure.draw_artist(self._legend)
        buffer = io.BytesIO()
        Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB").save(buffer, "PNG", compress_level=1)
        return buffer.getvalue()

    def _move(self, logit: float) -> dict[str, tuple[float, float]]:
        values = self.values(logit)
        for mark in self._marks:
            mark.set_xdata([logit, logit])
        self._legend.set_title(f"at the logit {_number(logit)}")
        for text, (name, (loss, slope)) in zip(self._legend.get_texts(), values.items(), strict=True):
            text.set_text(f"{name}\n  loss {_number(loss)}, slope {_number(slope)}")
        return values


def _number(value: float) -> str:
    value += 0.0  # −0 becomes 0
    text = f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.2g}"
    return text.removesuffix(".00").replace("-", "−")
