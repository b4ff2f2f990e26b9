"""Real digits spoilt in one way at a time, every measure of them, and the table of which measure reacts."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torchvision.transforms.functional import gaussian_blur

from course_lib.chapters.ch06_measuring.every_measure import every_measure
from course_lib.data import ImageData
from course_lib.learn.wording import show_table
from course_lib.metrics import judge_outputs
from course_lib.models import Judge
from course_lib.runtime import Runtime
from course_lib.show.picture import INK, Picture, finish, new_figure

MEASURES = ("Fréchet", "KID", "precision", "recall", "density", "coverage", "confidence", "entropy", "copying")
RECORDED_AS = {"Fréchet": "frechet", "KID": "kernel"}
LESS_IS_BETTER = ("Fréchet", "KID", "copying")
FAULTS: Mapping[str, Sequence[float]] = {
    "blur": (0.5, 0.8, 1.2),
    "noise": (0.1, 0.3, 0.6),
    "brightness": (0.05, 0.1, 0.2),
    "classes lost": (1, 2, 5),
    "repeats of": (50, 20, 5),
    "copies": (0.1, 0.5, 1.0),
}


@dataclass(frozen=True)
class Halves:
    """Training digits split at random: one half plays the real data, the other the generator.

    Attributes:
        real: pictures ``(2000, 1, 28, 28)`` that play the real data.
        pool: the other half, of which the "generated" pictures are taken.
        labels: of the pool.
        new: held-out digits, with which the copying score compares.
        judge: through whose features everything is measured.
        runtime: whose random numbers are drawn.
        features: of ``real``.
    """

    real: Tensor
    pool: Tensor
    labels: Tensor
    new: Tensor
    judge: Judge
    runtime: Runtime
    features: Tensor

    def draw(self, *name: object, of: Tensor | None = None, n: int = 1000) -> Tensor:
        """``n`` different pictures at random.

        Args:
            name: of the stream of random numbers.
            of: these pictures; without it, of the pool.
            n: how many.
        """
        images = self.pool if of is None else of
        return images[torch.randperm(len(images), generator=self.runtime.stream("some", *name))[:n]]

    def measure(self, images: Tensor) -> dict[str, float]:
        """Each of the ``MEASURES``, with ``real`` as the real data.

        Args:
            images: ``(N, 1, 28, 28)`` in [−1, 1].

        Returns:
            Measure → its value.
        """
        found = every_measure(images, self.judge, self.real, self.features, self.new)
        return {name: found[RECORDED_AS.get(name, name)] for name in MEASURES}

    def spoilt(self) -> dict[str, Tensor]:
        """Spoil 1,000 pictures in each way that ``FAULTS`` lists: a draw for each fault, the same for its strengths.

        Returns:
            Fault and strength, e.g. ``"blur 0.5"`` → the spoilt pictures.
        """
        makers, base = self._makers(), {name: self.draw("base", name) for name in FAULTS}
        return {f"{name} {s}": makers[name](base[name], s) for name, strengths in FAULTS.items() for s in strengths}

    def _makers(self) -> Mapping[str, Callable[[Tensor, float], Tensor]]:
        def noisy(base: Tensor, strength: float) -> Tensor:
            noise = torch.randn(base.shape, generator=self.runtime.stream("noise", strength))
            return (base + strength * noise).clamp(-1, 1)

        def repeated(base: Tensor, different: float) -> Tensor:
            each = [self.pool[self.labels == k][: int(different)] for k in range(10)]
            return torch.cat([x.repeat(100 // int(different), 1, 1, 1) for x in each])

        def copied(base: Tensor, share: float) -> Tensor:
            return torch.cat([self.real[: int(1000 * share)], base[int(1000 * share) :]])

        return {
            "blur": lambda base, width: gaussian_blur(base, 9, width),
            "noise": noisy,
            "brightness": lambda base, shift: (base + shift).clamp(-1, 1),
            "classes lost": lambda base, lost: self.draw("lost", of=self.pool[self.labels >= lost]),
            "repeats of": repeated,
            "copies": copied,
        }


def halves(digits: ImageData, held_out: ImageData, judge: Judge, runtime: Runtime, *name: object) -> Halves:
    """Split the training digits at random in two.

    Args:
        digits: the training digits.
        held_out: digits that were kept apart.
        judge: reads digits and their features.
        runtime: whose random numbers are drawn.
        name: of the split: another name is another split.
    """
    train = digits.images.cpu()
    order = torch.randperm(len(train), generator=runtime.stream("halves", *name))
    left, right = order[:2000], order[2000:]
    real, labels = train[left], digits.labels.cpu()[right]
    features = judge_outputs(real, judge)[1]
    return Halves(real, train[right], labels, held_out.images.cpu(), judge, runtime, features)


def examples(spoilt: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Twelve pictures of the weakest and the strongest form of each fault; of the repeats twelve neighbours, all 3s.

    Args:
        spoilt: of :meth:`Halves.spoilt`.

    Returns:
        Fault and strength → pictures.
    """
    middle = {
        f"{name} {strengths[1]}"
        for name, strengths in FAULTS.items()
        if name in ("classes lost", "repeats of", "copies")
    }
    return {
        name: images[300:312] if "repeats" in name else images[::83]
        for name, images in spoilt.items()
        if name not in middle
    }


