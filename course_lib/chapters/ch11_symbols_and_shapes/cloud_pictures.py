"""The figures of lesson 11.7: clouds with their diagrams, and a mapper graph with digits in its nodes."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from torch import Tensor

from course_lib.show.picture import COLOURS, INK, LINES, MARKERS, Picture, finish, new_figure

SHARE = LinearSegmentedColormap.from_list("share generated", [COLOURS[0], "#EEEEEE", COLOURS[1]])


def clouds_and_diagrams(
    clouds: Mapping[str, Tensor], holes: Mapping[str, Tensor], bands: Mapping[str, float], *, title: str, alt: str
) -> Picture:
    """Above each cloud, below its holes with the strip in which a hole may be chance.

    Args:
        clouds: name → points ``(N, 2)``.
        holes: name → rows (birth, death).
        bands: name → half of the life up to which a hole may be chance.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(2.6 * len(clouds), 5.2, columns=len(clouds), rows=2)
    top = 1.08 * max(float(rows.max()) for rows in holes.values() if len(rows))
    for ax, below, (name, points) in zip(*axes, clouds.items(), strict=True):
        ax.plot(*points.T.tolist(), ".", color=COLOURS[0], markersize=4)
        ax.set(aspect="equal")
        ax.set_title(name, fontsize=10)
        band = 2 * bands[name]
        below.fill_between([0, top], [0, top], [band, top + band], color="#DDDDDD")
        below.plot([0, top], [0, top], color=INK, linewidth=1, linestyle=(0, (1, 2)))
        below.plot(*holes[name].T.tolist(), MARKERS[1], color=COLOURS[1], markersize=6, alpha=0.75)
        below.set(xlabel="birth", xlim=(0, top), ylim=(0, top), aspect="equal")
    axes[1, 0].set_ylabel("death")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def mapper_graph(
    nodes: Sequence[Collection[int]],
    edges: Sequence[tuple[int, int]],
    lens: np.ndarray,
    generated: np.ndarray,
    images: Tensor,
    *,
    title: str,
    alt: str,
) -> Picture:
    """Each node at the middle of its pictures, with the most central of them in it.

    Its frame, and the share below it, say how many of them were generated.

    Args:
        nodes: the numbers of the pictures in each.
        edges: pairs of nodes.
        lens: ``(N, 2)``, where each picture lies.
        generated: for each picture whether it was generated.
        images: ``(N, 1, H, W)`` in [−1, 1].
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.0, 7.4)
    ax = axes[0, 0]
    members = [np.fromiter(node, int) for node in nodes]
    middles = _apart(np.array([lens[node].mean(0) for node in members]), 0.085 * np.ptp(lens, 0).max())
    for a, b in edges:
        ax.plot(*middles[[a, b]].T, color="#AAAAAA", linewidth=1, zorder=1)
    for node, middle in zip(members, middles, strict=True):
        share = generated[node].mean()
        central = node[((lens[node] - lens[node].mean(0)) ** 2).sum(1).argmin()]
        zoom = 0.7 + 0.2 * np.log10(len(node))
        thumb = OffsetImage(images[central, 0].numpy(), zoom=zoom, cmap="gray", clim=(-1, 1))
        frame = {"edgecolor": SHARE(share), "linewidth": 4, "boxstyle": "square,pad=0.08"}
        ax.add_artist(AnnotationBbox(thumb, middle, bboxprops=frame, pad=0.1, zorder=2))
        ax.annotate(
            f"{share:.0%}",
            middle,
            (0, -14 * zoom - 5),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=10,
            zorder=3,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
        )
    low, high = middles.min(0), middles.max(0)
    edge = 0.07 * (high - low)
    ax.set(xlim=(low[0] - edge[0], high[0] + edge[0]), ylim=(low[1] - edge[1], high[1] + edge[1]))
    ax.set(
        xlabel="first principal component of the features", ylabel="second principal component", xticks=[], yticks=[]
    )
    ax.grid(False)
    bar = figure.colorbar(ScalarMappable(Normalize(0, 1), SHARE), ax=ax, fraction=0.03, pad=0.02, ticks=[0, 0.5, 1])
    bar.ax.set_yticklabels(["all real", "half", "all\ngenerated"], fontsize=10)
    bar.outline.set_visible(False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def _apart(places: np.ndarray, least: float) -> np.ndarray:
    """The places, moved as little as need be so that no two are nearer than ``least``."""
    places = places.copy()
    for _ in range(200):
        step = places[:, None] - places[None]
        length = np.sqrt((step**2).sum(-1)) + 1e-9
        push = np.where((length < least) & ~np.eye(len(places), dtype=bool), (least - length) / length, 0.0)
        places += 0.3 * (push[..., None] * step).sum(1)
    return places


def power(shares: Mapping[str, Mapping[str, Mapping[int, float]]], chance: float, *, title: str, alt: str) -> Picture:
    """One panel a fault: in which share of draws each score sees it, against the number of pictures.

    Args:
        shares: fault → score → number of pictures → share.
        chance: the share of a score that sees nothing.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.2, 3.4, columns=len(shares))
    for ax, (fault, rows) in zip(axes[0], shares.items(), strict=True):
        for i, (score, values) in enumerate(rows.items()):
            ax.plot(
                [n * 1.03 ** (i - (len(rows) - 1) / 2) for n in values],  # side by side where they are alike
                list(values.values()),
                color=COLOURS[i],
                linestyle=LINES[i],
                marker=MARKERS[i],
                markersize=6,
                label=score,
                clip_on=False,
            )
        ax.axhline(chance, color=INK, linewidth=1, linestyle=(0, (1, 2)), label="chance")
        ax.set_xscale("log")
        ax.set_xticks(list(values), [str(n) for n in values])
        ax.minorticks_off()
        ax.set(xlabel="pictures", ylim=(0, 1.06))
        ax.set_title(fault, fontsize=10)
    axes[0, 0].set_ylabel("share of draws\nin which it is seen")
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=10, frameon=False
    )
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
