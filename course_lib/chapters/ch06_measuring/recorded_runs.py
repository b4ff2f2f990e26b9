"""What this chapter's two recordings show: a contest of rivals, and discriminators by number of digits."""

from collections.abc import Collection, Mapping
from statistics import median
from typing import Any

from course_lib.learn.wording import show_table

Runs = Mapping[str, Mapping[str, Mapping[str, Any]]]  # row → seed → number's name → its value

SHOWN = {
    "frechet": "Fréchet ↓",
    "kernel": "KID ↓",
    "precision": "precision ↑",
    "recall": "recall ↑",
    "density": "density ↑",
    "coverage": "coverage ↑",
    "confidence": "confidence ↑",
    "entropy": "class entropy ↑",
    "copying": "copying (½)",
    "nll": "NLL ↓",
}
LESS_IS_BETTER = ("frechet", "kernel", "nll")
RIVALS = {
    "GAN against VAE, unequal": ("GAN, averaged", "VAE, black and white, last"),
    "… both on grey, averaged": ("GAN, averaged", "VAE, grey, averaged"),
    "… both on grey, last": ("GAN, last", "VAE, grey, last"),
}
SETTINGS = {
    "averaging: the GAN": ("GAN, averaged", "GAN, last"),
    "averaging: VAE, grey": ("VAE, grey, averaged", "VAE, grey, last"),
    "averaging: VAE, b. and w.": ("VAE, black and white, averaged", "VAE, black and white, last"),
    "grey digits: VAE, last": ("VAE, grey, last", "VAE, black and white, last"),
    "grey digits: VAE, averaged": ("VAE, grey, averaged", "VAE, black and white, averaged"),
}
PAIRS = RIVALS | SETTINGS  # in RIVALS the models differ, in SETTINGS one setting of one model


def column(runs: Runs, row: str, key: str) -> dict[str, float]:
    """One number of one row, seed by seed.

    Args:
        runs: row → seed → numbers.
        row: whose.
        key: the number's name.

    Returns:
        Seed → value.
    """
    return {seed: run[key] for seed, run in runs[row].items()}


def lead(runs: Runs, key: str, pair: str) -> dict[str, float]:
    """First minus second of a pair, seed by seed.

    Args:
        runs: row → seed → numbers.
        key: the number's name.
        pair: one of ``PAIRS``.

    Returns:
        Seed → difference.
    """
    one, other = (column(runs, row, key) for row in PAIRS[pair])
    return {seed: one[seed] - other[seed] for seed in one}


def show_medians(runs: Runs, caption: str) -> None:
    """A table: for each measure the median of each row over its seeds, and at last that of the steps.

    Args:
        runs: row → seed → numbers.
        caption: of the table.
    """
    rows = [
        [name, *(f"{median(column(runs, row, key).values()):.3f}" for row in runs)]
        for key, name in SHOWN.items()
        if key != "nll"  # a GAN has none
    ]
    steps = [median(run.get("steps", 0) for run in of.values()) for of in runs.values()]
    show_table(caption, ["", *runs], [*rows, ["steps", *(f"{n:,.0f}" if n else "—" for n in steps)]])


def show_leads(runs: Runs, caption: str, pairs: Collection[str] = tuple(RIVALS)) -> None:
    """A table: for each measure and pair the median difference, and on how many seeds the first is better.

    The copying score is left out, as neither less nor more of it is better; so is a measure that none of the pairs has.

    Args:
        runs: row → seed → numbers.
        caption: of the table.
        pairs: of ``PAIRS``; where one of its rows has no such number, a dash stands.
    """
    rows = [[name, *(_lead_told(runs, key, pair) for pair in pairs)] for key, name in SHOWN.items() if key != "copying"]
    show_table(caption, ["first minus second", *pairs], [row for row in rows if set(row[1:]) != {"—"}])


def _lead_told(runs: Runs, key: str, pair: str) -> str:
    """The median of a lead, and in brackets on how many seeds the first is better; a dash where there is none."""
    if any(key not in run for row in PAIRS[pair] for run in runs[row].values()):
        return "—"
    apart = lead(runs, key, pair).values()
    better = sum((d < 0) if key in LESS_IS_BETTER else (d > 0) for d in apart)
    return f"{median(apart):+.3f} ({better})"


def show_by_heart(runs: Runs, caption: str) -> None:
    """A table: for each row the median of the gap and of its bottom, the Fréchet distance, the copying score.

    Args:
        runs: row → seed → numbers.
        caption: of the table.
    """
    forms = {"gap": ".2f", "bottom": ".2f", "frechet": ".1f", "copying": ".2f"}
    rows = []
    for row, of in runs.items():
        seen = [{**run, "bottom": run["train"] - run["fake"]} for run in of.values()]
        rows.append([row, *(f"{median(one[key] for one in seen):{form}}" for key, form in forms.items())])
    show_table(caption, ("digits", "gap", "the gap's bottom", "Fréchet distance", "copying score"), rows)
