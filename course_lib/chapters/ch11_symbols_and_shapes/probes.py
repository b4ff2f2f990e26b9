"""Linear probes: what can be read from each stage of a network, beside what can be read without training it."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from course_lib.explain.targets import Target
from course_lib.explain.tcav import layer_outputs

# what we call a stage → its layer in DigitCNN; "" is the picture itself
STAGES_OF_READER = {"pixels": "", "maps 1": "body.2", "maps 2": "body.5", "logits": "head.1"}
STRENGTH = 0.01  # of the penalty on a probe's weights
SPLITS = (0, 1, 2)


def in_greys(images: Tensor) -> Tensor:
    """Images rounded to the 256 greys that a picture file has, as the digits are.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
    """
    return ((images + 1) * 127.5).round() / 127.5 - 1


def without_faint(images: Tensor, below: float = -0.8) -> Tensor:
    """Images whose faint greys are black.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        below: what counts as faint.
    """
    return torch.where(images < below, -1.0, images)


def stages_of_d(d: nn.Module) -> dict[str, str]:
    """The stages of a convolutional discriminator: the picture, the maps after each activation, the logit.

    Args:
        d: of any norm and head.

    Returns:
        Stage → its layer in ``d``; "" is the picture.
    """
    maps, linear = (
        [name for name, part in d.named_modules() if isinstance(part, kind)] for kind in (nn.LeakyReLU, nn.Linear)
    )
    return {"pixels": ""} | {f"maps {i}": name for i, name in enumerate(maps, 1)} | {"logit": linear[-1]}


def stages(model: nn.Module, target: Target, images: Tensor, layers: Mapping[str, str]) -> dict[str, Tensor]:
    """What each stage gives, flat.

    Args:
        model: in eval mode.
        target: what the model is asked; a probe does not depend on it.
        images: ``(N, C, H, W)`` in [−1, 1].
        layers: what to call a stage → its layer in the model; "" is the picture.

    Returns:
        Stage → ``(N, numbers)``.
    """
    return {
        name: layer_outputs(model, target, images, layer)[0] if layer else images.flatten(1)
        for name, layer in layers.items()
    }


def for_fitting(n: int, seed: int, share: float = 0.6) -> Tensor:
    """Which of ``n`` pictures a probe is fitted to, drawn at random; it is asked about the others.

    Args:
        n: pictures.
        seed: of the draw.
        share: of the pictures.
    """
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    return order.argsort() < round(share * n)


def shares_right(
    outputs: Tensor, labels: Tensor, *, splits: tuple[int, ...] = SPLITS, strength: float = STRENGTH
) -> tuple[list[float], list[float]]:
    """How often a probe is right on pictures that it was not fitted to, with the labels and with permuted ones.

    A ridge regression of one ±1 for each class (Hoerl and Kennard 1970) on standardised outputs, whose squares count
    by their mean, so that a stage with more numbers gets no weaker penalty; as probes Alain and Bengio (2016) use a
    logistic one.

    Args:
        outputs: of a stage, ``(N, numbers)``.
        labels: ``(N,)``, from 0.
        splits: seeds of the split and of the permutation.
        strength: of the penalty.

    Returns:
        A share for each split with the true labels, and one with permuted labels.
    """
    shares: tuple[list[float], list[float]] = [], []
    for seed in splits:
        fitted = for_fitting(len(outputs), seed).to(outputs.device)
        spread = outputs[fitted].std(0)
        h = (outputs - outputs[fitted].mean(0)) / (spread + 1e-3 * spread.max()) / outputs.shape[1] ** 0.5
        alike = h @ h[fitted].T  # (N, those fitted to): the weights are a mix of the pictures, so this is all it takes
        permuted = labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).to(labels.device)]
        for found, said in zip(shares, (labels, permuted), strict=True):
            wanted = 2.0 * one_hot(said)[fitted] - 1
            penalty = strength * torch.eye(len(wanted), device=alike.device)
            mix = torch.linalg.solve(alike[fitted] + penalty, wanted - wanted.mean(0))
            answers = (alike[~fitted] @ mix + wanted.mean(0)).argmax(1)
            found.append((answers == said[~fitted]).double().mean().item())
    return shares
