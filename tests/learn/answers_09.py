"""Answers to notebook 09's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

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


ANSWERS = {
    "fair": (fair, stub, {
        "counted twice": lambda v: (v(1, 1) - v(0, 1), v(1, 1) - v(1, 0)),
        "earns alone": lambda v: (v(1, 0) - v(0, 0), v(0, 1) - v(0, 0)),
        "sums over the two orders": lambda v: tuple(2 * x for x in fair(v)),
        "swapped": lambda v: fair(v)[::-1],
        "nobody at all earns 1": lambda v: ((v(1, 0) + v(1, 1) - v(0, 1)) / 2, (v(0, 1) + v(1, 1) - v(1, 0)) / 2),
        "both get the same": lambda v: ((v(1, 1) - v(0, 0)) / 2,) * 2,
        "expected a pair": lambda v: fair(v)[0],
        "for the test game": lambda v: (0.0, 1.0),
    }),
    "hold_others": (hold, stub, {
        "length is not 1": part,
        "not held": lambda n, others: unit(n),
        "one to take away": lambda n, others: unit(n - part(n, others)),
        "sign is reversed": lambda n, others: -hold(n, others),
        "at once": lambda n, others: unit(n - (others @ n / others.square().sum(1)) @ others),
        "after the other": one_after_the_other,
        "as if they had length 1": lambda n, others: unit(n - others.T @ (others @ n)),
        "expected 0": lambda n, others: unit(n + others[0]),
        "another direction": lambda n, others: hold(n.flip(0), others),
        "expected (6,)": lambda n, others: others,
        "expected a tensor": lambda n, others: hold(n, others).tolist(),
        "not finite": lambda n, others: n / 0,
    }),
    "effects_of": (effects(), stub, {
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
        "first unit's effect": lambda maps, tail: effects()(maps, tail) + 1,
        "expected (3,)": lambda maps, tail: effects()(maps, tail)[:2],
        "expected a tensor": lambda maps, tail: effects()(maps, tail).tolist(),
    }),
}
RIGHT_TOO = {"fair": [lambda v: torch.tensor(fair(v))]}
