"""Walk through a generator's latent space with sliders; a strip of pictures where no kernel runs."""

import math

import torch
from torch import Tensor

from course_lib.machine import headless
from course_lib.show.figures import samples
from course_lib.show.picture import LARGE, Picture, grid, png_bytes
from course_lib.training import Sampler


def latent_explorer(sampler: Sampler, first: int = 3, second: int = 8) -> object:
    """Two seeds, each a latent, and a slider that goes from one latent to the other.

    Args:
        sampler: draws from the generator.
        first, second: the seeds at the beginning, from 0 to 99.

    Returns:
        Widgets in JupyterLab; a strip of nine steps (a ``Picture``) where nobody watches.
    """
    if headless():
        return walk_strip(sampler, first, second)
    import ipywidgets

    layout = ipywidgets.Layout(width="420px")
    style = {"description_width": "110px"}
    a = ipywidgets.IntSlider(first, 0, 99, description="first seed", layout=layout, style=style)
    b = ipywidgets.IntSlider(second, 0, 99, description="second seed", layout=layout, style=style)
    t = ipywidgets.FloatSlider(0.0, min=0, max=1, step=0.05, description="way between", layout=layout, style=style)
    image = ipywidgets.Image(format="png", layout=ipywidgets.Layout(width="224px"))
    words = ipywidgets.Label()

    def draw(*_: object) -> None:
        z = between(sampler.z(1, a.value), sampler.z(1, b.value), t.value)
        image.value = png_bytes(grid(sampler.decode(z), 1, LARGE))
        words.value = f"{t.value:.0%} of the way from seed {a.value} to seed {b.value}"  # a widget's image has no alt

    for slider in (a, b, t):
        slider.observe(draw, "value")
    draw()
    return ipywidgets.HBox([ipywidgets.VBox([a, b, t, words]), image])


def walk_strip(sampler: Sampler, first: int, second: int, n: int = 9) -> Picture:
    """The walk as ``n`` pictures side by side.

    Args:
        sampler: draws from the generator.
        first, second: seeds of the latents at both ends.
        n: how many pictures, at least 2.
    """
    a, b = sampler.z(1, first), sampler.z(1, second)
    z = torch.cat([between(a, b, i / (n - 1)) for i in range(n)])
    return samples(sampler.decode(z), n, n, 3, alt=f"{n} generated digits in a row, each a small step from the last.")


def walk_changes(sampler: Sampler, first: Tensor, second: Tensor, steps: int = 20) -> Tensor:
    """How much the picture changes in each step of a walk: ``(steps,)``, the lengths of the changes of all pixels.

    Args:
        sampler: draws from the generator.
        first, second: the ends, latents ``(1, latent)``.
        steps: how many.
    """
    walk = torch.cat([between(first, second, step / steps) for step in range(steps + 1)])
    pictures = sampler.decode(walk).flatten(1)  # one more than there are steps
    return (pictures[1:] - pictures[:-1]).norm(dim=1)


def between(a: Tensor, b: Tensor, t: float) -> Tensor:
    """The point at ``t`` on the arc from ``a`` to ``b``, ``(1, latent)`` (White 2016, section 2.1).

    A straight line would pass close to the origin, where a normal latent of many dimensions never lies.

    Args:
        a, b: the ends, latents ``(1, latent)``.
        t: in [0, 1], 0 at ``a``.
    """
    cosine = torch.nn.functional.cosine_similarity(a, b).clamp(-1, 1).item()
    angle = math.acos(cosine)
    if angle < 1e-4:
        return a
    return (math.sin((1 - t) * angle) * a + math.sin(t * angle) * b) / math.sin(angle)
