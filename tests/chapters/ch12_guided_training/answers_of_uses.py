"""Answers to the checks of lesson 12.3."""

import numpy as np
import torch
from torch.nn.functional import avg_pool2d


def stub(*args):
    raise NotImplementedError("your turn")


def means(picture, side):
    return avg_pool2d(picture[None, None], side, 1)[0, 0]


def window(picture, side):
    found = means(picture, side)
    return divmod(int(found.argmax()), found.shape[1])


def window_by_loops(picture, side):
    height, width = picture.shape
    places = [(i, j) for i in range(height - side + 1) for j in range(width - side + 1)]
    return max(places, key=lambda at: picture[at[0] : at[0] + side, at[1] : at[1] + side].sum())


def window_by_sums(picture, side):
    sums = np.pad(picture.double().numpy().cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    boxes = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return np.array(np.unravel_index(boxes.argmax(), boxes.shape))


def without_border(picture, side):
    found = means(picture, side)[:-1, :-1]
    return divmod(int(found.argmax()), found.shape[1])


def regret(score, kept):
    return kept[score.index(min(score))] - min(kept)


def regret_by_numpy(score, kept):
    return np.array(kept)[np.argmin(score)] - np.min(kept)


def hidden(images, top, left, side):
    shown = images.clone()
    shown[..., top : top + side, left : left + side] = -1
    return shown


def hidden_by_where(images, top, left, side):
    rows, columns = torch.arange(images.shape[-2])[:, None], torch.arange(images.shape[-1])
    inside = (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
    return torch.where(inside, torch.tensor(-1.0), images)


def hidden_by_product(images, top, left, side):
    keep = torch.ones_like(images)
    keep[:, :, top : top + side, left : left + side] = 0
    return images * keep - (1 - keep)


def in_place(images, top, left, side):
    images[:, :, top : top + side, left : left + side] = -1
    return images


def filled(images, top, left, side, value):
    shown = images.clone()
    shown[..., top : top + side, left : left + side] = value
    return shown


def first_only(images, top, left, side):
    shown = images.clone()
    shown[0, :, top : top + side, left : left + side] = -1
    return shown


ANSWERS = {
    "window": (
        window,
        stub,
        {
            "the row comes first": lambda p, s: window(p, s)[::-1],
            "that is the highest pixel": lambda p, s: divmod(int(p.argmax()), p.shape[1]),
            "the window's middle": lambda p, s: [i + s // 2 for i in window(p, s)],
            "Python counts from 0": lambda p, s: [i + 1 for i in window(p, s)],
            "the lowest mean": lambda p, s: window(-p, s),
            "expected two numbers": lambda p, s: means(p, s).max(),
            "last row or column are missing": without_border,
        },
    ),
    "regret": (
        regret,
        stub,
        {
            "subtract the least one": lambda s, k: k[s.index(min(s))],
            "chooses and judges by the same": lambda s, k: min(s) - min(k),
            "which nobody knows": lambda s, k: 0.0,
            "the least is best": lambda s, k: k[s.index(max(s))] - min(k),
            "against the last": lambda s, k: k[s.index(min(s))] - k[-1],
            "the sign is turned": lambda s, k: -regret(s, k),
        },
    ),
    "hidden": (
        hidden,
        stub,
        {
            "has changed": in_place,
            "nothing is hidden": lambda x, t, left, s: x.clone(),
            "0 is grey": lambda x, t, left, s: filled(x, t, left, s, 0),
            "the window got brighter": lambda x, t, left, s: filled(x, t, left, s, 1),
            "rows and columns are swapped": lambda x, t, left, s: filled(x, left, t, s, -1),
            "only the first picture": first_only,
            "the slope is lost": lambda x, t, left, s: hidden(x, t, left, s).detach(),
        },
    ),
}

RIGHT_TOO = {
    "window": [window_by_loops, window_by_sums],
    "regret": [regret_by_numpy, lambda s, k: min(zip(s, k, strict=True))[1] - sorted(k)[0]],
    "hidden": [hidden_by_where, hidden_by_product],
}
