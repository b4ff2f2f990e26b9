"""What the recordings of 14.1 say: streamed folders (`course record streaming`), first results (`first-results`)."""

from statistics import median
from typing import Any

from course_lib.files import recorded

WHAT = ("seconds", "GAN", "VAE", "untrained", "real")


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
            what: "opened", "images", "cpu", "mib" or "rose".

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

    def larger(self, how: str) -> dict[str, float]:
        """By how many MiB the largest folder's highest memory exceeds the smallest one's, in each turn.

        Args:
            how: "resident" or "streamed".

        Returns:
            Seed → MiB.
        """
        small = self.of(self.sizes[0], how, "mib")
        return {seed: mib - small[seed] for seed, mib in self.of(self.sizes[-1], how, "mib").items()}

    def openings(self) -> dict[str, float]:
        """What it costs to open one picture, the median over the turns.

        Returns:
            Kind of file → milliseconds of processor time.
        """
        return {kind: median(one["cpu"] for one in seeds.values()) for kind, seeds in self._runs["opening one"].items()}

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
                f"{median(self.of(size, how, 'rose').values()):,.1f} MiB",
            ]
            for size in self.sizes
            for how in ("resident", "streamed")
        ]


class FirstResults:
    """The recording of first results.

    Attributes:
        kinds: of pictures.
        machine: on which it was recorded.
    """

    def __init__(self) -> None:
        content = recorded("first-results")
        self._runs: dict[str, dict[str, dict[str, float]]] = content["runs"]
        self.kinds, self.machine = tuple(self._runs), str(content["machine"])

    def of(self, kind: str, what: str) -> dict[str, float]:
        """A number for each training.

        Args:
            kind: of ``kinds``.
            what: "seconds", "judge", "GAN", "VAE", "untrained" or "real" (see ``first_result``).

        Returns:
            Seed → number.
        """
        return {seed: one[what] for seed, one in self._runs[kind].items()}

    def nearer(self, kind: str) -> dict[str, float]:
        """How much nearer to real pictures the worse of GAN and VAE is than the untrained GAN, in each training.

        Args:
            kind: of ``kinds``.

        Returns:
            Seed → the untrained GAN's Fréchet distance, divided by the larger one of the two.
        """
        return {seed: one["untrained"] / max(one["GAN"], one["VAE"]) for seed, one in self._runs[kind].items()}

    def rows(self) -> list[list[str]]:
        """A row for each kind: medians over the trainings."""
        middle = {kind: {what: median(self.of(kind, what).values()) for what in WHAT} for kind in self.kinds}
        return [
            [kind, f"{one['seconds']:.0f} s", *(f"{one[what]:.1f}" for what in WHAT[1:])]
            for kind, one in middle.items()
        ]
