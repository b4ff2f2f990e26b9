"""Answers to chapter 00's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import numpy as np
import torch


def stub(image):
    """Return the image in [-1, 1]."""


def in_place(image):
    image[:] = 0
    return image.astype(float)


def average_stub(images, labels, digit): ...


def average_by_loop(images, labels, digit):
    total, count = torch.zeros_like(images[0]), 0
    for image, label in zip(images, labels, strict=True):
        if label == digit:
            total += image
            count += 1
    return total / count


def unit_stub(x, weights, bias):
    return ...


def unit_by_loop(x, weights, bias):
    total = bias
    for number, weight in zip(x, weights, strict=True):
        total += number * weight
    return total if total > 0 else 0


def share_stub(chances, labels): ...


def share_by_loop(chances, labels):
    right = 0
    for row, label in zip(chances.tolist(), labels.tolist(), strict=True):
        right += row.index(max(row)) == label
    return right / len(labels)


ANSWERS = {
    "average_digit": (
        lambda images, labels, digit: images[labels == digit].mean(0),
        average_stub,
        {
            "average of all pictures": lambda images, labels, digit: images.mean(0),
            "that is the sum": lambda images, labels, digit: images[labels == digit].sum(0),
            "number of all pictures": lambda images, labels, digit: images[labels == digit].sum(0) / len(images),
            "still have to be averaged": lambda images, labels, digit: images[labels == digit],
            "one number": lambda images, labels, digit: images[labels == digit].mean(),
            "one of the pictures": lambda images, labels, digit: images[labels == digit][0],
            "at the place": lambda images, labels, digit: images[digit],
            "do *not* show": lambda images, labels, digit: images[labels != digit].mean(0),
            "the median": lambda images, labels, digit: images[labels == digit].median(0).values,
            "that of one picture": lambda images, labels, digit: images[labels == digit].mean(1),
            "numbers differ": lambda images, labels, digit: images[labels == digit].mean(0) + 0.1,
        },
    ),
    "unit": (
        lambda x, weights, bias: max(0, (x * weights).sum() + bias),
        unit_stub,
        {
            "negative has to become 0": lambda x, weights, bias: (x * weights).sum() + bias,
            "bias is missing": lambda x, weights, bias: max(0, (x * weights).sum()),
            "comes last": lambda x, weights, bias: max(0, (x * weights).sum()) + bias,
            "not positive": lambda x, weights, bias: abs((x * weights).sum() + bias),
            "not taken away": lambda x, weights, bias: max(0, (x * weights).sum() - bias),
            "one for each x": lambda x, weights, bias: torch.relu(x * weights + bias),
            "the mean of weight": lambda x, weights, bias: torch.relu((x * weights).mean() + bias),
            "each product was cut": lambda x, weights, bias: torch.relu(torch.relu(x * weights).sum() + bias),
            "expected it once": lambda x, weights, bias: torch.relu((x * weights + bias).sum()),
            "without their weights": lambda x, weights, bias: torch.relu(x.sum() + bias),
            "a sigmoid": lambda x, weights, bias: torch.sigmoid((x * weights).sum() + bias),
            "for a sum of": lambda x, weights, bias: min(10.0, max(0, (x * weights).sum() + bias)),
        },
    ),
    "share_right": (
        lambda chances, labels: (chances.argmax(1) == labels).float().mean(),
        share_stub,
        {
            "its place": lambda chances, labels: (chances.max(1).values == labels).float().mean(),
            "how many are right: a share": lambda chances, labels: (chances.argmax(1) == labels).sum(),
            "in percent": lambda chances, labels: 100 * (chances.argmax(1) == labels).float().mean(),
            "read *wrongly*": lambda chances, labels: (chances.argmax(1) != labels).float().mean(),
            "the mean confidence": lambda chances, labels: chances.max(1).values.mean(),
            "of the right digit": lambda chances, labels: chances[range(len(labels)), labels].mean(),
            "by that of pictures": lambda chances, labels: (chances.argmax(1) == labels).sum() / 10,
            "the lowest": lambda chances, labels: (chances.argmin(1) == labels).float().mean(),
            "could not infer": lambda chances, labels: (chances.argmax(1) == labels).mean(),
            "are read rightly": lambda chances, labels: (chances.argmax(1) == labels).float().mean() ** 2,
        },
    ),
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
    "average_digit": [
        average_by_loop,
        lambda images, labels, digit: images[labels == digit].sum(0) / (labels == digit).sum(),
        lambda images, labels, digit: torch.stack([i for i, k in zip(images, labels, strict=True) if k == digit]).mean(
            0
        ),
        lambda images, labels, digit: images[labels == digit].numpy().mean(axis=0),
    ],
    "unit": [
        unit_by_loop,
        lambda x, weights, bias: torch.relu(x @ weights + bias),
        lambda x, weights, bias: (torch.dot(x, weights) + bias).clamp(min=0),
        lambda x, weights, bias: np.maximum(0, np.dot(x.numpy(), weights.numpy()) + bias),
        lambda x, weights, bias: max(0.0, sum(a * w for a, w in zip(x.tolist(), weights.tolist(), strict=True)) + bias),
    ],
    "share_right": [
        share_by_loop,
        lambda chances, labels: (chances.max(1).indices == labels).sum() / len(labels),
        lambda chances, labels: (chances.argmax(1) == labels).double().mean().item(),
        lambda chances, labels: np.mean(chances.numpy().argmax(1) == labels.numpy()),
    ],
    "to_range": [
        lambda image: 2 * (image / 255) - 1,
        lambda image: (image.astype(float) - 127.5) / 127.5,
        lambda image: np.interp(image, [0, 255], [-1, 1]),
        lambda image: torch.tensor(image) / 127.5 - 1,
        lambda image: np.float32(image) / np.float32(127.5) - np.float32(1),
        lambda image: np.array([p / 127.5 - 1 for p in image.ravel().tolist()]).reshape(image.shape),
    ],
}
