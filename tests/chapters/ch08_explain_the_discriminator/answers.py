"""Answers to notebook 08's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import numpy as np
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


def into_a_clone(score, images, part, cover):
    changed = images.clone()
    changed[..., part] = cover[..., part]
    return score(images) - score(changed)


def filled(score, images, part, fill):
    return score(images) - score(images.masked_fill(part, fill))


TRUE = {"A": "wrong baseline", "B": "cut off at zero", "C": "batch norm", "D": "flattened head"}

ANSWERS = {
    "hires": (
        hires,
        stub,
        {
            "Grad-CAM": lambda a, s: (s.mean((2, 3), keepdim=True) * a).sum(1, keepdim=True),
            "negative parts": lambda a, s: hires(a, s).relu(),
            "averaged": lambda a, s: hires(a, s) / a.shape[1],
            "no absolute": lambda a, s: hires(a, s).abs(),
            "slopes only": lambda a, s: s.sum(1, keepdim=True),
            "one map for each": lambda a, s: a * s,
            "dropped axis 1": lambda a, s: hires(a, s)[:, 0],
            "returned the shape": lambda a, s: hires(a, s).sum(),
            "all of it is 2 times": lambda a, s: 2 * hires(a, s),
            "is not the sum over k": lambda a, s: hires(a, s) + 1,
            "over the images, too": lambda a, s: hires(a, s).sum(0),
            "over the positions": lambda a, s: (a * s).sum((2, 3)),
            "Grad-CAM, cut off": lambda a, s: (s.mean((2, 3), keepdim=True) * a).sum(1, keepdim=True).relu(),
            "before the sum": lambda a, s: (a * s).relu().sum(1, keepdim=True),
            "maps only": lambda a, s: a.sum(1, keepdim=True),
            "summed first": lambda a, s: a.sum(1, keepdim=True) * s.sum(1, keepdim=True),
            "largest of the K": lambda a, s: (a * s).amax(1, keepdim=True),
            "scaled": lambda a, s: hires(a, s) / hires(a, s).abs().max(),
            "turned": lambda a, s: -hires(a, s),
            "for maps (1, 2, 3, 6)": lambda a, s: (a[:, :4] * s[:, :4]).sum(1, keepdim=True) * (len(a) > 1),
        },
    ),
    "importance_of": (
        fall,
        stub,
        {
            "sign is turned": lambda *x: -fall(*x),
            "everything *but*": lambda f, x, p, c: fall(f, x, ~p, c),
            "painted black": lambda f, x, p, c: filled(f, x, p, -1.0),
            "which is grey": lambda f, x, p, c: filled(f, x, p, 0.0),
            "after the replacing": lambda f, x, p, c: f(x) - fall(f, x, p, c),
            "all of the picture": lambda f, x, p, c: f(x) - f(c),
            "changed the images": in_place,
            "a known score": lambda *x: fall(*x) * 0.5,
            "returned 6 numbers": lambda f, x, p, c: torch.zeros(6),
            "mean of the covers": lambda f, x, p, c: fall(f, x, p, c.mean(0)),
            "one and the same cover": lambda f, x, p, c: fall(f, x, p, c[:1]),
            "a share of the score": lambda f, x, p, c: fall(f, x, p, c) / f(x),
            "first image alone": lambda f, x, p, c: fall(f, x[:1], p, c[:1]),
            "added up": lambda f, x, p, c: fall(f, x, p, c) * len(x),
            "score takes images": lambda f, x, p, c: f(x[0]) - f(torch.where(p, c, x)[0]),
        },
    ),
    "cause": (
        TRUE,
        ...,
        {
            "still to name: B": TRUE | {"B": ...},
            "none of these": TRUE | {"C": "bad luck"},
            "missing glasses": TRUE | {"A": "batch norm", "C": "wrong baseline"},
            "published method": TRUE | {"B": "flattened head"},
            "which layer": TRUE | {"C": "wrong baseline"},
            "lose the place": TRUE | {"D": "cut off at zero"},
            "expected {": {"A": "batch norm"},
            "2 of 4 are right": TRUE | {"A": "batch norm", "C": "wrong baseline"},
            "named twice": TRUE | {"A": "batch norm"},
            "got list": list(TRUE.values()),
        },
    ),
}
RIGHT_TOO = {
    "hires": [
        lambda maps, slopes: (slopes * maps).sum(1)[:, None],
        lambda maps, slopes: torch.einsum("nkhw,nkhw->nhw", maps, slopes).unsqueeze(1),
        lambda maps, slopes: sum(maps[:, k] * slopes[:, k] for k in range(maps.shape[1]))[:, None],
        lambda maps, slopes: np.sum(maps.numpy() * slopes.numpy(), axis=1, keepdims=True),
        lambda maps, slopes: hires(maps.double(), slopes.double()),
        lambda maps, slopes: torch.mul(maps, slopes).mean(1, keepdim=True) * maps.shape[1],
    ],
    "importance_of": [
        lambda f, x, p, c: float(f(x) - f(torch.where(p, c, x))),
        into_a_clone,
        lambda f, x, p, c: f(x) - f(torch.where(p[None, None], c, x)),
        lambda f, x, p, c: f(x).item() - f(c.where(p, x)).item(),
        lambda f, x, p, c: np.float64(fall(f, x, p, c)),
    ],
    "cause": [
        {k: v.upper() for k, v in TRUE.items()},
        dict(reversed(TRUE.items())),
        {k: f"{v} " for k, v in TRUE.items()},
    ],
}
