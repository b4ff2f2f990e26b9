"""What `course record other-uses` measured: which maps find a mark, what each rule loses, how the games end."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from course_lib.files import recorded
from course_lib.learn.wording import median_and_range

RULES = ("least drift of D's maps", "least Fréchet distance", "the last step", "one at random (mean)")


def regrets(found: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """What each rule loses on one training's checkpoints, against the best of them.

    Args:
        found: "drift", "seen" and "kept", a number for each checkpoint.

    Returns:
        Rule → Fréchet distance on the kept pictures, minus the least.
    """
    kept = found["kept"]
    chosen = (
        kept[_least(found["drift"])],
        kept[_least(found["seen"])],
        kept[-1],
        fmean(kept),
    )
    return {rule: distance - min(kept) for rule, distance in zip(RULES, chosen, strict=True)}


def _least(numbers: Sequence[float]) -> int:
    return min(range(len(numbers)), key=numbers.__getitem__)


class Uses:
    """The recorded uses, over seeds."""

    def __init__(self) -> None:
        self.runs = recorded("other-uses")["runs"]

    def hits(self, use: str, when: str, name: str) -> dict[str, float]:
        """The share of the mark that lies in a map's best window.

        Args:
            use: "marked" or "shortcut".
            when: "early" or "late".
            name: of the map.

        Returns:
            Seed → share.
        """
        return {seed: row[when][name]["hit"] for seed, row in self.runs[use].items()}

    def maps(self, use: str, when: str) -> list[str]:
        """The names of the maps.

        Args:
            use, when: as for :meth:`hits`.
        """
        return list(next(iter(self.runs[use].values()))[when])

    def of(self, use: str, row: str, what: str) -> dict[str, float]:
        """How a game ended.

        Args:
            use: "marked" or "shortcut".
            row: the game's name.
            what: "marked" or "distance".

        Returns:
            Seed → number.
        """
        return {seed: found[row][what] for seed, found in self.runs[use].items()}

    def spread(self, use: str, row: str, what: str, digits: int = 0, times: float = 1) -> str:
        """The median and the range over seeds, as text.

        Args:
            use, row, what: as for :meth:`of`.
            digits: after the point.
            times: what each number is multiplied by.
        """
        return median_and_range(self.of(use, row, what), digits, times)

    def regrets(self) -> dict[str, dict[str, float]]:
        """What each rule for choosing a checkpoint loses.

        Returns:
            Rule → seed → distance.
        """
        each = {seed: regrets(found) for seed, found in self.runs["choice"].items()}
        return {rule: {seed: row[rule] for seed, row in each.items()} for rule in RULES}
