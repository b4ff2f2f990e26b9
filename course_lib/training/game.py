"""The two-player game, engineered: the loop of notebook 03 with what makes it fast, safe and resumable.

One step, in order: draw latents → one generator forward → discriminator step on real and detached fake images →
generator step on the same fakes, through the updated discriminator, whose own weights are frozen meanwhile.

Cures are switched on as parts: a loss, penalties, ``views`` (what the discriminator is shown), ``constraints`` (what
happens to it after its step), its layers. Three small methods can be overridden where a part is not enough: ``score``,
``d_step`` and ``g_step``. ``critic`` is the discriminator as penalties see it.
"""

import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from course_lib.data.batches import BatchedData
from course_lib.errors import CourseError, number, one_of
from course_lib.losses import fact
from course_lib.models.mlp import has_batch_statistics
from course_lib.runtime import Runtime
from course_lib.training.ema import EMA
from course_lib.training.fit import check_discriminator, check_generator
from course_lib.training.optimisers import frozen, make_optimiser
from course_lib.training.records import Record
from course_lib.training.sampler import Sampler
from course_lib.training.settings import check_settings, described, latent_network, loss_of, network, parts
from course_lib.training.trainer import Trainer, lay_out


@dataclass(frozen=True)
class Now:
    """What else the batch in play has; a game keeps it for the time of one step only. latents ``(N, latent)`` are those
    that the fake examples were made from, labels int64 ``(N,)`` those of the real ones (None: the game has none)."""

    runtime: Runtime
    latents: Tensor
    labels: Tensor | None


