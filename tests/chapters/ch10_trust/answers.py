"""Answers to notebook 10's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import random

import numpy as np
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


def again_on_all(data, train, score):
    value = score(train(data[:80]), data[80:])
    train(data)
    return value


def folds(data, train, score, k=5, mean=lambda scores: sum(scores) / len(scores)):
    size, scores = len(data) // k, []
    for i in range(k):
        held_out = data[i * size : (i + 1) * size]
        scores.append(score(train([one for one in data if one not in held_out]), held_out))
    return mean(scores)


def folds_of_one_network(data, train, score):
    network = train(data)
    return sum(score(network, data[i : i + 20]) for i in range(0, 100, 20)) / 5


def shuffled(data, train, score):
    data = random.Random(3).sample(data, len(data))
    return score(train(data[:70]), data[70:])


def shuffled_twice(data, train, score):
    network = train(random.Random(1).sample(data, 100)[:80])
    return score(network, random.Random(2).sample(data, 100)[80:])


def train_score_too(data, train, score):
    network = train(data[20:])
    score(network, data[20:])
    return score(network, data[:20])


def the_training_score(data, train, score):
    network = train(data[20:])
    score(network, data[:20])
    return score(network, data[20:])


def three_parts(data, train, score):
    network = train(data[:60])
    score(network, data[60:80])
    return score(network, data[80:])


def trapezoid(value, image, order, fill):
    values = curve(value, image, order, fill)
    return (values[:-1] + values[1:]).mean() / 2


def opposite(images, labels, k):
    return images[labels != k].mean(0)


def beats(score, controls, higher):
    return all(score > c if higher else score < c for c in controls.values())


ANSWERS = {
    "deletion": (
        deletion,
        stub,
        {
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
            "divide it by their number": lambda *game: torch.trapezoid(curve(*game)),
            "not its mean": lambda v, x, o, f: deletion(v, x, o, f.mean().expand(len(x))),
            "reading order": lambda v, x, o, f: deletion(v, x, torch.arange(len(x)), f),
            "not a rank": lambda v, x, o, f: deletion(v, x, o.argsort(), f),
            "median": lambda *game: curve(*game).median(),
            "7 pixels": lambda v, x, o, f: deletion(v, x, o, f) + (len(x) != 4),
        },
    ),
    "validate": (
        holdout,
        stub,
        {
            "that is the leak": a3,
            "20 of the 20": folds_of_one_network,
            "18 of the 20": shuffled_twice,
            "80 of the 80": the_training_score,
            "the mean of the 5 scores is": lambda *game: folds(*game, mean=sum),
            "score was given no examples": lambda d, t, s: s(t(d[:80]), d[100:]),
            "was given a str": lambda d, t, s: s(t("data"), d[80:]),
            "100 of the 100": lambda d, t, s: s(t(d), d),
            "nothing was trained": lambda d, t, s: 0.5,
            "nothing was scored": lambda d, t, s: len(t(d[:80])),
            "that train returned": lambda d, t, s: s(t, d[80:]),
            "hold out from 5 to 50": lambda d, t, s: s(t(d[:98]), d[98:]),
            "keep at least half": lambda d, t, s: s(t(d[:20]), d[60:]),
            "return that": lambda d, t, s: 1 - holdout(d, t, s),
            "not in data": lambda d, t, s: s(t(d[:80]), [200, 201, 202, 203, 204, 205]),
        },
    ),
    "baseline": (
        opposite,
        stub,
        {
            "class k itself": lambda x, y, k: x[y == k].mean(0),
            "all images": lambda x, y, k: x.mean(0),
            "that is black": lambda x, y, k: -torch.ones_like(x[0]),
            "grey": lambda x, y, k: torch.zeros_like(x[0]),
            "one image": lambda x, y, k: x[y != k][0],
            "one other class": lambda x, y, k: x[y == 0].mean(0),
            "expected one picture": lambda x, y, k: x[y != k],
            "median": lambda x, y, k: x[y != k].median(0).values,
            "all 1": lambda x, y, k: torch.ones_like(x[0]),
            "sum of the other": lambda x, y, k: x[y != k].sum(0),
            "number of all images": lambda x, y, k: (x * (y != k)[:, None, None, None]).mean(0),
            "whose label is not k": lambda x, y, k: x[y != k].std(0),
            "have changed": lambda x, y, k: x.mul_(2)[y != k].mean(0),
        },
    ),
    "passes": (
        beats,
        stub,
        {
            "it passes": lambda *case: False,
            "never saw the model": lambda *case: True,
            "beats 0.5": lambda s, c, h: all(s > v for v in c.values()),
            "with 0.2": lambda s, c, h: beats(s, c, h) if h else s < c["random"],
            "is a draw": lambda s, c, h: s >= max(c.values()) if h else s < min(c.values()),
            "reaches 0.97": lambda s, c, h: beats(s, c, h) or (h and s > 0.9),
            "True or False": lambda s, c, h: s - max(c.values()),
            "the last of the controls": lambda s, c, h: all(s > v if h else s < v for v in list(c.values())[:2]),
            "is a draw, where lower": lambda s, c, h: s > max(c.values()) if h else s <= min(c.values()),
            "may be negative": lambda s, c, h: s > max(0, *c.values()) if h else s < min(c.values()),
            "(got False, expected True)": lambda s, c, h: not beats(s, c, h),
        },
    ),
}
RIGHT_TOO = {
    "deletion": [
        lambda v, x, o, f: (
            sum(v(torch.where(torch.isin(torch.arange(len(o)), o[:i]), f, x)) for i in range(len(o) + 1)) / (len(o) + 1)
        ),
        lambda *game: np.mean([float(one) for one in curve(*game)]),
        lambda *game: curve(*game).double().mean().item(),
        trapezoid,
        lambda *game: np.trapezoid(curve(*game).numpy(), dx=1 / len(game[1])),
        lambda *game: torch.trapezoid(curve(*game)) / len(game[1]),
    ],
    "validate": [
        lambda d, t, s: s(t(d[1::2]), d[::2]),
        lambda d, t, s: (lambda m: s(m, d[:10]))(t(d[10:])),
        folds,
        lambda *game: folds(*game, k=10, mean=np.mean),
        lambda *game: folds(*game, k=100),
        shuffled,
        again_on_all,
        train_score_too,
        three_parts,
        lambda d, t, s: s(t(np.array(d)[20:]), np.array(d)[:20]),
    ],
    "baseline": [
        lambda x, y, k: x[y != k].mean(0, keepdim=True),
        lambda x, y, k: torch.stack([one for one, label in zip(x, y, strict=True) if label != k]).mean(0),
        lambda x, y, k: x[y != k].double().sum(0) / (y != k).sum(),
        lambda x, y, k: torch.einsum("nchw,n->chw", x, (y != k).float()) / (y != k).sum(),
        lambda x, y, k: x.numpy()[y.numpy() != k].mean(0),
        lambda x, y, k: torch.stack([x[y == c].mean(0) for c in y.unique() if c != k]).mean(0),
    ],
    "passes": [
        lambda s, c, h: s > max(c.values()) if h else s < min(c.values()),
        lambda s, c, h: torch.tensor(beats(s, c, h)),
        lambda s, c, h: np.bool_(beats(s, c, h)),
        lambda s, c, h: np.all(np.array(list(c.values())) < s) if h else np.all(np.array(list(c.values())) > s),
        lambda s, c, h: (torch.tensor(list(c.values())).double() < s).all() if h else s < min(c.values()),
        lambda s, c, h: not any(v >= s if h else v <= s for v in c.values()),
    ],
}
