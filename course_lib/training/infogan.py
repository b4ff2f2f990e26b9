"""Games whose generator can be steered: by a given class (conditional GAN), by a code it invents itself (InfoGAN)."""

from torch import Tensor
from torch.nn.functional import cross_entropy

from course_lib.data.batches import BatchedData
from course_lib.errors import CourseError, number
from course_lib.losses import fact
from course_lib.models.conditional import CodeReader, ConditionalGenerator, InfoGenerator, in_turn
from course_lib.runtime import Runtime
from course_lib.training.fit import check_classes
from course_lib.training.game import Game
from course_lib.training.optimisers import frozen
from course_lib.training.records import Record
from course_lib.training.settings import described


class ConditionalGame(Game):
    """A game with labels (Mirza and Osindero 2014). The generator is asked for the classes in turn, and the
    discriminator is told the class of every picture that it sees. Settings as for a ``Game`` with ``d_steps=1`` and no
    penalties or views, which know of no classes."""

    def __init__(self, generator: ConditionalGenerator, discriminator, loss=None, **settings):
        if any(settings.get(name) for name in ("penalties", "views")) or settings.get("d_steps", 1) != 1:
            raise CourseError("a ConditionalGame takes no penalties, views or d_steps: they are not told the classes.")
        super().__init__(generator, discriminator, loss, **settings)
        self._one_pass = False

    def _step(self, examples: Tensor, labels: Tensor, runtime: Runtime) -> Record:
        return self.step(examples, runtime, labels=labels)

    def score(self, real: Tensor | None, fake: Tensor, labels: Tensor | None = None) -> tuple[Tensor | None, Tensor]:
        with self._precision():
            of_fake = self.discriminator(fake, in_turn(len(fake), self.generator.classes, fake.device)).float()
            return None if real is None else self.discriminator(real, self._told(labels)).float(), of_fake

    def _told(self, labels: Tensor | None) -> Tensor:
        """The real images' labels: the given ones, or within a step those of its batch."""
        labels = self._now.labels if labels is None and self._now else labels
        if labels is None:
            raise CourseError(
                "a ConditionalGame judges real images by their classes: use score(real, fake, labels), "
                "or step(real, runtime, labels=labels)."
            )
        return labels

    def critic(self, x: Tensor) -> Tensor:
        return self.discriminator(x, in_turn(len(x), self.generator.classes, x.device))

    def _check_fit(self, data: BatchedData) -> None:
        check_classes(data)
        if (highest := int(data.labels.max())) >= self.generator.classes:
            raise CourseError(
                f"{data.name!r} has labels up to {highest} and the generator draws "
                f"{self.generator.classes} classes: use classes={highest + 1} for both."
            )
        super()._check_fit(data)


class InfoGAN(Game):
    """A game with a third network that reads the code off each generated picture; generator and reader are paid
    together when it reads right (Chen et al. 2016, equation 6): minus the cross-entropy of the category, minus half the
    squared error of each continuous code (a normal of standard deviation 1).

    weight: λ, of the part that the generator gets. With 0 the reader learns just as well, and the generator does not
    know of it: the control, a plain GAN with a reader. Other settings as for a ``Game`` with ``d_steps=1``.
    """

    def __init__(
        self,
        generator: InfoGenerator,
        discriminator,
        reader: CodeReader,
        loss=None,
        penalties=(),
        *,
        weight: float = 1.0,
        **settings,
    ):
        weight = number("weight", weight, lambda v: v >= 0, "a finite weight of at least 0")
        if settings.get("d_steps", 1) != 1:
            raise CourseError(f"d_steps={settings['d_steps']!r}: an InfoGAN takes one step of the discriminator.")
        super().__init__(generator, discriminator, loss, penalties, **settings)
        self.reader, self.weight = reader, weight
        self.optimiser_g.add_param_group({"params": list(reader.parameters())})
        self._trained["reader"] = self._networks["reader"] = reader

    def g_step(self, real: Tensor, fake: Tensor) -> Tensor:
        if self._now is None:
            raise CourseError("an InfoGAN reads the codes that its pictures were made from: train it by step or steps.")
        category, continuous = self.generator.codes(self._now.latents)
        with frozen(self.discriminator):
            real_logits, fake_logits = self.score(real if fact(self.loss, "g_needs_real") else None, fake)
            # The reader sees the picture; the generator gets ``weight`` times the slope that comes back.
            logits, means = self.reader(self.weight * fake + (1 - self.weight) * fake.detach())
            unread = cross_entropy(logits.float(), category)
            unread = unread + 0.5 * (means.float() - continuous).square().sum(1).mean()
            loss = self.loss.g(real_logits, fake_logits)
            self._update(self.optimiser_g, loss + unread)
        return loss

    def settings(self) -> dict[str, str]:
        return super().settings() | {"weight": described(self.weight)}
