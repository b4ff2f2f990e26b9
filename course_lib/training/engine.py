"""What all trainers of the course share: running steps, moving to a device, the guard against divergence, checkpoints.

A trainer gives its networks, its optimisers and one step; what a step does stands in ``game``, ``vae``, ``classifier``.
What others ask of a trainer is less: the Protocol ``records.Trainer``.
"""

import math
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from numbers import Integral
from typing import ClassVar, NoReturn

import torch
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

from course_lib.data.batches import BatchedData, fingerprint
from course_lib.errors import CourseError, Diverged
from course_lib.models.eval_mode import eval_mode
from course_lib.models.mlp import is_convolutional
from course_lib.runtime import Runtime
from course_lib.training.optimisers import load_optimiser
from course_lib.training.records import Record, Steps
from course_lib.training.settings import compare_settings, described

GPU_CHECK_EVERY = 50  # looking at a number makes a GPU wait, so there the guard looks less often


class Engine:
    """Networks in training: a ``Trainer`` in all but its step.

    Args:
        networks: by the names they have in a checkpoint.
        optimisers: by name in a checkpoint → (what its step size is called, optimiser).
        averages: of the networks' weights, by name likewise; moved, saved and restored with them, always in eval mode.
        batch: examples that a network sees at once.
        per_step: examples that a step takes (a multiple of ``batch``).
        schedule: ``step → factor`` on every step size.

    Raises:
        CourseError: for a schedule that cannot be called.

    ``FIXED``: the settings that must be a checkpoint's, beside its optimisers' classes (see ``training.settings``).
    """

    FIXED: ClassVar[tuple[str, ...]] = ("batch",)
    _cycled: ClassVar[tuple[str, ...]] = ()  # options of the optimiser that something moves, so the checkpoint's count

    def __init__(
        self,
        networks: dict[str, nn.Module],
        optimisers: dict[str, tuple[str, torch.optim.Optimizer]],
        *,
        averages: dict[str, nn.Module] | None = None,
        batch: int,
        per_step: int | None = None,
        schedule: Callable[[int], float] | None = None,
    ):
        self._trained, self._networks = networks, networks | (averages or {})
        self._optimisers = {name: optimiser for name, (_, optimiser) in optimisers.items()}
        self._rates = {name: (rate, o.param_groups[0]["lr"]) for name, (rate, o) in optimisers.items()}
        if schedule is not None and not callable(schedule):
            raise CourseError(
                f"schedule={schedule!r}: use a function of the step, such as cosine_schedule(1000), or None."
            )
        self.batch, self.per_step, self.schedule = int(batch), int(per_step or batch), schedule
        self.step_number, self.run = 0, ""  # run: what ``checkpoint`` knows this training by
        self._frozen: dict[str, list[nn.Module]] = {}  # parts that stay in eval mode, by their network's name
        self._origin: dict | None = None  # seed and data of the run, kept with the checkpoint
        self._scaler = torch.amp.GradScaler(enabled=False)

    @property
    def whole_batch(self) -> int:
        """Examples that the networks learn from at once, wherever they are computed."""
        return self.batch

    def _step(self, examples: Tensor, labels: Tensor, runtime: Runtime) -> Record:
        """One step on ``(per_step, …)`` examples; all randomness comes from (seed, step number)."""
        raise NotImplementedError

    def _check_fit(self, data: BatchedData) -> None:
        """Refuse examples that the networks do not take, before the first step."""

    def steps(self, data: BatchedData, n: int, runtime: Runtime) -> Steps[Record]:
        """``n`` more steps on ``data``, as an iterator of records. Nothing is computed before it is asked for.

        The networks are then in train mode. A part that you froze, by ``part.eval()`` in a network in train mode, stays
        in eval mode, here and in later calls, until it or a part around it is put into train mode.

        Args:
            data: what to train on.
            n: how many steps, at least 0.
            runtime: seed, device and precision; the data lie on its device.

        Raises:
            CourseError: what is no data; examples that the networks do not take; going on with another seed or data
                set than before.
            Diverged: from the iterator, when a loss is no longer a finite number.
        """
        if isinstance(n, bool) or not isinstance(n, Integral) or n < 0:
            raise CourseError(f"cannot train {n!r} steps: use a whole number of at least 0.")
        if not isinstance(data, BatchedData):
            raise CourseError(f"cannot train on a {type(data).__name__}: use a data set, such as load('digits').")
        if data.examples.device.type != runtime.device.type:
            raise CourseError(
                f"the examples of {data.name!r} are on the {data.examples.device.type} and the runtime asks for "
                f"{runtime.device.type}: load them with load(name, runtime), your own with runtime=runtime."
            )
        origin = {
            "seed": runtime.seed,
            "data": data.name,
            "batch": self.whole_batch,
            "sha256": getattr(data, "sha256", "") or fingerprint(data.examples, data.labels),
        }
        if self._origin not in (None, origin):
            changed = next(k for k in origin if origin[k] != self._origin[k])
            raise CourseError(
                f"this {type(self).__name__} was trained with {changed}={self._origin[changed]!r} and is asked to go "
                f"on with {origin[changed]!r}: use the same, or make a new {type(self).__name__}."
            )
        self._move_to(runtime)
        batches, position = data.stream(self.per_step, runtime, start=self.step_number), self.step_number
        if self._origin is None:
            # A view may roll dice, and they are the caller's outside; in eval mode nothing is counted or averaged.
            with runtime.seeded("fit"), torch.no_grad(), ExitStack() as modes:
                for network in self._networks.values():
                    modes.enter_context(eval_mode(network))
                self._check_fit(data)
        self._origin = origin
        self._train_mode()

        def step() -> Record:
            nonlocal batches, position
            if position != self.step_number:  # something else trained or resumed this trainer meanwhile
                batches = data.stream(self.per_step, runtime, start=self.step_number)
            position = self.step_number + 1
            record = self._step(*next(batches), runtime)
            if runtime.device.type != "cpu" and record.step % GPU_CHECK_EVERY == 0 and not record.finite():
                self._diverged()
            return record

        return Steps(self, int(n), self.per_step, step)

    def _train_mode(self) -> None:
        """Put the networks into train mode, but for parts that were frozen: in eval mode while their network was not.

        A network that is in eval mode as a whole was put so to look at it, and what was frozen in it before stays
        frozen.
        """
        for name, network in self._trained.items():
            if network.training:
                self._frozen[name] = [part for part in network.modules() if not part.training]
            network.train()
            for part in self._frozen.get(name, ()):
                part.training = False

    def _set_rates(self, step: int | None = None) -> None:
        """The step sizes of the step that begins, or of another."""
        if self.schedule:
            factor = self.schedule(self.step_number if step is None else step)
            if not 0 <= factor < math.inf:
                raise CourseError(
                    f"the schedule gives {factor!r} for step {self.step_number}: use a function that "
                    "gives a finite factor of at least 0."
                )
            for name, optimiser in self._optimisers.items():
                for group in optimiser.param_groups:
                    group["lr"] = factor * self._rates[name][1]

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

    def _diverged(self) -> NoReturn:
        rates = ", ".join(
            f"{rate}={self._optimisers[name].param_groups[0]['lr']:g}" for name, (rate, _) in self._rates.items()
        )
        raise Diverged(
            f"training diverged at step {self.step_number + 1}: a loss or its gradient is no longer a finite number. "
            f"The usual cause is too large a step size (here {rates}): go back to the last checkpoint, or make a new "
            f"{type(self).__name__}, with a tenth of it."
        )

    def settings(self) -> dict[str, str]:
        """What this trainer was built with, in words: kept with a checkpoint, and compared when one is loaded.

        Returns:
            What a setting is called → its value.
        """
        said = {
            "kind": type(self).__name__,
            "batch": described(self.whole_batch),
            "schedule": described(self.schedule),
        }
        for name, (rate, lr) in self._rates.items():
            optimiser, group = self._optimisers[name], self._optimisers[name].param_groups[0]
            said |= {name: type(optimiser).__name__, rate: described(lr if self.schedule else group["lr"])}
            # What an option does, not how it is computed; "differentiable" and the like are about the latter.
            said |= {
                f"{option} of {name}": described(group[option])
                for option in ("betas", "eps", "weight_decay", "momentum", "alpha", "amsgrad", "nesterov", "maximize")
                if option in group and option not in self._cycled
            }
        return said

    def state_dict(self) -> dict:
        """Everything the next step depends on. Random states are not in it: they follow from seed and step."""
        return {
            **{name: part.state_dict() for name, part in (self._networks | self._optimisers).items()},
            "scaler": self._scaler.state_dict(),
            "step": self.step_number,
            "origin": self._origin,
            "settings": self.settings(),
        }

    def load_state_dict(self, state: dict) -> None:
        """Continue from ``state``, bit for bit on a CPU if this trainer was built with the same settings.

        Of changed settings, some are applied, with a warning that names them, and the others are refused (see
        ``course_lib.training.settings``).

        Args:
            state: what :meth:`state_dict` gave.

        Raises:
            CourseError: when it is another kind's, the networks are of another shape, or a setting that must stay
                differs; this trainer is unchanged.
        """
        self._check_state(state)
        if said := compare_settings(
            type(self).__name__, self.settings(), state.get("settings", {}), {*self.FIXED, *self._optimisers}
        ):
            warnings.warn(said, stacklevel=2)
        for name, network in self._networks.items():
            network.load_state_dict(state[name])
        for name, optimiser in self._optimisers.items():
            load_optimiser(optimiser, state[name], self._cycled)
        if state["scaler"]:
            self._scaler = torch.amp.GradScaler("cuda")
            self._scaler.load_state_dict(state["scaler"])
        self.step_number, self._origin, self.run = state["step"], state["origin"], ""
        if self.step_number:
            self._set_rates(self.step_number - 1)  # as they stood after that step

    def _check_state(self, state: dict) -> None:
        """Refuse a state that does not fit, before anything is changed."""
        kind, ours = type(self).__name__, self.state_dict()
        theirs = state if isinstance(state, dict) else {}
        if odd := (ours.keys() ^ theirs.keys()) - {"settings"}:
            has = f"{'no' if min(odd) in ours else 'also a'} {min(odd)!r}"
            raise CourseError(f"the checkpoint has {has}, so it is no {kind}'s: use one that a {kind} saved.")
        for name, network in self._networks.items():
            want = {k: tuple(v.shape) for k, v in network.state_dict().items()}
            have = {k: tuple(v.shape) for k, v in state[name].items()}
            if want != have:
                different = sorted(k for k in want.keys() | have.keys() if want.get(k) != have.get(k))
                raise CourseError(
                    f"the checkpoint's {name} is another network ({different[0]} is {have.get(different[0])}, here "
                    f"{want.get(different[0])}): build the {kind} with the settings it was saved with."
                )
        for name in self._optimisers:
            mine, saved = (
                [(len(group["params"]), {"betas", "momentum", "alpha"} & group.keys()) for group in groups]
                for groups in (ours[name]["param_groups"], state[name]["param_groups"])
            )
            if mine != saved:  # torch would fail later, at the next step, by a bare KeyError
                raise CourseError(
                    f"the checkpoint's {name} is another optimiser than this {kind}'s "
                    f"{type(self._optimisers[name]).__name__}: build it with the same."
                )


def use_channels_last(*networks: nn.Module) -> None:
    """Convolutions channels last, before an optimiser sees their weights: measured on CPUs, ×1.2–1.4.

    Args:
        *networks: changed in place where they have convolutions.
    """
    for network in networks:
        if is_convolutional(network):
            network.to(memory_format=torch.channels_last)
