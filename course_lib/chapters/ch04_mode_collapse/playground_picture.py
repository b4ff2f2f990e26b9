"""The playground as one still picture, and what was found in words."""

import numpy as np
from matplotlib.colors import Colormap

from course_lib.chapters.ch04_mode_collapse.playground_game import Play
from course_lib.show.picture import COLOURS, INK, LINES, Picture, finish, new_figure


def still(play: Play) -> Picture:
    """D's field with both kinds of points and the pushes on the generated ones; losses; modes.

    Args:
        play: the game as it is now.
    """
    view, curve, edge = play.view(), play.curve(), play.extent
    figure, (row,) = new_figure(9.6, 3.5, columns=3)
    ax = row[0]
    box = {"extent": (-edge, edge, -edge, edge), "origin": "lower"}
    sure = view.field / 32767.5 - 1
    colours = np.sign(sure) * np.abs(sure) ** 0.6  # doubts are to be seen too
    ax.imshow(colours, cmap=_colours(), vmin=-1, vmax=1, interpolation="bilinear", **box)
    if sure.min() < 0 < sure.max():
        ax.contour(sure, [0], colors=INK, linewidths=1.5, **box)
    size = np.linalg.norm(view.push, axis=1, keepdims=True) * edge
    arrows = 0.2 * edge * view.push * edge / (0.5 + size)
    pushed = ", with arrows where G's loss pushes them" if np.hypot(*arrows.T).max() > 0.03 * edge else ""
    ax.quiver(
        *view.fake[: len(arrows)].T,
        *arrows.T,
        color=INK,
        alpha=0.7,
        width=0.006,
        angles="xy",
        scale_units="xy",
        scale=1,
        zorder=4,  # above the points
    )
    kinds = ((view.fake, "generated", "^", COLOURS[1], INK, 1.5), (view.real, "real", "o", "white", "#003A5D", 3))
    for points, label, marker, face, edge_colour, above in kinds:
        ax.scatter(
            *points.T,
            s=14,
            marker=marker,
            facecolor=face,
            edgecolor=edge_colour,
            linewidth=0.7,
            label=label,
            zorder=above,
        )
    ax.set(xlim=(-edge, edge), ylim=(-edge, edge), aspect="equal")
    ax.grid(False)
    ax.set_title(f"step {play.step:,}", fontsize=10)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2, fontsize=8, frameon=False, handletextpad=0.1)
    for i, name in enumerate(("discriminator", "generator")):
        row[1].plot(curve[:, 0], curve[:, 1 + i], color=COLOURS[i], linestyle=LINES[i], label=name)
    row[1].set(xlabel="step", ylabel="loss")
    row[1].legend(fontsize=8, frameon=False)
    row[2].plot(
        curve[:, 0], curve[:, 3] / play.report.total, color=COLOURS[2], label=f"modes found, of {play.report.total}"
    )
    row[2].plot(curve[:, 0], curve[:, 4], color=COLOURS[3], linestyle=":", label="points on a mode")
    row[2].set(xlabel="step", ylabel="share", ylim=(-0.02, 1.02))
    row[2].legend(fontsize=8, frameon=False)
    return finish(
        figure,
        (
            f"The playground after {play.step} steps: {play.data.name}, {play.choice.loss} loss, cure "
            f"{play.choice.cure}. Left, real points (circles), generated ones (triangles{pushed}) and D's border "
            f"(line) between real (blue) and generated (orange). Right, losses and modes: {found(play)}."
        ),
    )


def found(play: Play) -> str:
    """How many modes, and how many points on one.

    Args:
        play: the game as it is now.
    """
    return f"{play.report.modes} of {play.report.total} modes, {play.report.high_quality:.0%} of the points on a mode"


def _colours() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("D", ["#F0B27A", "#F7F7F4", "#5B9BD0"])
