"""What the checks of several notebooks ask of an answer that is to be trained through."""

import torch
from torch import Tensor


def unreached(value: Tensor, inputs: dict[str, Tensor]) -> str | None:
    """The name of the first input that no slope of ``value`` reaches, None when all are reached."""
    found = [None] * len(inputs)
    if value.requires_grad:
        found = torch.autograd.grad(value, list(inputs.values()), allow_unused=True)
    return next((name for name, slope in zip(inputs, found, strict=True) if slope is None), None)
