"""Checks of lessons 05.1 and 05.5: what a pixel costs, the bound on a grid, the mean of weights, the double sigmoid."""

import math
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value


@check(
    "bits_per_pixel",
    todo="return the bits that a pixel costs, from nats a picture and the number of pixels",
    shows="right: our pixels, each for itself, pay 0.38 bits; one that knows nothing pays 1",
)
def bits_per_pixel(answer: Any) -> str | None:
    """``answer(nats, pixels)`` → nats / (pixels · log 2)."""
    for nats, pixels in ((207.7, 784), (math.log(2), 1), (9000.0, 3072), (0.0, 784)):
        got, right = number(answer(nats, pixels)), nats / (pixels * math.log(2))
        known = {
            "this is bits a picture: share them among the pixels": nats / math.log(2),
            "these are nats a pixel: one bit is log 2 nats, so there are more bits than nats": nats / pixels,
            "multiplied by log 2: a nat is more than a bit, so divide": nats * math.log(2) / pixels,
            "this is with the logarithm of base 10: math.log10 is not math.log": [
                nats / (pixels * math.log10(2)),
                nats / (pixels * math.log(10)),
            ],
            "this is pixels per bit: turn it round": pixels * math.log(2) / nats if nats else math.inf,
            "the number of pixels is fixed at 784: it is given": nats / (784 * math.log(2)),
            "the sign is reversed": -right,
        }
        if wrong := wrong_value(got, right, known, f"for {nats:g} nats and {pixels:,} pixels"):
            return wrong
    return None


def _bell(z: Tensor, mean: float, sd: float) -> Tensor:
    return -0.5 * ((z - mean) / sd) ** 2 - math.log(sd * math.sqrt(2 * math.pi))


@check(
    "bound",
    todo="return the ELBO of one x by adding up over the grid",
    shows="right: with the posterior as q it is log p(x), with any other q it is less",
)
def bound(answer: Any) -> str | None:
    """``answer(log_q, log_joint, step)``: (causes,) each → Σ q · (log_joint − log_q) · step."""
    for causes, w, x, q, far in (
        (2001, 1.5, 2.0, (1.0, 0.6), 0.0),
        (801, -0.7, 1.0, (0.0, 1.0), 0.0),
        (2001, 1.5, 2.0, None, 0.0),  # None: the posterior
        (2001, 1.5, 2.0, (1.0, 0.1), 1000.0),
    ):
        z = torch.linspace(-8, 8, causes, dtype=torch.float64)
        log_joint, step = _bell(z, 0, 1) + _bell(x - w * z, 0, 0.8) - far, 16 / (causes - 1)
        evidence = log_joint.logsumexp(0) + math.log(step)  # log p(x)
        log_q = _bell(z, *q) if q else log_joint - evidence
        when = "with log_joint near −1000" if far else "with the posterior as q" if q is None else f"of {causes} causes"
        got, often = number(answer(log_q.clone(), log_joint.clone(), step)), log_q.exp() * step
        right = (often * (log_joint - log_q)).sum()
        known = {
            "the step is missing: a sum over the grid is an area only if each height is multiplied by its width": right
            / step,
            "this is the mean over the causes of the grid: q says how often each is drawn": [
                (log_joint - log_q).mean(),
                (often * (log_joint - log_q)).mean(),
            ],
            "log_q is not taken away: the ELBO is the mean of log p(z) p(x|z) minus log q": (often * log_joint).sum(),
            "the sign is reversed: this is minus the ELBO": -right,
            "the causes are weighed by p(z) p(x|z): the mean is over causes drawn from q": [
                (log_joint.exp() * step * (log_joint - log_q)).sum(),
                ((log_joint - evidence).exp() * step * (log_joint - log_q)).sum(),
            ],
            "log_q was taken for q itself: draw with its exponential": (log_q * step * (log_joint - log_q)).sum(),
            "this is log p(x) itself, the mean's logarithm: the ELBO is the mean of the logarithms": evidence
            if q
            else math.inf,
        }
        if wrong := wrong_value(got, right, known, when):
            return wrong
    return None


