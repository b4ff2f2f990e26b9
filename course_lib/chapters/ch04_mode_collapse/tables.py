"""Tables and small figures of this chapter: modes, distances, the best games, a thousand modes."""

from collections.abc import Mapping, Sequence
from statistics import mean, stdev

from course_lib.files import recorded
from course_lib.learn.wording import show_table
from course_lib.metrics.modes import ModeReport
from course_lib.show.picture import COLOURS, Picture, finish, new_figure

# Lin et al. 2018, table 1: modes of the ring, its high quality and KL; then those of the grid. Means of ten trainings.
PACGAN = {
    "GAN": ("6.3 ± 0.5", "98.2%", "0.45", "17.3 ± 0.8", "94.8%", "0.70"),
    "PacGAN2": ("7.9 ± 0.1", "95.6%", "0.07", "23.8 ± 0.7", "91.3%", "0.13"),
    "PacGAN3": ("7.8 ± 0.1", "97.7%", "0.10", "24.6 ± 0.4", "94.2%", "0.06"),
    "PacGAN4": ("7.8 ± 0.1", "95.9%", "0.07", "24.8 ± 0.2", "93.6%", "0.04"),
}


def show_modes(caption: str, reports: Mapping[str, ModeReport], distances: Mapping[str, float] | None = None) -> None:
    """A table of what was counted in clouds of points.

    Args:
        caption: of the table.
        reports: name of a cloud → its report.
        distances: name of a cloud → its energy distance, for one column more.
    """
    rows = []
    for name, one in reports.items():
        row = [name, f"{one.modes} of {one.total}", f"{one.high_quality:.1%}", f"{one.kl:.2f}"]
        rows.append(row + ([f"{distances[name]:.2g}"] if distances else []))
    header = ["cloud", "modes", "high quality", "KL"] + ["energy distance"] * bool(distances)
    show_table(caption, header, rows)


def show_distances(distances: Mapping[str, float], *, title: str, alt: str) -> Picture:
    """A dot for each cloud, from the nearest to the farthest, with its number.

    Args:
        distances: name of a cloud → its energy distance, above 0.
        title: what the figure says.
        alt: the alternative text.
    """
    names = sorted(distances, key=lambda name: distances[name])
    figure, axes = new_figure(7.2, 0.42 * len(names) + 1.0)
    ax = axes[0, 0]
    ax.set_xscale("log")
    for y, name in enumerate(names):
        ax.plot(distances[name], y, "o", color=COLOURS[0], markersize=8)
        ax.annotate(f"{distances[name]:.2g}", (distances[name], y), (8, 0), textcoords="offset points", va="center")
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="energy distance to other true points (logarithmic)", ylim=(len(names) - 0.5, -0.5))
    ax.set_xlim(min(distances.values()) / 2, max(distances.values()) * 3)
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set_title(title, fontsize=11, loc="left")
    return finish(figure, alt)


def show_best_settings() -> None:
    """A table of what the best game has, and how long it was trained."""
    settings = recorded("best")["settings"]
    rows = [
        ("numbers in a latent", settings["latent"]),
        ("hidden layers of each player", " + ".join(map(str, settings["hidden"]))),
        ("step size of both, falling to 0", f"{settings['lr']:g}"),
        ("Adam's β₁ and β₂", ", ".join(f"{beta:g}" for beta in settings["betas"])),
        ("decay of the average of G's weights", f"{settings['ema']:g}"),
        ("steps", ", ".join(f"{data} {steps:,}" for data, steps in settings["steps"].items())),
    ]
    show_table("The best game", ("setting", "value"), rows)


def show_best(data: str) -> None:
    """A table of where the recorded best games ended, a row for each seed.

    Args:
        data: "ring" or "grid".
    """
    rows = []
    for seed, run in recorded("best")["runs"][data].items():
        end = run[-1]
        row = [f"seed {seed}", f"{end['seconds']:.0f}", end["modes"], f"{end['high_quality']:.1%}", f"{end['kl']:.2f}"]
        rows.append(row + ([f"{end['energy']:.2g}", f"{end['noise']:.2g}"] if "energy" in end else []))
    header = ["", "seconds", "modes", "high quality", "KL", "energy distance", "of the better noise"]
    show_table(f"The best game on the {data}, five seeds", header[: len(rows[0])], rows)


