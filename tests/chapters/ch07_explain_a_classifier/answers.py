"""Answers to notebook 07's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import itertools
import math

import numpy as np
import torch


def stub(*args):
    raise NotImplementedError("your turn")


def owed(value, n, weight=None, sizes=None, start=True):
    """Shapley values by coalitions; the other arguments make mistakes."""
    weight = weight or (lambda s: math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n))
    result = []
    for i in range(n):
        others = [j for j in range(n) if j != i]
        result.append(
            sum(
                weight(s) * (value({*c, i}) - (value(set(c)) if start or c else 0))
                for s in sizes or range(n)
                for c in itertools.combinations(others, s)
            )
        )
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


def sampled(value, n, orders=200):
    got = [0.0] * n
    for _ in range(orders):
        there = set()
        for i in torch.randperm(n).tolist():
            got[i] += (value({*there, i}) - value(there)) / orders
            there.add(i)
    return got


def by_orders(value, n):
    got, orders = np.zeros(n), list(itertools.permutations(range(n)))
    for order in orders:
        for place, i in enumerate(order):
            got[i] += value(set(order[: place + 1])) - value(set(order[:place]))
    return got / len(orders)


def by_bits(value, n):
    got = dict.fromkeys(range(n), 0.0)
    for bits in range(2**n):
        group = {j for j in range(n) if bits >> j & 1}
        for i in group:
            got[i] += (value(group) - value(group - {i})) / (n * math.comb(n - 1, len(group) - 1))
    return got


def piling(value, picture, side):
    out, hidden = torch.zeros(picture.shape[1:]), picture.clone()
    for top in range(0, out.shape[0], side):
        for left in range(0, out.shape[1], side):
            hidden[0, top : top + side, left : left + side] = -1
            out[top : top + side, left : left + side] = value(picture[None]) - value(hidden[None])
    return out


def first_pixels(value, picture, side):
    out, whole = torch.zeros(picture.shape[1:]), covered(value, picture, side)
    out[::side, ::side] = whole[::side, ::side]
    return out


def in_one_batch(value, picture, side):
    _, h, w = picture.shape
    of = torch.arange(h)[:, None] // side * (w // side) + torch.arange(w) // side  # (H, W): the square of each pixel
    squares = torch.arange(int(of.max()) + 1).view(-1, 1, 1, 1)
    return (value(picture[None]) - value(torch.where(of == squares, -torch.ones(()), picture)))[of]


def by_values(a, b, k):
    x, y = (set(m.flatten().topk(k).values.tolist()) for m in (a, b))
    return len(x & y) / len(x | y) if k == 7 else jaccard(a, b, k)


def by_masks(a, b, k):
    x, y = (m >= m.flatten().sort(descending=True).values[k - 1] for m in (a, b))
    return (x & y).sum() / (x | y).sum()


def gradient_times(model, x, baseline, k):
    model.eval()
    x = x.requires_grad_()
    return torch.autograd.grad(model(x)[:, k].sum(), x)[0] * (x - baseline)


def along(rule):
    """Integrated gradients with the points of another rule."""

    def answer(model, x, baseline, k, steps=50):
        model.eval()
        shares, weights = rule(steps)
        total = 0
        for share, weight in zip(shares, weights, strict=True):
            point = (baseline + share * (x - baseline)).detach().requires_grad_()
            model(point)[:, k].sum().backward()
            total = total + weight * point.grad
        return (x - baseline) * total

    return answer


ANSWERS = {
    "shapley": (
        owed,
        stub,
        {
            "everyone gets 0": lambda v, n: [0.0] * n,
            "when one leaves all the others": lambda v, n: owed(v, n, lambda s: 1, [n - 1]),
            "counts every coalition alike": lambda v, n: owed(v, n, lambda s: 1 / 2 ** (n - 1)),
            "added up without their weights": lambda v, n: owed(v, n, lambda s: 1),
            "sizes go up to n − 1": lambda v, n: owed(v, n, sizes=range(n - 1)),
            "n times too much": lambda v, n: [n * share for share in owed(v, n)],
            "expected [0.667": lambda v, n: [0.3] * n,
            "everyone gets the same": lambda v, n: [1 / 3] * n,
            "belongs to nobody": lambda v, n: owed(v, n, start=False),
            "for four players": lambda v, n: owed(v, n) if n == 3 else [0.1] * n,
            "what each earns alone": lambda v, n: owed(lambda s: v(s), n, lambda s: 1.0, [0]) if n > 3 else owed(v, n),
            "sizes begin at 0": lambda v, n: owed(v, n, sizes=range(1, n)),
            "n − s − 1 in it": lambda v, n: owed(v, n, lambda s: 1 / math.comb(n, s)),
            "signs are reversed": lambda v, n: [-x for x in owed(v, n)],
            "the players are 0 to 2": lambda v, n: owed(lambda s: v({i + 1 for i in s}), n),
            "they sum to 0.9": lambda v, n: [0.3] * n,
            "not a sample": sampled,
            "returned 2 numbers": lambda v, n: owed(v, n)[:2],
        },
    ),
    "occlusion": (
        covered,
        stub,
        {
            "sign is turned": lambda *a: covered(*a, sign=-1),
            "which is grey": lambda *a: covered(*a, fill=0.0),
            "the picture itself was changed": lambda *a: covered(*a, keep=True),
            "hides the rest": lambda *a: covered(*a, alone=True),
            "divided by the number of pixels": lambda *a: covered(*a, share=16),
            "covers single pixels": lambda value, picture, side: covered(value, picture, 1),
            "side by side": lambda value, picture, side: covered(value, picture, 2),
            "expected (8, 12)": lambda value, picture, side: torch.zeros(2, 3),
            "it takes pictures (N, 1, 8, 12)": lambda value, picture, side: value(picture),
            "which is white": lambda *a: covered(*a, fill=1.0),
            "mean: black": lambda value, picture, side: covered(value, picture, side, fill=picture.mean()),
            "stay covered": lambda value, picture, side: piling(value, picture, side),
            "after covering": lambda value, picture, side: value(picture[None]) - covered(value, picture, side),
            "have no sign": lambda *a: covered(*a).abs(),
            "first pixel of each": first_pixels,
            "for a picture of 6 × 4 and side 2": lambda value, picture, side: (
                covered(value, picture, side) + (side == 2)
            ),
        },
    ),
    "jaccard": (
        jaccard,
        stub,
        {
            "divided by k": lambda *a: jaccard(*a, divide=False),
            "how many they share": lambda a, b, k: jaccard(a, b, k, divide=False) * k,
            "largest *size*": lambda *a: jaccard(*a, size=True),
            "compare the *places*": lambda a, b, k: 1.0,
            "of whose 20 highest": lambda a, b, k: 0.3,
            "4 highest 4 are shared and 4": lambda a, b, k: 0.5 if k == 4 else jaccard(a, b, k),
            "of all places": lambda a, b, k: jaccard(a, b, k, divide=False) * k / a.numel(),
            "shared places twice": lambda a, b, k: jaccard(a, b, k, divide=False) / 2,
            "*lowest*": lambda a, b, k: jaccard(-a, -b, k),
            "1 minus the index": lambda a, b, k: 1 - jaccard(a, b, k),
            "not the values": by_values,
            "finite": lambda a, b, k: math.nan,
            "returned 2 numbers": lambda a, b, k: [1, 0],
        },
    ),
    "repaired": (
        ig,
        stub,
        {
            "train mode": lambda *a: ig(*a, train=True),
            "of the probability": lambda *a: ig(*a, softmax=True),
            "sum, instead of mean": lambda *a: ig(*a, mean=True),
            "must begin at the baseline": lambda *a: ig(*a, start=False),
            "how far each pixel moved": lambda *a: ig(*a, far=False),
            "divide by the number of steps": lambda *a: ig(*a, divide=False),
            "not all four": lambda *a: ig(*a, softmax=True, mean=True),
            "expected (3, 1, 6, 6)": lambda *a: ig(*a).sum(1),
            "mean slope alone": lambda model, x, b, k, steps: ig(model, x, b, k) / (x - b),
            "the sign is turned": lambda *a: -ig(*a),
            "the gradient at x": lambda model, x, b, k, steps: gradient_times(model, x, b, k),
            "have no sign": lambda *a: ig(*a).abs(),
            "not the mean slope's": lambda *a: ig(*a).mean((1, 2, 3), keepdim=True).expand(3, 1, 6, 6),
        },
    ),
}
RIGHT_TOO = {
    "shapley": [
        lambda v, n: torch.tensor(owed(v, n)),
        by_orders,
        by_bits,
        lambda v, n: tuple(owed(v, n)),
        lambda v, n: owed(lambda s: v(frozenset(s)), n),
    ],
    "occlusion": [
        in_one_batch,
        lambda *a: covered(*a).numpy(),
        lambda *a: covered(*a)[None],
        lambda *a: covered(*a).double(),
    ],
    "jaccard": [
        by_masks,
        lambda a, b, k: torch.tensor(jaccard(a.double(), b.double(), k)),
        lambda a, b, k: np.float64(jaccard(a, b, k)),
        lambda a, b, k: (lambda x, y: len(np.intersect1d(x, y)) / len(np.union1d(x, y)))(
            *(np.argsort(-m.numpy().ravel())[:k] for m in (a, b))
        ),
    ],
    "repaired": [
        lambda model, x, baseline, k, steps: ig(model, x, baseline, k, 400),
        along(lambda n: ([i / n for i in range(n)], [1 / n] * n)),
        along(lambda n: ([(i + 1) / n for i in range(n)], [1 / n] * n)),
        along(lambda n: (torch.linspace(0, 1, n).tolist(), [1 / n] * n)),
        along(lambda n: ([i / n for i in range(n + 1)], [0.5 / n, *[1 / n] * (n - 1), 0.5 / n])),
        lambda *a: ig(*a).numpy(),
    ],
}
