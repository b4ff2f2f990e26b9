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


def ends_apart(record: dict) -> dict[str, tuple[float, float]]:
    """How far the rows' ends lie apart, and the most that the standard error of this can be.

    All rows were measured on the same digits, so a difference of two means is the mean of the differences digit by
    digit. Of these the record has no standard error. It is at most the root of the sum of both squares, as long as the
    rows do not find opposite digits hard (the covariance of two rows is not negative).

    Args:
        record: of ``nll``.

    Returns:
        "row − row", the larger NLL first → the difference in nats, and the bound on its standard error.
    """
    ends, found = {row: points[-1] for row, points in rows_of(record).items()}, {}
    for (a, one), (b, other) in combinations(sorted(ends.items(), key=lambda end: -end[1]["nll"]), 2):
        errors = [(end["high"] - end["low"]) / (2 * 1.96) for end in (one, other)]
        found[f"{a} − {b}"] = (one["nll"] - other["nll"], math.hypot(*errors))
    return found


def apart_table(record: dict) -> None:
    """Show how far the rows' ends lie apart.

    Args:
        record: of ``nll``.
    """
    rows = [
        (pair, f"{nats:.2f}", f"{error:.2f}", f"{nats / error:.1f}")
        for pair, (nats, error) in ends_apart(record).items()
    ]
    show_table(
        "Differences at the end, on the same digits",
        ("rows", "difference, nats", "its standard error, at most", "difference / that"),
        rows,
    )


def nll_figure(record: dict) -> Picture:
    """The NLL of each row over the seconds of training.

    Args:
        record: of ``nll``.
    """
    return chart(
        "At equal seconds, one draw has the lowest NLL, as far as its line goes",
        {row: ([p["seconds"] for p in points], [p["nll"] for p in points]) for row, points in rows_of(record).items()},
        "processor seconds of training (logarithmic)",
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
