"""Games whose generator can be steered: by a given class (conditional GAN), by a code it invents itself (InfoGAN).

Both are the one ``Game``: the first asks its discriminator in another way, in the second the generator pays one more
term.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Unpack

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from course_lib.data.batches import BatchedData
from course_lib.errors import CourseError, check_number
from course_lib.losses import LossLike, PenaltyLike
from course_lib.models.conditional import CodeReader, ConditionalGenerator, InfoGenerator, cycled_labels
from course_lib.training.batch import Batch
from course_lib.training.compatibility import check_class_numbers, check_classes
from course_lib.training.game import Game
from course_lib.training.settings import GameSettings, PenalisedSettings, described


@dataclass(frozen=True)
class CallWithLabels:
    """How a conditional game asks its discriminator: is this a real example *of this class*?

    Of generated examples the classes are those that the generator draws unasked: 0, 1, …, ``classes`` − 1, 0, 1, …

    Attributes:
        classes: how many the generator draws.
    """

    classes: int
    needs_labels: ClassVar[bool] = True

    def __call__(self, discriminator: Callable[..., Tensor], shown: Tensor, labels: Tensor | None) -> Tensor:
        """See :class:`~course_lib.training.batch.DiscriminatorCall`."""
        return discriminator(shown, cycled_labels(len(shown), self.classes, shown.device) if labels is None else labels)


class ConditionalGame(Game):
    """A game with labels (Mirza and Osindero 2014).

    The generator is asked for the classes in turn, and the discriminator is told the class of every picture that it
    sees.

    Args:
        generator: draws its classes in turn.
        discriminator: images and labels → logits ``(N, 1)``.
        loss, settings: as for a ``Game`` with ``d_steps=1`` and no penalties or views, which know of no classes.

    Raises:
        CourseError: for these; from the first ``steps``, for labels that the generator does not draw.
    """

    def __init__(
        self,
        generator: ConditionalGenerator,
        discriminator: nn.Module,
        loss: LossLike | str | None = None,
        **settings: Unpack[PenalisedSettings],
    ):
        if settings.get("penalties") or settings.get("views") or settings.get("d_steps", 1) != 1:
            raise CourseError("a ConditionalGame takes no penalties, views or d_steps: they are not told the classes.")
        self.classes = generator.classes
        settings["call_discriminator"] = CallWithLabels(generator.classes)
        super().__init__(generator, discriminator, loss, **settings)

    def _check_fit(self, data: BatchedData) -> None:
        check_classes(data)
        check_class_numbers(data, self.classes, "the generator draws", "use classes={} for both")
        super()._check_fit(data)


@dataclass(frozen=True, eq=False)
class CodeReadingLoss:
    """InfoGAN's term of the generator's loss: how badly the reader reads the code off each picture.

    It is the cross-entropy of the category, plus half the squared error of each continuous code, a normal of standard
    deviation 1 (Chen et al. 2016, equation 6).

    Attributes:
        generator: knows which code its latents have.
        reader: images → what it takes the code to be.
        weight: λ, of the part that the generator gets; the reader learns in full.
    """

    generator: InfoGenerator
    reader: CodeReader
    weight: float

    def __call__(self, batch: Batch) -> Tensor:
        """What is paid for the pictures of a batch, a scalar.

        Args:
            batch: fake examples with their latents.

        Raises:
            CourseError: for a batch without latents.
        """
        if batch.latents is None:
            raise CourseError("an InfoGAN reads the codes that its pictures were made from: train it by step or steps.")
        category, continuous = self.generator.codes(batch.latents)  # (N,), (N, continuous)
        # The reader sees the picture; the generator gets ``weight`` times the slope that comes back.
        logits, means = self.reader(self.weight * batch.fake + (1 - self.weight) * batch.fake.detach())
        unread = cross_entropy(logits.float(), category)
        return unread + 0.5 * (means.float() - continuous).square().sum(1).mean()


class InfoGAN(Game):
    """A game with a third network that reads the code off each generated picture.

    Generator and reader are paid together when it reads right (:class:`CodeReadingLoss`).

    Args:
        generator: its latents begin with the code.
        discriminator: images → logits ``(N, 1)``.
        reader: images → what it takes the code to be.
        loss, penalties, settings: as for a ``Game`` with ``d_steps=1``.
        weight: λ, of the part that the generator gets. With 0 the reader learns just as well, and the generator does
            not know of it: the control, a plain GAN with a reader.

    Raises:
        CourseError: for a weight below 0, and several steps of the discriminator.
    """

    def __init__(
        self,
        generator: InfoGenerator,
        discriminator: nn.Module,
        reader: CodeReader,
        loss: LossLike | str | None = None,
        penalties: Iterable[PenaltyLike] | None = (),
        *,
        weight: float = 1.0,
        **settings: Unpack[GameSettings],
    ):
        weight = check_number("weight", weight, lambda v: v >= 0, "a finite weight of at least 0")
        if settings.get("d_steps", 1) != 1:
            raise CourseError(f"d_steps={settings['d_steps']!r}: an InfoGAN takes one step of the discriminator.")
        self.reader, self.weight = reader, weight
        settings["g_terms"] = (CodeReadingLoss(generator, reader, weight), *(settings.get("g_terms") or ()))
        super().__init__(generator, discriminator, loss, penalties, **settings)
        self.optimiser_g.add_param_group({"params": list(reader.parameters())})
        self._trained["reader"] = self._networks["reader"] = reader

    def settings(self) -> dict[str, str]:
        """What this game was built with, in words: as a ``Game``'s, and the weight.

        Returns:
            What a setting is called → its value.
        """
        said = super().settings() | {"weight": described(self.weight)}  # all that its own term can differ by
        return {name: value for name, value in said.items() if name != "g_terms" or len(self.g_terms) > 1}
