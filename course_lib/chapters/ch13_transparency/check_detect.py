"""The checks of lesson 13.4: a fair comparison, fakes that pass, and what an alarm is worth."""

from functools import cache
from typing import Any

import torch
from torch import Tensor

from course_lib import zoo
from course_lib.audit import detector, edits
from course_lib.chapters.ch13_transparency import generators
from course_lib.data import load
from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value
from course_lib.metrics import judge_outputs
from course_lib.models import Judge
from course_lib.runtime import Runtime

PASS, SAME = 0.7, 0.5  # shares of the fakes that have to pass, and that the judge has to read as before


@check(
    "fair_pair",
    todo="return the real and the generated pictures, both as a file with 8 bit would hold them",
    shows="right: no grey level is left that only one side can have",
)
def fair_pair(answer: Any) -> str | None:
    """``answer(real, fake)``: images in [−1, 1], real ones from files → both at 8 bit."""
    g = torch.Generator().manual_seed(5)
    for n, m, channels in ((6, 6, 1), (3, 5, 3)):
        real = edits.eight_bit(2 * torch.rand(n, channels, 8, 8, generator=g) - 1)
        fake = 2 * torch.rand(m, channels, 8, 8, generator=g) - 1
        right = edits.eight_bit(fake)
        got = answer(real.clone(), fake.clone())
        assert isinstance(got, tuple | list) and len(got) == 2, "return two things: the real pictures and the fakes"
        mine = [table(one, what="one of the two is") for one in got]
        if mine[0].shape == fake.shape != real.shape or _near(mine[0], right):
            return "real and generated have changed places"
        if mine[0].shape != real.shape or mine[1].shape != fake.shape:
            return f"the shapes are {tuple(mine[0].shape)} and {tuple(mine[1].shape)}: they have to stay as they were"
        if not _near(mine[0], real):
            return "the real pictures have changed: at 8 bit they stay as they are"
        if _near(mine[1], fake):
            return "the fakes are as they were, with grey levels that no file holds"
        if mine[1].min() < -1.001 or mine[1].max() > 1.001:
            return f"the fakes run from {mine[1].min():.3g} to {mine[1].max():.3g}: back to [−1, 1], please"
        if _near(mine[1], ((fake + 1) * 127.5).floor() / 127.5 - 1):
            return "cut off, and not rounded: each level has to go to the nearest one"
        if not _near(mine[1], right):
            return f"a fake's pixel is {(mine[1] - right).abs().max():.3g} away from its nearest grey level"
    return None


def _near(a: Tensor, b: Tensor) -> bool:
    return a.shape == b.shape and bool((a - b).abs().max() < 1e-4)


@cache
def _world() -> tuple[detector.Detector, float, Tensor, Judge, Tensor]:
    """A small detector of the zoo's VAE, its cut-off, fakes that it has not seen, and what a judge reads in them."""
    runtime = Runtime.auto(device="cpu", seed=0)
    real, heldout, judge = load("digits").images, load("digits", split="test").images, zoo.load("judge")
    vae = generators.from_the_zoo()[generators.MEANS]
    net = detector.train_detector(real, edits.eight_bit(vae(1500, 100)), runtime, steps=150)
    fakes = edits.eight_bit(vae(200, 7))
    cut = detector.cut_off(detector.scores(net, heldout), 0.05)
    return net, cut, fakes, judge, judge_outputs(fakes, judge)[0].argmax(1)


@check(
    "unnoticed",
    todo="return the fakes, changed so that most of them pass as real",
    shows="right: most of them pass, and the judge still reads most of them as before",
)
def unnoticed(answer: Any) -> str | None:
    """``answer(fakes)``: ``(N, 1, 28, 28)`` in [−1, 1] → the same shape."""
    net, cut, fakes, judge, before = _world()
    got = table(answer(fakes.clone()), fakes.shape).float()
    if got.min() < -1.001 or got.max() > 1.001:
        return f"the pictures run from {got.min():.3g} to {got.max():.3g}: cut them off with .clamp(-1, 1)"
    got = edits.eight_bit(got)
    passed = 1 - detector.rate(detector.scores(net, got), cut)
    same = (judge_outputs(got, judge)[0].argmax(1) == before).float().mean().item()
    if passed < PASS:
        return f"{passed:.0%} of them pass as real (wanted: {PASS:.0%}); the judge reads {same:.0%} as before"
    if same < SAME:
        return (
            f"{passed:.0%} pass, but the judge reads only {same:.0%} as before (wanted: {SAME:.0%}; chance: about 10%)"
        )
    return None


@check(
    "alarm_right",
    todo="return the share of alarms that are right",
    shows="right: with few fakes, most alarms are false",
)
def alarm_right(answer: Any) -> str | None:
    """``answer(hits, false_alarms, share)``: three shares → one."""
    for hits, false, share in ((0.9, 0.02, 0.1), (0.99, 0.01, 0.01), (0.8, 0.3, 0.5), (1.0, 0.0, 0.2)):
        got = number(answer(hits, false, share))
        caught = hits * share
        known = {
            "that is the share of fakes that are caught, not of alarms that are right": hits,
            "that is the share of caught fakes among all pictures: divide it by the share of alarms": caught,
            "only real pictures can give false alarms: weigh them by 1 − share": caught / (caught + false),
            "as if there were as many fakes as real pictures: weigh both by their shares": hits / (hits + false),
            "that is the share of alarms that are false": 1 - detector.share_right(hits, false, share),
            "that is the share of right answers among all pictures": caught + (1 - false) * (1 - share),
        }
        right = detector.share_right(hits, false, share)
        asked = f"for hits {hits}, false alarms {false}, share {share}"
        if wrong := wrong_value(got, right, known, asked):
            return wrong
    return None
