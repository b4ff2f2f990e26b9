"""What the recorded marks say (`course record watermarks`): one number a seed for each question of lesson 13.5."""

from typing import Any

from course_lib.files import recorded


class Marked:
    """The recording, as lesson 13.5 reads it."""

    def __init__(self) -> None:
        self.runs = recorded("watermarks")["runs"]

    def of(self, *path: str) -> dict[str, float]:
        """One number a seed.

        Args:
            *path: of the names that lead to it: ``"heard", "0.1", "plain", "JPEG 75"``.

        Returns:
            Seed → number.
        """
        found: dict[str, Any] = dict(self.runs)
        for name in path:
            found = {seed: one[name] for seed, one in found.items()}
        return found
