"""The checks of lesson 11.6: which piece ends, holes from pieces of paper, a picture that catches a wrong neighbour."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import table, wrong_value
from course_lib.metrics.topology import picture_diagram

Rows = list[tuple[float, float]]


def reference_pieces(picture: Any, corners: bool = False) -> Rows:
    """Pieces of ink as the lesson's ``pieces`` gives them.

    Args:
        picture: ``(H, W)``, an array, a tensor or rows.
        corners: whether pixels are joined at corners, too.

    Returns:
        Rows ``(birth, death)``; the piece that never ends has the death −inf.
    """
    flat = np.asarray(picture, dtype=float)
    assert flat.ndim == 2, f"pieces takes one picture (H, W), and was given the shape {flat.shape}"
    owner, born, rows = -np.ones(flat.shape, int), list[float](), Rows()
    for at in sorted(np.ndindex(flat.shape), key=lambda at: -flat[at]):
        (i, j), now = at, float(flat[at])
        window = owner[max(i - 1, 0) : i + 2, max(j - 1, 0) : j + 2]
        if not corners:
            window = np.concatenate([owner[max(i - 1, 0) : i + 2, j], owner[i, max(j - 1, 0) : j + 2]])
        met = sorted(set(window.ravel().tolist()) - {-1}, key=lambda piece: (-born[piece], piece))
        owner[at] = met[0] if met else len(born)
        if not met:
            born.append(now)
        for younger in met[1:]:
            owner[owner == younger] = met[0]
            rows.append((born[younger], now))
    return [row for row in [*rows, (float(flat.max()), -math.inf)] if row[0] > row[1]]


@check(
    "which_ends",
    todo="return (birth, death) of the piece that ends",
    shows="right: the younger piece ends, now",
)
def which_ends(answer: Any) -> str | None:
    """``answer(a, b, t)``: two births and the brightness where the pieces meet → (birth, death)."""
    for a, b, t in ((0.9, 0.7, 0.2), (0.1, 0.6, -0.4), (1.0, 0.25, 0.0), (-0.2, -0.1, -0.9)):
        got = table(answer(a, b, t), (2,))
        low, high = min(a, b), max(a, b)
        known = {
            "that ends the older piece: it was born at the higher brightness, and goes on": (high, t),
            "birth comes first, then death": (t, low),
            "that takes the births of both pieces: the row ends at t": (high, low),
            "the row has the birth of one piece and the brightness where they meet": (low, high),
            "that is how long it lived: return birth and death": (low, low - t),
        }
        if wrong := wrong_value(got, (low, t), known, f"for births {a} and {b} and a meeting at {t}"):
            return wrong
    return None


@check(
    "holes",
    todo="return a row (birth, death) for each piece of paper that is shut in",
    shows="right: rings, a ring in a ring, grey rings and ◇, which is none",
)
def holes(answer: Any) -> str | None:
    """``answer(picture, pieces)``: a framed array ``(H, W)``; the lesson's function → rows (birth, death)."""
    for name, picture in _pictures().items():
        given = picture.copy()
        got = _rows(answer(given, reference_pieces))
        assert (given == picture).all(), "the picture has changed: work with −picture, a new one"
        right = _rows([(-q, -p) for p, q in reference_pieces(-picture, True) if q > -math.inf])
        if wrong := _other_rows(got, right, picture, f"for {name}"):
            return wrong
    return None


