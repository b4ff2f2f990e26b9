"""Answers to chapter 06's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math

import numpy as np
import torch


def stub(*args):
    raise NotImplementedError("your turn")


def frechet(ma, sa, mb, sb):
    return (ma - mb) ** 2 + (sa - sb) ** 2


def inside(distances, radii):
    return distances < radii[:, None]


def share(distances, radii):
    return inside(distances, radii).any(0).double().mean()


def rest(k):
    return k.sum() - k.trace()


def both(distance, a, b, real):
    n = min(len(a), len(b))
    return distance(a[:n], real), distance(b[:n], real)


def held_by(asked, centres, nearest):
    radii = torch.cdist(centres, centres).kthvalue(min(nearest, len(centres)), dim=1).values
    return torch.cdist(asked, centres) < radii


def recalled(real, drawn, k):
    return held_by(real, drawn, k + 1).any(1).double().mean()


def spread(counts):
    shares = counts / counts.sum()
    return -torch.special.xlogy(shares, shares).sum() / math.log(len(counts))


def reacted(value, mean, scatter, up):
    return (value - mean) / scatter if up else (mean - value) / scatter


def the_gap(train, new, drawn):
    return (train.mean() - new.mean()) / (train.mean() - drawn.mean())


def near(x, to):
    return torch.cdist(x, to).min(1).values


def suspect(drawn, train, new):
    return (near(drawn, train) < near(new, train).quantile(0.01)).double().mean()


def mix(p, q, share):
    return torch.logaddexp(math.log(share) + p, math.log(1 - share) + q)


def wins(one, other, less):
    return sum(one[seed] < other[seed] if less else one[seed] > other[seed] for seed in one)


GUILTY = {"A": "misses a class", "B": "blurred", "C": "copies"}

ANSWERS = {
    "frechet_1d": (
        frechet,
        stub,
        {
            "root of it": lambda *x: frechet(*x) ** 0.5,
            "the differences themselves": lambda ma, sa, mb, sb: abs(ma - mb) + abs(sa - sb),
            "add afterwards": lambda ma, sa, mb, sb: (abs(ma - mb) + abs(sa - sb)) ** 2,
            "means only": lambda ma, sa, mb, sb: (ma - mb) ** 2,
            "spreads only": lambda ma, sa, mb, sb: (sa - sb) ** 2,
            "squares the difference of the variances": lambda ma, sa, mb, sb: (ma - mb) ** 2 + (sa**2 - sb**2) ** 2,
            "should be a minus": lambda ma, sa, mb, sb: (ma - mb) ** 2 + (sa + sb) ** 2,
            "nothing taken away": lambda ma, sa, mb, sb: (ma - mb) ** 2 + sa**2 + sb**2,
            "variances as it is": lambda ma, sa, mb, sb: (ma - mb) ** 2 + abs(sa**2 - sb**2),
            "expected 34": lambda ma, sa, mb, sb: 3.0,
            "for N(3, 0.5²) and N(3, 0.5²)": lambda ma, sa, mb, sb: frechet(ma, sa, mb, sb) + 2 * (ma == mb),
            "equal Gaussians must": lambda ma, sa, mb, sb: (ma - mb) ** 2 + sa**2 + sb**2 - sa * sb,
            "taken for variances": lambda ma, sa, mb, sb: (ma - mb) ** 2 + (sa**0.5 - sb**0.5) ** 2,
            "half of it": lambda *x: frechet(*x) / 2,
            "is taken away": lambda ma, sa, mb, sb: (ma - mb) ** 2 - (sa - sb) ** 2,
            "for N(-2.5, 3²)": lambda ma, sa, mb, sb: frechet(ma, sa, abs(mb), sb) if ma >= 0 else (ma + mb) ** 2,
            "returned 2 numbers": lambda ma, sa, mb, sb: [(ma - mb) ** 2, (sa - sb) ** 2],
            "finite": lambda *x: math.nan,
        },
    ),
    "others": (
        lambda k: rest(k) / (len(k) * (len(k) - 1)),
        stub,
        {
            "the diagonal is still in it": lambda k: k.mean(),
            "but counted": lambda k: rest(k) / len(k) ** 2,
            "how many there are": lambda k: rest(k),
            "divided by n:": lambda k: rest(k) / len(k),
            "divided by n − 1": lambda k: rest(k) / (len(k) - 1),
            "not half as many": lambda k: 2 * rest(k) / (len(k) * (len(k) - 1)),
            "mean of the diagonal": lambda k: k.diagonal().mean(),
            "only one triangle": lambda k: k.triu(1).sum() / (len(k) * (len(k) - 1)),
            "was changed": lambda k: k.fill_diagonal_(0).sum() / (len(k) * (len(k) - 1)),
            "for a diagonal of": lambda k: (
                max(rest(k) / (len(k) * (len(k) - 1)), k.min() + 1002)
                if k.min() < -1000
                else rest(k) / (len(k) * (len(k) - 1)) + (k.min() < -999)
            ),
        },
    ),
    "fair": (
        both,
        stub,
        {
            "the one with fewer looks worse": lambda f, a, b, real: (f(a, real), f(b, real)),
            "fewer make every distance larger": lambda f, a, b, real: (f(a[:10], real), f(b[:10], real)),
            "the real features were cut": lambda f, a, b, real: both(f, a, b, real[: min(len(a), len(b))]),
            "takes the drawn features first": lambda f, a, b, real: both(lambda x, y: f(y, x), a, b, real),
            "B's distance first": lambda f, a, b, real: both(f, a, b, real)[::-1],
            "are not what distance said": lambda f, a, b, real: [2 * x for x in both(f, a, b, real)],
            "asked 0 times": lambda f, a, b, real: (1.0, 2.0),
            "other features": lambda f, a, b, real: both(f, a.mean(0)[None], b.mean(0)[None], real),
            "the shape ()": lambda f, a, b, real: both(f, a, b, real)[0],
        },
    ),
    "recall": (
        recalled,
        stub,
        {
            "both faults": lambda real, drawn, k: held_by(drawn, real, k).any(1).double().mean(),
            "that is precision": lambda real, drawn, k: held_by(drawn, real, k + 1).any(1).double().mean(),
            "k-th *other* one": lambda real, drawn, k: held_by(real, drawn, k).any(1).double().mean(),
            "a ball too far": lambda real, drawn, k: held_by(real, drawn, k + 2).any(1).double().mean(),
            "asked how many hold a point": lambda real, drawn, k: held_by(real, drawn, k + 1).any(0).double().mean(),
            "not lie in all balls": lambda real, drawn, k: held_by(real, drawn, k + 1).all(1).double().mean(),
            "share of pairs": lambda real, drawn, k: held_by(real, drawn, k + 1).double().mean(),
            "returned 30 numbers": lambda real, drawn, k: held_by(real, drawn, k + 1).any(1),
            "for 8 real": lambda real, drawn, k: recalled(real, drawn, k) + (len(real) == 8),
        },
    ),
    "entropy": (
        spread,
        stub,
        {
            "a minus is missing": lambda counts: -spread(counts),
            "divide by the entropy of equal counts": lambda counts: spread(counts) * math.log(len(counts)),
            "in bits": lambda counts: spread(counts) * math.log(len(counts)) / math.log(2),
            "divided by the number of classes": lambda counts: spread(counts) * math.log(len(counts)) / len(counts),
            "ten classes only": lambda counts: spread(counts) * math.log(len(counts)) / math.log(10),
            "empty ones too": lambda counts: spread(counts[counts > 0]) if (counts > 0).sum() > 1 else 0.0,
            "multiply by the share": lambda counts: -(counts / counts.sum()).log().sum() / math.log(len(counts)),
            "counts are no shares": lambda counts: -torch.special.xlogy(counts, counts).sum() / math.log(len(counts)),
            "NaN": lambda counts: (
                -((counts / counts.sum()) * (counts / counts.sum()).log()).sum() / math.log(len(counts))
            ),
        },
    ),
    "reaction": (
        reacted,
        stub,
        {
            "turn the sign": lambda value, mean, scatter, up: (value - mean) / scatter,
            "should mean better": lambda value, mean, scatter, up: -reacted(value, mean, scatter, up),
            "the direction is lost": lambda value, mean, scatter, up: abs(value - mean) / scatter,
            "the plain difference": lambda value, mean, scatter, up: value - mean,
            "the yardstick": lambda value, mean, scatter, up: (value - mean) / mean if mean else 0.0,
            "the square": lambda value, mean, scatter, up: reacted(value, mean, scatter, up) / scatter,
            "multiplied by": lambda value, mean, scatter, up: reacted(value, mean, scatter, up) * scatter**2,
            "those values count": lambda value, mean, scatter, up: reacted(value, mean, scatter, up) * up,
        },
    ),
    "gap": (
        the_gap,
        stub,
        {
            "upside down": lambda t, h, d: 1 / the_gap(t, h, d),
            "not held out minus drawn": lambda t, h, d: (t.mean() - h.mean()) / (h.mean() - d.mean()),
            "the top alone": lambda t, h, d: t.mean() - h.mean(),
            "1 minus the gap": lambda t, h, d: 1 - the_gap(t, h, d),
            "the sign is turned": lambda t, h, d: -the_gap(t, h, d),
            "no sigmoid": lambda t, h, d: the_gap(t.sigmoid(), h.sigmoid(), d.sigmoid()),
            "cut at 0 or 1": lambda t, h, d: the_gap(t, h, d).clamp(0, 1),
            "returned 10 numbers": lambda t, h, d: (t.mean() - h) / (t.mean() - d.mean()),
        },
    ),
    "suspected": (
        suspect,
        stub,
        {
            "that is the copying score": lambda d, t, n: (near(d, t)[:, None] < near(n, t)).double().mean(),
            "and not 0.99": lambda d, t, n: (near(d, t) < near(n, t).quantile(0.99)).double().mean(),
            "below their own quantile": lambda d, t, n: (near(d, t) < near(d, t).quantile(0.01)).double().mean(),
            "*not* suspected": lambda d, t, n: 1 - suspect(d, t, n),
            "how many": lambda d, t, n: (near(d, t) < near(n, t).quantile(0.01)).sum(),
            "half of all": lambda d, t, n: (near(d, t) < near(n, t).median()).double().mean(),
            "were asked for their nearest drawn": lambda d, t, n: (
                (near(t, d) < near(n, t).quantile(0.01)).double().mean()
            ),
        },
    ),
    "mixed": (
        mix,
        stub,
        {
            "exp(−1000)": lambda p, q, share: (share * p.exp() + (1 - share) * q.exp()).log(),
            "swapped": lambda p, q, share: mix(p, q, 1 - share),
            "the shares are missing": lambda p, q, share: torch.logaddexp(p, q),
            "mean of the logarithms": lambda p, q, share: share * p + (1 - share) * q,
            "a product becomes a sum": lambda p, q, share: torch.logaddexp(share * p, (1 - share) * q),
            "only p's part": lambda p, q, share: math.log(share) + p,
            "the larger part alone": lambda p, q, share: torch.maximum(math.log(share) + p, math.log(1 - share) + q),
            "multiplied": lambda p, q, share: math.log(share) + p + math.log(1 - share) + q,
            "the shape ()": lambda p, q, share: mix(p, q, share).sum(),
        },
    ),
    "ahead": (
        wins,
        stub,
        {
            "were sorted": lambda one, other, less: sum(
                a < b if less else a > b for a, b in zip(sorted(one.values()), sorted(other.values()), strict=True)
            ),
            "in which they stand": lambda one, other, less: sum(
                a < b if less else a > b for a, b in zip(one.values(), other.values(), strict=True)
            ),
            "wrong way round": lambda one, other, less: wins(one, other, not less),
            "counted as a win": lambda one, other, less: sum(
                one[s] <= other[s] if less else one[s] >= other[s] for s in one
            ),
            "a share": lambda one, other, less: wins(one, other, less) / len(one),
            "every value met every value": lambda one, other, less: sum(
                a < b if less else a > b for a in one.values() for b in other.values()
            ),
        },
    ),
    "precision": (
        share,
        stub,
        {
            "every point counted": lambda d, r: 1.0,
            "once for each ball": lambda d, r: inside(d, r).sum() / d.shape[1],
            "(real, generated) pairs": lambda d, r: inside(d, r).double().mean(),
            "not lie in all balls": lambda d, r: inside(d, r).all(0).double().mean(),
            "how many points": lambda d, r: inside(d, r).any(0).sum(),
            "the number of real points": lambda d, r: inside(d, r).any(0).sum() / len(r),
            "every real ball counted": lambda d, r: inside(d, r).any(1).double().mean(),
            "the smallest one": lambda d, r: (d < r.min()).any(0).double().mean(),
            "the largest one": lambda d, r: (d < r.max()).any(0).double().mean(),
            "their mean": lambda d, r: (d < r.mean()).any(0).double().mean(),
            "the nearest real point": lambda d, r: (d.amin(0) < r[d.argmin(0)]).double().mean(),
            "*outside* all balls": lambda d, r: 1 - share(d, r),
            "column j": lambda d, r: (d < r).any(0).double().mean() if d.shape[0] == d.shape[1] else share(d, r),
            "for a table of 6 × 9 distances: got 0.3": lambda d, r: 0.3,
            "for a table of 1 × 4 distances": lambda d, r: max(share(d, r), 0.25),
            "returned 9 numbers": lambda d, r: inside(d, r).any(0),
            "raised": lambda d, r: (d < r).any(0).double().mean(),
        },
    ),
    "cheat": (
        GUILTY,
        ...,
        {
            "still to name: B": GUILTY | {"B": ...},
            "none of these": GUILTY | {"C": "a copier"},
            "1 of 3 are right; not 'copies' for A: its Fréchet distance would be below that of new real digits, 0.6": (
                GUILTY | {"A": "copies", "C": "misses a class"}
            ),
            "its class entropy clearly below": GUILTY | {"B": "misses a class"},
            "its recall would break down (new real digits have 0.9": GUILTY | {"C": "blurred"},
            "'blurred' is named twice": GUILTY | {"C": "blurred"},
            "got list": list(GUILTY.values()),
            "expected {": {"A": "copies"},
        },
    ),
}
RIGHT_TOO = {
    "others": [
        lambda k: k[~torch.eye(len(k), dtype=torch.bool)].mean(),
        lambda k: (k.numpy().sum() - np.trace(k.numpy())) / (len(k) ** 2 - len(k)),
        lambda k: (k.triu(1).sum() + k.tril(-1).sum()) / (len(k) * (len(k) - 1)),
        lambda k: (k - torch.diag(k.diagonal())).sum() / len(k) / (len(k) - 1),
    ],
    "fair": [
        lambda f, a, b, real: [f(x[: min(len(a), len(b))], real) for x in (a, b)],
        lambda f, a, b, real: torch.tensor(both(f, a, b, real)),
        lambda f, a, b, real: both(f, a.flip(0), b.flip(0), real),
        lambda f, a, b, real: both(f, a[torch.randperm(len(a))], b[torch.randperm(len(b))], real),
    ],
    "recall": [
        lambda real, drawn, k: (
            (torch.cdist(real, drawn) < torch.cdist(drawn, drawn).sort(1).values[:, k]).any(dim=1).float().mean()
        ),
        lambda real, drawn, k: held_by(real, drawn, k + 1).any(1).sum().item() / len(real),
        lambda real, drawn, k: sum(bool(row.any()) for row in held_by(real, drawn, k + 1)) / len(real),
    ],
    "entropy": [
        lambda counts: (
            -sum(c / sum(counts) * math.log(c / sum(counts)) for c in counts.tolist() if c) / math.log(len(counts))
        ),
        lambda counts: torch.special.entr(counts / counts.sum()).sum() / math.log(len(counts)),
        lambda counts: (
            torch.distributions.Categorical(probs=counts.double() / counts.sum()).entropy().item() / np.log(len(counts))
        ),
    ],
    "reaction": [
        lambda value, mean, scatter, up: (1 if up else -1) * (value - mean) / scatter,
        lambda value, mean, scatter, up: (2 * up - 1) * (value - mean) / scatter,
        lambda value, mean, scatter, up: torch.tensor(reacted(value, mean, scatter, up)),
    ],
    "gap": [
        lambda t, h, d: ((t.mean() - h.mean()) / (t.mean() - d.mean())).item(),
        lambda t, h, d: (h.mean() - t.mean()) / (d.mean() - t.mean()),
        lambda t, h, d: 1 - (h.mean() - d.mean()) / (t.mean() - d.mean()),
    ],
    "suspected": [
        lambda d, t, n: (near(d, t) < torch.quantile(near(n, t), 0.01)).float().mean(),
        lambda d, t, n: np.mean(near(d, t).numpy() < np.quantile(near(n, t).numpy(), 0.01)),
        lambda d, t, n: sum(x < near(n, t).quantile(0.01) for x in near(d, t)) / len(d),
        lambda d, t, n: ((near(d, t)[:, None] < near(n, t)).double().mean(1) >= 0.99).double().mean(),
        lambda d, t, n: (near(d, t) < near(n, t).sort().values[int(0.01 * len(n))]).double().mean(),
    ],
    "mixed": [
        lambda p, q, share: torch.logsumexp(torch.stack([p + math.log(share), q + math.log(1 - share)]), 0),
        lambda p, q, share: np.logaddexp(p.numpy() + np.log(share), q.numpy() + np.log(1 - share)),
        lambda p, q, share: (
            torch.maximum(p, q)
            + (share * (p - torch.maximum(p, q)).exp() + (1 - share) * (q - torch.maximum(p, q)).exp()).log()
        ),
    ],
    "ahead": [
        lambda one, other, less: sum((one[s] - other[s]) * (-1 if less else 1) > 0 for s in one),
        lambda one, other, less: len([s for s, v in one.items() if (v < other[s] if less else v > other[s])]),
        lambda one, other, less: torch.tensor(
            [one[s] < other[s] if less else one[s] > other[s] for s in sorted(one)]
        ).sum(),
    ],
    "frechet_1d": [
        lambda ma, sa, mb, sb: ma**2 - 2 * ma * mb + mb**2 + sa**2 + sb**2 - 2 * sa * sb,
        lambda ma, sa, mb, sb: (ma - mb) ** 2 + sa**2 + sb**2 - 2 * math.sqrt(sa**2 * sb**2),
        lambda ma, sa, mb, sb: (ma - mb).square() + (sa - sb).square(),
        lambda ma, sa, mb, sb: np.float32((ma - mb) ** 2 + (sa - sb) ** 2),
        lambda ma, sa, mb, sb: torch.tensor([ma - mb, sa - sb]).square().sum(),
        lambda ma, sa, mb, sb: np.hypot(ma - mb, sa - sb) ** 2,
    ],
    "precision": [
        lambda d, r: (d - r[:, None]).amin(0).lt(0).float().mean(),
        lambda d, r: (r > d.T).any(1).float().mean().item(),
        lambda d, r: np.mean((d.numpy() < r.numpy()[:, None]).any(axis=0)),
        lambda d, r: sum(any(d[i, j] < r[i] for i in range(len(r))) for j in range(d.shape[1])) / d.shape[1],
        lambda d, r: (inside(d, r).sum(0) > 0).sum() / d.shape[1],
        lambda d, r: torch.stack([(column < r).any() for column in d.T]).double().mean(),
    ],
    "cheat": [
        {k: v.title() for k, v in GUILTY.items()},
        dict(reversed(GUILTY.items())),
        {k: f" {v}" for k, v in GUILTY.items()},
    ],
}
