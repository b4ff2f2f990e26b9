"""How this chapter asks a discriminator, and what it counts."""

import torch
from torch import Tensor, nn

from course_lib.explain import realness
from course_lib.metrics.faithfulness import localisation


def fakeness(outputs: Tensor) -> Tensor:
    """Minus a discriminator's logit as a target: ``(N,)``, high for "fake".

    Args:
        outputs: ``(N, 1)`` or ``(N,)``.
    """
    return -realness(outputs)


@torch.no_grad()
def logits(model: nn.Module, images: Tensor) -> Tensor:
    """``(N,)``, in eval mode; the mode is put back, for the model may be in training.

    Args:
        model: a discriminator.
        images: ``(N, 1, 28, 28)``.
    """
    training = model.training
    out = realness(model.eval()(images))
    model.train(training)
    return out


def auc(real: Tensor, fake: Tensor) -> float:
    """Chance that a real picture's logit is above a drawn one's; equal logits count half.

    Args:
        real, fake: logits, ``(N,)`` and ``(M,)``.
    """
    difference = real[:, None] - fake[None]
    return ((difference > 0).double() + 0.5 * (difference == 0).double()).mean().item()


def corner(top: int, left: int) -> Tensor:
    """Where a mark of 7 × 7 pixels lies, bool ``(28, 28)``.

    Args:
        top, left: its first row and column.
    """
    mask = torch.zeros(28, 28, dtype=torch.bool)
    mask[top : top + 7, left : left + 7] = True
    return mask


def area(found: Tensor, mask: Tensor) -> float:
    """The mean AUC of maps for the pixels of a mask.

    Args:
        found: maps ``(N, 1, 28, 28)``.
        mask: bool ``(28, 28)``.
    """
    return localisation(found, mask)["auc"].mean().item()
