"""Class numbers and names as other people keep them → the course's form, or a sentence that says what to do."""

import numpy as np
import torch
from torch import Tensor

from course_lib.data.arrays import Array, plain
from course_lib.errors import CourseError


def to_labels(
    labels: Array | list | None, n: int, names: tuple[str, ...] | list[str] | None
) -> tuple[Tensor, tuple[str, ...]]:
    """Class numbers as int64 ``(n,)``, and the classes' names. Without labels there is one class, "all".

    Args:
        labels: whole numbers ``(n,)`` from 0 without a gap, or None.
        n: how many pictures there are.
        names: one for each class; None: "0", "1", …

    Returns:
        The labels, and the names.

    Raises:
        CourseError: for another length, for numbers that are no whole numbers, negative, or with gaps; for names of
            another length, or one twice.
    """
    if names is not None and not (isinstance(names, list | tuple) and all(isinstance(name, str) for name in names)):
        raise CourseError(f"names={names!r}: use a list of texts, one for each class, such as ['cat', 'dog'].")
    if labels is None:
        labels, names = np.zeros(n, np.int64), names or ("all",)
    if isinstance(labels, list | tuple):
        try:
            labels = np.array(labels)
        except ValueError:
            raise CourseError("labels are a list of lists of different lengths: use one number a picture.") from None
    array = plain(labels, "labels")
    if array.shape != (n,):
        hint = {(n, 1): "; use labels[:, 0]"}.get(array.shape, "; use labels.argmax(1)" if array.ndim == 2 else "")
        raise CourseError(f"labels have shape {array.shape} for {n} pictures: expected ({n},), one for each{hint}.")
    if array.dtype.kind not in "iu":
        raise CourseError(
            f"labels have dtype {array.dtype}: expected whole numbers from 0; use labels.astype(int) if "
            "that loses nothing."
        )
    used = [int(k) for k in np.unique(array)]
    some = ", ".join(map(str, used[:6])) + ", …" * (len(used) > 6)
    if used[0] < 0 or (names is None and used[-1] >= len(used)):
        raise CourseError(
            f"labels hold the classes {some}: expected 0 to {len(used) - 1} without a gap; number them "
            "anew with numpy.unique(labels, return_inverse=True)[1] (labels - 1 where they count from "
            "1), or give names for all classes."
        )
    names = tuple(map(str, used)) if names is None else tuple(names)
    if len(names) != used[-1] + 1:
        raise CourseError(
            f"there are {len(names)} names, and the labels hold the classes {some}: expected a name for "
            f"each of 0 to {used[-1]} (labels - 1 where they count from 1)."
        )
    if len(set(names)) < len(names):
        raise CourseError(f"names={names!r} has a name twice: use another for each class.")
    return torch.from_numpy(array.astype(np.int64)), names
