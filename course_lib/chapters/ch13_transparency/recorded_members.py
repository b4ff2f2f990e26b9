"""What the recorded attacks say (`course record membership`): AUC and hits by model, data and steps."""

from collections.abc import Sequence

from course_lib.files import recorded
from course_lib.learn.wording import median_and_range

GANS = ("GAN, 200 digits", "GAN, 1,000 digits", "GAN, 4,000 digits", "GAN, 200 digits, DiffAugment")
BATCH = 32  # digits of a training step
VAES = ("VAE, 200 digits", "VAE, 1,000 digits", "VAE, 4,000 digits")
spread = median_and_range  # as lessons 13.6 and 13.7 call it


class Spied:
    """The recording, as lesson 13.6 reads it.

    Attributes:
        looks: steps after which was attacked, increasing.
    """

    def __init__(self) -> None:
        content = recorded("membership")
        self._runs = content["runs"]
        self.looks: list[int] = content["settings"]["steps"]

    def of(self, row: str, what: str, step: int | None = None, attack: str = "white") -> dict[str, float]:
        """A number for each seed.

        Args:
            row: of ``GANS`` or ``VAES``.
            what: "auc", "hits" or "frechet".
            step: of the look; None: the last.
            attack: "white" or "black".

        Returns:
            Seed → number.
        """
        looks = {seed: one[str(step or self.looks[-1])] for seed, one in self._runs[row].items()}
        return {seed: one[what] if what == "frechet" else one[attack][what] for seed, one in looks.items()}

    def by_looks(self, rows: Sequence[str], what: str) -> dict[float, dict[str, dict[str, float]]]:
        """The white-box attack, ordered by how often each training digit was seen (its looks).

        Args:
            rows: of ``GANS`` or ``VAES``.
            what: "auc", "hits" or "frechet".

        Returns:
            Looks, increasing → row → seed → number.
        """
        found: dict[float, dict[str, dict[str, float]]] = {}
        for row in rows:
            size = int(row.split()[1].replace(",", ""))
            for step in self.looks:
                found.setdefault(step * BATCH / size, {})[row] = self.of(row, what, step)
        return dict(sorted(found.items()))

    def control(self, row: str, name: str, what: str) -> dict[str, float]:
        """A number for each seed, of a control or of the calibrated attack.

        Args:
            row: of 200 digits without DiffAugment.
            name: "untrained", "held out" or "calibrated".
            what: "auc" or "hits".

        Returns:
            Seed → number.
        """
        return {seed: one[name][what] for seed, one in self._runs[row].items()}

    def over_steps(self, rows: Sequence[str], what: str) -> dict[str, dict[int, list[float]]]:
        """The white-box attack at every look.

        Args:
            rows: of ``GANS`` or ``VAES``.
            what: "auc", "hits" or "frechet".

        Returns:
            Row → step → a number for each seed.
        """
        return {row: {step: list(self.of(row, what, step).values()) for step in self.looks} for row in rows}
