"""Answers to the checks of lesson 13.7."""

import math

import numpy as np
import torch


def stub(*args):
    raise NotImplementedError("your turn")


def errors(count, n, due):
    return (count / n - due) / (due * (1 - due) / n) ** 0.5


def errors_of_counts(count, n, due):
    return (count - n * due) / np.sqrt(n * due * (1 - due))


def errors_by_math(count, n, due):
    return torch.tensor((count / n - due) / math.sqrt(due * (1 - due)) * math.sqrt(n))


def counted(images, probabilities, least):
    blank = (images > 0).double().mean((1, 2, 3)) < least
    counts = torch.bincount(probabilities[~blank].argmax(1), minlength=10)
    return torch.cat([counts, blank.sum()[None]])


def counted_by_list(images, probabilities, least):
    counts = [0] * 11
    for image, row in zip(images, probabilities, strict=True):
        counts[10 if (image > 0).double().mean() < least else int(row.argmax())] += 1
    return counts


def counted_by_numpy(images, probabilities, least):
    read = probabilities.argmax(1).numpy()
    read[((images > 0).flatten(1).double().mean(1) < least).numpy()] = 10
    return np.bincount(read, minlength=11)


def twice(images, probabilities, least):
    return torch.cat(
        [torch.bincount(probabilities.argmax(1), minlength=10), counted(images, probabilities, least)[-1:]]
    )


RIGHT = {"P": "weights", "Q": "parts", "R": "same reader", "S": "too few"}

ANSWERS = {
    "standard_errors": (
        errors,
        stub,
        {
            "the other way round": lambda c, n, d: -errors(c, n, d),
            "take the root": lambda c, n, d: (c / n - d) / (d * (1 - d) / n),
            "two factors": lambda c, n, d: (c / n - d) / (d / n) ** 0.5,
            "divide by n under": lambda c, n, d: (c / n - d) / (d * (1 - d)) ** 0.5,
            "use the due share": lambda c, n, d: (c / n - d) / (c / n * (1 - c / n) / n) ** 0.5,
            "divide it by its standard error": lambda c, n, d: c / n - d,
        },
    ),
    "with_no_digit": (
        counted,
        stub,
        {
            "counted twice": twice,
            "comes last": lambda i, p, least: counted(i, p, least).roll(1),
            "return counts": lambda i, p, least: counted(i, p, least).double() / len(i),
            "turn the comparison round": lambda i, p, least: counted(-i.abs() * (counted_blank(i, least)), p, least),
        },
    ),
    "what_fails": (
        RIGHT,
        dict.fromkeys("PQRS", ...),
        {
            "leave out when he draws": RIGHT | {"P": "too few"},
            "never saw a 7": RIGHT | {"Q": "weights"},
            "who had chosen": RIGHT | {"R": "parts"},
            "0 of 50": RIGHT | {"S": "weights"},
        },
    ),
}


def counted_blank(images, least):
    """1 where there is ink, −1 elsewhere, so that the two change places."""
    blank = (images > 0).double().mean((1, 2, 3)) < least
    return torch.where(blank, -1.0, 1.0)[:, None, None, None]


RIGHT_TOO = {
    "standard_errors": [errors_of_counts, errors_by_math],
    "with_no_digit": [counted_by_list, counted_by_numpy],
    "what_fails": [{k: v.upper() for k, v in RIGHT.items()}, dict(reversed(RIGHT.items()))],
}
