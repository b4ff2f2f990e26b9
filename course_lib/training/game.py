"""The two-player game, engineered: the loop of notebook 03 with what makes it fast, safe and resumable.

One step, in order: draw latents → one generator forward → discriminator step on real and detached fake images →
generator step on the same fakes, through the updated discriminator, whose own weights are frozen meanwhile.

Cures are switched on as parts: a loss, penalties, ``views`` (what the discriminator is shown), ``constraints`` (what
happens to it after its step), its layers. Three small methods can be overridden where a part is not enough: ``score``,
``d_step`` and ``g_step``. ``critic`` is the discriminator as penalties see it.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

from course_lib.data.resident import Resident
from course_lib.errors import CourseError, Diverged, one_of
from course_lib.losses import NonSaturating
from course_lib.models.mlp import has_batch_statistics, is_convolutional
from course_lib.runtime import Runtime
from course_lib.training.ema import EMA
from course_lib.training.optimisers import frozen, load_optimiser, make_optimiser
from course_lib.training.records import Record, Steps
from course_lib.training.sampler import Sampler

GPU_CHECK_EVERY = 50  # looking at a number makes a GPU wait, so there the guard looks less often


class Game:
    """A generator and a discriminator in training.

    Args:
        generator: latents ``(N, latent)`` → images ``(N, C, H, W)`` in [−1, 1]; has an attribute ``latent``.
        discriminator: images → logits ``(N, 1)``.
        loss: gives ``d(real_logits, fake_logits)`` and ``g(real_logits, fake_logits)`` (see ``course_lib.losses``).
        penalties: added to the discriminator's loss (see ``course_lib.penalties``).
        views: what real and generated examples go through before each look of the discriminator
            (see ``course_lib.training.views``). constraints: called on the discriminator after each of its steps.
        lr, lr_d: step sizes for the generator and the discriminator (``lr_d=None``: the same).
        betas: Adam's. β₁ = 0.5 instead of 0.9, because the other player moves and old gradients mislead (DCGAN).
        optimiser: "adam", "rmsprop", "momentum" or "sgd". schedule: ``step → factor`` on both step sizes.
        batch: examples a step. d_steps: discriminator steps for each generator step, each on a batch of its own.
        ema: decay of the generator's running average (0: none).
    """

    def __init__(self, generator: nn.Module, discriminator: nn.Module, loss=None, penalties=(), *, views=(),
                 constraints=(), lr: float = 1e-3, lr_d: float | None = None, betas=(0.5, 0.9), optimiser: str = "adam",
                 schedule: Callable[[int], float] | None = None, batch: int = 32, d_steps: int = 1,
                 ema: float = 0.99):  # fmt: skip
        if not hasattr(generator, "latent"):
            raise CourseError(f"{type(generator).__name__} has no attribute 'latent': set it to the size of its input.")
        if not 0 <= ema < 1:
            raise CourseError(f"ema={ema!r} is not a decay: use a number from 0 (no averaging) up to, not with, 1.")
        lr_d = lr if lr_d is None else lr_d
        if not (lr > 0 and lr_d > 0):
            raise CourseError(f"step sizes lr={lr!r}, lr_d={lr_d!r} must be above 0: try 1e-3.")
        for name, count in (("batch", batch), ("d_steps", d_steps)):
            if isinstance(count, bool) or not isinstance(count, int) or count < 1:
                raise CourseError(f"{name}={count!r}: use a whole number of at least 1.")
        self.generator, self.discriminator = generator, discriminator
        self.loss, self.penalties = loss or NonSaturating(), tuple(penalties)
        self.views, self.constraints, self.schedule = tuple(views), tuple(constraints), schedule
        self.batch, self.d_steps, self.step_number = batch, d_steps, 0
        for network in (generator, discriminator):
            if is_convolutional(network):
                # Measured on CPUs: ×1.2–1.4 for convolutions.
                network.to(memory_format=torch.channels_last)
        self.ema = EMA(generator, ema)
        self.optimiser_g = make_optimiser(optimiser, generator.parameters(), lr, betas)
        self.optimiser_d = make_optimiser(optimiser, discriminator.parameters(), lr_d, betas)
        self._rates = lr, lr_d
        self._one_pass = not has_batch_statistics(discriminator)
        self._origin: dict | None = None  # seed and data of the run, kept with the checkpoint
        self._scaler = torch.amp.GradScaler(enabled=False)

    # ---- the algorithm ----

    def step(self, real: Tensor, runtime: Runtime, players: str = "dg") -> Record:
        """One step on real examples ``(d_steps · batch, …)``. All randomness comes from (seed, step number).

        players: ``"d"`` or ``"g"`` lets only that one learn; the other's numbers in the record are then NaN.
        """
        one_of("players", players, ("dg", "d", "g"))
        n = self.step_number + 1
        d_loss = g_loss = real_logits = fake_logits = real.new_tensor(float("nan"))
        z = torch.randn(len(real), self.generator.latent, generator=runtime.stream("latent", n)).to(real.device)
        with runtime.seeded("layers", n):
            with runtime.autocast():
                fake = self.generator(z).float()  # (d_steps · batch, …)
            self._runtime = runtime
            if self.schedule:
                self._set_rates(self.schedule(self.step_number))
            for x, y in zip(real.split(self.batch), fake.split(self.batch), strict=True):
                if "d" in players:
                    d_loss, real_logits, fake_logits = self.d_step(x, y.detach())
            if "g" in players:
                g_loss = self.g_step(x, y)  # on the last of the batches
        if "g" in players:
            self.ema.update(self.generator, n)
        self.step_number = n
        return Record(n, d_loss=d_loss, g_loss=g_loss,
                      d_real=real_logits.sigmoid().mean(), d_fake=fake_logits.sigmoid().mean())  # fmt: skip

    def seen(self, x: Tensor) -> Tensor:
        """Examples ``(N, …)`` as the discriminator is shown them."""
        for view in self.views:
            x = view(x, self.step_number)
        return x

    def critic(self, x: Tensor) -> Tensor:
        """Examples ``(N, …)`` → logits, as the discriminator is asked in this game."""
        return self.discriminator(self.seen(x))

    def score(self, real: Tensor | None, fake: Tensor) -> tuple[Tensor | None, Tensor]:
        """Logits of real images (None where the loss does not need them) and of fake images, in float32."""
        with self._runtime.autocast():
            if real is None:
                return None, self.critic(fake).float()
            if self._one_pass:  # one pass over both is faster, and the same unless batch norm would mix them
                return tuple(self.critic(torch.cat([real, fake])).float().chunk(2))
            return self.critic(real).float(), self.critic(fake).float()

    def d_step(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Train the discriminator once; ``fake`` carries no gradient. Returns the loss and both logits."""
        real_logits, fake_logits = self.score(real, fake)
        loss = self.loss.d(real_logits, fake_logits)
        for penalty in self.penalties:
            if self.step_number % penalty.every == 0:
                loss = loss + penalty.every * penalty(self.critic, real, fake)
        self._update(self.optimiser_d, loss)
        for constraint in self.constraints:
            constraint(self.discriminator)
        return loss, real_logits, fake_logits

    def g_step(self, real: Tensor, fake: Tensor) -> Tensor:
        """Train the generator once, on ``fake`` images that remember how they were made."""
        with frozen(self.discriminator):
            real_logits, fake_logits = self.score(real if self.loss.g_needs_real else None, fake)
            loss = self.loss.g(real_logits, fake_logits)
            self._update(self.optimiser_g, loss)
        return loss

    def _update(self, optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
        if loss.device.type == "cpu" and not torch.isfinite(loss):
            self._diverged()  # before the step, so that the weights stay finite
        optimiser.zero_grad(set_to_none=True)
        self._scaler.scale(loss).backward()
        if loss.device.type == "cpu":
            # A finite loss can have an infinite slope (a square root at 0): one such step spoils every weight.
            gradients = [p.grad for group in optimiser.param_groups for p in group["params"] if p.grad is not None]
            if not torch.isfinite(get_total_norm(gradients)):
                self._diverged()
        self._scaler.step(optimiser)
        self._scaler.update()

    # ---- running it ----

    def steps(self, data: Resident, n: int, runtime: Runtime) -> Steps[Record]:
        """``n`` more steps on ``data``, as an iterator of records. Nothing is computed before it is asked for.

        Raises:
            CourseError: images that the networks do not take; going on with another seed or data set than before.
            Diverged: from the iterator, when a loss is no longer a finite number.
        """
        if isinstance(n, bool) or not isinstance(n, int) or n < 0:
            raise CourseError(f"cannot train {n!r} steps: use a whole number of at least 0.")
        if data.examples.device.type != runtime.device.type:
            raise CourseError(
                f"the examples of {data.name!r} are on the {data.examples.device.type} and the runtime asks for "
                f"{runtime.device.type}: load them with load(name, runtime)."
            )
        origin = {"seed": runtime.seed, "data": data.name, "sha256": data.sha256, "batch": self.batch}
        if self._origin not in (None, origin):
            changed = next(k for k in origin if origin[k] != self._origin[k])
            raise CourseError(
                f"this game was trained with {changed}={self._origin[changed]!r} and is asked to go on with "
                f"{origin[changed]!r}: use the same, or make a new Game."
            )
        self._move_to(runtime)
        batches, position = data.stream(self.batch * self.d_steps, runtime, start=self.step_number), self.step_number
        if self._origin is None:
            with runtime.seeded("fit"):  # a view may roll dice, and they are the caller's outside this block
                self._check_fit(data)
        self._origin = origin
        self.generator.train()
        self.discriminator.train()

        def step() -> Record:
            nonlocal batches, position
            if position != self.step_number:  # something else trained or resumed this game meanwhile
                batches = data.stream(self.batch * self.d_steps, runtime, start=self.step_number)
            position = self.step_number + 1
            record = self.step(next(batches)[0], runtime)
            if runtime.device.type != "cpu" and record.step % GPU_CHECK_EVERY == 0 and not record.finite():
                self._diverged()
            return record

        return Steps(self, n, self.batch * self.d_steps, step)

    def sampler(self, ema: bool = True) -> Sampler:
        """Draw from the averaged generator (or, with ``ema=False``, from the latest weights)."""
        return Sampler(self.ema.module if ema else self.generator)

    def _set_rates(self, factor: float) -> None:
        for optimiser, rate in zip((self.optimiser_g, self.optimiser_d), self._rates, strict=True):
            for group in optimiser.param_groups:
                group["lr"] = factor * rate

    def _move_to(self, runtime: Runtime) -> None:
        for network in (self.generator, self.discriminator, self.ema.module):
            network.to(runtime.device)
        for optimiser in (self.optimiser_g, self.optimiser_d):
            optimiser.load_state_dict(optimiser.state_dict())  # moves Adam's averages to the weights' device
        if (runtime.precision == "fp16") != self._scaler.is_enabled():
            self._scaler = torch.amp.GradScaler(runtime.device.type, enabled=runtime.precision == "fp16")

    @torch.no_grad()
    def _check_fit(self, data: Resident) -> None:
        self.generator.eval()  # in eval mode nothing is counted or averaged
        self.discriminator.eval()
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

    def _diverged(self):
        rates = self.optimiser_g.param_groups[0]["lr"], self.optimiser_d.param_groups[0]["lr"]
        raise Diverged(
            f"training diverged at step {self.step_number + 1}: a loss or its gradient is no longer a finite number. "
            f"The usual cause is too large a step size (here lr={rates[0]:g}, lr_d={rates[1]:g}): go back to the last "
            "checkpoint, or make a new Game, with a tenth of it."
        )

    # ---- what a checkpoint holds ----

    def state_dict(self) -> dict:
        """Everything the next step depends on. Random states are not in it: they follow from seed and step."""
        return {
            "generator": self.generator.state_dict(), "discriminator": self.discriminator.state_dict(),
            "ema": self.ema.module.state_dict(), "optimiser_g": self.optimiser_g.state_dict(),
            "optimiser_d": self.optimiser_d.state_dict(), "scaler": self._scaler.state_dict(),
            "step": self.step_number, "origin": self._origin,
        }  # fmt: skip

    def load_state_dict(self, state: dict) -> None:
        """Continue from ``state``, bit for bit on a CPU.

        Raises:
            CourseError: when it is no game's state, or the networks are of another shape; this game is then unchanged.
        """
        if missing := self.state_dict().keys() - state.keys():
            raise CourseError(f"the checkpoint has no {min(missing)!r}, so it is no Game's: use one that a Game saved.")
        networks = {"generator": self.generator, "discriminator": self.discriminator, "ema": self.ema.module}
        for name, network in networks.items():
            want = {k: tuple(v.shape) for k, v in network.state_dict().items()}
            have = {k: tuple(v.shape) for k, v in state[name].items()}
            if want != have:
                different = sorted(k for k in want.keys() | have.keys() if want.get(k) != have.get(k))
                raise CourseError(
                    f"the checkpoint's {name} is another network ({different[0]} is {have.get(different[0])}, here "
                    f"{want.get(different[0])}): build the Game with the settings it was saved with."
                )
        for name, network in networks.items():
            network.load_state_dict(state[name])
        for name in ("optimiser_g", "optimiser_d"):
            load_optimiser(getattr(self, name), state[name])
        if state["scaler"]:
            self._scaler = torch.amp.GradScaler("cuda")
            self._scaler.load_state_dict(state["scaler"])
        self.step_number, self._origin = state["step"], state["origin"]
