"""The doors through which images enter the course.

``load(name, runtime)`` for the course's own, ``ImageData.of``, ``.folder``, ``.npz`` and ``.idx`` for one's own;
``draw_points`` makes toy points.
"""

import hashlib

import torch

from course_lib.data import complete, digits
from course_lib.data.images import ImageData
from course_lib.data.pixels import check_images, to_minus_one_one
from course_lib.data.toy import Mixture, PointData, draw_points, mixture
from course_lib.errors import one_of
from course_lib.runtime import Runtime

__all__ = [
    "DATASETS",
    "ImageData",
    "Mixture",
    "PointData",
    "check_images",
    "draw_points",
    "load",
    "mixture",
    "to_minus_one_one",
]

DATASETS = ("digits", "mnist", "fashion")


def load(name: str, runtime: Runtime | None = None, *, split: str = "train") -> ImageData:
    """Images in [−1, 1] and their labels, on the runtime's device (the CPU without one).

    Args:
        name: ``"digits"``: 5,000 real MNIST digits that ship with the install (4,000 to train, 1,000 to test,
            stratified). ``"mnist"``, ``"fashion"``: the complete sets, 60,000 and 10,000 images, downloaded on demand
            or read from ``$COURSE_DATA``.
        runtime: whose device they go to.
        split: ``"train"`` or ``"test"``.

    Raises:
        CourseError: for an unknown name or split, or a set that cannot be had.
        DataCorrupt: when a file's checksum is wrong.

    Example:
        >>> from course_lib.data import load
        >>> digits = load("digits", split="test")
        >>> digits.images.shape, digits.names[3]
        (torch.Size([1000, 1, 28, 28]), '3')
    """
    one_of("data set", name, DATASETS)
    one_of("split", split, ("train", "test"))
    if name == "digits":
        pixels, labels = digits.read()
        rows = digits.split_rows(labels, split)
        pixels, labels, names = pixels[rows], labels[rows], complete.DIGIT_NAMES
        source, licence = digits.SOURCE, digits.LICENCE
    else:
        pixels, labels = complete.read(name, split)
        _, names, source, licence = complete.SETS[name]
    device = runtime.device if runtime else torch.device("cpu")
    return ImageData(
        images=to_minus_one_one(torch.tensor(pixels)[:, None]).to(device),
        labels=torch.tensor(labels).to(device),
        names=names,
        name=name,
        split=split,
        source=source,
        licence=licence,
        sha256=hashlib.sha256(pixels.tobytes() + labels.tobytes()).hexdigest(),
    )
