"""The figures of lesson 14.5: what the temperature trades, precision against recall, and the letters that D reads."""

from collections.abc import Mapping, Sequence

from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from torch import Tensor

from course_lib.show.picture import COLOURS, FOR_AND_AGAINST, INK, LINES, MARKERS, Picture, finish, new_figure

Points = Mapping[str, Sequence[tuple[float, float]]]  # label → (recall, precision), joined where there are several


def temperatures(
    panels: Mapping[str, Mapping[str, Mapping[float, float]]], levels: Mapping[str, float], title: str, alt: str
) -> Picture:
    """One panel a measure over the temperature, a line for each worth, with a dotted line to compare with.

    Args:
        panels: what is shown → of which worth → temperature → value, in lengths of the exact slope.
        levels: what is shown → height of the dotted line.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.2, 3.4, columns=len(panels))
    for ax, (said, lines) in zip(axes[0], panels.items(), strict=True):
        for i, (name, values) in enumerate(lines.items()):
            look = {"color": COLOURS[i], "linestyle": LINES[i], "marker": MARKERS[i]}
            ax.plot(list(values), list(values.values()), label=f"straight through, {name}", **look)
        ax.axhline(levels[said], color=INK, linewidth=1.4, linestyle=(0, (1, 2)), label="score function, both")
        ax.set_xscale("log")
        temperatures_shown = list(next(iter(lines.values())))
        ax.set_xticks(temperatures_shown, [f"{t:g}" for t in temperatures_shown])
        ax.minorticks_off()
        highest = max(levels[said], *(value for values in lines.values() for value in values.values()))
        ax.set(xlabel="temperature of the softmax", ylim=(-0.04 * highest, None))  # so that a line at 0 is seen
        ax.set_title(said, fontsize=10, loc="left")
    axes[0, 0].set_ylabel("exact slope = 1")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=9, frameon=False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def good_and_varied(points: Points, notes: Mapping[str, Sequence[str]], title: str, alt: str) -> Picture:
    """Recall against precision, one mark a writer, several settings of one joined by a line.

    Args:
        points: label → (recall, precision) of each setting.
        notes: label → a word beside each of its points.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.2, 4.0)
    ax = axes[0, 0]
    for i, (label, each) in enumerate(points.items()):
        x, y = zip(*each, strict=True)
        style = {"color": COLOURS[i % 6], "marker": MARKERS[i % 6], "markersize": 7}
        style["linestyle"] = LINES[i % 6] if len(each) > 1 else "none"
        ax.plot(x, y, label=label, **style)
        for word, at in zip(notes.get(label, [""] * len(each)), each, strict=True):
            ax.annotate(word, at, xytext=(6, 6), textcoords="offset points", fontsize=9)
    ax.set(
        xlabel="recall: share of the held-out pieces that it wrote",
        ylabel="precision: share of its pieces held out",
        xlim=(0, None),
    )
    ax.set_ylim(0, 1)
    ax.set_title(title, fontsize=11, loc="left")
    ax.legend(fontsize=9, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    return finish(figure, alt)


def read_letters(texts: Sequence[str], panels: Mapping[str, Tensor], at: Tensor, *, title: str, alt: str) -> Picture:
    """Texts letter by letter, each on a colour that says how it speaks; the misprint has a frame.

    Args:
        texts: strings of one length.
        panels: name → scores ``(N, L)``.
        at: places of the misprints, ``(N,)``.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(7.6, 0.42 * len(texts) + 1.3, columns=len(panels))
    for ax, (name, scores) in zip(axes[0], panels.items(), strict=True):
        largest = scores.abs().max().clamp(min=1e-9).item()
        shown = ax.imshow(scores.cpu().numpy(), cmap=FOR_AND_AGAINST, norm=Normalize(-largest, largest), aspect="auto")
        for row, text in enumerate(texts):
            for column, letter in enumerate(text):
                dark = abs(scores[row, column].item()) > 0.6 * largest
                style = {"ha": "center", "va": "center", "fontsize": 11, "family": "monospace"}
                ax.text(column, row, letter.replace(" ", "␣"), color="white" if dark else INK, **style)
            ax.add_patch(_frame(int(at[row]), row))
        ax.set_xticks(range(0, len(texts[0]), 5), [str(i + 1) for i in range(0, len(texts[0]), 5)])
        ax.set_yticks([])
        ax.grid(False)
        ax.set_xlabel("place in the text")
        ax.set_title(name, fontsize=10, loc="left")
        figure.colorbar(shown, ax=ax, orientation="horizontal", aspect=40, pad=0.04).set_label(
            "for “not real” ← logit → for “real”", fontsize=9
        )
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def _frame(column: int, row: int) -> Rectangle:
    return Rectangle((column - 0.5, row - 0.48), 1, 0.96, fill=False, edgecolor=INK, linewidth=2, clip_on=False)
