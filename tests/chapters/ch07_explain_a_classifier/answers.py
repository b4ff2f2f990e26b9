"""Answers to chapter 07's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import contextlib
import itertools
import math
import random

import numpy as np
import torch
from torch.nn.functional import softmax


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


def joined(value, there, player):
    return value(there | {player}) - value(there)


def adds_itself(value, there, player):
    before = value(there)
    there.add(player)
    return value(there) - before


def many_orders(value, n, orders, seed, again=False, fresh=True, over=None):
    """Sampled Shapley values; the other arguments make the mistakes of the exercise."""
    g, got, before = torch.Generator().manual_seed(seed), [0.0] * n, value(set())
    for _ in range(orders):
        if again:
            g.manual_seed(seed)
        before, there = value(set()) if fresh else before, set()
        for i in torch.randperm(n, generator=g).tolist():
            there.add(i)
            after = value(there)
            got[i] += after - before
            before = after
    return [share / (over or orders) for share in got]


def shuffled(value, n, orders, seed):
    rng, got = random.Random(seed), np.zeros(n)
    for _ in range(orders):
        order = list(range(n))
        rng.shuffle(order)
        for place, i in enumerate(order):
            got[i] += value(set(order[: place + 1])) - value(set(order[:place]))
    return got / orders


def both_ways(value, n, orders, seed):
    rng, got = np.random.default_rng(seed), torch.zeros(n)
    for _ in range(orders):
        order = rng.permutation(n).tolist()
        for way in (order, order[::-1]):
            for place, i in enumerate(way):
                got[i] += (value({*way[:place], i}) - value(set(way[:place]))) / 2
    return got / orders


def without_seed(value, n, orders, seed):
    return many_orders(value, n, orders, random.randrange(10**6))


def explained(y, guess, w, centre=None, weights=None, power=2):
    w = w if weights is None else weights
    centre = (w * y).sum() / w.sum() if centre is None else centre
    return 1 - (w * (y - guess).abs() ** power).sum() / (w * (y - centre).abs() ** power).sum()


def explained_by_averages(y, guess, w):
    y, guess, w = (one.double().numpy() for one in (y, guess, w))
    return 1 - np.average((y - guess) ** 2, weights=w) / np.average((y - np.average(y, weights=w)) ** 2, weights=w)


def cam(maps, slopes, over=(2, 3), cut=True, add=torch.sum):
    added = add(slopes.mean(over, keepdim=True) * maps, 1, keepdim=True)
    return added.clamp(min=0) if cut else added


def shifted(maps, total):
    pixels = maps.shape[-2] * maps.shape[-1]
    return maps + ((total - maps.sum((1, 2, 3))) / pixels).view(-1, 1, 1, 1)


def one_by_one(maps, total):
    return [m + (t - m.sum()) / m.numel() for m, t in zip(maps, total, strict=True)]


def share(maps, pictures):
    return (maps.abs() * (pictures == -1)).sum() / maps.abs().sum()


def looked(model, layer, x, copy=True, last="finally", hide=False):
    seen = []
    hook = layer.register_forward_hook(lambda part, given, found: seen.append(found.clone() if copy else found))
    try:
        model(x)
    except RuntimeError:
        if last == "always":
            hook.remove()
        if not hide:
            raise
    finally:
        if last == "finally":
            hook.remove()
    if last == "end":
        hook.remove()
    return seen[0]


def looked_with(model, layer, x):
    seen = []
    with layer.register_forward_hook(lambda *of: seen.append(of[2].detach().clone())), torch.no_grad():
        model(x)
    return seen[0]


def looked_in_a_stack(model, layer, x):
    with contextlib.ExitStack() as stack:
        seen = {}
        hook = layer.register_forward_hook(lambda part, given, found: seen.update(it=found.detach().numpy().copy()))
        stack.callback(hook.remove)
        model(x)
        return seen["it"]


def clears(model, layer, x):
    try:
        return looked(model, layer, x)
    finally:
        for part in model.modules():
            part._forward_hooks.clear()


KEPT = []


def keeps(model, layer, x):
    KEPT.append(looked(model, layer, x))
    return KEPT[0]


def leads(scores, controls, by, level=max, strict=False):
    bar = level(scores[name] for name in controls) + by
    return [
        name for name, value in scores.items() if name not in controls and (value > bar if strict else value >= bar)
    ]


def averaged(values):
    values = list(values)
    return sum(values) / len(values)


def removes_controls(scores, controls, by):
    best = max(scores.pop(name) for name in controls)
    return [name for name in scores if scores[name] >= best + by]


def by_exponentials(logits, k):
    e = torch.exp(logits - logits.amax(1, keepdim=True))
    return e[:, k] / e.sum(1)


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
    "rise": (
        joined,
        stub,
        {
            "take away what the others earn": lambda value, there, player: value({*there, player}),
            "the sign is turned": lambda *a: -joined(*a),
            "what the player earns alone": lambda value, there, player: value({player}) - value(set()),
            "take v(there)": lambda value, there, player: value({*there, player}) - value(set()),
            "was changed": adds_itself,
            "the players are 0 to 3": lambda value, there, player: value({*there, player + 3}) - value(there),
            "without the player: how much more": lambda value, there, player: value(there),
            "expected one": lambda value, there, player: [value({*there, player}), value(there)],
        },
    ),
    "sampled": (
        many_orders,
        stub,
        {
            "not of players": lambda v, n, orders, seed: many_orders(v, n, orders, seed, over=n),
            "the mean rise, not the sum": lambda v, n, orders, seed: many_orders(v, n, orders, seed, over=1),
            "is each order a new one?": lambda v, n, orders, seed: many_orders(v, n, orders, seed, again=True),
            "begins with nobody there": lambda v, n, orders, seed: many_orders(v, n, orders, seed, fresh=False),
            "from the seed alone": without_seed,
            "20 seeds gave the same": lambda v, n, orders, seed: owed(v, n),
            "expected (3,)": lambda v, n, orders, seed: many_orders(v, n, orders, seed)[:2],
        },
    ),
    "r2": (
        explained,
        stub,
        {
            "*not* explained": lambda *a: 1 - explained(*a),
            "the weights are missing": lambda y, guess, w: explained(y, guess, w, weights=torch.ones_like(w)),
            "*weighted* mean": lambda y, guess, w: explained(y, guess, w, centre=y.mean()),
            "not from 0": lambda y, guess, w: explained(y, guess, w, centre=torch.zeros(())),
            "are squared": lambda y, guess, w: explained(y, guess, w, power=1),
            "squared correlation": lambda y, guess, w: torch.corrcoef(torch.stack([y, guess]))[0, 1] ** 2,
            "mean squared error": lambda y, guess, w: (w * (y - guess) ** 2).sum() / w.sum(),
            "never below 0": lambda *a: explained(*a).clamp(min=0),
        },
    ),
    "grad_cam": (
        cam,
        stub,
        {
            "cut off what is negative": lambda *a: cam(*a, cut=False),
            "sizes were taken": lambda *a: cam(*a, cut=False).abs(),
            "that is HiResCAM": lambda maps, slopes: (maps * slopes).sum(1, keepdim=True).clamp(min=0),
            "not averaged": lambda *a: cam(*a, add=torch.mean),
            "take their mean": lambda maps, slopes: cam(maps, slopes) * maps[0, 0].numel(),
            "*after* adding up": lambda maps, slopes: (maps * slopes.mean((2, 3), keepdim=True)).clamp(min=0).sum(1),
            "not one for all": lambda *a: cam(*a, over=(1, 2, 3)),
            "do not average over the pictures": lambda *a: cam(*a, over=(0, 2, 3)),
            "are swapped": lambda maps, slopes: cam(slopes, maps),
            "without their weights": lambda maps, slopes: maps.sum(1),
            "expected (2, 1, 4, 4)": lambda maps, slopes: maps,
        },
    ),
    "blind": (
        lambda: (torch.tensor([[[[4.0, 0.0], [0.0, 0.0]]]]), torch.tensor([[[[1.0, -1.0], [0.0, 0.0]]]])),
        stub,
        {
            "Grad-CAM still shows 1": lambda: (torch.ones(1, 1, 2, 2), torch.ones(1, 1, 2, 2)),
            "the mean slope is 2, make it 0 or less": lambda: (
                torch.tensor([[[[1.0, 0.0]]]]),
                torch.tensor([[[[5.0, -1.0]]]]),
            ),
            "sums to 0, expected": lambda: (torch.ones(1, 1, 2, 2), torch.zeros(1, 1, 2, 2)),
            "the signs are turned": lambda: (
                torch.tensor([[[[0.0, 4.0]]]]),
                torch.tensor([[[[1.0, -1.0]]]]),
            ),
            "nothing is below 0": lambda: (torch.tensor([[[[-4.0, 4.0]]]]), torch.tensor([[[[-1.0, 1.0]]]])),
            "use one shape": lambda: (torch.ones(1, 1, 2, 2), torch.ones(1, 1, 1, 2)),
            "expected (1, 1, h, w)": lambda: (torch.ones(2, 2), torch.ones(2, 2)),
            "expected two tensors": lambda: torch.ones(1, 1, 2, 2),
        },
    ),
    "completed": (
        shifted,
        stub,
        {
            "divide it by the number of pixels": lambda maps, total: (
                maps + (total - maps.sum((1, 2, 3))).view(-1, 1, 1, 1)
            ),
            "taken away from the total": lambda maps, total: maps + total.view(-1, 1, 1, 1) / maps[0].numel(),
            "keep the map's own differences": lambda maps, total: (total.view(-1, 1, 1, 1) / maps[0].numel()).expand_as(
                maps
            ),
            "were scaled": lambda maps, total: maps * (total / maps.sum((1, 2, 3))).view(-1, 1, 1, 1),
            "the sign is turned": lambda maps, total: 2 * maps - shifted(maps, total),
            "no mean over the batch": lambda maps, total: (
                maps + (total.mean() - maps.sum() / len(maps)) / maps[0].numel()
            ),
            "not of all maps": lambda maps, total: maps + (shifted(maps, total) - maps) / len(maps),
            "expected (3, 1, 4, 5)": lambda maps, total: shifted(maps, total)[:, 0],
        },
    ),
    "on_black": (
        share,
        stub,
        {
            "signs cancel": lambda maps, pictures: (maps * (pictures == -1)).sum() / maps.sum(),
            "share of *pixels*": lambda maps, pictures: (pictures == -1).double().mean(),
            "not 0": lambda maps, pictures: (maps.abs() * (pictures == 0)).sum() / maps.abs().sum(),
            "dark grey": lambda maps, pictures: (maps.abs() * (pictures < 0)).sum() / maps.abs().sum(),
            "on the ink": lambda *a: 1 - share(*a),
            "each picture's share": lambda maps, pictures: torch.stack(
                [share(m, p) for m, p in zip(maps, pictures, strict=True)]
            ).mean(),
            "divide the *sums*": lambda maps, pictures: maps[pictures == -1].abs().mean() / maps.abs().mean(),
            "divide it by the sum": lambda maps, pictures: (maps.abs() * (pictures == -1)).sum(),
            "expected one": lambda maps, pictures: [share(m, p) for m, p in zip(maps, pictures, strict=True)],
        },
    ),
    "peek": (
        looked,
        stub,
        {
            "1 hook is left": lambda *a: looked(*a, last="never"),
            "keep a copy": lambda *a: looked(*a, copy=False),
            "in a finally": lambda *a: looked(*a, last="end"),
            "was swallowed": lambda *a: looked(*a, hide=True),
            "own hook is gone": clears,
            "keep nothing from one call": keeps,
            "the layer gives (2, 3, 4, 4)": lambda model, layer, x: looked(model, layer, x)[0],
            "not what the layer gives": lambda *a: looked(*a) + 1,
        },
    ),
    "beats": (
        leads,
        stub,
        {
            "not with the worst": lambda *a: leads(*a, level=min),
            "not with their mean": lambda *a: leads(*a, level=averaged),
            "the margin counts": lambda scores, controls, by: leads(scores, controls, 0),
            "at least, not more than": lambda *a: leads(*a, strict=True),
            "is a control": lambda scores, controls, by: [n for n in scores if scores[n] >= scores["noise"] + by],
            "do *not* beat it": lambda scores, controls, by: (
                set(scores) - set(controls) - set(leads(scores, controls, by))
            ),
            "were changed": removes_controls,
            "expected the names": lambda *a: len(leads(*a)),
            "none of the names": lambda *a: ["Grad-CAM"],
            "no name": lambda *a: [1],
        },
    ),
    "probability": (
        lambda logits, k: logits.softmax(1)[:, k],
        stub,
        {
            "looks at one logit alone": lambda logits, k: logits[:, k].sigmoid(),
            "dim=1": lambda logits, k: logits.softmax(0)[:, k],
            "logarithm": lambda logits, k: logits.log_softmax(1)[:, k],
            "all other classes": lambda logits, k: 1 - logits.softmax(1)[:, k],
            "highest of the ten": lambda logits, k: logits.softmax(1).amax(1),
            "eᵃ is too large": lambda logits, k: logits[:, k].exp() / logits.exp().sum(1),
            "the logit itself": lambda logits, k: logits[:, k],
            "expected (4,)": lambda logits, k: logits.softmax(1),
        },
    ),
}
RIGHT_TOO = {
    "rise": [
        lambda value, there, player: value({*there, player}) - value(there),
        lambda value, there, player: torch.tensor(value(frozenset(there) | {player}) - value(there)),
        lambda value, there, player: -(value(set(there)) - value(set(there) | {player})),
    ],
    "sampled": [shuffled, both_ways, lambda *a: torch.tensor(many_orders(*a))],
    "r2": [
        explained_by_averages,
        lambda y, guess, w: explained(y.double(), guess.double(), w.double()).item(),
        lambda y, guess, w: explained(y, guess, w / w.sum()),
    ],
    "grad_cam": [
        lambda maps, slopes: torch.relu(torch.einsum("nk,nkhw->nhw", slopes.mean((2, 3)), maps)),
        lambda maps, slopes: cam(maps, slopes).numpy(),
        lambda maps, slopes: cam(maps.double(), slopes.double())[:, 0],
    ],
    "blind": [
        lambda: [torch.eye(3)[None, None], (3 * torch.eye(3) - 1)[None, None]],
        lambda: (np.array([[[[2.0, 0.0]]]]), np.array([[[[3.0, -3.0]]]])),
        lambda: ([[[[1.0, 0.0]]]], [[[[1.0, -1.0]]]]),
        lambda: (torch.tensor([[[[1.0, 0.0]]]]), torch.tensor([[[[1.0, -3.0]]]])),  # the cut at 0 makes it blind
    ],
    "completed": [
        one_by_one,
        lambda maps, total: maps - maps.mean((1, 2, 3), keepdim=True) + total.view(-1, 1, 1, 1) / maps[0].numel(),
        lambda maps, total: shifted(maps.double(), total.double()).numpy(),
    ],
    "on_black": [
        lambda maps, pictures: maps[pictures == -1].abs().sum() / maps.abs().sum(),
        lambda maps, pictures: share(maps, pictures).item(),
        lambda maps, pictures: np.abs(maps.numpy()[pictures.numpy() == -1]).sum() / np.abs(maps.numpy()).sum(),
    ],
    "peek": [looked_with, looked_in_a_stack, lambda *a: looked(*a).detach()],
    "beats": [
        lambda *a: set(leads(*a)),
        lambda *a: tuple(sorted(leads(*a))),
        lambda scores, controls, by: {n: scores[n] for n in leads(scores, controls, by)},
    ],
    "probability": [
        by_exponentials,
        lambda logits, k: softmax(logits.double(), 1)[:, k].tolist(),
        lambda logits, k: logits.log_softmax(1)[:, k].exp(),
    ],
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
