"""What an explanation costs: milliseconds an image, and how many gradients that is.

`course record costs`. CPU seconds of one thread on A3's network with fresh weights: cost does not depend on them, and a
seed is a repetition. The numbers belong to the machine; the ratios hardly do.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from course_lib import explain
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.models.cnn import DigitCNN
from course_lib.runtime import Runtime

SEEDS = tuple(range(100, 105))
IMAGES = 10
SETTINGS = {
    "network": "DigitCNN, head flat",
    "images": IMAGES,
    "threads": 1,
    "measured": "CPU milliseconds an image, ratio to one gradient (the median of seven rounds)",
}


def naive_shap(model: nn.Module, images: Tensor, background: Tensor) -> Any:
    """What a first search finds: every class of every image, as ``shap_values`` does unless told otherwise.

    Args:
        model: in eval mode.
        images: ``(N, 1, 28, 28)``.
        background: images that stand for the data.
    """
    import shap

    return shap.DeepExplainer(model, background).shap_values(images)


def methods(net: nn.Module, images: Tensor, labels: Tensor, digits: Tensor, light: bool = False) -> dict[str, Callable]:
    """Each method as a call on all images.

    Args:
        net: the classifier.
        images: ``(N, 1, 28, 28)`` in [−1, 1].
        labels: their classes, int64 ``(N,)``.
        digits: the training digits, a background for shap.
        light: hardly any samples, to see that it runs.

    Returns:
        Method → what to call.
    """
    target, squares, few = explain.class_logit(labels), explain.grid_segments(28, 28), 60 if light else 1000

    def each(method: Callable, **settings: object) -> Callable[[], object]:
        return lambda: [
            method(net, explain.class_logit(k), x, squares, **settings)
            for x, k in zip(images, labels.tolist(), strict=True)
        ]

    def on(method: Callable, *rest: object, **settings: object) -> Callable[[], object]:
        return partial(method, net, target, images, *rest, **settings)

    return {
        "gradient": on(explain.gradient),
        "Grad-CAM": on(explain.grad_cam, "body.4"),
        "HiResCAM": on(explain.hires_cam, "body.4"),
        "guided backprop": on(explain.guided_backprop),
        "SmoothGrad, 25 samples": on(explain.smooth_grad),
        "integrated gradients, 50 steps": on(explain.integrated_gradients),
        "occlusion, 4×4 every 2": on(explain.occlusion),
        f"LIME, 49 squares, {few:,} samples": each(explain.lime, samples=few),
        "Shapley, 49 squares, 50 orders": each(explain.shapley_of_segments, orders=2 if light else 50),
        "shap Gradient, 200 samples": lambda: explain.gradient_shap(net, labels, images, digits[:30]),
        "shap Partition, 500 evaluations": lambda: explain.partition_shap(net, labels, images, digits[:30]),
        "shap Deep, background 30": lambda: explain.deep_shap(net, labels, images, digits[:30]),
        "shap Deep, background 300": lambda: explain.deep_shap(net, labels, images, digits[: 60 if light else 300]),
        "shap Deep, background 30, all ten classes": lambda: naive_shap(net, images, digits[:30]),
    }


def record(
    seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, *, images: int = IMAGES, light: bool = False
) -> None:
    """Time every method once a seed and write ``data/runs/costs.json``: method → seed → ms, ratio.

    Args:
        seeds: each is a repetition.
        tell: is given a line after each method.
        images: how many are explained in one call.
        light: hardly any samples, to see that it runs.
    """
    runs: dict[str, dict[int, dict]] = {}
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        data = load("digits", runtime)
        with runtime.seeded("weights"):
            net = explain.explain_copy(DigitCNN())
        x, labels = data.images[1000 : 1000 + images], data.labels[1000 : 1000 + images]
        if seed == seeds[0]:
            explain.deep_shap(net, 0, x[:1], data.images[:1])  # the first call also loads shap and compiles
            explain.partition_shap(net, 0, x[:1], data.images[:1], evaluations=50)
        one = None
        for name, method in methods(net, x, labels, data.images, light).items():
            rounds = [seconds(method) for _ in range(1 if light else 7)] if one is None else [seconds(method)]
            ms = 1000 * sorted(rounds)[len(rounds) // 2] / images
            one = one or ms
            runs.setdefault(name, {})[seed] = {"ms": round(ms, 3), "ratio": round(ms / one, 2)}
            tell(f"seed {seed}, {name}: {ms:.2f} ms, {ms / one:.1f} gradients")
        write_recorded("costs", SETTINGS | {"images": images}, runs)


def seconds(method: Callable) -> float:
    """CPU seconds of one call.

    Args:
        method: what is called.
    """
    began = time.process_time()
    with torch.enable_grad():
        method()
    return time.process_time() - began
