"""What the checks of several notebooks ask of an answer that is a number."""

import math
from collections.abc import Mapping

import torch


def number(result) -> float:
    """The answer's one finite number.

    Raises:
        AssertionError: with the sentence for the learner.
    """
    result = torch.as_tensor(result)
    assert result.numel() == 1, f"it returned {result.numel()} numbers, expected one"
    got = result.double().item()
    assert math.isfinite(got), f"it gave {got}, expected a finite number"
    return got


def mistake(got: float, known: Mapping[float, str], within: float = 1e-6) -> str | None:
    """The sentence of the first wrong value in ``known`` that ``got`` is, or None."""
    return next((sentence for wrong, sentence in known.items() if abs(got - wrong) < within), None)
