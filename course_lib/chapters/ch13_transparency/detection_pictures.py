"""The figure of lesson 13.4: spectra side by side, the frequencies of a grid of every second pixel marked."""

from collections.abc import Mapping

from torch import Tensor

from course_lib.audit.detector import grid_peak, spectrum
from course_lib.show.picture import COLOURS, Picture, finish, new_figure


def spectra(panels: Mapping[str, Tensor], *, title: str, alt: str) -> Picture:
    """The mean power of each frequency, on a logarithmic scale from each panel's least to its greatest.

    Args:
        panels: name → images ``(N, 1, H, W)``, H and W even.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(8.6, 2.55, columns=len(panels))
    for ax, (name, images) in zip(axes[0], panels.items(), strict=True):
        h, w = images.shape[2:]
        ax.imshow(spectrum(images).clamp(min=1e-9).log().cpu(), cmap="gray", interpolation="nearest")
        for row, column in ((0, 0), (0, w // 2), (h // 2, 0)):  # frequency 0 lies at (h/2, w/2)
            ax.plot(column, row, "o", mfc="none", mec=COLOURS[4], markersize=11, mew=1.8, clip_on=False)
        ax.set_title(f"{name}\npeak {grid_peak(images):.1f}", fontsize=10)
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    figure.supxlabel(
        "middle: the mean · outwards: finer stripes · rings: every second column, row, or both", fontsize=10
    )
    return finish(figure, alt)
