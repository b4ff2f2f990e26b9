"""Answers to the checks of lesson 14.1."""

from course_lib.models.dcgan import PLANS

SIZES = sorted(PLANS)


def stub(*args):
    raise NotImplementedError("your turn")


def fit(side):
    return max((size for size in SIZES if size <= side), default=SIZES[0])


def size_for(heights, widths):
    return fit(min([*heights, *widths]))


def by_loop(heights, widths):
    best = SIZES[0]
    for size in SIZES:
        if all(size <= h and size <= w for h, w in zip(heights, widths, strict=True)):
            best = size
    return best


def by_arithmetic(heights, widths):
    side = min(min(heights), min(widths))
    return min(64, max(28, side - side % 4))


def learned(generator, untrained, real):
    passed = {name: abs(g - real[name]) < abs(g - untrained[name]) for name, g in generator.items()}
    return passed | {"copying": generator["copying"] <= real["copying"] + 0.1}


def by_middle(generator, untrained, real):
    found = {}
    for name in generator:
        if name == "copying":
            found[name] = not generator[name] - real[name] > 0.1
        else:
            middle = (untrained[name] + real[name]) / 2
            found[name] = (generator[name] > middle) == (real[name] > middle)
    return found


def by_share(generator, untrained, real):
    share = {k: (generator[k] - untrained[k]) / (real[k] - untrained[k]) > 0.5 for k in generator}
    return {k: generator[k] < real[k] + 0.1 if k == "copying" else v for k, v in share.items()}


RIGHT = {"P": "wrong labels", "Q": "mark in one class", "R": "rare class", "S": "twice the same"}

ANSWERS = {
    "size_for": (
        size_for,
        stub,
        {
            "the smallest decides": lambda h, w: fit(max(map(min, zip(h, w, strict=True)))),
            "one side alone": lambda h, w: fit(min(h)),
            "the middle square has": lambda h, w: fit(min(w)),
            "the networks come in the sizes": lambda h, w: min([*h, *w]),
            "blown up": lambda h, w: next((s for s in SIZES if s > fit(min([*h, *w]))), 10**6),
            "the shorter one": lambda h, w: fit(min(map(max, zip(h, w, strict=True)))),
        },
    ),
    "learned": (
        learned,
        stub,
        {
            "speaks of copies": lambda g, u, r: {k: abs(v - r[k]) < abs(v - u[k]) for k, v in g.items()},
            "the real one is nearer": lambda g, u, r: learned(g, u, r) | {"frechet": g["frechet"] > u["frechet"]},
            "the untrained one is nearer": lambda g, u, r: learned(g, u, r) | {"frechet": g["frechet"] < u["frechet"]},
            "expected {": lambda g, u, r: all(learned(g, u, r).values()),
            "True or False": lambda g, u, r: {k: int(v) for k, v in learned(g, u, r).items()},
        },
    ),
    "what_is_wrong": (
        RIGHT,
        dict.fromkeys("PQRS", ...),
        {
            "about the labels": RIGHT | {"P": "rare class"},
            "mean pictures": RIGHT | {"Q": "wrong labels"},
            "how many pictures each class has": RIGHT | {"R": "twice the same"},
            "there a second time": RIGHT | {"S": "rare class"},
        },
    ),
}

RIGHT_TOO = {
    "size_for": [by_loop, by_arithmetic],
    "learned": [by_middle, by_share],
    "what_is_wrong": [{k: v.upper() for k, v in RIGHT.items()}, dict(reversed(RIGHT.items()))],
}
