"""What the checks ask of an answer that is a number or a table of numbers: what differs, where, and by how much."""

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from course_lib.learn.wording import number_text


def number(result: object, what: str = "it returned") -> float:
    """The answer's one finite number, whatever holds it: Python, numpy, a tensor or list with one entry.

    Args:
        result: of the learner's function.
        what: begins the sentence.

    Raises:
        AssertionError: with the sentence for the learner.
    """
    got = table(result, what=what, one=True)
    assert got.numel() == 1, f"{what} {got.numel()} numbers (shape {tuple(got.shape)}), expected one"
    return got.item()


def table(result: object, shape: Sequence[int] | None = None, what: str = "it returned", one: bool = False) -> Tensor:
    """The answer's numbers, finite, as a float64 tensor on the CPU, from a tensor, array or (nested) list.

    Args:
        result: of the learner's function.
        shape: what is asked for; None allows each.
        what: begins the sentence.
        one: a single number is asked for; only words the refusal.

    Raises:
        AssertionError: with the sentence for the learner.
    """
    wanted = "one number" if one else "a tensor of numbers"
    try:
        got = _tensor(result)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        raise AssertionError(f"{what} a {type(result).__name__}, expected {wanted}") from None
    assert not got.is_complex(), f"{what} complex numbers, expected {wanted}, real"
    assert got.dtype != torch.bool or not one or got.numel() > 1, f"{what} True or False, expected a number"
    got = got.to("cpu", torch.float64)
    if shape is not None:
        assert got.shape == torch.Size(shape), f"{what} the shape {tuple(got.shape)}, expected {tuple(shape)}"
    bad = int((~torch.isfinite(got)).sum())
    kind = "NaN" if got.isnan().any() else "infinite"
    assert not bad, (
        f"{what} {kind}, expected a finite number"
        if got.numel() == 1
        else f"{what} numbers of which {bad} of {got.numel()} are {kind}, expected finite ones"
    )
    return got


def wrong_value(
    got: object, right: object, known: Mapping[str, object], opening: str = "", within: float = 1e-5
) -> str | None:
    """None when ``got`` is ``right``; else the sentence of the wrong value in ``known`` that it is, and the gap.

    Args:
        got, right: a number, or tables of one shape: tensors, arrays, lists.
        known: sentence → the value (or table) that this mistake gives, or a list of several.
        opening: begins the sentence when the value is none of them, e.g. ``"for k = 3"``.
        within: see :func:`near`.
    """
    mine, best = _double(got), _double(right)
    if near(mine, best, within):
        return None
    for sentence, wrong in known.items():
        if any(near(mine, _double(one), within) for one in (wrong if isinstance(wrong, list) else [wrong])):
            return f"{sentence} ({gap(mine, best)})"
    return f"{opening + ': ' if opening else ''}{gap(mine, best)}{_factor(mine, best, within)}"


def near(got: Tensor, right: Tensor, within: float = 1e-5) -> bool:
    """Whether two tables of one shape agree, within ``within`` of the size of each entry or of 1.

    Args:
        got, right: of one type; of two shapes they never agree.
        within: relative and absolute.
    """
    return got.shape == right.shape and torch.allclose(got, right, rtol=within, atol=within)


def gap(got: object, right: object) -> str:
    """``got 0.5, expected 0.25``; of tables, where they differ most, and in how many places.

    Args:
        got, right: a number, or tables of one shape: tensors, arrays, lists.
    """
    mine, best = _double(got), _double(right)
    if mine.numel() == 1:
        return f"got {_text(mine, best)}, expected {_text(best, mine)}"
    off = (mine - best).abs()
    at = [int(i) for i in torch.unravel_index(off.argmax(), off.shape)]
    many = int((off > 1e-5 * best.abs().clamp(min=1)).sum())
    return (
        f"at {at} got {_text(mine[tuple(at)], best[tuple(at)])}, expected {_text(best[tuple(at)], mine[tuple(at)])}"
        f"; {many} of {off.numel()} numbers differ"
    )


def mistake(got: float, known: Mapping[float, str], within: float = 1e-6) -> str | None:
    """The sentence of the first wrong value in ``known`` that ``got`` is, or None.

    Args:
        got: the learner's number.
        known: wrong value → the sentence about it.
        within: absolute.
    """
    return next((sentence for wrong, sentence in known.items() if abs(got - wrong) < within), None)


def _factor(got: Tensor, right: Tensor, within: float) -> str:
    """A hint when a whole table is one multiple of the right one."""
    if got.numel() < 2 or not right.square().sum() > 0:
        return ""
    times = ((got * right).sum() / right.square().sum()).item()
    if not math.isfinite(times) or abs(times) < 1e-6 or not near(got, times * right, within):
        return ""
    return f"; all of it is {number_text(times)} times what it should be"


def _text(value: Tensor, other: Tensor) -> str:
    return number_text(float(value), float(other)) if float(value) != float(other) else number_text(float(value))


def _double(value: object) -> Tensor:
    return torch.as_tensor(value).detach().double()


def _tensor(result: object) -> Tensor:
    if isinstance(result, list | tuple):
        return torch.stack([_tensor(one) for one in result])  # so that tensors with a slope may be in it
    if isinstance(result, str | bytes | Mapping):
        raise TypeError
    return torch.as_tensor(result).detach()
