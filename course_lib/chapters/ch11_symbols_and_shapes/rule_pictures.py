"""The figures of lesson 11.3: digits with the words of their refusal, and filters by the share that they keep."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from torch import Tensor

from course_lib.chapters.ch11_symbols_and_shapes.rule_filters import SCORES
from course_lib.show.picture import COLOURS, INK, LINES, MARKERS, Picture, blank_figure, finish, new_figure

MOST = 2  # reasons that are written out


def with_words(
    pictures: Tensor, words: Sequence[Sequence[str]], *, heads: Sequence[str] = (), title: str, alt: str
) -> Picture:
    """Each picture with its reasons at its right, two pictures a row.

    Args:
        pictures: ``(N, 1, H, W)`` in [−1, 1].
        words: the reasons of each.
        heads: a line above each one's reasons, or none.
        title: what the figure says.
        alt: the alternative text.
    """
    rows = -(-len(pictures) // 2)
    height = 0.35 + 1.1 * rows
    figure, top = blank_figure(9.6, height, layout=None), 1 - 0.35 / height
    for i, (picture, why) in enumerate(zip(pictures, words, strict=True)):
        left, bottom, high = 0.01 + 0.5 * (i % 2), top * (1 - (i // 2 + 1) / rows), top / rows
        ax = figure.add_axes((left, bottom + 0.05 * high, 0.105, 0.9 * high))
        ax.imshow(picture[0].numpy(), cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
        ax.set_axis_off()
        lines = [*([heads[i]] if heads else []), *(part for one in why[:MOST] for part in textwrap.wrap(one, 46))]
        lines += ["passes every rule"] * (not why) + [f"and {len(why) - MOST} more"] * (len(why) > MOST)
        figure.text(
            left + 0.115, bottom + 0.5 * high, "\n".join(lines).replace(" -", " −"), fontsize=10, color=INK, va="center"
        )
    figure.text(0.01, 1 - 0.07 / height, title, fontsize=11, color=INK, va="top")
    return finish(figure, alt)


def filters(
    kept: Sequence[Sequence[float]],
    runs: Sequence[Sequence[Mapping[str, Mapping[str, float]]]],
    whole: Sequence[Mapping[str, float]],
    *,
    title: str,
    alt: str,
) -> Picture:
    """A panel for each score: filter by filter against the share that is kept; a dot a draw, a line through the means.

    Args:
        kept: for each strictness and draw, the share kept.
        runs: for each strictness and draw, filter → score → value.
        whole: for each draw, the scores of everything that was drawn: where all lines end, at a share of 1.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.6, 5.4, rows=2, columns=3)
    shares = np.array([*kept, [1.0] * len(whole)])  # (strictness, draws)
    for ax, (score, better) in zip(axes.flat, SCORES.items(), strict=True):
        for i, name in enumerate(runs[0][0]):
            values = np.array([*([row[name][score] for row in rows] for rows in runs), [row[score] for row in whole]])
            ax.plot(shares.ravel(), values.ravel(), MARKERS[i], color=COLOURS[i], markersize=4, alpha=0.45)
            ax.plot(shares.mean(1), values.mean(1), linestyle=LINES[i], color=COLOURS[i])
            ax.plot([], [], MARKERS[i], linestyle=LINES[i], color=COLOURS[i], markersize=5, label=name)
        ax.set_title(f"{score}\n({better})", fontsize=10, loc="left")
    for ax in axes[1]:
        ax.set_xlabel("share kept")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=10, frameon=False
    )
    return finish(figure, alt)
