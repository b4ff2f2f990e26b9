"""The checks of lesson 11.5: what one place paints, a network of the learner's own, and what four reports lack."""

from typing import Any

import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.explain.graph import network_graph
from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import number, wrong_value
from course_lib.models import count_parameters

SEES, MOST_WEIGHTS = 18, 10_000


@check(
    "paints",
    todo="return how many rows a transposed convolution makes of p rows",
    shows="right: neighbours lie s rows apart, and what they paint overlaps",
)
def paints(answer: Any) -> str | None:
    """``answer(p, k, s)``: rows, rows of a kernel, stride → rows."""
    for p, k, s in ((7, 5, 3), (1, 4, 2), (4, 4, 2), (10, 3, 1), (3, 2, 5)):
        got = number(answer(p, k, s))
        known = {
            "neighbours lie s rows apart: from the first of p to the last there are only p − 1 steps": p * s + k,
            "the strides alone give where the last kernel begins: it paints k rows": [p * s, (p - 1) * s],
            "kernels do not stand end to end: they lie s rows apart": p * k,
            "that is what a place sees, looking back to the picture: here the picture lies ahead": p + (k - 1) * s,
            "that is for a stride of 1": p + k - 1,
            "stride and kernel have changed places": (p - 1) * k + s,
        }
        if wrong := wrong_value(got, (p - 1) * s + k, known, f"for p = {p}, k = {k}, s = {s}"):
            return wrong
    return None


@check(
    "own_network",
    todo="return a network that takes digits and gives one logit",
    shows=f"right: one logit a digit, and a place of your last maps sees {SEES} × {SEES} pixels",
)
def own_network(answer: Any) -> str | None:
    """``answer()`` → a module for digits ``(N, 1, 28, 28)``, whose last maps see ``SEES`` rows and columns."""
    network = answer()
    if network is None or network is ...:
        return None  # the caller says that nothing is returned yet
    assert isinstance(network, nn.Module), (
        f"it returned a {type(network).__name__}: return a module, such as nn.Sequential"
    )
    network.eval()
    try:
        with torch.no_grad():
            shape = tuple(network(torch.zeros(3, 1, 28, 28)).shape)
    except (RuntimeError, ValueError, TypeError) as problem:
        return f"it does not take digits (3, 1, 28, 28): {str(problem).splitlines()[0][:120]}"
    assert shape == (3, 1), f"it gives the shape {shape} for three digits: expected (3, 1), one logit each"
    weights = count_parameters(network)
    assert weights <= MOST_WEIGHTS, f"it has {weights:,} weights: at most {MOST_WEIGHTS:,} are allowed; use fewer maps"
    try:
        nodes = network_graph(network, (1, 28, 28))
    except CourseError as problem:
        return str(problem)
    maps = [node for node in nodes if node.kind.startswith("Conv2d") and node.shape[-1] > 1]
    assert maps, "it has no convolution with maps of several places: a place sees something only there"
    high, wide = maps[-1].sees or (0, 0)
    if (high, wide) == (SEES, SEES):
        return None
    more = "less" if max(high, wide) < SEES else "more"
    return f"a place of {maps[-1].name} sees {high} × {wide} pixels, {more} than {SEES} × {SEES}: reckon with r and j"


REPORTS = {
    "Ada": "untrained network",
    "Ben": "held-out pictures",
    "Cleo": "same background",
    "Dan": "change it, ask the network",
}


@check(
    "lacks", todo="replace … by one of the four controls", shows="right: each report lacks one control", function=False
)
def lacks(answer: Any) -> str | None:
    """``{"Ada": control, …, "Dan": control}``; nothing is judged before all four are filled in."""
    clue = {
        "Ada": "how much of it would be read from this network if nobody had trained it?",
        "Ben": "with more numbers than pictures, which pictures can any probe get right?",
        "Cleo": "what differs between the two kinds of photos, and is no matter of the animal?",
        "Dan": "it can be read; what would have to move if D decided by it?",
    }
    return misnamed(answer, REPORTS, tuple(REPORTS.values()), lambda name, _: clue[name])
