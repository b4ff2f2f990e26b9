"""The checks of notebook 04: counting modes, the distance from equal shares, and packing."""

import math

import torch

from course_lib.learn.exercises import check

_CENTRES = torch.tensor([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 4.0]])
# Two points on the first mode, one just inside 3σ of the second, one just outside 3σ of the third, one far from all.
_POINTS = torch.tensor([[0.1, 0.0], [-0.2, 0.1], [4.29, 0.0], [0.0, 4.35], [20.0, 20.0]])
_SIGMA = 0.1


@check("count_modes",
       todo="return how many centres have at least one point within 3σ",
       shows="right: a mode counts as soon as one point hits it, and points between the modes hit none")
def count_modes(answer):
    """``answer(points, centres, sigma)``: (N, 2), (modes, 2), number → how many modes, 2 for the example."""
    got = _number(answer(_POINTS.clone(), _CENTRES.clone(), _SIGMA))
    known = {
        3: "that counts the points that hit a mode: two of them hit the same one, so count modes",
        1: "only one mode was counted: is 3σ taken as 3·sigma, and not as sigma or its square?",
        4: "every mode was counted, also those with no point within 3σ: a far point lies nearest to some mode, too",
        5: "that is the number of points",
        0: "no mode was counted: is the distance compared with 3·sigma, in the right direction?",
    }
    if got == 2:
        others = torch.tensor([[4.0, 4.0], [0.0, 0.0]])
        again = _number(answer(others, _CENTRES.clone(), 1.0))
        return None if again == 2 else f"for two points on two other modes it gives {again:g}, expected 2"
    return known.get(got, f"for five points around four modes it gives {got:g}, expected 2")


@check("kl",
       todo="return the KL divergence of the histogram's shares from equal shares",
       shows="right: 0 for equal counts, log K when everything falls on one of K modes, and no NaN at an empty mode")
def kl(answer):
    """``answer(counts)``: (K,) whole numbers → Σ p log(p·K) with p = counts / Σ counts, in nats."""
    counts = torch.tensor([6, 3, 1, 2])
    got, p = _number(answer(counts.clone())), counts.double() / counts.sum()
    right = (p * (p * 4).log()).sum().item()
    known = {
        "this is the entropy: the KL divergence is log K minus it": -(p * p.log()).sum().item(),
        "the logarithm is of p alone: compare p with 1/K inside it": (p * p.log()).sum().item(),
        "the sign is reversed: a KL divergence is never negative": -right,
        "this is KL(equal ‖ shares), the other direction: it is infinite as soon as one mode is missed":
            -(0.25 * (p * 4).log()).sum().item(),
        "the counts were not divided by their sum: make shares of them first":
            (counts.double() * (counts.double() * 4).log()).sum().item(),
        "this is in bits: the course's log has base e": right / math.log(2),
        "this is the mean over the modes: add up instead": right / 4,
    }
    if abs(got - right) > 1e-4:
        for sentence, number in known.items():
            if abs(got - number) < 1e-4:
                return sentence
        return f"for the counts 6, 3, 1, 2 it gives {got:.4f}, expected {right:.4f}"
    empty = _number(answer(torch.tensor([5, 0, 5, 0])))
    if math.isnan(empty):
        return "with an empty mode it gives NaN: 0·log 0 has to count as 0 (torch.special.xlogy does that)"
    return None if abs(empty - math.log(2)) < 1e-4 else f"for 5, 0, 5, 0 it gives {empty:.4f}, expected log 2 = 0.6931"


@check("pack",
       todo="return the points in packs: each row holds ``size`` neighbours side by side",
       shows="right: the discriminator now sees several points at once, and none of them twice")
def pack(answer):
    """``answer(points, size)``: (N, C) → (N / size, size·C), neighbours side by side."""
    x = torch.arange(12.0).reshape(6, 2)
    got = answer(x.clone(), 3)
    assert isinstance(got, torch.Tensor), f"it returned a {type(got).__name__}, expected a tensor"
    right = x.reshape(2, 6)
    if got.shape != right.shape:
        if got.shape == (6, 6):
            return "shape (6, 6): each point is in several packs; N points make N / size packs"
        if got.shape == (3, 4):
            return "shape (3, 4): those are 3 packs of 2; `size` says how many points are in a pack"
        return f"6 points of 2 numbers in packs of 3 gave shape {tuple(got.shape)}, expected (2, 6)"
    if torch.equal(got, right):
        leaf = x.clone().requires_grad_()
        return None if answer(leaf, 2).requires_grad else (
            "the numbers are right, but cut off from the generator: do not detach, it has to learn through them")
    if torch.equal(got, x.T.reshape(2, 6)):
        return "the coordinates were torn apart: all x came first, then all y; keep each point's numbers together"
    return f"the first pack is {got[0].tolist()}, expected {right[0].tolist()}: three whole points, one after the other"


def _number(result):
    result = torch.as_tensor(result)
    assert result.numel() == 1, f"it returned {result.numel()} numbers, expected one"
    return result.double().item()
