"""The figure of lesson 14.2, and of the README: three recipes against time."""

import math
from collections.abc import Sequence
from statistics import median

from matplotlib.ticker import MaxNLocator

from course_lib.chapters.ch14_scale_up.recorded_speed import Quality
from course_lib.show.picture import COLOURS, INK, LINES, MARKERS, Picture, finish, new_figure

PANELS = {"confidence": "judge's confidence", "classes": "digits drawn, of ten", "frechet": "Fréchet distance"}


def quality(over: Quality, *, title: str, alt: str, panels: Sequence[str] = tuple(PANELS)) -> Picture:
    """A panel a measure, a colour a recipe: thin lines are the trainings, the thick one is their median.

    Args:
        over: the recording.
        title: what the figure says.
        alt: the alternative text.
        panels: of ``PANELS``.

    Returns:
        The figure.
    """
    figure, axes = new_figure(9.0, 3.5, columns=len(panels))
    for ax, what in zip(axes[0], panels, strict=True):
        for i, recipe in enumerate(over.recipes):
            curves = list(over.curves(recipe, what).values())
            style = {"color": COLOURS[i], "linestyle": LINES[i]}
            for curve in curves:
                ax.plot(over.at, curve, linewidth=0.8, alpha=0.5, **style)
            middle = [median(values) for values in zip(*curves, strict=True)]
            ax.plot(over.at, middle, linewidth=2.4, marker=MARKERS[i], markersize=4, label=recipe, **style)
        ax.set(xlabel="seconds of training", xlim=(0, max(over.at)))
        ax.set_title(PANELS[what], fontsize=11)
        if what == "frechet":
            ax.set_yscale("log")
            ax.yaxis.set_major_formatter("{x:g}")
        if what == "classes":
            ax.set_ylim(0, 10.5)
            ax.yaxis.set_major_locator(MaxNLocator(integer=True))
        elif math.isfinite(over.real[what]):
            ax.axhline(over.real[what], color=INK, linewidth=1.2, linestyle=(0, (1, 2)), label="digits held out")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=10, frameon=False, handlelength=3.2)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
