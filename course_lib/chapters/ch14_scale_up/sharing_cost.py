"""What a step of a shared game costs, on paper and as recorded (`course record sharing`), for lesson 14.4."""

import math
from dataclasses import dataclass
from statistics import median

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from course_lib.files import recorded
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

NUMBER = 4  # bytes of a float32


@dataclass(frozen=True)
class Cost:
    """What a game asks of whoever trains it.

    Attributes:
        work: operations (a multiplication or an addition each) of a step, for one picture of the batch.
        size: bytes of all gradients of G and D.
        norms: layers with batch norm.
    """

    work: float
    size: float
    norms: int

    @property
    def small(self) -> int:
        """Short exchanges in a step where batch norm is shared: two sums a layer, forwards and backwards."""
        return 4 * self.norms


def cost_of(width: int = 64, size: int = 64, channels: int = 3, latent: int = 100, norm: str = "spectral") -> Cost:
    """What a DCGAN costs; its operations are counted in one step with two pictures.

    Args:
        width: of both networks.
        size: of the pictures, in pixels.
        channels: of the pictures.
        latent: numbers in a latent.
        norm: of D.

    Returns:
        The cost.
    """
    runtime = Runtime.auto(device="cpu")
    game = Game(
        DCGenerator(latent, width, size, channels), DCDiscriminator(width, norm, "flat", size, channels), batch=2
    )
    with FlopCounterMode(display=False) as counter:
        game.step(torch.zeros(2, channels, size, size), runtime)
    networks = (game.generator, game.discriminator)
    many = sum(weight.numel() for network in networks for weight in network.parameters())
    norms = sum(isinstance(part, nn.BatchNorm2d) for network in networks for part in network.modules())
    return Cost(counter.get_total_flops() / 2, NUMBER * many, norms)


def seconds_of_step(
    compute: float,
    size: float,
    processes: int,
    bandwidth: float,
    latency: float,
    exchanges: int = 1,
    tree: bool = False,
) -> float:
    """Seconds of a step whose work is divided, and whose gradients are summed in a ring or in a tree.

    A ring moves 2 (W − 1) / W times the bytes past each process, in 2 (W − 1) turns (Patarasuk and Yuan 2009). In a
    tree a message passes only 2 log₂ W others. A plain one would send all bytes at each of its levels; assumed is one
    through which the message goes in pieces, so that the levels work at the same time and the bytes are the ring's.
    Nothing is computed during an exchange: where both overlap, a step is shorter, by half at most.

    Args:
        compute: seconds that one process needs for the whole batch.
        size: bytes that each process gives to the sum, all exchanges together.
        processes: W.
        bandwidth: bytes a second between two processes.
        latency: seconds until a message's first byte is there.
        exchanges: into how many sums the bytes are divided; each waits for its own turns.
        tree: whether turns are those of a tree; the bytes stay those of a ring.

    Returns:
        Seconds.
    """
    turns = 2 * math.ceil(math.log2(processes)) if tree else 2 * (processes - 1)
    return compute / processes + 2 * (processes - 1) / processes * size / bandwidth + exchanges * turns * latency


