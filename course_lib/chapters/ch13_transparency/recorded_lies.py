"""What the recorded lies say (`course record lies`): which are found, by which point, in how many runs."""

from course_lib.files import recorded

HONEST = "no lie"


class Lies:
    """The recording, as lesson 13.3 reads it.

    Attributes:
        runs: how many honest runs there were.
    """

    def __init__(self) -> None:
        content = recorded("lies")
        self._found: dict[str, dict[str, list[str]]] = content["runs"]
        self.runs = len(self._found[HONEST])

    def caught(self, name: str) -> int:
        """In how many runs a lie is found.

        Args:
            name: of the lie.
        """
        return sum(bool(points) for points in self._found[name].values())

    def rows(self) -> list[tuple[str, int, list[str]]]:
        """Each lie, in how many runs it is found, and the points that find it in any (at most three)."""
        rows = []
        for name, each in self._found.items():
            points = list(dict.fromkeys(point for one in each.values() for point in one))
            rows.append((name, self.caught(name), points[:3]))
        return rows

    def always(self) -> int:
        """How many lies are found in every run."""
        return sum(self.caught(name) == self.runs for name in self._found if name != HONEST)

    def __len__(self) -> int:
        """How many lies there are."""
        return len(self._found) - (HONEST in self._found)

    def never(self) -> set[str]:
        """The lies that are found in no run."""
        return {name for name in self._found if name != HONEST and not self.caught(name)}
