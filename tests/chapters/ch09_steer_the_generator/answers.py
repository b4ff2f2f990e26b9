"""Answers to notebook 09's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import numpy as np
import torch


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


ANSWERS = {
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