class Sharing:
    """The recording, as lesson 14.4 reads it. Other programs only slow down, so the fastest repetition counts.

    Attributes:
        machine: where it was made.
        cores: of the machine.
        repetitions: how many.
        sizes: of the exchanges, in bytes.
        games: name → width and batch.
    """

    def __init__(self) -> None:
        content = recorded("sharing")
        settings, self._runs = content["settings"], content["runs"]
        self.machine: str = content["machine"]
        self.cores: int = settings["cores"]
        self.repetitions = len(next(iter(self._runs.values())))
        self._numbers: list[int] = settings["sizes"]
        self.sizes = [NUMBER * n for n in self._numbers]
        self.games: dict[str, dict[str, int]] = settings["games"]

    @property
    def exchanges(self) -> list[float]:
        """Seconds of an exchange of each of ``sizes``."""
        return [min(self._runs[f"exchange of {n}"].values()) for n in self._numbers]

    @property
    def latency(self) -> float:
        """Seconds that one message waits: of two processes' shortest exchange, which has two turns, the half."""
        return self.exchanges[0] / 2

    @property
    def bandwidth(self) -> float:
        """Bytes a second, from the longest exchange of two processes, in which each sends as much as it has."""
        return self.sizes[-1] / (self.exchanges[-1] - self.exchanges[0])

    @property
    def formula(self) -> list[float]:
        """What the formula says of :attr:`exchanges`; its two constants come from the first and the last of them."""
        return [seconds_of_step(0, size, 2, self.bandwidth, self.latency) for size in self.sizes]

    @property
    def other_work(self) -> float:
        """Programs that wanted to compute meanwhile, those just measured among them."""
        return median(self._runs["other work"].values())

    def seconds(self, game: str, way: str) -> list[float]:
        """Seconds of a step in each repetition, the fastest first.

        Args:
            game: of ``games``.
            way: "1 process", "2 processes", "2 processes, no exchange" or "1 process, 2 threads"; with ": computing"
                the processor time of a process, all its threads together, those of gloo among them.
        """
        return sorted(self._runs[f"{game}, {way}"].values())

    def times_as_fast(self, game: str, way: str = "2 processes") -> float:
        """One process's seconds of a step divided by those of a way, in the fastest repetition of each.

        Args:
            game: of ``games``.
            way: as in :meth:`seconds`.
        """
        return self.seconds(game, "1 process")[0] / self.seconds(game, way)[0]

    def expected(self, game: str) -> float:
        """What the formula says that two processes need for a step, from what else was recorded.

        Args:
            game: of ``games``.

        Returns:
            Seconds.
        """
        cost = cost_of(self.games[game]["width"], 28, 1, 64)
        alone = self.seconds(game, "1 process")[0]
        return seconds_of_step(alone, cost.size, 2, self.bandwidth, self.latency, exchanges=2 + cost.small)

    def rows(self) -> list[list[str]]:
        """A row for each game and way: the formula, the fastest (median) repetition, processor time, times as fast."""
        found = []
        for game in self.games:
            paper = {
                "1 process": "",
                "2 processes, no exchange": f"{500 * self.seconds(game, '1 process')[0]:.1f}",
                "2 processes": f"{1000 * self.expected(game):.1f}",
                "1 process, 2 threads": "",
            }
            for way, said in paper.items():
                took, worked = self.seconds(game, way), self.seconds(game, f"{way}: computing")
                measured = f"{1000 * took[0]:.1f} ({1000 * median(took):.1f})"
                row = [
                    f"{game}, {way}",
                    said,
                    measured,
                    f"{1000 * worked[0]:.1f}",
                    f"{self.times_as_fast(game, way):.2f}",
                ]
                found.append(row)
        return found


class SameGame:
    """The recording of two processes' weights, as lesson 14.4 reads it (`course record same-game`).

    Attributes:
        steps: after which the distances were taken.
    """

    def __init__(self) -> None:
        content = recorded("same-game")
        self.steps: int = content["settings"]["steps"]
        self._runs: dict[str, dict[str, float]] = content["runs"]

    def of(self, way: str) -> dict[str, float]:
        """Distances for each seed.

        Args:
            way: "half", "turned", "apart", "shared", "doubles" or "largest difference".

        Returns:
            Seed → number.
        """
        return self._runs[way]


def spoken(seconds: float) -> str:
    """A duration in the unit that fits it.

    Args:
        seconds: of it.
    """
    for unit, length in (("years", 31_557_600), ("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    if seconds >= 1:
        return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"
    return f"{1000 * seconds:.0f} ms" if seconds >= 0.01 else f"{1000 * seconds:.2g} ms"
