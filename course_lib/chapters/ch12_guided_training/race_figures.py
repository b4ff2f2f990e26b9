"""The race in pictures and tables: the paper's numbers, all pairs of all conditions, and who passed which test."""

import math
from collections.abc import Sequence
from statistics import fmean, median, stdev

from matplotlib.axes import Axes

from course_lib.chapters.ch12_guided_training import verdict
from course_lib.chapters.ch12_guided_training.race import MASKS
from course_lib.learn.wording import show_table
from course_lib.show.picture import COLOURS, INK, Picture, finish, new_figure


def percent(log_difference: float) -> float:
    """How much larger a distance is, in percent, from a difference of logarithms.

    Args:
        log_difference: below 0: smaller.
    """
    return 100 * math.expm1(log_difference)


def paper() -> None:
    """A table of the distances that the paper's authors released, and what each mask changed in percent."""
    names = ("none", *MASKS)
    rows = [
        (
            data,
            f"{found['none']:.3f}",
            *(f"{found[m]:.3f} ({100 * (found[m] / found['none'] - 1):+.0f} %)" for m in MASKS),
        )
        for data, found in verdict.PAPER.items()
    ]
    show_table(
        "Released by the paper's authors: Fréchet distances, one training each; smaller is better", ("", *names), rows
    )


def forest(*, title: str, alt: str) -> Picture:
    """Every pair of the race: for each condition, mask and rival a row of marks, one a seed.

    Args:
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.8, 5.4, columns=len(verdict.CONDITIONS))
    rows = [(mask, rival) for mask in MASKS for rival in verdict.RIVALS]
    for ax, (data, share) in zip(axes[0], verdict.CONDITIONS, strict=True):
        for i, (mask, rival) in enumerate(rows):
            values = list(verdict.differences(data, share, mask, rival).values())
            corrected = verdict.verdicts(rival)[data, share, mask][2]
            _row(ax, i + 0.8 * (i // len(verdict.RIVALS)), values, corrected <= verdict.LEVEL)
        ax.axvline(0, color=INK, linewidth=1.2, zorder=0)
        ax.set_title(f"{data}, {share}", fontsize=10, loc="left")
        ax.locator_params(axis="x", nbins=4)
        ax.set_yticks([i + 0.8 * (i // len(verdict.RIVALS)) for i in range(len(rows))])
        ax.set_yticklabels([f"{mask} vs {rival}" for mask, rival in rows] if ax is axes[0, 0] else [""] * len(rows))
        ax.invert_yaxis()
    figure.supxlabel("distance, % above the rival's (left of 0: the mask is better)", fontsize=10)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def passed() -> None:
    """A folded table: for each condition and mask, the mean change beside each rival; a star: significant."""
    rows = []
    for data, share in verdict.CONDITIONS:
        for mask in MASKS:
            cells = []
            for rival in verdict.RIVALS:
                mean, _, corrected = verdict.verdicts(rival)[data, share, mask]
                star = " *" if corrected <= verdict.LEVEL else ""
                cells.append(f"{percent(mean):+.1f} % (p = {corrected:.2g}){star}")
            rows.append((f"{data}, {share}", mask, *cells))
    show_table(
        "Distance of the masked game beside each rival: mean change, p after Holm; * is significant at 5 %",
        ("condition", "mask", *verdict.RIVALS),
        rows,
        folded="The figure in numbers: 48 mean changes, each with its p",
    )


def _row(ax: Axes, y: float, values: Sequence[float], significant: bool) -> None:
    """Marks of all seeds, their mean with its interval; filled where significant."""
    ax.plot([percent(v) for v in values], [y] * len(values), "o", color=COLOURS[0], markersize=3.5, alpha=0.45)
    low, high = (percent(end) for end in verdict.interval(values))
    colour = COLOURS[1] if significant else INK
    ax.plot([low, high], [y, y], color=colour, linewidth=3.2 if significant else 1.6)
    ax.plot([percent(fmean(values))], [y], "D", color=colour, markersize=5)


def powers(effects: Sequence[float]) -> None:
    """A table: how often ten pairs would show an effect, with each condition's own scatter.

    Args:
        effects: changes of the distance, −0.1 for 10 % less.
    """
    rows = []
    for data, share in verdict.CONDITIONS:
        tests = [
            list(verdict.differences(data, share, mask, rival).values()) for mask in MASKS for rival in verdict.RIVALS
        ]
        strict = verdict.LEVEL / len(MASKS) / len(verdict.CONDITIONS)
        cells = []
        for effect in effects:
            found = [verdict.power(values, math.log1p(effect), strict) for values in tests]
            cells.append(f"{median(found):.2f} ({min(found):.2f} to {max(found):.2f})")
        rows.append((f"{data}, {share}", f"{percent(median(stdev(values) for values in tests)):.0f} %", *cells))
    show_table(
        "How often ten pairs would show it: median (range) of the twelve tests of a condition",
        ("condition", "scatter of the differences", *(f"{effect:+.0%}".replace("%", " %") for effect in effects)),
        rows,
    )


def others() -> None:
    """A table: coverage and copying without a mask, and each mask's mean difference, with a star if it misses 0."""
    rows = []
    for measure in ("coverage", "copying"):
        for data, share in verdict.CONDITIONS:
            plain = fmean(one[measure] for one in verdict.runs(data, share)["none"].values())
            cells = []
            for mask in MASKS:
                values = list(verdict.differences(data, share, mask, "no mask", measure, log=False).values())
                low, high = verdict.interval(values)
                star = " *" if low > 0 or high < 0 else ""
                cells.append(f"{fmean(values):+.4f} ({low:+.4f} to {high:+.4f}){star}")
            rows.append((measure, f"{data}, {share}", f"{plain:.3f}", *cells))
    show_table(
        "Mean without a mask, and the mean difference of ten pairs (95 % interval; * misses 0)",
        ("measure", "condition", "none", *MASKS),
        rows,
    )


def one_gain(measure: str, data: str, share: str, mask: str) -> dict[str, float]:
    """A table: one mask's mean difference to each of its rivals, with the p of a sign-flip test, not corrected.

    Args:
        measure: "coverage" or "copying".
        data, share, mask: whose games.

    Returns:
        Rival → p.
    """
    values = {
        rival: list(verdict.differences(data, share, mask, rival, measure, log=False).values())
        for rival in verdict.RIVALS
    }
    p = {rival: verdict.sign_flip(each) for rival, each in values.items()}
    show_table(
        f"{measure} of {data}, {share}: {mask} beside each of its rivals, mean difference of ten pairs",
        ("rival", "difference", "p (not corrected)"),
        [(rival, f"{fmean(each):+.3f}", f"{p[rival]:.3f}") for rival, each in values.items()],
    )
    return p


def best_of_three() -> dict[str, int]:
    """A table: in how many races the best of the three masks beats no mask; true ones, permuted and constant ones.

    Returns:
        Kind of mask → races.
    """
    kinds = {"true": "{}", "permuted": "{}, permuted", "constant": "{}, constant"}
    wins, races = dict.fromkeys(kinds, 0), 0
    for condition in verdict.CONDITIONS:
        rows = verdict.runs(*condition)
        races += len(rows["none"])
        for seed, none in rows["none"].items():
            for kind, name in kinds.items():
                best = min(rows[name.format(mask)][seed]["frechet"] for mask in MASKS)
                wins[kind] += best < none["frechet"]
    show_table(
        f"Of {races} races (four conditions, ten seeds): the best of three masks has a smaller distance than none",
        ("masks", "races"),
        [*wins.items(), ("by luck, ¾", f"{0.75 * races:.0f}")],
    )
    return wins