def reaction(value: float, mean: float, scatter: float, measure: str) -> float:
    """By how many honest scatters the measure looks better (above 0) or worse (below 0).

    Args:
        value: of the measure.
        mean, scatter: of honest draws.
        measure: its name.
    """
    return (-1 if measure in LESS_IS_BETTER else 1) * (value - mean) / max(scatter, 1e-4)


def show_reactions(
    table: Mapping[str, Mapping[str, float]],
    mean: Mapping[str, float],
    scatter: Mapping[str, float],
    title: str,
    alt: str,
) -> Picture:
    """A table of numbers, bold and coloured where a measure left the honest value by three scatters, ▲ for the better.

    Args:
        table: row → measure → value.
        mean, scatter: measure → those of honest draws; the mean is the first row.
        title: what the figure says.
        alt: its alternative text.
    """
    rows = {"honest": mean, **table}
    by = [[reaction(row[m], mean[m], scatter[m], m) for m in MEASURES] for row in rows.values()]
    shades = [[_depth(one) for one in row] for row in by]
    figure, axes = new_figure(9.4, 6.8)
    ax = axes[0, 0]
    drawn = ax.imshow(shades, cmap="PuOr", vmin=-3.5, vmax=3.5, aspect="auto")
    for y, row in enumerate(rows.values()):
        for x, m in enumerate(MEASURES):
            ax.text(
                x,
                y,
                ("▲ " if by[y][x] > 3 else "") + f"{row[m]:z.{_places(m)}f}",
                ha="center",
                va="center",
                fontsize=10,
                color="white" if _is_dark(*drawn.to_rgba(shades[y][x])[:3]) else INK,
                fontweight="bold" if abs(by[y][x]) > 3 else "normal",
            )
    arrows = [f"{m} {'↓' if m in LESS_IS_BETTER else '↑'}" for m in MEASURES]
    ax.set_xticks(range(len(MEASURES)), arrows, fontsize=10)
    ax.set_yticks(range(len(rows)), rows, fontsize=10)
    ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    ax.grid(False)
    figure.suptitle(title, fontsize=12, x=0.01, ha="left")
    bar = figure.colorbar(drawn, ax=ax, location="bottom", aspect=50, pad=0.02, ticks=[_depth(n) for n in _TICKS])
    bar.ax.set_xticklabels([f"{n:+,}" if n else "0" for n in _TICKS], fontsize=10)
    bar.set_label("by how many honest scatters it looks worse (below 0) or better (above 0)", fontsize=10)
    bar.outline.set_visible(False)
    return finish(figure, alt)


def tell_reactions(
    table: Mapping[str, Mapping[str, float]], mean: Mapping[str, float], scatter: Mapping[str, float]
) -> None:
    """What :func:`show_reactions` shows as a table of text, folded: each reaction is called worse or better.

    Args:
        table: row → measure → value.
        mean, scatter: measure → those of honest draws; the mean is the first row.
    """
    rows = [[name, *(_told(row[m], mean[m], scatter[m], m) for m in MEASURES)] for name, row in table.items()]
    honest = ["honest", *(_told(mean[m], mean[m], scatter[m], m) for m in MEASURES)]
    show_table("Reactions are called worse or better", ["", *MEASURES], [honest, *rows], "The same as a table of text")


def _told(value: float, mean: float, scatter: float, measure: str) -> str:
    by = reaction(value, mean, scatter, measure)
    return f"{value:z.{_places(measure)}f}" + (" better" if by > 3 else " worse" if by < -3 else "")


def _places(measure: str) -> int:
    return 3 if measure in ("confidence", "entropy") else 2


_TICKS = (-1000, -100, -10, 0, 10, 100, 1000)


def _is_dark(red: float, green: float, blue: float) -> bool:
    """Whether white is easier to read on this colour than ink: by relative luminance, of channels in [0, 1]."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.2


def _depth(by: float) -> float:
    """On a logarithmic scale, with a sign: 1, 10, 100 scatters, one depth of colour each."""
    return math.copysign(math.log10(1 + abs(by)), by)
