"""A1's GAN for 4,000 steps, with one thing changed at a time: how lessons read `course record long-runs`."""

from collections.abc import Mapping
from statistics import mean

from course_lib.chapters.ch03_train_a_gan.figures import chart
from course_lib.files import recorded
from course_lib.learn.wording import number_text, show_table
from course_lib.show.picture import Picture

CONTROL = "A1's own"  # how the recordings call the row that the others are compared with


def at_stop(row: str, number: str, stop: int = -1) -> dict[str, float]:
    """What was measured in a row at one of its stops.

    Args:
        row: of the recording, such as "SGD".
        number: "lead", "frechet", "digits" or "variety".
        stop: 0 for step 600, 1 for 2,000, −1 for 4,000.

    Returns:
        Seed → number.
    """
    return {seed: found[number][stop] for seed, found in recorded("long-runs")["runs"][row].items()}


def beside(row: str, number: str, other: str = CONTROL, stop: int = -1) -> dict[str, float]:
    """How many times as large a number is in one row as in another.

    Args:
        row, other: of the recording.
        number, stop: see :func:`at_stop`.

    Returns:
        Seed → ratio.
    """
    below = at_stop(other, number, stop)
    return {seed: value / below[seed] for seed, value in at_stop(row, number, stop).items()}


def steps() -> list[int]:
    """The steps at which was measured."""
    return next(iter(recorded("long-runs")["runs"][CONTROL].values()))["step"]


def show_distances(rows: Mapping[str, str], title: str, alt: str) -> Picture:
    """Fréchet distances over the steps: the mean of the seeds, with a bar from the least to the largest.

    Args:
        rows: of the recording → what the figure calls them.
        title: what the figure shows, in a sentence.
        alt: what else is to be seen.
    """
    found = {row: [list(at_stop(row, "frechet", i).values()) for i in range(len(steps()))] for row in rows}
    return chart(
        {rows[row]: (steps(), [mean(values) for values in stops]) for row, stops in found.items()},
        "step",
        "Fréchet distance, five seeds",
        title,
        alt=alt,
        ranges={rows[row]: ([min(v) for v in stops], [max(v) for v in stops]) for row, stops in found.items()},
    )


def show_ends(rows: Mapping[str, str], caption: str, stop: int = -1) -> None:
    """A table of all four numbers at one stop, each from its least seed to its largest.

    Args:
        rows: of the recording → what the table calls them.
        caption: of the table.
        stop: see :func:`at_stop`.
    """

    def spread(row: str, number: str) -> str:
        low, high = (number_text(end(at_stop(row, number, stop).values())) for end in (min, max))
        return low if low == high else f"{low} to {high}"

    names = ("lead", "variety", "digits", "frechet")
    cells = [(name, *(spread(row, number) for number in names)) for row, name in rows.items()]
    show_table(caption, ("run", "lead", "variety", "digits drawn", "Fréchet distance"), cells)


def dcgan_points(number: str, step: int) -> list[float]:
    """What was measured of the recorded DCGANs at a step.

    Args:
        number: "confidence", "classes" or "frechet".
        step: a multiple of 400, at most 4,000.

    Returns:
        One number a seed.
    """
    runs = recorded("dcgan-curve")["runs"].values()
    return [next(point[number] for point in points if point["step"] == step) for points in runs]


def show_dcgan() -> Picture:
    """Fréchet distance of the recorded DCGANs over the seconds of their training."""
    runs = recorded("dcgan-curve")["runs"]
    return chart(
        {f"seed {s}": ([p["seconds"] for p in points], [p["frechet"] for p in points]) for s, points in runs.items()},
        "seconds of training on one core (a point every 400 steps)",
        "Fréchet distance",
        "A DCGAN improves fast, then slowly, on every seed",
        alt="Five lines, one a seed: from about 20 after 400 steps to 12 after 1,200 and 7 after 4,000.",
    )


OPTIMISERS = {"sgd": "SGD", "momentum": "momentum", "rmsprop": "RMSprop", "adam": "Adam"}


def tuned() -> dict[str, tuple[list[float], list[float]]]:
    """How each optimiser was tuned.

    Returns:
        Optimiser → the step sizes that were tried, and the mean Fréchet distance with each; those that failed apart.
    """
    found = {}
    for name, run in recorded("optimisers")["runs"].items():
        tried = {float(lr): mean(tries) for lr, tries in run["tuning"].items() if max(tries) < 900}
        found[OPTIMISERS[name]] = (list(tried), list(tried.values()))
    return found


def final_distances() -> dict[str, dict[str, float]]:
    """How far each optimiser came.

    Returns:
        Optimiser → seed → Fréchet distance after 900 steps at its best step size.
    """
    runs = recorded("optimisers")["runs"]
    return {OPTIMISERS[name]: {s: one["frechet"][-1] for s, one in run["seeds"].items()} for name, run in runs.items()}


def show_final() -> None:
    """A table of each optimiser's best step size, and its Fréchet distances after 900 steps on five other seeds."""
    runs = recorded("optimisers")["runs"]
    rows = [
        (
            name,
            f"{run['best']:g}",
            f"{mean(found.values()):.0f}",
            f"{min(found.values()):.0f} to {max(found.values()):.0f}",
        )
        for (name, found), run in zip(final_distances().items(), runs.values(), strict=True)
    ]
    show_table("Fréchet distance after 900 steps, five seeds", ("optimiser", "best step size", "mean", "range"), rows)


def promises(row: str) -> dict[str, float]:
    """Fréchet distance after 1,000 steps, in units of A1's own.

    Args:
        row: of the recording a1-claims, such as "LeakyReLU".

    Returns:
        Seed → ratio.
    """
    runs = recorded("a1-claims")["runs"]
    return {seed: value / runs[CONTROL][seed] for seed, value in runs[row].items()}


def show_promises() -> None:
    """A table of the Fréchet distances of the recording a1-claims."""
    rows = [
        (name, f"{mean(found.values()):.0f}", f"{min(found.values()):.0f} to {max(found.values()):.0f}")
        for name, found in recorded("a1-claims")["runs"].items()
    ]
    rows[0] = ("nothing (A1's GAN)", *rows[0][1:])
    show_table("Fréchet distance after 1,000 steps of 64, five seeds", ("what is changed", "mean", "range"), rows)
