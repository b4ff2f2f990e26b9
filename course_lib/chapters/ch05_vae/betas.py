"""A slider over β: what a VAE keeps of its images when its code costs more; a row for each β where nobody watches."""

import math

import torch
from matplotlib.axes import Axes
from torch import Tensor

from course_lib.data.pixels import check_images
from course_lib.errors import CourseError
from course_lib.machine import headless
from course_lib.metrics import LatentCodeReport, measure_latent_code
from course_lib.models import VAE, binarised
from course_lib.models.likelihood import Bernoulli
from course_lib.show.picture import COLOURS, Picture, finish, grid, new_figure
from course_lib.training import Sampler

COLUMNS = 10  # pictures in a row


def beta_slider(models: dict[float, VAE], images: Tensor, *, title: str = "") -> object:
    """Originals, their reconstructions, samples, and the numbers of each VAE, by a slider over β.

    The first ten images are shown, the numbers are means over all. A Bernoulli likelihood is one of black and white
    pixels: for it, grey images are first drawn black and white.

    Args:
        models: β → the VAE trained with it.
        images: ``(N, C, H, W)`` in [−1, 1], at least one.
        title: what the still says, above it, or nothing.

    Returns:
        Widgets in JupyterLab; a ``Picture`` with a row for each β where nobody watches.

    Raises:
        CourseError: without a β, for a β that is no number of at least 0, for what is no VAE, or without an image.
    """
    family = Family(models, images)
    if headless():
        return still(family, title)
    import ipywidgets

    slider = ipywidgets.SelectionSlider(
        options=[(f"{beta:g}", beta) for beta in family.codes], description="β", layout=ipywidgets.Layout(width="420px")
    )
    words, image = ipywidgets.Label(), ipywidgets.Image(format="png", layout=ipywidgets.Layout(width="960px"))
    drawn: dict[float, Picture] = {}

    def draw(*_: object) -> None:
        beta = slider.value
        if beta not in drawn:
            drawn[beta] = scene(family, beta)
        words.value, image.value = family.words(beta), drawn[beta].png

    slider.observe(draw, "value")
    draw()
    return ipywidgets.VBox([slider, words, image])


class Family:
    """The VAEs by rising β: ``originals`` (the first ten images as encoded), and by β the ``codes`` measured on all.

    Args:
        models: β → the VAE trained with it.
        images: ``(N, C, H, W)`` in [−1, 1], at least one.

    Raises:
        CourseError: without a β, for a β that is no number of at least 0, for what is no VAE, or without an image.
    """

    def __init__(self, models: dict[float, VAE], images: Tensor):
        if not models:
            raise CourseError("there is no β: pass at least one trained VAE, as in {1.0: vae}.")
        for beta, vae in models.items():
            if isinstance(beta, bool) or not isinstance(beta, int | float) or not 0 <= beta < math.inf:
                raise CourseError(f"β={beta!r} is no weight of the KL: use numbers of at least 0, as in {{1.0: vae}}.")
            if not isinstance(vae, VAE):
                raise CourseError(f"the model of β={beta:g} is a {type(vae).__name__}: expected a VAE.")
            if vae.classes:
                raise CourseError(f"the VAE of β={beta:g} is given a class too: use one with classes=0.")
        if len(check_images(images)) == 0:
            raise CourseError("there is no image to encode: expected at least 1.")
        self.models = dict(sorted(models.items()))
        if any(isinstance(vae.likelihood, Bernoulli) for vae in models.values()) and not (images.abs() == 1).all():
            images = binarised(images, torch.Generator().manual_seed(0))
        self.originals = images[:COLUMNS]
        self.codes: dict[float, LatentCodeReport] = {
            beta: measure_latent_code(vae, images) for beta, vae in self.models.items()
        }

    @torch.no_grad()
    def reconstructed(self, beta: float) -> Tensor:
        """The originals decoded from the means of q(z|x).

        Args:
            beta: one of the family's.
        """
        vae = self.models[beta]
        return vae.reconstruct(self.originals.to(next(vae.parameters()).device)).cpu()

    def sampled(self, beta: float) -> Tensor:
        """Mean images of ten latents from p(z), the same ten for each β with as many latents.

        Args:
            beta: one of the family's.
        """
        return Sampler(self.models[beta])(COLUMNS, seed=0)

    def words(self, beta: float) -> str:
        """The numbers in one line.

        Args:
            beta: one of the family's.
        """
        code = self.codes[beta]
        terms = {"reconstruction": code.reconstruction, "KL": code.kl, "bound": code.bound}
        numbers = [f"{name} {nats:.1f} nats" for name, nats in terms.items()]
        numbers.append(f"{code.active} of {len(code.by_latent)} latents in use")
        return f"β = {beta:g}:  {'  ·  '.join(numbers)}".replace("-", "−")


