"""Who comes first, and who among equals? Equal values are ordered at random, never by their place.

A tie broken by place lets a map win by where its pixels happen to stand: digits lie in the middle, so "in reading
order" takes a border first. The random order comes from a seed that is passed in.
"""

import torch
from torch import Tensor

from course_lib.errors import CourseError


def highest_first(values: Tensor, seed: int = 0) -> Tensor:
    """Positions of each row ``(N, P)`` from the highest value to the lowest: int64 ``(N, P)``; equal values stand in a
    random order, another one in each row, and the same one for the same ``seed`` on every device."""
    shuffled = torch.rand(values.shape, generator=_generator(seed)).argsort(dim=1).to(values.device)
    # The stable sort keeps equals as they come, and they come shuffled.
    return shuffled.gather(1, values.gather(1, shuffled).argsort(dim=1, descending=True, stable=True))


def highest(values: Tensor, seed: int = 0) -> Tensor:
    """Position of the highest value of each row ``(N, P)``: int64 ``(N,)``, among equals one at random."""
    chance = torch.rand(values.shape, generator=_generator(seed)).to(values.device)
    return chance.masked_fill(values != values.amax(1, keepdim=True), -1).argmax(1)


def _generator(seed: int) -> torch.Generator:
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise CourseError(f"seed={seed!r}: use a whole number, which fixes the order of equal values.")
    return torch.Generator().manual_seed(seed)
