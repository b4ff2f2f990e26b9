"""Answers to the checks of lesson 14.3."""

import math


def stub(*args):
    raise NotImplementedError("your turn")


def write_at_once(name, text, write, rename):
    write(f"{name}.part", text)
    rename(f"{name}.part", name)


def hidden_name(name, text, write, rename):
    write("." + name, text)
    rename("." + name, name)


def two_renames(name, text, write, rename):
    write("a", text)
    rename("a", "b")
    rename("b", name)


def in_place(name, text, write, rename):
    write(name, text)


def copied(name, text, write, rename):
    write(name + ".part", text)
    write(name, text)


def never_renamed(name, text, write, rename):
    write(name + ".part", text)


def too_early(name, text, write, rename):
    rename(name + ".part", name)
    write(name + ".part", text)


def fastest(serial, parallel, workers):
    return serial + parallel / workers


def by_share(serial, parallel, workers):
    total = serial + parallel
    return total * (serial / total + (parallel / total) / workers)


def one_worker_at_a_time(serial, parallel, workers):
    return serial + max(parallel / workers for _ in range(workers))


def seeds_needed(difference, one, other):
    return math.ceil(1.645**2 * (one**2 + other**2) / difference**2)


def counted_up(difference, one, other):
    n = 1
    while difference < 1.645 * math.sqrt((one**2 + other**2) / n):
        n += 1
    return n


def by_variance(difference, one, other):
    spread = one * one + other * other
    return -int(-spread * (1.645 / difference) ** 2 // 1)


RIGHT = {"P": "best of many", "Q": "left out", "R": "tuned on them", "S": "other code"}

ANSWERS = {
    "write_at_once": (
        write_at_once,
        stub,
        {
            "holds half a text": in_place,
            "is left over": copied,
            "and not the text": never_renamed,
            "there is no such file yet": too_early,
        },
    ),
    "fastest": (
        fastest,
        stub,
        {
            "that divides what is done one after the other, too": lambda s, p, w: (s + p) / w,
            "that is how many times as fast": lambda s, p, w: (s + p) / (s + p / w),
            "that leaves out what is done one after the other": lambda s, p, w: p / w,
            "that divides the wrong part": lambda s, p, w: s / w + p,
        },
    ),
    "seeds_needed": (
        seeds_needed,
        stub,
        {
            "round up": lambda d, a, b: 1.645**2 * (a**2 + b**2) / d**2,
            "one too few": lambda d, a, b: int(1.645**2 * (a**2 + b**2) / d**2),
            "add the squares": lambda d, a, b: math.ceil(1.645**2 * (a + b) ** 2 / d**2),
            "the scatter of both counts": lambda d, a, b: math.ceil(1.645**2 * a**2 / d**2),
            "that is √n": lambda d, a, b: math.ceil(1.645 * math.hypot(a, b) / d),
            "must be squared, too": lambda d, a, b: math.ceil(1.645 * (a**2 + b**2) / d**2),
        },
    ),
    "what_misled": (
        RIGHT,
        stub,
        {
            "how would the mean of all twenty look": RIGHT | {"P": "left out"},
            "what do the three that are missing have in common": RIGHT | {"Q": "other code"},
            "by which seeds was the step size chosen": RIGHT | {"R": "best of many"},
            "did all the results come out of the same program": RIGHT | {"S": "tuned on them"},
        },
    ),
}

RIGHT_TOO = {
    "write_at_once": [hidden_name, two_renames],
    "fastest": [by_share, one_worker_at_a_time],
    "seeds_needed": [counted_up, by_variance],
    "what_misled": [{k: v.upper() for k, v in RIGHT.items()}, dict(reversed(RIGHT.items()))],
}