def show_beside_pacgan() -> None:
    """A table of PacGAN's published means, and of the best games' with their standard errors."""
    ours = []
    for data in ("ring", "grid"):
        for measure, form in (("modes", ".1f"), ("high_quality", ".1%"), ("kl", ".2f")):
            ends = list(best_ends(data, measure).values())
            error = stdev(ends) / len(ends) ** 0.5
            ours.append(f"{mean(ends):{form}} ± {error:{form}}".replace("% ±", " ±"))
    header = [
        f"{data}: {name}" for data, of in (("ring", 8), ("grid", 25)) for name in (f"modes of {of}", "quality", "KL")
    ]
    show_table(
        "Mean ± standard error", ["", *header], [*([row, *cells] for row, cells in PACGAN.items()), ["ours", *ours]]
    )


def best_ends(data: str, measure: str) -> dict[str, float]:
    """What was measured at the end of the recorded best games.

    Args:
        data: "ring" or "grid".
        measure: such as "modes" or "seconds".

    Returns:
        Seed → number.
    """
    return {seed: run[-1][measure] for seed, run in recorded("best")["runs"][data].items()}


def stacked_row(name: str, modes: float, kl: float, confidence: float | None = None, about: str = "") -> Sequence[str]:
    """One row for :func:`show_stacked`.

    Args:
        name: whose pictures these are.
        modes: found, of 1,000.
        kl: of the kinds' shares from equal ones.
        confidence: the judge's, on average; None where it was not published.
        about: what else to say.
    """
    sure = "—" if confidence is None else f"{confidence:.2f}"
    return (name, f"{modes:,.0f}" if modes == round(modes) else f"{modes:,.1f}", f"{kl:.2f}", sure, about)


def show_stacked() -> None:
    """A table of the recorded stacked digits, at equal steps and at equal seconds, and of what was published."""
    record = recorded("stacked")
    real, published = record["settings"]["real stacks"], record["settings"]["published"]
    runs = {row: next(iter(seeds.values())) for row, seeds in record["runs"].items()}
    rows = [stacked_row("real stacks", real["modes"], real["kl"], real["confidence"], "read by our judge")]
    for row, stops in runs.items():
        end = stops[-1]
        about = f"after {end['step']:,} steps, {end['seconds']:.0f} s"
        rows.append(stacked_row(row, end["modes"], end["kl"], end["confidence"], about))
    budget = runs["DCGAN"][-1]["seconds"]
    for stop in [stop for stop in runs["PacDCGAN2"] if stop["seconds"] <= budget][-1:]:
        about = f"at its last stop within the DCGAN's seconds, step {stop['step']:,}"
        rows.append(stacked_row("PacDCGAN2", stop["modes"], stop["kl"], stop["confidence"], about))
    rows += [stacked_row(name, one["modes"], one["kl"], None, "published") for name, one in published.items()]
    show_table("Stacked digits: kinds of 1,000", ("pictures", "kinds", "KL", "judge's confidence", ""), rows)


def stacked_lines() -> dict[str, tuple[list[float], list[float]]]:
    """The recorded stacked digits as lines.

    Returns:
        Row → its steps, and the kinds found at each.
    """
    runs = {row: next(iter(seeds.values())) for row, seeds in recorded("stacked")["runs"].items()}
    return {row: ([s["step"] for s in stops], [s["modes"] for s in stops]) for row, stops in runs.items()}


def show_quality(entropy: Mapping[str, float], precision: Mapping[str, float]) -> None:
    """A table of class entropy and precision.

    Args:
        entropy, precision: whose pictures → number.
    """
    rows = [(name, f"{entropy[name]:.2f}", f"{precision[name]:.2f}") for name in entropy]
    show_table(
        "Read by the judge: 2,000 pictures of each generator for the entropy, 1,500 for precision; 1,000 new digits",
        ("pictures", "class entropy", "precision"),
        rows,
    )
