"""What `course record trust` measured on ten seeds: the score of each map in each test, its margin, and who passes."""

from statistics import median

from course_lib.chapters.ch10_trust.methods import METHODS
from course_lib.errors import one_of
from course_lib.files import recorded

CONTROLS = ("random", "intensity", "Sobel")
OUTSIDERS = ("random, another", "blurred image", "local contrast", "difference")
BETTER = {
    "fresh weights": "±",
    "shuffled labels": "±",
    "owed to training": "high",
    "deletion, digits": "low",
    "insertion, digits": "high",
    "insertion, black": "high",
    "infidelity": "low",
    "mark: dots": "high",
    "mark: square": "high",
    "sensitivity": "low",
}
JUDGED = ("owed to training", "deletion, digits", "insertion, digits", "insertion, black", "infidelity", "mark: dots")
SLOPES = ("gradient", "SmoothGrad", "guided backprop")  # they alone promise what a small change of a pixel does


class Trials:
    """The recorded trials, by map, test and seed.

    Attributes:
        runs: map (or what was asked beside) → seed → test → score.
        seeds: as text, in order.
        needed: on how many seeds a margin has to be above 0 for a pass.
        about: the machine and the trainings, in words.
    """

    def __init__(self) -> None:
        found = recorded("trust")
        self.runs: dict[str, dict[str, dict[str, float]]] = found["runs"]
        self.seeds = list(self.runs["gradient"])
        self.needed = len(self.seeds) - 1 if len(self.seeds) >= 10 else len(self.seeds)
        self.about = f"{found['machine']} · {found['settings']['networks']}"

    def of(self, name: str, test: str) -> dict[str, float]:
        """A map's scores in a test.

        Args:
            name: of the map, or of what was asked beside, such as "told the fill".
            test: its name; "owed to training" is "retrained" minus "fresh weights".

        Returns:
            Seed → score.

        Raises:
            CourseError: for an unknown name.
        """
        runs = self.runs[one_of("map", name, self.runs)]
        if test == "owed to training":
            return {seed: row["retrained"] - row["fresh weights"] for seed, row in runs.items()}
        return {seed: row[test] for seed, row in runs.items()}

    def usual(self, name: str, test: str) -> float:
        """The median of a map's scores in a test.

        Args:
            name: of the map.
            test: its name.
        """
        return median(self.of(name, test).values())

    def margins(self, name: str, test: str) -> dict[str, float]:
        """By how much a map beats the best control, seed by seed; above 0: beaten.

        A control has to beat the other two. Over the dots of a mark, a method has to beat its own map of a network with
        fresh weights, too.

        Args:
            name: of the map.
            test: a key of ``BETTER``.

        Returns:
            Seed → margin.
        """
        sign = -1 if BETTER[test] == "low" else 1
        bars = [self.of(control, test) for control in CONTROLS if control != name]
        if test == "mark: dots" and name in METHODS:
            bars.append(self.of(name, "mark: dots, fresh weights"))
        scores = self.of(name, test)
        return {seed: sign * scores[seed] - max(sign * bar[seed] for bar in bars) for seed in self.seeds}

    def won(self, name: str, test: str) -> int:
        """On how many seeds a map's margin is above 0.

        Args:
            name: of the map.
            test: a key of ``BETTER``.
        """
        return sum(margin > 0 for margin in self.margins(name, test).values())

    def passes(self, name: str, test: str) -> bool:
        """Whether a map beats the best control on as many seeds as are needed.

        Args:
            name: of the map.
            test: a key of ``BETTER``.
        """
        return self.won(name, test) >= self.needed

    def best(self, test: str, seed: str) -> set[str]:
        """The methods with the best score; several, where they are equal.

        Args:
            test: a key of ``BETTER``.
            seed: one of ``seeds``.
        """
        sign = -1 if BETTER[test] == "low" else 1
        scores = {name: sign * self.of(name, test)[seed] for name in METHODS}
        return {name for name, score in scores.items() if score == max(scores.values())}


def asked(name: str, test: str) -> bool:
    """Whether a test puts its question to a map: infidelity only to slopes, and to what saw no model.

    Args:
        name: of the map.
        test: a key of ``BETTER``.
    """
    return test != "infidelity" or name in SLOPES or name not in METHODS
