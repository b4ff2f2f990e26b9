"""The check of notebook 00: pixels from bytes to the range every network of the course works in."""

from typing import Any

import numpy as np

from course_lib.learn.exercises import check
from course_lib.learn.numbers import gap


@check(
    "to_range",
    todo="return the image as floats, with 0 at −1 and 255 at 1",
    shows="right: 0 became −1, 255 became 1, and the numbers between lie evenly between them",
)
def to_range(answer: Any) -> str | None:
    """``answer(image)``: uint8 array of any shape in 0…255 → float array of the same shape in [−1, 1]."""
    steps = np.arange(256, dtype=np.uint8)
    images = np.array([[0, 51, 102], [153, 204, 255]], np.uint8), steps.reshape(4, 8, 8), steps[128:], steps[5:6]
    return next((wrong for image in images if (wrong := _wrong(answer, image))), None)


def _wrong(answer: Any, image: np.ndarray) -> str | None:
    given = image.copy()
    result = answer(given)
    if hasattr(result, "detach"):
        result = result.detach().cpu().numpy()
    assert isinstance(result, np.ndarray), f"it returned a {type(result).__name__}, expected an array like the image"
    assert result.shape == image.shape, f"the shape changed from {image.shape} to {result.shape}"
    assert (given == image).all(), "the image that was handed in has changed: compute a new array instead"
    assert result.dtype != np.uint8, (
        "the result is still uint8, which holds neither fractions nor negative numbers: convert to float first"
    )
    assert result.dtype.kind == "f", f"the result has the type {result.dtype}, expected floats"
    result = result.astype(float)
    assert np.isfinite(result).all(), f"{(~np.isfinite(result)).sum()} of {result.size} numbers are not finite"
    right, whole = image / 127.5 - 1, image.astype(float)
    if np.allclose(result, right, atol=1e-3):
        return None
    known = {
        "the result lies in [0, 1]: it still has to be doubled, and then moved down by 1": whole / 255,
        "the result lies in [0, 2]: move it down by 1": whole / 127.5,
        "the result lies in [−½, ½]: it still has to be doubled": right / 2,
        "black and white are swapped: 0 must become −1, and 255 must become 1": -right,
        "255 became 0.992: the largest number is 255, so half the range is 127.5, not 128": whole / 128 - 1,
        "numbers above 127 wrapped around: uint8 holds nothing above 255, so convert to float before doubling": np.uint8(
            image * np.uint8(2)
        )
        / 255.0
        - 1,
        "−1 and 1 are right, but the numbers between are not: // drops the fraction, and / keeps it": image // 127.5
        - 1,
        "the image was standardised (minus its mean, by its spread), which depends on the image; 0 must become −1": (
            whole - whole.mean()
        )
        / max(whole.std(), 1e-9),
        "the image's own darkest and brightest pixel were taken for 0 and 255: an image need not have either": 2
        * (whole - whole.min())
        / max(np.ptp(whole), 1)
        - 1,
        "the image's own brightest pixel was taken for 255: an image need not have one": 2 * whole / max(whole.max(), 1)
        - 1,
        "nothing has changed but the type: 0 must become −1, and 255 must become 1": whole,
    }
    for sentence, wrong in known.items():
        if np.allclose(result, wrong, atol=1e-4):
            return f"{sentence} ({gap(result, right)})"
    if image.size == 6 and np.allclose([result[0, 0], result[-1, -1]], [-1, 1], atol=1e-3):
        return (
            f"−1 and 1 are right, but the numbers between are not: 51 became {result[0, 1]:.3g} instead of −0.6; "
            "equal steps in p must give equal steps in x"
        )
    return (
        f"{image.flat[0]} became {result.flat[0]:.3g} and {image.flat[-1]} became {result.flat[-1]:.3g}, expected "
        f"{right.flat[0]:.3g} and {right.flat[-1]:.3g}: a straight line from −1 at 0 to 1 at 255"
    )
