"""Answers to the checks of lesson 13.6."""

import numpy as np
import torch
from sklearn.metrics import roc_auc_score, roc_curve


def stub(*args):
    raise NotImplementedError("your turn")


def pairs(members, outsiders):
    return members[:, None] > outsiders, members[:, None] == outsiders


def ranked(members, outsiders):
    above, tied = pairs(members, outsiders)
    return above.double().mean() + tied.double().mean() / 2


def by_sklearn(members, outsiders):
    return roc_auc_score([1] * len(members) + [0] * len(outsiders), torch.cat([members, outsiders]))


def by_loops(members, outsiders):
    points = sum((m > o) + 0.5 * (m == o) for m in members.tolist() for o in outsiders.tolist())
    return points / (len(members) * len(outsiders))


def hits(members, outsiders, share, more=0, top=True):
    allowed = int(round(share * len(outsiders), 6)) + more
    return (members > outsiders.sort(descending=top).values[max(allowed, 0)]).double().mean()


def hits_by_numpy(members, outsiders, share):
    ordered = np.sort(outsiders.numpy())[::-1]
    return float(np.mean(members.numpy() > ordered[round(share * len(ordered))]))


def hits_by_roc(members, outsiders, share):
    labels = [1] * len(members) + [0] * len(outsiders)
    false, true, _ = roc_curve(labels, torch.cat([members, outsiders]), drop_intermediate=False)
    return true[false <= share + 1e-9].max()


def hits_by_members(members, outsiders, share):
    return (members > members.sort(descending=True).values[int(share * len(members))]).double().mean()


RIGHT = {"P": "other pictures", "Q": "shares", "R": "low false alarms", "S": "same pictures"}

ANSWERS = {
    "ranked_first": (
        ranked,
        stub,
        {
            "add half of them": lambda m, o: pairs(m, o)[0].double().mean(),
            "half of each": lambda m, o: (m[:, None] >= o).double().mean(),
            "members come first": lambda m, o: 1 - ranked(m, o),
            "divide by how many": lambda m, o: ranked(m, o) * len(m) * len(o),
            "compare every pair": lambda m, o: m.mean() - o.mean(),
        },
    ),
    "hits_at": (
        hits,
        stub,
        {
            "one false alarm too few": lambda m, o, s: hits(m, o, s, -1),
            "one false alarm too many": lambda m, o, s: hits(m, o, s, 1),
            "let the outsiders set it": hits_by_members,
            "at the other end": lambda m, o, s: hits(m, o, s, top=False),
            "below the threshold": lambda m, o, s: 1 - hits(m, o, s),
            "divide by how many": lambda m, o, s: hits(m, o, s) * len(m),
        },
    ),
    "what_spoils": (
        RIGHT,
        dict.fromkeys("PQRS", ...),
        {
            "what else differs": RIGHT | {"P": "shares"},
            "calls everybody a member": RIGHT | {"Q": "same pictures"},
            "the few who are found": RIGHT | {"R": "shares"},
            "drawn by lot": RIGHT | {"S": "low false alarms"},
        },
    ),
}

RIGHT_TOO = {
    "ranked_first": [by_sklearn, by_loops],
    "hits_at": [hits_by_numpy, hits_by_roc],
    "what_spoils": [{k: v.upper() for k, v in RIGHT.items()}, dict(reversed(RIGHT.items()))],
}