def _pictures() -> dict[str, np.ndarray]:
    """Their frame is paper; no two of their rows are alike."""
    grey = -np.ones((8, 9))
    grey[1:7, 1:8], grey[2:6, 2:7] = 0.6, -0.3  # a ring, dark grey inside
    grey[4, 4] = -0.8
    nested = -np.ones((11, 11))
    nested[1:10, 1:10], nested[2:9, 2:9], nested[4:7, 4:7], nested[5, 5] = 0.9, -0.9, 0.5, -0.2
    gap = -np.ones((7, 12))
    gap[1:6, 1:6], gap[2:5, 2:5], gap[1:6, 6:11], gap[2:5, 7:10] = 1.0, -0.7, 1.0, -1.0
    gap[1, 3], gap[5, 8] = 0.1, -0.4  # two weak places
    diamond = -np.ones((5, 5))
    diamond[1, 2] = diamond[2, 1] = diamond[2, 3] = diamond[3, 2] = 0.8
    return {
        "a grey ring": grey,
        "a ring in a ring": nested,
        "an 8 with two weak places": gap,
        "◇, which is no ring": diamond,
        "paper alone": -np.ones((4, 4)),
    }


def _rows(result: Any) -> Tensor:
    if isinstance(result, list | tuple) and not len(result):
        return torch.empty(0, 2, dtype=torch.float64)
    assert hasattr(result, "__len__") or hasattr(result, "shape"), (
        f"it returned a {type(result).__name__}, expected a list of rows (birth, death)"
    )
    if isinstance(result, list | tuple) and any(_endless(one) for one in result):
        raise AssertionError("a hole that never ends is the paper outside: leave it out")
    got = table(result)
    assert got.ndim == 2 and got.shape[1] == 2, f"the shape is {tuple(got.shape)}, expected rows of (birth, death)"
    return got[np.lexsort(got.T.numpy()[::-1])]


def _endless(one: Any) -> bool:
    return isinstance(one, list | tuple) and any(isinstance(v, float) and math.isinf(v) for v in one)


def _other_rows(got: Tensor, right: Tensor, picture: np.ndarray, when: str) -> str | None:
    by_sides = _rows([(-q, -p) for p, q in reference_pieces(-picture, False) if q > -math.inf])
    ink = _rows([(b, max(d, -1.0)) for b, d in reference_pieces(picture)])
    known = {
        "birth and death are exchanged: the ring closes first, at the higher brightness": right.flip(1),
        "those are the pieces of −picture as they are: turn both numbers' signs, and their order": -right.flip(1),
        "the signs are those of −picture: turn them": -right,
        "that joins paper at sides only, so ◇ counts as a ring": by_sides,
        "those are the pieces of ink: ask for those of −picture": ink,
    }
    for sentence, wrong in known.items():
        rows = wrong[np.lexsort(wrong.T.numpy()[::-1])]
        is_it = len(got) == len(rows) > 0 and torch.allclose(got, rows, atol=1e-6)
        if is_it and not (len(rows) == len(right) and torch.allclose(rows, right)):
            return f"{sentence} ({when})"
    if len(got) != len(right):
        return f"{when}: {len(got)} holes, expected {len(right)}"
    return wrong_value(got, right, {}, when) if len(got) else None


@check(
    "caught",
    todo="return a small picture in which holes by sides and holes by corners differ",
    shows="right: paper that touches at a corner is one piece",
)
def caught(answer: Any) -> str | None:
    """``answer()``: no arguments → ``(H, W)``, at most 7 × 7, numbers in [−1, 1], a frame of −1."""
    got = table(answer())
    assert got.ndim == 2, f"the shape is {tuple(got.shape)}, expected rows of numbers (H, W)"
    assert max(got.shape) <= 7 and min(got.shape) >= 1, f"{tuple(got.shape)} pixels: use at most 7 × 7"
    assert got.abs().max() <= 1, f"a brightness of {got.abs().max():g}: use numbers from −1 to 1"
    inner = got[1:-1, 1:-1]
    if (got + 1).sum() - (inner + 1).sum() > 1e-9:
        return "the frame is not all paper: let the outermost pixels be −1"
    colleague = sum(q > -math.inf for _, q in reference_pieces(-got.numpy(), False))
    true = len(picture_diagram(got[None]))
    if colleague == true:
        return f"he finds {colleague} holes, and there are {true}: make paper touch at a corner only"
    return None
