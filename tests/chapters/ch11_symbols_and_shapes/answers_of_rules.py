"""Answers to 11.1's and 11.2's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

from collections import Counter

import torch

from course_lib.explain.rules import Rule


def stub(*args):
    raise NotImplementedError("your turn")


def majority(seen, unseen):
    return (unseen == seen.bincount().argmax()).double().mean()


def counted(seen, unseen):
    favourite = Counter(seen.tolist()).most_common(1)[0][0]
    return sum(one == favourite for one in unseen.tolist()) / len(unseen)


def by_mode(seen, unseen):
    return (seen.mode().values == unseen).float().mean().item()


RULES = [
    Rule("loops", ">=", 2, 8),
    Rule("width", "<", 0.47, 1),
    Rule("ends", "<", 1, 0),
    Rule("height of the middle", ">=", 0.57, 7),
    Rule("loops", ">=", 1, 6),
]


def five_rules():
    return RULES, 5


def searched():
    return [
        Rule("ends", ">=", 3, 4),
        Rule("loops", "<", 1, 1),
        Rule("height of the middle", ">=", 0.546, 9),
        Rule("branches", "<", 1, 0),
        Rule("height of the middle", "<", 0.453, 6),
    ], 8


def tuple_of_rules():
    return tuple(RULES), 2


def levelled(images):
    return ((images + 1) * 127.5).round() / 127.5 - 1


def by_bytes(images):
    return ((images + 1) * 127.5 + 0.5).to(torch.uint8).float() / 127.5 - 1


def own_white(images):
    brightest = images.amax((1, 2, 3), keepdim=True)
    return (images + 1) * 2 / (brightest + 1) - 1


def share(slopes, v):
    return (slopes @ v > 0).double().mean()


def share_by_hand(slopes, v):
    return sum(float((row * v).sum()) > 0 for row in slopes) / len(slopes)


def share_by_sum(slopes, v):
    return ((slopes * v).sum(1) > 0).float().mean().item()


def p_value(value, randoms, tests):
    return min(1, tests * (1 + (randoms.abs() >= abs(value)).sum().item()) / (1 + len(randoms)))


def p_by_hand(value, randoms, tests):
    extreme = 1 + sum(1 for one in randoms if abs(one) >= abs(value))
    return torch.tensor(extreme / (len(randoms) + 1) * tests).clamp(max=1)


def p_by_rank(value, randoms, tests):
    both = torch.cat([randoms, torch.tensor([float(value)])]).abs()
    return ((both >= torch.tensor(float(value)).abs()).double().mean() * tests).clamp(max=1)


def p_with(extreme, times=lambda p, tests: min(1, p * tests)):
    return lambda value, randoms, tests: times(extreme(value, randoms), tests)


def fair(value, randoms):
    return (1 + (randoms.abs() >= abs(value)).sum().item()) / (1 + len(randoms))


ANSWERS = {
    "majority": (
        majority,
        stub,
        {
            "chooses on the unseen pictures": lambda seen, unseen: unseen.bincount().max() / len(unseen),
            "scores on the seen pictures": lambda seen, unseen: (seen == seen.mode().values).double().mean(),
            "most frequent answer itself": lambda seen, unseen: seen.mode().values,
            "divide by how many": lambda seen, unseen: (unseen == seen.mode().values).sum(),
            "guessing evenly": lambda seen, unseen: 1 / len(seen.unique()),
        },
    ),
    "five_rules": (
        five_rules,
        stub,
        {
            "these are 6 rules": lambda: ([*RULES, Rule("ends", ">=", 3, 4)], 5),
            "return two things": lambda: RULES,
            "rule 3 never decides": lambda: ([*RULES[:1], Rule("loops", "<", 2, 1), *RULES[2:]], 5),
            "times the rules say": lambda: ([Rule("loops", ">=", 2, 8), Rule("loops", ">=", 1, 0)], 1),
            "an answer is a class": lambda: (RULES, "else"),
            "a list of rules": lambda: (["loops >= 2: 8"], 1),
        },
    ),
    "levelled": (
        levelled,
        stub,
        {
            "no picture has changed": lambda images: images.clone(),
            "a pixel has moved": lambda images: images.sign(),
            "still tell which picture is real": lambda images: images * 0.999,
            "expected (200, 1, 6, 6)": lambda images: images.amax((1, 2, 3)),
            "have changed: work on new ones": lambda images: images.mul_(127.5).round_().div_(127.5),
        },
    ),
    "tcav_share": (
        share,
        stub,
        {
            "mean slope": lambda slopes, v: (slopes @ v).mean(),
            "count those above": lambda slopes, v: (slopes @ v < 0).double().mean(),
            "divide by how many": lambda slopes, v: (slopes @ v > 0).sum(),
            "counts single numbers": lambda slopes, v: (slopes * v > 0).double().mean(),
            "a slope of 0 counts": lambda slopes, v: (slopes @ v >= 0).double().mean(),
            "mean picture": lambda slopes, v: float(slopes.mean(0) @ v > 0),
        },
    ),
    "p_value": (
        p_value,
        stub,
        {
            "a chance of 0 cannot be had": p_with(lambda v, r: (r.abs() >= abs(v)).double().mean().item()),
            "looks to one side": p_with(lambda v, r: (1 + (r >= v).sum().item()) / (1 + len(r))),
            "many tests cost": p_with(fair, lambda p, tests: p),
            "more than 1 is no chance": p_with(fair, lambda p, tests: p * tests),
            "an equal one": p_with(lambda v, r: (1 + (r.abs() > abs(v)).sum().item()) / (1 + len(r))),
            "divide by the random ones and the concept": p_with(lambda v, r: fair(v, r) * (1 + len(r)) / len(r)),
        },
    ),
}
RIGHT_TOO = {
    "majority": (counted, by_mode),
    "five_rules": (searched, tuple_of_rules),
    "levelled": (by_bytes, own_white),
    "tcav_share": (share_by_hand, share_by_sum),
    "p_value": (p_by_hand, p_by_rank),
}
