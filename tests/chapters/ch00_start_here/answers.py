"""Answers to notebook 00's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import numpy as np
import torch


def stub(image):
    """Return the image in [-1, 1]."""


def in_place(image):
    image[:] = 0
    return image.astype(float)


ANSWERS = {
    "to_range": (
        lambda image: image.astype(np.float32) / 127.5 - 1,
        stub,
        {
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
            "[−½, ½]": lambda image: image / 255 - 0.5,
            "standardised": lambda image: (image - image.mean()) / image.std(),
            "darkest and brightest": lambda image: 2.0 * (image - image.min()) / np.ptp(image) - 1,
            "own brightest": lambda image: 2.0 * image / image.max() - 1,
            "but the type": lambda image: image.astype(float),
            "not finite": lambda image: image / 0.0,
            "straight line": lambda image: np.sqrt(image / 255.0),
        },
    ),
}
RIGHT_TOO = {
    "to_range": [
        lambda image: 2 * (image / 255) - 1,
        lambda image: (image.astype(float) - 127.5) / 127.5,
        lambda image: np.interp(image, [0, 255], [-1, 1]),
        lambda image: torch.tensor(image) / 127.5 - 1,
        lambda image: np.float32(image) / np.float32(127.5) - np.float32(1),
        lambda image: np.array([p / 127.5 - 1 for p in image.ravel().tolist()]).reshape(image.shape),
    ],
}
