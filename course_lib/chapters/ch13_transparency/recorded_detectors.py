"""What the recorded detectors say (`course record detectors`): one number a seed for each question of lesson 13.4."""

from collections.abc import Mapping
from statistics import median

from course_lib.files import recorded


class Detected:
    """The recording, as lesson 13.4 reads it."""

    def __init__(self) -> None:
        self.runs = recorded("detectors")["runs"]

    def of(self, source: str, name: str, what: str = "auc", view: str = "8 bit") -> dict[str, float]:
        """A detector on one generator's pictures.

        Args:
            source: what it was trained on, or "one number".
            name: of the generator.
            what: "auc" or "rate".
            view: "8 bit" or "snapped".

        Returns:
            Seed → number.
        """
        return {seed: run["tried"][view][source][name][what] for seed, run in self.runs.items()}

    def names(self) -> list[str]:
        """The generators."""
        return list(next(iter(self.runs.values()))["tried"]["8 bit"]["one number"])

    def edited(self, source: str, edit: str, which: str = "real") -> dict[str, float]:
        """The share of edited pictures that are called generated.

        Args:
            source: what the detector was trained on.
            edit: that was done.
            which: "real" or "fakes" (of the generator that it was trained on).

        Returns:
            Seed → share.
        """
        return {seed: run[f"edited {which}"][source][edit] for seed, run in self.runs.items()}

    def control(self, name: str) -> dict[str, float]:
        """An AUC that should be near a half.

        Args:
            name: "real against real", or a generator's: an untrained detector on its pictures.

        Returns:
            Seed → AUC.
        """
        at = {seed: run["controls"] for seed, run in self.runs.items()}
        if name == "real against real":
            return {seed: one[name] for seed, one in at.items()}
        return {seed: one["untrained"][name]["auc"] for seed, one in at.items()}


def spread(values: Mapping[str, float], digits: int = 2, times: float = 1) -> str:
    """The median and the range over seeds, as text.

    Args:
        values: seed → number.
        digits: after the point.
        times: what each number is multiplied by.
    """
    each = [times * value for value in values.values()]
    low, middle, high = (f"{value:.{digits}f}" for value in (min(each), median(each), max(each)))
    return f"{middle} ({low} to {high})"