class Game(Trainer):
    """A generator and a discriminator in training.

    Args:
        generator: latents ``(N, latent)`` → images ``(N, C, H, W)`` in [−1, 1]; has an attribute ``latent``.
        discriminator: images → logits ``(N, 1)``.
        loss: gives ``d(real_logits, fake_logits)`` and ``g(real_logits, fake_logits)``, or the name of one of
            ``course_lib.losses``.
        penalties: added to the discriminator's loss (see ``course_lib.penalties``).
        views: what real and generated examples go through before each look of the discriminator
            (see ``course_lib.training.views``). constraints: called on the discriminator after each of its steps.
        lr, lr_d: step sizes for the generator and the discriminator (``lr_d=None``: the same).
        betas: Adam's. β₁ = 0.5 instead of 0.9, because the other player moves and old gradients mislead (DCGAN).
        optimiser: "adam", "rmsprop", "momentum" or "sgd". schedule: ``step → factor`` on both step sizes.
        batch: examples a step. d_steps: discriminator steps for each generator step, each on a batch of its own.
        ema: decay of the generator's running average (0: none).

    Raises:
        CourseError: for each of these that makes no game.

    A record has ``d_loss``, ``g_loss``, and what D answered on average: ``d_real`` and ``d_fake``, the probabilities of
    "real", where the loss's logit is a log-odds; otherwise ``score_real`` and ``score_fake``.
    """

    FIXED: ClassVar[tuple[str, ...]] = ("batch", "d_steps")

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        loss=None,
        penalties=(),
        *,
        views=(),
        constraints=(),
        lr: float = 1e-3,
        lr_d: float | None = None,
        betas=(0.5, 0.9),
        optimiser: str = "adam",
        schedule: Callable[[int], float] | None = None,
        batch: int = 32,
        d_steps: int = 1,
        ema: float = 0.99,
    ):
        latent_network(generator)
        network("discriminator", discriminator)
        ema = number("ema", ema, lambda v: 0 <= v < 1, "a decay from 0 (no averaging) up to, not with, 1")
        lr_d = lr if lr_d is None else lr_d
        check_settings({"lr": lr, "lr_d": lr_d}, {"batch": batch, "d_steps": d_steps})
        self.generator, self.discriminator, self.d_steps = generator, discriminator, int(d_steps)
        self.loss, self.views = loss_of(loss), parts("views", views, "Pack(2)")
        self.penalties = parts("penalties", penalties, "R1(0.1)")
        self.constraints = parts("constraints", constraints, "WeightClip(0.01)")
        lay_out(generator, discriminator)
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
        self._one_pass = not has_batch_statistics(discriminator)
        self._now: Now | None = None

    # ---- the algorithm ----

    def step(self, real: Tensor, runtime: Runtime, players: str = "dg", labels: Tensor | None = None) -> Record:
        """One step on real examples ``(d_steps · batch, …)``. All randomness comes from (seed, step number).

        players: ``"d"`` or ``"g"`` lets only that one learn; the other's numbers in the record are then NaN.
        labels: of the real examples, for a game that needs them.
        """
        one_of("players", players, ("dg", "d", "g"))
        n = self.step_number + 1
        d_loss = g_loss = real_logits = fake_logits = real.new_tensor(float("nan"))
        z = torch.randn(len(real), self.generator.latent, generator=runtime.stream("latent", n)).to(real.device)
        with runtime.seeded("layers", n):
            with runtime.autocast():
                fake = self.generator(z).float()  # (d_steps · batch, …)
            self._set_rates()
            try:
                for i in range(0, len(real), self.batch):
                    part = slice(i, i + self.batch)
                    x, y = real[part], fake[part]
                    self._now = Now(runtime, z[part], None if labels is None else labels[part])
                    if "d" in players:
                        d_loss, real_logits, fake_logits = self.d_step(x, y.detach())
                if "g" in players:
                    g_loss = self.g_step(x, y)  # on the last of the batches
            finally:
                self._now = None
        if "g" in players:
            self.ema.update(self.generator, n)
        self.step_number = n
        return Record(n, d_loss=d_loss, g_loss=g_loss, **self._answers(real_logits, fake_logits))

    def _answers(self, real_logits: Tensor, fake_logits: Tensor) -> dict[str, Tensor]:
        if fact(self.loss, "log_odds"):
            return {"d_real": real_logits.sigmoid().mean(), "d_fake": fake_logits.sigmoid().mean()}
        return {"score_real": real_logits.mean(), "score_fake": fake_logits.mean()}

    @property
    def together(self) -> int:
        """How many consecutive examples the discriminator judges at once: the product of the views' ``together``."""
        return math.prod(getattr(view, "together", 1) for view in self.views)

    def seen(self, x: Tensor) -> Tensor:
        """Examples ``(N, …)`` as the discriminator is shown them."""
        for view in self.views:
            x = view(x, self.step_number)
        return x

    def critic(self, x: Tensor) -> Tensor:
        """Examples ``(N, …)`` → logits, as the discriminator is asked in this game."""
        return self.discriminator(self.seen(x))

    def score(self, real: Tensor | None, fake: Tensor) -> tuple[Tensor | None, Tensor]:
        """Logits of real images (None where the loss does not need them) and of fake images, in float32. Within a step
        they are computed in the run's precision."""
        with self._precision():
            if real is None:
                return None, self.critic(fake).float()
            if self._one_pass:  # one pass over both is faster, and the same unless batch norm would mix them
                return tuple(self.critic(torch.cat([real, fake])).float().chunk(2))
            return self.critic(real).float(), self.critic(fake).float()

    def _precision(self) -> contextlib.AbstractContextManager:
        return self._now.runtime.autocast() if self._now else contextlib.nullcontext()

    def d_step(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Train the discriminator once; ``fake`` carries no gradient. Returns the loss and both logits."""
        real_logits, fake_logits = self.score(real, fake)
        loss = self.loss.d(real_logits, fake_logits)
        for penalty in self.penalties:
            every = getattr(penalty, "every", 1)
            if self.step_number % every == 0:
                loss = loss + every * self._penalised(penalty, real, fake)
        self._update(self.optimiser_d, loss)
        for constraint in self.constraints:
            constraint(self.discriminator)
        return loss, real_logits, fake_logits

    def _penalised(self, penalty: Callable, real: Tensor, fake: Tensor) -> Tensor:
        if (k := self.together) == 1:
            return penalty(self.critic, real, fake)
        packs = (x.unflatten(0, (-1, k)) for x in (real, fake))  # (N / k, k, …): a row is what one logit comes from
        return penalty(lambda x: self.critic(x.flatten(0, 1)), *packs)

    def g_step(self, real: Tensor, fake: Tensor) -> Tensor:
        """Train the generator once, on ``fake`` images that remember how they were made."""
        with frozen(self.discriminator):
            real_logits, fake_logits = self.score(real if fact(self.loss, "g_needs_real") else None, fake)
            loss = self.loss.g(real_logits, fake_logits)
            self._update(self.optimiser_g, loss)
        return loss

    def settings(self) -> dict[str, str]:
        return super().settings() | {
            "loss": described(self.loss),
            "d_steps": described(self.d_steps),
            "ema": described(self.ema.decay),
            "penalties": described(self.penalties),
            "views": described(self.views),
            "constraints": described(self.constraints),
        }

    def _step(self, examples: Tensor, labels: Tensor, runtime: Runtime) -> Record:
        return self.step(examples, runtime)

    def sampler(self, ema: bool = True) -> Sampler:
        """Draw from the averaged generator (or, with ``ema=False``, from the latest weights)."""
        return Sampler(self.ema.module if ema else self.generator)

    def _check_fit(self, data: BatchedData) -> None:
        check_generator(self.generator, data, self.batch)
        made = tuple(self.generator(torch.zeros(1, self.generator.latent, device=data.examples.device)).shape[1:])
        if made != data.shape:
            raise CourseError(
                f"the generator makes examples of shape {made} and {data.name!r} has {data.shape}: build it with the "
                "data's size and channels, or pad the data with data.padded(32)."
            )
        try:
            self.critic(data.examples[: self.batch])
        except RuntimeError as problem:
            raise CourseError(
                f"the discriminator does not take examples of shape {data.shape} ({str(problem).splitlines()[0]}): "
                "build it with the data's size and channels (pack × channels with a Pack view)."
            ) from problem
        check_discriminator(self.discriminator, self.critic, self.seen, data.examples[: self.batch])
