"""The recorded rows of the IWAE paper's table (`course record nll`): their ends, and their curves over seconds."""

import math
from collections.abc import Iterable
from itertools import combinations, pairwise

from course_lib.chapters.ch05_vae.figures import chart
from course_lib.learn.wording import show_table
from course_lib.show.picture import Picture


def rows_of(record: dict) -> dict[str, list[dict]]:
    """The first training of each row.

    Args:
        record: of ``nll``.

    Returns:
        Row → its points, each ``{"epochs", "seconds", "nll", "low", "high", "bound", "samples"}``.
    """
    return {row: next(iter(runs.values())) for row, runs in record["runs"].items() if runs}


def ends_table(record: dict) -> None:
    """Show what each row's training ended with, beside what was published.

    Args:
        record: of ``nll``.
    """
    settings, found = record["settings"], []
    for row, points in rows_of(record).items():
        end = points[-1]
        interval = f"{end['low']:.2f} to {end['high']:.2f}"
        minutes = f"{end['seconds'] / 60:.0f} min"
        published = f"{settings['published'][row]:.2f}"
        found.append((row, f"{end['nll']:.2f}", interval, f"{end['bound']:.2f}", end["epochs"], minutes, published))
    show_table(
        f"Complete MNIST, nats a digit ({record['machine']}). Reduced: {settings['reduced']}",
        ("row", "NLL", "95 % interval", "−ELBO", "epochs", "training", "published NLL"),
        found,
    )


def nll_figure(record: dict) -> Picture:
    """The NLL of each row over the seconds of training.

    Args:
        record: of ``nll``.
    """
    return chart(
        "Over the same seconds, one draw is ahead as far as it was trained",
        {row: ([p["seconds"] for p in points], [p["nll"] for p in points]) for row, points in rows_of(record).items()},
        "processor seconds of training",
        "NLL, nats a digit",
        log_x=True,
        level=(record["settings"]["published"]["IWAE, k = 5"], "published, IWAE, k = 5"),
        alt="Lines of the NLL over seconds: all fall towards the published value and are still above it at the end. "
        "As far as it goes, the line of one draw is the lowest.",
    )


def all_overlap(points: Iterable[dict]) -> bool:
    """Whether the intervals of any two points overlap.

    Args:
        points: each with ``"low"`` and ``"high"``.
    """
    return all(a["low"] <= b["high"] and b["low"] <= a["high"] for a, b in combinations(points, 2))


def falls(points: list[dict]) -> list[float]:
    """How far the interval of each point lies below that of the point before, in nats: negative where they overlap.

    Args:
        points: of a row.
    """
    return [before["low"] - after["high"] for before, after in pairwise(points)]


def at_second(points: list[dict], seconds: float) -> float | None:
    """A row's NLL on its line of the figure: between its stops, straight over the logarithm of the seconds.

    Args:
        points: of the row.
        seconds: where on the line.

    Returns:
        The NLL; None before the first stop or after the last.
    """
    for a, b in pairwise(points):
        if a["seconds"] <= seconds <= b["seconds"]:
            share = math.log(seconds / a["seconds"]) / math.log(b["seconds"] / a["seconds"])
            return float(a["nll"] + share * (b["nll"] - a["nll"]))
    return None


def leads(one: list[dict], other: list[dict]) -> list[float]:
    """How far one row is ahead of another at equal seconds.

    Args:
        one, other: their points.

    Returns:
        At each stop of ``other`` that the line of ``one`` reaches: the other's NLL minus that of ``one``.
    """
    pairs = [(point["nll"], at_second(one, point["seconds"])) for point in other]
    return [nll - here for nll, here in pairs if here is not None]
