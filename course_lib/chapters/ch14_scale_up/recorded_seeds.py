"""What the recorded trainings of lesson 14.3 say (`course record many-seeds`, `course record sweeps`)."""

from statistics import fmean, median, stdev

import torch

from course_lib.files import recorded

COLLAPSED = 0.05  # a training with a larger energy distance found two of the eight heaps at most


class Seeds:
    """Forty trainings for each of three step sizes.

    Attributes:
        rates: the step sizes of D, as text.
    """

    def __init__(self) -> None:
        self._runs = recorded("many-seeds")["runs"]
        self.rates = list(self._runs)

    def values(self, rate: str, what: str = "energy") -> dict[str, float]:
        """A number for each seed.

        Args:
            rate: of ``rates``.
            what: "energy" or "modes".

        Returns:
            Seed → number.
        """
        return {seed: one[what] for seed, one in self._runs[rate].items()}

    def good(self, rate: str) -> list[float]:
        """The energy distances of the trainings that did not collapse.

        Args:
            rate: of ``rates``.

        Returns:
            A number for each.
        """
        return [value for value in self.values(rate).values() if value <= COLLAPSED]

    def made_equal(self, rate: str, like: str) -> str:
        """Make a setting that nobody trained: ``rate``, were its good trainings as good as those of another on average.

        Args:
            rate: of ``rates``; its collapsed trainings stay as they are.
            like: of ``rates``; to the mean of its good trainings those of ``rate`` are moved.

        Returns:
            Its name, which the other methods know.
        """
        moved, name = fmean(self.good(like)) - fmean(self.good(rate)), f"{rate}, made equal to {like}"
        self._runs[name] = {
            seed: one | {"energy": one["energy"] + moved * (one["energy"] <= COLLAPSED)}
            for seed, one in self._runs[rate].items()
        }
        return name

    def wrong_winner(self, better: str, worse: str, n: int, draws: int = 4000, seed: int = 0) -> float:
        """How often ``n`` trainings of each, drawn from the recorded ones, have the wrong mean below the other.

        Args:
            better, worse: step sizes; the first has the smaller mean of all.
            n: trainings of each, drawn with putting back, as if they were new ones.
            draws: how often.
            seed: of the draws.

        Returns:
            A share from 0 to 1; equal means count half.
        """
        a, b = (torch.tensor(list(self.values(rate).values())).double() for rate in (better, worse))
        g = torch.Generator().manual_seed(seed)
        means = [x[torch.randint(len(x), (draws, n), generator=g)].mean(1) for x in (a, b)]  # each (draws,)
        return ((means[0] > means[1]).double() + (means[0] == means[1]).double() / 2).mean().item()

    def spread(self, rate: str) -> tuple[float, float]:
        """Mean and standard deviation of a step size's energy distances.

        Args:
            rate: of ``rates``.

        Returns:
            Both.
        """
        values = list(self.values(rate).values())
        return fmean(values), stdev(values)


def sweeps() -> dict[str, float]:
    """The medians of the recorded sweeps.

    Returns:
        Workers (as text) → seconds; "start": seconds before the first task; "no work": milliseconds of an empty task;
        "cores" of the machine, and "tasks".
    """
    content = recorded("sweeps")
    found = {name: median(runs.values()) for name, runs in content["runs"].items()}
    return found | {name: content["settings"][name] for name in ("cores", "tasks")}
