"""How much of a map lies where the truth is known to be, and what can be counted in a folder, for lesson 14.1."""

from collections.abc import Mapping

from torch import Tensor

from course_lib.chapters.ch14_scale_up import own_folder
from course_lib.data import ImageData
from course_lib.metrics.faithfulness import localisation
from course_lib.models import Judge
from course_lib.training.classifier import accuracy


def within(maps: Tensor, truth: Tensor) -> tuple[float, float]:
    """How much of the maps lies in the true places.

    Args:
        maps: ``(N, 1, H, W)``.
        truth: bool, the same shape, or one place ``(H, W)`` for all; empty where no place is known.

    Returns:
        The share of the maps' positive parts that lies in there, and the share of maps whose highest pixel does.
    """
    if not truth.any():  # in the learner's own pictures no place is known
        return 0.0, 0.0
    found = localisation(maps, truth.expand(maps.shape).squeeze(1))
    return found["mass"].mean().item(), found["pointing"].mean().item()


def counted(folders: Mapping[str, ImageData], judge: Judge | None) -> list[list[str]]:
    """What can be counted in folders without looking at a picture.

    Args:
        folders: letter → what was read.
        judge: of their classes; None where there is none.

    Returns:
        A row each: letter, pictures of each class, how many are there a second time, how often the judge agrees with
        the label.
    """
    return [
        [
            letter,
            ", ".join(str(n) for n in one.labels.bincount().tolist()),
            str(own_folder.same_twice(one)),
            f"{accuracy(judge, one):.0%}" if judge else "—",
        ]
        for letter, one in folders.items()
    ]
