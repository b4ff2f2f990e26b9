"""The checks of lesson 13.5: hearing a mark, hearing it at nine places, and taking it out."""

from functools import cache
from typing import Any

import torch
from torch import Tensor

from course_lib import zoo
from course_lib.audit import edits, watermark
from course_lib.audit.detector import cut_off, rate
from course_lib.data import load
from course_lib.learn.exercises import check
from course_lib.learn.numbers import table, wrong_value

HEARD, LOUDEST, QUALITY = 0.1, 0.03, 25.0  # at most heard; at most falsely heard; at least this PSNR


@check(
    "heard",
    todo="return the mean product of what the 3 × 3 mean leaves over and the key, a number for each picture",
    shows="right: the picture goes, the key stays",
)
def heard(answer: Any) -> str | None:
    """``answer(images, key)``: ``(N, 1, H, W)``, ``(1, H, W)`` → ``(N,)``."""
    g = torch.Generator().manual_seed(3)
    for n, h, w in ((4, 28, 28), (3, 8, 12)):
        images, key = 2 * torch.rand(n, 1, h, w, generator=g) - 1, watermark.new_key(n, (1, h, w))
        right, plain = watermark.hear(images, key), watermark.hear(images, key, side=1)
        mean = watermark.hear(edits.local_mean(images), key, side=1)
        got = table(answer(images.clone(), key.clone()))
        if got.shape == (1,) or got.ndim == 0:
            return "that is one number for all pictures: average over the pixels of each, .mean((1, 2, 3))"
        assert got.shape == (n,), f"it returned the shape {tuple(got.shape)}, expected ({n},): one number a picture"
        known = {
            "the picture itself drowns the key: subtract the local mean first": plain,
            "that listens to the local mean: subtract it from the picture": mean,
            "the local mean minus the picture has the wrong sign": -right,
            "that is the sum over the pixels: take their mean": right * h * w,
        }
        if wrong := wrong_value(got, right, known, f"for {n} pictures of {h} × {w} pixels"):
            return wrong
    return None


@cache
def _world() -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Training digits, held-out digits, a key, marked fakes, and other marked fakes."""
    data, real = load("digits").images, load("digits", split="test").images
    key = watermark.new_key(7)
    marked = watermark.mark(edits.eight_bit(zoo.load("dcgan-digits")(400, 7)), key)
    return data[:1000], real[:500], key, marked[:200], marked[200:]


def _listen(images: Tensor, key: Tensor) -> Tensor:
    return watermark.hear(images, key)


@check(
    "verdicts",
    todo="return True where the loudest of nine places is above a threshold that was set in the same way",
    shows="right: few false alarms, and a shift by a pixel no longer helps",
)
def verdicts(answer: Any) -> str | None:
    """``answer(listen, images, key, unmarked)``: a function, images, the key, real pictures → bool ``(N,)``."""
    data, real, key, marked, _ = _world()

    def asked(images: Tensor) -> Tensor:
        got = table(answer(_listen, images.clone(), key.clone(), data.clone()), (len(images),))
        assert bool(((got == 0) | (got == 1)).all()), "return True or False for each picture: scores > threshold"
        return got

    false, moved = asked(real).mean().item(), asked(edits.shifted_by(marked, 0, 1)).mean().item()
    opposite = asked(edits.shifted_by(marked, -1, -1)).mean().item()
    if false > LOUDEST:
        return (
            f"it hears the mark in {false:.1%} of real digits, wanted about 1%: whoever listens at nine places and "
            "takes the loudest, has to do so when the threshold is set, too"
        )
    if min(moved, opposite) < 0.9:
        return f"of marked pictures that were moved by a pixel it finds {min(moved, opposite):.0%}, wanted at least 90%"
    return None


@check(
    "silenced",
    todo="return the marked pictures with the mark taken out",
    shows="right: the mark is gone, and the pictures are hardly changed",
)
def silenced(answer: Any) -> str | None:
    """``answer(marked, others)``: ``(N, 1, 28, 28)`` marked, ``(M, 1, 28, 28)`` real → ``(N, 1, 28, 28)``."""
    data, _, key, *both = _world()
    threshold = cut_off(watermark.hear(data, key), 0.01)
    for marked in both:
        got = table(answer(marked.clone(), data.clone()), marked.shape).float()
        if got.min() < -1.001 or got.max() > 1.001:
            return f"the pictures run from {got.min():.3g} to {got.max():.3g}: cut them off with .clamp(-1, 1)"
        got = edits.eight_bit(got)
        still, near = rate(watermark.hear(got, key), threshold), watermark.psnr(marked, got)
        if near < QUALITY:
            return (
                f"heard in {still:.0%}, but the pictures have changed by more than the mark did: {near:.1f} dB beside "
                f"the marked ones (wanted: at least {QUALITY:g})"
            )
        if still > HEARD:
            return f"the mark is still heard in {still:.0%} of them (wanted: at most {HEARD:.0%}; {near:.1f} dB)"
    return None
