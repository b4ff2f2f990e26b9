"""Pictures with and without a concept, made in pairs so that little else differs; and digits with two planted marks."""

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, max_pool2d

from course_lib.chapters.ch11_symbols_and_shapes.hand_made import draw
from course_lib.data.images import ImageData
from course_lib.data.shapes import marked


def with_used(images: Tensor) -> Tensor:
    """The pictures with the mark that makes the class: dots in the top left corner.

    Args:
        images: ``(N, 1, 28, 28)`` in [−1, 1].
    """
    return marked(images, 1, 1)


def with_unused(images: Tensor) -> Tensor:
    """The pictures with the mark that says nothing: dots in the bottom right corner.

    Args:
        images: ``(N, 1, 28, 28)`` in [−1, 1].
    """
    return marked(images, 20, 20)


def two_marks(data: ImageData, g: torch.Generator) -> tuple[ImageData, Tensor]:
    """The digits with each of two marks on a random half, independently; the first one is the label.

    Args:
        data: without marks.
        g: draws the halves.

    Returns:
        The data in the classes "plain" and "marked"; and who has the unused mark, bool ``(N,)``.
    """
    used, unused = (torch.rand(len(data.images), generator=g).lt(0.5).to(data.images.device) for _ in range(2))
    images = torch.where(used.view(-1, 1, 1, 1), with_used(data.images), data.images)
    images = torch.where(unused.view(-1, 1, 1, 1), with_unused(images), images)
    return replace(data, images=images, labels=used.long(), names=("plain", "marked")), unused


def leaning(images: Tensor, lean: float) -> Tensor:
    """The pictures with every stroke leaning ``lean`` pixels more to the right for each pixel up.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1].
        lean: negative to the left.
    """
    matrix = torch.tensor([[1.0, lean, 0.0], [0.0, 1.0, 0.0]]).to(images).expand(len(images), 2, 3)
    grid = affine_grid(matrix, list(images.shape), align_corners=False)
    return grid_sample(images + 1, grid, align_corners=False) - 1


def thicker(images: Tensor, share: float) -> Tensor:
    """The pictures moved towards strokes two pixels wider, or with a negative share towards thinner ones.

    Args:
        images: ``(N, 1, H, W)`` in [−1, 1].
        share: of the way, from −1 to 1.
    """
    far = max_pool2d(images, 3, 1, 1) if share >= 0 else -max_pool2d(-images, 3, 1, 1)
    return images + abs(share) * (far - images)


def rings(n: int, g: torch.Generator) -> tuple[Tensor, Tensor]:
    """Drawn rings of many sizes, places and pens, closed ones and the same with a gap.

    Args:
        n: how many pairs.
        g: draws them.

    Returns:
        Closed and open rings, ``(n, 1, 28, 28)`` each.
    """
    closed, width = [], []
    for across, high, x, y, pen in torch.rand(n, 5, generator=g).tolist():
        a, b = 4 + 3 * across, 4 + 3 * high  # half the width and half the height
        middle_x, middle_y = 14 + 6 * (x - 0.5), 14 + 6 * (y - 0.5)
        width.append(2 + 1.5 * pen)
        closed.append(("ring", middle_x - a, middle_y - b, middle_x + a, middle_y + b))
    whole = torch.cat([draw((ring,), pen) for ring, pen in zip(closed, width, strict=True)])
    return whole, torch.where(_gap(whole, closed, g), -1.0, whole)


def in_pairs(images: Tensor, n: int, g: torch.Generator) -> dict[str, tuple[Tensor, Tensor]]:
    """Three concepts, each with n pictures that have it and n that are the same but for it.

    Args:
        images: digits to choose from ``(N, 1, 28, 28)``.
        n: pairs of each concept.
        g: draws the digits and the rings.

    Returns:
        "loop": rings, closed and with a gap; "lean": digits leaning right and left; "thick": digits thick and thin.
    """
    first, second = (images[torch.randperm(len(images), generator=g)[:n]] for _ in range(2))
    closed, gap = rings(n, g)
    return {
        "loop": (closed.to(images), gap.to(images)),
        "lean": (leaning(first, 0.3), leaning(first, -0.3)),
        "thick": (thicker(second, 0.7), thicker(second, -0.7)),
    }


def _gap(images: Tensor, strokes: list, g: torch.Generator) -> Tensor:
    """A sector of 60 degrees of each ring, bool like the images."""
    at = torch.arange(images.shape[-1]) + 0.5
    angle = torch.stack(
        [
            torch.atan2(at[:, None] - (top + bottom) / 2, at[None] - (left + right) / 2)
            for _, left, top, right, bottom in strokes
        ]
    )
    start = 2 * torch.pi * torch.rand(len(strokes), 1, 1, generator=g)
    return ((angle - start) % (2 * torch.pi) < torch.pi / 3)[:, None]
