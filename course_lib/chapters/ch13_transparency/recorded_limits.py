"""What `course record limits` measured: whom small generators draw, and what each limit lets through."""

from collections.abc import Mapping
from statistics import median
from typing import Any

from course_lib.files import recorded

WAYS = ("no limit", "rejected", "unlearned", "filtered data", "not asked for", "never trained")


class Limits:
    """The recording, as lesson 13.7 reads it: every number by its seed."""

    def __init__(self) -> None:
        self._runs: dict[str, dict[str, Any]] = recorded("limits")["runs"]

    def way(self, name: str, what: str) -> dict[str, float]:
        """A limit's number for each seed.

        Args:
            name: of ``WAYS``, or another row of the recording.
            what: "handed out", "asked", "searched", "frechet" or "thrown".

        Returns:
            Seed → number.
        """
        return {seed: one[name][what] for seed, one in self._runs["forbid"].items()}

    def minority(self, name: str) -> dict[str, float]:
        """The share of minority digits read in a model's samples, for each seed.

        Args:
            name: "GAN", "VAE", "GAN, ψ = 0.6", "GAN, equal data" or "expected".

        Returns:
            Seed → number.
        """
        return {seed: one[name] for seed, one in self._runs["imbalance"].items()}

    def covered(self, model: str, group: str) -> dict[str, float]:
        """The coverage of a group of held-out digits, for each seed.

        Args:
            model: "GAN", "VAE" or "other real digits".
            group: "all", a class or a tenth.

        Returns:
            Seed → number.
        """
        return {seed: one[model]["covered"][group] for seed, one in self._runs["whom"].items()}

    def truncated(self, psi: float, what: str) -> dict[str, float]:
        """A number of truncated samples, for each seed.

        Args:
            psi: of the recorded factors.
            what: "blank", "one", "variation", "thin", …

        Returns:
            Seed → number.
        """
        return {seed: one["truncated"][str(psi)][what] for seed, one in self._runs["whom"].items()}


class Minority:
    """What `course record minority` measured: every number by its seed."""

    def __init__(self) -> None:
        self._runs: dict[str, dict[str, Any]] = recorded("minority")["runs"]

    def negatives(self, row: str, psi: float = 1.0) -> dict[str, float]:
        """The share of white paper in a model's samples.

        Args:
            row: "GAN, half of the steps", "GAN", "VAE" or "GAN, half of the data".
            psi: factor on the latents.

        Returns:
            Seed → share.
        """
        return {seed: one[row][f"{psi:g}"] for seed, one in self._runs["negatives"].items()}

    def due(self) -> dict[str, float]:
        """The share of white paper in the training data.

        Returns:
            Seed → share.
        """
        return {seed: one["data"] for seed, one in self._runs["negatives"].items()}

    def read(self, model: str) -> dict[str, float]:
        """The share of samples that the judge reads as 5 to 9, from models that never saw one.

        Args:
            model: "GAN" or "VAE".

        Returns:
            Seed → share.
        """
        return {seed: one[model] for seed, one in self._runs["never saw 5 to 9"].items()}


def percent(values: Mapping[str, float], digits: int = 0) -> str:
    """Median and range over seeds, in percent, as text.

    Args:
        values: seed → share.
        digits: after the point.
    """
    each = [100 * value for value in values.values()]
    low, middle, high = (f"{value:.{digits}f}" for value in (min(each), median(each), max(each)))
    return f"{middle} ({low} to {high})"
