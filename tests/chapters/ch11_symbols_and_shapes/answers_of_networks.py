"""Answers to the checks of lesson 11.5: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import torch
from torch import nn


def stub(*args):
    raise NotImplementedError("your turn")


def by_counting(p, k, s):
    return max(place * s + row for place in range(p) for row in range(k)) + 1


def by_torch(p, k, s):
    return torch.nn.functional.conv_transpose1d(torch.ones(1, 1, p), torch.ones(1, 1, k), stride=s).shape[-1]


def chain(*convolutions, head=None):
    """(kernel, stride, margin) each, of 8 maps; then one logit."""

    def build():
        layers, maps = [], 1
        for k, s, m in convolutions:
            layers += [nn.Conv2d(maps, 8, k, s, m), nn.LeakyReLU(0.2)]
            maps = 8
        return nn.Sequential(*layers, *(head() if head else (nn.Flatten(), nn.LazyLinear(1))))

    return build


def seen(*convolutions, head=None):
    def build():
        network = chain(*convolutions, head=head)()
        network(torch.zeros(2, 1, 28, 28))
        return network

    return build


def pooled():
    return (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 1))


TRUE = {
    "Ada": "untrained network",
    "Ben": "held-out pictures",
    "Cleo": "same background",
    "Dan": "change it, ask the network",
}

ANSWERS = {
    "paints": (
        lambda p, k, s: (p - 1) * s + k,
        lambda p, k, s: ...,
        {
            "only p − 1 steps": lambda p, k, s: p * s + k,
            "where the last kernel begins": lambda p, k, s: (p - 1) * s,
            "end to end": lambda p, k, s: p * k,
            "what a place sees": lambda p, k, s: p + (k - 1) * s,
            "a stride of 1": lambda p, k, s: p + k - 1,
            "changed places": lambda p, k, s: (p - 1) * k + s,
            "for p = 7, k = 5, s = 3": lambda p, k, s: k,
        },
    ),
    "own_network": (
        seen((4, 2, 1), (4, 2, 1), (3, 1, 1)),
        stub,
        {
            "10 × 10 pixels, less than 18": seen((4, 2, 1), (4, 2, 1)),
            "22 × 22 pixels, more than 18": seen((4, 2, 1), (4, 2, 1), (4, 2, 1)),
            "no convolution with maps": lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 1)),
            "expected (3, 1), one logit each": lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10)),
            "at most 10,000": lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 20), nn.Linear(20, 1)),
            "returned a list": lambda: [nn.Flatten()],
            "does not take digits": lambda: nn.Linear(5, 1),
        },
    ),
    "lacks": (
        TRUE,
        ...,
        {
            "still to name: Ben": TRUE | {"Ben": ...},
            "none of these": TRUE | {"Cleo": "more pictures"},
            "nobody had trained it": TRUE | {"Ada": "same background", "Cleo": "untrained network"},
            "more numbers than pictures": TRUE | {"Ben": "change it, ask the network", "Dan": "held-out pictures"},
            "no matter of the animal": TRUE | {"Cleo": "held-out pictures"},
            "what would have to move": TRUE | {"Dan": "untrained network"},
            "got list": list(TRUE.values()),
        },
    ),
}
RIGHT_TOO = {
    "paints": [by_counting, by_torch, lambda p, k, s: torch.tensor(float(p * s - s + k))],
    "own_network": [
        seen((4, 2, 1), (4, 2, 1), (3, 1, 1), head=pooled),
        seen((10, 2, 1), (5, 1, 2)),
        seen(*[(3, 1, 1)] * 7, (4, 2, 1), head=pooled),
    ],
    "lacks": [
        {k: v.upper() for k, v in TRUE.items()},
        dict(reversed(TRUE.items())),
        {k: f"{v} " for k, v in TRUE.items()},
    ],
}