def scene(family: Family, beta: float) -> Picture:
    """Originals, reconstructions and samples of one β; at the right the KL of each latent, the largest first.

    Args:
        family: the VAEs.
        beta: one of the family's.
    """
    from matplotlib.gridspec import GridSpec

    figure, _ = new_figure(9.6, 2.6)
    figure.clear()
    cells = GridSpec(3, 2, figure, width_ratios=(2.6, 1))
    rows = {
        "originals": family.originals,
        "reconstructions": family.reconstructed(beta),
        "samples": family.sampled(beta),
    }
    for i, (label, images) in enumerate(rows.items()):
        ax = figure.add_subplot(cells[i, 0])
        _strip(ax, images)
        ax.set_ylabel(label, rotation=0, ha="right", va="center", fontsize=10)
    ax = figure.add_subplot(cells[:, 1])
    each = sorted(family.codes[beta].by_latent, reverse=True)
    ax.bar(range(1, len(each) + 1), each, color=COLOURS[0])
    most = max(max(code.by_latent) for code in family.codes.values())
    ax.set(ylim=(0, 1.05 * most), xlabel="latents, by their KL", ylabel="KL, nats")
    ax.set_xticks([1, len(each)])
    ax.spines[["top", "right"]].set_visible(False)
    return finish(figure, f"Originals, reconstructions and samples. {family.words(beta)}.")


def still(family: Family, title: str = "") -> Picture:
    """The originals, then for each β its numbers, reconstructions and samples.

    Args:
        family: the VAEs.
        title: what the picture says, above it, or nothing.
    """
    n = len(family.models)
    figure, axes = new_figure(9.6, 0.66 * (n + 1) + 0.3 + 0.3 * bool(title), columns=2, rows=n + 1)
    if title:
        figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    _strip(axes[0, 0], family.originals)
    axes[0, 0].set_ylabel("originals", rotation=0, ha="right", va="center", fontsize=10)
    axes[0, 1].set_visible(False)
    for (beta, code), (left, right) in zip(family.codes.items(), axes[1:], strict=True):
        _strip(left, family.reconstructed(beta))
        _strip(right, family.sampled(beta))
        left.set_ylabel(
            f"β = {beta:g}\nreconstruction {code.reconstruction:.0f} nats\n"
            f"KL {code.kl:.1f} nats, {code.active} of {len(code.by_latent)} in use",
            rotation=0,
            ha="right",
            va="center",
            fontsize=10,
            linespacing=1.1,
        )
    axes[1, 0].set_title("reconstructions", fontsize=10)
    axes[1, 1].set_title("samples", fontsize=10)
    told = "; ".join(" ".join(family.words(beta).split()) for beta in family.codes)
    return finish(figure, f"A row for each β, reconstructions at the left and samples at the right. {told}.")


def _strip(ax: Axes, images: Tensor) -> None:
    """Images in one row, in an axis that keeps only its name."""
    ax.imshow(grid(images, len(images), 2), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    ax.spines[:].set_visible(False)
