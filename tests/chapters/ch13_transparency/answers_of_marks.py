"""Answers to the checks of lesson 13.5."""

import numpy as np
import torch
from scipy.ndimage import uniform_filter
from torch.nn.functional import avg_pool2d, pad

from course_lib.audit import edits, watermark


def stub(*args):
    raise NotImplementedError("your turn")


def by_pool(images, key):
    mean = avg_pool2d(pad(images, (1, 1, 1, 1), mode="replicate"), 3, 1)
    return ((images - mean) * key).mean((1, 2, 3))


def by_numpy(images, key):
    rest = images.numpy() - uniform_filter(images.numpy(), (0, 0, 3, 3), mode="nearest")
    return [float((one * key.numpy()).mean()) for one in rest]


def by_product(images, key):
    rest = (images - edits.local_mean(images)).flatten(1)
    return rest @ key.flatten() / key.numel()


PLACES = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]


def loudest(listen, images, key):
    return torch.stack([listen(images, key.roll(place, (1, 2))) for place in PLACES]).amax(0)


def nine(listen, images, key, unmarked):
    return loudest(listen, images, key) > loudest(listen, unmarked, key).quantile(0.99)


def by_numpy_again(listen, images, key, unmarked):
    return (loudest(listen, images, key) > np.quantile(loudest(listen, unmarked, key).numpy(), 0.99)).numpy()


def by_moving_pictures(listen, images, key, unmarked):
    def score(x):
        return torch.stack([listen(x.roll(place, (2, 3)), key) for place in PLACES]).amax(0)

    threshold = score(unmarked).sort().values[-11]
    return [bool(one > threshold) for one in score(images)]


def old_threshold(listen, images, key, unmarked):
    return loudest(listen, images, key) > listen(unmarked, key).quantile(0.99)


def guess(marked, others):
    return marked.mean(0) - others.mean(0)


ANSWERS = {
    "heard": (
        by_pool,
        stub,
        {
            "drowns the key": lambda images, key: (images * key).mean((1, 2, 3)),
            "listens to the local mean": lambda images, key: (edits.local_mean(images) * key).mean((1, 2, 3)),
            "the wrong sign": lambda images, key: -by_pool(images, key),
            "the sum over the pixels": lambda images, key: by_pool(images, key) * key.numel(),
            "one number for all": lambda images, key: by_pool(images, key).mean(),
            "for 4 pictures": lambda images, key: watermark.hear(images, key, 5),
        },
    ),
    "verdicts": (
        nine,
        stub,
        {
            "when the threshold is set, too": old_threshold,
            "moved by a pixel it finds": lambda listen, x, key, un: listen(x, key) > listen(un, key).quantile(0.99),
            "return True or False": lambda listen, x, key, un: loudest(listen, x, key),
            "wanted about 1%": lambda listen, x, key, un: (
                loudest(listen, x, key) > loudest(listen, un, key).quantile(0.5)
            ),
            "the shape": lambda listen, x, key, un: nine(listen, x, key, un)[:3],
        },
    ),
    "silenced": (
        lambda marked, others: (marked - 1.5 * watermark.estimate_key(marked, others)).clamp(-1, 1),
        stub,
        {
            "still heard in": lambda marked, others: marked,
            "changed by more than the mark did": lambda marked, others: edits.blurred(marked),
            "heard in 0%": lambda marked, others: edits.shifted_by(marked),
            "cut them off": lambda marked, others: marked - 1.5 * guess(marked, others),
            "the mark is still heard": lambda marked, others: (marked + guess(marked, others)).clamp(-1, 1),
        },
    ),
}

RIGHT_TOO = {
    "heard": [by_numpy, by_product],
    "verdicts": [by_numpy_again, by_moving_pictures],
    "silenced": [
        lambda marked, others: (marked - 0.1 * torch.sign(watermark.estimate_key(marked, others))).clamp(-1, 1),
        lambda marked, others: (marked - 1.2 * guess(marked, others)).clamp(-1, 1),
    ],
}
