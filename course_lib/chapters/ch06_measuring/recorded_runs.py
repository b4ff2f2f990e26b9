"""What this chapter's two recordings show: a contest of rivals, and discriminators by number of digits."""

from collections.abc import Mapping
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
    "entropy": "entropy ↑",
    "copying": "copying (½)",
}
PAIRS = {
    "GAN against VAE, unequal": ("GAN, averaged", "VAE, black and white, last"),
    "… both on grey, averaged": ("GAN, averaged", "VAE, grey, averaged"),
    "… both on grey, last": ("GAN, last", "VAE, grey, last"),
    "averaging: the GAN": ("GAN, averaged", "GAN, last"),
    "averaging: VAE, grey": ("VAE, grey, averaged", "VAE, grey, last"),
    "averaging: VAE, b. and w.": ("VAE, black and white, averaged", "VAE, black and white, last"),
    "grey digits: VAE, last": ("VAE, grey, last", "VAE, black and white, last"),
    "grey digits: VAE, averaged": ("VAE, grey, averaged", "VAE, black and white, averaged"),
}


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
    """A table: for each row the median of each measure over its seeds.

    Args:
        runs: row → seed → numbers.
        caption: of the table.
    """
    rows = []
    for name, of in runs.items():
        numbers = [f"{median(run[key] for run in of.values()):.3f}" for key in SHOWN]
        steps = f"{median(run.get('steps', 0) for run in of.values()):,.0f}"
        rows.append([name, *numbers, "—" if steps == "0" else steps])
    show_table(caption, ["", *SHOWN.values(), "steps"], rows)


def show_nll(runs: Runs, caption: str) -> None:
    """A table: the negative log-likelihoods of the rows that have one, seed by seed.

    Args:
        runs: row → seed → numbers.
        caption: of the table.
    """
    have = {row: of for row, of in runs.items() if "VAE" in row}
    seeds = next(iter(have.values()))
    show_table(
        caption,
        ["", *(f"seed {seed}" for seed in seeds)],
        [[row, *(f"{run['nll']:.1f}" for run in of.values())] for row, of in have.items()],
    )


def show_leads(runs: Runs, caption: str) -> None:
    """A table: for each pair and five measures the median difference, and on how many seeds the first is better.

    Args:
        runs: row → seed → numbers.
        caption: of the table.
    """
    measures = ("frechet", "precision", "recall", "density", "coverage")
    rows = []
    for pair in PAIRS:
        cells = []
        for key in measures:
            apart = lead(runs, key, pair).values()
            better = sum((d < 0) if key == "frechet" else (d > 0) for d in apart)
            cells.append(f"{median(apart):+.3f} ({better})")
        rows.append([pair, *cells])
    show_table(caption, ["first minus second", *(SHOWN[key] for key in measures)], rows)


def show_by_heart(runs: Runs, caption: str) -> None:
    """A table: for each number of digits the gap and its bottom, the Fréchet distance, the copying score, seed by seed.

    Args:
        runs: row → seed → numbers.
        caption: of the table.
    """
    forms = {"gap": ".2f", "bottom": ".2f", "frechet": ".1f", "copying": ".2f"}
    names = ("digits", "gap, five seeds", "the gap's bottom", "Fréchet distance", "copying score")
    rows = []
    for row, of in runs.items():
        seen = [{**run, "bottom": run["train"] - run["fake"]} for run in of.values()]
        rows.append([row, *(" · ".join(f"{one[key]:{form}}" for one in seen) for key, form in forms.items())])
    show_table(caption, names, rows)
