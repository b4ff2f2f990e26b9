"""Clips of one digit that moves and bounces in a frame, made from the course's digits, and doctored ones for controls.

A clip is ``(T, 28, 28)``: its frames are its channels, so that whatever takes a picture takes a clip.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from course_lib.data import ImageData
from course_lib.data.batches import BatchedData, fingerprint
from course_lib.errors import CourseError, check_whole_number

SIZE, SMALL, FRAMES, FASTEST = 28, 20, 6, 2  # pixels of a frame, of a digit's picture in it; frames; pixels a step
INK = -0.5  # a pixel brighter than this belongs to the digit's box


@dataclass(frozen=True)
class Clips(BatchedData):
    """Clips with what is known of them.

    Attributes:
        frames: float32 ``(N, T, 28, 28)`` in [−1, 1].
        labels: of the digits, int64 ``(N,)``.
        corners: of the digit's box in each frame, in pixels from the top left, ``(N, T, 2)``: row, column.
        name: of the set.
        sha256: by which a trainer knows it again.
    """

    frames: Tensor
    labels: Tensor
    corners: Tensor
    name: str
    sha256: str

    @property
    def examples(self) -> Tensor:
        """The clips, ``(N, T, 28, 28)``."""
        return self.frames


def fold(at: Tensor, room: Tensor) -> Tensor:
    """Positions on a line without walls, folded back between walls at 0 and ``room``: a ball that bounces.

    Args:
        at: whole numbers, of any size and sign.
        room: the far wall, at least 0; broadcasts.
    """
    at = at.remainder((2 * room).clamp(min=1))
    return torch.where(at > room, 2 * room - at, at).minimum(room)


def bouncing(digits: ImageData, n: int, seed: int = 0, frames: int = FRAMES) -> Clips:
    """Clips of a small digit that keeps its speed and bounces where its ink meets the frame's edge.

    A digit is shrunk from 28 to 20 pixels, cut to its ink, and moved by whole pixels: nothing is blurred on the way,
    and how far it moved is known exactly. Rows and columns are moved by −2 to 2 pixels a frame, not both by 0.

    Args:
        digits: of which each clip takes one, drawn with replacement.
        n: clips.
        seed: decides everything.
        frames: in a clip, at least 2.

    Raises:
        CourseError: for no clips, for fewer than two frames, or for digits that are not ``(N, 1, 28, 28)``.
    """
    check_whole_number("n", n, 1)
    check_whole_number("frames", frames, 2)
    if digits.shape != (1, 28, 28):
        raise CourseError(f"the pictures of {digits.name!r} are {digits.shape}: expected (1, 28, 28), such as digits.")
    g = torch.Generator().manual_seed(seed)
    which = torch.randint(len(digits), (n,), generator=g)
    pictures = interpolate(digits.images[which.to(digits.images.device)].cpu(), SMALL, mode="bilinear", antialias=True)
    speeds = torch.cartesian_prod(*[torch.arange(-FASTEST, FASTEST + 1)] * 2)
    speeds = speeds[speeds.abs().sum(1) > 0]  # 24 of them
    speed = speeds[torch.randint(len(speeds), (n,), generator=g)]  # (N, 2)
    start, time = torch.rand(n, 2, generator=g), torch.arange(frames)[:, None]  # (T, 1)
    shown, corners = torch.full((n, frames, SIZE, SIZE), -1.0), torch.zeros(n, frames, 2, dtype=torch.int64)
    for i in range(n):
        ink = _cut(pictures[i, 0])
        size = torch.tensor(ink.shape)
        room = SIZE - size
        corners[i] = fold((start[i] * (room + 1)).long() + time * speed[i], room)
        for t, (top, left) in enumerate(corners[i].tolist()):
            shown[i, t, top : top + size[0], left : left + size[1]] = ink
    labels = digits.labels[which.to(digits.labels.device)].cpu()
    name = f"moving {digits.name}"
    return Clips(shown, labels, corners, name, fingerprint(shown, labels))


def _cut(picture: Tensor) -> Tensor:
    """The part of a picture ``(H, W)`` that holds its ink; a hardly visible rim is left out."""
    rows, columns = (torch.nonzero((picture > INK).any(axis))[:, 0] for axis in (1, 0))
    if not len(rows):
        raise CourseError("a digit has no ink: expected pictures that are black with something bright on them.")
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def still(clips: Tensor) -> Tensor:
    """Each clip's first frame, repeated.

    Args:
        clips: ``(N, T, H, W)``.
    """
    return clips[:, :1].expand_as(clips).clone()


def shuffled(clips: Tensor, seed: int = 0) -> Tensor:
    """Each clip's frames in an order drawn anew, never its own and never that backwards.

    Args:
        clips: ``(N, T, H, W)``, T at least 3.
        seed: of the orders.

    Raises:
        CourseError: for clips of fewer than three frames: they have no third order.
    """
    n, length = clips.shape[:2]
    if length < 3:
        raise CourseError(f"clips of {length} frames cannot be shuffled: use at least 3.")
    g, order = torch.Generator().manual_seed(seed), torch.arange(length).repeat(n, 1)
    while (same := (order.diff() == 1).all(1) | (order.diff() == -1).all(1)).any():
        order[same] = torch.rand(int(same.sum()), length, generator=g).argsort(1)
    return clips.gather(1, order[..., None, None].expand_as(clips))


def mixed(clips: Tensor) -> Tensor:
    """Clips whose frame t comes from the clip t places further: each frame is good, no two belong together.

    Args:
        clips: ``(N, T, H, W)``, N at least T.

    Raises:
        CourseError: for fewer clips than frames.
    """
    if len(clips) < clips.shape[1]:
        raise CourseError(f"{len(clips)} clips are too few to mix {clips.shape[1]} frames: use at least as many.")
    return torch.stack([clips[:, t].roll(-t, 0) for t in range(clips.shape[1])], 1)


def backwards(clips: Tensor) -> Tensor:
    """Each clip from its end to its beginning: a bouncing digit can as well go that way.

    Args:
        clips: ``(N, T, H, W)``.
    """
    return clips.flip(1)


DOCTORED: Mapping[str, Callable[[Tensor], Tensor]] = {
    "still": still,
    "shuffled": shuffled,
    "mixed": mixed,
    "backwards": backwards,
}
