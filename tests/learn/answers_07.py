"""Answers to notebook 07's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import itertools
import math

import torch


def stub(*args):
    raise NotImplementedError("your turn")


def owed(value, n, weight=None, sizes=None, start=True):
    """Shapley values by coalitions; the other arguments make mistakes."""
    weight = weight or (lambda s: math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n))
    result = []
    for i in range(n):
        others = [j for j in range(n) if j != i]
        result.append(sum(weight(s) * (value({*c, i}) - (value(set(c)) if start or c else 0))
                          for s in sizes or range(n) for c in itertools.combinations(others, s)))  # fmt: skip
    return result


def covered(value, picture, side, fill=-1.0, sign=1, keep=False, share=1, alone=False):
    out = torch.zeros(picture.shape[1:])
    for top in range(0, out.shape[0], side):
        for left in range(0, out.shape[1], side):
            part = (slice(top, top + side), slice(left, left + side))
            hidden = picture if keep else picture.clone()
            if alone:
                hidden = torch.full_like(picture, -1.0)
                hidden[0][part] = picture[0][part]
            else:
                hidden[0][part] = fill
            out[part] = sign * (value(picture[None]) - value(hidden[None])).item() / share
    return out


def jaccard(a, b, k, divide=True, size=False):
    x, y = (set((m.abs() if size else m).flatten().topk(k).indices.tolist()) for m in (a, b))
    return len(x & y) / (len(x | y) if divide else k)


def ig(model, x, baseline, k, steps=50, train=False, softmax=False, mean=False, start=True, far=True, divide=True):
    model.train(train)
    total, begin = torch.zeros_like(x), baseline if start else torch.zeros_like(x)
    for i in range(steps):
        point = (begin + (i + 0.5) / steps * (x - begin)).requires_grad_(True)
        out = model(point)
        out = (out.softmax(1) if softmax else out)[:, k]
        total += torch.autograd.grad(out.mean() if mean else out.sum(), point)[0]
    return ((x - begin) if far else x) * total / (steps if divide else 1)


ANSWERS = {
    "shapley": (owed, stub, {
        "everyone gets 0": lambda v, n: [0.0] * n,
        "when one leaves all the others": lambda v, n: owed(v, n, lambda s: 1, [n - 1]),
        "counts every coalition alike": lambda v, n: owed(v, n, lambda s: 1 / 2 ** (n - 1)),
        "added up without their weights": lambda v, n: owed(v, n, lambda s: 1),
        "sizes go up to n − 1": lambda v, n: owed(v, n, sizes=range(n - 1)),
        "three times too much": lambda v, n: [3 * share for share in owed(v, n)],
        "expected [0.667": lambda v, n: [1 / 3] * n,
        "belongs to nobody": lambda v, n: owed(v, n, start=False),
        "four players": lambda v, n: owed(v, n) if n == 3 else [0.0] * n,
        "returned 2 numbers": lambda v, n: owed(v, n)[:2],
    }),
    "occlusion": (covered, stub, {
        "sign is turned": lambda *a: covered(*a, sign=-1),
        "which is grey": lambda *a: covered(*a, fill=0.0),
        "the picture itself was changed": lambda *a: covered(*a, keep=True),
        "hides the rest": lambda *a: covered(*a, alone=True),
        "divided by the number of pixels": lambda *a: covered(*a, share=16),
        "covers single pixels": lambda value, picture, side: covered(value, picture, 1),
        "side by side": lambda value, picture, side: covered(value, picture, 2),
        "expected (8, 12)": lambda value, picture, side: torch.zeros(2, 3),
        "it takes (N, 1, H, W)": lambda value, picture, side: value(picture),
    }),
    "jaccard": (jaccard, stub, {
        "divided by k": lambda *a: jaccard(*a, divide=False),
        "how many they share": lambda a, b, k: 2,
        "largest *size*": lambda *a: jaccard(*a, size=True),
        "compare the *places*": lambda a, b, k: 1.0,
        "expected 0.5": lambda a, b, k: 0.25,
        "for equal maps": lambda a, b, k: 0.5,
        "finite": lambda a, b, k: math.nan,
        "returned 2 numbers": lambda a, b, k: [1, 0],
    }),
    "repaired": (ig, stub, {
        "train mode": lambda *a: ig(*a, train=True),
        "of the probability": lambda *a: ig(*a, softmax=True),
        "sum, instead of mean": lambda *a: ig(*a, mean=True),
        "must begin at the baseline": lambda *a: ig(*a, start=False),
        "how far each pixel moved": lambda *a: ig(*a, far=False),
        "divide by the number of steps": lambda *a: ig(*a, divide=False),
        "not all four": lambda *a: ig(*a, softmax=True, mean=True),
        "expected (3, 1, 6, 6)": lambda *a: ig(*a).sum(1),
        "not the mean slope's": lambda *a: ig(*a).mean((1, 2, 3), keepdim=True).expand(3, 1, 6, 6),
    }),
}
RIGHT_TOO = {
    "shapley": [lambda v, n: torch.tensor(owed(v, n))],
    "repaired": [lambda model, x, baseline, k, steps: ig(model, x, baseline, k, 400)],
}
