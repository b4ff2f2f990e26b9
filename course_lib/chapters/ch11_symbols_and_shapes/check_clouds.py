"""The checks of lesson 11.7: holes that count, a cloud that fools a score of shape, the edges of a mapper graph."""

from itertools import combinations
from typing import Any

import torch

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value
from course_lib.metrics.topology import merging_distance_gap


@check(
    "significant",
    todo="return how many holes live longer than twice the band",
    shows="right: only lives above twice the band count",
)
def significant(answer: Any) -> str | None:
    """``answer(diagram, band)``: rows (birth, death), float64 ``(holes, 2)``; a number → one number."""
    births = torch.tensor([0.1, 0.2, 0.9, 1.5, 0.05, 0.3, 0.2, 0.3, 0.38], dtype=torch.float64)
    deaths = torch.tensor([1.3, 0.65, 1.0, 1.75, 0.6, 0.4, 0.22, 0.35, 0.39], dtype=torch.float64)
    rows = torch.stack([births, deaths], 1)  # with a band of 0.2, each mistake below counts another number
    for diagram, band in ((rows, 0.2), (rows, 0.05), (rows, 0.8), (rows[:1], 0.1), (rows[:0], 0.2)):
        got = number(answer(diagram.clone(), band))
        life = diagram[:, 1] - diagram[:, 0]
        known: dict[str, object] = {
            "that compares with the band: a hole must live longer than twice as long": (life > band).sum(),
            "that counts the holes that do not live long enough": (life <= 2 * band).sum(),
            "that compares deaths, not lives": (diagram[:, 1] > 2 * band).sum(),
            "that compares births, not lives": (diagram[:, 0] > 2 * band).sum(),
            "that is a share: return how many": (life > 2 * band).sum() / max(len(diagram), 1),
            "that counts every hole": len(diagram),
        }
        if wrong := wrong_value(got, (life > 2 * band).sum(), known, f"for {len(diagram)} holes and a band of {band}"):
            return wrong
    return None


@check(
    "fool",
    todo="return a cloud with the same distances within it, far from the real one",
    shows="right: every distance within the cloud is as it was, and no point is where a real one is",
)
def fool(answer: Any) -> str | None:
    """``answer(real)``: float64 ``(N, d)`` → ``(N, d)``, 100 or more from each real point, equal merging distances."""
    g = torch.Generator().manual_seed(31)
    for n, d, size in ((40, 8, 1.0), (25, 3, 200.0), (12, 2, 0.01)):
        real = size * torch.randn(n, d, generator=g, dtype=torch.float64)
        given = real.clone()
        got = table(answer(given), real.shape)
        assert given.equal(real), "the real cloud has changed: return another one"
        if got.abs().max() > 1e9:
            return "so far away that distances are rounded: stay below 1,000,000,000"
        nearest = torch.cdist(got, real, compute_mode="donot_use_mm_for_euclid_dist").min().item()
        off = merging_distance_gap(real, got)
        if off > 1e-5 * max(size, 1):
            return f"the merging distances differ by {off:.3g} for {n} points: move all points by the same"
        if nearest < 100:
            return f"a point is {nearest:.3g} from a real one, for {n} points as wide as {size:g}: go at least 100 away"
    return None


@check(
    "mapper_edges",
    todo="return a pair (i, j), i < j, for any two nodes that share a picture",
    shows="right: nodes that share a picture are joined, once",
)
def mapper_edges(answer: Any) -> str | None:
    """``answer(nodes)``: a list of sets of whole numbers → pairs of places in the list."""
    for nodes in (
        [{1, 2, 3}, {3, 4}, {5}, {4, 5, 9}, {2, 9}],
        [{10, 11}, {12}, {11, 12, 10}],
        [{1}, {2}],
        [],
    ):
        given = [set(node) for node in nodes]
        result = answer(given)
        assert given == nodes, "the nodes have changed: only look at them"
        got = _pairs(result)
        right = [(i, j) for i, j in combinations(range(len(nodes)), 2) if nodes[i] & nodes[j]]
        when = f"for {len(nodes)} nodes"
        if any(i == j for i, j in got):
            return f"{when}: a node is joined to itself; take pairs with i < j"
        if len(set(got)) < len(got):
            return f"{when}: an edge stands there twice"
        if {(j, i) for i, j in got} & set(got):
            return f"{when}: an edge stands there in both directions; take pairs with i < j"
        if any(i > j for i, j in got):
            return f"{when}: the pair {next(p for p in got if p[0] > p[1])} has i above j"
        lacks, extra = set(right) - set(got), set(got) - set(right)
        if extra:
            i, j = min(extra)
            both = f"{given[i]} and {given[j]} share nothing" if max(i, j) < len(nodes) else "there is no such node"
            return f"{when}: the pair {(i, j)} is no edge: {both}"
        if lacks:
            i, j = min(lacks)
            return f"{when}: the edge {(i, j)} is missing: {given[i]} and {given[j]} share {given[i] & given[j]}"
    return None


def _pairs(result: Any) -> list[tuple[int, int]]:
    assert isinstance(result, list | tuple | set) or hasattr(result, "shape"), (
        f"it returned a {type(result).__name__}, expected a list of pairs"
    )
    rows = sorted(result) if isinstance(result, set) else result
    if len(rows) == 0:
        return []
    got = table(list(rows) if isinstance(rows, tuple | list) else rows)
    assert got.ndim == 2 and got.shape[1] == 2, f"the shape is {tuple(got.shape)}, expected pairs (i, j)"
    assert (got == got.round()).all() and got.min() >= 0, "i and j are places in the list, whole numbers from 0 on"
    return [(int(i), int(j)) for i, j in got.tolist()]