@check(
    "log_mean",
    todo="return the logarithm of each picture's mean weight",
    shows="right: also where the weights themselves would be rounded to 0, or overflow",
)
def log_mean(answer: Any) -> str | None:
    """``answer(log_w)``: (k, N) → log (1/k Σ e^log_w), (N,)."""
    g = torch.Generator().manual_seed(7)
    for k, n, shift, when in (
        (5, 3, 0.0, "of 5 draws for 3 pictures"),
        (2, 2, 0.0, "of 2 draws for 2 pictures"),
        (1, 4, 0.0, "of one draw, where it is that draw"),
        (6, 3, -1000.0, "near −1000"),
        (6, 3, 1000.0, "near 1000"),
    ):
        log_w = 2 * torch.randn(k, n, generator=g, dtype=torch.float64) + shift
        right = log_w.logsumexp(0) - math.log(k)
        try:
            got = table(answer(log_w.clone()))
        except AssertionError as wrong:
            if not shift:
                raise
            return (
                f"right for ordinary weights, but {when} {wrong}: e^−1000 is rounded to 0 and e^1000 is infinite, so "
                "never leave the logarithms; logsumexp does not"
            )
        assert got.shape == (n,), (
            f"for log-weights of shape {(k, n)} it gave shape {tuple(got.shape)}, expected {(n,)}: the draws of a "
            "picture are axis 0"
        )
        known = {
            "this is the mean of the logarithms: the bound by one draw": log_w.mean(0),
            "this is the logarithm of the sum: the weights are to be averaged, so take log k away": log_w.logsumexp(0),
            "k is taken away, and not its logarithm": log_w.logsumexp(0) - k,
            "the logarithm of the sum was divided by k: take log k away": log_w.logsumexp(0) / k,
            "these are mean weights: their logarithm is missing": log_w.exp().mean(0),
            "this is the largest weight alone": log_w.max(0).values,
            "the sign is reversed": -right,
            "averaged over the pictures, not over the draws: the draws are axis 0": log_w.logsumexp(1) - math.log(n)
            if k == n
            else right + math.inf,
        }
        if wrong_now := wrong_value(got, right, known, when):
            return wrong_now
    return None


@check(
    "floor",
    todo="return the least that each picture costs under the double sigmoid, in nats",
    shows="right: log 2 for each black pixel, 0.31 for each white one, and no training brings it lower",
)
def floor(answer: Any) -> str | None:
    """``answer(white)``: (N, pixels) of 0 and 1 → (N,)."""
    g = torch.Generator().manual_seed(8)
    black_cost, white_cost = math.log(2), math.log(1 + math.exp(-1))
    for n, pixels, share in ((4, 784, 0.13), (3, 3, 0.5), (1, 10, 0.0), (2, 10, 1.0)):
        white = (torch.rand(n, pixels, generator=g) < share).float()
        got = table(answer(white.clone()))
        assert got.shape == (n,), f"for {n} pictures it gave shape {tuple(got.shape)}, expected {(n,)}: one number each"
        whites = white.double().sum(1)
        blacks = pixels - whites
        right = blacks * black_cost + whites * white_cost
        known = {
            "the two prices are swapped: of a black pixel the best that can be said is ½": whites * black_cost
            + blacks * white_cost,
            "every pixel costs log 2 here: a white one can be called white with probability 0.73": 0 * whites
            + pixels * black_cost,
            "only the black pixels are counted: a white one is not sure, either": blacks * black_cost,
            "only the white pixels are counted: a black one costs log 2": whites * white_cost,
            "this is the mean over the pixels: add up": right / pixels,
            "this is in bits: the course's log has base e": right / math.log(2),
            "the white pixels are taken to cost what the logit 0 costs black: use the sigmoid of 1": blacks * black_cost
            + whites * math.log(1 + math.e),
            "the sign is reversed: a price is minus a logarithm": -right,
        }
        if wrong := wrong_value(got, right, known, f"for {n} pictures of {pixels} pixels"):
            return wrong
    return None
