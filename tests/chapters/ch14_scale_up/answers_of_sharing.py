"""Answers to the checks of lesson 14.4."""

import numpy as np
import torch


def stub(*args):
    return ...


def unfinished(counts, sums, squares): ...


def whole(gradients, counts):
    return sum(n * one for n, one in zip(counts, gradients, strict=True)) / sum(counts)


def whole_by_numpy(gradients, counts):
    return np.average([one.numpy() for one in gradients], axis=0, weights=counts)


def whole_by_tensors(gradients, counts):
    shares = torch.tensor(counts, dtype=torch.float64) / sum(counts)
    return (torch.stack(gradients) * shares[:, None]).sum(0)


def statistics(counts, sums, squares):
    mean = sum(sums) / sum(counts)
    return mean, sum(squares) / sum(counts) - mean**2


def statistics_by_loops(counts, sums, squares):
    n, total, square = 0, torch.zeros(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
    for count, one, other in zip(counts, sums, squares, strict=True):
        n, total, square = n + count, total + one, square + other
    return [total / n, square / n - (total / n) ** 2]


def statistics_by_parts(counts, sums, squares):
    """The mean of the variances, and the variance of the means, weighed."""
    n, shares = sum(counts), torch.tensor(counts, dtype=torch.float64)[:, None] / sum(counts)
    means = torch.stack([s / k for s, k in zip(sums, counts, strict=True)])
    own = torch.stack([q / k for q, k in zip(squares, counts, strict=True)]) - means**2
    mean = torch.stack(sums).sum(0) / n
    return mean, (shares * own).sum(0) + (shares * (means - mean) ** 2).sum(0)


def own_variances(counts, sums, squares):
    return [q / k - (s / k) ** 2 for k, s, q in zip(counts, sums, squares, strict=True)]


def mean_of_variances(counts, sums, squares):
    return statistics(counts, sums, squares)[0], sum(own_variances(counts, sums, squares)) / len(counts)


def weighed_variances(counts, sums, squares):
    own = zip(counts, own_variances(counts, sums, squares), strict=True)
    return statistics(counts, sums, squares)[0], sum(n * v for n, v in own) / sum(counts)


def mean_of_means(counts, sums, squares):
    mean = sum(s / k for s, k in zip(sums, counts, strict=True)) / len(counts)
    return mean, sum(squares) / sum(counts) - mean**2


def with_variance(change):
    return lambda counts, sums, squares: (
        statistics(counts, sums, squares)[0],
        change(sum(counts), sum(sums), sum(squares)),
    )


HELPS = {"P": "faster computing", "Q": "fewer turns", "R": "fewer bytes", "S": "faster computing"}


ANSWERS = {
    "whole_gradient": (
        whole,
        stub,
        {
            "takes every part for equally large": lambda g, n: sum(g) / len(g),
            "a sum over the parts": lambda g, n: sum(g),
            "the sum over all examples": lambda g, n: whole(g, n) * sum(n),
            "divides by the number of parts": lambda g, n: whole(g, n) * sum(n) / len(n),
            "the other way round": lambda g, n: sum(x / k for x, k in zip(g, n, strict=True)) / sum(1 / k for k in n),
            "the shape": lambda g, n: whole(g, n).mean(),
        },
    ),
    "whole_statistics": (
        statistics,
        unfinished,
        {
            "the mean of the parts' variances": mean_of_variances,
            "weighs the parts' variances": weighed_variances,
            "weigh each by how many": mean_of_means,
            "subtract its square": with_variance(lambda n, s, q: q / n),
            "leave out the root": with_variance(lambda n, s, q: (q / n - (s / n) ** 2).sqrt()),
            "one less than there are": with_variance(lambda n, s, q: (q - s**2 / n) / (n - 1)),
            "not the mean": with_variance(lambda n, s, q: q / n - s / n),
            "not of the sum": with_variance(lambda n, s, q: q / n - s**2),
            "first the mean": lambda *given: statistics(*given)[::-1],
            "expected two things": lambda *given: statistics(*given)[0],
        },
    ),
    "what_helps": (
        HELPS,
        dict.fromkeys(HELPS, ...),
        {
            "not 'fewer turns' for S: that part is only 0.1%": HELPS | {"S": "fewer turns"},
            "not 'fewer bytes' for Q": HELPS | {"Q": "fewer bytes"},
            "not 'fewer turns' for P: that part is only 0.0%": dict.fromkeys(HELPS, "fewer turns"),
            "not 'fewer turns' for R": HELPS | {"R": "fewer turns"},
            "none of these": HELPS | {"P": "more GPUs"},
            "got the keys P": {"P": "faster computing"},
        },
    ),
}

RIGHT_TOO = {
    "whole_gradient": [whole_by_numpy, whole_by_tensors],
    "whole_statistics": [statistics_by_loops, statistics_by_parts],
    "what_helps": [{letter: name.upper() for letter, name in HELPS.items()}, dict(reversed(HELPS.items()))],
}
