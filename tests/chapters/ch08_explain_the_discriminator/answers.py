"""Answers to chapter 08's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

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


def above(real, fake):
    difference = real[:, None] - fake[None]
    return (difference > 0).float().mean() + 0.5 * (difference == 0).float().mean()


def pairs(count):
    """A mistaken `above`: the mean of `count` over all pairs."""
    return lambda real, fake: sum(count(a, b) for a in real for b in fake) / (len(real) * len(fake))


def values_of(value, picture, order, cover, keep=True):
    left, found = picture.clone(), [value(picture).item()]
    for pixel in order:
        left = left if keep else picture.clone()
        left.view(-1)[pixel] = cover.reshape(-1)[pixel]
        found.append(value(left).item())
    return found


def mean(values):
    return sum(values) / len(values)


def deletion(value, picture, order, cover):
    return mean(values_of(value, picture, order, cover))


def deletion_at_once(value, picture, order, cover):
    """All pictures in one batch, from the rank of each pixel."""
    rank = torch.empty(len(order), dtype=torch.long)
    rank[torch.tensor(order)] = torch.arange(len(order))
    gone = rank.view(1, *picture.shape[1:]) < torch.arange(len(order) + 1).view(-1, 1, 1, 1)
    return value(torch.where(gone, cover, picture)).mean()


def deletion_by_numpy(value, picture, order, cover):
    left, new, found = picture.numpy().copy().ravel(), cover.numpy().ravel(), []
    for pixel in [None, *order]:
        if pixel is not None:
            left[pixel] = new[pixel]
        found.append(value(torch.from_numpy(left.reshape(picture.shape))))
    return float(np.mean([one.item() for one in found]))


def deletion_in_place(value, picture, order, cover):
    found = [value(picture).item()]
    for pixel in order:
        picture.view(-1)[pixel] = cover.view(-1)[pixel]
        found.append(value(picture).item())
    return mean(found)


def left(none, home, moved):
    return (moved - none) / (home - none)


def mass(found, mask):
    positive = found.clamp(min=0)
    return (positive * mask).sum((1, 2, 3)) / positive.sum((1, 2, 3)).clamp(min=1e-12)


def mass_one_by_one(found, mask):
    shares = []
    for one in found[:, 0]:
        total = sum(v for v in one.flatten().tolist() if v > 0)
        shares.append(sum(v for v in one[mask].tolist() if v > 0) / total if total else 0.0)
    return shares


def mass_without_zero(found, mask):
    positive = found.clamp(min=0)
    return (positive * mask).sum((1, 2, 3)) / positive.sum((1, 2, 3))


def mass_in_place(found, mask):
    return mass(found.clamp_(min=0), mask)


def holes(maps, count):
    rows = maps.flatten(1)
    return torch.zeros_like(rows).scatter_(1, rows.topk(count, dim=1).indices, -1.0).view_as(maps)


def holes_by_sorting(maps, count):
    made = torch.zeros_like(maps)
    for one, into in zip(maps, made, strict=True):
        for pixel in one.flatten().argsort(descending=True)[:count]:
            into.view(-1)[pixel] = -1
    return made


def holes_by_rank(maps, count):
    rank = (-maps.flatten(1)).argsort(dim=1).argsort(dim=1)
    return -(rank < count).float().view_as(maps)


def holes_of_all(maps, count):
    return holes(maps.view(1, 1, 1, -1), count).view_as(maps)


ANSWERS = {
    "above": (
        above,
        stub,
        {
            "do not count at all": pairs(lambda a, b: float(a > b)),
            "count in full": pairs(lambda a, b: float(a >= b)),
            "order is turned": lambda real, fake: above(fake, real),
            "not their share": lambda real, fake: above(real, fake) * len(real) * len(fake),
            "mean difference": lambda real, fake: real.mean() - fake.mean(),
            "cut at 0": lambda real, fake: ((real > 0).float().mean() + (fake < 0).float().mean()) / 2,
            "others were left out": pairs(lambda a, b: 0.5 * float(a == b)),
            "compared with one fake": lambda real, fake: (real[: len(fake)] > fake[: len(real)]).float().mean(),
            "expected one": lambda real, fake: (real[:, None] > fake[None]).float(),
            "for 5 real and 3 fake": lambda real, fake: 0.25,
        },
    ),
    "deletion": (
        deletion,
        stub,
        {
            "untouched picture is missing": lambda *x: mean(values_of(*x)[1:]),
            "last picture is missing": lambda *x: mean(values_of(*x)[:-1]),
            "both the untouched": lambda *x: mean(values_of(*x)[1:-1]),
            "that is the sum": lambda *x: sum(values_of(*x)),
            "one picture more": lambda v, p, o, c: sum(values_of(v, p, o, c)) / len(o),
            "value of the last picture": lambda *x: values_of(*x)[-1],
            "least important": lambda v, p, o, c: deletion(v, p, o[::-1], c),
            "row by row": lambda v, p, o, c: deletion(v, p, sorted(o), c),
            "pixels come in": lambda v, p, o, c: deletion(v, c, o, p),
            "one pixel is gone at a time": lambda *x: mean(values_of(*x, keep=False)),
            "become black": lambda v, p, o, c: deletion(v, p, o, -torch.ones_like(c)),
            "which is grey": lambda v, p, o, c: deletion(v, p, o, torch.zeros_like(c)),
            "how far the value fell": lambda v, p, o, c: v(p).item() - deletion(v, p, o, c),
            "itself was changed": deletion_in_place,
            "it takes pictures": lambda v, p, o, c: v(p[0]),
            "for a picture of 3 × 4": lambda *x: 2 * deletion(*x) + 1,
        },
    ),
    "share_left": (
        left,
        stub,
        {
            "effect itself": lambda none, home, moved: moved - none,
            "compares the fakeness": lambda none, home, moved: moved / home,
            "divided by the fakeness": lambda none, home, moved: (moved - none) / home,
            "share that was lost": lambda *x: 1 - left(*x),
            "upside down": lambda none, home, moved: (home - none) / (moved - none) if moved != none else 0.0,
            "size has no sign": lambda *x: abs(left(*x)),
            "cut off at 0 and 1": lambda *x: min(1, max(0, left(*x))),
            "per cent": lambda *x: 100 * left(*x),
            "for -0.2 without": lambda *x: 0.1,
        },
    ),
    "mass": (
        mass,
        stub,
        {
            "negative values count there": lambda f, m: (f * m).sum((1, 2, 3)) / f.sum((1, 2, 3)),
            "with their size": lambda f, m: mass(f.abs(), m),
            "mass inside: divide": lambda f, m: (f.clamp(min=0) * m).sum((1, 2, 3)),
            "share outside": lambda f, m: mass(f, ~m),
            "counts pixels": lambda f, m: mass((f > 0).float(), m),
            "mass outside": lambda f, m: (
                (f.relu() * m).sum((1, 2, 3)) / (f.relu() * ~m).sum((1, 2, 3)).clamp(min=1e-12)
            ),
            "one sum": lambda f, m: (f.relu() * m).sum((1, 2, 3)) / f.relu().sum(),
            "one number for 3 maps": lambda f, m: mass(f, m).mean(),
            "means were divided": lambda f, m: mass(f, m) * m.numel() / m.sum(),
            "NaN": mass_without_zero,
            "were changed": mass_in_place,
            "returned the shape": lambda f, m: f.relu() * m,
            "all of it is 2 times": lambda f, m: 2 * mass(f, m),
        },
    ),
    "holes": (
        holes,
        stub,
        {
            "lowest pixels": lambda a, k: holes(-a, k),
            "same holes": lambda a, k: holes(a, k)[:1].expand_as(a),
            "are white": lambda a, k: -holes(a, k),
            "are swapped": lambda a, k: -1 - holes(a, k),
            "highest by size": lambda a, k: holes(a.abs(), k),
            "shows the map": lambda a, k: torch.where(holes(a, k) < 0, -1.0, a),
            "too many": lambda a, k: holes(a, k + 1),
            "too few": lambda a, k: holes(a, max(k - 1, 0)),
            "all maps together": holes_of_all,
            "returned the shape": lambda a, k: holes(a, k).flatten(1),
            "for 3 maps of 4 × 5": lambda a, k: 0.1 * a,
        },
    ),
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
    "above": [
        pairs(lambda a, b: 0.5 * (float(a > b) + float(a >= b))),
        lambda real, fake: (real[:, None] - fake[None]).sign().add(1).div(2).mean(),
        lambda real, fake: (np.sign(np.subtract.outer(real.numpy(), fake.numpy())).mean() + 1) / 2,
        lambda real, fake: torch.heaviside(real[:, None] - fake, torch.tensor(0.5)).double().mean().item(),
    ],
    "deletion": [deletion_at_once, deletion_by_numpy, lambda *x: torch.tensor(values_of(*x)).mean()],
    "share_left": [
        lambda none, home, moved: 1 - (home - moved) / (home - none),
        lambda none, home, moved: (none - moved) / (none - home),
        lambda none, home, moved: torch.tensor((moved - none) / (home - none)),
    ],
    "mass": [
        mass_one_by_one,
        lambda f, m: mass_without_zero(f, m).nan_to_num(),
        lambda f, m: (f.relu()[:, 0] * m).flatten(1).sum(1) / (f.relu().flatten(1).sum(1) + 1e-12),
        lambda f, m: f.relu()[:, :, m].sum((1, 2)) / f.relu().sum((1, 2, 3)).clamp(min=1e-9),
    ],
    "holes": [holes_by_sorting, holes_by_rank, lambda a, k: holes(a.double(), k)],
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
