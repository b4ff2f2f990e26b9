"""What the recording of streamed folders says (`course record streaming`): images a second and memory."""

from statistics import median
from typing import Any

from course_lib.files import recorded


class Streamed:
    """The recording, as lesson 14.1 reads it.

    Attributes:
        sizes: pictures in the folders, increasing.
        machine: on which it was recorded.
    """

    def __init__(self) -> None:
        content = recorded("streaming")
        self._runs: dict[str, dict[str, dict[str, Any]]] = content["runs"]
        self.sizes: list[int] = content["settings"]["sizes"]
        self.machine: str = content["machine"]

    def of(self, size: int, how: str, what: str) -> dict[str, float]:
        """A number for each turn.

        Args:
            size: of ``sizes``.
            how: "resident" or "streamed".
            what: "opened", "images", "cpu" or "mib".

        Returns:
            Seed → number.
        """
        return {seed: one[what] for seed, one in self._runs[f"{size:,} pictures"][how].items()}

    def share(self, size: int) -> dict[str, float]:
        """Streamed images a second as a share of resident ones, in each turn.

        Args:
            size: of ``sizes``.

        Returns:
            Seed → share.
        """
        fast = self.of(size, "resident", "images")
        return {seed: images / fast[seed] for seed, images in self.of(size, "streamed", "images").items()}

    def rows(self) -> list[list[str]]:
        """A row for each folder and kind: medians over the turns."""
        return [
            [
                f"{size:,}",
                how,
                f"{median(self.of(size, how, 'opened').values()):.1f} s",
                f"{median(self.of(size, how, 'images').values()):,.0f}",
                f"{median(self.of(size, how, 'cpu').values()):.2f} ms",
                f"{median(self.of(size, how, 'mib').values()):,.0f} MiB",
            ]
            for size in self.sizes
            for how in ("resident", "streamed")
        ]
