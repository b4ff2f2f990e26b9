"""What the recorded detectors say (`course record detectors`): one number a seed for each question of lesson 13.4."""

from course_lib.files import recorded
from course_lib.learn.wording import median_and_range

spread = median_and_range  # as lessons 13.4 and 13.5 call it


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
