"""The two-player game, engineered: the loop of chapter 03 with what makes it fast, safe and resumable.

One step, in order: draw latents → one generator forward → discriminator step on real and detached fake images →
generator step on the same fakes, through the updated discriminator, whose own weights are frozen meanwhile.

Cures are switched on as parts: a loss, penalties, ``views`` (what the discriminator is shown), ``constraints`` (what
happens to it after its step), ``call_discriminator`` (how), ``g_terms`` (what else G pays for), a ``guide`` (which
pixels G hears more of), its layers. Where a part is not enough, override ``score``, ``d_step``, ``g_step`` or
``g_loss``: each is given the whole :class:`Batch`.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar

import torch
from torch import Tensor, nn

from course_lib.data.batches import BatchedData
from course_lib.errors import CourseError, check_number, one_of
from course_lib.losses import ConstraintLike, LossLike, PenaltyLike, ViewLike, fact
from course_lib.models.mlp import has_batch_statistics
from course_lib.runtime import Runtime
from course_lib.training.batch import Batch, DiscriminatorCall, call_without_labels
from course_lib.training.compatibility import check_discriminator, check_generator, check_shapes
from course_lib.training.ema import EMA
from course_lib.training.engine import Engine, use_channels_last
from course_lib.training.guides import GuideLike, guided
from course_lib.training.optimisers import frozen, make_optimiser
from course_lib.training.records import Record
from course_lib.training.sampler import Sampler
from course_lib.training.settings import check_settings, checked_network, described, latent_size, parts, resolve_loss


class Game(Engine):
    """A generator and a discriminator in training.

    Args:
        generator: latents ``(N, latent)`` → images ``(N, C, H, W)`` in [−1, 1]; has an attribute ``latent``.
        discriminator: images → logits ``(N, 1)``.
        loss: gives ``d(real_logits, fake_logits)`` and ``g(real_logits, fake_logits)``, or the name of one of
            ``course_lib.losses``; None: non-saturating.
        penalties: added to the discriminator's loss (see ``course_lib.losses.penalties``).
        views: what all examples go through before each look of the discriminator (see ``course_lib.training.views``).
        constraints: called on the discriminator after each of its steps.
        call_discriminator: how the discriminator is asked (see ``training.batch``); usually about the examples alone.
        g_terms: functions ``batch → scalar`` that are added to what the generator learns from.
        guide: ``(critic, images, step) → factor`` on the gradient by which the game's loss moves the generated images
            (see ``training.guides``); None, or a factor of None: as it is. It asks D in eval mode, and leaves the
            game's chance alone: with a factor of 1 the training is the same bit for bit.
        lr, lr_d: step sizes for the generator and the discriminator (``lr_d=None``: the same).
        betas: Adam's. β₁ = 0.5 instead of 0.9, because the other player moves and old gradients mislead (DCGAN).
        optimiser: "adam", "rmsprop", "momentum" or "sgd".
        schedule: ``step → factor`` on both step sizes.
        batch: examples a step.
        d_steps: discriminator steps for each generator step, each on a batch of its own.
        ema: decay of the generator's running average (0: none).

    Raises:
        CourseError: for each of these that makes no game.

    A record has ``d_loss``, ``g_loss``, and what D answered on average: ``d_real`` and ``d_fake``, the probabilities of
    "real", where the loss's logit is a log-odds; otherwise ``score_real`` and ``score_fake``.
    """

    FIXED: ClassVar[tuple[str, ...]] = ("batch", "d_steps")
    _around: Mapping[str, nn.Module] = MappingProxyType({})  # what is called in a network's place: see ``shared``

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        loss: LossLike | str | None = None,
        penalties: Iterable[PenaltyLike] | None = (),
        *,
        views: Iterable[ViewLike] | None = (),
        constraints: Iterable[ConstraintLike] | None = (),
        call_discriminator: DiscriminatorCall = call_without_labels,
        g_terms: Iterable[Callable[[Batch], Tensor]] | None = (),
        guide: GuideLike | None = None,
        lr: float = 1e-3,
        lr_d: float | None = None,
        betas: Sequence[float] = (0.5, 0.9),
        optimiser: str = "adam",
        schedule: Callable[[int], float] | None = None,
        batch: int = 32,
        d_steps: int = 1,
        ema: float = 0.99,
    ):
        latent_size(generator)  # refuses what has none
        checked_network("discriminator", discriminator)
        ema = check_number("ema", ema, lambda v: 0 <= v < 1, "a decay from 0 (no averaging) up to, not with, 1")
        lr_d = lr if lr_d is None else lr_d
        check_settings({"lr": lr, "lr_d": lr_d}, {"batch": batch, "d_steps": d_steps})
        self.generator, self.discriminator, self.d_steps = generator, discriminator, int(d_steps)
        self.loss, self.views = resolve_loss(loss), parts("views", views, "Pack(2)")
        self.penalties = parts("penalties", penalties, "R1(0.1)")
        self.constraints = parts("constraints", constraints, "WeightClip(0.01)")
        self.g_terms = parts("g_terms", g_terms, "a function of the batch")
        self.guide = None if guide is None else parts("guide", [guide], "Guide(saliency)")[0]
        (self.call_discriminator,) = parts("call_discriminator", [call_discriminator], "call_without_labels")
        use_channels_last(generator, discriminator)
        self.ema = EMA(generator, ema)
        self.optimiser_g = make_optimiser(optimiser, generator.parameters(), lr, betas)
        self.optimiser_d = make_optimiser(optimiser, discriminator.parameters(), lr_d, betas)
        super().__init__(
            {"generator": generator, "discriminator": discriminator},
            {"optimiser_g": ("lr", self.optimiser_g), "optimiser_d": ("lr_d", self.optimiser_d)},
            averages={"ema": self.ema.module},
            batch=batch,
            per_step=batch * d_steps,
            schedule=schedule,
        )
        self._labelled = call_discriminator is not call_without_labels
        self._needs_labels = bool(getattr(call_discriminator, "needs_labels", False))
        self._one_pass = not (has_batch_statistics(discriminator) or self._labelled)

    def step(self, real: Tensor, runtime: Runtime, players: str = "dg", labels: Tensor | None = None) -> Record:
        """One step. All randomness comes from (seed, step number).

        Args:
            real: real examples ``(d_steps · batch, …)``.
            runtime: seed, device and precision.
            players: ``"d"`` or ``"g"`` lets only that one learn; the other's numbers in the record are then NaN.
            labels: of the real examples, int64 ``(d_steps · batch,)``, where the discriminator is told them.

        Raises:
            CourseError: for other players, or labels that are needed and were not given.
            Diverged: when a loss or its gradient is no longer a finite number.
        """
        one_of("players", players, ("dg", "d", "g"))
        n = self.step_number + 1
        d_loss = g_loss = real_logits = fake_logits = real.new_tensor(float("nan"))
        z = self._latents(len(real), n, runtime).to(real)
        with self._chance(n, runtime):
            with runtime.autocast():
                fake = self._around.get("generator", self.generator)(z).to(real)  # (d_steps · batch, …)
            self._set_rates()
            for i in range(0, len(real), self.batch):
                part = slice(i, i + self.batch)
                now = Batch(real[part], fake[part], z[part], None if labels is None else labels[part], runtime.autocast)
                if "d" in players:
                    d_loss, real_logits, fake_logits = self.d_step(replace(now, fake=now.fake.detach()))
            if "g" in players:
                g_loss = self.g_step(now)  # on the last of the batches
        if "g" in players:
            self.ema.update(self.generator, n)
        self.step_number = n
        return Record(n, d_loss=d_loss, g_loss=g_loss, **self._answers(real_logits, fake_logits))

    def _latents(self, many: int, n: int, runtime: Runtime) -> Tensor:
        return torch.randn(many, latent_size(self.generator), generator=runtime.stream("latent", n))

    def _chance(self, n: int, runtime: Runtime) -> AbstractContextManager[None]:
        return runtime.seeded("layers", n)

    def _answers(self, real_logits: Tensor, fake_logits: Tensor) -> dict[str, Tensor]:
        if fact(self.loss, "log_odds"):
            return {"d_real": real_logits.sigmoid().mean(), "d_fake": fake_logits.sigmoid().mean()}
        return {"score_real": real_logits.mean(), "score_fake": fake_logits.mean()}

    @property
    def pack_size(self) -> int:
        """How many consecutive examples the discriminator judges at once: the product of the views' ``pack_size``."""
        return math.prod(fact(view, "pack_size") for view in self.views)

    def apply_views(self, x: Tensor) -> Tensor:
        """Examples as the discriminator is shown them, ``(N / pack_size, …)``.

        Args:
            x: ``(N, …)``.
        """
        for view in self.views:
            x = view(x, self.step_number)
        return x

    def critic(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Logits ``(N / pack_size, 1)``, as the discriminator is asked in this game.

        Args:
            x: examples ``(N, …)``.
            labels: int64 ``(N,)`` of real examples, None of generated ones.
        """
        return self.call_discriminator(
            self._around.get("discriminator", self.discriminator), self.apply_views(x), labels
        )

    def score(self, batch: Batch) -> tuple[Tensor | None, Tensor]:
        """What the discriminator says of a batch, at any time: before the first step, too.

        Args:
            batch: fake examples, with or without real ones.

        Returns:
            Logits of the real examples (None where the batch has none) and of the generated ones, in theirs, computed
            in the batch's precision.

        Raises:
            CourseError: for real examples without labels where the discriminator is told them.
        """
        real, fake, labels = batch.real, batch.fake, batch.labels
        if self._needs_labels and real is not None and labels is None:
            raise CourseError(
                f"a {type(self).__name__} judges real images by their classes: use score(Batch(real, fake, "
                "labels=labels)), or step(real, runtime, labels=labels)."
            )
        with batch.autocast():
            if real is None:
                return None, self.critic(fake).to(fake)
            if self._one_pass:  # one pass over both is faster, and the same unless batch norm would mix them
                real_logits, fake_logits = self.critic(torch.cat([real, fake])).to(fake).chunk(2)
                return real_logits, fake_logits
            if self._labelled:  # the fakes first: batch norm's running averages know who came last
                fake_logits = self.critic(fake).to(fake)
                return self.critic(real, labels).to(fake), fake_logits
            return self.critic(real).to(fake), self.critic(fake).to(fake)

    def d_step(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Train the discriminator once.

        Args:
            batch: real examples, and fake ones that carry no gradient.

        Returns:
            The loss, the logits of the real and of the fake examples.
        """
        real, fake = batch.both()
        real_logits, fake_logits = self.score(batch)
        assert real_logits is not None  # as real is there
        loss = self.loss.d(real_logits, fake_logits)
        for penalty in self.penalties:
            every = fact(penalty, "every")
            if self.step_number % every == 0:
                loss = loss + every * self._penalised(penalty, real, fake)
        self._update(self.optimiser_d, loss)
        for constraint in self.constraints:
            constraint(self.discriminator)
        return loss, real_logits, fake_logits

    def _penalised(self, penalty: PenaltyLike, real: Tensor, fake: Tensor) -> Tensor:
        if (k := self.pack_size) == 1:
            return penalty(self.critic, real, fake)
        real, fake = (x.unflatten(0, (-1, k)) for x in (real, fake))  # (N / k, k, …): what one logit comes from
        return penalty(lambda x: self.critic(x.flatten(0, 1)), real, fake)

    def g_step(self, batch: Batch) -> Tensor:
        """Train the generator once.

        Args:
            batch: fake examples that remember how they were made, and real ones.

        Returns:
            Its loss in the game, without the ``g_terms``.
        """
        with frozen(self.discriminator):
            paid = loss = self.g_loss(guided(batch, self.guide, self.discriminator, self.critic, self.step_number))
            for term in self.g_terms:
                paid = paid + term(batch)
            self._update(self.optimiser_g, paid)
        return loss

    def g_loss(self, batch: Batch) -> Tensor:
        """What the generator pays in the game, a scalar; the discriminator's weights are frozen meanwhile.

        Args:
            batch: as in :meth:`g_step`.
        """
        real = batch.real if fact(self.loss, "g_needs_real") else None
        return self.loss.g(*self.score(replace(batch, real=real)))

    def settings(self) -> dict[str, str]:
        """What this game was built with, in words: as an ``Engine``'s, and its parts.

        Returns:
            What a setting is called → its value.
        """
        names = ("loss", "d_steps", "penalties", "views", "constraints")
        said = super().settings() | {name: described(getattr(self, name)) for name in names}
        said["ema"] = described(self.ema.decay)
        said |= {"g_terms": described(self.g_terms)} if self.g_terms else {}
        return said | ({"guide": described(self.guide)} if self.guide else {})

    def _step(self, examples: Tensor, labels: Tensor, runtime: Runtime) -> Record:
        return self.step(examples, runtime, labels=labels)

    def sampler(self, ema: bool = True) -> Sampler:
        """What draws from the generator.

        Args:
            ema: from the average, not from the latest weights.
        """
        return Sampler(self.ema.module if ema else self.generator)

    def _check_fit(self, data: BatchedData) -> None:
        check_generator(self.generator, data, self.batch)
        check_shapes(self.generator, self.critic, data, self.batch)
        check_discriminator(self.discriminator, self.critic, self.apply_views, data.examples[: self.batch])
