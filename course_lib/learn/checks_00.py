"""The check of notebook 00: pixels from bytes to the range every network of the course works in."""

import numpy as np

from course_lib.learn.exercises import check


@check("to_range",
       todo="return the image as floats, with 0 at −1 and 255 at 1",
       shows="right: 0 became −1, 255 became 1, and the numbers between lie evenly between them")
def to_range(answer):
    """``answer(image)``: uint8 array of any shape in 0…255 → float array of the same shape in [−1, 1]."""
    image = np.array([[0, 51, 102], [153, 204, 255]], np.uint8)
    given = image.copy()
    result = answer(given)
    if hasattr(result, "detach"):
        result = result.detach().cpu().numpy()
    assert isinstance(result, np.ndarray), f"it returned a {type(result).__name__}, expected an array like the image"
    assert result.shape == image.shape, f"the shape changed from {image.shape} to {result.shape}"
    assert (given == image).all(), "the image that was handed in has changed: compute a new array instead"
    assert result.dtype != np.uint8, ("the result is still uint8, which holds neither fractions nor negative "
                                      "numbers: convert to float first")
    assert result.dtype.kind == "f", f"the result has the type {result.dtype}, expected floats"
    right = image / 127.5 - 1
    if np.allclose(result, right, atol=1e-3):
        return None
    if np.allclose(result, image / 255):
        return "the result lies in [0, 1]: it still has to be doubled, and then moved down by 1"
    if np.allclose(result, image / 127.5):
        return "the result lies in [0, 2]: move it down by 1"
    if np.allclose(result, -right, atol=1e-3):
        return "black and white are swapped: 0 must become −1, and 255 must become 1"
    if np.allclose(result, image / 128 - 1, atol=1e-4):
        return "255 became 0.992: the largest number is 255, so half the range is 127.5, not 128"
    if np.allclose(result, np.uint8(image * 2).astype(float) / 255 - 1, atol=1e-2):
        return "numbers above 127 wrapped around: uint8 holds nothing above 255, so convert to float before doubling"
    if np.allclose(result, image // 127.5 - 1):
        return "−1 and 1 are right, but the numbers between are not: // drops the fraction, and / keeps it"
    if np.allclose([result[0, 0], result[-1, -1]], [-1, 1], atol=1e-3):
        return (f"−1 and 1 are right, but the numbers between are not: 51 became {result[0, 1]:.3g} instead of −0.6; "
                "equal steps in p must give equal steps in x")
    return (f"0 became {result[0, 0]:.3g} and 255 became {result[-1, -1]:.3g}, "
            "but they should become −1 and 1, with a straight line between them")
