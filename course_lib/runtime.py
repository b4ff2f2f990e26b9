"""Where a run happens: device, precision, seed and profile, decided once and passed in.

Randomness is *derived*, not consumed: ``runtime.stream("noise", 17)`` is the same stream whenever it is asked for.
A training step that draws from ``stream(..., step)`` needs no saved random state to be resumed bit for bit.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TypeVar

import torch

from course_lib.errors import CourseError, one_of
from course_lib.machine import cores
from course_lib.precision import DTYPES, fastest

T = TypeVar("T")
PROFILES = ("smoke", "course", "full")
PRECISIONS = ("auto", "measured", "float32", "bf16", "fp16")
DEVICES = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True)
class Runtime:
    """The settings of one run; build it with :meth:`auto`. Frozen, so nothing can change them half-way.

    Attributes:
        device: where models and data lie.
        seed: what every random stream is derived from, in [0, 2³²).
        precision: ``"float32"``, ``"bf16"`` or ``"fp16"``: what networks calculate in while they train.
        profile: ``"smoke"``, ``"course"`` or ``"full"``.
    """

    device: torch.device
    seed: int
    precision: str
    profile: str

    @classmethod
    def auto(
        cls,
        device: str | torch.device = "auto",
        seed: int = 0,
        precision: str = "auto",
        profile: str = "course",
        **unknown: object,
    ) -> "Runtime":
        """The best available device, and a precision that pays on it.

        Args:
            device: ``"auto"``, ``"cpu"``, ``"cuda"`` (or ``"cuda:1"``), ``"mps"``.
            seed: integer in [0, 2³²).
            precision: ``"auto"`` means bf16 on CUDA cards that have it, fp16 on older ones, float32 elsewhere, so
                that runs on processors can be compared. ``"measured"`` tries once in a process whether that is faster,
                on a processor bf16, and else takes float32.
            profile: ``"smoke"`` (seconds), ``"course"`` (what the notebooks show) or ``"full"`` (GPU, full data).
            **unknown: anything else, which is refused by its name.

        Raises:
            CourseError: for an unknown name or value, with the valid ones; for a device this machine lacks.

        Example:
            >>> from course_lib.runtime import Runtime
            >>> runtime = Runtime.auto(device="cpu", seed=7)
            >>> runtime.precision, runtime.seed
            ('float32', 7)
        """
        if unknown:
            one_of("setting", next(iter(unknown)), ("device", "seed", "precision", "profile"))
        one_of("profile", profile, PROFILES)
        one_of("precision", precision, PRECISIONS)
        chosen = _device(device)
        _set_threads()
        return cls(chosen, _seed(seed), _precision(precision, chosen), profile)

    def with_seed(self, seed: int) -> "Runtime":
        """The same settings with another seed.

        Args:
            seed: integer in [0, 2³²).

        Raises:
            CourseError: for another one.
        """
        return replace(self, seed=_seed(seed))

    def pick(self, *, smoke: T, course: T, full: T | None = None) -> T:
        """The value for this profile, e.g. a step budget.

        Args:
            smoke: for ``"smoke"``.
            course: for ``"course"``.
            full: for ``"full"``; None means ``course``.

        Example:
            >>> from course_lib.runtime import Runtime
            >>> Runtime.auto(device="cpu", profile="smoke").pick(smoke=10, course=2000)
            10
        """
        return {"smoke": smoke, "course": course, "full": course if full is None else full}[self.profile]

    def stream(self, *names: object) -> torch.Generator:
        """A CPU random generator that depends only on the seed and ``names``; different names are independent.

        Args:
            *names: what the random numbers are for, and which step: ``"noise", 17``.

        Example:
            >>> import torch
            >>> from course_lib.runtime import Runtime
            >>> runtime = Runtime.auto(device="cpu")
            >>> a, b = (torch.randn(3, generator=runtime.stream("noise", 17)) for _ in range(2))
            >>> torch.equal(a, b)
            True
        """
        return torch.Generator().manual_seed(self.derived_seed(*names))

    def derived_seed(self, *names: object) -> int:
        """A 63-bit seed made from ``(seed, *names)`` by SHA-256.

        Args:
            *names: as for :meth:`stream`.
        """
        digest = hashlib.sha256(repr((self.seed, *names)).encode()).digest()
        return int.from_bytes(digest[:8], "little") >> 1

    @contextlib.contextmanager
    def seeded(self, *names: object) -> Iterator[None]:
        """Seed torch's global generator for this block, then give it back as it was.

        New layers draw their weights from it, dropout its masks: ``with runtime.seeded("weights"): DCGenerator()``.

        Args:
            *names: as for :meth:`stream`.

        Yields:
            Nothing.
        """
        seed = self.derived_seed(*names)
        on_gpu = self.device.type == "cuda"
        before = torch.default_generator.get_state()
        before_gpu = torch.cuda.get_rng_state(self.device) if on_gpu else None
        torch.default_generator.manual_seed(seed)
        if on_gpu:
            torch.cuda.manual_seed(seed)
        try:
            yield
        finally:
            torch.default_generator.set_state(before)
            if before_gpu is not None:
                torch.cuda.set_rng_state(before_gpu, self.device)

    def autocast(self) -> AbstractContextManager[object]:
        """A context with mixed precision where it was chosen; one that does nothing in float32."""
        if self.precision == "float32":
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=DTYPES[self.precision])

    def describe(self) -> str:
        """One line for the head of a notebook, e.g. ``cpu · float32 · seed 0 · profile course · 1 thread``."""
        n = torch.get_num_threads()
        name = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else self.device.type
        return f"{name} · {self.precision} · seed {self.seed} · profile {self.profile} · {n} thread{'s' * (n > 1)}"


def _seed(seed: int) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise CourseError(f"seed {seed!r} is not a whole number from 0 to 2³²−1: use for example seed=0.")
    return seed


def _device(wanted: str | torch.device) -> torch.device:
    name = str(wanted)
    one_of("device", name.split(":")[0], DEVICES)
    have_cuda, have_mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if name == "auto":
        return torch.device("cuda" if have_cuda else "mps" if have_mps else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise CourseError(f"device {name!r} is not a device: use for example 'cuda:0' or 'auto'.") from None
    if device.type == "cuda" and not (have_cuda and (device.index or 0) < torch.cuda.device_count()):
        raise CourseError(f"device {name!r} is not on this machine: use device='auto' or 'cpu'.")
    if device.type == "mps" and not have_mps:
        raise CourseError("device 'mps' is not on this machine: use device='auto' or 'cpu'.")
    return device


def _precision(name: str, device: torch.device) -> str:
    if name not in ("auto", "measured"):
        if name == "fp16" and device.type == "cpu":
            raise CourseError("precision 'fp16' is not for the CPU: use 'float32', 'bf16', or 'measured'.")
        return name
    on_cuda = device.type == "cuda"
    short = "fp16" if on_cuda and torch.cuda.get_device_capability(device)[0] < 8 else "bf16"
    if name == "measured" and device.type != "mps":
        return fastest(device, ("float32", short))
    return short if on_cuda else "float32"


def _set_threads() -> None:
    """Use half of the logical cores, at most four, unless OMP_NUM_THREADS says otherwise.

    Two torch processes with as many threads as cores each spin against one another (measured: 142 images/s
    instead of 1,890), so every headless runner sets OMP_NUM_THREADS=1 and runs two processes.
    """
    asked = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()  # "4,2": 2 for loops within loops
    if asked.isdecimal() and int(asked):
        # Said to torch too: by itself it asks MKL, which counts two logical cores of one physical core as one.
        torch.set_num_threads(int(asked))
    else:
        torch.set_num_threads(max(1, min(4, cores() // 2)))
