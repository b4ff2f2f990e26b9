"""What one step of a game is about, and how the discriminator is asked about it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from course_lib.errors import CourseError


@dataclass(frozen=True, eq=False)
class Batch:
    """The examples of one step, with all that is known of them.

    A game hands it from one small method to the next, so none of them depends on what the game did before.

    Attributes:
        real: real examples ``(N, …)``; None where only generated ones are judged.
        fake: generated examples ``(N, …)``. In G's step they remember how they were made; in D's they do not.
        latents: what the fake ones were made from, ``(N, latent)``; None: nobody knows.
        labels: of the real ones, int64 ``(N,)``; None: nobody knows.
        autocast: the precision in which logits are computed (``runtime.autocast``); float32 where nothing is said.
    """

    real: Tensor | None
    fake: Tensor
    latents: Tensor | None = None
    labels: Tensor | None = None
    autocast: Callable[[], AbstractContextManager[object]] = nullcontext

    def both(self) -> tuple[Tensor, Tensor]:
        """Real and generated examples.

        Returns:
            ``(N, …)`` each.

        Raises:
            CourseError: where there are no real ones.
        """
        if self.real is None:
            raise CourseError("this step compares real with generated examples: give Batch(real, fake) both of them.")
        return self.real, self.fake


class DiscriminatorCall(Protocol):
    """How a game asks its discriminator about examples whose classes it may know; an object, or a plain function.

    It is called with the discriminator (or a function that stands for it), the examples as that is shown them, and
    their labels: int64 ``(N,)`` of real ones, None of generated ones and where nobody knows; it returns logits. Where
    it has a true ``needs_labels``, real examples without labels are refused.
    """

    def __call__(self, discriminator: Callable[..., Tensor], shown: Tensor, labels: Tensor | None, /) -> Tensor:
        """Logits, one for each of the examples or packs that are shown."""


def call_without_labels(discriminator: Callable[..., Tensor], shown: Tensor, labels: Tensor | None) -> Tensor:
    """How a discriminator is usually asked: is this a real example, of whatever class?

    Args:
        discriminator: examples → logits.
        shown: the examples as it is shown them, ``(N, …)``.
        labels: not used.
    """
    return discriminator(shown)
