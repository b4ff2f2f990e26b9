"""The maps that notebook 10 puts to the test: nine methods, and maps that saw no model."""

from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from course_lib.explain import (
    class_logit,
    grad_cam,
    gradient,
    grid_segments,
    hires_cam,
    integrated_gradients,
    lime,
    occlusion,
    shapley_of_segments,
    smooth_grad,
)
from course_lib.explain.controls import controls
from course_lib.explain.gradients import guided_backprop
from course_lib.explain.targets import Target

SEGMENTS = grid_segments(28, 28, 4)
Explainer: TypeAlias = Callable[[nn.Module, Tensor, Tensor, int], Tensor]  # see METHODS
_OfOne: TypeAlias = Callable[[nn.Module, Target, Tensor], Tensor]


def _each(explain: _OfOne, model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    return torch.cat([explain(model, class_logit(int(k)), image) for image, k in zip(images, labels, strict=True)])


def _lime(seed: int) -> _OfOne:
    return lambda model, target, image: lime(model, target, image, SEGMENTS, samples=300, seed=seed)[0]


def _shapley(seed: int) -> _OfOne:
    return lambda model, target, image: shapley_of_segments(model, target, image, SEGMENTS, orders=5, seed=seed)


# (model, images, labels, seed) → maps; the seed matters where a method draws random numbers
METHODS: dict[str, Explainer] = {
    "gradient": lambda m, x, y, s: gradient(m, class_logit(y), x),
    "SmoothGrad": lambda m, x, y, s: smooth_grad(m, class_logit(y), x, samples=20, seed=s),
    "integrated gradients": lambda m, x, y, s: integrated_gradients(m, class_logit(y), x, steps=20),
    "guided backprop": lambda m, x, y, s: guided_backprop(m, class_logit(y), x),
    "Grad-CAM": lambda m, x, y, s: grad_cam(m, class_logit(y), x, "body.4", signed=True),
    "HiResCAM": lambda m, x, y, s: hires_cam(m, class_logit(y), x, "body.4", signed=True),
    "occlusion": lambda m, x, y, s: occlusion(m, class_logit(y), x, window=4, stride=2),
    "LIME": lambda m, x, y, s: _each(_lime(s), m, x, y),
    "Shapley values": lambda m, x, y, s: _each(_shapley(s), m, x, y),
}


def without_a_model(other: Tensor) -> dict[str, Explainer]:
    """Maps that saw no model: the three controls that set the bar, and four that do not.

    The four show how often one such map passes: new noise, the blurred image, local contrast (brightness minus its mean
    over 3 x 3 pixels), and where the image differs from the other one that fills it.

    Args:
        other: the images that fill, ``(N, 1, 28, 28)``.

    Returns:
        Name → (model, images, labels, seed) → maps.
    """

    def control(name: str) -> Explainer:
        return lambda m, x, y, s: controls(x, s)[name]

    named = {name: control(name) for name in controls(other[:1])}
    return (
        named
        | {
            "random, another": lambda m, x, y, s: controls(x, s + 10_000)["random"],
            "blurred image": lambda m, x, y, s: avg_pool2d((x + 1) / 2, 5, 1, 2),
            "local contrast": lambda m, x, y, s: (x - avg_pool2d(x + 1, 3, 1, 1) + 1) / 2,  # outside is black
            "difference": lambda m, x, y, s: (x - other[: len(x)]).abs(),
        }
    )


def by_place(maps: Tensor) -> Tensor:
    """The same order of pixels, but equal ones in reading order: what this course did before, and what sorting does.

    Args:
        maps: ``(N, 1, H, W)``.
    """
    return maps.double() - 1e-12 * torch.arange(maps[0].numel()).view(maps.shape[1:])
