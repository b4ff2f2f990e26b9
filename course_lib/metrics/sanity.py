"""Sanity checks of explanations (Adebayo et al. 2018).

A map that stays the same when the model has lost all it had learned does not explain the model.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn

from course_lib.data.images import ImageData
from course_lib.errors import CourseError
from course_lib.metrics.faithfulness import rank_correlation


def randomised(model: nn.Module, seed: int = 0, independent: bool = False) -> Iterator[tuple[str, nn.Module]]:
    """Copies of ``model`` with fresh weights, one a layer; ``model`` stays as it is.

    From the top down: the first copy has lost its last layer, the next one its last two, … and the last one everything
    (the *cascade*). A layer is a part with weights of its own; the order is that in which the model names its parts.

    Args:
        model: any, whose layers have ``reset_parameters()``.
        seed: of the fresh weights.
        independent: whether each copy has lost its one layer only.

    Yields:
        The layer's name, and the copy.

    Raises:
        CourseError: for a model without weights, or a layer that cannot be given fresh weights.

    Example:
        >>> from course_lib.metrics.sanity import randomised
        >>> from course_lib.models import DigitCNN
        >>> [name for name, _ in randomised(DigitCNN())]
        ['head.1', 'body.3', 'body.0']
    """
    names = [name for name, part in model.named_modules() if _has_weights(part)]
    if not names:
        raise CourseError(f"the {type(model).__name__} has no layer with weights: there is nothing to randomise.")
    twin = copy.deepcopy(model)
    for name in reversed(names):
        twin = copy.deepcopy(model if independent else twin)
        with torch.random.fork_rng():
            torch.manual_seed(seed + names.index(name))
            _refresh(twin.get_submodule(name), name)
        yield name, twin


def parameter_randomisation(
    maps: Callable[[nn.Module], Tensor],
    model: nn.Module,
    *,
    seed: int = 0,
    independent: bool = False,
    absolute: bool = False,
    where: Tensor | None = None,
) -> dict[str, Tensor]:
    """Spearman's correlation between the model's maps and those of each ``randomised`` copy.

    A method that reads the model falls towards 0; one that stays near 1 draws the image.

    Args:
        maps: a model → its maps ``(N, C, H, W)``.
        model: any that ``randomised`` takes.
        seed, independent: as for ``randomised``.
        absolute, where: as for ``rank_correlation``.

    Returns:
        Layer → ``(N,)``, in [−1, 1].
    """
    before = maps(model)
    return {
        name: rank_correlation(before, maps(twin), absolute, where)
        for name, twin in randomised(model, seed, independent)
    }


def shuffled_labels(data: ImageData, generator: torch.Generator) -> ImageData:
    """The same images with the labels dealt out anew.

    A network that learns them has learned nothing about the classes, and its explanations should differ from those of
    one that has (the second test of Adebayo et al.).

    Args:
        data: with the right labels; it stays as it is.
        generator: on the CPU.
    """
    order = torch.randperm(len(data), generator=generator).to(data.labels.device)
    return replace(data, labels=data.labels[order], sha256=data._derived(f"labels dealt {order.tolist()}"))


def _has_weights(part: nn.Module) -> bool:
    """Whether it has parameters of its own; the parts that hold a parametrised layer's weights count as that layer."""
    return not isinstance(part, nn.utils.parametrize.ParametrizationList) and (
        any(True for _ in part.parameters(recurse=False)) or nn.utils.parametrize.is_parametrized(part)
    )


def _refresh(part: nn.Module, name: str) -> None:
    """Fresh weights, as a new layer has them. A layer under a parametrisation (spectral norm) is told through it."""
    if nn.utils.parametrize.is_parametrized(part):
        with torch.no_grad():
            for held in part.get_submodule("parametrizations").children():
                original = held.get_parameter("original")
                original.normal_(std=original[0].numel() ** -0.5)
            for free in part.parameters(recurse=False):
                free.zero_()
    elif callable(reset := getattr(part, "reset_parameters", None)):
        reset()
    else:
        raise CourseError(
            f"layer {name!r} ({type(part).__name__}) has no reset_parameters(): give it one that draws fresh weights."
        )
