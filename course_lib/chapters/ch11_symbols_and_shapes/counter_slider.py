"""From a picture to its counterfactual: a slider over the way; rows of seven steps where nobody watches."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from matplotlib.axes import Axes
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.explain.counterfactual import Counterfactual, Decoder
from course_lib.machine import headless
from course_lib.show.picture import FOR_AND_AGAINST, Picture, finish, new_figure

STEPS = 7  # pictures of a row in the still
BEYOND = 1.4  # the slider's end: a little farther on the same line


@dataclass(frozen=True)
class Ways:
    """Ways from pictures to their counterfactuals, and two networks that read what lies on them.

    Args:
        decode: latents → pictures.
        found: from where to where.
        reader: the classifier whose answer was to change.
        judge: another one.
    """

    decode: Decoder
    found: Counterfactual
    reader: nn.Module
    judge: nn.Module

    def at(self, which: int, share: float) -> tuple[Tensor, list[str]]:
        """One picture on the way.

        Args:
            which: of the pictures.
            share: of the way, 0 to 1 and beyond.

        Returns:
            The picture ``(1, C, H, W)``, and what the classifier and the judge say of it, such as "4 (87 %)".
        """
        one = self.found.start[which : which + 1]
        with torch.no_grad():
            picture = self.decode(one + share * (self.found.end[which : which + 1] - one))
            says = [network(picture).softmax(1)[0].max(0) for network in (self.reader, self.judge)]
        return picture, [f"{int(top.indices)} ({top.values.item():.0%})" for top in says]


def way_slider(ways: Ways, which: Sequence[int], *, title: str, alt: str) -> object:
    """Drag between pictures and their counterfactuals.

    Args:
        ways: from where to where.
        which: pictures that can be chosen.
        title: what the still says.
        alt: the still's alternative text.

    Returns:
        Widgets in JupyterLab; a ``Picture`` with a row for each where nobody watches.

    Raises:
        CourseError: when there is none to be chosen.
    """
    if not which:
        raise CourseError("there is no picture to choose: give at least one place, as in which=[0].")
    if headless():
        return still(ways, which, title=title, alt=alt)
    import ipywidgets

    names = [f"{ways.at(i, 0)[1][0][0]} → {ways.at(i, 1)[1][0][0]}" for i in which]
    choice = ipywidgets.ToggleButtons(
        options=[(f"{k + 1}: {name}", i) for k, (i, name) in enumerate(zip(which, names, strict=True))],
        description="which",
    )
    slider = ipywidgets.FloatSlider(
        value=0,
        min=0,
        max=BEYOND,
        step=0.05,
        description="way",
        layout=ipywidgets.Layout(width="100%", max_width="520px"),
    )
    words = ipywidgets.Label()
    picture = ipywidgets.Image(format="png", layout=ipywidgets.Layout(width="100%", max_width="640px"))

    def draw(*_: object) -> None:
        drawn = scene(ways, choice.value, slider.value)
        words.value, picture.value = drawn.alt, drawn.png

    slider.observe(draw, "value")
    choice.observe(draw, "value")
    draw()
    return ipywidgets.VBox([choice, slider, words, picture])


def scene(ways: Ways, which: int, share: float) -> Picture:
    """Before, a place on the way, and what has changed until there.

    Args:
        ways: from where to where.
        which: of the pictures.
        share: of the way.
    """
    before, (first, _) = ways.at(which, 0)
    now, (reads, judges) = ways.at(which, share)
    figure, axes = new_figure(6.4, 2.4, columns=3)
    _grey(axes[0, 0], before, f"before: {first}")
    _grey(axes[0, 1], now, f"here: {reads}")
    _change(axes[0, 2], now - before, "more ink, less ink")
    return finish(figure, f"{share:.0%} of the way: the classifier says {reads}, the judge {judges}.")


def still(ways: Ways, which: Sequence[int], *, title: str, alt: str) -> Picture:
    """A row of seven steps for each picture, and at its right what has changed at the end.

    Args:
        ways: from where to where.
        which: pictures.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.6, 0.4 + 1.65 * len(which), rows=len(which), columns=STEPS + 1)
    figure.set_layout_engine("constrained", hspace=0.12)  # else a foot would read as the next row's head
    for row, i in zip(axes, which, strict=True):
        for k, ax in enumerate(row[:-1]):
            picture, (reads, judges) = ways.at(i, k / (STEPS - 1))
            _grey(ax, picture, reads)
            ax.set_xlabel(f"judge: {judges[0]}", fontsize=10)
        _change(row[-1], ways.at(i, 1)[0] - ways.at(i, 0)[0], "change")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def _grey(ax: Axes, picture: Tensor, words: str) -> None:
    ax.imshow(picture[0, 0].numpy(), cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
    _bare(ax, words)


def _change(ax: Axes, change: Tensor, words: str) -> None:
    ax.imshow(change[0, 0].numpy(), cmap=FOR_AND_AGAINST, vmin=-2, vmax=2, interpolation="nearest")
    _bare(ax, words)


def _bare(ax: Axes, words: str) -> None:
    ax.set_xticks([]), ax.set_yticks([])
    ax.spines[:].set_visible(False)
    ax.grid(False)
    ax.set_title(words, fontsize=10)
