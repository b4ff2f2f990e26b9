"""What the recordings of lesson 14.2 say, and what was measured on a GPU, where somebody had one."""

import functools
import json
import math
from collections.abc import Mapping
from statistics import median
from typing import Any

from course_lib.chapters.ch14_scale_up import speed_ways
from course_lib.chapters.ch14_scale_up.speed_calls import calls
from course_lib.chapters.ch14_scale_up.speed_roofline import Limits, share_of_peak, work_of
from course_lib.files import recorded, shipped

NOT_YET = "Not measured yet: nobody has run `make gpu-times` on a machine with a CUDA GPU. What follows is on paper."


class Half:
    """The trainings in two precisions.

    Attributes:
        machine: where they ran.
        ways: names: the precisions, and a control.
    """

    def __init__(self) -> None:
        content = recorded("half-precision")
        self.machine: str = content["machine"]
        self._runs: dict[str, dict[str, dict[str, float]]] = content["runs"]
        self.ways = list(self._runs)

    def values(self, way: str, what: str) -> dict[str, float]:
        """A number for each seed.

        Args:
            way: of ``ways``.
            what: "confidence", "classes", "frechet" or "seconds".

        Returns:
            Seed → number.
        """
        return {seed: one[what] for seed, one in self._runs[way].items()}

    def times(self, way: str, what: str) -> dict[str, float]:
        """A number for each seed, as a multiple of float32's median.

        Args:
            way: of ``ways``.
            what: as in :meth:`values`.

        Returns:
            Seed → multiple.
        """
        usual = median(self.values("float32", what).values())
        return {seed: value / usual for seed, value in self.values(way, what).items()}


class Steps:
    """Seconds of a step in several ways.

    Attributes:
        machine: where they were measured.
        ways: their names.
    """

    def __init__(self) -> None:
        content = recorded("step-speed")
        self.machine: str = content["machine"]
        self.ways: list[str] = content["settings"]["ways"]
        self._runs: dict[str, dict[str, float]] = content["runs"]

    def seconds(self, game: str, way: str) -> dict[str, float]:
        """Seconds of a step in each repetition.

        Args:
            game: "MLP" or "DCGAN".
            way: of ``ways``.

        Returns:
            Repetition → seconds.
        """
        return self._runs[f"{game}, {way}"]

    def times_as_fast(self, game: str, way: str, than: str = "plain") -> dict[str, float]:
        """A way's speed as a multiple of another's, in each repetition.

        Args:
            game: as in :meth:`seconds`.
            way, than: of ``ways``.

        Returns:
            Repetition → times.
        """
        mine = self.seconds(game, way)
        return {turn: taken / mine[turn] for turn, taken in self.seconds(game, than).items()}

    def share_of_peak(self, game: str, way: str) -> dict[str, float]:
        """The seconds of the operations alone at the machine's limits, as a share of those taken, in each repetition.

        Args:
            game: as in :meth:`seconds`.
            way: of ``ways``; the limits are those of its precision.

        Returns:
            Repetition → share.
        """
        precision = speed_ways.WAYS[way].precision
        names = ("products", "convolutions", "bandwidth", "each")
        found = {}
        for turn, taken in self.seconds(game, way).items():
            limits = Limits(**{what: self._runs[f"{precision}, {what}"][turn] for what in names})
            found[turn] = share_of_peak(_work(game), limits, taken)
        return found

    def first(self, game: str, way: str) -> float:
        """Seconds of the first two steps.

        Args:
            game: as in :meth:`seconds`.
            way: "plain" or "torch.compile".
        """
        return next(iter(self._runs[f"{game}, {way}, first"].values()))


