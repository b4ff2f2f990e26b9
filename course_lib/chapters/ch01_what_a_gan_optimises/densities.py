"""Drag a generator's mean along the line, and watch what a GAN measures; three still scenes where no kernel runs."""

import io
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D
from PIL import Image

from course_lib.chapters.ch01_what_a_gan_optimises.figures import style
from course_lib.data.toy import Mixture
from course_lib.errors import CourseError
from course_lib.machine import headless
from course_lib.metrics.divergence import gaussian, jsd, midpoints, optimal_discriminator, optimal_value, w1
from course_lib.show.picture import COLOURS, INK, LINES, Picture, finish, new_figure

LOW, HIGH, CELLS = -16.0, 16.0, 1600  # wide enough for every mean of the slider
REACH = 8.0  # the slider runs from −REACH to REACH
NAMES = {"V": "V(G, D*)", "JSD": "JSD(p ‖ q)", "W1": "W₁(p, q)"}


class Comparison:
    """The real density p against generators N(θ, sigma²): D*, V, JSD and W1 for any θ, and as curves over θ.

    Args:
        mixture: the real distribution, on the line, with all centres within ±8.
        sigma: the generator's spread, above 0.

    Raises:
        CourseError: for a mixture that is not on the line, or reaches further than the slider.
    """

    def __init__(self, mixture: Mixture, sigma: float = 1.0):
        if mixture.dim != 1:
            raise CourseError(f"{mixture.name!r} lies in {mixture.dim} dimensions: use one on the line, toy.line().")
        if mixture.centres.abs().max() > REACH:
            raise CourseError(f"{mixture.name!r} has a centre beyond ±{REACH:g}: move it inside.")
        self.x, self.sigma = midpoints(LOW, HIGH, CELLS), sigma
        self.p = mixture.density(self.x[:, None])
        self.thetas = torch.linspace(-REACH, REACH, 161, dtype=torch.float64)
        self.curves = self.measure(self.thetas[:, None])

    def q(self, theta: float | torch.Tensor) -> torch.Tensor:
        """The generator's density ``(…, cells)`` for one mean, or for means ``(…, 1)``.

        Args:
            theta: one mean, or means ``(…, 1)``.
        """
        return gaussian(self.x, theta, self.sigma)

    def measure(self, theta: float | torch.Tensor) -> dict[str, torch.Tensor]:
        """V, JSD and W1.

        Args:
            theta: one mean, or means ``(…, 1)``.

        Returns:
            By name, ``()`` for one mean, ``(…,)`` for means.
        """
        q = self.q(theta)
        return {"V": optimal_value(self.p, q, self.x), "JSD": jsd(self.p, q, self.x), "W1": w1(self.p, q, self.x)}

    def words(self, theta: float) -> str:
        """The numbers in one line, which is also what a reader without the picture gets.

        Args:
            theta: the generator's mean.
        """
        now = {name: round(number.item(), 3) + 0.0 for name, number in self.measure(theta).items()}  # + 0.0: no "−0"
        line = f"θ = {theta:.1f}:  V = {now['V']:.3f}  ·  JSD = {now['JSD']:.3f}  ·  W₁ = {now['W1']:.2f}"
        return line.replace("-", "−")


def mean_explorer(mixtures: dict[str, Mixture], theta: float = -4.0) -> object:
    """Sliders for the generator's mean θ and spread, a menu of the real distributions.

    Args:
        mixtures: label in the menu → mixture; at least one.
        theta: the mean at the beginning, from −8 to 8.

    Returns:
        Widgets in JupyterLab; a ``Picture`` of three means where nobody watches.
    """
    if headless():
        return mean_strip(next(iter(mixtures.values())))
    import ipywidgets

    layout, style = ipywidgets.Layout(width="470px"), {"description_width": "150px"}
    mean = ipywidgets.FloatSlider(
        theta,
        min=-REACH,
        max=REACH,
        step=0.1,
        description="generator's mean θ",
        readout_format=".1f",
        layout=layout,
        style=style,
    )
    spread = ipywidgets.FloatSlider(
        1.0, min=0.3, max=2.0, step=0.1, description="its spread σ", readout_format=".1f", layout=layout, style=style
    )
    data = ipywidgets.Dropdown(options=list(mixtures), description="real data p", layout=layout, style=style)
    image = ipywidgets.Image(format="png", layout=ipywidgets.Layout(width="960px"))
    words = ipywidgets.Label()
    stage: list[_Stage] = []

    def draw(change: Any = None) -> None:
        # Latest wins without help: the page sends a slider's next value only after this one was drawn.
        if change is None or change.owner is not mean:
            stage[:] = [_Stage(Comparison(mixtures[data.value], spread.value))]
        image.value = stage[0].draw(mean.value)
        words.value = stage[0].comparison.words(mean.value)

    for control in (mean, spread, data):
        control.observe(draw, "value")
    draw()
    return ipywidgets.VBox([mean, spread, data, words, image])


