"""The figures of this chapter: titled rows of pictures, a table of counts."""

from collections.abc import Mapping, Sequence

from torch import Tensor

from course_lib.show.picture import INK, Picture, finish, grid, new_figure


def titled_rows(
    rows: Mapping[str, Tensor], title: str, alt: str, n: int = 12, columns: Sequence[str] = (), x: str = ""
) -> Picture:
    """One row of pictures for each label, and a sentence above.

    Args:
        rows: label → pictures ``(N, 1, 28, 28)`` in [−1, 1]; the first ``n`` are shown.
        title: what the figure says.
        alt: the alternative text.
        n: pictures a row.
        columns: a word below each column, or none.
        x: what these words are.
    """
    figure, axes = new_figure(0.6 * n + 1.3, 0.62 * len(rows) + 0.45 + 0.3 * bool(columns), rows=len(rows))
    for ax, (label, pictures) in zip(axes[:, 0], rows.items(), strict=True):
        ax.imshow(grid(pictures[:n].detach().cpu(), n, scale=1), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(False)
        ax.spines[:].set_visible(False)
        ax.set_anchor("W")  # a short row stays beside its label
        ax.text(-0.02, 0.5, label, transform=ax.transAxes, ha="right", va="center", fontsize=10, color=INK)
    if columns:
        axes[-1, 0].set_xticks([15 + 30 * i for i in range(len(columns))], columns, fontsize=10)
        axes[-1, 0].tick_params(length=0)
        axes[-1, 0].set_xlabel(x)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def count_table(counts: Tensor, row: str, column: str, title: str, alt: str) -> Picture:
    """A table of counts, the larger the darker.

    Args:
        counts: ``(rows, columns)``.
        row, column: what the rows and the columns are.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(5.6, 4.4)
    ax = axes[0, 0]
    ax.imshow(counts, cmap="Blues", vmin=0)
    ax.grid(False)
    most = counts.max().item() or 1
    for i, line in enumerate(counts.int().tolist()):
        for j, value in enumerate(line):
            ax.text(j, i, str(value), ha="center", va="center", color="white" if value > 0.55 * most else INK)
    ax.set_xticks(range(counts.shape[1]))
    ax.set_yticks(range(counts.shape[0]))
    ax.set(xlabel=column, ylabel=row)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)
