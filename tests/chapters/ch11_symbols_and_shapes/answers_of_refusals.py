"""Answers to lesson 11.3's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import numpy as np
import torch


def stub(*args):
    raise NotImplementedError("your turn")


def limits(rows, share):
    return torch.stack([rows.quantile((1 - share) / 2, 0), rows.quantile((1 + share) / 2, 0)])


def in_one_call(rows, share):
    edge = (1 - share) / 2
    return rows.quantile(torch.tensor([edge, 1 - edge], dtype=rows.dtype), dim=0)


def with_numpy(rows, share):
    return np.percentile(rows.numpy(), [50 * (1 - share), 50 * (1 + share)], axis=0)


def deviations(rows, share):
    return torch.stack([rows.mean(0) - 2 * rows.std(0), rows.mean(0) + 2 * rows.std(0)])


def as_many(lead, kept):
    mine = torch.zeros_like(kept)
    mine[lead.argsort(descending=True)[: int(kept.sum())]] = True
    return mine


def by_rank(lead, kept):
    return lead.argsort(descending=True).argsort() < kept.sum()


def one_by_one(lead, kept):
    count, best = int(kept.sum()), sorted(range(len(lead)), key=lambda i: -lead[i])
    return [i in best[:count] for i in range(len(lead))]


def smallest(lead, kept):
    return as_many(-lead, kept)


def one_too_many(lead, kept):
    return lead.argsort(descending=True).argsort() <= kept.sum()


ANSWERS = {
    "limits": (
        limits,
        stub,
        {
            "have changed places": lambda rows, share: limits(rows, share).flip(0),
            "halve it": lambda rows, share: torch.stack([rows.quantile(1 - share, 0), rows.quantile(share, 0)]),
            "smallest and the largest": lambda rows, share: torch.stack([rows.amin(0), rows.amax(0)]),
            "one limit twice": lambda rows, share: torch.stack([rows.quantile(share, 0)] * 2),
            "it is to lie inside": lambda rows, share: torch.stack(
                [rows.quantile(share / 2, 0), rows.quantile(1 - share / 2, 0)]
            ),
            "use quantiles": deviations,
            "the shape": lambda rows, share: limits(rows, share).T,
        },
    ),
    "hole_filled": (
        lambda row: row["loops"] == 0 and row["thickness"] > 4.5,
        stub,
        {
            "an open 0 has no loop either": lambda row: row["loops"] == 0,
            "is one concept enough": lambda row: row["thickness"] > 4,
            "whose hole is open": lambda row: row["thickness"] > 5.5,
            "the other way round": lambda row: not (row["loops"] == 0 and row["thickness"] > 4.5),
            "are to be refused": lambda row: row["loops"] == 0 and row["thickness"] > 9,
            "at least 95%": lambda row: False,
            "it returned 'filled'": lambda row: "filled",
        },
    ),
    "as_many": (
        as_many,
        stub,
        {
            "the other filter keeps 29": lambda lead, kept: lead > 5,
            "that the other filter keeps": lambda lead, kept: kept,
            "the smallest lead": smallest,
            "it keeps 30": one_too_many,
            "the shape": lambda lead, kept: lead.topk(int(kept.sum())).indices,
            "other than 0 and 1": lambda lead, kept: lead * as_many(lead, kept),
        },
    ),
}

RIGHT_TOO = {
    "limits": [in_one_call, with_numpy],
    "hole_filled": [
        lambda row: row["thickness"] > 4.2 and row["loops"] < 1,
        lambda row: torch.tensor(row["thickness"] > 5 and row["loops"] == 0),
    ],
    "as_many": [by_rank, one_by_one],
}