def mean_strip(mixture: Mixture, thetas: tuple[float, float, float] = (-4.0, 0.5, 2.0)) -> Picture:
    """Above, p, q and D* for three means; below, V, JSD and W1 over all means, with the three marked 1, 2, 3.

    Args:
        mixture: the real distribution.
        thetas: the generator's means.
    """
    comparison = Comparison(mixture)
    figure, axes = new_figure(9.6, 5.0, columns=3, rows=2)
    for number, (theta, ax) in enumerate(zip(thetas, axes[0], strict=True), 1):
        _draw_densities(ax, comparison, theta)
        ax.set_title(f"{number}:  θ = {theta:g}".replace("-", "−"), fontsize=10)
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3, frameon=False, fontsize=10
    )
    axes[0, 0].set_ylabel("density; D*: probability")
    for name, ax in zip(NAMES, axes[1], strict=True):
        colour, line = style(NAMES[name])
        ax.plot(comparison.thetas, comparison.curves[name], color=colour, linestyle=line)
        ax.set_xlabel("θ")
        ax.set_title(NAMES[name], fontsize=10)
        ax.margins(y=0.2)
        for number, theta in enumerate(thetas, 1):
            at = comparison.measure(theta)[name].item()
            ax.plot([theta], [at], "o", color=INK, markersize=5)
            # Left below: no curve runs there, neither before its lowest point nor at it.
            ax.annotate(str(number), (theta, at), textcoords="offset points", xytext=(-11, -13), fontsize=10)
    told = "; ".join(" ".join(comparison.words(theta).split()) for theta in thetas)
    return finish(figure, f"Above, three generators beside the real p, with D*. Below, V, JSD and W₁ over θ. {told}.")


def _draw_densities(ax: Axes, comparison: Comparison, theta: float) -> list[Line2D]:
    """p, q and D* on one axis; returns the two lines that move with θ."""
    x, q = comparison.x, comparison.q(theta)
    ax.fill_between(x, comparison.p, color=COLOURS[0], alpha=0.25, linewidth=0)
    ax.plot(x, comparison.p, color=COLOURS[0], linestyle=LINES[0], label="p, real")
    moving = ax.plot(x, q, color=COLOURS[1], linestyle=LINES[1], label="q, generated")
    moving += ax.plot(x, optimal_discriminator(comparison.p, q), color=INK, linestyle=LINES[3], label="D*")
    ax.set(xlim=(-REACH - 3, REACH + 3), ylim=(-0.02, 1.38), xlabel="x", yticks=(0, 0.5, 1))
    return moving


class _Stage:
    """One figure that stays: what does not move is drawn once, and each θ draws only the lines and markers."""

    def __init__(self, comparison: Comparison):
        self.comparison = comparison
        figure, axes = new_figure(9.6, 3.0, columns=3)
        self.canvas = FigureCanvasAgg(figure)
        self.lines = _draw_densities(axes[0, 0], comparison, 0.0)
        self.markers: dict[str, Line2D] = {}
        axes[0, 0].set_ylabel("density; D*: probability")
        for name, ax in zip(NAMES, (axes[0, 1], axes[0, 1], axes[0, 2]), strict=True):
            curve, (colour, line) = (comparison.thetas, comparison.curves[name]), style(NAMES[name])
            ax.plot(*curve, color=colour, linestyle=line, label=NAMES[name])
            ax.set(xlabel="θ")
            self.markers[name] = ax.plot([], [], "o", color=INK, markersize=6)[0]
        for ax in axes[0]:
            # Above the axes: a generator far to the left and narrow reaches into their corner.
            ax.legend(
                fontsize=10,
                frameon=False,
                loc="lower center",
                bbox_to_anchor=(0.5, 1),
                ncols=3,
                columnspacing=0.8,
                handlelength=1.4,
                handletextpad=0.4,
            )
        axes[0, 1].set_ylim(-1.5, 0.8)
        furthest = comparison.curves["W1"].max().item()
        axes[0, 2].set_ylim(-0.05 * furthest, 1.05 * furthest)
        self.moving = [*self.lines, *self.markers.values()]
        for artist in self.moving:
            artist.set_animated(True)  # left out of the next line's drawing
        self.canvas.draw()
        figure.set_layout_engine("none")
        self.background = self.canvas.copy_from_bbox(figure.bbox)

    def draw(self, theta: float) -> bytes:
        """The scene at θ as a PNG, quickly compressed: it lives only until the slider moves."""
        q = self.comparison.q(theta)
        for one, ys in zip(self.lines, (q, optimal_discriminator(self.comparison.p, q)), strict=True):
            one.set_ydata(ys)
        for name, number in self.comparison.measure(theta).items():
            self.markers[name].set_data([theta], [number.item()])
        self.canvas.restore_region(self.background)
        for artist in self.moving:
            self.canvas.figure.draw_artist(artist)
        buffer = io.BytesIO()
        Image.fromarray(np.asarray(self.canvas.buffer_rgba())).convert("RGB").save(buffer, "PNG", compress_level=1)
        return buffer.getvalue()
