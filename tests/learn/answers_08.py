"""Answers to notebook 08's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import torch


def stub(*args):
    raise NotImplementedError("your turn")


def hires(maps, slopes):
    return torch.einsum("nkhw,nkhw->nhw", maps, slopes)[:, None]


def fall(score, images, part, cover):
    inside = part.to(images)
    return score(images) - score(images * (1 - inside) + cover * inside)


def in_place(score, images, part, cover):
    before = score(images)
    images[..., part] = cover[..., part]
    return before - score(images)


def filled(score, images, part, fill):
    return score(images) - score(images.masked_fill(part, fill))


TRUE = {"A": "wrong baseline", "B": "cut off at zero", "C": "batch norm", "D": "flattened head"}

ANSWERS = {
    "hires": (hires, stub, {
        "Grad-CAM": lambda a, s: (s.mean((2, 3), keepdim=True) * a).sum(1, keepdim=True),
        "negative parts": lambda a, s: hires(a, s).relu(),
        "averaged": lambda a, s: hires(a, s) / a.shape[1],
        "no absolute": lambda a, s: hires(a, s).abs(),
        "slopes only": lambda a, s: s.sum(1, keepdim=True),
        "one map for each": lambda a, s: a * s,
        "dropped axis 1": lambda a, s: hires(a, s)[:, 0],
        "returned the shape": lambda a, s: hires(a, s).sum(),
        "are not the sum": lambda a, s: 2 * hires(a, s),
    }),
    "importance_of": (fall, stub, {
        "sign is turned": lambda *x: -fall(*x),
        "everything *but*": lambda f, x, p, c: fall(f, x, ~p, c),
        "painted black": lambda f, x, p, c: filled(f, x, p, -1.0),
        "which is grey": lambda f, x, p, c: filled(f, x, p, 0.0),
        "after the replacing": lambda f, x, p, c: f(x) - fall(f, x, p, c),
        "all of the picture": lambda f, x, p, c: f(x) - f(c),
        "changed the images": in_place,
        "a known score": lambda *x: fall(*x) * 0.5,
        "returned 6 numbers": lambda f, x, p, c: torch.zeros(6),
    }),
    "cause": (TRUE, ..., {
        "still to name: B": TRUE | {"B": ...},
        "none of these": TRUE | {"C": "bad luck"},
        "missing glasses": TRUE | {"A": "batch norm", "C": "wrong baseline"},
        "published method": TRUE | {"B": "flattened head"},
        "which layer": TRUE | {"C": "wrong baseline"},
        "lose the place": TRUE | {"D": "cut off at zero"},
        "expected {": {"A": "batch norm"},
    }),
}
RIGHT_TOO = {
    "hires": [lambda maps, slopes: (slopes * maps).sum(1)[:, None]],
    "importance_of": [lambda f, x, p, c: float(f(x) - f(torch.where(p, c, x)))],
}
