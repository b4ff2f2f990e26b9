"""The figures of lesson 13.7: shares of groups with the band of chance, and the same latents shrunk."""

from collections.abc import Mapping, Sequence

from matplotlib.ticker import PercentFormatter

from course_lib.show.charts import legend_above, say
from course_lib.show.picture import COLOURS, INK, MARKERS, Picture, finish, new_figure


def with_band(
    rows: Mapping[str, Sequence[float]],
    names: Sequence[str],
    band: tuple[float, float],
    due: float,
    *,
    x: str,
    y: str,
    title: str,
    alt: str,
) -> Picture:
    """A mark a group for each generator, over the band in which honest draws lie.

    Args:
        rows: generator → the share of each group.
        names: of the groups.
        band: from, to.
        due: share of each group in the data.
        x, y: what the axes say.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.4, 3.5)
    ax = axes[0, 0]
    ax.axhspan(*band, color="#BBBBBB", alpha=0.6, lw=0, label="95 of 100 honest draws")
    ax.axhline(due, color=INK, linewidth=1, linestyle=(0, (1, 2)))
    for i, (name, shares) in enumerate(rows.items()):
        at = [k + 0.18 * (i - (len(rows) - 1) / 2) for k in range(len(names))]
        ax.vlines(at, due, list(shares), color=COLOURS[i], linewidth=1.2)
        ax.plot(at, list(shares), MARKERS[i], color=COLOURS[i], markersize=7, label=name)
    ax.set_xticks(range(len(names)), names)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=x, ylabel=y)
    ax.set_ylim(bottom=0)
    say(ax, title, above=True)
    legend_above(ax)
    return finish(figure, alt)
