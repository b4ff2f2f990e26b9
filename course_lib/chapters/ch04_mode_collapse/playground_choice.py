"""What can be chosen in the playground, how a wrong choice is refused, and a setting as one line of Python."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from course_lib.chapters.ch04_mode_collapse import toy_games
from course_lib.data.toy import MIXTURES, Mixture, mixture
from course_lib.errors import CourseError, check_positive, check_whole_number, one_of
from course_lib.losses import LOSSES

# Left out: what has no labels under every loss, what has a loss of G of its own, and a D whose answer for one point
# depends on the whole map that is asked for at once.
LEFT_OUT = ("label smoothing", "feature matching", "batch norm in D")
OWN = "my points"  # the name of data that the learner drew
REACH, MOST, SIGMA = 1.25, 200, 0.03  # of drawn points: the largest coordinate, how many, the blur around each
SPEEDS = {"slow": 0.4, "steady": 0.1, "brisk": 0.025, "fast": 0.0}  # seconds of a step at least

Points = Sequence[Sequence[float]]


def cures() -> list[str]:
    """The names of the cures that can be chosen, those of parts that were put into their tables among them."""
    return [name for name in toy_games.cures() if name not in LEFT_OUT]


@dataclass(frozen=True)
class Choice:
    """What can be chosen.

    Attributes:
        data: a name of ``MIXTURES``, or points of one's own: 2 to 200 pairs (x, y) with coordinates from −1.25 to 1.25,
            which are kept to two decimals. Each of them is a mode.
        loss: a name of ``LOSSES``.
        cure: a name of :func:`cures`.
        lr, lr_d: the step sizes of G and D, above 0.
        seed: of weights, points and latents.

    Raises:
        CourseError: for an unknown name, points that do not fit, or a step size that is not a number above 0.
    """

    data: str | Points = "ring"
    loss: str = "non-saturating"
    cure: str = "none"
    lr: float = 1e-3
    lr_d: float = 1e-3
    seed: int = 0

    def __post_init__(self) -> None:
        if isinstance(self.data, str):
            one_of("data", self.data, MIXTURES)
        else:
            object.__setattr__(self, "data", _own(self.data))
        one_of("loss", self.loss, LOSSES)
        one_of("cure", self.cure, cures())
        for name in ("lr", "lr_d"):
            check_positive(f"step size {name}", getattr(self, name))

    @property
    def points(self) -> list[list[float]]:
        """The learner's own, as pairs; none where the data have a name."""
        return [] if isinstance(self.data, str) else [list(point) for point in self.data]

    @property
    def mixture(self) -> Mixture:
        """Where the real points come from."""
        if isinstance(self.data, str):
            return mixture(self.data)
        return Mixture(OWN, torch.tensor(self.points), SIGMA)


def _own(data: object) -> tuple[tuple[float, ...], ...]:
    """Drawn points, checked and rounded."""
    try:
        table = np.asarray(data, dtype=float)
    except (TypeError, ValueError, RuntimeError):
        table = np.empty(0)
    pairs = table.ndim == 2 and table.shape[1] == 2
    if not pairs or not 2 <= len(table) <= MOST:
        given = f"data has {len(table)} points" if pairs else f"data={repr(data)[:60]}"
        names = ", ".join(map(repr, MIXTURES))
        raise CourseError(f"{given}: use one of {names}, or a list of 2 to {MOST} points (x, y).")
    if not np.abs(table).max() <= REACH:  # NaN, too
        raise CourseError(f"points reach to {np.abs(table).max():g}: use coordinates from −{REACH} to {REACH}.")
    if table.std() < 0.02 or np.ptp(table, axis=0).max() < 0.1:
        raise CourseError(f"all {len(table)} points lie in one place: put some of them further apart.")
    return tuple(tuple(round(float(v), 2) + 0.0 for v in point) for point in table)


def written(choice: Choice, speed: str = "fast", pause_at: int | None = None) -> str:
    """The call of ``playground`` that opens it with this setting, in one line.

    Args:
        choice: what is played.
        speed: a name of ``SPEEDS``.
        pause_at: the step at which it pauses.
    """
    points = ", ".join(f"({x:g}, {y:g})" for x, y in choice.points)
    plain = Choice()
    parts = [f"data=[{points}]" if points else f"data={json.dumps(choice.data)}"]
    parts += [f"{name}={json.dumps(getattr(choice, name), ensure_ascii=False)}" for name in ("loss", "cure")]
    parts += [f"{name}={getattr(choice, name)!r}" for name in ("lr", "lr_d") if getattr(choice, name) != plain.lr]
    parts += [f"seed={choice.seed}"]
    parts += [f'speed="{speed}"'] * (speed != "fast") + [f"pause_at={pause_at}"] * (pause_at is not None)
    return f"playground({', '.join(parts)})"


def step_to_pause_at(value: object) -> int | None:
    """A step to pause at, or None for none.

    Args:
        value: what was given, which may be anything.

    Raises:
        CourseError: for anything but None or a whole number of at least 1.
    """
    return None if value is None else check_whole_number("pause_at", value)
