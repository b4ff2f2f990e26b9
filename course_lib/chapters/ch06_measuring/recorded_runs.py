"""What this chapter's two recordings show: a contest of rivals, and discriminators by number of digits."""

from collections.abc import Collection, Mapping, Sequence
from statistics import median
from typing import Any

from course_lib.learn.wording import show_table

Runs = Mapping[str, Mapping[str, Mapping[str, Any]]]  # row → seed → number's name → its value

SHOWN = {
    "frechet": "Fréchet ↓",
    "precision": "precision ↑",
    "recall": "recall ↑",
    "density": "density ↑",
    "coverage": "coverage ↑",
    "copying": "copying (½)",
    "nll": "NLL ↓",
}
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
    """A table: for each row the median of each measure over its seeds, and of its steps.

    Args:
        runs: row → seed → numbers.
        caption: of the table.
    """
    measures = [key for key in SHOWN if key != "nll"]  # a GAN has none
    rows = []
    for name, of in runs.items():
        numbers = [f"{median(run[key] for run in of.values()):.3f}" for key in measures]
        steps = f"{median(run.get('steps', 0) for run in of.values()):,.0f}"
        rows.append([name, *numbers, "—" if steps == "0" else steps])
    show_table(caption, ["", *(SHOWN[key] for key in measures), "steps"], rows)


def show_leads(
    runs: Runs,
    caption: str,
    pairs: Collection[str] = tuple(RIVALS),
    measures: Sequence[str] = ("frechet", "precision", "recall", "density", "coverage"),
) -> None:
    """A table: for each pair and measure the median difference, and on how many seeds the first is better.

    Args:
        runs: row → seed → numbers.
        caption: of the table.
        pairs: of ``PAIRS``.
        measures: of ``SHOWN``; where a row has no such number, a dash stands.
    """
    rows = []
    for pair in pairs:
        cells = []
        for key in measures:
            if any(key not in run for row in PAIRS[pair] for run in runs[row].values()):
                cells.append("—")
                continue
            apart = lead(runs, key, pair).values()
            better = sum((d < 0) if key in ("frechet", "nll") else (d > 0) for d in apart)
            cells.append(f"{median(apart):+.3f} ({better})")
        rows.append([pair, *cells])
    show_table(caption, ["first minus second", *(SHOWN[key] for key in measures)], rows)


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
