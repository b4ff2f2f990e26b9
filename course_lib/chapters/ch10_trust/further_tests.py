"""What chapter 10 asks beside its tests: why a score is what it is, and do methods agree, also with themselves?"""

from collections.abc import Callable
from itertools import combinations

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from course_lib.chapters.ch10_trust.methods import SEGMENTS
from course_lib.data import load
from course_lib.data.shapes import marked
from course_lib.explain import class_logit, integrated_gradients, lime, occlusion, shapley_of_segments
from course_lib.metrics.faithfulness import insertion_deletion, localisation, rank_correlation
from course_lib.runtime import Runtime


def agreement(maps: dict[str, Tensor], where: Tensor) -> dict[str, float]:
    """Spearman's correlation of some pairs of methods, where there is ink.

    Args:
        maps: name → maps ``(N, 1, 28, 28)``.
        where: bool, where there is ink.

    Returns:
        Pair of names → mean correlation.
    """
    pairs = (
        ("LIME", "Shapley values"),
        ("gradient", "Shapley values"),
        ("gradient", "SmoothGrad"),
        ("guided backprop", "intensity"),
        ("guided backprop", "gradient"),
        ("guided backprop, fresh weights", "intensity"),
    )
    return {f"{a}, {b}": rank_correlation(maps[a], maps[b], where=where).mean().item() for a, b in pairs}


def fill_is_known(model: nn.Module, x: Tensor, y: Tensor, other: Tensor, seed: int) -> dict[str, float]:
    """Insertion and deletion on digits of the methods that have a baseline, where it is the digit that fills.

    The control "difference" is told it, too.

    Args:
        model: the first network.
        x, y: held-out digits ``(n, 1, 28, 28)`` and their labels ``(n,)``.
        other: the digits that fill.
        seed: of the random numbers.

    Returns:
        "Method, insertion" or "method, deletion" → mean score.
    """

    def probability(im: Tensor) -> Tensor:
        return model(im).softmax(1).gather(1, y[:, None])[:, 0]

    def each(explain: Callable[..., Tensor]) -> Tensor:
        return torch.cat(
            [
                explain(model, class_logit(int(k)), image, SEGMENTS, fill=fill)
                for image, k, fill in zip(x, y, other, strict=True)
            ]
        )

    maps = {
        "integrated gradients": integrated_gradients(model, class_logit(y), x, other, steps=20),
        "occlusion": occlusion(model, class_logit(y), x, window=4, stride=2, fill=other),
        "LIME": each(
            lambda m, k, image, squares, fill: lime(m, k, image, squares, samples=300, seed=seed, fill=fill)[0]
        ),
        "Shapley values": each(
            lambda m, k, image, squares, fill: shapley_of_segments(m, k, image, squares, orders=5, seed=seed, fill=fill)
        ),
    }
    return {
        f"{name}, {kind}": value.mean().item()
        for name, m in maps.items()
        for kind, value in insertion_deletion(probability, x, m, other, seed=seed).items()
    }


def evidence_for_plain(finder: nn.Module, fresh: nn.Module, x: Tensor, square: Tensor) -> dict[str, float]:
    """Which share of the reasons for "plain" lies where the mark is missing, from three baselines.

    From the last also with fresh weights, and of the mere distance to it, which knows no model.

    Args:
        finder: the network that finds the mark.
        fresh: the same with fresh weights.
        x: held-out digits ``(n, 1, 28, 28)``.
        square: where the mark would be, bool ``(28, 28)``.

    Returns:
        Baseline → mean share in [0, 1].
    """
    digits = load("digits", Runtime.auto(device="cpu")).images
    plain, opposite = digits.mean(0), marked(digits).mean(0)
    baselines: dict[str, Tensor | float] = {
        "black": -1.0,
        "mean of plain digits": plain,
        "mean of marked digits": opposite,
    }
    maps = {
        name: integrated_gradients(finder, class_logit(0), x, baseline, steps=20)
        for name, baseline in baselines.items()
    }
    maps["mean of marked digits, fresh weights"] = integrated_gradients(fresh, class_logit(0), x, opposite, steps=20)
    maps["mean of marked digits, distance alone"] = (x - opposite).abs()
    return {name: localisation(m, square)["mass"].mean().item() for name, m in maps.items()}


def square_means(maps: Tensor) -> Tensor:
    """Each square's mean: for small noise, the best that a map of squares can promise is the gradient's.

    Args:
        maps: ``(N, 1, H, W)``, sides divisible by 4.
    """
    return interpolate(avg_pool2d(maps, 4), scale_factor=4)


def lime_repeated(model: nn.Module, x: Tensor, y: Tensor, budgets: tuple[int, ...], seed: int) -> dict[str, float]:
    """Chapter 07's question: do several runs of LIME agree? Over which pixels one asks decides the answer.

    Args:
        model: the first network.
        x, y: held-out digits ``(n, 1, 28, 28)`` and their labels ``(n,)``.
        budgets: how many samples LIME gets, one after the other.
        seed: of the random numbers.

    Returns:
        "Samples, pixels" → mean correlation of two runs.
    """
    ink, found = x > -0.9, {}
    where = {"whole image": torch.ones_like(ink), "squares with ink": square_means(ink.float()) > 0, "ink": ink}
    for samples in budgets:
        runs = [
            torch.cat(
                [
                    lime(model, class_logit(int(k)), image, SEGMENTS, samples=samples, seed=1000 * seed + r)[0]
                    for image, k in zip(x, y, strict=True)
                ]
            )
            for r in range(3)
        ]
        for spot, mask in where.items():
            pairs = [rank_correlation(a, b, where=mask).mean().item() for a, b in combinations(runs, 2)]
            found[f"{samples}, {spot}"] = sum(pairs) / len(pairs)
    return found
