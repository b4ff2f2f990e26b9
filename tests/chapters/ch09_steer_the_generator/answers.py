"""Answers to chapter 09's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy, nll_loss


def stub(*args):
    raise NotImplementedError("your turn")


def fair(v):
    return (v(1, 0) - v(0, 0) + v(1, 1) - v(0, 1)) / 2, (v(0, 1) - v(0, 0) + v(1, 1) - v(1, 0)) / 2


def part(n, others):
    return n - torch.linalg.pinv(others) @ (others @ n)


def unit(n):
    return n / n.norm()


def hold(n, others):
    return unit(part(n, others))


def one_after_the_other(n, others):
    for row in others:
        n = n - (n @ row) / (row @ row) * row
    return unit(n)


def effects(held=lambda m: m.mean(), copy=torch.clone, sign=1.0):
    def answer(maps, tail):
        out = []
        for k in range(maps.shape[1]):
            x = copy(maps)
            x[:, k] = held(maps[:, k])
            out.append(sign * (tail(maps).mean() - tail(x).mean()))
        return torch.stack(out)

    return answer


def piling(maps, tail):
    x, out = maps.clone(), []
    for k in range(maps.shape[1]):
        x[:, k] = maps[:, k].mean()
        out.append(tail(maps).mean() - tail(x).mean())
    return torch.stack(out)


def in_place(maps, tail):
    before, out = tail(maps).mean(), []
    for k in range(maps.shape[1]):
        maps[:, k] = maps[:, k].mean()
        out.append(before - tail(maps).mean())
    return torch.stack(out)


def all_but_one(maps, tail):
    out = []
    for k in range(maps.shape[1]):
        x = maps.mean((0, 2, 3), keepdim=True).expand_as(maps).clone()
        x[:, k] = maps[:, k]
        out.append(tail(maps).mean() - tail(x).mean())
    return torch.stack(out)


def gram_schmidt(n, others):
    basis = []
    for row in others:
        for one in basis:
            row = row - (row @ one) * one
        basis.append(row / row.norm())
    for one in basis:
        n = n - (n @ one) * one
    return n / n.norm()


def by_mask(maps, tail):
    before, out = float(tail(maps).mean()), []
    for k in range(maps.shape[1]):
        unit_k = torch.arange(maps.shape[1]).view(1, -1, 1, 1) == k
        out.append(before - float(tail(torch.where(unit_k, maps[:, k].mean(), maps)).mean()))
    return out


def steep(W):
    return torch.linalg.eigh(W.T @ W).eigenvectors[:, -1]


def by_power(W):
    n = torch.ones(W.shape[1], dtype=W.dtype)
    for _ in range(3000):
        n = W.T @ (W @ n)
        n = n / n.norm()
    return n


def line(s, A, m):
    return (s * (A - m)).sum(1)


def cell_by_cell(s, A, m):
    out = torch.zeros(len(A), *A.shape[2:])
    for k in range(A.shape[1]):
        out += s[:, k] * (A[:, k] - m[k])
    return out


def of_line(W, c, z, b):
    return W.T @ c * (z - b)


def by_autograd(W, c, z, b):
    z = z.clone().requires_grad_()
    ((W @ z) * c).sum().backward()
    return z.grad * (z.detach() - b)


def pay(logits, category, means, numbers):
    return cross_entropy(logits, category) + 0.5 * (means - numbers).square().sum(1).mean()


def agree(category, seen):
    return sum(np.bincount(seen[category == k]).max() for k in set(category.tolist())) / len(seen)


def by_counting(category, seen):
    total = 0
    for k in range(10):
        mine = [s for c, s in zip(category.tolist(), seen.tolist(), strict=True) if c == k]
        total += max((mine.count(s) for s in mine), default=0)
    return total / len(seen)


def table_of(category, seen):
    return torch.stack([torch.bincount(seen[category == k], minlength=10) for k in range(10)]).double()


def gap(told, entropy):
    top = torch.as_tensor(told).topk(2).values
    return (top[0] - top[1]) / entropy


def vote(codes, usual):
    return int((codes.std(0) / usual).argmin())


def codes_spoilt(codes, usual):
    codes /= usual
    return vote(codes, torch.ones_like(usual))


ANSWERS = {
    "steepest": (
        steep,
        stub,
        {
            "sorts from small to large": lambda W: torch.linalg.eigh(W.T @ W).eigenvectors[:, 0],
            "are the columns": lambda W: torch.linalg.eigh(W.T @ W).eigenvectors[-1],
            "one for each output": lambda W: torch.linalg.eigh(W @ W.T).eigenvectors[:, -1],
            "those are the eigenvalues": lambda W: torch.linalg.eigh(W.T @ W).eigenvalues,
            "all directions at once": lambda W: torch.linalg.eigh(W.T @ W).eigenvectors,
            "longest row": lambda W: unit(W[W.norm(dim=1).argmax()]),
            "the axis that W stretches most": lambda W: torch.eye(W.shape[1])[W.norm(dim=0).argmax()],
            "its length is 2": lambda W: 2 * steep(W),
            "the second of the list": lambda W: torch.linalg.eigh(W.T @ W).eigenvectors[:, -2],
            "expected (4,): one list": lambda W: torch.linalg.eigh(W.T @ W).eigenvectors[:, -1:],
            "it is stretched by": lambda W: unit(W.sum(0)),
            "it changed W": lambda W: steep(W.mul_(2)),
            "for 4 latents": lambda W: steep(W)[:3],
        },
    ),
    "linearised": (
        line,
        stub,
        {
            "this is Grad-CAM": lambda s, A, m: (s.mean((2, 3), keepdim=True) * A).sum(1),
            "this is HiResCAM": lambda s, A, m: (s * A).sum(1),
            "forgets where": lambda s, A, m: (s.mean((2, 3), keepdim=True) * (A - m)).sum(1),
            "both times s": lambda s, A, m: (s * A - m).sum(1),
            "sign is reversed": lambda s, A, m: -line(s, A, m),
            "their effects add up": lambda s, A, m: (s * (A - m)).mean(1),
            "slopes are missing": lambda s, A, m: (A - m).sum(1),
            "have no sign": lambda s, A, m: line(s, A, m).abs(),
            "were cut off": lambda s, A, m: line(s, A, m).relu(),
            "use the one that is given": lambda s, A, m: (s * (A - A.mean(0))).sum(1),
            "channels are still apart": lambda s, A, m: s * (A - m),
            "over the places": lambda s, A, m: (s * (A - m)).sum((2, 3)),
            "over the pictures, too": lambda s, A, m: (s * (A - m)).sum((0, 1)),
            "work on copies": lambda s, A, m: line(s, A.sub_(m), 0 * m),
            "it gave shape": lambda s, A, m: line(s, A, m)[:, :1],
            "for maps of shape": lambda s, A, m: line(s, A, m) + 1,
        },
    ),
    "linear_shares": (
        of_line,
        stub,
        {
            "not z (": lambda W, c, z, b: W.T @ c * z,
            "the steps are missing": lambda W, c, z, b: W.T @ c,
            "signs are reversed": lambda W, c, z, b: W.T @ c * (b - z),
            "weights c of the pixels": lambda W, c, z, b: W.sum(0) * (z - b),
            "have no sign": lambda W, c, z, b: of_line(W, c, z, b).abs(),
            "gives each the same": lambda W, c, z, b: of_line(W, c, z, b).mean().expand(len(z)),
            "share of the sum": lambda W, c, z, b: of_line(W, c, z, b) / of_line(W, c, z, b).sum(),
            "are added": lambda W, c, z, b: W.T @ c * (z + b),
            "one number, the whole": lambda W, c, z, b: c @ (W @ (z - b)),
            "expected 4, one": lambda W, c, z, b: c,
            "wrong way round": lambda W, c, z, b: (
                (W @ c) * (z - b) if W.shape[0] == W.shape[1] else of_line(W, c, z, b)
            ),
            "for 6 pixels and 4 numbers": lambda W, c, z, b: of_line(W, c, z, b) + 1,
        },
    ),
    "reading_loss": (
        pay,
        stub,
        {
            "the half is missing": lambda o, c, m, n: cross_entropy(o, c) + (m - n).square().sum(1).mean(),
            "category's part alone": lambda o, c, m, n: cross_entropy(o, c) + 0 * m.sum(),
            "numbers' part alone": lambda o, c, m, n: 0.5 * (m - n).square().sum(1).mean(),
            "over the two numbers, too": lambda o, c, m, n: cross_entropy(o, c) + 0.5 * (m - n).square().mean(),
            "a sum over the pictures": lambda o, c, m, n: len(o) * pay(o, c, m, n),
            "were summed over the pictures": lambda o, c, m, n: cross_entropy(o, c) + 0.5 * (m - n).square().sum(),
            "is subtracted": lambda o, c, m, n: cross_entropy(o, c) - 0.5 * (m - n).square().sum(1).mean(),
            "square them": lambda o, c, m, n: cross_entropy(o, c) + 0.5 * (m - n).abs().sum(1).mean(),
            "sign is reversed": lambda o, c, m, n: -pay(o, c, m, n),
            "leave the squares": lambda o, c, m, n: cross_entropy(o, c) + 0.5 * (m - n).norm(dim=1).mean(),
            "no slope goes back": lambda o, c, m, n: pay(o, c, m, n).item(),
            "around 1,000": lambda o, c, m, n: (
                -o.softmax(1)[torch.arange(len(o)), c].log().mean() + 0.5 * (m - n).square().sum(1).mean()
            ),
            "expected one: the mean": lambda o, c, m, n: 0.5 * (m - n).square().sum(1),
            "for 4 pictures": lambda o, c, m, n: pay(o, c, m, n) + 0.1,
        },
    ),
    "agreement": (
        agree,
        stub,
        {
            "have the same number": lambda c, s: (c == s).double().mean(),
            "this is the mean over categories": lambda c, s: np.mean(
                [np.bincount(s[c == k]).max() / (c == k).sum().item() for k in set(c.tolist())]
            ),
            "category of each class": lambda c, s: agree(s, c),
            "divide by how many there are": lambda c, s: agree(c, s) * len(s),
            "look at each category": lambda c, s: torch.bincount(s).max() / len(s),
            "in a mean of ten": lambda c, s: (table_of(c, s).amax(1) / table_of(c, s).sum(1).clamp(min=1)).mean(),
            "*not* of the commonest": lambda c, s: 1 - agree(c, s),
            "between 0 and 1 (": lambda c, s: 100 * agree(c, s),
            "in 3 categories": lambda c, s: 0.123,
            "NaN": lambda c, s: (table_of(c, s).amax(1) / table_of(c, s).sum(1)).mean(),
        },
    ),
    "gap": (
        gap,
        stub,
        {
            "divide by the entropy (": lambda t, h: gap(t, h) * h,
            "share alone": lambda t, h: max(t) / h,
            "sign is reversed": lambda t, h: -gap(t, h),
            "not with the worst": lambda t, h: (max(t) - min(t)) / h,
            "not with the mean": lambda t, h: (max(t) - sum(t) / len(t)) / h,
            "all others together": lambda t, h: (2 * max(t) - sum(t)) / h,
            "sort it first": lambda t, h: (t[-1] - t[-2]) / h,
            "two smallest": lambda t, h: (sorted(t)[1] - sorted(t)[0]) / h,
            "what the best number tells": lambda t, h: gap(t, h) * h / max(t),
            "work on a copy": lambda t, h: gap(t.mul_(2), 2 * h),
            "of 1.5 nats": lambda t, h: gap(t, h) + 0.1,
        },
    ),
    "vote": (
        vote,
        stub,
        {
            "the spread alone": lambda codes, usual: codes.std(0).argmin(),
            "changes *most*": lambda codes, usual: (codes.std(0) / usual).argmax(),
            "smallest usual spread": lambda codes, usual: usual.argmin(),
            "to 3": lambda codes, usual: codes.std(1).argmin() + 10,
            "expected one": lambda codes, usual: codes.std(0) / usual,
            "work on copies": codes_spoilt,
        },
    ),
    "fair": (
        fair,
        stub,
        {
            "counted twice": lambda v: (v(1, 1) - v(0, 1), v(1, 1) - v(1, 0)),
            "earns alone": lambda v: (v(1, 0) - v(0, 0), v(0, 1) - v(0, 0)),
            "sums over the two orders": lambda v: tuple(2 * x for x in fair(v)),
            "swapped": lambda v: fair(v)[::-1],
            "nobody at all earns 1": lambda v: ((v(1, 0) + v(1, 1) - v(0, 1)) / 2, (v(0, 1) + v(1, 1) - v(1, 0)) / 2),
            "both get the same": lambda v: ((v(1, 1) - v(0, 0)) / 2,) * 2,
            "expected a pair": lambda v: fair(v)[0],
            "for a game in which nobody earns 1": lambda v: (0.0, 1.0),
            "the worth of nobody included": lambda v: (v(1, 0), v(0, 1)),
            "half of what both earn": lambda v: (v(1, 1) / 2, v(1, 1) / 2),
            "signs are reversed": lambda v: tuple(-x for x in fair(v)),
            "first then second": lambda v: (v(1, 0) - v(0, 0), v(1, 1) - v(1, 0)),
            "second then first": lambda v: (v(1, 1) - v(0, 1), v(0, 1) - v(0, 0)),
            "for a game in which nobody earns 0": lambda v: tuple(abs(x) for x in fair(v)),
        },
    ),
    "hold_others": (
        hold,
        stub,
        {
            "length is not 1": part,
            "not held": lambda n, others: unit(n),
            "one to take away": lambda n, others: unit(n - part(n, others)),
            "sign is reversed": lambda n, others: -hold(n, others),
            "at once": lambda n, others: unit(n - (others @ n / others.square().sum(1)) @ others),
            "after the other": one_after_the_other,
            "as if they had length 1": lambda n, others: unit(n - others.T @ (others @ n)),
            "expected 0": lambda n, others: unit(n + others[0]),
            "it holds the others, but": lambda n, others: hold(n.flip(0), others),
            "expected (6,)": lambda n, others: others,
            "infinite": lambda n, others: n / 0,
            "as it came in": lambda n, others: n,
            "mean of the others": lambda n, others: hold(n, others.mean(0, keepdim=True)),
            "that property would change": lambda n, others: unit(n + others[0]),
            "divide by its length (at": lambda n, others: part(n, others) / part(n, others).abs().max(),
            "work on copies": lambda n, others: hold(n, others.mul_(2)),
            "for 3 latents": lambda n, others: torch.cat([hold(n, others), n])[:6],
        },
    ),
    "effects_of": (
        effects(),
        stub,
        {
            "sign is reversed": effects(sign=-1.0),
            "held at 0": effects(lambda m: 0.0),
            "pile up": piling,
            "were changed": in_place,
            "each image's own mean": effects(lambda m: m.mean((1, 2), keepdim=True).expand_as(m)),
            "place by place": effects(lambda m: m.mean(0).expand_as(m)),
            "sum over the images": lambda maps, tail: 4 * effects()(maps, tail),
            "what is left": lambda maps, tail: tail(maps).mean() - effects()(maps, tail),
            "correlation at best": lambda maps, tail: maps.mean((0, 2, 3)),
            "that of all maps": lambda maps, tail: effects(lambda m: maps.mean())(maps, tail),
            "(wrong for units 0, 1, 2 of 3)": lambda maps, tail: effects()(maps, tail) + 1,
            "(wrong for unit 2 of 3)": lambda maps, tail: (
                effects()(maps, tail) * (1 + (torch.arange(maps.shape[1]) == 2))
            ),
            "all units but the one": all_but_one,
            "a share of what was before": lambda maps, tail: effects()(maps, tail) / tail(maps).mean(),
            "have no sign": lambda maps, tail: effects()(maps, tail).abs(),
            "their median": effects(lambda m: m.median()),
            "tail takes maps": lambda maps, tail: tail(maps[0]),
            "expected (3,)": lambda maps, tail: effects()(maps, tail)[:2],
            "for 3 units it gave shape (3, 1)": lambda maps, tail: effects()(maps, tail)[:, None],
        },
    ),
}
RIGHT_TOO = {
    "steepest": [
        by_power,
        lambda W: torch.linalg.svd(W).Vh[0],
        lambda W: -steep(W),
        lambda W: steep(W).tolist(),
        lambda W: np.linalg.eigh((W.T @ W).numpy())[1][:, -1],
    ],
    "linearised": [
        cell_by_cell,
        lambda s, A, m: torch.einsum("nkhw,nkhw->nhw", s, A - m),
        lambda s, A, m: (s * A).sum(1) - (s * m).sum(1),
        lambda s, A, m: ((A - m[None]) * s).sum(dim=1).numpy(),
    ],
    "linear_shares": [
        by_autograd,
        lambda W, c, z, b: (c[:, None] * W).sum(0) * (z - b),
        lambda W, c, z, b: (W @ torch.diag(z - b)).T @ c,
        lambda W, c, z, b: [float(c @ W[:, i] * (z[i] - b[i])) for i in range(len(z))],
    ],
    "reading_loss": [
        lambda o, c, m, n: nll_loss(o.log_softmax(1), c) + ((m - n) ** 2 / 2).sum(1).mean(),
        lambda o, c, m, n: cross_entropy(o, c) + (m - n).square().mean(),
        lambda o, c, m, n: cross_entropy(o, c) + ((m - n) ** 2).sum() / (2 * len(o)),
        lambda o, c, m, n: (
            -torch.distributions.Categorical(logits=o).log_prob(c).mean() + 0.5 * (n - m).pow(2).sum(-1).mean()
        ),
    ],
    "agreement": [
        by_counting,
        lambda c, s: (table_of(c, s).amax(1).sum() / len(s)).item(),
        lambda c, s: torch.tensor(agree(c, s)),
    ],
    "gap": [
        lambda t, h: (sorted(t)[-1] - sorted(t)[-2]) / h,
        lambda t, h: float(t.sort(descending=True).values[:2].diff().abs() / h),
        lambda t, h: np.diff(np.sort(t.numpy()))[-1] / h,
    ],
    "vote": [
        lambda codes, usual: (codes.var(0) / usual.square()).argmin(),
        lambda codes, usual: torch.argmin((codes / usual).std(dim=0)),
        lambda codes, usual: min(range(len(usual)), key=lambda i: float(codes[:, i].std() / usual[i])),
        lambda codes, usual: np.argmin(codes.numpy().std(0) / usual.numpy()),
    ],
    "fair": [
        lambda v: torch.tensor(fair(v)),
        lambda v: list(fair(v)),
        lambda v: np.array(fair(v), np.float32),
        lambda v: (fair(v)[0], v(1, 1) - v(0, 0) - fair(v)[0]),
        lambda v: tuple(
            0.5 * x
            for x in (
                v(True, False) - v(False, False) + v(True, True) - v(False, True),
                v(False, True) - v(False, False) + v(True, True) - v(True, False),
            )
        ),
    ],
    "hold_others": [
        lambda n, others: unit(n - torch.linalg.qr(others.T).Q @ (torch.linalg.qr(others.T).Q.T @ n)),
        gram_schmidt,
        lambda n, others: unit(n - others.T @ torch.linalg.solve(others @ others.T, others @ n)),
        lambda n, others: unit(n - others.T @ torch.linalg.lstsq(others.T, n[:, None]).solution[:, 0]),
        lambda n, others: torch.nn.functional.normalize(part(n.double(), others.double()), dim=0),
        lambda n, others: unit((torch.eye(len(n)) - torch.linalg.pinv(others) @ others) @ n),
        lambda n, others: hold(n, others).tolist(),
    ],
    "effects_of": [
        by_mask,
        lambda maps, tail: effects()(maps, tail).tolist(),
        lambda maps, tail: torch.tensor([float(x) for x in effects()(maps, tail)]),
        lambda maps, tail: effects()(maps.double(), tail).numpy(),
        effects(lambda m: torch.einsum("nhw->", m) / m.numel()),
    ],
}
