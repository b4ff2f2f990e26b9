"""Answers to notebook 10's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import torch


def stub(*args):
    raise NotImplementedError("your turn")


def curve(value, image, order, fill, first=0, last=None):
    """The values after ``first`` … ``last`` pixels are gone."""
    values = []
    for gone in range(first, (len(order) if last is None else last) + 1):
        picture = image.clone()
        picture[order[:gone]] = fill[order[:gone]]
        values.append(value(picture))
    return torch.stack(values)


def deletion(*game):
    return curve(*game).mean()


def in_place(value, image, order, fill):
    values = [value(image)]
    for pixel in order:
        image[pixel] = fill[pixel]
        values.append(value(image))
    return sum(values) / len(values)


def one_at_a_time(value, image, order, fill):
    values = [value(image)]
    for pixel in order:
        picture = image.clone()
        picture[pixel] = fill[pixel]
        values.append(value(picture))
    return sum(values) / len(values)


def holdout(data, train, score):
    return score(train(data[:80]), data[80:])


def a3(data, train, score):
    return score(train(data), data[80:])


def twice(data, train, score):
    train(data)
    return score(train(data[:80]), data[80:])


def opposite(images, labels, k):
    return images[labels != k].mean(0)


def beats(score, controls, higher):
    return all(score > c if higher else score < c for c in controls.values())


ANSWERS = {
    "deletion": (deletion, stub, {
        "least important": lambda v, x, o, f: deletion(v, x, o.flip(0), f),
        "that is insertion": lambda v, x, o, f: deletion(v, f, o, x),
        "begins with the whole image": lambda *game: curve(*game, first=1).mean(),
        "ends with the fill": lambda *game: curve(*game, last=3).mean(),
        "work on a clone": in_place,
        "stay out": one_at_a_time,
        "the sum of the values": lambda *game: curve(*game).sum(),
        "not always 0": lambda v, x, o, f: deletion(v, x, o, 0 * f),
        "expected 4.1": lambda *game: 3.0,
        "returned 5 numbers": curve,
        "(4,)": lambda v, x, o, f: v(x[:2]),
    }),
    "validate": (holdout, stub, {
        "that is the leak": a3,
        "20 of the 20": twice,
        "100 of the 100": lambda d, t, s: s(t(d), d),
        "nothing was trained": lambda d, t, s: 0.5,
        "nothing was scored": lambda d, t, s: len(t(d[:80])),
        "that train returned": lambda d, t, s: s(t, d[80:]),
        "hold out from 5 to 50": lambda d, t, s: s(t(d[:98]), d[98:]),
        "keep at least half": lambda d, t, s: s(t(d[:20]), d[60:]),
        "return that": lambda d, t, s: 1 - holdout(d, t, s),
        "not in data": lambda d, t, s: s(t(d[:80]), [200, 201, 202, 203, 204, 205]),
    }),
    "baseline": (opposite, stub, {
        "class k itself": lambda x, y, k: x[y == k].mean(0),
        "all images": lambda x, y, k: x.mean(0),
        "that is black": lambda x, y, k: -torch.ones_like(x[0]),
        "grey": lambda x, y, k: torch.zeros_like(x[0]),
        "one image": lambda x, y, k: x[y != k][0],
        "one other class": lambda x, y, k: x[y == 0].mean(0),
        "expected one picture": lambda x, y, k: x[y != k],
        "whose label is not k": lambda x, y, k: x[y != k].median(0).values,
    }),
    "passes": (beats, stub, {
        "it passes": lambda *case: False,
        "never saw the model": lambda *case: True,
        "beats 0.5": lambda s, c, h: all(s > v for v in c.values()),
        "with 0.2": lambda s, c, h: beats(s, c, h) if h else s < c["random"],
        "is a draw": lambda s, c, h: s >= max(c.values()) if h else s < min(c.values()),
        "reaches 0.97": lambda s, c, h: beats(s, c, h) or (h and s > 0.9),
        "True or False": lambda s, c, h: s - max(c.values()),
    }),
}
RIGHT_TOO = {
    "deletion": [lambda v, x, o, f: sum(v(torch.where(torch.isin(torch.arange(len(o)), o[:i]), f, x))
                                        for i in range(len(o) + 1)) / (len(o) + 1)],
    "validate": [lambda d, t, s: s(t(d[1::2]), d[::2]), lambda d, t, s: (lambda m: s(m, d[:10]))(t(d[10:]))],
    "baseline": [lambda x, y, k: x[y != k].mean(0, keepdim=True)],
    "passes": [lambda s, c, h: s > max(c.values()) if h else s < min(c.values()),
               lambda s, c, h: torch.tensor(beats(s, c, h))],
}  # fmt: skip
