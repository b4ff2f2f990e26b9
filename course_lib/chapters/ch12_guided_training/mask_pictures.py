"""The figures of lesson 12.1: masks beside each other, and how far each turns the slope of every picture."""

from collections.abc import Mapping, Sequence
from statistics import median

from torch import Tensor

from course_lib.show.picture import COLOURS, INK, MARKERS, Picture, finish, new_figure


def masks_beside(images: Tensor, masks: Mapping[str, Tensor], *, title: str, alt: str) -> Picture:
    """Pictures above a row of masks for each label, all on one scale from 0 (white) to 1.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1].
        masks: label → ``(N, 1, H, W)`` in [0, 1].
        title: what the figure says.
        alt: the alternative text.
    """
    n = len(images)
    figure, axes = new_figure(0.85 * n + 2.6, 0.85 * (len(masks) + 1) + 0.5, columns=n, rows=len(masks) + 1)
    for i, ax in enumerate(axes[0]):
        ax.imshow(images[i, 0].detach().cpu(), cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
    for row, each in zip(axes[1:], masks.values(), strict=True):
        for i, ax in enumerate(row):
            drawn = ax.imshow(each[i, 0].detach().cpu(), cmap="Blues", vmin=0, vmax=1, interpolation="nearest")
    for ax, label in zip(axes[:, 0], ("picture", *masks), strict=True):
        ax.set_ylabel(label, rotation=0, ha="right", va="center", fontsize=10, labelpad=6)
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        ax.spines[:].set(visible=True, color="#BBBBBB", linewidth=0.5)
    bar = figure.colorbar(drawn, ax=axes, fraction=0.03, aspect=30, ticks=[0, 0.5, 1])
    bar.set_label("M", fontsize=10)
    bar.outline.set_visible(False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.set(rect=(0.02, 0, 0.98, 1))  # type: ignore[call-arg]  # of the constrained one
    return finish(figure, alt)


def turns_as_dots(
    turns: Mapping[str, Sequence[float]], bound: float, controls: Sequence[str], *, title: str, alt: str
) -> Picture:
    """A row a mask, a dot a picture, a bar for the median; a line at the most that any mask can do.

    Args:
        turns: mask → degrees, one a picture.
        bound: in degrees.
        controls: those of the masks that explain nothing: squares of another colour.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.4, 0.34 * len(turns) + 1.5)
    ax = axes[0, 0]
    for y, (name, values) in enumerate(turns.items()):
        kind = int(name in controls)
        ax.plot(list(values), [y] * len(values), MARKERS[kind], color=COLOURS[kind], markersize=5, alpha=0.35)
        ax.plot([median(values)] * 2, [y - 0.34, y + 0.34], color=INK, linewidth=2.2)
    ax.axvline(bound, color=INK, linewidth=1.2, linestyle=(0, (4, 2)))
    ax.annotate(
        f"the most: {bound:.1f}°",
        (bound, len(turns) - 0.7),
        xytext=(-6, 0),
        textcoords="offset points",
        ha="right",
        fontsize=10,
    )
    ax.set_yticks(range(len(turns)), list(turns), fontsize=10)
    ax.set(xlabel="turn of the slope, degrees; one mark a picture, a bar is the median")
    ax.set(ylim=(len(turns) - 0.4, -0.6), xlim=(-0.15, bound + 0.4))
    for label, kind in (("explains D", 0), ("control, or the worst mask", 1)):
        ax.plot([], [], MARKERS[kind], color=COLOURS[kind], markersize=7, label=label)
    ax.legend(fontsize=10, edgecolor="none", ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
