"""What the recorded films say (`course record films`): measures and preferences by variant and seed."""

from math import isnan
from statistics import median

from course_lib.chapters.ch14_scale_up.film_measures import by_speed
from course_lib.files import recorded
from course_lib.learn.wording import median_and_range

MEASURES = {
    "speed": "speed (px a frame)",
    "jerk": "jerk (px)",
    "same": "same digit",
    "sure": "reader is sure",
    "frames": "Fréchet, frames",
    "motion": "Fréchet, motion (px²)",
}
# what a table shows: the measures, with a ratio of two of them beside these two; what is recorded stays as it is
COLUMNS = {"speed": MEASURES["speed"], "jerk": MEASURES["jerk"], "jerkiness": "jerk ÷ speed"} | MEASURES


class Filmed:
    """The recording, as lesson 14.6 reads it.

    Attributes:
        half, steps: after how many was measured: half of a training, and the whole.
    """

    def __init__(self) -> None:
        content = recorded("films")
        self._runs = content["runs"]
        self.half, self.steps = content["settings"]["steps"]["both judges"]

    def of(self, variant: str, what: str, steps: int | None = None) -> dict[str, float]:
        """A number for each seed.

        Args:
            variant: of ``film_game.VARIANTS``.
            what: of ``COLUMNS``, or "over shuffled" and so on: how often the judge of clips prefers real to doctored
                clips.
            steps: after how many; 0: before the first; None: ``steps``.

        Returns:
            Seed → number.
        """
        if what == "jerkiness":
            jerk, speed = (self.of(variant, one, steps) for one in ("jerk", "speed"))
            return {seed: by_speed(jerk[seed], speed[seed]) for seed in jerk}
        at = str(self.steps if steps is None else steps)
        return {seed: one[at][what] for seed, one in self._runs[variant].items()}

    def row(self, variant: str, steps: int | None = None) -> list[str]:
        """Median and range over seeds of each of ``COLUMNS``, as text.

        Args:
            variant: of ``film_game.VARIANTS``.
            steps: as in :meth:`of`.
        """
        return [spread(self.of(variant, what, steps)) for what in COLUMNS]


def spread(values: dict[str, float]) -> str:
    """The median and the range over seeds, as text; a dash where a number is missing.

    Args:
        values: seed → number.
    """
    if any(isnan(value) for value in values.values()):
        return "—"
    return median_and_range(values, digits=2 if median(values.values()) < 10 else 0)
