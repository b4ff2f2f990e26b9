"""Answers to notebook 00's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import numpy as np


def stub(image):
    """Return the image in [-1, 1]."""


def in_place(image):
    image[:] = 0
    return image.astype(float)


ANSWERS = {
    "to_range": (lambda image: image.astype(np.float32) / 127.5 - 1, stub, {
        "lies in [0, 1]": lambda image: image / 255,
        "lies in [0, 2]": lambda image: image / 127.5,
        "still uint8": lambda image: (image // 127) - np.uint8(1),
        "swapped": lambda image: 1 - image / 127.5,
        "127.5, not 128": lambda image: image / 128 - 1,
        "wrapped around": lambda image: image * np.uint8(2) / 255 - 1,
        "shape changed": lambda image: image.ravel() / 127.5 - 1,
        "has changed": in_place,
        "returned a list": lambda image: (image / 127.5 - 1).tolist(),
        "expected floats": lambda image: image.astype(int),
        "// drops the fraction": lambda image: image // 127.5 - 1,
        "equal steps": lambda image: 2 * (image / 255) ** 2 - 1,
        "straight line": lambda image: np.sqrt(image / 255.0),
    }),
}
