"""The figures of lesson 14.4: how far trainings are apart, step by step and over seeds."""

from collections.abc import Mapping, Sequence

from course_lib.show.charts import say
from course_lib.show.clouds import dots
from course_lib.show.picture import COLOURS, LINES, Picture, finish, new_figure

WAYS = {
    "half": "one process, half of the batch (control)",
    "apart": "two processes, each its own batch norm",
    "turned": "one process, batch in another order (control)",
    "shared": "two processes, shared",
    "doubles": "two processes, shared, in float64",
}


def gaps(rows: Mapping[str, Sequence[float]], *, y: str, title: str, alt: str) -> Picture:
    """A line a pair of trainings, from step 1 on, on a logarithmic axis; the legend stands below.

    Args:
        rows: pair → a distance for each step.
        y: what the axis says.
        title: what the figure says.
        alt: the alternative text.

    Returns:
        The figure.
    """
    figure, axes = new_figure(7.4, 4.2)
    ax = axes[0, 0]
    for i, (name, values) in enumerate(rows.items()):
        steps = range(1, len(values) + 1)
        ax.plot(steps, values, color=COLOURS[i % 6], linestyle=LINES[i % 6], linewidth=1.8, label=name)
    ax.set_yscale("log")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(xlabel="step", ylabel=y)
    say(ax, title)
    figure.legend(loc="outside lower center", ncols=2, fontsize=9, frameon=False, handlelength=3.2)
    return finish(figure, alt)


def after_all(rows: Mapping[str, Sequence[float]], steps: int) -> Picture:
    """A row of dots a way, one dot a seed.

    Args:
        rows: way → distance for each seed.
        steps: after which they were taken.

    Returns:
        The figure.
    """
    what = f"distance of the weights after {steps} steps / way gone (a dot a seed)"
    return dots(
        {what: rows},
        others=(WAYS["half"], WAYS["turned"]),
        log=(what,),
        title="In float32 rounding may grow, in one process as in two; in float64 it does not (squares: controls)",
        alt="Five rows of five dots, logarithmic. Farthest is half of the batch, then own batch norms; then, side by "
        "side, another order and two that share; many powers of ten nearer, two that share in float64.",
    )
