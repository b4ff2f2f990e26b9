"""The maps that chapter 10 puts to the test: nine methods, and maps that saw no model."""

from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from course_lib.explain import ATTRIBUTIONS, Attribution, class_logit, grid_segments
from course_lib.explain.controls import control_maps

SEGMENTS = grid_segments(28, 28, 4)
Explainer: TypeAlias = Callable[[nn.Module, Tensor, Tensor, int], Tensor]  # see METHODS


EFFORT = {  # of the chapter's nine; None: there is nothing to choose
    "gradient": None,
    "SmoothGrad": 20,
    "integrated gradients": 20,
    "guided backprop": None,
    "Grad-CAM": None,
    "HiResCAM": None,
    "occlusion": None,
    "LIME": 300,
    "Shapley values": 5,
}


def _asked(method: Attribution, effort: int | None) -> Explainer:
    def maps(model: nn.Module, images: Tensor, labels: Tensor, seed: int) -> Tensor:
        target = class_logit(labels)
        return method(model, target, images, layer="body.4", segments=SEGMENTS, effort=effort, seed=seed)

    return maps


# (model, images, labels, seed) → maps; the seed matters where a method draws random numbers
METHODS: dict[str, Explainer] = {name: _asked(ATTRIBUTIONS[name], effort) for name, effort in EFFORT.items()}


def model_free_explainers(other: Tensor) -> dict[str, Explainer]:
    """Maps that saw no model: the three controls that set the bar, and four that do not.

    The four show how often one such map passes: new noise, the blurred image, local contrast (brightness minus its mean
    over 3 x 3 pixels), and where the image differs from the other one that fills it.

    Args:
        other: the images that fill, ``(N, 1, 28, 28)``.

    Returns:
        Name → (model, images, labels, seed) → maps.
    """

    def control(name: str) -> Explainer:
        return lambda m, x, y, s: control_maps(x, s)[name]

    named = {name: control(name) for name in control_maps(other[:1])}
    return (
        named
        | {
            "random, another": lambda m, x, y, s: control_maps(x, s + 10_000)["random"],
            "blurred image": lambda m, x, y, s: avg_pool2d((x + 1) / 2, 5, 1, 2),
            "local contrast": lambda m, x, y, s: (x - avg_pool2d(x + 1, 3, 1, 1) + 1) / 2,  # outside is black
            "difference": lambda m, x, y, s: (x - other[: len(x)]).abs(),
        }
    )


def ties_by_position(maps: Tensor) -> Tensor:
    """The same order of pixels, but equal ones in reading order: what this course did before, and what sorting does.

    Args:
        maps: ``(N, 1, H, W)``.
    """
    return maps.double() - 1e-12 * torch.arange(maps[0].numel()).view(maps.shape[1:])
