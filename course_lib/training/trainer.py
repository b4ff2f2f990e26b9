"""What every trainer shares: running steps, moving to a device, the guard against divergence, checkpoints.

A trainer gives its networks, its optimisers and one step; what a step does stands in ``game``, ``vae``, ``classifier``.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

from course_lib.data.resident import Resident
from course_lib.errors import CourseError, Diverged
from course_lib.models.mlp import is_convolutional
from course_lib.runtime import Runtime
from course_lib.training.optimisers import load_optimiser
from course_lib.training.records import Record, Steps

GPU_CHECK_EVERY = 50  # looking at a number makes a GPU wait, so there the guard looks less often


class Trainer:
    """Networks in training.

    Args:
        networks: by the names they have in a checkpoint. averages: of their weights, likewise; moved, saved and
            restored with them, and always in eval mode.
        optimisers: by name in a checkpoint → (what its step size is called, optimiser).
        batch: examples that a network sees at once. per_step: examples that a step takes (a multiple of ``batch``).
        schedule: ``step → factor`` on every step size.
    """

    def __init__(self, networks: dict[str, nn.Module], optimisers: dict[str, tuple[str, torch.optim.Optimizer]], *,
                 averages: dict[str, nn.Module] | None = None, batch: int, per_step: int | None = None,
                 schedule: Callable[[int], float] | None = None):  # fmt: skip
        self._trained, self._networks = networks, networks | (averages or {})
        self._optimisers = {name: optimiser for name, (_, optimiser) in optimisers.items()}
        self._rates = {name: (rate, o.param_groups[0]["lr"]) for name, (rate, o) in optimisers.items()}
        self.batch, self.per_step, self.schedule = batch, per_step or batch, schedule
        self.step_number = 0
        self._origin: dict | None = None  # seed and data of the run, kept with the checkpoint
        self._scaler = torch.amp.GradScaler(enabled=False)

    # ---- what a trainer gives ----

    def _step(self, examples: Tensor, labels: Tensor, runtime: Runtime) -> Record:
        """One step on ``(per_step, …)`` examples; all randomness comes from (seed, step number)."""
        raise NotImplementedError

    def _check_fit(self, data: Resident) -> None:
        """Refuse examples that the networks do not take, before the first step."""

    # ---- running it ----

    def steps(self, data: Resident, n: int, runtime: Runtime) -> Steps[Record]:
        """``n`` more steps on ``data``, as an iterator of records. Nothing is computed before it is asked for.

        Raises:
            CourseError: examples that the networks do not take; going on with another seed or data set than before.
            Diverged: from the iterator, when a loss is no longer a finite number.
        """
        if isinstance(n, bool) or not isinstance(n, int) or n < 0:
            raise CourseError(f"cannot train {n!r} steps: use a whole number of at least 0.")
        if data.examples.device.type != runtime.device.type:
            raise CourseError(
                f"the examples of {data.name!r} are on the {data.examples.device.type} and the runtime asks for "
                f"{runtime.device.type}: load them with load(name, runtime), your own with runtime=runtime."
            )
        origin = {"seed": runtime.seed, "data": data.name, "sha256": data.sha256, "batch": self.batch}
        if self._origin not in (None, origin):
            changed = next(k for k in origin if origin[k] != self._origin[k])
            raise CourseError(
                f"this {type(self).__name__} was trained with {changed}={self._origin[changed]!r} and is asked to go "
                f"on with {origin[changed]!r}: use the same, or make a new {type(self).__name__}."
            )
        self._move_to(runtime)
        batches, position = data.stream(self.per_step, runtime, start=self.step_number), self.step_number
        if self._origin is None:
            with runtime.seeded("fit"), torch.no_grad():  # a view may roll dice, and they are the caller's outside
                for network in self._networks.values():
                    network.eval()  # in eval mode nothing is counted or averaged
                self._check_fit(data)
        self._origin = origin
        for network in self._trained.values():
            network.train()

        def step() -> Record:
            nonlocal batches, position
            if position != self.step_number:  # something else trained or resumed this trainer meanwhile
                batches = data.stream(self.per_step, runtime, start=self.step_number)
            position = self.step_number + 1
            record = self._step(*next(batches), runtime)
            if runtime.device.type != "cpu" and record.step % GPU_CHECK_EVERY == 0 and not record.finite():
                self._diverged()
            return record

        return Steps(self, n, self.per_step, step)

    def _set_rates(self) -> None:
        """The step sizes of the step that begins."""
        if self.schedule:
            for name, optimiser in self._optimisers.items():
                for group in optimiser.param_groups:
                    group["lr"] = self.schedule(self.step_number) * self._rates[name][1]

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

    def _move_to(self, runtime: Runtime) -> None:
        for network in self._networks.values():
            network.to(runtime.device)
        for optimiser in self._optimisers.values():
            optimiser.load_state_dict(optimiser.state_dict())  # moves Adam's averages to the weights' device
        if (runtime.precision == "fp16") != self._scaler.is_enabled():
            self._scaler = torch.amp.GradScaler(runtime.device.type, enabled=runtime.precision == "fp16")

    def _diverged(self):
        rates = ", ".join(
            f"{rate}={self._optimisers[name].param_groups[0]['lr']:g}" for name, (rate, _) in self._rates.items()
        )
        raise Diverged(
            f"training diverged at step {self.step_number + 1}: a loss or its gradient is no longer a finite number. "
            f"The usual cause is too large a step size (here {rates}): go back to the last checkpoint, or make a new "
            f"{type(self).__name__}, with a tenth of it."
        )

    # ---- what a checkpoint holds ----

    def state_dict(self) -> dict:
        """Everything the next step depends on. Random states are not in it: they follow from seed and step."""
        return {
            **{name: part.state_dict() for name, part in (self._networks | self._optimisers).items()},
            "scaler": self._scaler.state_dict(), "step": self.step_number, "origin": self._origin,
        }  # fmt: skip

    def load_state_dict(self, state: dict) -> None:
        """Continue from ``state``, bit for bit on a CPU.

        Raises:
            CourseError: when it is another kind's, or the networks are of another shape; this trainer is unchanged.
        """
        kind = type(self).__name__
        if missing := self.state_dict().keys() - state.keys():
            raise CourseError(f"the checkpoint has no {min(missing)!r}, so it is no {kind}'s: use one that a {kind} "
                              "saved.")  # fmt: skip
        for name, network in self._networks.items():
            want = {k: tuple(v.shape) for k, v in network.state_dict().items()}
            have = {k: tuple(v.shape) for k, v in state[name].items()}
            if want != have:
                different = sorted(k for k in want.keys() | have.keys() if want.get(k) != have.get(k))
                raise CourseError(
                    f"the checkpoint's {name} is another network ({different[0]} is {have.get(different[0])}, here "
                    f"{want.get(different[0])}): build the {kind} with the settings it was saved with."
                )
        for name, network in self._networks.items():
            network.load_state_dict(state[name])
        for name, optimiser in self._optimisers.items():
            load_optimiser(optimiser, state[name])
        if state["scaler"]:
            self._scaler = torch.amp.GradScaler("cuda")
            self._scaler.load_state_dict(state["scaler"])
        self.step_number, self._origin = state["step"], state["origin"]


def check_settings(lr: dict[str, float], counts: dict[str, int]) -> None:
    """Refuse step sizes that are not above 0 and counts that are not whole numbers of at least 1."""
    if not all(rate > 0 for rate in lr.values()):
        raise CourseError(f"step sizes {', '.join(f'{k}={v!r}' for k, v in lr.items())} must be above 0: try 1e-3.")
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise CourseError(f"{name}={count!r}: use a whole number of at least 1.")


def lay_out(*networks: nn.Module) -> None:
    """Convolutions channels last, before an optimiser sees their weights: measured on CPUs, ×1.2–1.4."""
    for network in networks:
        if is_convolutional(network):
            network.to(memory_format=torch.channels_last)
