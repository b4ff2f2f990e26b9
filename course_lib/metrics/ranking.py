"""Who comes first, and who among equals? Equal values are ordered at random, never by their place.

A tie broken by place lets a map win by where its pixels happen to stand: digits lie in the middle, so "in reading
order" takes a border first. The random order comes from a seed that is passed in.
"""

import torch
from torch import Tensor

from course_lib.errors import CourseError


def highest_first(values: Tensor, seed: int = 0) -> Tensor:
    """Positions of each row from the highest value to the lowest: int64 ``(N, P)``.

    Equal values stand in a random order, another one in each row, and the same one for the same ``seed`` on every
    device.

    Args:
        values: ``(N, P)``.
        seed: of the order of equal values.
    """
    shuffled = torch.rand(values.shape, generator=_generator(seed)).argsort(dim=1).to(values.device)
    # The stable sort keeps equals as they come, and they come shuffled.
    return shuffled.gather(1, values.gather(1, shuffled).argsort(dim=1, descending=True, stable=True))


def highest(values: Tensor, seed: int = 0) -> Tensor:
    """Position of the highest value of each row: int64 ``(N,)``, among equals one at random.

    Args:
        values: ``(N, P)``.
        seed: of the choice among equals.

    Example:
        >>> import torch
        >>> from course_lib.metrics.ranking import highest
        >>> highest(torch.tensor([[0.0, 3.0, 1.0], [5.0, 2.0, 4.0]]))
        tensor([1, 0])
    """
    chance = torch.rand(values.shape, generator=_generator(seed)).to(values.device)
    return chance.masked_fill(values != values.amax(1, keepdim=True), -1).argmax(1)


def _generator(seed: int) -> torch.Generator:
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise CourseError(f"seed={seed!r}: use a whole number, which fixes the order of equal values.")
    return torch.Generator().manual_seed(seed)
