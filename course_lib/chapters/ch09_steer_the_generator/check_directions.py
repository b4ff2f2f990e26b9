"""Checks of lesson 09.1: the steepest direction, a direction that holds others."""

from typing import Any

import torch

from course_lib.learn.exercises import check
from course_lib.learn.numbers import near, table, wrong_value


@check(
    "steepest",
    todo="return the direction of length 1 that W stretches most",
    shows="right: no other direction of length 1 is stretched further, for tall and for wide matrices",
)
def steepest(answer: Any) -> str | None:
    """``answer(W)``: (rows, latent) → (latent,) of length 1; its sign is free."""
    return next((wrong for size in ((7, 4), (3, 5), (40, 10)) if (wrong := _steepest(answer, *size))), None)


def _steepest(answer: Any, rows: int, latent: int) -> str | None:
    W = torch.randn(rows, latent, generator=torch.Generator().manual_seed(11), dtype=torch.float64)
    given = W.float()
    got = table(answer(given), what="it gave")
    assert torch.equal(given, W.float()), "it changed W: work on a copy"
    W = W.float().double()
    if got.shape == (rows,) and rows != latent:
        return f"it gave {rows} numbers, one for each output: a direction of z has {latent}; ask Wᵀ W, not W Wᵀ"
    if got.shape == (latent, latent):
        return "those are all directions at once: return one of them"
    if got.shape in ((1, latent), (latent, 1)):
        return f"it gave shape {tuple(got.shape)}, expected ({latent},): one list of numbers"
    assert got.shape == (latent,), f"for {latent} latents it gave shape {tuple(got.shape)}, expected ({latent},)"
    values, vectors = torch.linalg.eigh(W.T @ W)  # from small to large
    right = vectors[:, -1]
    if values.shape == got.shape and any(near(got, one, 1e-3) for one in (values, values.flip(0))):
        return "those are the eigenvalues, how far each direction is stretched (squared): return the eigenvector"
    got = got if got @ right >= 0 else -got
    unit = got / got.norm().clamp(min=1e-12)
    if not near(got.norm(), torch.tensor(1.0).double(), 1e-4):
        what = "the direction is right, but" if near(unit, right, 1e-3) else "another direction, and"
        return f"{what} its length is {got.norm():.3g}, expected 1"
    if near(got, right, 1e-3):
        return None
    longest = W[W.norm(dim=1).argmax()]
    known = {
        "this is the direction that is stretched least: eigh sorts from small to large": vectors[:, 0],
        "eigenvectors are the columns, [:, i]; this is a row": vectors[-1],
        "eigenvectors are the columns, [:, i]; this is a row, and the first": vectors[0],
        "this is W's longest row: the steepest for one output, not for all together": longest / longest.norm(),
        "this is the axis that W stretches most: a direction may mix all latents": torch.eye(latent).double()[
            W.norm(dim=0).argmax()
        ],
        "this is the second of the list: the last column belongs to the largest eigenvalue": vectors[:, -2],
    }
    for sentence, wrong in known.items():
        if near(got.abs(), wrong.abs(), 1e-3) and abs(got @ wrong) > 0.999:
            return f"{sentence} (stretched by {(W @ got).norm():.3f}, at most {(W @ right).norm():.3f})"
    return f"it is stretched by {(W @ got).norm():.3f}; the steepest direction is stretched by {(W @ right).norm():.3f}"


@check(
    "hold_others",
    todo="return the part of n at right angles to all rows of others, at length 1",
    shows="right: by the fitted lines the other properties stay, and the own one rises",
)
def hold_others(answer: Any) -> str | None:
    """``answer(n, others)``: (latent,) and (k, latent) → (latent,) of length 1."""
    return next((wrong for k, latent in ((2, 6), (1, 3), (4, 9)) if (wrong := _hold(answer, k, latent))), None)


def _hold(answer: Any, k: int, latent: int) -> str | None:
    g = torch.Generator().manual_seed(9)
    n, others = torch.randn(latent, generator=g), torch.randn(k, latent, generator=g)
    others[1:] += 1.5 * others[0]  # not at right angles to one another
    given = n.clone(), others.clone()
    got = table(answer(*given), what="it gave")
    assert got.shape == (latent,), f"for {latent} latents it gave shape {tuple(got.shape)}, expected ({latent},)"
    assert torch.equal(given[0], n) and torch.equal(given[1], others), "it changed what it was given: work on copies"
    n, others = n.double(), others.double()
    q = torch.linalg.qr(others.T).Q
    rest, shadow = n - q @ (q.T @ n), q @ (q.T @ n)
    right = rest / rest.norm()
    at_once = n - (others @ n / others.square().sum(1)) @ others
    in_turn, raw = n, n - others.T @ (others @ n)
    for row in others:
        in_turn = in_turn - (in_turn @ row) / (row @ row) * row
    by_mean = n - (n @ others.mean(0)) / others.mean(0).square().sum() * others.mean(0)
    known = {
        "the direction is right, its length is not 1: divide by its length": [
            rest,
            rest / n.norm(),
            rest / rest.square().sum(),
            rest / rest.abs().sum(),
            rest / rest.abs().max(),
        ],
        "this is n at length 1: the others are not held": n / n.norm(),
        "this is n as it came in: the others are not held, and its length is not 1": n,
        "this is the part of n along the others, the one to take away": [shadow, shadow / shadow.norm()],
        "the sign is reversed: the own property would fall": -right,
        "all shadows were taken from n at once: the rows are not at right angles, so some part is taken twice; make "
        "them an orthonormal basis first": at_once / at_once.norm(),
        "one shadow was taken after the other, and the second step disturbs the first: make the rows an orthonormal "
        "basis": in_turn / in_turn.norm(),
        "the rows were used as if they had length 1 and right angles: make them an orthonormal basis": raw / raw.norm(),
        "only the mean of the others is held: hold each of them": by_mean / by_mean.norm(),
    }
    wrong = wrong_value(got, right, known, "another direction", within=1e-4)
    if wrong is None:
        return None
    left = (others @ got).abs()
    if wrong.startswith("another") and left.max() > 1e-3:
        return (
            f"multiplied with row {int(left.argmax())} of others it gives {left.max():.3f}, expected 0: that "
            f"property would change ({wrong})"
        )
    return f"it holds the others, but is not the part of n that is left: {wrong}" if wrong.startswith("an") else wrong
