"""Answers to lesson 11.7's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

from itertools import combinations

import numpy as np
import torch


def stub(*args):
    raise NotImplementedError("your turn")


def lives(diagram):
    return diagram[:, 1] - diagram[:, 0]


def edges(nodes):
    return [(i, j) for (i, a), (j, b) in combinations(enumerate(nodes), 2) if a & b]


def edges_in_loops(nodes):
    found = set()
    for i, a in enumerate(nodes):
        for j in range(i + 1, len(nodes)):
            if not a.isdisjoint(nodes[j]):
                found.add((i, j))
    return found


def emptied(nodes):
    nodes[0].clear() if nodes else None
    return edges(nodes)


def mirrored(real):
    far = real.max() + real.abs().max() + 100
    return torch.cat([2 * far - real[:, :1], real[:, 1:]], 1)


def in_place(real):
    real += 1e4
    return real


ANSWERS = {
    "significant": (
        lambda diagram, band: (lives(diagram) > 2 * band).sum(),
        stub,
        {
            "compares with the band": lambda diagram, band: (lives(diagram) > band).sum(),
            "do not live long enough": lambda diagram, band: (lives(diagram) <= 2 * band).sum(),
            "compares deaths": lambda diagram, band: (diagram[:, 1] > 2 * band).sum(),
            "that is a share": lambda diagram, band: (lives(diagram) > 2 * band).double().sum() / max(len(diagram), 1),
            "counts every hole": lambda diagram, band: len(diagram),
            "expected one": lambda diagram, band: lives(diagram) > 2 * band,
        },
    ),
    "fool": (
        lambda real: real + 100 + torch.cdist(real, real).max(),
        stub,
        {
            "go at least 100 away": lambda real: real + 1,
            "is 0 from a real one": lambda real: real.clone(),
            "the merging distances differ": lambda real: real + 1000 * torch.rand_like(real),
            "move all points by the same": lambda real: 1000 * real,
            "expected (40, 8)": lambda real: real[:5] + 1000,
            "the real cloud has changed": in_place,
            "distances are rounded": lambda real: real + 1e12,
        },
    ),
    "mapper_edges": (
        edges,
        stub,
        {
            "in both directions": lambda nodes: edges(nodes) + [(j, i) for i, j in edges(nodes)],
            "is joined to itself": lambda nodes: edges(nodes) + [(i, i) for i in range(len(nodes))],
            "share nothing": lambda nodes: list(combinations(range(len(nodes)), 2)),
            "is missing": lambda nodes: edges(nodes)[:-1],
            "has i above j": lambda nodes: [(j, i) for i, j in edges(nodes)],
            "stands there twice": lambda nodes: edges(nodes) * 2,
            "the nodes have changed": emptied,
            "there is no such node": lambda nodes: [(i + 1, j + 1) for i, j in edges(nodes)] + [(0, len(nodes))],
        },
    ),
}
RIGHT_TOO = {
    "significant": [
        lambda diagram, band: int((lives(diagram) - 2 * band > 0).sum()),
        lambda diagram, band: sum(1.0 for birth, death in diagram.tolist() if death - birth > 2 * band),
        lambda diagram, band: np.count_nonzero(lives(diagram.numpy()) > 2 * band),
    ],
    "fool": [
        lambda real: real + 1e5,
        mirrored,
        lambda real: real.flip(0) + 1e4,
    ],
    "mapper_edges": [edges_in_loops, lambda nodes: torch.tensor(edges(nodes)), lambda nodes: tuple(edges(nodes)[::-1])],
}
