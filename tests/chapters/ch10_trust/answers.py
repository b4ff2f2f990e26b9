"""Answers to chapter 10's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import copy
import math
import random
from itertools import combinations, pairwise

import numpy as np
import torch
from scipy.stats import binom, rankdata, spearmanr

from course_lib.metrics.faithfulness import rank_correlation

OBJECTIONS = {"P": "stronger control", "Q": "perfect map", "R": "other question", "S": "fresh weights"}


def stub(*args):
    raise NotImplementedError("your turn")


def last_of_good(weights, image, good, poor):
    fill = image.clone()
    fill[good[-1]] -= weights[good[-1]].sign()
    return fill


def at_both_ends(weights, image, good):
    ends = good[[0, -1]]
    return image.scatter_add(0, ends, -1 / weights[ends])


def last_in_place(weights, image, good):
    image[good[-1]] -= weights[good[-1]].sign()
    return image


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


def opposite(images, labels, k):
    return images[labels != k].mean(0)


def forget(network, names):
    twin = copy.deepcopy(network)
    for name in names:
        twin.get_submodule(name).reset_parameters()
    return twin


def forget_in_place(network, names):
    for name in names:
        network.get_submodule(name).reset_parameters()
    return network


def forget_by_hand(network, names):
    twin = copy.deepcopy(network)
    for key, weight in twin.named_parameters():
        if key.rpartition(".")[0] in names:
            torch.nn.init.normal_(weight.data, std=0.1)
    return twin


def forget_all(network, names):
    return forget(network, [key for key, part in network.named_modules() if hasattr(part, "reset_parameters")])


def forget_with(fill, only=""):
    def answer(network, names):
        twin = copy.deepcopy(network)
        for key, weight in twin.named_parameters():
            if key.rpartition(".")[0] in names and only in key:
                fill(weight.data)
        return twin

    return answer


def forget_half(network, names):
    twin = copy.copy(network)
    twin._modules = {key: copy.deepcopy(part) if key in names else part for key, part in network._modules.items()}
    return twin if not names else forget_in_place(twin, [name for name in names if "." not in name])


def mended(before, after, images):
    return rank_correlation(before, after, where=images > -0.9).mean()


def mended_by_scipy(before, after, images):
    found = []
    for b, a, image in zip(before, after, images, strict=True):
        ink = image[0] > -0.9
        found.append(spearmanr(b[0][ink].numpy(), a[0][ink].numpy()).statistic)
    return float(np.mean(found))


def owed(maps, twins, fresh, ink):
    return rank_correlation(maps, twins, where=ink).mean() - rank_correlation(maps, fresh, where=ink).mean()


def owed_by_image(maps, twins, fresh, ink):
    total = 0.0
    for i in range(len(maps)):
        part = slice(i, i + 1)
        total += (
            rank_correlation(maps[part], twins[part], where=ink[part])
            - rank_correlation(maps[part], fresh[part], where=ink[part])
        ).item()
    return total / len(maps)


def all_pairs(runs, ink, where=True):
    mask = ink if where else None
    return torch.stack([rank_correlation(a, b, where=mask).mean() for a, b in combinations(runs, 2)])


def stability(runs, ink):
    return all_pairs(runs, ink).mean()


def stability_by_index(runs, ink):
    total, pairs = 0.0, 0
    for i in range(len(runs)):
        for j in range(len(runs)):
            if i != j:
                total, pairs = total + rank_correlation(runs[i], runs[j], where=ink).mean().item(), pairs + 1
    return total / pairs


def with_itself(runs, ink):
    return sum(rank_correlation(a, b, where=ink).mean() for a in runs for b in runs) / len(runs) ** 2


def neighbours(runs, ink):
    return (
        all_pairs(runs, ink)[[0]].mean()
        if len(runs) == 2
        else torch.stack([rank_correlation(a, b, where=ink).mean() for a, b in pairwise(runs)]).mean()
    )


def order(values, generator):
    shuffled = torch.randperm(len(values), generator=generator)
    return shuffled[values[shuffled].argsort(descending=True, stable=True)]


def order_by_key(values, generator):
    keys = torch.rand(len(values), generator=generator).tolist()
    return sorted(range(len(values)), key=lambda i: (-values[i].item(), keys[i]))


def order_by_lexsort(values, generator):
    keys = torch.rand(len(values), generator=generator).numpy()
    return np.lexsort((keys, -values.double().numpy()))


def sensitivity(explain, image, shifts):
    before = explain(image)
    return max((explain(image + shift[None]) - before).norm() / before.norm() for shift in shifts)


def changes(explain, image, shifts):
    before = explain(image)
    return torch.stack([(explain(image + shift[None]) - before).norm() / before.norm() for shift in shifts])


def auc(inside, outside):
    return ((inside[:, None] > outside).float() + 0.5 * (inside[:, None] == outside).float()).mean()


def auc_by_loop(inside, outside):
    points = [1.0 if a > b else 0.5 if a == b else 0.0 for a in inside for b in outside]
    return sum(points) / len(points)


def auc_by_ranks(inside, outside):
    ranks = rankdata(np.concatenate([inside.numpy(), outside.numpy()]))
    k = len(inside)
    return (ranks[:k].sum() - k * (k + 1) / 2) / (k * len(outside))


def luck(seeds, needed):
    return sum(math.comb(seeds, k) for k in range(needed, seeds + 1)) / 2**seeds


def luck_by_steps(seeds, needed):
    chances = [1.0]
    for _ in range(seeds):
        chances = [0.5 * a + 0.5 * b for a, b in zip([*chances, 0.0], [0.0, *chances], strict=True)]
    return sum(chances[needed:])


def margins(method, controls, higher):
    sign = 1 if higher else -1
    return [sign * method[s] - max(sign * row[s] for row in controls.values()) for s in method]


def margins_by_case(method, controls, higher):
    found = {}
    for s, score in method.items():
        rivals = [row[s] for row in controls.values()]
        found[s] = score - max(rivals) if higher else min(rivals) - score
    return found


def guided(inputs, slopes):
    return slopes.clamp(min=0) * (inputs > 0)


ANSWERS = {
    "through_relu": (
        guided,
        stub,
        {
            "an ordinary ReLU": lambda x, g: g * (x > 0),
            "where the ReLU was off (at": lambda x, g: g.relu(),
            "cuts the others": lambda x, g: g.clamp(max=0) * (x > 0),
            "the other sign": lambda x, g: g.abs() * (x > 0),
            "multiplies by the input": lambda x, g: g.relu() * x.relu(),
            "return the slopes there": lambda x, g: ((x > 0) & (g > 0)).float(),
            "passes slopes where the ReLU was off": lambda x, g: g.relu() * (x < 0),
            "expected (7,)": lambda x, g: guided(x, g).sum(),
            "have changed": lambda x, g: g.mul_(x > 0).relu(),
            "both signs": lambda x, g: guided(x, g) + 0.5,
        },
    ),
    "forget": (
        forget,
        stub,
        {
            "work on a deep copy": forget_in_place,
            "only the named layers": forget_all,
            "as it was: it should be fresh": lambda network, names: copy.deepcopy(network),
            "are alike": forget_with(torch.nn.init.zeros_),
            "the bias of layer '4' is as it was": forget_with(torch.nn.init.normal_, only="weight"),
            "expected a network": lambda network, names: forget(network, names).state_dict(),
            "for the layers '4'": lambda network, names: forget(network, names[1:]),
            "shares its weights": forget_half,
            "other layers": lambda network, names: torch.nn.Linear(2, 2),
        },
    ),
    "mended": (
        mended,
        stub,
        {
            "as before": lambda b, a, x: rank_correlation(b.abs(), a.abs()).mean(),
            "the signs are gone": lambda b, a, x: rank_correlation(b, a, absolute=True, where=x > -0.9).mean(),
            "over the whole image: black pixels": lambda b, a, x: rank_correlation(b, a).mean(),
            "the sum over the images": lambda b, a, x: rank_correlation(b, a, where=x > -0.9).sum(),
            "the sign of the correlation": lambda b, a, x: mended(b, a, x).abs(),
            "place without ink": lambda b, a, x: rank_correlation(b, a, where=x <= -0.9).mean(),
            "returned 4 numbers": lambda b, a, x: rank_correlation(b, a, where=x > -0.9),
            "for 4 images": lambda b, a, x: 0.99,
        },
    ),
    "owed": (
        owed,
        stub,
        {
            "the other way round": lambda m, t, f, i: owed(m, f, t, i),
            "with the second network alone": lambda m, t, f, i: rank_correlation(m, t, where=i).mean(),
            "fresh weights alone": lambda m, t, f, i: rank_correlation(m, f, where=i).mean(),
            "that is a sum": lambda m, t, f, i: (
                rank_correlation(m, t, where=i).mean() + rank_correlation(m, f, where=i).mean()
            ),
            "compare both with the first map": lambda m, t, f, i: rank_correlation(t, f, where=i).mean(),
            "keep the signs": lambda m, t, f, i: owed(m.abs(), t.abs(), f.abs(), i),
            "give where=ink": lambda m, t, f, i: owed(m, t, f, torch.ones_like(i)),
            "the sum over the images": lambda m, t, f, i: len(m) * owed(m, t, f, i),
            "returned 4 numbers": lambda m, t, f, i: rank_correlation(m, t, where=i) - rank_correlation(m, f, where=i),
        },
    ),
    "stability": (
        stability,
        stub,
        {
            "compared with itself, too": with_itself,
            "only neighbours": neighbours,
            "with the first alone": lambda runs, ink: all_pairs(runs, ink)[: len(runs) - 1].mean(),
            "the first with itself": lambda runs, ink: (all_pairs(runs, ink)[: len(runs) - 1].sum() + 1) / len(runs),
            "give where=ink": lambda runs, ink: all_pairs(runs, ink, where=False).mean(),
            "the sum over the pairs": lambda runs, ink: all_pairs(runs, ink).sum(),
            "the least of all pairs": lambda runs, ink: all_pairs(runs, ink).min(),
            "the median": lambda runs, ink: all_pairs(runs, ink).median(),
            "for 4 runs": lambda runs, ink: 0.5,
        },
    ),
    "order": (
        order,
        stub,
        {
            "begins with the lowest": lambda v, g: order(-v, g),
            "only [1] ever came first": lambda v, g: v.argsort(descending=True, stable=True),
            "the rank of each pixel": lambda v, g: order(v, g).argsort(),
            "the same seed gave another order": lambda v, g: order(
                v, torch.Generator().manual_seed(random.randrange(999))
            ),
            "each position from 0 to 7": lambda v, g: v.sort(descending=True).values,
            "a lower value comes before": lambda v, g: (v + torch.rand(len(v), generator=g) * 2).argsort(
                descending=True
            ),
            "the shape (1,)": lambda v, g: order(v, g)[:1],
            "are equal, and in 40 orders": lambda v, g: (v + 1e-12 * torch.rand(len(v), generator=g)).argsort(
                descending=True, stable=True
            ),
            "have changed": lambda v, g: order(v.add_(1), g),
        },
    ),
    "max_sensitivity": (
        sensitivity,
        stub,
        {
            "the mean over the shifts": lambda *game: changes(*game).mean(),
            "the least change": lambda *game: changes(*game).min(),
            "not relative": lambda e, x, s: changes(e, x, s).max() * e(x).norm(),
            "after the shift": lambda e, x, s: max((e(x + d[None]) - e(x)).norm() / e(x + d[None]).norm() for d in s),
            "that is the square": lambda *game: changes(*game).max() ** 2,
            "one pixel": lambda e, x, s: max((e(x + d[None]) - e(x)).abs().max() / e(x).abs().max() for d in s),
            "absolute changes": lambda e, x, s: max((e(x + d[None]) - e(x)).abs().sum() / e(x).abs().sum() for d in s),
            "relative to the shift": lambda e, x, s: max((e(x + d[None]) - e(x)).norm() / d.norm() for d in s),
            "explain takes one image": lambda e, x, s: (e(x + s) - e(x)).norm(),
            "returned 5 numbers": changes,
        },
    ),
    "auc": (
        auc,
        stub,
        {
            "counts as a win": lambda a, b: (a[:, None] >= b).float().mean(),
            "counts as lost": lambda a, b: (a[:, None] > b).float().mean(),
            "a pixel outside": lambda a, b: auc(b, a),
            "the pointing game": lambda a, b: float(a.max() > b.max()),
            "no chance": lambda a, b: a.mean() - b.mean(),
            "divide by how many pairs": lambda a, b: auc(a, b) * len(a) * len(b),
            "the mean outside": lambda a, b: (a > b.mean()).float().mean(),
            "returned 15 numbers": lambda a, b: a[:, None] > b,
        },
    ),
    "luck": (
        luck,
        stub,
        {
            "for exactly 8": lambda n, k: math.comb(n, k) / 2**n,
            "for more than 8": lambda n, k: luck(n, k + 1),
            "for all 10": lambda n, k: 1 / 2**n,
            "at most 8": lambda n, k: luck(n, 0) - luck(n, k + 1),
            "the chance to fail": lambda n, k: 1 - luck(n, k),
            "how many ways": lambda n, k: luck(n, k) * 2**n,
            "one row of 8 wins": lambda n, k: 0.5**k,
            "a share of the seeds": lambda n, k: k / n,
        },
    ),
    "margins": (
        margins,
        stub,
        {
            "turn the sign": lambda m, c, h: [-one for one in margins(m, c, h)],
            "within each seed": lambda m, c, h: [
                (1 if h else -1) * m[s] - max((1 if h else -1) * v for row in c.values() for v in row.values())
                for s in m
            ],
            "against the mean": lambda m, c, h: [
                (1 if h else -1) * (m[s] - sum(row[s] for row in c.values()) / len(c)) for s in m
            ],
            "the weakest control": lambda m, c, h: [
                (1 if h else -1) * m[s] - min((1 if h else -1) * row[s] for row in c.values()) for s in m
            ],
            "where lower is better": lambda m, c, h: margins(m, c, True),
            "the first control alone": lambda m, c, h: [(1 if h else -1) * (m[s] - c["random"][s]) for s in m],
            "take the difference": lambda m, c, h: [
                max(row[s] for row in c.values()) if h else min(row[s] for row in c.values()) for s in m
            ],
            "not by how much": lambda m, c, h: [float(one > 0) for one in margins(m, c, h)],
            "expected (3,)": lambda m, c, h: margins(m, c, h)[0],
        },
    ),
    "objections": (
        OBJECTIONS,
        dict.fromkeys("PQRS", ...),
        {
            "which maps did not take part": OBJECTIONS | {"P": "fresh weights"},
            "could any map of single pixels": OBJECTIONS | {"Q": "other question"},
            "what does each of the two maps promise": OBJECTIONS | {"R": "perfect map"},
            "would they have agreed": OBJECTIONS | {"S": "stronger control"},
        },
    ),
    "deletion": (
        lambda area, x, a, f: area(f, a, x),
        stub,
        {
            "that is insertion": lambda area, x, a, f: area(x, a, f),
            "that is 1 − insertion": lambda area, x, a, f: 1 - area(x, a, f),
            "that is minus insertion": lambda area, x, a, f: -area(x, a, f),
            "it begins with the fill": lambda area, x, a, f: area(f, -a, x),
            "1 − deletion": lambda area, x, a, f: 1 - area(f, a, x),
            "does not know the attribution": lambda area, x, a, f: area(f, x, x),
            "signs count": lambda area, x, a, f: area(f, a.abs(), x),
            "the fill that is given": lambda area, x, a, f: area(-torch.ones_like(f), a, x),
            "area takes image": lambda area, x, a, f: area(f, a.argsort(), x[:2]),
            "have changed": lambda area, x, a, f: area(f, a.neg_(), x),
            "for 4 pixels": lambda area, x, a, f: area(f, a, x) + 1,
            "for 7 pixels": lambda area, x, a, f: area(f, a, x) + (len(x) != 4),
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
    "lucky_fill": (
        last_of_good,
        stub,
        {
            "the image itself": lambda w, x, good, poor: x.clone(),
            "this fill is black": lambda w, x, good, poor: -torch.ones_like(x),
            "good still inserts better": lambda w, x, good, poor: -x - 2,
            "both orders get the same": lambda w, x, good, poor: at_both_ends(w, x, good),
            "work on a clone": lambda w, x, good, poor: last_in_place(w, x, good),
            "the shape (1,)": lambda w, x, good, poor: x[:1],
            "for 9 pixels": lambda w, x, good, poor: 2 * x + 1 if len(x) == 4 else -x - 2,
        },
    ),
}
RIGHT_TOO = {
    "through_relu": [
        lambda x, g: torch.where((x > 0) & (g > 0), g, 0.0),
        lambda x, g: g.relu() * x.sign().relu(),
        lambda x, g: np.maximum(g.numpy(), 0) * (x.numpy() > 0),
        lambda x, g: (g * (x > 0)).clamp(min=0),
    ],
    "forget": [
        forget_by_hand,
        lambda network, names: forget_with(lambda weight: weight.uniform_(-0.2, 0.2))(network, names),
        lambda network, names: forget(network, list(reversed(names))),
    ],
    "mended": [
        mended_by_scipy,
        lambda b, a, x: (
            sum(rank_correlation(b[i : i + 1], a[i : i + 1], where=x[i : i + 1] > -1) for i in range(len(x))) / len(x)
        ),
        lambda b, a, x: rank_correlation(b, a, absolute=False, where=(x + 1) / 2 > 0.05).double().mean().item(),
    ],
    "owed": [
        owed_by_image,
        lambda m, t, f, i: (rank_correlation(m, t, where=i) - rank_correlation(m, f, where=i)).mean(),
        lambda m, t, f, i: owed(m, t, f, i).item(),
    ],
    "stability": [
        stability_by_index,
        lambda runs, ink: all_pairs(list(reversed(runs)), ink).mean().item(),
        lambda runs, ink: (with_itself(runs, ink) * len(runs) ** 2 - len(runs)) / (len(runs) * (len(runs) - 1)),
    ],
    "order": [order_by_key, order_by_lexsort, lambda v, g: order(v, g).tolist()],
    "max_sensitivity": [
        lambda *game: changes(*game).max().item(),
        lambda e, x, s: max(
            float(torch.linalg.vector_norm(e(x + s[i : i + 1]) - e(x)) / e(x).square().sum().sqrt())
            for i in range(len(s))
        ),
        lambda e, x, s: np.max([one.item() for one in changes(e, x, s)]),
    ],
    "auc": [auc_by_loop, auc_by_ranks, lambda a, b: ((a[:, None] - b).sign().mean() + 1) / 2],
    "luck": [luck_by_steps, lambda n, k: binom.sf(k - 1, n, 0.5), lambda n, k: 1 - luck(n, 0) + luck(n, k)],
    "margins": [
        margins_by_case,
        lambda m, c, h: torch.tensor(margins(m, c, h)),
        lambda m, c, h: tuple(margins_by_case(m, c, h).values()),
    ],
    "objections": [{k: v.upper() for k, v in OBJECTIONS.items()}, dict(reversed(OBJECTIONS.items()))],
    "deletion": [
        lambda area, x, a, f: area(x, -a, f),
        lambda area, x, a, f: area(image=f.clone(), attribution=a * 2 + 1, fill=x.clone()),
        lambda area, x, a, f: torch.tensor(area(f, a, x)),
    ],
    "lucky_fill": [
        lambda w, x, good, poor: 2 * x + 1,  # as far beyond the image as black lies before it
        lambda w, x, good, poor: x - w.sign() * torch.linspace(0, 1, len(x)).to(w)[good.argsort()],
        lambda w, x, good, poor: last_of_good(w, x, good, poor).tolist(),
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
}