class Quality:
    """Three recipes against time.

    Attributes:
        machine: where they were trained.
        at: seconds of training at which they were measured.
        recipes: their names.
        real: measure → what digits have that no recipe saw.
    """

    def __init__(self) -> None:
        content = recorded("seconds-to-quality")
        self.machine: str = content["machine"]
        self.at: list[float] = content["settings"]["at"]
        self._runs: dict[str, Any] = content["runs"]
        self.recipes = [name for name in self._runs if name != "real"]
        self.real: dict[str, float] = self._runs["real"]

    def curves(self, recipe: str, what: str) -> dict[str, list[float]]:
        """A measure at each of the seconds.

        Args:
            recipe: of ``recipes``.
            what: "confidence", "classes", "frechet" or "steps".

        Returns:
            Seed → numbers.
        """
        return {seed: one[what] for seed, one in self._runs[recipe].items()}

    def reached(self, recipe: str, confidence: float, classes: int = 10) -> dict[str, float]:
        """When a recipe first drew so many digits with so much confidence.

        Args:
            recipe: of ``recipes``.
            confidence: of the judge.
            classes: digits; with 0 confidence alone counts.

        Returns:
            Seed → seconds, ∞ where it did not within the time.
        """
        found = {}
        for seed, one in self._runs[recipe].items():
            there = [
                t
                for t, sure, digits in zip(self.at, one["confidence"], one["classes"], strict=True)
                if sure >= confidence and digits >= classes
            ]
            found[seed] = there[0] if there else math.inf
        return found

    def near(self, recipe: str, frechet: float) -> dict[str, float]:
        """When a recipe first came so near to the digits.

        Args:
            recipe: of ``recipes``.
            frechet: the distance.

        Returns:
            Seed → seconds, ∞ where it did not within the time.
        """
        found = {}
        for seed, values in self.curves(recipe, "frechet").items():
            found[seed] = next((t for t, value in zip(self.at, values, strict=True) if value <= frechet), math.inf)
        return found

    def last(self, recipe: str, what: str) -> dict[str, float]:
        """A measure at the end.

        Args:
            recipe: of ``recipes``.
            what: as in :meth:`curves`.

        Returns:
            Seed → number.
        """
        return self.after(recipe, self.at[-1], what)

    def after(self, recipe: str, seconds: float, what: str) -> dict[str, float]:
        """A measure after so many seconds of training.

        Args:
            recipe: of ``recipes``.
            seconds: of ``at``.
            what: as in :meth:`curves`.

        Returns:
            Seed → number.
        """
        turn = self.at.index(seconds)
        return {seed: values[turn] for seed, values in self.curves(recipe, what).items()}


@functools.cache
def _work(game: str) -> dict[str, float]:
    one, runtime = speed_ways.make(game)
    step = speed_ways.stepper(one, runtime)
    return work_of(calls(step))


def gpu() -> dict[str, Any] | None:
    """What ``make gpu-times`` measured on a GPU.

    Returns:
        The content of ``data/times-gpu.json``; None where there is none.
    """
    path = shipped("times-gpu.json")
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def spread(values: Mapping[str, float], form: str = ".2f", never: str = "never") -> str:
    """Median, and the range in brackets where there is one.

    Args:
        values: repetition or seed → number; ∞ where it never came so far.
        form: of a number, as Python formats it.
        never: what ∞ is called.

    Returns:
        Words.
    """
    said = [never if math.isinf(v) else f"{v:{form}}" for v in sorted(values.values())]
    middle = median(values.values())
    shown = never if math.isinf(middle) else f"{middle:{form}}"
    return shown if said[0] == said[-1] else f"{shown} ({said[0]} to {said[-1]})"


def gpu_rows(measured: Mapping[str, Any]) -> list[list[str]]:
    """Rows of a table of what was measured on a GPU.

    Args:
        measured: as :func:`gpu` gives it.

    Returns:
        Batch and way, images a second, percent of peak; or, instead of these, why it does not run.
    """
    rows = []
    for one in measured["rows"]:
        named = f"{one['batch']:,}, {one['name']}"
        if "failed" in one:
            rows.append([named, one["failed"], "—"])
        else:
            rows.append([named, f"{one['images_per_s']:,}", f"{one['share_of_peak']:.1%}"])
    return rows
