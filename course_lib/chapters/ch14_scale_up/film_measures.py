"""What makes a clip a film? Measures of motion, of whether the digit stays the same, and of two distances to real."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import affine_grid, grid_sample

from course_lib.chapters.ch14_scale_up.films import SIZE, SMALL
from course_lib.errors import one_of
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.models import Judge
from course_lib.models.eval_mode import eval_mode


def centres(clips: Tensor) -> Tensor:
    """The centre of the ink of each frame in pixels from the top left, ``(N, T, 2)``: row, column.

    Ink is brightness from 0 (black) to 1 (white). A frame without ink has its centre in the middle.

    Args:
        clips: ``(N, T, H, W)`` in [−1, 1].
    """
    ink = (clips.double() + 1) / 2
    total = ink.sum((2, 3)).clamp(min=1e-9)
    rows, columns = (torch.arange(side, dtype=torch.float64) for side in clips.shape[2:])
    found = torch.stack([(ink.sum(3) * rows).sum(2) / total, (ink.sum(2) * columns).sum(2) / total], 2)
    empty = ink.sum((2, 3)) < 1e-6
    return torch.where(empty[..., None], (torch.tensor(clips.shape[2:]).double() - 1) / 2, found)


def moves(clips: Tensor) -> Tensor:
    """How far the centre of ink moves from each frame to the next, in pixels, ``(N, T − 1, 2)``.

    Args:
        clips: ``(N, T, H, W)`` in [−1, 1].
    """
    return centres(clips).diff(dim=1)


def jerks(clips: Tensor) -> Tensor:
    """By how much one move differs from the move before, in pixels, ``(N, T − 2)``: 0 for a steady motion.

    Args:
        clips: ``(N, T, H, W)`` in [−1, 1].
    """
    return moves(clips).diff(dim=1).norm(dim=2)


def by_speed(jerk: float, speed: float) -> float:
    """The jerk as a share of the speed: about √3 where each frame is placed by itself, 0 for a steady motion.

    Args:
        jerk: in pixels.
        speed: in pixels a frame.

    Returns:
        The ratio; not a number where hardly anything moves (less than a hundredth of a pixel).
    """
    return jerk / speed if speed > 0.01 else float("nan")


def centred(clips: Tensor) -> Tensor:
    """Each frame as the judge of digits wants it: its ink in the middle, enlarged as much as it was shrunk.

    Args:
        clips: ``(N, T, 28, 28)`` in [−1, 1].

    Returns:
        Pictures ``(N · T, 1, 28, 28)``, frame after frame.
    """
    at = centres(clips).flatten(0, 1).float()  # (N·T, 2)
    shift = (2 * at + 1) / SIZE - 1  # where the centre lies, in [−1, 1]
    scale = SMALL / SIZE
    theta = torch.zeros(len(at), 2, 3)
    theta[:, 0, 0] = theta[:, 1, 1] = scale
    theta[:, 0, 2], theta[:, 1, 2] = shift[:, 1], shift[:, 0]  # x is the column
    flat = clips.flatten(0, 1)[:, None].float().cpu() + 1  # black is 0: so is what lies outside
    return grid_sample(flat, affine_grid(theta, [*flat.shape], align_corners=False), align_corners=False) - 1


@dataclass(frozen=True)
class Film:
    """Clips in six numbers.

    Attributes:
        speed: mean length of a move, in pixels.
        jerk: mean change from one move to the next, in pixels.
        same: of two frames of a clip, how often the judge reads the same digit; by chance about 0.1.
        sure: mean highest probability of the judge.
        frames: Fréchet distance of single frames to real ones, in the judge's features.
        motion: Fréchet distance of the moves to real ones', in square pixels.
    """

    speed: float
    jerk: float
    same: float
    sure: float
    frames: float
    motion: float

    @property
    def jerkiness(self) -> float:
        """The jerk as a share of the speed (:func:`by_speed`)."""
        return by_speed(self.jerk, self.speed)


@dataclass(frozen=True)
class Reference:
    """Real clips, as the two distances need them.

    Attributes:
        features: of single frames, by the judge.
        moves: ``(N, 2 · (T − 1))``.
    """

    features: Tensor
    moves: Tensor

    @classmethod
    def of(cls, clips: Tensor, judge: Judge) -> "Reference":
        """Measure real clips once.

        Args:
            clips: ``(N, T, 28, 28)``.
            judge: of digits.

        Returns:
            What :func:`measure` compares with.
        """
        return cls(judge_outputs(centred(clips), judge)[1], moves(clips).flatten(1))


def agreement(digits: Tensor) -> float:
    """Of two different frames of one clip, how often do they show the same digit?

    Args:
        digits: what is read in each frame, int64 ``(N, T)``, from 0 to 9.
    """
    length = digits.shape[1]
    counts = torch.nn.functional.one_hot(digits, 10).sum(1)  # (N, 10): frames of each digit
    return ((counts * (counts - 1)).sum(1).double() / (length * (length - 1))).mean().item()


def measure(clips: Tensor, judge: Judge, real: Reference) -> Film:
    """All six numbers.

    Args:
        clips: ``(N, T, 28, 28)`` in [−1, 1].
        judge: of digits.
        real: what is compared with.
    """
    probabilities, features = judge_outputs(centred(clips), judge)
    top, digit = probabilities.max(1)
    moved = moves(clips)
    return Film(
        speed=moved.norm(dim=2).mean().item(),
        jerk=jerks(clips).mean().item(),
        same=agreement(digit.view(clips.shape[:2])),
        sure=top.mean().item(),
        frames=frechet_distance(features, real.features),
        motion=frechet_distance(moved.flatten(1), real.moves),
    )


def preferred(critic: nn.Module, real: Tensor, doctored: Tensor) -> float:
    """How often a clip has the higher logit than its own doctored version; a tie counts half, chance is ½.

    Args:
        critic: clips → logits ``(N, 1)``; asked in eval mode.
        real, doctored: clips ``(N, T, H, W)``, row by row.
    """
    with torch.no_grad(), eval_mode(critic) as device:
        first, second = (critic(clips.to(device))[:, 0].cpu() for clips in (real, doctored))
    return ((first > second).double().mean() + (first == second).double().mean() / 2).item()


def frames_covered(critic: nn.Module, clips: Tensor, how: str = "black") -> Tensor:
    """Occlusion of whole frames: the logit less that with one frame covered, ``(N, T)``.

    "black" hides a frame. "copy" puts a neighbour's copy over it (the frame before; over the first, the one after):
    each frame still shows a digit, and only the motion is broken.

    Args:
        critic: clips → logits ``(N, 1)``; asked in eval mode.
        clips: ``(N, T, H, W)``.
        how: "black" or "copy".

    Raises:
        CourseError: for another word.
    """
    one_of("how", how, ("black", "copy"))
    falls = []
    with torch.no_grad(), eval_mode(critic) as device:
        clips = clips.to(device)
        whole = critic(clips)[:, 0]
        for t in range(clips.shape[1]):
            covered = clips.clone()
            covered[:, t] = -1.0 if how == "black" else clips[:, abs(t - 1)]
            falls.append(whole - critic(covered)[:, 0])
    return torch.stack(falls, 1).cpu()
