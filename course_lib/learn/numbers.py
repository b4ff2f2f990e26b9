"""What the checks of several notebooks ask of an answer that is a number."""

import math

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
