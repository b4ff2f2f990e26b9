"""Answers to the checks of lesson 13.4."""

import numpy as np
import torch

from course_lib.audit import edits


def stub(*args):
    raise NotImplementedError("your turn")


def level(x):
    return ((x + 1) * 127.5).round() / 127.5 - 1


def by_numpy(real, fake):
    again = np.round((fake.numpy() + 1) * 127.5).astype(np.uint8)
    return [real.numpy(), again.astype(np.float32) / 127.5 - 1]


def bayes(hits, false, share):
    return hits * share / (hits * share + false * (1 - share))


def odds(hits, false, share):
    x = np.inf if false == 0 else hits / false * share / (1 - share)
    return 1.0 if np.isinf(x) else x / (1 + x)


def counted(hits, false, share):
    fakes, real = 10_000 * share, 10_000 * (1 - share)
    return fakes * hits / (fakes * hits + real * false)


ANSWERS = {
    "fair_pair": (
        lambda real, fake: (real, level(fake)),
        stub,
        {
            "with grey levels that no file holds": lambda real, fake: (real, fake),
            "changed places": lambda real, fake: (level(fake), real),
            "the real pictures have changed": lambda real, fake: (edits.two_levels(real), edits.two_levels(fake)),
            "cut off, and not rounded": lambda real, fake: (real, ((fake + 1) * 127.5).floor() / 127.5 - 1),
            "back to [−1, 1]": lambda real, fake: (real, ((fake + 1) * 127.5).round()),
            "nearest grey level": lambda real, fake: (real, (fake * 10).round() / 10),
            "return two things": lambda real, fake: level(fake),
        },
    ),
    "unnoticed": (
        lambda fakes: (3 * fakes).clamp(-1, 1),
        stub,
        {
            "0% of them pass": edits.blurred,
            "of them pass as real": lambda fakes: fakes,
            "the judge reads 100% as before": lambda fakes: fakes,
            "cut them off": lambda fakes: 3 * fakes,
            "but the judge reads only": lambda fakes: edits.two_levels(fakes.flip(3)),
            "the shape": lambda fakes: fakes[:5],
        },
    ),
    "alarm_right": (
        bayes,
        stub,
        {
            "the share of fakes that are caught": lambda h, f, s: h,
            "divide it by the share": lambda h, f, s: h * s,
            "weigh them by 1 − share": lambda h, f, s: h * s / (h * s + f),
            "as many fakes as real": lambda h, f, s: h / (h + f),
            "alarms that are false": lambda h, f, s: 1 - bayes(h, f, s),
            "right answers among all": lambda h, f, s: h * s + (1 - f) * (1 - s),
        },
    ),
}

RIGHT_TOO = {
    "fair_pair": [
        by_numpy,
        lambda real, fake: (level(real), level(fake)),
        lambda real, fake: (edits.eight_bit(real), edits.eight_bit(fake)),
    ],
    "unnoticed": [
        edits.two_levels,
        lambda fakes: torch.tanh(6 * fakes),
    ],
    "alarm_right": [odds, counted],
}
