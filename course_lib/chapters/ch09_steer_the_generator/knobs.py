"""A slider for each named direction in latent space; a sheet of pictures where nobody watches."""

from collections.abc import Mapping

import torch
from torch import Tensor

from course_lib.errors import CourseError
from course_lib.machine import headless
from course_lib.show.picture import INK, LARGE, Picture, finish, grid, new_figure, png_bytes
from course_lib.training import Sampler

REACH = 3.0  # standard deviations of a latent


def latent_knobs(
    sampler: Sampler, directions: Mapping[str, Tensor], seed: int = 0, reach: float = REACH, title: str = ""
) -> object:
    """A picture G(z + Σ tᵢ nᵢ) with a slider tᵢ for each name, and a number that chooses z.

    nᵢ ``(latent,)`` is that direction at length 1.

    Args:
        sampler: draws from the generator.
        directions: name → direction, ``(latent,)``.
        seed: of the picture at the beginning.
        reach: the sliders go from −reach to ``reach``, in standard deviations of a latent.
        title: what the still picture says, above it.

    Returns:
        Widgets in JupyterLab; where nobody watches, a ``Picture``: one row a direction, seven steps each.

    Raises:
        CourseError: for no direction, or one of another length than the sampler's latent, or of size 0.
    """
    units = unit_directions(directions, sampler.latent)
    if headless():
        return knobs_still(sampler, units, seed, reach, title=title)
    import ipywidgets

    wide = 7.5 * max(map(len, ("picture (seed)", *units)))  # pixels of the longest name
    style, layout = {"description_width": f"{wide:.0f}px"}, ipywidgets.Layout(width=f"{310 + wide:.0f}px")
    which = ipywidgets.IntSlider(seed, 0, max(99, seed), description="picture (seed)", layout=layout, style=style)
    knobs = [
        ipywidgets.FloatSlider(
            0.0, min=-reach, max=reach, step=0.05, description=name, layout=layout, style=style, readout_format="+.2f"
        )
        for name in units
    ]
    back = ipywidgets.Button(description="all to 0")
    image = ipywidgets.Image(format="png", layout=ipywidgets.Layout(width="224px", height="224px"))
    image.add_class("latent-knobs")
    words = ipywidgets.Label()
    all_units = torch.stack(list(units.values()))  # (knobs, latent)

    def draw(*_: object) -> None:
        z = sampler.z(1, which.value) + torch.tensor([[knob.value for knob in knobs]]) @ all_units  # (1, latent)
        image.value = png_bytes(grid(sampler.decode(z), 1, LARGE))
        told = [f"{knob.description} {knob.value:+.2f}" for knob in knobs if knob.value]
        words.value = f"seed {which.value}, {', '.join(told) or 'unchanged'}"

    def reset(_: object) -> None:
        for knob in knobs:
            knob.value = 0.0

    for slider in (which, *knobs):
        slider.observe(draw, "value")
    back.on_click(reset)
    draw()
    return ipywidgets.HBox([ipywidgets.VBox([which, *knobs, back]), ipywidgets.VBox([image, words])])


def knobs_still(
    sampler: Sampler, units: Mapping[str, Tensor], seed: int = 0, reach: float = REACH, n: int = 7, title: str = ""
) -> Picture:
    """One row a direction, steps from −reach to reach; the middle column is the picture itself.

    Args:
        sampler: draws from the generator.
        units: name → direction of length 1, ``(latent,)``.
        seed: of the picture.
        reach: in standard deviations of a latent.
        n: how many steps, an odd number.
        title: what it says, above it.
    """
    steps = torch.linspace(-reach, reach, n)
    figure, axes = new_figure(0.75 * n + 1.2, 0.72 * len(units) + 0.55 + 0.3 * bool(title), rows=len(units))
    for ax, (name, unit) in zip(axes[:, 0], units.items(), strict=True):
        sheet = grid(sampler.decode(sampler.z(1, seed) + steps[:, None] * unit), n, scale=1)
        ax.imshow(sheet, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(False)
        ax.spines[:].set_visible(False)
        ax.text(-0.02, 0.5, name, transform=ax.transAxes, ha="right", va="center", fontsize=10, color=INK)
    marks = [f"{t:+g}".replace("-", "−") if t else "0" for t in steps.tolist()]
    axes[-1, 0].set_xticks([14 + 30 * i for i in range(n)], marks)
    axes[-1, 0].set_xlabel("t, steps along the direction")
    if title:
        figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(
        figure,
        f"One picture moved along {len(units)} directions, a row each ({', '.join(units)}), in {n} "
        f"steps from −{reach:g} to {reach:g}; the middle column is the picture itself.",
    )


def unit_directions(directions: Mapping[str, Tensor], latent: int) -> dict[str, Tensor]:
    """The directions at length 1.

    Args:
        directions: name → direction, ``(latent,)``.
        latent: how many numbers a direction has.

    Returns:
        Name → float32 ``(latent,)`` on the CPU.

    Raises:
        CourseError: for no direction, or one of another length than ``latent``, not finite or of size 0.
    """
    if not directions:
        raise CourseError("there is no direction to move along: pass for example {'thicker': direction}.")
    units = {}
    for name, direction in directions.items():
        flat = torch.as_tensor(direction).detach().float().cpu().flatten()
        if len(flat) != latent or not torch.isfinite(flat).all() or flat.norm() == 0:
            raise CourseError(
                f"direction {name!r} of shape {tuple(torch.as_tensor(direction).shape)}: use {latent} "
                "finite numbers that are not all 0, one for each of the sampler's latents."
            )
        units[name] = flat / flat.norm()
    return units
