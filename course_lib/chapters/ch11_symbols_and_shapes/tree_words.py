"""Lesson 11.1's figures and words: drawn pictures with their values, a tree's way to its answer, 256 shades."""

import textwrap
from collections.abc import Sequence

import numpy as np
import torch
from sklearn.tree import DecisionTreeClassifier
from torch import Tensor

from course_lib.chapters.ch11_symbols_and_shapes.hand_made import Drawn, draw
from course_lib.explain.concepts import CONCEPTS, measure_concepts
from course_lib.explain.rules import Rule, RuleList
from course_lib.learn.wording import show_table
from course_lib.show.picture import Picture, finish, new_figure

COUNTED = ("loops", "pieces", "ends", "branches")


def drawn_and_measured(drawn: Sequence[Drawn]) -> tuple[Tensor, list[tuple[str, str, float, float]]]:
    """Draw pictures and measure what was planted in them.

    Args:
        drawn: what to draw.

    Returns:
        The pictures ``(N, 1, 28, 28)``; and picture, concept, planted and measured value of each planted concept.
    """
    pictures = torch.cat([draw(one.strokes, one.width) for one in drawn])
    rows = []
    for one, values in zip(drawn, measure_concepts(pictures).tolist(), strict=True):
        found = dict(zip(CONCEPTS, values, strict=True))
        rows += [(one.name, concept, float(planted), found[concept]) for concept, planted in one.planted.items()]
    return pictures, rows


def drawn_figure(
    drawn: Sequence[Drawn], pictures: Tensor, rows: Sequence[tuple[str, str, float, float]], *, title: str, alt: str
) -> Picture:
    """Each drawn picture, under it its planted values and in brackets the measured ones.

    Args:
        drawn, pictures, rows: as :func:`drawn_and_measured` has them.
        title: what the figure says.
        alt: the alternative text.
    """
    figure, axes = new_figure(9.6, 2.8, columns=len(drawn))
    for ax, one, picture in zip(axes[0], drawn, pictures, strict=True):
        ax.imshow(picture[0], cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        said = [f"{concept} {_short(a)} ({_short(b)})" for name, concept, a, b in rows if name == one.name]
        ax.set_title(one.name, fontsize=10)
        ax.set_xlabel("\n".join(part for one in said for part in textwrap.wrap(one, 18)), fontsize=10)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return finish(figure, alt)


def in_256_shades(images: Tensor) -> Tensor:
    """The pictures as a file stores them: each pixel moved to the nearest of 256 shades.

    Args:
        images: in [−1, 1], of any shape.
    """
    return torch.from_numpy(np.rint((images.cpu().numpy() + 1) / 2 * 255) / 255 * 2 - 1)


def path_words(tree: DecisionTreeClassifier, row: Tensor, names: Sequence[str]) -> str:
    """The questions on a picture's way through a tree, each concept once with its tightest limits.

    Args:
        tree: fitted to concepts.
        row: the picture's concepts ``(K,)``.
        names: of the concepts.
    """
    limits: dict[str, list[float]] = {}
    asked, node = tree.tree_, 0
    while asked.children_left[node] != asked.children_right[node]:  # a leaf has none
        name, cut = names[asked.feature[node]], float(asked.threshold[node])
        low_high = limits.setdefault(name, [-torch.inf, torch.inf])
        below = row[asked.feature[node]].item() <= cut
        low_high[int(below)] = min(low_high[1], cut) if below else max(low_high[0], cut)
        node = int(asked.children_left[node] if below else asked.children_right[node])
    return ", ".join(_limits(name, low, high) for name, (low, high) in limits.items())


def _limits(name: str, low: float, high: float) -> str:
    if name in COUNTED:  # a cut at 0.5 is between no loop and one
        low, high = low + 0.5, high - 0.5
    if name in COUNTED and high == 0:
        return f"no {name}"
    if low == -torch.inf:
        return f"{name} at most {_short(high)}"
    if high == torch.inf:
        return f"{name} at least {_short(low)}"
    return f"{name} {_short(low)}" if low == high else f"{name} {_short(low)} to {_short(high)}"


def _short(value: float) -> str:
    return f"{value + 0.0:.2g}".replace("-", "−")


def rules_beside(rules: Sequence[Rule], otherwise: int, concepts: Tensor, answers: Tensor) -> None:
    """Show how often a rule list gives a network's answer, class by class.

    Args:
        rules: in order.
        otherwise: the answer where none holds.
        concepts: of the pictures ``(N, K)``.
        answers: the network's ``(N,)``.
    """
    said = RuleList(rules, otherwise, list(CONCEPTS))(concepts)
    counts = [
        ((answers == k).sum().item(), (said == k).sum().item(), ((said == k) & (answers == k)).sum().item())
        for k in range(10)
    ]
    show_table(
        f"{(said == answers).double().mean():.0%} of the training digits agree",
        ["digit", "the network says it", "the rules say it", "both"],
        [[k, *row] for k, row in enumerate(counts)],
    )
