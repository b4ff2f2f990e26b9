"""The figures of lesson 07.5: insertion step by step, scores beside the controls', backgrounds, costs."""

from collections.abc import Callable, Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from torch import Tensor

from course_lib.chapters.ch07_explain_a_classifier.pictures import draw_picture
from course_lib.metrics.ranking import highest_first
from course_lib.show.charts import say
from course_lib.show.picture import COLOURS, INK, MARKERS, Picture, finish, new_figure

CONTROL = "#777777"


def mean_and_error(values: Tensor) -> tuple[float, float]:
    """The mean and its standard error.

    Args:
        values: one number a digit, ``(N,)``, at least two.

    Returns:
        The mean of the digits, and by how much such a mean varies by chance.
    """
    return values.mean().item(), values.std().item() / len(values) ** 0.5


def difference_text(values: Tensor) -> str:
    """A mean difference in words, ``+0.28 ± 0.06 (4.8)``: in brackets, how many standard errors it is away from 0.

    Args:
        values: one difference a digit, ``(N,)``, at least two.
    """
    mean, error = mean_and_error(values)
    shown = f"{round(mean, 2) + 0.0:+.2f}".replace("-", "−")  # + 0.0: no −0
    return f"{shown} ± {error:.2f} ({abs(mean) / error if error else 0:.1f})"


def insertion_strip(
    probability: Callable[[Tensor], Tensor],
    picture: Tensor,
    other: Tensor,
    maps: Mapping[str, Tensor],
    counts: Sequence[int],
    *,
    steps: int = 28,
    title: str,
    alt: str,
) -> Picture:
    """A strip for each map: the other picture, after more and more portions of the first one's pixels have come in.

    Args:
        probability: pictures → the answer's probability, ``(N,)``; it stands under each picture.
        picture: whose pixels come in, those with the highest values first, ``(1, 1, H, W)``.
        other: what is there before, the same shape.
        maps: name → values of the pixels, the same shape.
        counts: after how many of the portions there is a picture.
        steps: how many portions there are in all.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(0.6 + 1.05 * len(counts), 0.75 + 1.3 * len(maps), rows=len(maps), columns=len(counts))
    for row, (name, values) in zip(axes, maps.items(), strict=True):
        order = highest_first(values.flatten(1))  # (1, H·W)
        for ax, count in zip(row, counts, strict=True):
            come = order[:, : round(count * order.shape[1] / steps)]
            shown = other.flatten(1).scatter(1, come, picture.flatten(1).gather(1, come)).view_as(picture)
            draw_picture(ax, shown)
            ax.set_xlabel(f"{probability(shown).item():.2f}", fontsize=10)
            if name == next(iter(maps)):
                ax.set_title(f"{count} of {steps}", fontsize=10)
        row[0].set_ylabel(name, fontsize=10)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def scores_as_dots(
    scores: Mapping[str, Sequence[Tensor]], controls: Sequence[str], kinds: Sequence[str], *, title: str, alt: str
) -> Picture:
    """One panel for each kind of score: the mean with its standard error for each name, a line at the best control.

    Args:
        scores: name → for each kind the scores of single digits ``(N,)``, from 0 to 1.
        controls: those of the names that asked no model; drawn in grey, below.
        kinds: what stands above the panels.
        title: what the figure says.
        alt: the alternative text.
    """
    names = [name for name in scores if name not in controls] + list(controls)
    figure, axes = new_figure(8.6, 0.7 + 0.29 * len(names), columns=len(kinds))
    for k, (ax, kind) in enumerate(zip(axes[0], kinds, strict=True)):
        best = max(mean_and_error(scores[name][k])[0] for name in controls)
        ax.axvline(best, color=CONTROL, linewidth=1.2, linestyle=(0, (4, 2)))
        for row, name in enumerate(names):
            of_control = name in controls
            _dot(ax, row, scores[name][k], CONTROL if of_control else COLOURS[0], "s" if of_control else "o", True)
        ax.set_yticks(range(len(names)), names if k == 0 else [""] * len(names), fontsize=10)
        ax.set(ylim=(len(names) - 0.4, -0.6), xlim=(0.22, 1.18), xlabel="insertion (higher is better)")
        ax.set_xticks([0.4, 0.6, 0.8, 1.0])
        ax.set_title(f"{kind} (dashed: best control)", fontsize=10)
        ax.grid(False, axis="y")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def backgrounds_as_dots(
    scores: Mapping[str, Mapping[str, Tensor]],
    kinds: Sequence[str],
    controls: Mapping[str, Tensor],
    *,
    title: str,
    alt: str,
) -> Picture:
    """A row for each method, in it a mean with its standard error for each background, and a line at each control.

    Args:
        scores: method → background → scores of single digits ``(N,)``, from 0 to 1.
        kinds: the backgrounds, in the order from above; a method need not have them all.
        controls: what its line is called → a control's scores of single digits, two at most.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(8.2, 1.2 + 0.85 * len(scores))
    ax = axes[0, 0]
    for (name, of_control), dashes in zip(controls.items(), ((4, 2), (1, 1.5)), strict=False):
        ax.axvline(of_control.mean().item(), color=CONTROL, linewidth=1.4, linestyle=(0, dashes), label=name)
    for i, background in enumerate(kinds):
        label: str | None = f"against {background}"
        for row, of_method in enumerate(scores.values()):
            if background in of_method:
                at = row + 0.17 * (i - (len(kinds) - 1) / 2)
                _dot(ax, at, of_method[background], COLOURS[i % 6], MARKERS[i % 6], False, label)
                label = None  # once in the legend
    ax.set_yticks(range(len(scores)), list(scores), fontsize=10)
    ax.set(ylim=(len(scores) - 0.4, -0.6), xlabel="insertion on another digit (higher is better)")
    ax.grid(False, axis="y")
    ax.legend(fontsize=10, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    say(ax, title)
    return finish(figure, alt)


def _dot(ax: Axes, at: float, values: Tensor, colour: str, marker: str, number: bool, label: str | None = None) -> None:
    """A mean with its standard error, and its number at the right where one is wanted."""
    mean, error = mean_and_error(values)
    ax.errorbar(mean, at, xerr=error, fmt=marker, color=colour, markersize=6, elinewidth=1.4, capsize=2, label=label)
    if number:
        white = [withStroke(linewidth=3, foreground="white")]
        ax.text(mean + error + 0.02, at, f"{mean:.2f}", va="center", fontsize=10, color=INK, path_effects=white)


def costs_as_dots(costs: Mapping[str, float], *, title: str, alt: str) -> Picture:
    """Dots on a logarithmic axis, cheapest first, each with its number.

    Args:
        costs: method → gradients that one explanation costs.
        title: what the figure says.
        alt: the alternative text.
    """
    rows = sorted(costs.items(), key=lambda row: row[1])
    figure, axes = new_figure(7.6, 0.9 + 0.28 * len(rows))
    ax = axes[0, 0]
    ax.plot([cost for _, cost in rows], [name for name, _ in rows], "o", color=COLOURS[0], markersize=7)
    for at, (_, cost) in enumerate(rows):
        ax.text(cost * 1.25, at, f"{cost:,.1f}" if cost < 10 else f"{cost:,.0f}", va="center", fontsize=10)
    ax.set(xscale="log", xlim=(0.5, 8000), xlabel="cost of one explanation, in gradients (logarithmic)")
    ax.xaxis.set_major_formatter("{x:,g}")
    ax.grid(False, axis="y")
    ax.tick_params(axis="y", labelsize=10)
    ax.invert_yaxis()
    say(ax, title)
    return finish(figure, alt)
