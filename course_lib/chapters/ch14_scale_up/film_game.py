"""A generator of clips and its two judges: one sees single frames, the other whole clips (MoCoGAN).

Tulyakov, Liu, Yang, Kautz, "MoCoGAN: decomposing motion and content for video generation", CVPR 2018. Smaller here: a
convolution reads a clip's frames as its channels, where they use convolutions in space and time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import affine_grid, grid_sample

from course_lib.chapters.ch14_scale_up.films import FRAMES, SIZE, Clips
from course_lib.errors import CourseError, one_of
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Batch, Game

CONTENT, MOTION, NUDGE = 32, 16, 4  # numbers of what stays, of what moves, and of what pushes it in each frame
WIDTH, BATCH, PER_CLIP = 16, 16, 2  # of the networks; clips a step; frames of each that the judge of frames sees
LOOKS = (300, 600)  # steps: half of a training, and the whole


class FilmGenerator(nn.Module):
    """Latents ``(N, latent)`` → clips ``(N, T, 28, 28)`` in (−1, 1); equations 4 and 5 of the paper.

    A latent holds, in this order: what stays the same (``CONTENT`` numbers), where the motion begins (``MOTION``) and
    a nudge for each frame (``T · NUDGE``). A GRU goes on from the motion so far and the nudge to the next motion; each
    frame is drawn from content and motion by a ``DCGenerator``.

    Args:
        frames: of a clip.
        width: of the network that draws a frame.
        memory: whether the motion remembers; without, each frame's motion is its own random numbers.

    Attributes:
        latent: numbers of a latent.
    """

    def __init__(self, frames: int = FRAMES, width: int = WIDTH, memory: bool = True):
        super().__init__()
        self.frames, self.memory = frames, memory
        self.latent = CONTENT + (MOTION + frames * NUDGE if memory else frames * MOTION)
        if memory:
            self.gru = nn.GRUCell(NUDGE, MOTION)
        self.draw = DCGenerator(CONTENT + MOTION, width, SIZE)

    def motion(self, z: Tensor) -> Tensor:
        """The motion's numbers in each frame, ``(N, T, MOTION)``.

        Args:
            z: latents ``(N, latent)``.
        """
        if not self.memory:
            return z[:, CONTENT:].unflatten(1, (self.frames, MOTION))
        now, nudges = z[:, CONTENT : CONTENT + MOTION], z[:, CONTENT + MOTION :].unflatten(1, (self.frames, NUDGE))
        path = []
        for t in range(self.frames):
            now = self.gru(nudges[:, t], now)  # (N, MOTION)
            path.append(now)
        return torch.stack(path, 1)  # (N, T, MOTION)

    def forward(self, z: Tensor) -> Tensor:
        """Clips ``(N, T, 28, 28)`` in (−1, 1).

        Args:
            z: latents ``(N, latent)``.
        """
        content = z[:, None, :CONTENT].expand(-1, self.frames, -1)  # (N, T, CONTENT): the same in every frame
        both = torch.cat([content, self.motion(z)], 2)  # (N, T, CONTENT + MOTION)
        return self.draw(both.flatten(0, 1)).view(len(z), self.frames, SIZE, SIZE)


class ShiftedGenerator(FilmGenerator):
    """As a ``FilmGenerator``, but each clip is one picture, drawn from the content alone; the motion only shifts it.

    That a thing does not change when it moves is built in here; a ``FilmGenerator`` has to learn it. (Sampling a
    picture at shifted places: Jaderberg and others, "Spatial transformer networks", NeurIPS 2015.)

    Args:
        frames: of a clip.
        width: of the network that draws the picture.
    """

    def __init__(self, frames: int = FRAMES, width: int = WIDTH):
        super().__init__(frames, width)
        self.draw = DCGenerator(CONTENT, width, SIZE)
        self.place = nn.Linear(MOTION, 2)

    def forward(self, z: Tensor) -> Tensor:
        """Clips ``(N, T, 28, 28)`` in [−1, 1].

        Args:
            z: latents ``(N, latent)``.
        """
        places = self.place(self.motion(z)).tanh().flatten(0, 1)  # (N·T, 2), of half a frame
        pictures = (self.draw(z[:, :CONTENT]) + 1).repeat_interleave(self.frames, 0)  # (N·T, 1, 28, 28); black is 0
        theta = torch.eye(2, 3, device=z.device).repeat(len(places), 1, 1)
        theta[:, :, 2] = places
        moved = grid_sample(pictures, affine_grid(theta, [*pictures.shape], align_corners=False), align_corners=False)
        return (moved - 1).view(len(z), self.frames, SIZE, SIZE)


class Critics(nn.Module):
    """The judge of frames and the judge of clips, either of which may be missing.

    Args:
        frames: of a clip.
        width: of both.
        which: "both", "frames" or "clips".

    Attributes:
        of_frames: pictures ``(N, 1, 28, 28)`` → logits, or None.
        of_clips: clips ``(N, T, 28, 28)`` → logits, or None.

    Raises:
        CourseError: for another word.
    """

    def __init__(self, frames: int = FRAMES, width: int = WIDTH, which: str = "both"):
        super().__init__()
        one_of("which", which, ("both", "frames", "clips"))
        self.of_frames = None if which == "clips" else DCDiscriminator(width)
        self.of_clips = None if which == "frames" else DCDiscriminator(2 * width, channels=frames)

    def forward(self, clips: Tensor) -> Tensor:
        """The sum of what both say, ``(N, 1)``: of a clip, and of its frames on average.

        Args:
            clips: ``(N, T, 28, 28)``.
        """
        total = clips.new_zeros(len(clips), 1)
        if self.of_clips is not None:
            total = total + self.of_clips(clips)
        if self.of_frames is not None:
            total = total + self.of_frames(clips.flatten(0, 1)[:, None]).view(len(clips), -1).mean(1, keepdim=True)
        return total

    def logits(self, clips: Tensor, chosen: Tensor) -> Tensor:
        """All logits of both as one column: the clips', as often as frames are chosen, then the frames'.

        So a mean over the column gives both judges the same weight.

        Args:
            clips: ``(N, T, 28, 28)``.
            chosen: numbers of frames, ``(N, k)``.
        """
        said = []
        if self.of_clips is not None:
            said.append(self.of_clips(clips).repeat(chosen.shape[1], 1))  # (k·N, 1)
        if self.of_frames is not None:
            rows = torch.arange(len(clips), device=clips.device)[:, None]
            said.append(self.of_frames(clips[rows, chosen].flatten(0, 1)[:, None]))  # (N·k, 1)
        return torch.cat(said)


class FilmGame(Game):
    """The game of clips: each judge pays for its own logits, and G for those of both.

    Args:
        generator, critics: before their first step.
        lr: step size of all.
        batch: clips a step.
    """

    def __init__(self, generator: nn.Module, critics: Critics, *, lr: float = 1e-3, batch: int = BATCH):
        super().__init__(generator, critics, lr=lr, batch=batch)
        self.critics = critics

    def score(self, batch: Batch) -> tuple[Tensor | None, Tensor]:
        """The logits of both judges, real and generated; frames are drawn by torch's global chance.

        Args:
            batch: clips, real and generated.

        Returns:
            Of real clips (None where the batch has none), and of generated ones.
        """
        n, length = batch.fake.shape[:2]
        chosen = torch.randint(length, (n, PER_CLIP)).to(batch.fake.device)
        with batch.autocast():
            real = None if batch.real is None else self.critics.logits(batch.real, chosen).to(batch.fake)
            return real, self.critics.logits(batch.fake, chosen).to(batch.fake)


@dataclass(frozen=True)
class Variant:
    """A way to train: the whole, or the whole less one part.

    Attributes:
        critics: as in :class:`Critics`.
        memory: as in :class:`FilmGenerator`.
        shifted: whether one picture is shifted (:class:`ShiftedGenerator`).
    """

    critics: str = "both"
    memory: bool = True
    shifted: bool = False


VARIANTS: Mapping[str, Variant] = {
    "both judges": Variant(),
    "no judge of clips": Variant("frames"),
    "no judge of frames": Variant("clips"),
    "no memory": Variant(memory=False),
    "one picture, shifted": Variant(shifted=True),
}


def new_game(name: str, runtime: Runtime, frames: int = FRAMES) -> FilmGame:
    """A game before its first step.

    Args:
        name: of ``VARIANTS``.
        runtime: its seed decides the weights.
        frames: of a clip.

    Raises:
        CourseError: for another name.
    """
    variant = VARIANTS[one_of("variant", name, VARIANTS)]
    with runtime.seeded("weights"):
        generator = ShiftedGenerator(frames) if variant.shifted else FilmGenerator(frames, memory=variant.memory)
        return FilmGame(generator, Critics(frames, which=variant.critics))


def train(game: FilmGame, clips: Clips, upto: int, runtime: Runtime) -> None:
    """Go on until so many steps were made.

    Args:
        game: new or begun.
        clips: what it learns from.
        upto: steps, from the beginning.
        runtime: seed and device.

    Raises:
        CourseError: for clips of another length than the generator's.
    """
    want = getattr(game.generator, "frames", clips.shape[0])
    if clips.shape[0] != want:
        raise CourseError(f"the clips have {clips.shape[0]} frames and the generator draws {want}: use as many.")
    for _ in game.steps(clips, max(upto - game.step_number, 0), runtime):
        pass
