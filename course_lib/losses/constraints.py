"""What is done to the discriminator's weights after each of its steps: ``constraint(discriminator)``.

To add one: a class here, and its name in ``CONSTRAINTS`` at the end.
"""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import nn

from course_lib.errors import check_number
from course_lib.losses.contracts import Constraint


@dataclass(frozen=True)
class WeightClip(Constraint):
    """After each of its steps each weight of D is cut to [−limit, limit] (Arjovsky et al. 2017, algorithm 1).

    It bounds the slope of D by some number, which depends on the network, not by 1.

    Args:
        limit: above 0; 0.01 is the paper's.

    Raises:
        CourseError: for a limit that is none.
    """

    name: ClassVar[str] = "weight clipping"
    limit: float = 0.01

    def __post_init__(self) -> None:
        limit = check_number("limit", self.limit, lambda v: v > 0, "a finite number above 0; 0.01 is the paper's")
        self.__dict__.update(limit=limit)

    @torch.no_grad()
    def __call__(self, discriminator: nn.Module) -> None:
        """Cut each weight, in place.

        Args:
            discriminator: whose weights are cut.
        """
        for p in discriminator.parameters():
            p.clamp_(-self.limit, self.limit)

    @classmethod
    def toy_presets(cls, size: float) -> dict[str, tuple[Constraint, ...]]:
        """Cut to ±0.1, whatever the data.

        Args:
            size: of the data; the limit does not depend on it.

        Returns:
            What it is called → the parts that it needs.
        """
        return {cls.name: (cls(0.1),)}


CONSTRAINTS: dict[str, type[Constraint]] = {kind.name: kind for kind in (WeightClip,)}
